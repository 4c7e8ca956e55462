package proof

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/demand"
)

// Step is how the demands of one stage ended. A demand of a class counts once for each
// of its members.
type Step struct {
	Environment string
	Stage       string
	Demands     int
	Met         int
	Unmet       int
	Unproved    int
	Forbidden   int // of the demands: requests that must be refused
	Refused     int // of those met: requests that must be refused, and are
}

// count adds up the answers by environment and stage. Environments come in the order of
// the classes, behind what serves all; stages in that of their first demands.
func (p *Proof) count() {
	steps := map[demand.Step]*Step{}
	var order []demand.Step
	for i := range p.answers {
		a := &p.answers[i]
		if a.demands[0].Spare {
			continue
		}
		at := demand.Step{Environment: a.demands[0].Step.Environment, Stage: a.demands[0].Step.Stage}
		s := steps[at]
		if s == nil {
			s = &Step{Environment: at.Environment, Stage: at.Stage}
			steps[at] = s
			order = append(order, at)
		}
		s.add(a)
	}
	slices.SortStableFunc(order, func(a, b demand.Step) int {
		return p.set.rank(a.Environment) - p.set.rank(b.Environment)
	})
	for _, at := range order {
		p.Steps = append(p.Steps, *steps[at])
	}
}

func (s *Step) add(a *answer) {
	n := a.size() * max(len(a.targets), 1)
	s.Demands += n
	if a.demands[0].Forbidden {
		s.Forbidden += n
	}
	switch a.outcome {
	case met:
		s.Met += n
		if a.demands[0].Forbidden {
			s.Refused += n
		}
	case unproved:
		s.Unproved += n
	default:
		s.Unmet += n
	}
}

// rank is the place of an environment in the order of the classes.
func (s *Set) rank(environment string) int {
	if environment == "" {
		return -1
	}
	n := slices.IndexFunc(s.Classes, func(c Class) bool { return strings.EqualFold(c.Name, environment) })
	if n < 0 {
		return len(s.Classes)
	}
	return n
}
