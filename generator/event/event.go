package event

import (
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// Event is one decoded entry of events.
type Event interface {
	model.Event
	Node() *source.Node // what the user wrote behind the kind
	Uses() []Reference  // outputs of other stacks that the event takes
	Outputs() []string  // names of what Build gives to Context.Output
	Build(c *Context)   // adds the event to the function's template
}

// Kind is what can be written in events under one key.
type Kind struct {
	Name    string
	Doc     string   // one line: what happens
	Example string   // an entry of events, without its dash
	Keys    []Key    // of the long form; the first also stands alone
	Types   []string // every CloudFormation type that Build can add, sorted
	decode  func(d *decoding) Event
}

// Key is one key of an event's long form.
type Key struct{ Name, Doc string }

// Kinds lists every kind of event by name.
func Kinds() []Kind {
	return []Kind{configKind, eventKind, httpKind, scheduleKind, snsKind, sqsKind}
}

// Decode reads one entry of events. It returns nil where it reported a problem
// that leaves no event.
func Decode(node *source.Node, fn *model.Function, project *model.Project, problems *diag.Problems) model.Event {
	if node.Kind != source.Mapping || len(node.Pairs) != 1 {
		problems.Addf("event-form", node.Place, "write one kind and its value, such as `- http: GET /orders/{id}`",
			"an event is a mapping with one key, and this is %s", describe(node))
		return nil
	}
	pair := node.Pairs[0]
	if pair.Value.Kind == source.Null && pair.Value.Tag == "" {
		problems.Addf("event-form", pair.Value.Place, "write one kind and its value, such as `- http: GET /orders/{id}`", "nothing stands behind %s", pair.Key.Text)
		return nil
	}
	for _, kind := range Kinds() {
		if kind.Name == pair.Key.Text {
			d := &decoding{
				entry:    entry{kind: kind.Name, place: pair.Key.Place, node: pair.Value},
				function: fn, project: project, problems: problems,
			}
			if e := kind.decode(d); e != nil {
				return e
			}
			return nil
		}
	}
	names := make([]string, 0, len(Kinds()))
	for _, kind := range Kinds() {
		names = append(names, kind.Name)
	}
	problems.Addf("unknown-event", pair.Key.Place,
		meant(pair.Key.Text, names, "the kinds are "+strings.Join(names, ", ")+"; what else calls a function is written in resources.yaml"), "there is no event of the kind %q", pair.Key.Text)
	return nil
}

func describe(n *source.Node) string {
	switch {
	case n.Kind != source.Mapping:
		return n.Kind.String()
	case len(n.Pairs) == 0:
		return "an empty one"
	}
	return "one with several"
}

// entry is what every event has.
type entry struct {
	kind    string
	summary string
	place   diag.Place
	node    *source.Node // the value behind the kind
}

func (e *entry) Kind() string       { return e.kind }
func (e *entry) Summary() string    { return e.summary }
func (e *entry) Place() diag.Place  { return e.place }
func (e *entry) Node() *source.Node { return e.node }
func (e *entry) Uses() []Reference  { return References(e.node) }
func (e *entry) Outputs() []string  { return nil }

// decoding is one run of a decoder.
type decoding struct {
	entry
	function *model.Function
	project  *model.Project
	problems *diag.Problems
}

// open reads the long form; a single value stands for the key main.
func (d *decoding) open(main, hint string) (*source.Object, *source.Node) {
	what := "the " + d.kind + " event"
	if d.node.Kind == source.Scalar || d.node.Tag != "" {
		return source.Open(nil, what, d.problems), d.node
	}
	o := source.Open(d.node, what, d.problems)
	o.Require(main, hint)
	value := o.Value(main)
	if value != nil && value.Kind == source.Null && value.Tag == "" {
		d.problem("event-form", value.Place, hint, "nothing stands behind %s of %s", main, what)
		value = nil
	}
	return o, value
}

// problem reports something wrong with the event and returns false.
func (d *decoding) problem(rule string, place diag.Place, hint, format string, args ...any) bool {
	d.problems.Addf(rule, place, hint, format, args...)
	return false
}

// meant guesses which of the candidates a misspelt word is.
func meant(word string, candidates []string, otherwise string) string {
	if guess, ok := diag.Suggest(word, candidates); ok {
		return "did you mean " + guess + "?"
	}
	return otherwise
}
