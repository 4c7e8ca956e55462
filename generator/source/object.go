package source

import "github.com/foldstack/foldstack/generator/diag"

// Object decodes one mapping. Every method may be called whether or not the
// key is there; the keys that were asked for are the keys that are known.
type Object struct {
	Node     *Node
	problems *diag.Problems
	what     string // "a function", "the http event": for messages
	known    map[string]bool
}

// Open starts decoding node; it reports a node that is no mapping (an absent
// one is an empty mapping). what names the thing in messages.
func Open(node *Node, what string, problems *diag.Problems) *Object { panic("unwritten") }

// Text is a scalar as written; a list, mapping or null is a problem.
func (o *Object) Text(key string) Field[string] { panic("unwritten") }

// Int is a whole number within min and max, both included.
func (o *Object) Int(key string, min, max int) Field[int] { panic("unwritten") }

// Bool is true or false.
func (o *Object) Bool(key string) Field[bool] { panic("unwritten") }

// OneOf is a text out of a set; a misspelt one gets a suggestion.
func (o *Object) OneOf(key string, allowed ...string) Field[string] { panic("unwritten") }

// Texts is a list of scalars; a single scalar is a list of one.
func (o *Object) Texts(key string) Field[[]string] { panic("unwritten") }

// Value is the node at key as it stands, or nil.
func (o *Object) Value(key string) *Node { panic("unwritten") }

// List is the items of the list at key; a single value is a list of one.
func (o *Object) List(key string) []*Node { panic("unwritten") }

// Entries is the pairs of the mapping at key, in the order of the file.
func (o *Object) Entries(key string) []Pair { panic("unwritten") }

// Require reports key as missing where it is absent; hint says what to write.
func (o *Object) Require(key, hint string) { panic("unwritten") }

// Done reports every key that was not asked for.
func (o *Object) Done() { panic("unwritten") }
