// Package stacks deploys, follows and deletes CloudFormation stacks.
//
// A [Place] is an account and a region that somebody has signed in to. [Place.Deploy]
// creates a stack or updates it, tells of each event, and returns when CloudFormation
// has come to an end; [Place.Delete] does the same for the other way. Whoever is
// interrupted leaves CloudFormation at work; the next run finds the stack in progress,
// follows it to its end and goes on from there. [Place.FirstFailure] finds, through
// nested stacks, what made all else fail, and [Advice] says what to do about it.
//
//	In -> Deploy -> Outcome
//	   -> Stack, All, Resources -> what is there
//	   -> Delete
package stacks
