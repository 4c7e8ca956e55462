package proof

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Surplus is a grant that no demand needs, or one that is wider than the demands which it
// serves; or a Deny without which nothing would be allowed that must be refused.
type Surplus struct {
	Document  *Document
	Statement string // how people find it
	Place     diag.Place
	What      Excess
	Text      string
	Hint      string
}

// Excess is what of a statement is too much.
type Excess string

// What can be too much.
const (
	OfStatement Excess = "statement"
	OfAction    Excess = "action"
	OfResource  Excess = "resource"
	OfPrincipal Excess = "principal"
	OfCondition Excess = "condition"
	OfDeny      Excess = "deny"
)

// Load counts what of the policies carries load.
type Load struct {
	Grants     Count // an action on a resource by a principal
	Statements Count
	Actions    Count
	Resources  Count
	Principals Count
	Conditions Count // values of conditions that narrow a grant
	Denies     Count // actions of statements that deny
}

// Count is how many of how many.
type Count struct{ Of, Carry int }

func (c *Count) add(carries bool) {
	c.Of++
	if carries {
		c.Carry++
	}
}

func (c *Count) sum(other Count) { c.Of, c.Carry = c.Of+other.Of, c.Carry+other.Carry }

func (l *Load) sum(o *Load) {
	l.Grants.sum(o.Grants)
	l.Statements.sum(o.Statements)
	l.Actions.sum(o.Actions)
	l.Resources.sum(o.Resources)
	l.Principals.sum(o.Principals)
	l.Conditions.sum(o.Conditions)
	l.Denies.sum(o.Denies)
}

// weight is what was found about one document.
type weight struct {
	surplus []Surplus
	kept    []Kept
	load    Load
}

// weigh holds every document against the demands that it has a say in.
func (p *Proof) weigh() {
	weights := make([]weight, len(p.documents.list))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, d := range p.documents.list {
		group.Go(func() error {
			weights[i] = p.weight(d, p.questionsOf(d), nil)
			return nil
		})
	}
	_ = group.Wait() // nothing fails
	for i := range weights {
		p.Surplus = append(p.Surplus, weights[i].surplus...)
		p.Kept = append(p.Kept, weights[i].kept...)
		p.Load.sum(&weights[i].load)
	}
}

func (p *Proof) questionsOf(d *Document) []*question {
	var list []*question
	for _, i := range p.asked[d] {
		list = append(list, p.answers[i].question)
	}
	return list
}

// weight holds one document against questions.
func (p *Proof) weight(d *Document, questions []*question, c changes) weight {
	b := newBook(d, c)
	for _, q := range questions {
		for _, pair := range q.seen(d, c) {
			b.enter(pair, q, c)
		}
	}
	w := weight{}
	for _, l := range b.ledgers {
		l.judge(&w, p.set.Reasons)
	}
	return w
}

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
	add := func(p *authz.Policy, byCaller bool) {
		if s := sourceOf(p); s == nil || s.document != d {
			return
		}
		written := c.of(p)
		asked := written
		if byCaller && q.member != nil {
			asked = q.scope.liftPolicy(written, *q.member, q.request.Action, len(c) > 0)
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
		add(p, false)
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

// enterDeny notes for each action of a Deny whether the request would pass without it.
func (l *ledger) enterDeny(s *authz.Statement, actions []int, q *question, c changes) {
	actions, _ = split(actions, func(a int) bool { return !l.load[a] })
	if len(actions) == 0 || !s.Matches(&q.request) {
		return
	}
	for _, a := range actions {
		l.load[a] = q.passesWithout(asWritten(s), a, c)
	}
}

// passesWithout reports whether a request is allowed once an action is taken out of a
// statement.
func (q *question) passesWithout(s *authz.Statement, action int, c changes) bool {
	statements := slices.Clone(s.Policy.Statements)
	if len(s.Actions) > 1 {
		statements[s.Index].Actions = slices.Delete(slices.Clone(s.Actions), action, action+1)
	} else {
		statements = slices.Delete(statements, s.Index, s.Index+1)
	}
	without := changes{}
	for from, to := range c {
		without[from] = to
	}
	changed := authz.New(s.Policy.Kind, s.Policy.Name, s.Policy.Version, statements, s.Policy.Source)
	without[s.Policy] = changed
	for from, to := range c {
		if to == s.Policy {
			without[from] = changed
		}
	}
	asked := q.caseOf(without, false)
	return authz.Evaluate(&asked).Verdict == authz.Allowed
}

// judge says what of a statement is too much.
func (l *ledger) judge(w *weight, reasons []Reason) {
	if l.statement.Effect == policy.Deny {
		l.judgeDeny(w)
		return
	}
	carries := slices.Contains(l.served, true)
	w.load.Statements.add(carries)
	if !carries {
		w.load.Grants.Of += len(l.served)
		w.report(l, OfStatement, nil, "remove it", "nothing needs %s", l.whole())
		return
	}
	reason := reasonFor(l, reasons)
	if reason != nil {
		w.keep(l, reason)
	}
	l.judgeActions(w, reason != nil)
	l.judgeResources(w)
	l.judgePrincipals(w, reason != nil)
	l.judgeGrants(w)
	l.judgeConditions(w)
}

func (l *ledger) judgeDeny(w *weight) {
	s := l.statement
	for a, action := range actionsOf(s) {
		w.load.Denies.add(l.load[a])
		if l.load[a] {
			continue
		}
		if len(s.NotActions) > 0 {
			action = "all but " + strings.Join(s.NotActions, ", ")
		}
		w.report(l, OfDeny, []string{"Action"}, "remove it, or say which request it is there to refuse", "without its Deny of %s nothing would be allowed that must be refused", action)
	}
}

func (l *ledger) judgeActions(w *weight, reasoned bool) {
	s := l.statement
	for a, action := range actionsOf(s) {
		carries := l.any(func(x, _, _ int) bool { return x == a })
		w.load.Actions.add(carries)
		switch {
		case len(s.NotActions) > 0:
			w.report(l, OfAction, []string{"NotAction"}, "name the actions that are needed", "it allows everything but %s", strings.Join(s.NotActions, ", "))
		case !carries:
			w.report(l, OfAction, []string{"Action"}, "remove the action", "nothing needs %s on %s", action, l.shownResources())
		case strings.ContainsAny(action, "*?") && !reasoned:
			w.report(l, OfAction, []string{"Action"}, "name the actions that are needed", "%s is wider than the actions that are needed", action)
		}
	}
}

func (l *ledger) judgeResources(w *weight) {
	for r, resource := range resourcesOf(l.statement) {
		carries := l.any(func(_, x, _ int) bool { return x == r })
		w.load.Resources.add(carries)
		if !carries {
			w.report(l, OfResource, []string{"Resource"}, "remove the resource", "nothing needs %s on %s", l.shownActions(), symbol.Show(resource))
		}
	}
}

func (l *ledger) judgePrincipals(w *weight, reasoned bool) {
	for n, p := range principalsOf(l.statement) {
		if p == nobody[0] {
			return
		}
		carries := l.any(func(_, _, x int) bool { return x == n })
		w.load.Principals.add(carries)
		switch {
		case !carries:
			w.report(l, OfPrincipal, []string{"Principal"}, "remove the principal", "nobody who is %s needs %s", symbol.Show(p.Value), l.shownActions())
		case !l.narrow[n] && !reasoned:
			w.report(l, OfPrincipal, []string{"Principal"}, "add a condition on aws:PrincipalArn with the roles that need it",
				"it lets everybody in who is %s", symbol.Show(p.Value))
		}
	}
}

// judgeGrants looks at each action on each resource by each principal. An action that
// has nothing to do with a kind of resource is no grant of it.
func (l *ledger) judgeGrants(w *weight) {
	s := l.statement
	for r, resource := range resourcesOf(s) {
		for n, p := range principalsOf(s) {
			var unneeded, wide []string
			for a, action := range actionsOf(s) {
				g := l.grant(a, r, n)
				if !l.served[g] && l.idle(a, r) {
					continue
				}
				w.load.Grants.add(l.served[g])
				switch {
				case l.served[g] && !l.tight[g]:
					wide = append(wide, action)
				case !l.served[g] && l.partly(a, r, n):
					unneeded = append(unneeded, action)
				}
			}
			if len(wide) > 0 {
				w.report(l, OfResource, []string{"Resource"}, "name what is needed: "+l.shownNeeds(), "%s is wider than what %s is needed on", symbol.Show(resource), some(wide))
			}
			if len(unneeded) > 0 {
				w.report(l, OfAction, []string{"Action"}, "make two statements of it", "nothing needs %s on %s%s", some(unneeded), symbol.Show(resource), by(p))
			}
		}
	}
}

// partly reports whether each part of a grant carries load in some other grant, so that
// nothing was said of it yet.
func (l *ledger) partly(action, resource, principal int) bool {
	return l.any(func(a, _, _ int) bool { return a == action }) && l.any(func(_, r, _ int) bool { return r == resource }) &&
		l.any(func(_, _, n int) bool { return n == principal })
}

func by(p authz.Principals) string {
	if p == nobody[0] {
		return ""
	}
	return " by " + symbol.Show(p.Value)
}

// idle reports whether an action does not apply to a resource of the statement, as far as
// demands tell: they name it on other kinds of resource only.
func (l *ledger) idle(action, resource int) bool {
	s := l.statement
	kind := kindOf(resourcesOf(s)[resource])
	for r, other := range resourcesOf(s) {
		for n := range principalsOf(s) {
			if l.served[l.grant(action, r, n)] && kindOf(other) == kind {
				return false
			}
		}
	}
	return l.any(func(_, r, _ int) bool { return r == resource }) && l.any(func(a, _, _ int) bool { return a == action })
}

func (l *ledger) judgeConditions(w *weight) {
	for i := range l.statement.Conditions {
		c := &l.statement.Conditions[i]
		if !positive(c.Operator) {
			continue
		}
		key := strings.ToLower(c.Key)
		for v, value := range c.Values {
			at := l.limited[i][v]
			w.load.Conditions.add(at.used)
			switch {
			case !at.used && !strings.HasSuffix(strings.ToLower(c.Operator), "ifexists"):
				w.report(l, OfCondition, []string{"Condition", c.Operator, c.Key}, "remove the value", "no request that it serves has the %s %s", c.Key, symbol.Show(value))
			case at.used && !at.included && (l.demanded[key] || key == principalKey):
				w.report(l, OfCondition, []string{"Condition", c.Operator, c.Key}, "name the values that are needed", "its condition on %s lets pass more than is needed: %s", c.Key, symbol.Show(value))
			}
		}
	}
	for _, key := range sortedKeys(l.demanded) {
		if !slices.ContainsFunc(l.statement.Conditions, func(c authz.Condition) bool { return strings.EqualFold(c.Key, key) && positive(c.Operator) }) {
			w.report(l, OfCondition, nil, "add a condition on "+key, "without a condition on %s it serves more than what needs it", key)
		}
	}
}

// any reports whether some grant carries load of those that are chosen.
func (l *ledger) any(chosen func(action, resource, principal int) bool) bool {
	for a := range actionsOf(l.statement) {
		for r := range resourcesOf(l.statement) {
			for n := range principalsOf(l.statement) {
				if chosen(a, r, n) && l.served[l.grant(a, r, n)] {
					return true
				}
			}
		}
	}
	return false
}

func (w *weight) report(l *ledger, what Excess, inside []string, hint, format string, args ...any) {
	w.surplus = append(w.surplus, Surplus{
		Document: l.document, Statement: symbol.Show(l.statement.String()), Place: placeOf(l.statement, inside...),
		What: what, Text: fmt.Sprintf(format, args...), Hint: hint,
	})
}

func (l *ledger) whole() string {
	return l.shownActions() + " on " + l.shownResources()
}

func (l *ledger) shownActions() string { return some(actionsOf(l.statement)) }

func (l *ledger) shownResources() string {
	if list := resourcesOf(l.statement); list[0] != "" {
		return some(list)
	}
	return "it"
}

func (l *ledger) shownNeeds() string { return some(l.resources) }

// some are the first texts of a list, and how many more there are.
func some(texts []string) string {
	const few = 3
	var shown []string
	for _, t := range texts[:min(len(texts), few)] {
		shown = append(shown, symbol.Show(t))
	}
	list := strings.Join(shown, ", ")
	if more := len(texts) - few; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}
