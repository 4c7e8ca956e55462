// Package arn cuts Amazon Resource Names apart and puts them together again.
//
// [Parse] cuts at the first five colons, so that the resource keeps its own. Texts may hold
// the symbols of package symbol, and a colon in the name of a symbol cuts nothing. The parts
// may be patterns as well as names: what they say is up to whoever asks.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
package arn
