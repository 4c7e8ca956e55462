// Package policy is IAM policy documents as typed data.
//
// Statements are collected, [Merge] folds those that differ only in actions or
// only in resources and sorts the rest, [Split] cuts a list of statements into
// documents that fit a limit, and [Size] measures a document as IAM does: without
// white space, intrinsics at their greatest length. [Faults] says what IAM would
// refuse, or silently never match. cfn writes a [Document] in the order of its
// fields.
package policy
