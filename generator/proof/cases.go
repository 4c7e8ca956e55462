package proof

import (
	"iter"

	"github.com/foldstack/foldstack/generator/authz"
)

// Cases are the questions of the proof as IAM would be asked them, with every policy that
// has a say in its whole length, and what was decided of each.
func (p *Proof) Cases() iter.Seq2[*authz.Case, authz.Decision] {
	return func(yield func(*authz.Case, authz.Decision) bool) {
		for i := range p.answers {
			a := &p.answers[i]
			if asked := a.caseOf(nil, true); !yield(&asked, a.decision) {
				return
			}
		}
	}
}
