// Package parallel does independent things at the same time.
//
// [Each] is all of it. What is done must not hang on what is done beside: results go to
// places of their own, so that the outcome is the same on any number of threads. What
// panics, panics in whoever called; see [Panic].
package parallel
