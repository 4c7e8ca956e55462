package estate

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/template"
)

// Root is a template in a place where it is deployed by itself. Texts may hold symbols.
type Root struct {
	Document   *template.Document
	Name       string // of the stack
	Partition  model.Partition
	Account    string
	Region     string
	Parameters map[string]string
	Set        *Resource // the stack set that deploys it; nil of what is deployed by itself
}

// Estate is every resource that a set of templates would create.
type Estate struct {
	Stacks []*Stack // each before those that it nests, roots in the order in which they were given

	byARN  map[string]*Resource
	byType map[string][]*Resource
}

// Stack is one stack, deployed by itself or nested.
type Stack struct {
	Name       string // of a nested one with a symbol at its end
	ARN        string
	Document   *template.Document
	Partition  model.Partition
	Account    string
	Region     string
	Parent     *Stack    // nil of a root
	Nesting    *Resource // the resource of the parent that it is; nil of a root
	Set        *Resource // the stack set of which it is an instance; else nil
	Parameters map[string]string
	Resources  []*Resource       // those that exist in this place, in the template's order
	Outputs    map[string]string // those that exist in this place
	Declared   []Declared        // what users wrote for its roles
}

// Resource is one resource of a stack.
type Resource struct {
	Stack *Stack
	ID    string // logical id
	Type  string

	// Properties are without intrinsics: a tree of string, bool, int, float64, nil, []any
	// and cfn.Map, in which texts may hold symbols. What AWS::NoValue removes is not
	// there; a number that stands as text in the template is text, and so is any scalar
	// without quotes. What needed no computing is the document's own tree: only read it.
	Properties cfn.Map

	Ref string // what !Ref gives: usually the physical name or id
	ARN string // empty where the type has none

	Entry *template.Entry

	identity
}

// At is the line of the user's file that caused what lies at a path below the
// resource's properties, or the nearest thing above.
func (r *Resource) At(path ...string) diag.Place {
	return r.Entry.At(append([]string{"Properties"}, path...)...)
}
