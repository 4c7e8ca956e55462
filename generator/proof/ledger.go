package proof

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/symbol"
)

// ledger notes what demands make of one statement of a document, in all places where the
// document stands. A grant is an action on a resource by a principal; where a statement
// names no resource or no principal there is one of it that has no name.
type ledger struct {
	document  *Document
	statement *authz.Statement // in the first place

	served    []bool           // by grant: some demand needs it
	open      []*demand.Demand // by resource that lies in any account: the first demand that allows it
	tight     []bool           // by grant: and its resource is no wider than the demand allows
	declared  []bool           // by action: its wildcard stands in a demand, too
	narrow    []bool           // by principal: nobody but who demands
	limited   [][]limit
	demanded  map[string]bool // keys that a condition has to be on
	asked     []string        // kinds of resources of the demands that it serves
	resources []string        // that demands name, for a hint
	load      []bool          // of a Deny, by action: without it something would pass

	inclusions map[[2]string]bool // see includes
}

// limit is what demands make of one value of a condition.
type limit struct {
	used     bool // some demand has it
	included bool // and it is no wider than what demands have
}

func newLedger(d *Document, s *authz.Statement) *ledger {
	l := &ledger{document: d, statement: s, demanded: map[string]bool{}, inclusions: map[[2]string]bool{}}
	n := len(actionsOf(s)) * len(resourcesOf(s)) * len(principalsOf(s))
	l.served, l.tight = make([]bool, n), make([]bool, n)
	l.narrow, l.open = make([]bool, len(principalsOf(s))), make([]*demand.Demand, len(resourcesOf(s)))
	l.load, l.declared = make([]bool, len(actionsOf(s))), make([]bool, len(actionsOf(s)))
	l.limited = make([][]limit, len(s.Conditions))
	for i := range s.Conditions {
		l.limited[i] = make([]limit, len(s.Conditions[i].Values))
	}
	return l
}

// fits reports whether a statement can be entered: it has as many parts as the first.
func (l *ledger) fits(s *authz.Statement) bool {
	return len(l.served) == len(actionsOf(s))*len(resourcesOf(s))*len(principalsOf(s)) && len(resourcesOf(s)) == len(resourcesOf(l.statement)) &&
		len(principalsOf(s)) == len(principalsOf(l.statement)) && slices.EqualFunc(s.Conditions, l.statement.Conditions, func(a, b authz.Condition) bool {
		return a.Operator == b.Operator && a.Key == b.Key && len(a.Values) == len(b.Values)
	})
}

// grant is the number of a grant.
func (l *ledger) grant(action, resource, principal int) int {
	return (action*len(resourcesOf(l.statement))+resource)*len(principalsOf(l.statement)) + principal
}

// actionsOf are the actions of a statement; of one with NotAction the one thing that it
// says of them.
func actionsOf(s *authz.Statement) []string {
	if len(s.NotActions) > 0 {
		return []string{"*"}
	}
	return s.Actions
}

func resourcesOf(s *authz.Statement) []string {
	switch {
	case len(s.NotResources) > 0:
		return []string{"*"}
	case len(s.Resources) == 0: // of a resource's policy: the resource
		return []string{""}
	}
	return s.Resources
}

var nobody = []authz.Principals{{}}

func principalsOf(s *authz.Statement) []authz.Principals {
	switch {
	case len(s.NotPrincipals) > 0:
		return []authz.Principals{{Type: "*", Value: "*"}}
	case len(s.Principals) == 0:
		return nobody
	}
	return s.Principals
}

// enter notes what a question makes of a statement that allows and matches it.
func (l *ledger) enter(s *authz.Statement, actions []int, q *question) {
	served := false
	for _, a := range actions {
		for r, resource := range resourcesOf(s) {
			itself := ownResource(s, resource, q)
			if !itself && !matchesResource(s, resource, q) {
				continue
			}
			opens := !itself && l.open[r] == nil && (resource == "*" || arn.Account(resource) == "*")
			fits := itself || !opens && l.isTight(a, r) || l.within(resource, q)
			if fits && opens {
				l.open[r] = q.demands[0]
			}
			for n, p := range principalsOf(s) {
				if !names(p, q.request) {
					continue
				}
				g := l.grant(a, r, n)
				l.served[g] = true
				l.declared[a] = l.declared[a] || symbol.In(q.request.Action)
				l.tight[g] = l.tight[g] || fits
				l.narrow[n] = l.narrow[n] || covers(q, s, p)
				served = true
			}
		}
	}
	if served {
		l.note(s, q)
	}
}

// note keeps what the question says of conditions and for hints.
func (l *ledger) note(s *authz.Statement, q *question) {
	for _, d := range q.demands {
		for _, key := range d.Narrowed {
			if key != principalKey { // who calls is a matter of principals
				l.demanded[key] = true
			}
		}
	}
	for i := range s.Conditions {
		c := &s.Conditions[i]
		for v := range c.Values {
			at := &l.limited[i][v]
			if at.included || at.used && !l.bounds(c.Key) || !holds(c, v, q) {
				continue
			}
			at.used, at.included = true, allows(c, c.Values[v], q)
		}
	}
	if kind := kindOf(q.request.Resource); !slices.Contains(l.asked, kind) {
		l.asked = append(l.asked, kind)
	}
	for _, resource := range q.resources() {
		if len(l.resources) < shownResources && !slices.Contains(l.resources, resource) {
			l.resources = append(l.resources, resource)
		}
	}
}

// bounds reports whether the values of a key may be no wider than those of demands.
func (l *ledger) bounds(key string) bool {
	key = strings.ToLower(key)
	return key == principalKey || l.demanded[key]
}

// shownResources is how many resources a hint names.
const shownResources = 2

// done reports whether no question about these actions can change anything here.
func (l *ledger) done(actions []int) bool {
	s := l.statement
	if len(s.Conditions) > 0 || len(s.Principals) > 0 {
		return false
	}
	for _, a := range actions {
		for r := range resourcesOf(s) {
			if !l.tight[l.grant(a, r, 0)] {
				return false
			}
		}
	}
	return true
}

// ownResource reports whether what a resource's policy says of resources is the resource
// that it belongs to. A bucket's has to say which part of it is meant.
func ownResource(s *authz.Statement, resource string, q *question) bool {
	switch {
	case len(s.NotResources) > 0 || !s.Policy.Kind.OfResource():
		return false
	case resource == "":
		return true
	}
	return resource == "*" && q.owner != nil && !strings.HasPrefix(q.owner.Type, "AWS::S3::")
}

func matchesResource(s *authz.Statement, resource string, q *question) bool {
	return len(s.NotResources) > 0 || resource == "*" || authz.Matches(resource, q.request.Resource) || strings.Contains(resource, "${")
}

// within reports whether a resource is no wider than one of the demands allows.
func (l *ledger) within(resource string, q *question) bool {
	if q.family != nil {
		return slices.ContainsFunc(q.family.widest(), func(wide string) bool { return l.includes(q.here(wide), resource) })
	}
	for _, d := range q.demands {
		if len(d.Within) == 0 && l.includes(q.opened(q.resourceOf(d)), resource) {
			return true
		}
		for _, wide := range d.Within {
			if l.includes(q.here(wide), resource) {
				return true
			}
		}
	}
	return false
}

// includes is [authz.Includes], asked once: demands that differ seldom differ in how wide
// a grant may be.
func (l *ledger) includes(wide, narrow string) bool {
	key := [2]string{wide, narrow}
	known, ok := l.inclusions[key]
	if !ok {
		known = authz.Includes(wide, narrow)
		l.inclusions[key] = known
	}
	return known
}

// isTight reports whether the resource of an action is no wider than what is demanded,
// whoever the principal.
func (l *ledger) isTight(action, resource int) bool {
	for n := range principalsOf(l.statement) {
		if !l.tight[l.grant(action, resource, n)] {
			return false
		}
	}
	return true
}

// resourceOf is the resource that a demand of the question names: an alias is no resource.
func (q *question) resourceOf(d *demand.Demand) string {
	if q.member == nil {
		return q.request.Resource
	}
	return withoutDigest(d.Resource)
}

// here is a text of the question's estate as it reads where the question is asked.
func (q *question) here(text string) string {
	if q.member == nil {
		return text
	}
	return q.member.in(text)
}

// opened is a text with an asterisk for each symbol but the account: what only the
// deployment can tell, and in which region a target lies, a policy may leave open.
func (q *question) opened(text string) string {
	return q.here(symbol.Map(text, func(name string) string {
		if name == Account {
			return symbol.New(name)
		}
		return "*"
	}))
}

// names reports whether a principal of a statement is who calls.
func names(p authz.Principals, r authz.Request) bool {
	switch {
	case p == nobody[0], p.Value == r.Principal.ARN && p.Value != "":
		return true
	case p.Type == "AWS" && len(p.Value) == accountLength:
		return r.Principal.Service == "" && p.Value == arn.Account(r.Principal.ARN)
	}
	s := authz.Statement{Effect: policy.Allow, Principals: []authz.Principals{p}, Actions: []string{"*"}}
	return s.Matches(&r)
}

// accountLength is how many digits the id of an account has.
//
// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
const accountLength = 12

// covers reports whether a principal, as far as the statement's conditions on who calls
// let it, is nobody but who demands.
func covers(q *question, s *authz.Statement, p authz.Principals) bool {
	if p == nobody[0] || p.Type == "Service" {
		return true
	}
	if p.Value == q.request.Principal.ARN {
		return true
	}
	for _, c := range s.Conditions {
		if !strings.EqualFold(c.Key, principalKey) || !positive(c.Operator) {
			continue
		}
		// The values are held against those of the demands. Which account an asterisk
		// means only the principal can say.
		return p.Value != "*" || !slices.ContainsFunc(c.Values, func(v string) bool { return strings.ContainsAny(arn.Account(v), "*?") || arn.Account(v) == "" })
	}
	return false
}
