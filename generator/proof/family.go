package proof

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/symbol"
)

// family is demands that are alike, put as one question about the name that stands for
// all of theirs. What is allowed by policies that know no single one of them is allowed
// for each.
type family struct {
	demand *demand.Demand
	each   []demand.Demand
	within []string // what grants may name that are wider than one of them
}

// put makes the questions of a demand of a class, or hands it on where it reaches out.
func (s *scope) put(d *demand.Demand, c *Class, out *bundles) []*question {
	if len(d.Alike) == 0 {
		return s.putAlone(d, c, out)
	}
	f := &family{demand: d}
	var list []*question
	each := d.Each()
	for i := range each {
		if s.isAnybody(&each[i], c) {
			f.each = append(f.each, each[i])
			continue
		}
		list = append(list, s.putAlone(&each[i], c, out)...)
	}
	switch len(f.each) {
	case 0:
		return list
	case 1:
		return append(list, s.putAlone(&f.each[0], c, out)...)
	}
	f.widen()
	request := d.Request
	request.Resource = strings.ReplaceAll(d.Family, "*", symbol.New("any"))
	for _, q := range s.inClass([]*demand.Demand{d}, request) {
		q.family = f
		list = append(list, q)
	}
	return list
}

func (s *scope) putAlone(d *demand.Demand, c *Class, out *bundles) []*question {
	if !s.staysIn(d.Request, c) {
		out.add(d)
		return nil
	}
	return s.inClass([]*demand.Demand{d}, d.Request)
}

// isAnybody reports whether a demand of a family can be answered with the others: its
// resource is in the class and has no policy of its own that is about the action.
func (s *scope) isAnybody(d *demand.Demand, c *Class) bool {
	switch {
	case len(d.Within) == 0, d.Forbidden, taking[d.Action], guarded(d.Resource) && serviceOf(d.Resource) == "kms":
		return false
	case accountOf(d.Resource) != callerAccount(d.Request):
		return false
	}
	at, known := s.sites[d.Resource]
	if !known {
		at = site{inside: s.staysIn(d.Request, c), policies: s.policiesOf(d.Request, s.owner(d.Resource))}
		s.sites[d.Resource] = at
	}
	return at.inside && !slices.ContainsFunc(at.policies, func(p *authz.Policy) bool {
		return slices.ContainsFunc(p.Statements, func(st authz.Statement) bool { return about(&st, d.Action) })
	})
}

// site is a resource that the demands of families name.
type site struct {
	inside   bool
	policies []*authz.Policy
}

// widen finds what grants may name beyond the name of one. A pattern that matches what
// stands for all names is no narrower than a name.
func (f *family) widen() {
	last := ""
	for i := range f.each {
		for _, pattern := range f.each[i].Within {
			if pattern != last && strings.ContainsAny(part(pattern+":", 5), "*?") && !slices.Contains(f.within, pattern) {
				f.within = append(f.within, pattern)
			}
			last = pattern
		}
	}
}

// size is how many demands a question is.
func (q *question) size() int {
	if q.family != nil {
		return len(q.family.each)
	}
	return len(q.demands)
}

// alone are the questions of a family, one for each demand.
func (q *question) alone() []*question {
	list := make([]*question, len(q.family.each))
	for i := range q.family.each {
		d := &q.family.each[i]
		one := &question{demands: []*demand.Demand{d}, request: d.Request, targets: q.targets, scope: q.scope, levels: q.levels}
		one.resolve(q.scope)
		if q.member != nil {
			one = one.in(q.member.Region, q.targets)
		}
		list[i] = one
	}
	return list
}

// divided reports whether a policy of the caller treats some of a family unlike others.
func (q *question) divided(c changes) bool {
	asked := q.caseOf(c, false)
	divides := func(p *authz.Policy) bool {
		return slices.ContainsFunc(p.Statements, func(s authz.Statement) bool {
			return about(&s, q.request.Action) && (slices.ContainsFunc(s.Resources, q.isPart) || slices.ContainsFunc(s.NotResources, q.isPart))
		})
	}
	return slices.ContainsFunc(asked.Identity, divides) || slices.ContainsFunc(asked.Boundary, divides) ||
		slices.ContainsFunc(asked.Organization, func(level []*authz.Policy) bool { return slices.ContainsFunc(level, divides) })
}

// isPart reports whether a resource of a policy is some of a family, and not what stands
// for all.
func (q *question) isPart(resource string) bool {
	switch {
	case resource == "*" || authz.Matches(resource, q.request.Resource):
		return false
	case strings.Contains(resource, "${"):
		return true
	}
	return authz.MatchesSome(resource, func(yield func(string) bool) {
		for i := range q.family.each {
			if !yield(q.here(q.family.each[i].Resource)) {
				return
			}
		}
	})
}

// resources are those that a question is about, as far as people are shown them.
func (q *question) resources() []string {
	if q.family == nil {
		return []string{q.request.Resource}
	}
	var list []string
	for i := range q.family.each[:min(len(q.family.each), shownResources)] {
		list = append(list, q.here(q.family.each[i].Resource))
	}
	return list
}
