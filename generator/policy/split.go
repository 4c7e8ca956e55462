package policy

// Split cuts statements into as few documents as a first-fit finds, each at
// most limit characters (see Size). A statement that alone exceeds the limit is
// cut at its resources, then at its actions. One that cannot be cut any more gets
// a document of its own, whose Size the caller has to look at.
//
// Statements are merged first; equal statements and limit give equal documents.
func Split(statements []Statement, limit int) []Document {
	var bins []bin
	for _, whole := range Merge(statements) {
		for _, s := range cut(whole, limit) {
			bins = place(bins, s, limit)
		}
	}
	documents := make([]Document, len(bins))
	for i, b := range bins {
		documents[i] = New(b.statements...)
	}
	return documents
}

// bin is a document that is being filled.
type bin struct {
	statements []Statement
	size       int
}

var frame = Size(Document{Version: Version})

func statementSize(s Statement) int {
	return Size(Document{Version: Version, Statements: []Statement{s}}) - frame
}

// place puts a statement into the first document that has room.
func place(bins []bin, s Statement, limit int) []bin {
	size := statementSize(s)
	for i := range bins {
		if bins[i].size+len(",")+size <= limit {
			bins[i].statements = append(bins[i].statements, s)
			bins[i].size += len(",") + size
			return bins
		}
	}
	return append(bins, bin{[]Statement{s}, frame + size})
}

// cut divides a statement that exceeds the limit.
func cut(s Statement, limit int) []Statement {
	if frame+statementSize(s) <= limit {
		return []Statement{s}
	}
	if pieces := cutList(s, limit, func(s *Statement) *[]string { return &s.Resources }); len(pieces) > 1 {
		return cutAll(pieces, limit)
	}
	if pieces := cutList(s, limit, func(s *Statement) *[]string { return &s.Actions }); len(pieces) > 1 {
		return pieces
	}
	return []Statement{s}
}

func cutAll(pieces []Statement, limit int) []Statement {
	var all []Statement
	for _, p := range pieces {
		all = append(all, cut(p, limit)...)
	}
	return all
}

// cutList divides one list of a statement so that each piece holds as many items
// as fit, and at least one.
func cutList(s Statement, limit int, list func(s *Statement) *[]string) []Statement {
	items := *list(&s)
	var pieces []Statement
	for len(items) > 0 {
		n := fitting(s, items, limit, list)
		piece := s
		*list(&piece) = items[:n:n]
		pieces = append(pieces, piece)
		items = items[n:]
	}
	return pieces
}

// fitting is the number of items, from the first on, with which the statement
// fits; at least one. The size grows with each item.
func fitting(s Statement, items []string, limit int, list func(s *Statement) *[]string) int {
	low, high := 1, len(items)
	for low < high {
		middle := (low + high + 1) / 2
		*list(&s) = items[:middle]
		if frame+statementSize(s) <= limit {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low
}
