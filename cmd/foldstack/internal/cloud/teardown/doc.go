// Package teardown removes what a project has in AWS, in the only order that is safe.
//
// [Look] finds what there is and plans; [Plan.Run] removes it, phase by phase, and tells
// of what happens:
//
//	functions → pipeline → target stacks → contents of buckets, repositories
//	          → replica keys → primary key → region stacks → their buckets
//	          → tooling stack → its buckets
//
// # Why in this order
//
// CloudFormation deletes the functions by the role of their target stack, so that this
// stays until no stack of its environment is left in the account, and the pipeline's by
// a role of the tooling stack. The pipeline imports what the tooling stack exports. A
// bucket is emptied before its key goes and removed after its stack, which holds its
// policy. A key is found through its stack, and goes before it, so that a run that was
// interrupted still finds it; the tooling stack also tells of regions that have left the
// configuration, and goes after all that is in them.
//
// # What is foldstack's
//
// A stack whose template says so. One that holds nothing and has no template, because its
// creation was rolled back, is known by its name; to delete it destroys nothing.
//
// # What makes it safe to repeat
//
// What is gone is not planned again. All that is not found through a stack has a name
// that is derived. A phase begins when the one before it has come to its end.
//
// # What is left
//
// What the templates of users retain is listed and never touched.
package teardown
