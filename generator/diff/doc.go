// Package diff tells what a deployment of one state of a project would change of
// another.
//
// A [State] is what a project would deploy: its templates in the places where they are
// deployed. [Compare] instantiates both states (package estate), so that conditions,
// mappings and parameters are resolved for each environment, and compares resources with
// resources; texts of templates are never compared. The resources of a stack are matched
// by their logical ids, as CloudFormation does it. Targets that no template of either
// state tells apart are compared once.
//
//	State, State -> estates -> stacks in pairs -> resources in pairs -> Report
//
// A [Report] lists changes by the [Unit] that they belong to, a function or one of the
// stacks that serve all of them, and within it by environment (report.go). What
// CloudFormation would do stands with each resource:
//
//   - the properties that change, with their values (property.go);
//   - whether it is replaced, from the schemas, and what is replaced with it because it
//     refers to it (replace.go); and whether CloudFormation refuses that;
//   - whether data is lost (data.go).
//
// Policies are not compared as trees but as the sets of what they grant (grant.go): an
// order, a Sid or a statement cut in two changes nothing.
//
// What follows from every change of a function is told in a word: its version, the
// digest in its description, the alias. Targets that come or go are named as such, and not
// function by function: what is deployed in a target that leaves, or by a stack that is
// named otherwise, stays there until somebody deletes it.
//
// The package reads no files and knows no version control.
package diff
