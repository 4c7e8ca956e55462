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
	demand  *demand.Demand
	members []int    // of those that the demand stands for
	within  []string // what grants may name that are wider than one of them
}

// put makes the questions of a demand of a class, or hands it on where it reaches out.
func (s *scope) put(d *demand.Demand, c *Class, out *bundles) []*question {
	if len(d.Alike) == 0 {
		return s.putAlone(d, c, out)
	}
	f := &family{demand: d}
	var list []*question
	alone := func(n int) {
		one := d.Nth(n)
		list = append(list, s.putAlone(&one, c, out)...)
	}
	for n := range 1 + len(d.Alike) {
		if s.isAnybody(d, n, c) {
			f.members = append(f.members, n)
		} else {
			alone(n)
		}
	}
	switch len(f.members) {
	case 0:
		return list
	case 1:
		alone(f.members[0])
		return list
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
func (s *scope) isAnybody(d *demand.Demand, n int, c *Class) bool {
	if d.Forbidden || taking[d.Action] {
		return false
	}
	resource, within := d.On(n)
	at, known := s.sites[resource]
	if !known {
		r := d.Request
		r.Resource = resource
		at.plain = s.staysIn(r, c) && accountOf(resource) == callerAccount(r) && serviceOf(resource) != "kms"
		at.policies = s.policiesOf(r, s.owner(resource))
		s.sites[resource] = at
	}
	return at.plain && len(within) > 0 && !slices.ContainsFunc(at.policies, func(p *authz.Policy) bool {
		return hasStatement(p, func(s *authz.Statement) bool { return about(s, d.Action) })
	})
}

// site is a resource that the demands of families name.
type site struct {
	plain    bool // in the class, and no key
	policies []*authz.Policy
}

// widen finds what grants may name beyond the name of one. A pattern that matches what
// stands for all names is no narrower than a name.
func (f *family) widen() {
	last := ""
	account := ":" + callerAccount(f.demand.Request) + ":"
	for _, n := range f.members {
		_, within := f.demand.On(n)
		for _, pattern := range within {
			if pattern == last {
				continue
			}
			last = pattern
			if _, name, ok := strings.Cut(pattern, account); ok && !strings.ContainsAny(name, "*?") || slices.Contains(f.within, pattern) {
				continue
			}
			f.within = append(f.within, pattern)
		}
	}
}

// size is how many demands a question is.
func (q *question) size() int {
	if q.family != nil {
		return len(q.family.members)
	}
	return len(q.demands)
}

// alone are the questions of a family, one for each demand.
func (q *question) alone() []*question {
	list := make([]*question, len(q.family.members))
	for i, n := range q.family.members {
		d := q.family.demand.Nth(n)
		one := &question{demands: []*demand.Demand{&d}, request: d.Request, targets: q.targets, scope: q.scope, levels: q.levels}
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
		return hasStatement(p, func(s *authz.Statement) bool {
			return about(s, q.request.Action) && (slices.ContainsFunc(s.Resources, q.isPart) || slices.ContainsFunc(s.NotResources, q.isPart))
		})
	}
	return slices.ContainsFunc(asked.Identity, divides) || slices.ContainsFunc(asked.Boundary, divides) ||
		slices.ContainsFunc(asked.Organization, func(level []*authz.Policy) bool { return slices.ContainsFunc(level, divides) })
}

func hasStatement(p *authz.Policy, is func(s *authz.Statement) bool) bool {
	for i := range p.Statements {
		if is(&p.Statements[i]) {
			return true
		}
	}
	return false
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
		for _, n := range q.family.members {
			if resource, _ := q.family.demand.On(n); !yield(q.here(resource)) {
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
	for _, n := range q.family.members[:min(len(q.family.members), shownResources)] {
		resource, _ := q.family.demand.On(n)
		list = append(list, q.here(resource))
	}
	return list
}
