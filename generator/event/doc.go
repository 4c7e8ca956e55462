// Package event is what calls a function: one file per kind of event.
//
// [Decode] turns an entry of events in function.yaml into an [Event] by the one
// key that it has; the table behind [Kinds] says which keys there are, what they
// mean and which CloudFormation types they can lead to. Later [Event.Build] adds
// the resources to the function's template through a [Context], asks it for what
// the execution role must be allowed, takes outputs of other stacks from it
// ([Context.Link]) and offers its own to others ([Context.Output]).
//
// A new kind is one file with a [Kind], a decoder and a Build, and one line in
// the table. The package writes no file and knows no other function.
package event
