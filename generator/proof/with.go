package proof

import (
	"reflect"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Findings is what would be found if a document read otherwise.
type Findings struct {
	Unmet    []Chain
	Breached []Chain
	Surplus  []Surplus // of the statements that differ
}

// Documents are the policy documents of the set: of each estate those of managed policies,
// then of roles and users, then of resources.
func (p *Proof) Documents() []*Document { return p.documents.list }

// Statements are the statements of a document as it reads in the first place where it
// stands.
func (d *Document) Statements() []authz.Statement { return d.policies[0].Statements }

// With tells what would be found if a document read otherwise: change is given the
// statements of each place where it stands, and returns others. Only the demands are
// asked again that are about the actions of the statements which differ, and only of
// those statements Surplus tells. The proof stays what it is, so that many changes can be
// tried at once.
func (p *Proof) With(d *Document, change func(statements []authz.Statement) []authz.Statement) Findings {
	p.Weigh()
	c := changes{}
	t := touched{names: map[string]bool{}, actions: map[string]bool{}}
	for _, policy := range d.policies {
		c[policy] = authz.New(policy.Kind, policy.Name, policy.Version, change(copied(policy.Statements)), policy.Source)
		t.add(policy.Statements, c[policy].Statements)
	}
	var answers []answer
	var questions []*question
	for _, i := range p.asked[d] {
		a := &p.answers[i]
		if !t.about(a.request.Action) {
			answers = append(answers, *a)
			continue
		}
		again := a.answered(nil, c)
		for n := range again {
			questions = append(questions, again[n].question)
		}
		answers = append(answers, again...)
	}
	var f Findings
	f.Unmet, f.Breached, _ = p.chains(answers, c)
	for _, s := range p.weight(d, questions, c).surplus {
		if t.names[s.Statement] {
			f.Surplus = append(f.Surplus, s)
		}
	}
	return f
}

// touched is what a change is about: the statements that it takes away and those that it
// puts there.
type touched struct {
	names   map[string]bool // of those that it puts there, as Surplus calls them
	actions map[string]bool // in lower case
	wild    []string        // actions with wildcards
	all     bool            // some statement is about all actions but a few
}

// add compares statements with those that take their place: what differs stands between
// what both begin with and what both end with.
func (t *touched) add(before, after []authz.Statement) {
	begin, end := 0, 0
	for begin < min(len(before), len(after)) && equal(&before[begin], &after[begin]) {
		begin++
	}
	for end < min(len(before), len(after))-begin && equal(&before[len(before)-1-end], &after[len(after)-1-end]) {
		end++
	}
	for i := begin; i < len(before)-end; i++ {
		t.note(&before[i])
	}
	for i := begin; i < len(after)-end; i++ {
		t.note(&after[i])
		t.names[symbol.Show(after[i].String())] = true
	}
}

func (t *touched) note(s *authz.Statement) {
	t.all = t.all || len(s.NotActions) > 0
	for _, action := range s.Actions {
		action = strings.ToLower(action)
		if strings.ContainsAny(action, "*?") && !t.actions[action] {
			t.wild = append(t.wild, action)
		}
		t.actions[action] = true
	}
}

func equal(a, b *authz.Statement) bool {
	one, other := *a, *b
	one.Policy, one.Index, other.Policy, other.Index = nil, 0, nil, 0
	return reflect.DeepEqual(&one, &other)
}

func (t *touched) about(action string) bool {
	return t.all || t.actions[strings.ToLower(action)] ||
		slices.ContainsFunc(t.wild, func(pattern string) bool { return authz.MatchesAction(pattern, action) })
}

// copied is statements of which every list may be changed.
func copied(list []authz.Statement) []authz.Statement {
	statements := make([]authz.Statement, len(list))
	for i, s := range list {
		s.Principals, s.NotPrincipals = append([]authz.Principals(nil), s.Principals...), append([]authz.Principals(nil), s.NotPrincipals...)
		s.Actions, s.NotActions = append([]string(nil), s.Actions...), append([]string(nil), s.NotActions...)
		s.Resources, s.NotResources = append([]string(nil), s.Resources...), append([]string(nil), s.NotResources...)
		s.Conditions = append([]authz.Condition(nil), s.Conditions...)
		for n := range s.Conditions {
			s.Conditions[n].Values = append([]string(nil), s.Conditions[n].Values...)
		}
		statements[i] = s
	}
	return statements
}
