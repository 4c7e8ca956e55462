// Package link holds the rules on what templates refer to: within each, across
// nested stacks, and from the pipeline to everything that it deploys with.
//
// [Check] indexes every template (document.go) and walks it once (walk.go). The walk
// knows which functions are allowed where it is (position.go) and under which
// conditions CloudFormation comes there; it looks up every name (names.go) and leaves
// behind who refers to whom. What needs more follows from that: circles (circle.go),
// what a condition leaves out (condition.go), parameters and outputs of nested stacks
// (nested.go, parameter.go), exports and imports (export.go).
//
// A pipeline (pipeline.go) is read into stages and actions: artifacts are made before
// they are read (artifact.go), variables too (variable.go), change sets are executed
// where they were made (changeset.go), every target gets its template and its
// parameters (deploy.go), and roles, buckets and files that are named are made by some
// template in that account and region (physical.go).
//
// Values are followed into every place where a template is deployed (place.go), and
// a rule speaks only where a value is known: a finding always has a place in which
// the deployment would fail. Of a template whose parents are not there, because the
// project has problems elsewhere, nothing is known but what it says itself. Of a
// user's own, only what AWS would refuse is reported; what is in vain or comes from
// elsewhere is asked of generated ones alone.
//
// [References] asks the same of templates of others, but for what only holds where
// foldstack's own pipeline deploys them.
//
// Whether an attribute exists and whether a value fits its property is not asked
// here; package schema does that. Nor is what a policy allows.
package link
