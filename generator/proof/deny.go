package proof

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
)

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
// statement. Of the policy only the rest of what is about the request's action matters.
func (q *question) passesWithout(s *authz.Statement, action int, c changes) bool {
	var rest []authz.Statement
	for _, other := range s.Policy.Statements {
		if other.Index == s.Index {
			other.Actions = slices.Delete(slices.Clone(s.Actions), min(action, len(s.Actions)), min(action+1, len(s.Actions)))
			other.NotActions = nil
		}
		if about(&other, q.request.Action) {
			other.Actions = matching(other.Actions, q.request.Action)
			rest = append(rest, other)
		}
	}
	changed := authz.New(s.Policy.Kind, s.Policy.Name, s.Policy.Version, rest, s.Policy.Source)
	without := changes{s.Policy: changed}
	for from, to := range c {
		without[from] = to
		if to == s.Policy {
			without[from] = changed
		}
	}
	asked := q.caseOf(without, false)
	return authz.Evaluate(&asked).Verdict == authz.Allowed
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
