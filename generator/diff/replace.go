package diff

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/check/schema"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// pair is a resource on either side; nil where it is not.
type pair struct {
	before, after *estate.Resource
	change        *Resource // nil where nothing changes
}

func (p *pair) replaced() bool {
	return p.before != nil && p.after != nil && p.change != nil && p.change.Action == Replaced
}

// follow finds what changes because it refers to a resource that is replaced, whose id
// or generated name will be another, and what is replaced for that in turn.
func follow(pairs []*pair) {
	causes := slices.DeleteFunc(slices.Clone(pairs), func(p *pair) bool { return !p.replaced() })
	if len(causes) == 0 {
		return
	}
	referring := mentionsIn(pairs)
	for len(causes) > 0 {
		cause := causes[0]
		causes = causes[1:]
		for _, m := range referring[cause.after.Label()] {
			before := m.by.replaced()
			m.follows(cause)
			if m.by.replaced() && !before {
				causes = append(causes, m.by)
			}
		}
	}
}

// mention is a text that holds what a resource makes, and where it stands.
type mention struct {
	by   *pair
	path []step
	text string
}

// mentionsIn are the mentions in what both sides have, by the label of the resource that is
// mentioned.
func mentionsIn(pairs []*pair) map[string][]mention {
	all := map[string][]mention{}
	for _, p := range pairs {
		if p.before == nil || p.after == nil {
			continue
		}
		walk(p.after.Properties, nil, func(path []step, text string) {
			symbol.Map(text, func(name string) string {
				label := estate.Maker(name)
				all[label] = append(all[label], mention{p, slices.Clone(path), text})
				return ""
			})
		})
	}
	return all
}

// walk visits the texts in a tree that hold a symbol. A policy is left out: it says the
// same of another resource.
func walk(x any, path []step, visit func([]step, string)) {
	switch x := x.(type) {
	case string:
		if symbol.In(x) {
			visit(path, x)
		}
	case cfn.Map:
		if isPolicy(x) {
			return
		}
		for _, e := range x {
			walk(e.Value, append(path, step{name: e.Key}), visit)
		}
	case []any:
		key := keyOf(x)
		for i, item := range x {
			name := strconv.Itoa(i)
			if key != "" {
				name = named(item, key)
			}
			walk(item, append(path, step{name, true}), visit)
		}
	}
}

// follows adds the property, whose value is another once its cause is replaced.
func (m mention) follows(cause *pair) {
	p, name := m.by, pathText(m.path)
	if p == cause {
		return
	}
	if p.change == nil {
		p.change = newResource(Changed, p.after)
	}
	if slices.ContainsFunc(p.change.Properties, func(q Property) bool { return q.Path == name }) {
		return
	}
	value := valueText(m.text, shown)
	p.change.add(Property{Path: name, Values: Values{value, value}, Follows: cause.after.ID}, schema.ReplacementOf(p.after.Type, names(m.path)))
	p.judge()
}

// add adds a property, and what it means for the resource.
func (r *Resource) add(p Property, what schema.Replacement) {
	switch what {
	case schema.Replaced:
		p.Replaces = true
		r.Action = Replaced
	case schema.Maybe:
		r.Maybe = true
	case schema.InPlace:
	}
	r.Properties = append(r.Properties, p)
}

// judge tells what a change means for a resource that stays or is replaced.
func (p *pair) judge() {
	r := p.change
	if r.Action == Replaced {
		r.Maybe = false
	}
	r.LosesData = (r.Maybe || r.Action == Replaced) && losesData(p.before, p.after)
	if r.Action != Replaced {
		return
	}
	if r.Refused == "" && keepsName(p.before, p.after) && !schema.DeletesFirst(p.after.Type) {
		r.Refused = Named
	}
}

// keepsName reports whether a resource is called what the one was called in whose place
// it comes.
func keepsName(before, after *estate.Resource) bool {
	if !before.Named() || !after.Named() {
		return false
	}
	was, is := cmp.Or(before.ARN, before.Name()), cmp.Or(after.ARN, after.Name())
	return was == is && !strings.Contains(shown(is), unknown)
}
