package template

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
)

// Document is one template of the output.
type Document struct {
	Path  string     // of the template, relative to the project's root
	Place diag.Place // the file or folder that it was made from
	Bytes int        // its size as it is published
	Key   string     // the object key under which it is published; of a nested one

	Description Entry // without a name; Value is nil where there is none
	Parameters  []Entry
	Mappings    []Entry
	Conditions  []Entry
	Resources   []Entry // Value is the whole entry: Type, attributes, Properties
	Outputs     []Entry

	Children map[string]*Document // the nested stacks, by logical id

	Declared []Declared // permissions that a user wrote for roles of the template

	Macros     []cfn.Macro            // by which CloudFormation rewrites it or parts of it
	Transforms []string               // the names of those that rewrite all of it
	Unchecked  []string               // types whose schemas it is not held against
	Deployed   []Deployment           // the places where it is deployed by itself; none of a nested one
	Regions    []source.Field[string] // of the targets that it is deployed to, as foldstack.yaml names them
	Folder     string                 // of a pipeline: the project's, in what its source gives
	Files      map[string][]byte      // of a pipeline: the files of the output that are no templates, by path
}

// Deployment is one place where a template is deployed, and the values that are
// known of its parameters there. One that is given and not known is a symbol.
type Deployment struct {
	Account, Region string
	Parameters      map[string]string
}

// Declared is a permission that a user wrote for a role. Nobody but its author can say
// what it is for. Texts may be intrinsics of the template, encoded.
type Declared struct {
	Role      string // logical id
	Actions   []string
	Resources []string
	Place     diag.Place
}

// Entry is one named entry of a section.
type Entry struct {
	Name  string
	Value any        // a tree as cfn.Tree makes it
	Place diag.Place // of the entry, or of what asked for it
	node  *source.Node
	parts []cfn.Part // that a user wrote of an entry that is ours
}

// Of reads a typed template. user is the file whose sections were merged into it,
// such as resources.yaml; it may be nil.
func Of(path string, place diag.Place, t *cfn.Template, bytes int, user *source.Node) *Document {
	d := &Document{Path: path, Place: place, Bytes: bytes, Macros: cfn.Macros(user)}
	if t.Description != "" {
		d.Description = Entry{Value: t.Description, Place: place}
	}
	for _, p := range t.Parameters {
		d.Parameters = append(d.Parameters, d.entry(user, "Parameters", p.Name, p.Tree()))
	}
	for _, m := range t.Mappings {
		d.Mappings = append(d.Mappings, d.entry(user, "Mappings", m.Name, m.Tree()))
	}
	for _, c := range t.Conditions {
		d.Conditions = append(d.Conditions, d.entry(user, "Conditions", c.Name, cfn.Tree(c.Expr)))
	}
	for _, r := range t.Resources {
		e := d.entry(user, "Resources", r.ID, t.ResourceTree(r))
		if e.node == nil && !r.Origin.IsZero() {
			e.Place, e.parts = r.Origin, r.Parts
		}
		d.Resources = append(d.Resources, e)
	}
	for _, o := range t.Outputs {
		d.Outputs = append(d.Outputs, d.entry(user, "Outputs", o.Name, o.Tree()))
	}
	return d
}

// Written reads a template that a user wrote. What is wrong with its intrinsics is
// added to problems.
func Written(path string, root *source.Node, bytes int, problems *diag.Problems) *Document {
	d := &Document{Path: path, Bytes: bytes}
	if root == nil {
		return d
	}
	d.Place = root.Place
	d.Macros = cfn.Macros(root)
	for _, m := range d.Macros {
		if !m.Part {
			d.Transforms = append(d.Transforms, m.Name)
		}
	}
	if n := root.Get("Description"); n != nil {
		d.Description = Entry{Value: cfn.FromNode(n, nil, problems), Place: n.Place, node: n}
	}
	for section, entries := range map[string]*[]Entry{
		"Parameters": &d.Parameters, "Mappings": &d.Mappings, "Conditions": &d.Conditions,
		"Resources": &d.Resources, "Outputs": &d.Outputs,
	} {
		if node := root.Get(section); node != nil {
			for _, pair := range node.Pairs {
				*entries = append(*entries, Entry{
					Name: pair.Key.Text, Value: cfn.FromNode(pair.Value, nil, problems), Place: pair.Key.Place, node: pair.Value,
				})
			}
		}
	}
	return d
}

func (d *Document) entry(user *source.Node, section, name string, value any) Entry {
	e := Entry{Name: name, Value: value, Place: d.Place}
	if node := user.Get(section); node != nil {
		for _, pair := range node.Pairs {
			if pair.Key.Text == name {
				e.node, e.Place = pair.Value, pair.Key.Place
			}
		}
	}
	return e
}

// Written reports whether a user wrote the entry, in resources.yaml or a template.
func (e Entry) Written() bool { return e.node != nil }

// At is the place of what lies at a path below the entry: keys of mappings and
// indices of lists. Whether a function was written in its short or its long form
// makes no difference to the path of its operands. Where the user did not write
// that far it is the place of the nearest thing above that the user wrote.
func (e Entry) At(path ...string) diag.Place {
	place, node := e.Place, e.node
	for _, part := range e.parts {
		if n := len(part.Path); n <= len(path) && slices.Equal(part.Path, path[:n]) {
			place, node, path = part.Node.Place, part.Node, path[n:]
			break
		}
	}
	for _, step := range path {
		next := child(node, step)
		if next == nil {
			break
		}
		node, place = next, next.Place
	}
	return place
}

// Key is the place of the key that a path ends at, and that of [Entry.At] where it
// ends at an item of a list or at what nobody wrote.
func (e Entry) Key(path ...string) diag.Place {
	node := e.node
	for i, step := range path {
		if i == len(path)-1 && node != nil {
			for _, pair := range node.Pairs {
				if pair.Key.Text == step {
					return pair.Key.Place
				}
			}
		}
		node = child(node, step)
	}
	return e.At(path...)
}

func child(n *source.Node, step string) *source.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == source.Mapping && len(n.Pairs) == 1 && n.Pairs[0].Key.Text != step && strings.HasPrefix(n.Pairs[0].Key.Text, "Fn::"):
		return child(n.Pairs[0].Value, step)
	case n.Kind == source.Sequence:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Items) {
			return n.Items[i]
		}
		return nil
	}
	return n.Get(step)
}

// Find returns the entry of that name, or nil.
func Find(entries []Entry, name string) *Entry {
	for i := range entries {
		if entries[i].Name == name {
			return &entries[i]
		}
	}
	return nil
}

// Type is the resource type of an entry of Resources, or "".
func (e Entry) Type() string {
	m, _ := e.Value.(cfn.Map)
	return Text(m.Get("Type"))
}

// Properties is the properties of an entry of Resources; nil where there are none.
func (e Entry) Properties() any {
	m, _ := e.Value.(cfn.Map)
	return m.Get("Properties")
}

// Text is a literal text, and "" for anything else.
func Text(value any) string {
	switch v := value.(type) {
	case string:
		if !cfn.IsIntrinsic(v) {
			return v
		}
	case cfn.Plain:
		return string(v)
	}
	return ""
}
