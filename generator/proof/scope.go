package proof

import (
	"cmp"
	"maps"
	"slices"

	"github.com/foldstack/foldstack/generator/estate"
)

// caller is the role or user of an ARN, in whichever estate.
func (p *Proof) caller(arn string) *caller {
	for _, s := range append([]*scope{p.base}, p.classes...) {
		if c := s.callers[arn]; c != nil {
			return c
		}
	}
	return nil
}

func root(s *estate.Stack) *estate.Stack {
	for s.Parent != nil {
		s = s.Parent
	}
	return s
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
