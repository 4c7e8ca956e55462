package cfn

import (
	"reflect"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
)

// Tree turns any value of a template into a tree of nothing but string, Plain,
// bool, int, float64, nil, []any and Map, in the order in which it would be
// written. Intrinsics stay encoded (see Decode). A value that cannot be written
// becomes an error in its place, which Render reports.
func Tree(x any) any {
	var g grower
	return g.value(x)
}

// ResourceTree is the entry of a resource as a tree: Type, attributes and
// Properties, late values in their places.
func (t *Template) ResourceTree(r *Resource) Map {
	g := grower{late: t.late}
	return g.value(r.appendTo(nil)).(Map)
}

// grower makes trees.
type grower struct{ late bindings }

func (g *grower) value(x any) any {
	switch x := x.(type) {
	case nil, string, Plain, bool, int, float64, error:
		return x
	case Valuer:
		return g.value(valued(x))
	case Map:
		m := make(Map, len(x))
		for i, e := range x {
			m[i] = Entry{e.Key, g.value(e.Value)}
		}
		return m
	case []any:
		list := make([]any, len(x))
		for i, item := range x {
			list[i] = g.value(item)
		}
		return list
	}
	return g.reflected(reflect.ValueOf(x))
}

func (g *grower) reflected(v reflect.Value) any {
	if s, ok := g.bound(v); ok {
		return s
	}
	if shapeOf(v.Type()).valuer {
		return g.value(valued(valuerOf(v)))
	}
	switch v.Kind() {
	case reflect.String:
		if v.Type() == typePlain {
			return Plain(v.String())
		}
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return int(v.Int())
	case reflect.Float32, reflect.Float64:
		return v.Float()
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return g.reflected(v.Elem())
	case reflect.Interface:
		return g.value(v.Interface())
	case reflect.Slice, reflect.Array:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = g.reflected(v.Index(i))
		}
		return list
	case reflect.Map:
		if v.Type().Key().Kind() != reflect.String {
			break
		}
		m := make(Map, 0, v.Len())
		for _, key := range sortedKeys(v) {
			m = append(m, Entry{key.String(), g.reflected(v.MapIndex(key))})
		}
		return m
	case reflect.Struct:
		return g.structure(v)
	}
	return diag.Bugf("a %s cannot be written", v.Type())
}

func (g *grower) structure(v reflect.Value) any {
	fields := shapeOf(v.Type()).structure()
	m := make(Map, 0, 8)
	for i := range fields {
		f := &fields[i]
		fv := v.Field(f.index)
		if _, late := g.bound(fv); !late {
			if f.omit && empty(fv) {
				continue
			}
			if f.required && missing(fv) {
				m = append(m, Entry{f.key, unset(v.Type(), f.key)})
				continue
			}
		}
		m = append(m, Entry{f.key, g.reflected(fv)})
	}
	return m
}

// bound is the intrinsic that Late put in the place of a field.
func (g *grower) bound(v reflect.Value) (string, bool) {
	if g.late.none() || !v.CanAddr() {
		return "", false
	}
	b, ok := g.late.at(v)
	return b.intrinsic, ok
}

// unset is the error of a required property without a value.
func unset(t reflect.Type, key string) error {
	return diag.Bugf("%s requires %s, which is not set", t, key)
}

// valued is what a Valuer stands for; a nil pointer stands for null.
func valued(x Valuer) any {
	if v := reflect.ValueOf(x); v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	return x.TemplateValue()
}

// valuerOf is the Valuer that v or a pointer to it is.
func valuerOf(v reflect.Value) Valuer {
	if x, ok := v.Interface().(Valuer); ok {
		return x
	}
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return p.Interface().(Valuer)
}

func sortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}
