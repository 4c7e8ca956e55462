// Package diag holds what foldstack has to say about a user's files.
//
// A [Problem] is data: a rule, a [Place], what is wrong and what to do. The
// stages of the generator add problems to a [Problems] collector and go on;
// nothing stops at the first one. At the edge the collector is sorted once and
// a printer ([WriteText], [WriteJSON], [WriteGitHub], [WriteSARIF]) shows each
// problem, the first with the excerpt that [Sources] keeps of the file. [Suggest]
// guesses what was meant.
//
// Three kinds of failure are never mixed: the user's problem is a Problem, the
// environment's (a disk that is full) is an error, and ours is a [Bug].
package diag
