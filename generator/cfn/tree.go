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
	v := reflect.ValueOf(x)
	return g.reflected(v, shapeOf(v.Type()))
}

func (g *grower) reflected(v reflect.Value, s *shape) any {
	if late, ok := g.bound(v); ok {
		return late
	}
	return g.shaped(v, s)
}

// shaped is the tree of a value for which Late bound nothing.
func (g *grower) shaped(v reflect.Value, s *shape) any {
	if s.valuer {
		return g.value(valued(valuerOf(v)))
	}
	switch v.Kind() {
	case reflect.String:
		if s.typ == typePlain {
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
		return g.reflected(v.Elem(), s.element())
	case reflect.Interface:
		return g.value(v.Interface())
	case reflect.Slice, reflect.Array:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = g.reflected(v.Index(i), s.element())
		}
		return list
	case reflect.Map:
		if s.typ.Key().Kind() != reflect.String {
			break
		}
		m := make(Map, 0, v.Len())
		for _, key := range sortedKeys(v) {
			m = append(m, Entry{key.String(), g.reflected(v.MapIndex(key), s.element())})
		}
		return m
	case reflect.Struct:
		return g.structure(v, s)
	}
	return diag.Bugf("a %s cannot be written", s.typ)
}

func (g *grower) structure(v reflect.Value, s *shape) any {
	fields := s.structure()
	m := make(Map, 0, min(len(fields), 8))
	for i := range fields {
		f := &fields[i]
		fv := v.Field(f.index)
		late, isLate := g.bound(fv)
		switch {
		case isLate:
			m = append(m, Entry{f.key, late})
		case f.omit && empty(fv):
		case f.required && missing(fv):
			m = append(m, Entry{f.key, unset(s.typ, f.key)})
		default:
			m = append(m, Entry{f.key, g.shaped(fv, f.shape)})
		}
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
