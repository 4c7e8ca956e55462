package proof

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// found is something of an estate, in one target where it is of a class.
type found struct {
	scope    *scope
	member   *Member // nil in the base, and where any member will do
	resource *estate.Resource
	arn      string // as the scope knows it
}

// shown is the ARN as people read it.
func (f found) shown() string { return symbol.Show(f.concrete(f.arn)) }

func (f found) concrete(text string) string {
	if f.member == nil {
		return text
	}
	return f.member.in(text)
}

// NotFound is an error of somebody who asks: nothing, or more than one thing, is called so.
type NotFound struct {
	What    string   // "role" or "resource"
	Name    string   // what was asked for
	Meant   string   // the nearest name; empty where nothing is near
	Several []string // what else is called so
}

func (e *NotFound) Error() string {
	if len(e.Several) > 0 {
		return fmt.Sprintf("more than one %s is called %s: %s", e.What, e.Name, some(e.Several))
	}
	text := fmt.Sprintf("there is no %s %s", e.What, e.Name)
	if e.Meant != "" {
		text += "; did you mean " + e.Meant + "?"
	}
	return text
}

// callerNamed finds a role or user by its ARN, its name or its logical id, alone or
// behind the name of its template and a dot.
func (p *Proof) callerNamed(name string) (found, error) {
	var all []found
	for _, f := range p.everywhere() {
		for _, arn := range slices.Sorted(maps.Keys(f.scope.callers)) {
			f.resource, f.arn = f.scope.callers[arn].resource, arn
			all = append(all, f)
		}
	}
	return choose("role", name, all)
}

// everywhere is the base, and every member of every class.
func (p *Proof) everywhere() []found {
	list := []found{{scope: p.base}}
	for i, s := range p.classes {
		members := p.set.Classes[i].Members
		if len(members) == 0 {
			list = append(list, found{scope: s})
		}
		for n := range members {
			list = append(list, found{scope: s, member: &members[n]})
		}
	}
	return list
}

// choose is the one thing of that name. Of equal ARNs the first is taken, which is that of
// the base.
func choose(what, name string, all []found) (found, error) {
	var hits []found
	known := map[string]bool{}
	for _, f := range all {
		names := f.names()
		for _, n := range names {
			known[n] = true
		}
		if slices.Contains(names, name) && !slices.ContainsFunc(hits, func(h found) bool { return h.shown() == f.shown() }) {
			hits = append(hits, f)
		}
	}
	if len(hits) == 1 {
		return hits[0], nil
	}
	e := &NotFound{What: what, Name: name}
	for _, h := range hits {
		e.Several = append(e.Several, h.shown())
	}
	if len(hits) == 0 {
		e.Meant, _ = diag.Suggest(name, slices.Sorted(maps.Keys(known)))
	}
	return found{}, e
}

// names are what a resource can be asked for by.
func (f found) names() []string {
	r := f.resource
	return []string{f.shown(), symbol.Show(f.concrete(r.Ref)), r.ID, qualified(r)}
}

// resourceNamed finds what a request may be about: an ARN as it is, or a resource by its
// name or logical id.
func (p *Proof) resourceNamed(name string) (string, error) {
	if name == "*" || strings.HasPrefix(name, "arn:") {
		return name, nil
	}
	var all []found
	for _, f := range p.everywhere() {
		f.scope.each(func(r *estate.Resource) {
			if r.ARN != "" {
				f.resource, f.arn = r, r.ARN
				all = append(all, f)
			}
		})
	}
	f, err := choose("resource", name, all)
	if err != nil {
		return "", err
	}
	return f.shown(), nil
}

// abstract is a concrete ARN as a scope knows it, where the scope holds it or what it lies
// in.
func (f found) abstract(arn string) (string, bool) {
	best := ""
	whole := ""
	if f.scope.estate == nil {
		return "", false
	}
	f.scope.each(func(r *estate.Resource) {
		shown := symbol.Show(f.concrete(r.ARN))
		if shown == "" || len(shown) <= len(best) || !strings.HasPrefix(arn, shown) {
			return
		}
		if rest := arn[len(shown):]; rest == "" || strings.IndexAny(rest, "/:") == 0 {
			best, whole = shown, r.ARN+rest
		}
	})
	return whole, best != ""
}
