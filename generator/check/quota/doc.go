// Package quota holds the rules on how much a template may hold: of resources,
// characters, stages, policies.
//
// [Check] measures every template of an output, generated or a user's own. What
// only a deployment knows is measured at its least, so that what is reported is
// certain to be refused. Each rule stands with its limits: those of templates in
// template.go, of pipelines in pipeline.go, of policies in policy.go, of functions
// and events in function.go. Limits by which stacks are also cut into parts stand
// in packages model and policy.
package quota
