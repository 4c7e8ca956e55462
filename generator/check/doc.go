// Package check holds the rules that a project must keep before a stack is
// built from it.
//
// Each rule reads the model and adds a problem for every place that breaks it;
// none changes the model and none stops at the first. [Project] runs them all.
package check
