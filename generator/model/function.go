package model

import (
	"slices"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
)

// Function is one folder: one Lambda function, one stack.
type Function struct {
	Name  string
	Group string     // enters no name, id, file or digest
	Dir   string     // slash path relative to the project's root
	Place diag.Place // function.yaml, or the folder where there is none

	Package      PackageType
	Runtime      Choice // of a zip function
	Handler      Choice // of a zip function
	Dockerfile   string // of an image, relative to Dir
	Architecture Choice // arm64 or x86_64

	Description source.Field[string]
	Settings    Settings    // with the project's defaults filled in
	Environment []Variable  // by name
	Permissions []Allowance // in the order of the file
	Events      []Event     // in the order of the file
	Overrides   []Override  // in the order of the project's environments
	Only        Only
	Resources   *Resources // resources.yaml; nil without one

	// How its code becomes an archive or image.
	Toolchain string // an asset.Toolchain
	Entry     string // the file, relative to Dir, that its handler lives in or a compiler starts from; empty where it is not known
	Steps     Steps

	Include []string // patterns of further files, relative to the project's root
	Inputs  []Input  // every file whose bytes enter the digest, by path
	Digest  string   // of the inputs and the recipe: names the archive or image
}

// PackageType is how a function's code travels.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html#lambda-CreateFunction-request-PackageType
type PackageType string

// The package types.
const (
	Zip   PackageType = "Zip"
	Image PackageType = "Image"
)

// Steps are the user's own part in a build: each a script for a shell, or empty.
type Steps struct {
	Before  string // runs in the function's folder, before anything else
	Command string // in place of what the toolchain would do
	After   string // runs among the files that become the archive
}

// Choice is a value together with how it came about.
type Choice struct {
	Value    string
	Origin   Origin
	Evidence string     // what was seen, when detected: "package.json: type module"
	Place    diag.Place // where it was said or seen
}

// Origin tells who chose a value.
type Origin string

// The origins.
const (
	Said     Origin = "said"     // the user wrote it
	Detected Origin = "detected" // it was read from the files
	Default  Origin = "default"  // nobody said anything
)

// Settings are the numbers, the switches and the network that an environment may override.
type Settings struct {
	Memory       source.Field[int]  // MB
	Timeout      source.Field[int]  // seconds
	Storage      source.Field[int]  // MB of /tmp
	Concurrency  source.Field[int]  // reserved concurrent executions
	LogRetention source.Field[int]  // days
	Tracing      source.Field[bool] // X-Ray
	VPC          source.Field[VPC]
}

// Over returns s with every setting that it leaves open taken from below.
func (s Settings) Over(below Settings) Settings {
	return Settings{
		Memory:       s.Memory.Over(below.Memory),
		Timeout:      s.Timeout.Over(below.Timeout),
		Storage:      s.Storage.Over(below.Storage),
		Concurrency:  s.Concurrency.Over(below.Concurrency),
		LogRetention: s.LogRetention.Over(below.LogRetention),
		Tracing:      s.Tracing.Over(below.Tracing),
		VPC:          s.VPC.Over(below.VPC),
	}
}

// Variable is one environment variable; its value is text or a CloudFormation tag.
type Variable struct {
	Name  string
	Value *source.Node
}

// Override is what one environment changes.
type Override struct {
	Environment string
	Settings    Settings
	Variables   []Variable // by name
}

// Event is one entry of events. Package event owns the kinds.
type Event interface {
	Kind() string      // "http", "schedule", …
	Summary() string   // one line for people: "GET /orders/{id}"
	Place() diag.Place // of the entry
}

// Only restricts a function or stack to some targets; empty lists do not restrict.
type Only struct {
	Place        diag.Place
	Environments []source.Field[string]
	Regions      []source.Field[string]
}

// Includes reports whether the target is among those selected.
func (o Only) Includes(t Target) bool {
	return selects(o.Environments, t.Environment) && selects(o.Regions, t.Region)
}

func selects(list []source.Field[string], value string) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(f source.Field[string]) bool { return f.Value == value })
}

// Resources is a function's resources.yaml: sections of a template.
type Resources struct {
	File string
	Root *source.Node // a mapping of Resources and, if written, Conditions, Mappings, Outputs
}

// Input is one file that a digest covers.
type Input struct {
	Path       string // slash path relative to the project's root
	Size       int64  // bytes
	Executable bool
	Sum        [32]byte // SHA-256 of its bytes, or of its target's text for a link
}
