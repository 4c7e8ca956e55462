package proof

import (
	"slices"
	"sync"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/parallel"
)

// Proof is what was found.
type Proof struct {
	Steps    []Step
	Unmet    []Chain // demands that are not granted
	Breached []Chain // requests that must be refused and are not
	Unproved []Chain // demands that hang on what no template holds
	Surplus  []Surplus
	Load     Load
	Kept     []Kept // wildcards that stay, with their reasons
	Notes    []Note

	set       *Set
	documents *documents
	base      *scope
	classes   []*scope
	answers   []answer
	asked     map[*Document][]int // the answers in which a document has a say

	weighing  sync.Once
	byAsking  sync.Once
	questions map[asking]*question // made when somebody asks
}

// Note is something that the proof does not rest on, but that a reader should know.
type Note struct {
	Place diag.Place
	Text  string
	Hint  string
}

// Prove answers every demand of a set, and weighs every grant.
func Prove(set *Set) *Proof {
	p := Decide(set)
	p.Weigh()
	return p
}

// Decide answers every demand of a set. What it does not say before Weigh is whether a
// grant is too much.
func Decide(set *Set) *Proof {
	p := &Proof{set: set}
	p.gather()
	p.answer()
	p.count()
	p.explain()
	return p
}

// gather reads the policies of all estates.
func (p *Proof) gather() {
	p.base, p.classes = &scope{}, make([]*scope, len(p.set.Classes))
	parallel.Each(len(p.classes)+1, func(i int) {
		if i == len(p.classes) {
			p.base.register = gather(p.set.Base)
			return
		}
		p.classes[i] = newScope(p.set, &p.set.Classes[i], p.base)
	})
	p.documents = &documents{byKey: map[string]*Document{}}
	for _, s := range append([]*scope{p.base}, p.classes...) {
		for _, policy := range s.kept {
			p.documents.add(policy)
		}
	}
}

// Weigh finds Surplus, Load, Kept and Notes, once.
func (p *Proof) Weigh() {
	p.weighing.Do(func() {
		p.index()
		p.weigh()
		p.notes()
	})
}

// answer makes all questions, those of each class beside the others', and puts them, none
// of which knows of another.
func (p *Proof) answer() {
	asked := make([][]*question, 1+len(p.classes))
	parallel.Each(len(asked), func(i int) {
		if i == 0 {
			asked[0] = p.base.ask(p.set.Demands, p.set.levelsOf)
			return
		}
		asked[i] = p.classes[i-1].askClass(&p.set.Classes[i-1])
	})
	const together = 256
	parts := slices.Collect(slices.Chunk(slices.Concat(asked...), together))
	answers := make([][]answer, len(parts))
	parallel.Each(len(parts), func(i int) { answers[i] = answered(parts[i]) })
	p.answers = slices.Concat(answers...)
}

func answered(questions []*question) []answer {
	list := make([]answer, 0, len(questions))
	for _, q := range questions {
		list = q.answered(list, nil)
	}
	return list
}

// answered adds the decision of a question. One that stands for several is asked again piece
// by piece where its answer does not hold for each.
func (q *question) answered(list []answer, c changes) []answer {
	a := q.answer(c)
	if q.family != nil {
		if a.outcome == met && !q.divided(c) {
			return append(list, a)
		}
		for _, one := range q.alone() {
			list = append(list, one.answer(c))
		}
		return list
	}
	if len(q.parts) == 0 || a.outcome == met && !tellsApart(c.each(q.resource)) {
		return append(list, a)
	}
	for _, b := range q.parts {
		list = append(list, q.scope.lift(b, q.member, q.levels).answer(c))
	}
	return list
}

// index notes for each document the answers in which it has a say.
func (p *Proof) index() {
	p.asked = make(map[*Document][]int, len(p.documents.list))
	for i := range p.answers {
		q := p.answers[i].question
		q.each(func(policy *authz.Policy) {
			if s := sourceOf(policy); s != nil {
				if list := p.asked[s.document]; len(list) == 0 || list[len(list)-1] != i {
					p.asked[s.document] = append(list, i)
				}
			}
		})
	}
}

// each goes through the policies that have a say, as they were gathered.
func (q *question) each(do func(p *authz.Policy)) {
	if q.caller != nil {
		for _, p := range q.identity {
			do(p)
		}
		for _, p := range q.caller.boundary {
			do(p)
		}
	}
	for _, p := range q.resource {
		do(p)
	}
}
