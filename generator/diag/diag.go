package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Place is where something stands: a slash-separated path relative to the
// project's root, and a 1-based line and column that count runes. A zero Line
// means the file or folder as a whole.
type Place struct {
	File   string
	Line   int
	Column int
}

// String is file:line:column, without the parts that are not known.
func (p Place) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// IsZero reports whether the place is unknown.
func (p Place) IsZero() bool { return p == Place{} }

// Compare orders places by file, line and column.
func (p Place) Compare(q Place) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// Note is a second place that a problem speaks of.
type Note struct {
	Place Place
	Text  string
}

// Problem is one thing that is wrong with a user's files.
type Problem struct {
	Rule  string // stable id in kebab-case, such as "unknown-key"
	Place Place
	Text  string // what is wrong
	Hint  string // what to do
	Notes []Note // further places

	// Secret tells that a secret stands at the place: no excerpt shows the line from
	// there on, not even that of another problem, and no other problem of the place,
	// which could quote it, is told.
	Secret bool
}

// Compare is a total order, so that equal sets print as equal bytes.
func (p Problem) Compare(q Problem) int {
	return cmp.Or(
		p.Place.Compare(q.Place),
		strings.Compare(p.Rule, q.Rule),
		strings.Compare(p.Text, q.Text),
		strings.Compare(p.Hint, q.Hint),
		slices.CompareFunc(p.Notes, q.Notes, func(a, b Note) int {
			return cmp.Or(a.Place.Compare(b.Place), strings.Compare(a.Text, b.Text))
		}),
		compareBool(p.Secret, q.Secret),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// Problems collects problems; its zero value is ready, and it may be used by
// many goroutines at once.
type Problems struct {
	mu   sync.Mutex
	list []Problem
}

// Add takes a problem in.
func (ps *Problems) Add(p Problem) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.list = append(ps.list, p)
}

// Addf takes in a problem whose text is formatted.
func (ps *Problems) Addf(rule string, place Place, hint, format string, args ...any) {
	ps.Add(Problem{Rule: rule, Place: place, Hint: hint, Text: fmt.Sprintf(format, args...)})
}

// Empty reports whether nothing was found.
func (ps *Problems) Empty() bool {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return len(ps.list) == 0
}

// Sorted returns what was found, in order and without repetition.
func (ps *Problems) Sorted() []Problem {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	list := slices.Clone(ps.list)
	slices.SortFunc(list, Problem.Compare)
	list = slices.CompactFunc(list, func(a, b Problem) bool { return a.Compare(b) == 0 })
	return withoutQuotes(list)
}

// withoutQuotes leaves out what else is wrong at the place of a secret.
func withoutQuotes(list []Problem) []Problem {
	secret := map[Place]bool{}
	for _, p := range list {
		if p.Secret {
			secret[p.Place] = true
		}
	}
	return slices.DeleteFunc(list, func(p Problem) bool { return !p.Secret && secret[p.Place] })
}

// Bug is an error in foldstack itself, never the user's.
type Bug struct{ What string }

func (b Bug) Error() string {
	return "a bug in foldstack, not in your files: " + b.What + " (please report it)"
}

// Bugf makes a Bug with a formatted text.
func Bugf(format string, args ...any) error { return Bug{What: fmt.Sprintf(format, args...)} }
