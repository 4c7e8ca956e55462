package cfn

import (
	"github.com/awslabs/goformation/v7/cloudformation/policies"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
)

// Template is one CloudFormation template.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
type Template struct {
	ASCII       bool     // what is beyond ASCII is escaped, and a question mark in comments
	Header      []string // comment lines at the top, without "# "
	Description string
	Parameters  []Parameter
	Mappings    []Mapping
	Conditions  []Condition
	Resources   []*Resource
	Outputs     []Output

	late bindings
}

// Parameter is one entry of the Parameters section.
type Parameter struct {
	Name           string
	Type           string // "String" when empty
	Description    string
	Default        *string
	AllowedValues  []string
	AllowedPattern string
	NoEcho         bool
}

// Mapping is one entry of the Mappings section: two levels of keys.
type Mapping struct {
	Name string
	Rows []MappingRow
	Raw  any // a user's own mapping in place of Rows
}

// MappingRow is one first-level key; its values are literals.
type MappingRow struct {
	Key    string
	Values Map
}

// Condition is one entry of the Conditions section.
type Condition struct {
	Name string
	Expr any // an intrinsic of this package
}

// Output is one entry of the Outputs section.
type Output struct {
	Name        string
	Description string
	Value       any
	Export      string // an encoded intrinsic or a literal; empty for none
	Condition   string
	Raw         any // a user's own output in place of the fields above
}

// Properties is what goformation's resource structs have in common.
type Properties interface{ AWSCloudFormationType() string }

// Resource is one entry of the Resources section.
//
// The attributes beside the properties stand here and not in goformation's own
// fields, so that typed and raw resources have one mechanism.
type Resource struct {
	ID         string
	Properties Properties // a pointer to a goformation struct, or nil when Raw is set
	Raw        any        // a user's own resource: the whole entry, Type included
	Comment    string     // one line above the entry

	DependsOn           []string
	Condition           string
	DeletionPolicy      policies.DeletionPolicy
	UpdateReplacePolicy policies.UpdateReplacePolicy
	UpdatePolicy        *policies.UpdatePolicy
	Metadata            Map

	Origin diag.Place // the user's line that asked for it
	Parts  []Part     // of what is ours, the parts that a user wrote
}

// Part is a node of a user's file that became a part of a resource.
type Part struct {
	Path []string // below the resource's entry, beginning with "Properties"
	Node *source.Node
}

// Note remembers what became the part of the resource at a path.
func (r *Resource) Note(n *source.Node, path ...string) {
	r.Parts = append(r.Parts, Part{path, n})
}

// Type is the CloudFormation type of the resource, such as "AWS::Lambda::Function".
func (r *Resource) Type() string {
	if r.Properties != nil {
		return r.Properties.AWSCloudFormationType()
	}
	if m, ok := r.Raw.(Map); ok {
		if s, ok := m.Get("Type").(Plain); ok {
			return string(s)
		}
		if s, ok := m.Get("Type").(string); ok {
			return s
		}
	}
	return ""
}

// Add appends a resource and returns it, so that attributes can be set on it.
func (t *Template) Add(id string, properties Properties) *Resource {
	r := &Resource{ID: id, Properties: properties}
	t.Resources = append(t.Resources, r)
	return r
}
