package schema

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/template"
)

// names is what the names of one template stand for.
type names struct{ *template.Document }

// parameter is the type of a parameter, or "".
func (n names) parameter(name string) string {
	if p := template.Find(n.Parameters, name); p != nil {
		return p.Type()
	}
	return ""
}

// resource is the type of a resource, or "" where nothing is to be said of it.
func (n names) resource(id string) string {
	if r := template.Find(n.Resources, id); r != nil && !slices.Contains(n.Unchecked, r.Type()) {
		return r.Type()
	}
	return ""
}

// mapping is the rows of a mapping, or nil.
func (n names) mapping(name string) cfn.Map {
	if m := template.Find(n.Mappings, name); m != nil {
		rows, _ := m.Value.(cfn.Map)
		return rows
	}
	return nil
}

// condition is the expression of a condition, or nil.
func (n names) condition(name string) any {
	if c := template.Find(n.Conditions, name); c != nil {
		return c.Value
	}
	return nil
}

// transformed reports whether a transform whose name begins so is declared.
func (n names) transformed(prefix string) bool {
	return slices.ContainsFunc(n.Transforms, func(t string) bool { return strings.HasPrefix(t, prefix) })
}

// pseudo are the pseudo parameters with the kind of each.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
var pseudo = map[string]kinds{
	"AWS::AccountId": str, "AWS::NotificationARNs": array, "AWS::NoValue": anyKind, "AWS::Partition": str,
	"AWS::Region": str, "AWS::StackId": str, "AWS::StackName": str, "AWS::URLSuffix": str,
}

// kindOf is what Ref of a name gives; 0 where nothing is known.
func (n names) kindOf(id string) kinds {
	if k, ok := pseudo[id]; ok {
		return k
	}
	if typ := n.parameter(id); typ != "" {
		return kindOfParameter(typ)
	}
	if n.resource(id) != "" {
		return str
	}
	return 0
}

// kindOfParameter is what a Ref to a parameter of a type gives.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
func kindOfParameter(typ string) kinds {
	if strings.Contains(typ, "List<") || strings.Contains(typ, "CommaDelimitedList") {
		return array
	}
	return str
}

// attribute is the schema of the attribute of a resource; nil where nothing is
// known of it.
func (n names) attribute(id, attribute string) *node {
	t := schemaOf(n.resource(id))
	if t == nil {
		return nil
	}
	found, _ := t.attribute(attribute)
	return found
}
