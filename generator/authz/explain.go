package authz

import (
	"slices"

	"github.com/foldstack/foldstack/generator/policy"
)

// Explanation tells how a case was decided.
type Explanation struct {
	Case     *Case
	Decision Decision
	Asked    []Asked // every kind of policy that had a say, in AWS's order
}

// Asked is what the policies of one kind said; of Organization those of one level.
type Asked struct {
	Kind     Kind
	Policies []*Policy
	By       *Report     // the statement that denies, or that allows; nil where none does
	Missing  bool        // one of them would have had to allow the request
	Nearest  *Report     // where one is missing: the statement that came nearest
	Add      *Suggestion // where one is missing
}

// Explain decides a case and tells why.
func Explain(c *Case) *Explanation {
	e := evaluation{Case: c, call: newCall(&c.Request)}
	e.call.bounded = len(c.Boundary) > 0
	x := &Explanation{Case: c, Decision: Evaluate(c)}
	ask := func(kind Kind, policies []*Policy) { x.Asked = append(x.Asked, x.ask(&e, kind, policies)) }
	if e.call.caller.identity != service {
		for _, level := range c.Organization {
			ask(Organization, level)
		}
		if len(c.Boundary) > 0 {
			ask(Boundary, c.Boundary)
		}
		if len(c.Session) > 0 {
			ask(Session, c.Session)
		}
		ask(Identity, c.Identity)
	}
	if kind := e.resourceKind(); len(c.Resource) > 0 || slices.Contains(x.Decision.Missing, kind) {
		ask(kind, c.Resource)
	}
	return x
}

func (x *Explanation) ask(e *evaluation, kind Kind, policies []*Policy) Asked {
	a := Asked{Kind: kind, Policies: policies, By: x.decisive(e.call, policies)}
	a.Missing = a.By == nil && slices.Contains(x.Decision.Missing, kind)
	if kind == Organization && x.Decision.Verdict == ImplicitDeny {
		a.Missing = e.allowedBy(policies) == nil
	}
	if r := nearest(e.call, policies); a.By == nil && !a.Missing && x.Decision.Verdict == ImplicitDeny && r != nil && r.matches() {
		a.By = r // it would be enough, were nothing else missing
	}
	if a.Missing {
		a.Nearest = nearest(e.call, policies)
		a.Add = e.suggest(kind, a.Nearest, policies)
	}
	return a
}

// decisive is the report of the statement that the decision rests on, among some
// policies.
func (x *Explanation) decisive(c *call, policies []*Policy) *Report {
	for _, m := range x.Decision.By {
		if slices.Contains(policies, m.Statement.Policy) {
			r := reportOf(m.Statement.compiled(), c)
			return &r
		}
	}
	return nil
}

// nearest is the report of the statement that allows something, is about the action if
// one is, and misses the fewest parts.
func nearest(c *call, policies []*Policy) *Report {
	var best *Report
	for _, p := range policies {
		for _, s := range p.read().statements {
			if s.effect() != policy.Allow {
				continue
			}
			if r := reportOf(s, c); best == nil || r.distance() < best.distance() {
				best = &r
			}
		}
	}
	return best
}
