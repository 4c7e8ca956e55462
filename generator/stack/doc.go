// Package stack turns a project into typed CloudFormation templates.
//
// First [Resolve] reads who takes which output of whom and reports what cannot
// be. Then every nested stack is built on its own: [Function] from a folder,
// [API] from the routes of all of them, [UserStack] from a template that a user
// wrote. A [Child] is rendered once, because its bytes name it: [Orchestrations]
// nests the children under the digests of their bytes, in as many root stacks as
// CloudFormation's quotas ask for, and keeps in [Lock] who lives where.
// [Configurations] writes the parameters of each target.
//
// The stacks below them (pipeline, tooling, region, target) are built from the
// project alone: nothing in them depends on the list of functions.
//
// Nothing here reads or writes a file, and what was built is not changed again.
package stack
