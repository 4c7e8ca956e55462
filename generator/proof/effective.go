package proof

import (
	"cmp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Effective is what a role may do, on one page.
type Effective struct {
	Role     string   `json:"role"`
	Template string   `json:"template"`
	File     string   `json:"file"` // and Line: what the user wrote that asks for the role
	Line     int      `json:"line"`
	Column   int      `json:"column"`
	Trust    []Clause `json:"trust"`
	Allow    []Clause `json:"allow"`
	Deny     []Clause `json:"deny,omitempty"`
	Boundary []Clause `json:"boundary,omitempty"` // what it denies beside all that it does not allow
	Cut      []string `json:"cut,omitempty"`      // actions that policies allow and the boundary does not
	Unknown  []string `json:"unknown,omitempty"`  // policies whose content is not known here
}

// Clause is one statement.
type Clause struct {
	Who        []string `json:"who,omitempty"`
	Actions    []string `json:"actions,omitempty"`
	AllBut     []string `json:"allBut,omitempty"`
	Resources  []string `json:"resources,omitempty"`
	Outside    []string `json:"outside,omitempty"`
	Conditions []string `json:"conditions,omitempty"`
	From       string   `json:"from"`
}

// PolicyOf is the effective policy of a role, which is asked for as [Proof.Explain] does.
func (p *Proof) PolicyOf(name string) (*Effective, error) {
	f, err := p.callerNamed(name)
	if err != nil {
		return nil, err
	}
	c := f.scope.callers[f.arn]
	place := c.resource.Entry.Place
	e := &Effective{
		Role: f.shown(), Template: c.resource.Stack.Document.Path, File: place.File, Line: place.Line, Column: place.Column, Unknown: shownAll(f, c.unknown),
		Trust: []Clause{}, Allow: []Clause{},
	}
	if c.unbound != "" {
		e.Unknown = append(e.Unknown, symbol.Show(f.concrete(c.unbound)))
	}
	for _, pol := range c.identity {
		for i := range pol.Statements {
			e.add(f, &pol.Statements[i], c.boundary)
		}
	}
	for _, pol := range c.trust {
		for i := range pol.Statements {
			e.Trust = append(e.Trust, clauseOf(f, &pol.Statements[i]))
		}
	}
	for _, pol := range c.boundary {
		for i := range pol.Statements {
			if s := &pol.Statements[i]; s.Effect == policy.Deny {
				e.Boundary = append(e.Boundary, clauseOf(f, s))
			}
		}
	}
	for _, list := range [][]Clause{e.Trust, e.Allow, e.Deny, e.Boundary} {
		slices.SortStableFunc(list, compareClauses)
	}
	slices.Sort(e.Cut)
	e.Cut = slices.Compact(e.Cut)
	return e, nil
}

// add takes a statement in, as far as the boundary lets it.
func (e *Effective) add(f found, s *authz.Statement, boundary []*authz.Policy) {
	c := clauseOf(f, s)
	if s.Effect == policy.Deny {
		e.Deny = append(e.Deny, c)
		return
	}
	if len(boundary) > 0 && len(s.Actions) > 0 {
		within, cut := split(s.Actions, func(action string) bool { return bounded(boundary, action) })
		e.Cut = append(e.Cut, cut...)
		if c.Actions = within; len(within) == 0 {
			return
		}
	}
	e.Allow = append(e.Allow, c)
}

func split[T any](list []T, keep func(T) bool) (kept, rest []T) {
	for _, item := range list {
		if keep(item) {
			kept = append(kept, item)
		} else {
			rest = append(rest, item)
		}
	}
	return kept, rest
}

// bounded reports whether a boundary allows something of an action pattern.
func bounded(boundary []*authz.Policy, action string) bool {
	for _, p := range boundary {
		for i := range p.Statements {
			s := &p.Statements[i]
			if s.Effect == policy.Deny {
				continue
			}
			if len(s.NotActions) > 0 || slices.ContainsFunc(s.Actions, func(a string) bool {
				return authz.Overlap(strings.ToLower(a), strings.ToLower(action))
			}) {
				return true
			}
		}
	}
	return false
}

func clauseOf(f found, s *authz.Statement) Clause {
	c := Clause{
		Actions: shownAll(f, s.Actions), AllBut: shownAll(f, s.NotActions), Resources: shownAll(f, s.Resources), Outside: shownAll(f, s.NotResources),
		From: symbol.Show(s.String()),
	}
	for _, who := range s.Principals {
		c.Who = append(c.Who, symbol.Show(f.concrete(who.Value)))
	}
	for _, who := range s.NotPrincipals {
		c.Who = append(c.Who, "everybody but "+symbol.Show(f.concrete(who.Value)))
	}
	for _, condition := range s.Conditions {
		c.Conditions = append(c.Conditions, condition.Operator+" "+condition.Key+": "+strings.Join(shownAll(f, condition.Values), ", "))
	}
	for _, list := range [][]string{c.Actions, c.AllBut, c.Resources, c.Outside, c.Who, c.Conditions} {
		slices.Sort(list)
	}
	return c
}

func shownAll(f found, list []string) []string {
	var shown []string
	for _, text := range list {
		shown = append(shown, symbol.Show(f.concrete(text)))
	}
	return shown
}

func compareClauses(a, b Clause) int {
	return cmp.Or(slices.Compare(a.Actions, b.Actions), slices.Compare(a.Resources, b.Resources), strings.Compare(a.From, b.From))
}
