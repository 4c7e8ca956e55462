// Package scan reads a project: foldstack.yaml, the functions' folders and
// whatever else decides what they build.
//
// [Scan] reads foldstack.yaml (config.go, project.go) and opens the project as a tree in which
// each folder is listed and each file read at most once (package tree, which asks
// package ignore what git would track). It finds the folders that hold functions
// (patterns.go) and sorts what lies in them (folders.go): a folder with code is a
// function, a folder without code of its own above folders with code is a group,
// and everything else is skipped with a reason. Of each function (build.go) it then
// decodes function.yaml and resources.yaml (function.go), lets package detect read
// runtime and handler from the code, and collects every file that its build depends
// on (inputs.go; references.go for manifests and imports that name others, workspace.go for
// packages of a workspace, golang.go for imported packages, links.go for links), of which package asset makes the digest.
//
// The rules for folders:
//
//   - A function lies directly in a functions folder, or one group deeper. A
//     folder further down that is one by its function.yaml is an error; what
//     merely looks like code there belongs to the folder above it.
//   - With a function.yaml a folder is a function. Without one it is, when detect
//     finds a handler in it; a library, a README or a manifest makes none.
//   - Names that begin with _ or ., what git ignores, what tools made, links, and
//     what `exclude:` matches are no functions.
//
// Reading and hashing run on as many goroutines as Go runs threads; what comes out
// depends on the files alone.
package scan
