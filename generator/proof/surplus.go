package proof

import (
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/parallel"
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
	parallel.Each(len(weights), func(i int) {
		d := p.documents.list[i]
		weights[i] = p.weight(d, p.questionsOf(d), nil)
	})
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
		l.judge(&w)
	}
	return w
}
