package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// node is a schema.
type node struct {
	Kinds kinds  `json:"type"`
	Ref   string `json:"$ref"`

	Enum           texts    `json:"enum"`
	EnumAnyCase    texts    `json:"enumCaseInsensitive"`
	Const          *text    `json:"const"`
	Pattern        *pattern `json:"pattern"`
	MinLength      *int     `json:"minLength"`
	MaxLength      *int     `json:"maxLength"`
	Format         string   `json:"format"`
	Minimum        *float64 `json:"minimum"`
	Maximum        *float64 `json:"maximum"`
	Above          *float64 `json:"exclusiveMinimum"`
	Below          *float64 `json:"exclusiveMaximum"`
	MultipleOf     *float64 `json:"multipleOf"`
	Items          *node    `json:"items"`
	Prefix         []*node  `json:"prefixItems"`
	MinItems       *int     `json:"minItems"`
	MaxItems       *int     `json:"maxItems"`
	Unique         bool     `json:"uniqueItems"`
	UniqueKeys     []string `json:"uniqueKeys"`
	MaxUniqueItems *int     `json:"maxUniqueItems"`

	Properties    map[string]*node    `json:"properties"`
	Patterns      map[string]*node    `json:"patternProperties"`
	Closed        closed              `json:"additionalProperties"`
	MinProperties *int                `json:"minProperties"`
	MaxProperties *int                `json:"maxProperties"`
	Required      []string            `json:"required"`
	RequiredXor   []string            `json:"requiredXor"`
	RequiredOr    []string            `json:"requiredOr"`
	Needs         map[string][]string `json:"dependentRequired"`
	Excludes      map[string][]string `json:"dependentExcluded"`
	Dependencies  map[string]*node    `json:"-"`

	OneOf []*node `json:"oneOf"`
	AnyOf []*node `json:"anyOf"`
	AllOf []*node `json:"allOf"`
	Not   *node   `json:"not"`
	If    *node   `json:"if"`
	Then  *node   `json:"then"`
	Else  *node   `json:"else"`

	RawDependencies map[string]json.RawMessage `json:"dependencies"`

	target  *node     // what Ref refers to
	keyed   []matcher // Patterns in the order of their text
	grouped bool      // some rule looks at which properties there are
	strict  bool      // some rule looks at a scalar beyond its type
}

// matcher is a schema for the keys that match a pattern.
type matcher struct {
	pattern *pattern
	node    *node
}

// resourceType is a resource type's schema.
type resourceType struct {
	node
	Definitions map[string]*node `json:"definitions"`
	ReadOnly    []string         `json:"readOnlyProperties"` // JSON pointers
	Identifier  []string         `json:"primaryIdentifier"`  // JSON pointers; what Ref returns where it is one
	Attributes  []string         `json:"attributes"`         // dotted names; those in ReadOnly when empty
	Taggable    bool             `json:"tagging"`
	CreateOnly  []string         `json:"createOnlyProperties"`            // JSON pointers
	Conditional []string         `json:"conditionalCreateOnlyProperties"` // JSON pointers
	Strategy    string           `json:"replacementStrategy"`
	Stateful    bool             `json:"stateful"`
	Lifecycle   struct {
		Status string `json:"status"`
		Date   string `json:"date"`
	} `json:"lifecycle"`

	name       string
	attributes map[string]*node // by name, with their schemas; nil for one of which nothing is known
	anyBelow   []string         // prefixes of further attributes
	readOnly   [][]string       // the path of each read-only property, without what lies below another one
}

// custom is the type that stands for every custom resource.
const custom = "AWS::CloudFormation::CustomResource"

// compile decodes a schema and links what refers to each other in it.
func compile(name string, text []byte) (*resourceType, error) {
	t := &resourceType{name: name}
	if err := json.Unmarshal(text, t); err != nil {
		return nil, err
	}
	if name == custom { // what a provider takes and returns is its own affair
		t.ReadOnly = nil
		delete(t.Properties, "Id")
	}
	l := linker{typ: t, seen: map[*node]bool{}}
	l.link(&t.node)
	if l.err != nil {
		return nil, l.err
	}
	for _, pointer := range t.ReadOnly {
		t.readOnly = append(t.readOnly, strings.Split(strings.TrimPrefix(pointer, "/properties/"), "/"))
	}
	t.findAttributes()
	t.readOnly = outermost(t.readOnly)
	return t, nil
}

// retired reports whether the service of the type was shut down.
func (t *resourceType) retired() bool { return t != nil && t.Lifecycle.Status == "shutdown" }

// outermost leaves the paths out that lie below another one.
func outermost(paths [][]string) [][]string {
	return slices.DeleteFunc(slices.Clone(paths), func(path []string) bool {
		return slices.ContainsFunc(paths, func(above []string) bool {
			return len(above) < len(path) && slices.Equal(above, path[:len(above)])
		})
	})
}

// findAttributes finds the schema of every attribute.
func (t *resourceType) findAttributes() {
	t.attributes = map[string]*node{}
	names := t.Attributes
	if len(names) == 0 {
		for _, path := range t.readOnly {
			names = append(names, strings.Join(path, "."))
		}
	}
	for _, name := range names {
		if prefix, ok := strings.CutSuffix(name, "*"); ok {
			t.anyBelow = append(t.anyBelow, prefix)
			continue
		}
		t.attributes[name] = t.at(strings.Split(name, "."))
	}
	if attribute, ok := readAsText[t.name]; ok {
		t.attributes[attribute] = nil
	}
}

// readAsText are attributes that come out as text, whatever their schemas say: a port
// that goes in as a number, and the JSON of what was signalled.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-docdb-dbcluster.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitcondition.html
var readAsText = map[string]string{
	"AWS::CloudFormation::WaitCondition": "Data",
	"AWS::DocDB::DBCluster":              "Port",
}

// at is the schema at a path of property names, or nil.
func (t *resourceType) at(path []string) *node {
	n := &t.node
	for _, name := range path {
		if n = n.resolved(); n == nil {
			return nil
		}
		n = n.Properties[name]
	}
	return n
}

// attribute is the schema of an attribute, nil where it is not known; ok is false
// for one that the type does not have.
func (t *resourceType) attribute(name string) (n *node, ok bool) {
	if n, ok := t.attributes[name]; ok {
		return n, true
	}
	return nil, slices.ContainsFunc(t.anyBelow, func(prefix string) bool {
		return len(name) > len(prefix) && strings.HasPrefix(name, prefix)
	})
}

// linker resolves references and computes what each node needs to know of itself.
type linker struct {
	typ  *resourceType
	seen map[*node]bool
	err  error
}

func (l *linker) link(n *node) {
	if n == nil || l.seen[n] {
		return
	}
	l.seen[n] = true
	if n.Ref != "" {
		n.target = l.resolve(n.Ref)
		l.link(n.target)
	}
	l.dependencies(n)
	for _, text := range sortedKeys(n.Patterns) {
		n.keyed = append(n.keyed, matcher{&pattern{text: text}, n.Patterns[text]})
	}
	n.grouped = len(n.Required)+len(n.RequiredXor)+len(n.RequiredOr)+len(n.Needs)+len(n.Excludes)+len(n.Dependencies) > 0 ||
		n.MinProperties != nil || n.MaxProperties != nil
	n.strict = len(n.Enum)+len(n.EnumAnyCase) > 0 || n.Const != nil || n.Pattern != nil || n.MinLength != nil || n.MaxLength != nil ||
		n.Format != "" || n.Minimum != nil || n.Maximum != nil || n.Above != nil || n.Below != nil || n.MultipleOf != nil
	for _, table := range []map[string]*node{n.Properties, n.Patterns, n.Dependencies} {
		for _, child := range table {
			l.link(child)
		}
	}
	for _, list := range [][]*node{n.Prefix, n.OneOf, n.AnyOf, n.AllOf, {n.Items, n.Not, n.If, n.Then, n.Else}} {
		for _, child := range list {
			l.link(child)
		}
	}
}

// dependencies tells the two forms apart: names that must stand beside a property,
// and a schema that holds where it stands.
func (l *linker) dependencies(n *node) {
	for name, raw := range n.RawDependencies {
		var names []string
		if json.Unmarshal(raw, &names) == nil {
			if n.Needs == nil {
				n.Needs = map[string][]string{}
			}
			n.Needs[name] = append(n.Needs[name], names...)
			continue
		}
		child := &node{}
		if err := json.Unmarshal(raw, child); err != nil {
			l.err = err
			return
		}
		if n.Dependencies == nil {
			n.Dependencies = map[string]*node{}
		}
		n.Dependencies[name] = child
	}
	n.RawDependencies = nil
}

func (l *linker) resolve(ref string) *node {
	if name, ok := strings.CutPrefix(ref, "#/definitions/"); ok && l.typ.Definitions[name] != nil {
		return l.typ.Definitions[name]
	}
	if name, ok := strings.CutPrefix(ref, "#/properties/"); ok && l.typ.Properties[name] != nil {
		return l.typ.Properties[name]
	}
	l.err = fmt.Errorf("nothing is at %s", ref)
	return nil
}

// resolved is the schema that a schema refers to, or itself.
func (n *node) resolved() *node {
	for n != nil && n.target != nil {
		n = n.target
	}
	return n
}

// wanted are the kinds that a schema allows; 0 where it does not say.
func (n *node) wanted() kinds {
	for n != nil && n.Kinds == 0 && n.target != nil {
		n = n.target
	}
	if n == nil {
		return 0
	}
	return n.Kinds
}

// closed is true where no property may stand that the schema does not name.
type closed bool

func (c *closed) UnmarshalJSON(b []byte) error {
	*c = string(b) == "false"
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	if len(m) == 0 { // most are, and an iterator is not free
		return nil
	}
	return slices.Sorted(maps.Keys(m))
}
