// Package ignore reads ignore files as git does.
//
// [Parse] turns the bytes of a .gitignore into [Rules], and [Rules.Match] gives
// the verdict of the last rule that speaks of a path. What a folder above it
// says, and that nothing inside an ignored folder can be taken back in, is for
// the caller to apply: package tree does.
//
// The rules are those of https://git-scm.com/docs/gitignore. The expectations in
// testdata were taken from git itself.
package ignore
