package diff

import (
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/template"
)

// State is what a project would deploy.
type State struct {
	Units    map[*template.Document]Unit // what each template is for
	Digests  map[string]string           // of the code of each function, by its name
	Targets  []model.Target
	Targeted []Cell // the orchestrations of each target
	Bases    []Cell // the stacks that somebody deploys before the pipeline runs
}

// Cell is a place with the stacks that are deployed there by themselves.
type Cell struct {
	Environment string // empty in the tooling account
	Stack       string // of a base stack: its name
	estate.Cell
}

// Unit is what a template is for.
type Unit struct {
	Kind Kind
	Name string
	Data []byte // the template as it is deployed
}

// Kind is a kind of unit.
type Kind string

// The kinds, in the order in which they are told.
const (
	Function      Kind = "function"
	UserStack     Kind = "stack" // of a template that a user wrote
	API           Kind = "api"
	Orchestration Kind = "orchestration"
	Base          Kind = "base" // somebody deploys it before the pipeline runs
)

var kinds = []Kind{Function, UserStack, API, Orchestration, Base}
