package proof

import (
	"slices"
	"strings"
	"sync"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/symbol"
)

// family is demands that are alike, put as one question about the name that stands for
// all of theirs. What is allowed by policies that know no single one of them is allowed
// for each.
type family struct {
	demand  *demand.Demand
	lineup  *lineup
	members []int           // of those that the demand stands for
	widest  func() []string // what grants may name that is wider than one of them
}

// put adds the questions of a demand of a class, or hands it on where it reaches out.
func (s *scope) put(list []*question, d *demand.Demand, c *Class, out *bundles) []*question {
	if len(d.Alike) == 0 {
		return s.putAlone(list, d, c, out)
	}
	f := &family{demand: d, lineup: s.lineupOf(d, c)}
	members, others := f.lineup.split(d)
	if len(members) == 1 {
		members, others = nil, append(others, members...)
	}
	for _, n := range others {
		one := d.Nth(n)
		list = s.putAlone(list, &one, c, out)
	}
	if len(members) == 0 {
		return list
	}
	f.members = members
	f.widest = sync.OnceValue(f.wider)
	request := d.Request
	request.Resource = strings.ReplaceAll(d.Family, "*", symbol.New("any"))
	q := s.question(d, request)
	q.family = f
	return q.forMembers(list)
}

func (s *scope) putAlone(list []*question, d *demand.Demand, c *Class, out *bundles) []*question {
	q := s.question(d, d.Request)
	if q.owner == nil && s.reachesOut(d.Resource, c) {
		out.add(d)
		return list
	}
	return q.forMembers(list)
}

// lineup is the resources of a family. Those of one action are often those of the next.
type lineup struct {
	account   string // that asks
	resources []string
	sites     []site
	all       []int    // numbers every resource, where no site is special
	parts     sync.Map // see isPart
}

// site is a resource that the demands of families name.
type site struct {
	plain    bool            // in the class, and no key
	policies []*authz.Policy // of its own
}

// lineupOf is the resources of a family, which those of other actions share.
func (s *scope) lineupOf(d *demand.Demand, c *Class) *lineup {
	account := callerAccount(d.Request)
	for _, l := range s.lineups[d.Resource] {
		if l.account == account && l.isOf(d) {
			return l
		}
	}
	count := 1 + len(d.Alike)
	l := &lineup{account: account, resources: make([]string, count), sites: make([]site, count), all: make([]int, count)}
	special := false
	for n := range count {
		resource, _ := d.On(n)
		at := s.site(resource, account, c)
		l.resources[n], l.sites[n], l.all[n] = resource, at, n
		special = special || !at.plain || len(at.policies) > 0
	}
	if special {
		l.all = nil
	}
	s.lineups[d.Resource] = append(s.lineups[d.Resource], l)
	return l
}

func (l *lineup) isOf(d *demand.Demand) bool {
	if len(l.resources) != 1+len(d.Alike) {
		return false
	}
	for n, known := range l.resources {
		if resource, _ := d.On(n); resource != known {
			return false
		}
	}
	return true
}

func (s *scope) site(resource, account string, c *Class) site {
	owner := s.owner(resource)
	a, _ := arn.Parse(resource)
	return site{
		plain:    a.Account == account && a.Service != "kms" && (owner != nil || !s.reachesOut(resource, c)),
		policies: s.attached(resource, owner),
	}
}

// treats reports whether a policy of the resource itself is about an action.
func (at *site) treats(action string) bool {
	return slices.ContainsFunc(at.policies, func(p *authz.Policy) bool {
		return hasStatement(p, func(s *authz.Statement) bool { return about(s, action) })
	})
}

// split finds the demands of a family that can be answered together: the resource is in
// the class and has no policy of its own that is about the action.
func (l *lineup) split(d *demand.Demand) (members, others []int) {
	open := slices.ContainsFunc(d.Alike, func(a demand.Alike) bool { return len(a.Within) == 0 }) || len(d.Within) == 0
	apart := open || d.Forbidden || taking[d.Action]
	if l.all != nil && !apart {
		return l.all, nil
	}
	for n := range l.sites {
		at := &l.sites[n]
		if apart || !at.plain || !creating[d.Action] && at.treats(d.Action) {
			others = append(others, n)
		} else {
			members = append(members, n)
		}
	}
	return members, others
}

// wider is what grants may name beyond the name of one. A pattern that matches what stands
// for all names is no narrower than a name.
func (f *family) wider() []string {
	var list []string
	last := ""
	account := ":" + callerAccount(f.demand.Request) + ":"
	for _, n := range f.members {
		_, within := f.demand.On(n)
		for _, pattern := range within {
			if pattern == last {
				continue
			}
			last = pattern
			if _, name, ok := strings.Cut(pattern, account); ok && !strings.ContainsAny(name, "*?") || slices.Contains(list, pattern) {
				continue
			}
			list = append(list, pattern)
		}
	}
	return list
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
			one = one.in(*q.member, q.targets)
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
	if len(q.family.members) < len(q.family.lineup.resources) {
		return q.matchesSome(resource)
	}
	key := [3]string{resource, q.here(symbol.New(Account)), q.here(symbol.New(Region))}
	known, ok := q.family.lineup.parts.Load(key)
	if !ok {
		known, _ = q.family.lineup.parts.LoadOrStore(key, q.matchesSome(resource))
	}
	return known.(bool)
}

// matchesSome reports whether a resource of a policy is one of a family.
func (q *question) matchesSome(resource string) bool {
	return authz.MatchesSome(resource, func(yield func(string) bool) {
		for _, n := range q.family.members {
			if !yield(q.here(q.family.lineup.resources[n])) {
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
