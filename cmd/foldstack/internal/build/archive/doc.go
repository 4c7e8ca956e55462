// Package archive packs a folder as Lambda takes it: a zip that is the same bytes on
// every machine.
//
// [Write] sorts the files by name and gives each the same time, owner-less modes
// (0644, or 0755 for what its owner may execute) and no extra fields, so that neither a
// clock nor an umask nor a file system shows. Names that are not ASCII are marked as
// UTF-8. The bytes of a deflated file depend on the compressor, which is therefore a
// pinned module and not the one that comes with whatever Go compiled this program.
//
// # Links
//
// An archive holds no links: what a link points at is packed in its place. Nothing that
// AWS writes promises that Lambda makes links out of those of a zip, and a copy works
// everywhere. A link that leaves the folder is an error.
//
// # The stamp
//
// The file [Stamp] holds the digest of what the archive was built from. Two builds of
// other inputs are two archives, even where the code in them is the same: Lambda
// publishes no version of code that it has already.
package archive
