// Package judge asks another program what it thinks of a case.
//
// The program is @cloud-copilot/iam-simulate behind .ci/conformance/iam.mjs, which
// `make conformance` installs. [Ask] writes cases of package authz in the form that it
// takes, one a line, and reads an answer for each. Tests ask; the generator never does.
//
// The judge knows no symbols; [Literals] puts texts in their place. It has a list of AWS's
// actions, and what it does not find there it says.
package judge
