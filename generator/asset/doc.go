// Package asset names what a function's build makes by what goes into it.
//
// A [Recipe] is everything beside the files that a build depends on: the toolchain
// with the revision of our own build steps, the runtime, the architecture, and the
// file that a compiler starts from. The scan collects the files, with the help of
// each toolchain's [Governor] list; [Digest] then turns recipe and files into the
// name of the archive or image. It is made of [Parts], so that what moved a digest
// can be told from the parts of two. Equal digests promise equal builds, so an asset
// that is already published under its digest is neither built nor uploaded again.
//
// What a digest covers, and what it does not:
//
//   - every file in the function's folder that git would track, with its executable
//     bit, links as their text; tests and documents too, because no rule that left
//     them out would be right for every toolchain;
//   - the files that `include:` names, and what links in the folder point at;
//   - lock files and manifests that rule the folder from above, and the files and
//     folders that manifests refer to by a relative path;
//   - the user's own steps of the build, as function.yaml writes them;
//   - for Go the local packages that the code imports, without their tests, their
//     embedded files, and every go.mod, go.sum and go.work that has a say;
//   - not function.yaml and resources.yaml at the folder's top: they shape the
//     template, not the archive, and a new memory size must not rebuild code;
//   - not the handler, which is a property of the function, unless a compiler starts
//     from its file;
//   - not where the folder lies: a function that moves to another group keeps its
//     digest.
package asset
