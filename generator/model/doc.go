// Package model is the vocabulary: what a project says, with every default
// filled in and every place kept.
//
// scan makes a [Project] out of files; every later stage reads it and none
// changes it. names.go derives each physical name from it by a pure function that
// knows its limit, and defaults.go is the one table of defaults.
package model
