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

	// Those of an organisation may name accounts as well, and anywhere.
	organization map[*authz.Policy][]*authz.Statement
}

// localities finds what names a region of the members.
func (s *scope) localities(members []Member) localities {
	l := localities{statements: map[*authz.Policy][]*authz.Statement{}, organization: map[*authz.Policy][]*authz.Statement{}}
	if len(members) < 2 {
		return l
	}
	for _, m := range members {
		if !slices.Contains(l.regions, m.Region) {
			l.regions = append(l.regions, m.Region)
		}
	}
	for _, o := range s.organizations {
		for _, p := range slices.Concat(o.levels...) {
			l.organization[p] = naming(p, func(text string) bool {
				return slices.ContainsFunc(members, func(m Member) bool { return strings.Contains(text, m.Account) || strings.Contains(text, m.Region) })
			})
		}
	}
	inRegion := func(text string) bool {
		return slices.ContainsFunc(l.regions, func(region string) bool { return strings.Contains(text, region) })
	}
	for _, c := range s.callers {
		for _, p := range slices.Concat(c.identity, c.boundary) {
			if _, known := l.statements[p]; !known {
				l.statements[p] = naming(p, inRegion)
			}
		}
	}
	maps.DeleteFunc(l.statements, func(_ *authz.Policy, list []*authz.Statement) bool { return len(list) == 0 })
	return l
}

// naming are the statements of a policy in which a text names something.
func naming(p *authz.Policy, names func(text string) bool) []*authz.Statement {
	var list []*authz.Statement
	for i := range p.Statements {
		s := &p.Statements[i]
		if slices.ContainsFunc(s.Resources, names) || slices.ContainsFunc(s.NotResources, names) ||
			slices.ContainsFunc(s.Conditions, func(c authz.Condition) bool { return slices.ContainsFunc(c.Values, names) }) {
			list = append(list, s)
		}
	}
	return list
}

// haveASay reports whether some of the policies treat an action by where it is done.
func haveASay(statements map[*authz.Policy][]*authz.Statement, policies []*authz.Policy, action string) bool {
	for _, p := range policies {
		if slices.ContainsFunc(statements[p], func(s *authz.Statement) bool { return about(s, action) }) {
			return true
		}
	}
	return false
}

// byPlace adds the question; or, where a policy of the caller names a region, the question
// for the members of each, and where one of the organisation names anything of a member,
// for each member.
func (q *question) byPlace(list []*question) []*question {
	switch {
	case q.differsByMember():
		for i, m := range q.targets {
			list = append(list, q.in(m, q.targets[i:i+1]))
		}
	case q.differsByRegion():
		byRegion := map[string][]Member{}
		for _, m := range q.targets {
			byRegion[m.Region] = append(byRegion[m.Region], m)
		}
		for _, region := range q.scope.local.regions {
			if members := byRegion[region]; len(members) > 0 {
				list = append(list, q.in(Member{Account: symbol.New(Account), Region: region}, members))
			}
		}
	default:
		list = append(list, q)
	}
	return list
}

func (q *question) differsByMember() bool {
	known := q.scope.local.organization
	return len(known) > 0 && haveASay(known, slices.Concat(q.levels...), q.request.Action)
}

func (q *question) differsByRegion() bool {
	known := q.scope.local.statements
	return q.caller != nil && len(known) > 0 &&
		(haveASay(known, q.identity, q.request.Action) || haveASay(known, q.caller.boundary, q.request.Action))
}

// in is a question of a class as some of its members ask it.
func (q *question) in(m Member, members []Member) *question {
	one := *q
	one.member, one.targets, one.within = &m, members, true
	one.request = m.request(q.request)
	return &one
}
