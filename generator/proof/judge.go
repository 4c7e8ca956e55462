package proof

import (
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/symbol"
)

// judge says what of a statement is too much.
func (l *ledger) judge(w *weight) {
	if l.statement.Effect == policy.Deny {
		l.judgeDeny(w)
		return
	}
	if l.statement.Effect == "" { // nobody can understand it, which is noted
		return
	}
	reason := reasonFor(l)
	carries := slices.Contains(l.served, true)
	if !carries && reason != nil && reason.Root {
		w.keep(l, reason)
		w.load.Statements.add(true)
		w.load.Grants.sum(Count{Of: len(l.served), Carry: len(l.served)})
		return
	}
	w.load.Statements.add(carries)
	if !carries {
		w.load.Grants.Of += len(l.served)
		w.report(l, OfStatement, nil, "remove it", "nothing needs %s", l.whole())
		return
	}
	if reason != nil {
		w.keep(l, reason)
	}
	for r, d := range l.open {
		if d != nil {
			w.keep(l, &Reason{Action: symbol.Show(resourcesOf(l.statement)[r]), Why: d.Action + " asks for it: " + symbol.Show(d.Why), Page: d.Page})
		}
	}
	l.judgeActions(w, reason != nil)
	l.judgeResources(w)
	l.judgePrincipals(w, reason != nil)
	l.judgeGrants(w)
	l.judgeConditions(w, reason != nil)
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
		case strings.ContainsAny(action, "*?") && !reasoned && !l.declared[a]:
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
				"it lets everybody in%s", whoIs(p.Value))
		}
	}
}

func whoIs(principal string) string {
	if principal == "*" {
		return ""
	}
	return " who is " + symbol.Show(principal)
}

// judgeGrants looks at each action on each resource by each principal. An action that
// has nothing to do with a kind of resource is no grant of it. How wide a resource is has
// nothing to do with principals.
func (l *ledger) judgeGrants(w *weight) {
	s := l.statement
	for r, resource := range resourcesOf(s) {
		var wide []string
		unneeded := make([][]string, len(principalsOf(s)))
		for a, action := range actionsOf(s) {
			served, tight := false, false
			for n := range principalsOf(s) {
				g := l.grant(a, r, n)
				served, tight = served || l.served[g], tight || l.tight[g]
				if !l.served[g] && l.idle(a, r) {
					continue
				}
				w.load.Grants.add(l.served[g])
				if !l.served[g] && l.partly(a, r, n) {
					unneeded[n] = append(unneeded[n], action)
				}
			}
			if served && !tight {
				wide = append(wide, action)
			}
		}
		if len(wide) > 0 {
			w.report(l, OfResource, []string{"Resource"}, "name what is needed: "+l.shownNeeds(), "%s is wider than what %s is needed on", symbol.Show(resource), some(wide))
		}
		for n, actions := range unneeded {
			if len(actions) > 0 {
				w.report(l, OfAction, []string{"Action"}, "make two statements of it", "nothing needs %s on %s%s", some(actions), symbol.Show(resource), by(principalsOf(s)[n]))
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

func (l *ledger) judgeConditions(w *weight, reasoned bool) {
	for i := range l.statement.Conditions {
		c := &l.statement.Conditions[i]
		if !positive(c.Operator) {
			continue
		}
		for v, value := range c.Values {
			at := l.limited[i][v]
			if !at.used && strings.HasSuffix(strings.ToLower(c.Operator), "ifexists") {
				continue // it is for requests of which nobody knows whether they have the key
			}
			w.load.Conditions.add(at.used)
			switch {
			case !at.used:
				w.report(l, OfCondition, []string{"Condition", c.Operator, c.Key}, "remove the value", "no request that it serves has the %s %s", c.Key, symbol.Show(value))
			case at.used && !at.included && l.bounds(c.Key):
				w.report(l, OfCondition, []string{"Condition", c.Operator, c.Key}, "name the values that are needed", "its condition on %s lets pass more than is needed: %s", c.Key, symbol.Show(value))
			}
		}
	}
	if reasoned { // an account's policies condition what its key's policy leaves to them
		return
	}
	for _, key := range sortedKeys(l.demanded) {
		if !slices.ContainsFunc(l.statement.Conditions, func(c authz.Condition) bool { return strings.EqualFold(c.Key, key) && positive(c.Operator) }) {
			w.report(l, OfCondition, nil, "add a condition on "+spelled(key), "without a condition on %s it serves more than what needs it", spelled(key))
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

// spellings are keys as AWS writes them; requests carry them in lower case.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var spellings = []string{
	"aws:PrincipalArn", "aws:SourceAccount", "aws:SourceArn", "cloudformation:ChangeSetName", "cloudformation:RoleArn", "codeconnections:PassedToService",
	"codestar-connections:PassedToService", "iam:AWSServiceName", "iam:PassedToService", "iam:PermissionsBoundary", "kms:ViaService",
	"lambda:FunctionArn", "sns:Endpoint", "sns:Protocol",
}

func spelled(key string) string {
	for _, s := range spellings {
		if strings.EqualFold(s, key) {
			return s
		}
	}
	return key
}
