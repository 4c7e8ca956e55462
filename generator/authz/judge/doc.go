// Package judge asks another program what it thinks of a case.
//
// The program is @cloud-copilot/iam-simulate behind .ci/conformance/iam.mjs, which
// `make conformance` installs. [Ask] writes cases of package authz in the form that it
// takes, one a line, and reads a verdict for each. Tests ask; the generator never does.
// A case must be concrete: the judge knows no symbols.
package judge
