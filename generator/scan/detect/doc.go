// Package detect finds out whether a folder holds a function's code and how that
// code runs.
//
// It is pure: it sees the tracked files of one folder with their bytes, opens
// nothing and keeps nothing. The files become a [tree], which knows what lies at
// the top, what in src/ and what is a test. Every language of the table in
// language.go reads the tree and returns candidates: the handlers that Lambda
// could call. [Look] only asks whether there are any, and says why not. [Function]
// takes what function.yaml says, chooses among the candidates for the rest and
// reports what it could not decide, with every candidate's place and the key that
// settles it.
//
// The choice is made in one order everywhere:
//
//  1. what function.yaml says;
//  2. an image, when the last stage of the Dockerfile is a Lambda image: code
//     beside it is what it packs;
//  3. a sure candidate (an exported handler) before a possible one (a Go program
//     that may start the runtime in a package of its own);
//  4. within one language the better name (handler before main), then the top
//     before src/, then src/ before what lies deeper.
//
// Two candidates of equal standing are a problem, never a guess. A manifest such
// as package.json is no candidate: it only helps to find versions and entry files.
//
// Handlers name sources by their path in the folder, without the extension:
// src/index.ts is src/index.handler. A build keeps that path, so the handler holds
// for the archive too.
package detect
