package cfn

import (
	"reflect"

	"github.com/foldstack/foldstack/generator/diag"
)

// reflected writes a value of a type that only reflection knows.
func (w *writer) reflected(v reflect.Value, s *shape, indent int, at place) {
	if late, ok := w.bound(v); ok {
		w.text(late, indent, at)
		return
	}
	w.shaped(v, s, indent, at)
}

// shaped writes a value for which Late bound nothing.
func (w *writer) shaped(v reflect.Value, s *shape, indent int, at place) {
	if s.valuer {
		w.value(valued(valuerOf(v)), indent, at)
		return
	}
	switch v.Kind() {
	case reflect.String:
		if s.typ == typePlain {
			w.value(Plain(v.String()), indent, at)
			return
		}
		w.text(v.String(), indent, at)
	case reflect.Bool:
		w.value(v.Bool(), indent, at)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.integer(v.Int())
	case reflect.Float32, reflect.Float64:
		w.float(v.Float())
	case reflect.Pointer:
		if v.IsNil() {
			w.value(nil, indent, at)
			return
		}
		w.reflected(v.Elem(), s.element(), indent, at)
	case reflect.Interface:
		w.value(v.Interface(), indent, at)
	case reflect.Slice, reflect.Array:
		w.reflectedList(v, s, indent, at)
	case reflect.Map:
		w.reflectedMap(v, s, indent, at)
	case reflect.Struct:
		w.structure(v, s, indent, at)
	default:
		w.fail(diag.Bugf("a %s cannot be written", s.typ))
	}
}

func (w *writer) reflectedList(v reflect.Value, s *shape, indent int, at place) {
	n := v.Len()
	if n == 0 {
		w.line("[]")
		return
	}
	for i := range n {
		w.begin(indent, at, i == 0)
		w.buf = append(w.buf, '-')
		w.reflected(v.Index(i), s.element(), indent+2, afterDash)
		if w.err != nil {
			return
		}
	}
}

func (w *writer) reflectedMap(v reflect.Value, s *shape, indent int, at place) {
	if s.typ.Key().Kind() != reflect.String {
		w.fail(diag.Bugf("a %s cannot be written", s.typ))
		return
	}
	if v.Len() == 0 {
		w.line("{}")
		return
	}
	if texts, ok := v.Interface().(map[string]string); ok {
		w.textMap(texts, indent, at)
		return
	}
	keys := sortedKeys(v)
	if len(keys) == 1 {
		w.guard(keys[0].String(), v.MapIndex(keys[0]).Interface())
	}
	for i, key := range keys {
		w.begin(indent, at, i == 0)
		w.key(key.String(), indent)
		w.reflected(v.MapIndex(key), s.element(), indent+2, afterKey)
		if w.failed(key.String()) {
			return
		}
	}
}

func (w *writer) structure(v reflect.Value, s *shape, indent int, at place) {
	fields := s.structure()
	first := true
	for i := range fields {
		f := &fields[i]
		fv := v.Field(f.index)
		late, isLate := w.bound(fv)
		if !isLate {
			if f.omit && empty(fv) {
				continue
			}
			if f.required && missing(fv) {
				w.fail(unset(s.typ, f.key))
				return
			}
		}
		w.begin(indent, at, first)
		first = false
		w.buf = append(w.buf, f.text...)
		if isLate {
			w.text(late, indent+2, afterKey)
		} else {
			w.shaped(fv, f.shape, indent+2, afterKey)
		}
		if w.failed(f.key) {
			return
		}
	}
	if first {
		w.line("{}")
	}
}

// bound is the intrinsic that Late put in the place of a field.
func (w *writer) bound(v reflect.Value) (string, bool) {
	if w.late.none() || !v.CanAddr() {
		return "", false
	}
	b, ok := w.late.at(v)
	if ok {
		w.met[b.index] = true
	}
	return b.intrinsic, ok
}
