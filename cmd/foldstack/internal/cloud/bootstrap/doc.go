// Package bootstrap deploys the base stacks of a project: what has to be in its
// accounts before the pipeline runs.
//
// [Look] signs in to every account, finds what is wrong with any of them, and compares
// the stacks that are there with those that should be. What comes of it is a [Plan],
// which can be shown; [Plan.Run] carries it out and tells a [Watcher] how it goes. A
// stack that is as it should be is not touched. So a run that was interrupted, or in
// which something failed, is finished by the next: it finds what is there.
//
//	Look -> Plan -> Run: tooling -> its further regions and the targets -> connection -> pipeline
//
// The tooling stack makes the bucket into which templates go that are too large for a
// call. Where its own is, it is made of a seed first, which has that bucket alone.
//
// # What it leaves to others
//
// How a stack is deployed, followed and explained is what cloud/stacks knows, how an
// account is entered cloud itself, and what the stacks are the generator.
package bootstrap
