package proof

import (
	"iter"

	"github.com/foldstack/foldstack/generator/authz"
)

// Cases are the questions of the proof as IAM would be asked them, with every policy that
// has a say in its whole length, and what was decided of each. What was decided of several
// at once is there for each of them.
func (p *Proof) Cases() iter.Seq2[*authz.Case, authz.Decision] {
	return func(yield func(*authz.Case, authz.Decision) bool) {
		for i := range p.answers {
			a := &p.answers[i]
			for _, q := range a.singly() {
				if asked := q.caseOf(nil, true); !yield(&asked, a.decision) {
					return
				}
			}
		}
	}
}

// singly are the questions that one stands for.
func (q *question) singly() []*question {
	switch {
	case q.family != nil:
		return q.alone()
	case len(q.parts) == 0:
		return []*question{q}
	}
	list := make([]*question, len(q.parts))
	for i, b := range q.parts {
		list[i] = q.scope.lift(b, q.member, q.levels)
	}
	return list
}
