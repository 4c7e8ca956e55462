package source

import (
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
)

// Kind is the shape of a node.
type Kind int

// The kinds of node. A scalar is text until somebody asks it to be more.
const (
	Null Kind = iota
	Scalar
	Sequence
	Mapping
)

// String names the kind as an error message does.
func (k Kind) String() string {
	return [...]string{"nothing", "a single value", "a list", "a mapping"}[k]
}

// Node is one value of a YAML document.
type Node struct {
	Kind  Kind
	Place diag.Place
	Tag   string // local tag as written, such as "!Ref"; empty without one
	Text  string // a scalar as its author wrote it, quotes and escapes resolved
	Plain bool   // the scalar stood without quotes and not in a block

	Items []*Node // of a sequence
	Pairs []Pair  // of a mapping, in the order of the file
}

// Pair is one entry of a mapping.
type Pair struct {
	Key   *Node // always a scalar
	Value *Node // never nil; Null where nothing was written
}

// Get returns the value at key, or nil.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for _, p := range n.Pairs {
		if p.Key.Text == key {
			return p.Value
		}
	}
	return nil
}

// Describe names what a node is, for messages: its text in quotes, its tag, or
// its kind.
func (n *Node) Describe() string {
	switch {
	case n == nil:
		return Null.String()
	case n.Tag != "":
		return n.Tag
	case n.Kind == Scalar:
		return quote(n.Text)
	}
	return n.Kind.String()
}

// quote shows a text in a message, cut where it is long.
func quote(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return `"` + strings.ReplaceAll(text, "\n", `\n`) + `"`
}

// Field is a decoded value that remembers whether and where it was written.
type Field[T any] struct {
	Value T
	Place diag.Place
	Set   bool
}

// Or returns the value, or fallback where none was written.
func (f Field[T]) Or(fallback T) T {
	if f.Set {
		return f.Value
	}
	return fallback
}

// Over returns f where it was written, and below where it was not.
func (f Field[T]) Over(below Field[T]) Field[T] {
	if f.Set {
		return f
	}
	return below
}
