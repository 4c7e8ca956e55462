// Package build makes of each function what Lambda takes: an archive or an image.
//
// [NewPlan] asks, for every function, whether what its digest names is stored already:
// in the local store, which is the folder .foldstack beside foldstack.yaml, or wherever
// else the caller looks ([Options].Stored). [Run] builds the rest, several at a time.
//
// # A build
//
// Each function is built on a site of its own (site.go): a new folder outside of the
// project with a copy of the function's inputs, each under its path in the project, and
// nothing else. What a build reads is thereby what its digest covers, and the user's
// folders stay as they are. A file whose bytes are no longer those that were hashed
// ends the build.
//
// On the site the steps run in this order: the user's `before`, then the user's
// `command` or what the toolchain does (one file per toolchain, and the table in
// toolchains.go), then the files that `include` names, then the user's `after`. What
// then lies in the site's output folder is packed (package archive) or, for an image, is
// an OCI image layout.
//
// A change of a toolchain's steps after which the same files make another archive needs
// a new revision in generator/asset.
//
// # Programs
//
// Toolchains start the usual program of their world (program.go). What it prints is kept
// and shown when it fails, as a [Failure] that also names the command, the folder and
// what to do. One function's failure does not keep the others from being built.
//
// # The store
//
// What is built goes to .foldstack/functions/<digest>.zip or .foldstack/images/<digest>/
// (store.go), by a rename: what is there is whole. Unfinished work lies in
// .foldstack/staging, in a folder that its process has locked, so that the next run can
// tell what a killed one left behind and remove it.
package build
