// Package store is what a project has published: an asset bucket and an image
// repository in each of its regions.
//
// [Store.Plan] compares what the project needs with what is there; [Plan.Publish]
// uploads the difference; [Store.Stored] tells a build what it need not make.
//
//	Of -> Plan -> Publish
//
// # What makes it safe to repeat, and to run twice at once
//
// Everything is named by what it is made from. An object is written once: every write
// says `If-None-Match: *`, without which the bucket refuses it, and a tag of the
// repository never moves. Whoever comes second finds what he wanted. S3 is told the
// SHA-256 of the bytes and stores no others, and it shows an object whole or not at
// all, so that there is nothing to resume but the list of what is missing.
//
// Archives and images come first, in every region, and templates after them: whoever
// finds a template finds the code that it names.
//
// # How what is there is known
//
// By listing, which is always true. An index object in the bucket would save calls
// where a bucket holds very many keys, but it would need a right to read, it would
// have to be written under ever new names, and it could say of an asset that it is
// there when it was removed, which fails a deployment. The lists are read from one
// needed key to the next: they take at most as many calls as there are pages, and at
// most as many as there are keys needed.
package store
