package cfn

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/foldstack/foldstack/generator/diag"
)

// This file says what each entry of a section consists of, and in which order.

func (p *Parameter) appendTo(m Map) Map {
	m = append(m, Entry{"Type", cmp.Or(p.Type, "String")})
	if p.Description != "" {
		m = append(m, Entry{"Description", p.Description})
	}
	if p.Default != nil {
		m = append(m, Entry{"Default", *p.Default})
	}
	if len(p.AllowedValues) > 0 {
		m = append(m, Entry{"AllowedValues", p.AllowedValues})
	}
	if p.AllowedPattern != "" {
		m = append(m, Entry{"AllowedPattern", p.AllowedPattern})
	}
	if p.NoEcho {
		m = append(m, Entry{"NoEcho", true})
	}
	return m
}

// Tree is the entry of the parameter as a tree.
func (p *Parameter) Tree() Map { return Tree(p.appendTo(nil)).(Map) }

// Tree is the entry of the mapping as a tree.
func (m *Mapping) Tree() any {
	if m.Raw != nil {
		return Tree(m.Raw)
	}
	return Tree(m.appendTo(nil))
}

// Tree is the entry of the output as a tree.
func (o *Output) Tree() any {
	if o.Raw != nil {
		return Tree(o.Raw)
	}
	return Tree(o.appendTo(nil))
}

func (m *Mapping) appendTo(rows Map) Map {
	for _, row := range m.Rows {
		rows = append(rows, Entry{row.Key, row.Values})
	}
	return rows
}

func (o *Output) appendTo(m Map) Map {
	if o.Condition != "" {
		m = append(m, Entry{"Condition", o.Condition})
	}
	if o.Description != "" {
		m = append(m, Entry{"Description", o.Description})
	}
	if o.Value == nil || o.Value == "" {
		return append(m, Entry{"Value", diag.Bugf("the output has no value")})
	}
	m = append(m, Entry{"Value", o.Value})
	if o.Export != "" {
		m = append(m, Entry{"Export", Map{{"Name", o.Export}}})
	}
	return m
}

// appendTo appends Type, the attributes and Properties.
func (r *Resource) appendTo(m Map) Map {
	if r.Raw != nil {
		return r.appendRaw(m)
	}
	m = append(m, Entry{"Type", r.Type()})
	m = r.appendAttributes(m, nil)
	return append(m, Entry{"Properties", r.properties()})
}

// properties is the typed struct, or what is wrong with it.
func (r *Resource) properties() any {
	v := reflect.ValueOf(r.Properties)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return diag.Bugf("the properties are no pointer to a struct")
	}
	s := shapeOf(v.Type().Elem())
	s.structure()
	for _, i := range s.hidden {
		if f := v.Elem().Field(i); !f.IsZero() {
			return diag.Bugf("%s is set in the properties, where it is not written: set it on the resource", s.typ.Field(i).Name)
		}
	}
	return r.Properties
}

// appendAttributes appends those that stand beside the properties; dependsOn are
// further resources that the user's own entry names.
func (r *Resource) appendAttributes(m Map, dependsOn []any) Map {
	if r.Condition != "" {
		m = append(m, Entry{"Condition", r.Condition})
	}
	for _, id := range r.DependsOn {
		if !slices.ContainsFunc(dependsOn, func(x any) bool { return scalarText(x) == id }) {
			dependsOn = append(dependsOn, id)
		}
	}
	switch len(dependsOn) {
	case 0:
	case 1:
		m = append(m, Entry{"DependsOn", dependsOn[0]})
	default:
		m = append(m, Entry{"DependsOn", dependsOn})
	}
	if r.DeletionPolicy != "" {
		m = append(m, Entry{"DeletionPolicy", string(r.DeletionPolicy)})
	}
	if r.UpdateReplacePolicy != "" {
		m = append(m, Entry{"UpdateReplacePolicy", string(r.UpdateReplacePolicy)})
	}
	if r.UpdatePolicy != nil {
		m = append(m, Entry{"UpdatePolicy", r.UpdatePolicy})
	}
	if len(r.Metadata) > 0 {
		m = append(m, Entry{"Metadata", r.Metadata})
	}
	return m
}

// appendRaw appends a user's own resource, its Type first and the rest in the
// user's order. An attribute that is set on the resource takes the place of the
// user's; DependsOn joins it.
func (r *Resource) appendRaw(m Map) Map {
	raw, ok := r.Raw.(Map)
	if !ok {
		return append(m, Entry{"Type", diag.Bugf("a resource that is a %T and no mapping", r.Raw)})
	}
	start := len(m)
	if t := raw.Get("Type"); t != nil {
		m = append(m, Entry{"Type", t})
	}
	var dependsOn []any
	if len(r.DependsOn) > 0 {
		dependsOn = texts(raw.Get("DependsOn"))
	}
	m = r.appendAttributes(m, dependsOn)
	ours := m[start:]
	for _, e := range raw {
		if !slices.ContainsFunc(ours, func(o Entry) bool { return o.Key == e.Key }) {
			m = append(m, e)
		}
	}
	return m
}

// texts is a list, or a single value as a list.
func texts(x any) []any {
	switch x := x.(type) {
	case nil:
		return nil
	case []any:
		return slices.Clone(x)
	}
	return []any{x}
}

// scalarText is the text of a literal, quoted or not.
func scalarText(x any) string {
	switch x := x.(type) {
	case string:
		return x
	case Plain:
		return string(x)
	}
	return ""
}
