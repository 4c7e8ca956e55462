package event

import (
	"regexp"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
)

// OutputTag is foldstack's own tag: `!Output orders.TableName`.
const OutputTag = "!Output"

// APIStack and APIID name the output of the shared HTTP API that routes take.
const (
	APIStack = "api"
	APIID    = "ApiId"
)

// Reference is an output of another stack that somebody takes.
type Reference struct {
	Stack  string // the name of a function, of a stack or "api"
	Output string
	Place  diag.Place
}

// String is the reference as a user writes it behind the tag.
func (r Reference) String() string { return r.Stack + "." + r.Output }

var referenceForm = regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z0-9]+$`)

// ParseReference reads the text behind an OutputTag; ok is false where it is not
// of the form name.Output.
func ParseReference(n *source.Node) (r Reference, ok bool) {
	if n.Kind != source.Scalar || !referenceForm.MatchString(n.Text) {
		return Reference{Place: n.Place}, false
	}
	stack, output, _ := strings.Cut(n.Text, ".")
	return Reference{Stack: stack, Output: output, Place: n.Place}, true
}

// References lists every well-formed reference in a tree, in its order.
func References(n *source.Node) []Reference {
	var list []Reference
	Walk(n, func(n *source.Node) {
		if n.Tag != OutputTag {
			return
		}
		if r, ok := ParseReference(n); ok {
			list = append(list, r)
		}
	})
	return list
}

// Walk visits a node and everything below it, in the order of the file. A nil
// node is an empty tree.
func Walk(n *source.Node, visit func(*source.Node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, item := range n.Items {
		Walk(item, visit)
	}
	for _, pair := range n.Pairs {
		Walk(pair.Value, visit)
	}
}
