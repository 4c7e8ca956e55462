// Package live finds which stacks of a project there are, wherever they may lie.
//
// [Spots] lists the regions of accounts to look into; [Look] looks, and reads what each
// stack was deployed from. [Find] does both, and looks besides where the deployed stacks
// of the tooling account say that it still serves somebody who has left the configuration.
// Whoever removes something asks here first what still needs it, so a spot that cannot be
// read is an error and never an empty one.
//
//	Spots -> Look -> what is served -> Look -> []*Stack
package live
