// Package survey reads an estate that its owner describes: which templates are deployed
// where, with which parameters, and what the organisation allows.
//
// [Read] decodes one file, estate.yaml, and reads the templates that it names and those
// that they nest. What it returns is what package estate instantiates and package proof
// judges; of foldstack's own projects package generator knows as much without a file.
package survey
