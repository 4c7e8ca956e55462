// Foldstack turns a directory of functions into the CloudFormation that delivers
// them to many accounts and regions.
//
// main calls run, which takes arguments and streams and returns a code. Each
// subcommand is one file: it asks the generator for one result and prints a view of
// it. generate applies the result's plan, generate --check prints it, list shows the
// model that it was made from, diff and explain compare two results, of which Git gives the
// older one (revision.go). What speaks to AWS lies in internal/cloud: publish
// hands it the result and prints the plan that comes back.
//
// # What goes where
//
// Data goes to stdout: the changed files, the difference, the list, JSON. Talk goes
// to stderr, in lower case and prefixed: "foldstack: error: …", "foldstack: hint: …",
// and what to do next. --quiet leaves only data that was asked for and what is wrong.
// Colours and progress are for terminals only, and never where NO_COLOR is set.
//
// # Exit codes
//
// 0 is fine, 1 means that there are problems in the project's files or that the output
// is stale or, with diff --exit-code, that something changes, and 2 that the command could
// not run.
package main
