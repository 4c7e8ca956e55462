package proof

import (
	"slices"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/symbol"
)

// changes are policies that stand in the place of others while something is tried.
type changes map[*authz.Policy]*authz.Policy

func (c changes) of(p *authz.Policy) *authz.Policy {
	if changed, ok := c[p]; ok {
		return changed
	}
	return p
}

func (c changes) each(list []*authz.Policy) []*authz.Policy {
	if len(c) == 0 {
		return list
	}
	changed := make([]*authz.Policy, len(list))
	for i, p := range list {
		changed[i] = c.of(p)
	}
	return changed
}

// caseOf is the question with all policies that have a say, as IAM sees them. whole
// keeps in the policies of a lifted question what has no bearing on its action.
func (q *question) caseOf(c changes, whole bool) authz.Case {
	answer := authz.Case{Request: q.request, Resource: c.each(q.resource), Organization: q.levels}
	if q.within {
		answer.Resource = q.callers(q.resource, c, whole)
	}
	if q.caller != nil {
		answer.Identity, answer.Boundary = q.callers(q.identity, c, whole), q.callers(q.caller.boundary, c, whole)
	}
	if q.elsewhere && arn.Account(q.request.Resource) == callerAccount(q.request) {
		answer.Resource = []*authz.Policy{left(callerAccount(q.request))}
	}
	q.open(&answer)
	return answer
}

// open lets the policies of some kinds allow everything: what a user may declare.
func (q *question) open(c *authz.Case) {
	for _, kind := range q.demands[0].Opened {
		switch kind {
		case authz.Identity:
			c.Identity = append(slices.Clone(c.Identity), everything)
		case authz.Boundary:
			if len(c.Boundary) > 0 {
				c.Boundary = append(slices.Clone(c.Boundary), everything)
			}
		case authz.Resource, authz.Trust:
			c.Resource = append(slices.Clone(c.Resource), left(callerAccount(q.request)))
		}
	}
}

// everything is a policy that allows all.
var everything = authz.New(authz.Identity, "whatever users declare", policy.Version, []authz.Statement{{
	Effect: policy.Allow, Actions: []string{"*"}, Resources: []string{"*"},
}}, nil)

// left is the least that is assumed of a key or a role in the caller's account which no
// template makes: that its policy leaves it to the account's own policies.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func left(account string) *authz.Policy {
	return authz.New(authz.Resource, "a policy that no template holds", policy.Version, []authz.Statement{{
		Effect: policy.Allow, Principals: []authz.Principals{{Type: "AWS", Value: account}}, Actions: []string{"*"}, Resources: []string{"*"},
	}}, nil)
}

// callers are policies of the caller as the member has them who asks.
func (q *question) callers(list []*authz.Policy, c changes, whole bool) []*authz.Policy {
	if q.member == nil {
		return c.each(list)
	}
	lifted := make([]*authz.Policy, len(list))
	for i, p := range list {
		lifted[i] = q.lifted(p, c, whole)
	}
	return lifted
}

// lifted is a policy of the caller as the member has it.
func (q *question) lifted(p *authz.Policy, c changes, whole bool) *authz.Policy {
	changed, ok := c[p]
	switch {
	case whole:
		return q.member.policy(c.of(p), "")
	case ok:
		return q.member.policy(changed, q.request.Action)
	}
	return q.scope.liftPolicy(p, *q.member, q.request.Action)
}

type liftKey struct {
	policy *authz.Policy
	member Member
	action string
}

// lifted is the Source of a policy that was lifted.
type lifted struct {
	policy     *authz.Policy
	statements []int // of the policy, by the index in the lifted one
}

// liftPolicy is a policy of a class as a member has it, as far as it is about an action.
func (s *scope) liftPolicy(p *authz.Policy, m Member, action string) *authz.Policy {
	key := liftKey{p, m, action}
	if known, ok := s.lifts.Load(key); ok {
		return known.(*authz.Policy)
	}
	known, _ := s.lifts.LoadOrStore(key, m.policy(p, action))
	return known.(*authz.Policy)
}

// policy is a policy as the member has it; with an action only what is about that.
func (m Member) policy(p *authz.Policy, action string) *authz.Policy {
	from := &lifted{policy: p}
	var list []authz.Statement
	for i, s := range p.Statements {
		if action != "" {
			if !about(&s, action) {
				continue
			}
			s.Actions = matching(s.Actions, action)
		}
		list = append(list, m.statement(s))
		from.statements = append(from.statements, i)
	}
	return authz.New(p.Kind, p.Name, p.Version, list, from)
}

func about(s *authz.Statement, action string) bool {
	return len(s.NotActions) > 0 || slices.ContainsFunc(s.Actions, func(pattern string) bool { return matchesAction(pattern, action) })
}

// matching are the patterns that match an action.
func matching(patterns []string, action string) []string {
	var list []string
	for _, pattern := range patterns {
		if matchesAction(pattern, action) {
			list = append(list, pattern)
		}
	}
	return list
}

func (m Member) statement(s authz.Statement) authz.Statement {
	s.Resources, s.NotResources = m.all(s.Resources), m.all(s.NotResources)
	s.Principals, s.NotPrincipals = m.principals(s.Principals), m.principals(s.NotPrincipals)
	conditions := slices.Clone(s.Conditions)
	for i := range conditions {
		conditions[i].Values = m.all(conditions[i].Values)
	}
	s.Conditions = conditions
	return s
}

func (m Member) principals(list []authz.Principals) []authz.Principals {
	list = slices.Clone(list)
	for i := range list {
		if symbol.In(list[i].Value) {
			list[i].Value = m.in(list[i].Value)
		}
	}
	return list
}

// asWritten is the statement that one of a lifted policy was made from, and the statement
// itself of any other.
func asWritten(s *authz.Statement) *authz.Statement {
	if from, ok := s.Policy.Source.(*lifted); ok {
		return &from.policy.Statements[from.statements[s.Index]]
	}
	return s
}

// answer is a question that was decided.
type answer struct {
	*question
	decision authz.Decision
	outcome  outcome
	doubtful []string // keys on which an unproved one depends, as written
}

// outcome is what an answer means for the proof.
type outcome int

const (
	met outcome = iota
	unmet
	breached // allowed although it must be refused
	unproved // hangs on a policy or on a key that nobody here knows
)

func (q *question) answer(c changes) answer {
	asked := q.caseOf(c, false)
	d := authz.Evaluate(&asked)
	a := answer{question: q, decision: d, outcome: q.outcomeOf(d)}
	if a.outcome == unmet {
		if a.doubtful = q.inDoubt(&asked); len(a.doubtful) > 0 {
			a.outcome = unproved
		}
	}
	return a
}

func (q *question) outcomeOf(d authz.Decision) outcome {
	first := q.demands[0]
	switch {
	case first.Spare:
		return met
	case first.Forbidden:
		if d.Verdict == authz.Allowed {
			return breached
		}
		return met
	case d.Verdict == authz.Allowed && !q.elsewhere && (q.caller == nil || q.caller.unbound == ""):
		return met
	case d.Verdict == authz.Allowed, d.Verdict == authz.ImplicitDeny && q.hidden(d):
		return unproved
	}
	return unmet
}

// hidden reports whether all that is missing could stand in policies whose content is not
// known here.
func (q *question) hidden(d authz.Decision) bool {
	for _, kind := range d.Missing {
		switch kind {
		case authz.Resource, authz.Trust:
			if !q.elsewhere {
				return false
			}
		case authz.Identity:
			if q.caller != nil && len(q.caller.unknown) == 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}
