package proof

import (
	"maps"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/symbol"
)

// localities are the statements of a class's policies that tell its regions apart: they
// name one. Everything else is said of all regions at once.
type localities struct {
	regions    []string // of the members, where there are several members
	statements map[*authz.Policy][]*authz.Statement
}

// localities finds what names a region of the members.
func (g *register) localities(members []Member) localities {
	l := localities{statements: map[*authz.Policy][]*authz.Statement{}}
	if len(members) < 2 {
		return l
	}
	for _, m := range members {
		if !slices.Contains(l.regions, m.Region) {
			l.regions = append(l.regions, m.Region)
		}
	}
	for _, c := range g.callers {
		for _, p := range slices.Concat(c.identity, c.boundary) {
			if _, known := l.statements[p]; !known {
				l.statements[p] = l.naming(p)
			}
		}
	}
	maps.DeleteFunc(l.statements, func(_ *authz.Policy, list []*authz.Statement) bool { return len(list) == 0 })
	return l
}

// naming are the statements of a policy that name a region as a resource.
func (l *localities) naming(p *authz.Policy) []*authz.Statement {
	var list []*authz.Statement
	for i := range p.Statements {
		s := &p.Statements[i]
		if slices.ContainsFunc(s.Resources, func(resource string) bool {
			return slices.ContainsFunc(l.regions, func(region string) bool { return strings.Contains(resource, region) })
		}) {
			list = append(list, s)
		}
	}
	return list
}

// haveASay reports whether some of the policies treat an action by region.
func (l *localities) haveASay(policies []*authz.Policy, action string) bool {
	for _, p := range policies {
		if slices.ContainsFunc(l.statements[p], func(s *authz.Statement) bool { return about(s, action) }) {
			return true
		}
	}
	return false
}

// byRegion is the question, or, where a policy of the caller names a region, the question
// for the members of each.
func (q *question) byRegion() []*question {
	if !q.differs() {
		return []*question{q}
	}
	byRegion := map[string][]Member{}
	for _, m := range q.targets {
		byRegion[m.Region] = append(byRegion[m.Region], m)
	}
	var list []*question
	for _, region := range q.scope.local.regions {
		if members := byRegion[region]; len(members) > 0 {
			list = append(list, q.in(region, members))
		}
	}
	return list
}

func (q *question) differs() bool {
	if q.caller == nil || len(q.scope.local.statements) == 0 {
		return false
	}
	l := &q.scope.local
	return l.haveASay(q.identity, q.request.Action) || l.haveASay(q.caller.boundary, q.request.Action)
}

// in is a question of a class as the members of a region ask it.
func (q *question) in(region string, members []Member) *question {
	one := *q
	one.member, one.targets, one.within = &Member{Account: symbol.New(Account), Region: region}, members, true
	one.request = one.member.request(q.request)
	return &one
}
