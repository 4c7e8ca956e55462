// Package templates holds the text that is written by hand and embedded: what
// people read and edit as text, and no CloudFormation, which is built from types.
//
//	buildspec/   what the pipeline's CodeBuild projects run; package stack fills them in
package templates

import "embed"

// Buildspec is the folder buildspec: one file per CodeBuild project. Each is a Go
// text/template in which {{command "…"}} is a command of the project's tool and
// {{path "…"}} a path inside its output folder, both as YAML scalars.
//
//go:embed buildspec/*.yml
var Buildspec embed.FS
