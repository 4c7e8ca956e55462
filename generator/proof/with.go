package proof

import "github.com/foldstack/foldstack/generator/authz"

// Findings is what would be found if a document read otherwise.
type Findings struct {
	Unmet    []Chain
	Breached []Chain
	Surplus  []Surplus // of the document
}

// Documents are the policy documents of the set, in the order of the stacks.
func (p *Proof) Documents() []*Document { return p.documents.list }

// Statements are the statements of a document as it reads in the first place where it
// stands.
func (d *Document) Statements() []authz.Statement { return d.policies[0].Statements }

// With tells what would be found if a document read otherwise: change is given the
// statements of each place where it stands, and returns others. Only the demands are
// asked again in which the document has a say. The proof stays what it is, so that many
// changes can be tried at once.
func (p *Proof) With(d *Document, change func(statements []authz.Statement) []authz.Statement) Findings {
	c := changes{}
	for _, policy := range d.policies {
		c[policy] = authz.New(policy.Kind, policy.Name, policy.Version, change(copied(policy.Statements)), policy.Source)
	}
	var answers []answer
	questions := p.questionsOf(d)
	for _, q := range questions {
		answers = append(answers, q.answered(c)...)
	}
	var f Findings
	f.Unmet, f.Breached, _ = p.chains(answers, c)
	f.Surplus = p.weight(d, questions, c).surplus
	return f
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
