package diag

import "fmt"

// The most that is listed: nobody reads more, and a file made to have a problem in
// every second byte would otherwise be answered by gigabytes.
const (
	mostAlike = 100   // problems of one rule in one file
	mostText  = 2_000 // characters of a text or a hint
)

// Listed is Sorted for a reader: of the problems of one rule in one file the first
// hundred and how many there are more, and of a long text the beginning.
func (ps *Problems) Listed() []Problem {
	type kind struct{ file, rule string }
	sorted := ps.Sorted()
	count := map[kind]int{}
	for _, p := range sorted {
		count[kind{file: p.Place.File, rule: p.Rule}]++
	}
	listed := make([]Problem, 0, len(sorted))
	seen := map[kind]int{}
	for _, p := range sorted {
		k := kind{file: p.Place.File, rule: p.Rule}
		seen[k]++
		switch more := count[k] - mostAlike; {
		case seen[k] <= mostAlike || more == 1:
			p.Text, p.Hint = beginning(p.Text), beginning(p.Hint)
			listed = append(listed, p)
		case seen[k] == mostAlike+1:
			p.Text, p.Hint, p.Notes = fmt.Sprintf("and %d more problems of this kind in the file", more), "", nil
			listed = append(listed, p)
		}
	}
	return listed
}

func beginning(text string) string {
	n := 0
	for i := range text {
		if n++; n > mostText {
			return text[:i] + "…"
		}
	}
	return text
}
