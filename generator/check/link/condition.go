package link

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/template"
)

// truth is whether a condition holds in one place.
type truth int

const (
	maybe truth = iota
	yes
	no
)

func truthOf(holds bool) truth {
	if holds {
		return yes
	}
	return no
}

func (t truth) not() truth {
	switch t {
	case yes:
		return no
	case no:
		return yes
	}
	return maybe
}

// holds evaluates a condition by its name.
func (r reader) holds(name string) truth {
	i := r.d.conditions.find(name)
	if i < 0 || r.spent() {
		return maybe
	}
	return r.evaluate(r.d.Conditions[i].Value)
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
func (r reader) evaluate(x any) truth {
	i, ok := function(x)
	if !ok || r.spent() {
		return maybe
	}
	items, _ := i.Argument.([]any)
	switch {
	case i.Name == "Condition":
		return r.holds(template.Text(i.Argument))
	case i.Name == "Fn::Not" && len(items) == 1:
		return r.evaluate(items[0]).not()
	case i.Name == "Fn::And":
		return r.all(items, yes)
	case i.Name == "Fn::Or":
		return r.all(items, no)
	case i.Name == "Fn::Equals" && len(items) == 2:
		a, b := r.text(items[0]), r.text(items[1])
		if known(a + b) {
			return truthOf(a == b)
		}
	}
	return maybe
}

// all is want where every operand is, and its opposite where one is.
func (r reader) all(operands []any, want truth) truth {
	result := want
	for _, x := range operands {
		switch r.evaluate(x) {
		case want.not():
			return want.not()
		case maybe:
			result = maybe
		}
	}
	return result
}

// every is whether all of the literals hold.
func (r reader) every(when []literal) truth {
	result := yes
	for _, l := range when {
		t := r.holds(l.condition)
		if !l.holds {
			t = t.not()
		}
		if t == no {
			return no
		}
		if t == maybe {
			result = maybe
		}
	}
	return result
}

// exists is whether the document's stack is there.
func (r reader) exists() truth {
	result := yes
	for r.d.parent != nil {
		name := condition(&r.d.parent.Resources[r.d.nesting])
		r.d = r.d.parent
		if name == "" {
			continue
		}
		if t := r.holds(name); t != yes {
			result = t
		}
		if result == no {
			return no
		}
	}
	return result
}

// conditional reports what refers to a resource, or to a nested stack's output, that
// a condition leaves out in a place where the reference itself is there.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
func (d *document) conditional() {
	if d.macros {
		return
	}
	for _, e := range d.edges {
		name := condition(&d.Resources[e.to])
		if name == "" || e.loose || e.from == e.to {
			continue
		}
		if where, ok := d.absent(e.when, literal{name, true}); ok {
			d.set.report("absent-resource", e.place, "the resource "+d.Resources[e.to].Name+" does not exist"+where+", where its condition "+name+" does not hold, and this refers to it there",
				"give both the condition "+name+", or write !If ["+name+", …, !Ref AWS::NoValue]")
		}
	}
	for _, t := range d.taken {
		child := d.children[t.stack]
		if i := child.outputs.find(t.output); i >= 0 {
			child.offered(d, t, &child.Outputs[i])
		}
	}
}

// offered reports an output that a condition leaves out where somebody takes it.
func (d *document) offered(by *document, t taken, output *template.Entry) {
	name := condition(output)
	if name == "" {
		return
	}
	places := d.places()
	for i, left := range d.everywhere(literal{name, true}) {
		if left == no && by.reached(i, t.when) {
			d.set.report("absent-resource", t.place, "the output "+output.Name+" of "+d.Path+" does not exist"+inPlace(&places[i])+", where its condition "+name+" does not hold",
				"give what takes it the same condition")
			return
		}
	}
}

// absent finds a place in which what is under some conditions exists, and what is
// under another one does not.
func (d *document) absent(when []literal, needs literal) (string, bool) {
	if slices.Contains(when, needs) {
		return "", false
	}
	for i, there := range d.everywhere(needs) {
		if there == no && d.reached(i, when) {
			return inPlace(&d.places()[i]), true
		}
	}
	return "", false
}

// reached reports whether what is under some conditions certainly exists in a place.
func (d *document) reached(place int, when []literal) bool {
	for _, l := range when {
		if d.everywhere(l)[place] != yes {
			return false
		}
	}
	places := d.places()
	return d.in(&places[place]).exists() == yes
}

// everywhere is whether a literal holds in each of the places.
func (d *document) everywhere(l literal) []truth {
	if list, ok := d.truths[l]; ok {
		return list
	}
	places := d.places()
	list := make([]truth, len(places))
	for i := range places {
		list[i] = d.in(&places[i]).every([]literal{l})
	}
	if d.truths == nil {
		d.truths = map[literal][]truth{}
	}
	d.truths[l] = list
	return list
}

// inPlace names a place in a sentence.
func inPlace(p *template.Deployment) string {
	var words []string
	for _, name := range sortedKeys(p.Parameters) {
		words = append(words, p.Parameters[name])
	}
	if p.Account != "" {
		words = append(words, "account "+p.Account)
	}
	if p.Region != "" {
		words = append(words, p.Region)
	}
	if len(words) == 0 {
		return ""
	}
	return " in " + strings.Join(words, ", ")
}
