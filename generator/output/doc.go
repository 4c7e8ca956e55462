// Package output brings rendered files to disk.
//
// [Compare] looks at the output folder and returns a [Plan]: which files would be
// created, updated, left and removed. It writes nothing. [Plan.Diff] prints what
// would change as one patch; [Plan.Apply] makes it so.
//
// out/manifest.json lists the files that foldstack owns there. A file that it does
// not list is never overwritten and never removed: where one stands in the way,
// Compare says so. A file that it lists is foldstack's, whatever was done to it.
//
// # What a killed run leaves behind
//
// Every file is written under a temporary name beside its place and renamed, so
// that at any moment a path holds its old bytes or its new ones. Apply first writes
// a manifest that lists old and new files alike, then writes the files, removes the
// stale ones, and last writes the manifest of what is there: nothing that foldstack
// made is ever without an owner. Temporary names are recognisable
// (.foldstack-<hex>.tmp) and the next run removes those that it finds.
//
// # What is synced
//
// The manifest and the files outside the output folder (foldstack.lock) are the only
// state: they are synced to the disk before and after their rename. All else is a
// function of the project's files and is not: fsync costs 0.2 ms a file on Linux and
// several on macOS, and after a power cut the next run compares every byte anyway.
package output
