package asset

// Move is a part that is another one than before, or is the same.
type Move struct {
	Before, After *Part // nil where it is not
}

// Moved reports whether the part is another one.
func (m Move) Moved() bool {
	return m.Before == nil || m.After == nil || m.Before.Value() != m.After.Value()
}

// Part is the part as it is or, of one that is gone, as it was.
func (m Move) Part() *Part {
	if m.After != nil {
		return m.After
	}
	return m.Before
}

// Moves puts the parts of two digests together, in the order of the second; those that are
// gone stand last. The digests are equal when and only when none moved.
func Moves(before, after []Part) []Move {
	old := make(map[string]*Part, len(before))
	for i := range before {
		old[before[i].ID()] = &before[i]
	}
	moves := make([]Move, 0, len(after))
	for i := range after {
		id := after[i].ID()
		moves = append(moves, Move{old[id], &after[i]})
		delete(old, id)
	}
	for i := range before {
		if old[before[i].ID()] != nil {
			moves = append(moves, Move{Before: &before[i]})
		}
	}
	return moves
}
