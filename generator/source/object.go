package source

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
)

// Object decodes one mapping. Every method may be called whether or not the
// key is there; the keys that were asked for are the keys that are known. A value
// of the wrong kind is reported once for each time it is asked for, and then
// counts as not set.
type Object struct {
	Node     *Node // the mapping; an empty one where there was none
	problems *diag.Problems
	what     string   // "a function", "the http event": for messages
	known    []string // in the order in which they were asked for
}

// Open starts decoding node; it reports a node that is no mapping (an absent
// one is an empty mapping). what names the thing in messages.
func Open(node *Node, what string, problems *diag.Problems) *Object {
	o := &Object{Node: node, problems: problems, what: what}
	if node != nil && node.Kind == Mapping && node.Tag == "" {
		return o
	}
	o.Node = &Node{Kind: Mapping}
	if node != nil {
		o.Node.Place = node.Place
		if node.Kind != Null {
			problems.Addf("wrong-kind", node.Place, "write its keys, each with a colon", "%s must be %s, not %s", what, mappingExpected, node.Describe())
		}
	}
	return o
}

// Place is where the mapping begins.
func (o *Object) Place() diag.Place { return o.Node.Place }

// PlaceOf is where the value at key stands; without one, where the mapping begins.
func (o *Object) PlaceOf(key string) diag.Place {
	if n := o.Node.Get(key); n != nil {
		return n.Place
	}
	return o.Node.Place
}

// Has reports whether key is there, with a value or without.
func (o *Object) Has(key string) bool { return o.Value(key) != nil }

// Open starts decoding the mapping at key; an absent one is empty.
func (o *Object) Open(key, what string) *Object {
	n := o.Value(key)
	if n == nil {
		n = &Node{Kind: Null, Place: o.Node.Place}
	}
	return Open(n, what, o.problems)
}

// Problemf reports a problem with the value at key, or with the whole mapping
// where key is absent or "".
func (o *Object) Problemf(rule, key, hint, format string, args ...any) {
	o.problems.Addf(rule, o.PlaceOf(key), hint, format, args...)
}

// Value is the node at key as it stands, or nil.
func (o *Object) Value(key string) *Node {
	o.Known(key)
	return o.Node.Get(key)
}

// Known makes keys known that are decoded elsewhere.
func (o *Object) Known(keys ...string) {
	for _, key := range keys {
		if !slices.Contains(o.known, key) {
			o.known = append(o.known, key)
		}
	}
}

// Text is a scalar as written; a list, mapping or null is a problem.
func (o *Object) Text(key string) Field[string] {
	return o.text(key, o.Value(key), "text")
}

// text is the scalar n, if there is one; expected names what is asked for.
func (o *Object) text(key string, n *Node, expected string) Field[string] {
	if n == nil {
		return Field[string]{}
	}
	if n.Kind != Scalar || n.Tag != "" {
		o.wrongKind(key, n, expected)
		return Field[string]{}
	}
	return Field[string]{Value: n.Text, Place: n.Place, Set: true}
}

const mappingExpected = "a mapping of keys to values"

func (o *Object) wrongKind(key string, n *Node, expected string) {
	hint := ""
	switch {
	case n.Kind == Null:
		hint = "write a value, or remove the key"
	case n.Tag != "":
		hint = "write the value itself; quotes make a text of what begins with !"
	case expected == mappingExpected:
		hint = "write its keys, each with a colon"
	}
	o.problems.Addf("wrong-kind", n.Place, hint, "%s of %s must be %s, not %s", key, o.what, expected, n.Describe())
}

// Int is a whole number within min and max, both included. It is written in
// decimal digits; 0512, 1_000, 0x10 and 1e3 are refused because readers of YAML
// differ on them.
func (o *Object) Int(key string, min, max int) Field[int] {
	expected := fmt.Sprintf("a whole number from %d to %d", min, max)
	f := o.text(key, o.Value(key), expected)
	if !f.Set {
		return Field[int]{}
	}
	v, err := strconv.Atoi(f.Value)
	if err != nil || v < min || v > max || strconv.Itoa(v) != f.Value {
		o.problems.Addf("wrong-value", f.Place, intHint(f.Value, min, max), "%s of %s must be %s, not %s", key, o.what, expected, quote(f.Value))
		return Field[int]{}
	}
	return Field[int]{Value: v, Place: f.Place, Set: true}
}

// units are those in which every number of one kind is written. What stands in
// minutes and what stands in seconds is not known here, so that 5m may be either.
var units = map[string]bool{"": true, "mb": true, "mib": true, "s": true, "sec": true, "second": true, "seconds": true, "d": true, "day": true, "days": true}

// intHint guesses the number that was meant, such as 512 for 0512, 512MB or
// 512.0.
func intHint(written string, min, max int) string {
	s := strings.TrimSpace(strings.ReplaceAll(written, "_", ""))
	whole, rest, _ := strings.Cut(s, ".")
	if strings.Trim(rest, "0") != "" {
		return ""
	}
	digits := len(whole) - len(strings.TrimLeft(whole, "+-0123456789"))
	v, err := strconv.Atoi(whole[:digits])
	unit := strings.ToLower(strings.TrimSpace(whole[digits:]))
	switch {
	case err != nil, strings.ContainsAny(unit, "0123456789"):
		return ""
	case !units[unit]:
		return "write the number alone, in the unit of the key"
	case v < min, v > max:
		return ""
	}
	return fmt.Sprintf("write %d", v)
}

// Bool is true or false.
func (o *Object) Bool(key string) Field[bool] {
	f := o.text(key, o.Value(key), "true or false")
	if !f.Set {
		return Field[bool]{}
	}
	switch f.Value {
	case "true", "True", "TRUE":
		return Field[bool]{Value: true, Place: f.Place, Set: true}
	case "false", "False", "FALSE":
		return Field[bool]{Value: false, Place: f.Place, Set: true}
	}
	hint := map[string]string{"yes": "write true", "on": "write true", "no": "write false", "off": "write false"}[strings.ToLower(f.Value)]
	o.problems.Addf("wrong-value", f.Place, hint, "%s of %s must be true or false, not %s", key, o.what, quote(f.Value))
	return Field[bool]{}
}

// OneOf is a text out of a set; a misspelt one gets a suggestion.
func (o *Object) OneOf(key string, allowed ...string) Field[string] {
	expected := "one of " + strings.Join(allowed, ", ")
	if len(allowed) == 1 {
		expected = allowed[0]
	}
	f := o.text(key, o.Value(key), expected)
	if !f.Set || slices.Contains(allowed, f.Value) {
		return f
	}
	hint := ""
	if s, ok := diag.Suggest(f.Value, allowed); ok {
		hint = fmt.Sprintf("did you mean %s?", s)
	}
	o.problems.Addf("wrong-value", f.Place, hint, "%s of %s must be %s, not %s", key, o.what, expected, quote(f.Value))
	return Field[string]{}
}

// Texts is a list of scalars; a single scalar is a list of one.
func (o *Object) Texts(key string) Field[[]string] {
	fields := o.Fields(key)
	n := o.Node.Get(key)
	if n == nil || fields == nil {
		return Field[[]string]{}
	}
	values := make([]string, len(fields))
	for i, f := range fields {
		values[i] = f.Value
	}
	return Field[[]string]{Value: values, Place: n.Place, Set: true}
}

// Fields is Texts with the place of each item. It is nil where nothing usable
// was written, and empty for an empty list.
func (o *Object) Fields(key string) []Field[string] {
	n := o.Value(key)
	switch {
	case n == nil:
		return nil
	case n.Kind != Sequence || n.Tag != "":
		if f := o.text(key, n, "a text or a list of texts"); f.Set {
			return []Field[string]{f}
		}
		return nil
	}
	fields := make([]Field[string], 0, len(n.Items))
	for _, item := range n.Items {
		if f := o.text("each item of "+key, item, "text"); f.Set {
			fields = append(fields, f)
		}
	}
	if len(fields) == 0 && len(n.Items) > 0 {
		return nil
	}
	return fields
}

// List is the items of the list at key; a single value is a list of one, and
// nothing at all an empty list.
func (o *Object) List(key string) []*Node {
	n := o.Value(key)
	switch {
	case n == nil || n.Kind == Null:
		return nil
	case n.Kind == Sequence && n.Tag == "":
		return n.Items
	}
	return []*Node{n}
}

// Entries is the pairs of the mapping at key, in the order of the file; nothing
// at all is an empty mapping.
func (o *Object) Entries(key string) []Pair {
	n := o.Value(key)
	switch {
	case n == nil || n.Kind == Null:
		return nil
	case n.Kind == Mapping && n.Tag == "":
		return n.Pairs
	}
	o.wrongKind(key, n, mappingExpected)
	return nil
}

// Require reports key as missing where it is absent; hint says what to write.
func (o *Object) Require(key, hint string) {
	if !o.Has(key) {
		o.problems.Addf("missing-key", o.Place(), hint, "%s needs the key %s", o.what, key)
	}
}

// Done reports every key that was not asked for.
func (o *Object) Done() {
	for _, p := range o.Node.Pairs {
		if slices.Contains(o.known, p.Key.Text) {
			continue
		}
		hint := "it has no keys"
		if len(o.known) > 0 {
			hint = "it knows " + strings.Join(o.known, ", ")
		}
		if s, ok := diag.Suggest(p.Key.Text, o.known); ok {
			hint = "did you mean " + s + "?"
		}
		o.problems.Addf("unknown-key", p.Key.Place, hint, "%s has no key %s", o.what, quote(p.Key.Text))
	}
}
