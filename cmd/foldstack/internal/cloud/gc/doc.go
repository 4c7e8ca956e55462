// Package gc finds which published assets nothing needs any more, and removes them.
//
// [Look] reads what the stacks of every target name, what their change sets would
// deploy and what the working tree needs; [Plan.Remove] removes the rest but for what is
// young and, of each function, the newest. Templates are what is chosen: whatever a kept
// template names is kept with it.
//
//	store.Inventory, live.Look -> Look -> Plan -> Remove
//
// # What is never guessed
//
// A digest is needed where it stands in any text that is needed, whatever it means
// there. A target that cannot be read, a deployment at work or stuck half way, and a
// template in use that is not there each end it before anything is removed.
package gc
