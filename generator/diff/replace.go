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
	for _, cause := range slices.DeleteFunc(slices.Clone(pairs), func(p *pair) bool { return !p.replaced() }) {
		followOne(cause, pairs)
	}
}

func followOne(cause *pair, pairs []*pair) {
	for _, p := range pairs {
		if p == cause || p.before == nil || p.after == nil || p.after.Type == nestedType {
			continue
		}
		before := p.replaced()
		for _, m := range mentions(p.after.Properties, cause.after, nil) {
			p.followed(m, cause)
		}
		if p.replaced() && !before {
			followOne(p, pairs)
		}
	}
}

// followed adds a property whose value is another once its cause is replaced.
func (p *pair) followed(m mention, cause *pair) {
	name := pathText(m.path)
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

// mention is a text that holds what a resource makes, and where it stands.
type mention struct {
	path []step
	text string
}

// mentions are those in a tree. A policy is left out: it says the same of another
// resource.
func mentions(x any, r *estate.Resource, path []step) []mention {
	var list []mention
	switch x := x.(type) {
	case string:
		if madeIn(x, r) {
			list = append(list, mention{slices.Clone(path), x})
		}
	case cfn.Map:
		if isPolicy(x) {
			return nil
		}
		for _, e := range x {
			list = append(list, mentions(e.Value, r, append(path, step{name: e.Key}))...)
		}
	case []any:
		key := keyOf(x)
		for i, item := range x {
			name := strconv.Itoa(i)
			if key != "" {
				name = named(item, key)
			}
			list = append(list, mentions(item, r, append(path, step{name, true}))...)
		}
	}
	return list
}

// madeIn reports whether a text holds what a resource makes.
func madeIn(text string, r *estate.Resource) bool {
	found := false
	if symbol.In(text) {
		symbol.Map(text, func(name string) string {
			found = found || r.Makes(name)
			return ""
		})
	}
	return found
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
