package cfn

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/foldstack/foldstack/generator/diag"
)

// formatVersion is the only version of the template format.
const formatVersion = "2010-09-09"

var writers = sync.Pool{New: func() any { return &writer{buf: make([]byte, 0, 1<<13)} }}

// Render writes the template as YAML. It fails only through a bug of ours: a
// required property left unset, a value of an unknown type, an intrinsic that was
// joined with text, a late value whose field is not part of the template.
func (t *Template) Render() ([]byte, error) {
	w := writers.Get().(*writer)
	defer w.release()
	w.ascii = t.ASCII
	w.late, w.met = t.late, make([]bool, len(t.late.byField))
	w.template(t)
	if w.err != nil {
		return nil, diag.Bugf("template %q: %s", t.title(), w.failure())
	}
	return bytes.Clone(w.buf), nil
}

// release gives the writer back without what it wrote and read.
func (w *writer) release() {
	clear(w.room[:cap(w.room)])
	*w = writer{buf: w.buf[:0], room: w.room[:0]}
	writers.Put(w)
}

func (w *writer) template(t *Template) {
	for _, line := range t.Header {
		w.comment(line, 0)
	}
	w.buf = append(w.buf, "AWSTemplateFormatVersion: '"+formatVersion+"'\n"...)
	if t.Description != "" {
		w.entry("Description", t.Description, 0)
		w.failed("Description")
	}
	w.sections(t)
	if w.err == nil {
		w.unmet()
	}
}

// title names the template in errors.
func (t *Template) title() string {
	if t.Description != "" || len(t.Header) == 0 {
		return t.Description
	}
	return t.Header[0]
}

func (w *writer) sections(t *Template) {
	w.section("Parameters", len(t.Parameters), func(i int) string {
		p := &t.Parameters[i]
		return w.block(p.Name, p.appendTo)
	})
	w.section("Mappings", len(t.Mappings), func(i int) string {
		m := &t.Mappings[i]
		if m.Raw != nil {
			return w.raw(m.Name, m.Raw)
		}
		return w.block(m.Name, m.appendTo)
	})
	w.section("Conditions", len(t.Conditions), func(i int) string {
		return w.raw(t.Conditions[i].Name, t.Conditions[i].Expr)
	})
	w.section("Resources", len(t.Resources), func(i int) string {
		r := t.Resources[i]
		if i > 0 {
			w.buf = append(w.buf, '\n')
		}
		if r.Comment != "" {
			w.comment(r.Comment, 2)
		}
		return w.block(r.ID, r.appendTo)
	})
	w.section("Outputs", len(t.Outputs), func(i int) string {
		o := &t.Outputs[i]
		if o.Raw != nil {
			return w.raw(o.Name, o.Raw)
		}
		return w.block(o.Name, o.appendTo)
	})
}

// section writes a top-level key and its entries, each of which returns its name.
func (w *writer) section(name string, n int, entry func(i int) string) {
	if n == 0 || w.err != nil {
		return
	}
	w.buf = append(w.buf, '\n')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, ":\n"...)
	keys := make([]string, n)
	for i := range n {
		keys[i] = entry(i)
		if w.failed(keys[i]) {
			w.failed(name)
			return
		}
	}
	slices.Sort(keys)
	for i := 1; i < n; i++ {
		if keys[i] == keys[i-1] {
			w.fail(diag.Bugf("two entries are called %q", keys[i]))
		}
	}
	w.failed(name)
}

// block writes one entry of a section whose content fill appends.
func (w *writer) block(name string, fill func(m Map) Map) string {
	w.spaces(2)
	w.key(name, 2)
	w.room = fill(w.room[:0])
	w.mapping(w.room, 4, afterKey)
	return name
}

// raw writes one entry of a section that is a value as it stands.
func (w *writer) raw(name string, value any) string {
	w.spaces(2)
	w.entry(name, value, 2)
	return name
}

// comment writes text as comment lines. What YAML could take for a line break or
// refuse becomes a blank.
func (w *writer) comment(text string, indent int) {
	for line := range strings.SplitSeq(text, "\n") {
		if l := w.examine(line); l.invalid || !l.single {
			line = w.commented(strings.ToValidUTF8(line, "?"))
		}
		w.spaces(indent)
		w.buf = append(w.buf, '#')
		if line = strings.TrimRight(line, " "); line != "" {
			w.buf = append(w.buf, ' ')
			w.buf = append(w.buf, line...)
		}
		w.buf = append(w.buf, '\n')
	}
}

// commented is the text of a comment, in which nothing can be escaped.
func (w *writer) commented(line string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case !visible(r):
			return ' '
		case w.foreign(r):
			return '?'
		}
		return r
	}, line)
}

// unmet reports a late value whose field was not written: the field was moved by
// an append, copied, or never made part of the template.
func (w *writer) unmet() {
	lowest, found := len(w.met), binding{}
	var typ reflect.Type
	for field, b := range w.late.byField {
		if !w.met[b.index] && b.index < lowest {
			lowest, found, typ = b.index, b, reflect.TypeOf(field).Elem()
		}
	}
	if typ != nil {
		w.fail(diag.Bugf("the late value %s is bound to a %s that is not part of the template", describe(found.intrinsic), typ))
	}
}

// describe is an intrinsic for people.
func describe(s string) string {
	i, ok := Decode(s)
	if !ok {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprintf("%s %q", i.Name, i.Argument)
}
