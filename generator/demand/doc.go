// Package demand knows which calls a delivery makes: by whom, on what, and why.
//
// An AWS account is asked for permission by CodePipeline when it runs an action, by
// CloudFormation for every resource that it makes, by Lambda on behalf of a function,
// by services that call each other. The tables of this package say which requests
// those are, each with the AWS page or the published type schema that it was read
// from. They are written from what the services do and not from what our policies
// allow, so that the proof compares two independent things.
//
// Most is read from an estate, whoever wrote its templates, in the order of a delivery:
//
//	Pipelines     what the actions of its pipelines call
//	Stack         what CloudFormation calls for a stack and all that it nests
//	RunTime       what functions call, and what calls them
//	Prohibitions  what must be refused, whoever would like it to be allowed
//
// [Publish], [Further], [Vocabulary] and [Declared] are what only the owner of a project
// can tell: where its build puts things, which stacks and resources may follow, and what
// users say that their functions call.
//
// A [Demand] must be granted, or, where Forbidden, refused. What it asks of grants beyond
// that, so that nothing more is granted, is in its Within and Narrowed. A deployment makes
// the same calls for every function that it holds: a demand may stand for those that differ
// in a name, which are its Alike.
package demand
