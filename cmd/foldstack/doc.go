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
// What takes long to print has a file beside its command (status_show.go, diff_text.go).
// All print with a session: tables that fit a window (table.go), one line that changes
// (meter.go), work on stacks (stack_show.go), and what went wrong, which is told once for
// all accounts in which it is the same (failures.go, alike.go).
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
// 0 is fine, 1 means that there are problems in the project's files, that the output or what
// is deployed is not as it should be, that a function could not be built, that a person said
// no or has yet to do something or, with diff --exit-code, that something changes, and 2
// that the command could not run.
package main
