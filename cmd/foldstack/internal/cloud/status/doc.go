// Package status looks at what is deployed: it reads, and changes nothing.
//
// [About] says what is asked about, [Reading.Read] looks at the pipeline, the base
// stacks and the orchestration of every target at once, and [Status.Findings] says what
// of it is not as it should be and what to do. An account that cannot be entered is a
// finding and keeps nobody from the others.
//
//	generator.Result -> About -> Read -> Status -> Findings
//	                             Watch -> until no run is under way
//
// # What tells which version is deployed
//
// The template of an orchestration names the templates of what it nests by digest, so
// that it tells, for each function, whether it is the one that this folder would
// deploy; see [Drift]. The commit is known from the pipeline's history: that of the run
// which last executed a change set in the target. No commit stands in a stack, because
// then every commit would change every stack.
//
// # Times
//
// They are those of AWS, in UTC. Nothing here depends on what time it is.
package status
