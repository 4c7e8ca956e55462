// Package check holds the rules that a project must keep before anything is
// written.
//
// Each rule reads the model, the templates that were made from it, or what those
// become, and adds a problem for every place that breaks it; none changes what it reads and none stops
// at the first. [Project] runs those on the model, before a stack is built;
// [Templates] runs those on the templates, most of which stand in the packages link
// (what refers to what), quota (how much there is) and schema (what CloudFormation
// knows of each type); [Estate] runs those on the resources of an environment, whose
// properties are then known: what AWS refuses of several together.
package check
