package proof

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
)

// book is the ledgers of a document.
type book struct {
	ledgers []*ledger
	of      map[*authz.Statement]*ledger // of every statement as written
	hits    map[hitKey][]hit
}

type hitKey struct {
	policy *authz.Policy
	action string
}

// hit is a statement that is about an action, and which of its actions are.
type hit struct {
	statement int
	actions   []int
}

// hitsOf are the statements of a policy that are about an action.
func (b *book) hitsOf(p *authz.Policy, action string) []hit {
	key := hitKey{p, action}
	if known, ok := b.hits[key]; ok {
		return known
	}
	var hits []hit
	for i := range p.Statements {
		h := hit{statement: i}
		for a, pattern := range actionsOf(&p.Statements[i]) {
			if len(p.Statements[i].NotActions) > 0 || matchesAction(pattern, action) {
				h.actions = append(h.actions, a)
			}
		}
		if len(h.actions) > 0 {
			hits = append(hits, h)
		}
	}
	b.hits[key] = hits
	return hits
}

// matchesAction is [authz.MatchesAction], quicker where the pattern is an action.
func matchesAction(pattern, action string) bool {
	if strings.ContainsAny(pattern, "*?") {
		return authz.MatchesAction(pattern, action)
	}
	return strings.EqualFold(pattern, action)
}

// newBook opens a ledger for each statement. Places in which a statement reads otherwise,
// because a condition of the template adds to it, share one where it has as many parts.
func newBook(d *Document, c changes) *book {
	b := &book{of: map[*authz.Statement]*ledger{}, hits: map[hitKey][]hit{}}
	for _, p := range d.policies {
		p = c.of(p)
		for i := range p.Statements {
			s := &p.Statements[i]
			if d.Kind == authz.Boundary && s.Effect != policy.Deny {
				continue
			}
			at := slices.IndexFunc(b.ledgers, func(l *ledger) bool {
				return l.statement.Index == s.Index && l.statement.Effect == s.Effect && l.fits(s)
			})
			if at < 0 {
				at, b.ledgers = len(b.ledgers), append(b.ledgers, newLedger(d, s))
			}
			b.of[s] = b.ledgers[at]
		}
	}
	return b
}

// seen is a policy as a question is put to it, and as it is written.
type seen struct{ asked, written *authz.Policy }

// statement is one of the written statements as the question is put to it; nil where it
// has no bearing.
func (s seen) statement(index int) *authz.Statement {
	from, ok := s.asked.Source.(*lifted)
	if !ok {
		return &s.asked.Statements[index]
	}
	if at := slices.Index(from.statements, index); at >= 0 {
		return &s.asked.Statements[at]
	}
	return nil
}

// seen are the policies of a document to which the question is put.
func (q *question) seen(d *Document, c changes) []seen {
	var list []seen
	add := func(p *authz.Policy, ofClass bool) {
		if s := sourceOf(p); s == nil || s.document != d {
			return
		}
		written := c.of(p)
		asked := written
		if ofClass && q.member != nil {
			asked = q.lifted(p, c, false)
		}
		list = append(list, seen{asked, written})
	}
	if q.caller != nil {
		for _, p := range q.identity {
			add(p, true)
		}
		for _, p := range q.caller.boundary {
			add(p, true)
		}
	}
	for _, p := range q.resource {
		add(p, q.within)
	}
	return list
}

// enter notes what a question makes of a policy.
func (b *book) enter(p seen, q *question, c changes) {
	forbidden := q.demands[0].Forbidden
	for _, h := range b.hitsOf(p.written, q.request.Action) {
		l, s := b.of[&p.written.Statements[h.statement]], p.statement(h.statement)
		if l == nil || s == nil || (s.Effect == policy.Deny) != forbidden {
			continue
		}
		switch {
		case forbidden:
			l.enterDeny(s, h.actions, q, c)
		case !l.done(h.actions) && s.Matches(&q.request):
			l.enter(s, h.actions, q)
		}
	}
}
