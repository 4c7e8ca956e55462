package authz

import (
	"slices"
	"strings"
)

// Includes reports whether every text that the pattern narrow matches is matched by
// the pattern wide. Both are patterns of Resource elements; of actions their lower
// case. A policy variable includes itself only.
func Includes(wide, narrow string) bool {
	if wide == "*" || wide == narrow {
		return true
	}
	w, n := parsePattern(wide, inResource|references), parsePattern(narrow, inResource|references)
	if !agree(w.begin(), n.begin()) {
		return false
	}
	if w.isPrefix() && len(n.begin()) >= len(w.begin()) {
		return true
	}
	a, b := atoms(&w), atoms(&n)
	for len(a) > 0 && len(b) > 0 && a[0].kind == literal && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return includes(a, b)
}

// Overlap reports whether some text is matched by both patterns.
func Overlap(a, b string) bool {
	p, q := parsePattern(a, inResource|references), parsePattern(b, inResource|references)
	if !agree(p.begin(), q.begin()) {
		return false
	}
	return overlap(atoms(&p), atoms(&q))
}

func agree(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

// atom is what one character, one symbol or any number of them is matched by.
type atom struct {
	kind   tokenKind
	letter string
}

// Letters that stand for all that no pattern names.
const (
	otherCharacter = "\x00"
	otherSymbol    = "\x01\x02"
)

func atoms(p *pattern) []atom {
	var all []atom
	for _, t := range p.tokens {
		switch t.kind {
		case literal:
			for text := t.text; text != ""; {
				n := step(text)
				all = append(all, atom{letter: text[:n]})
				text = text[n:]
			}
		case variable:
			all = append(all, atom{letter: "\x01${" + t.text + "," + t.fallback + "}\x02"})
		default:
			all = append(all, atom{kind: t.kind})
		}
	}
	return all
}

func (a atom) repeats() bool { return a.kind == many || a.kind == segmentMany }

func (a atom) accepts(letter string) bool {
	switch a.kind {
	case one:
		return letter[0] != otherSymbol[0]
	case segmentOne:
		return letter[0] != otherSymbol[0] && letter != ":"
	case many:
		return true
	case segmentMany:
		return letter != ":"
	default:
		return a.letter == letter
	}
}

// includes walks through narrow, and beside it through every place of wide where the
// same text could have led. A text that is at the end of narrow and nowhere at the end
// of wide is one that wide does not match.
func includes(wide, narrow []atom) bool {
	w := walk{narrow: narrow, seen: make([][]string, len(narrow)+1)}
	start := make([]byte, len(wide)+1)
	reach(wide, 0, start)
	w.visit(0, start)
	letters := lettersOf(wide)
	for len(w.todo) > 0 {
		s := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		if s.at == len(narrow) {
			if s.among[len(wide)] == 0 {
				return false
			}
			continue
		}
		a := narrow[s.at]
		next := s.at + 1
		if a.repeats() {
			next = s.at
		}
		choice := letters
		if a.kind == literal {
			choice = []string{a.letter}
		}
		for _, letter := range choice {
			if a.accepts(letter) {
				w.visit(next, advance(wide, s.among, letter))
			}
		}
	}
	return true
}

// walk remembers where it has been. Fewer places of wide are harder to get away from, so
// that a place of narrow with more of them than before tells nothing new.
type walk struct {
	narrow []atom
	seen   [][]string
	todo   []state
}

type state struct {
	at    int
	among string // a byte for each place of wide, 1 where the text could have led
}

func (w *walk) visit(at int, among []byte) {
	for ; ; at++ {
		if slices.ContainsFunc(w.seen[at], func(before string) bool { return within(before, among) }) {
			return
		}
		s := state{at, string(among)}
		w.seen[at] = append(w.seen[at], s.among)
		w.todo = append(w.todo, s)
		if at == len(w.narrow) || !w.narrow[at].repeats() {
			return
		}
	}
}

func within(fewer string, more []byte) bool {
	for i := range more {
		if fewer[i] > more[i] {
			return false
		}
	}
	return true
}

func lettersOf(pattern []atom) []string {
	letters := []string{otherCharacter, otherSymbol, ":"}
	for _, a := range pattern {
		if a.kind == literal && !slices.Contains(letters, a.letter) {
			letters = append(letters, a.letter)
		}
	}
	return letters
}

// reach marks a place and those behind it to which no letter is needed. Places before
// an asterisk add nothing to what it takes, and are forgotten.
func reach(pattern []atom, at int, among []byte) {
	for ; ; at++ {
		if at < len(pattern) && pattern[at].kind == many {
			clear(among[:at])
		}
		among[at] = 1
		if at == len(pattern) || !pattern[at].repeats() {
			return
		}
	}
}

func advance(pattern []atom, among, letter string) []byte {
	next := make([]byte, len(pattern)+1)
	for at, a := range pattern {
		if among[at] == 0 || !a.accepts(letter) {
			continue
		}
		if a.repeats() {
			reach(pattern, at, next)
		} else {
			reach(pattern, at+1, next)
		}
	}
	return next
}

// overlap looks for a way through both patterns at once.
func overlap(a, b []atom) bool {
	seen := make([]bool, (len(a)+1)*(len(b)+1))
	var through func(i, j int) bool
	through = func(i, j int) bool {
		if i == len(a) && j == len(b) {
			return true
		}
		if k := i*(len(b)+1) + j; seen[k] {
			return false
		} else {
			seen[k] = true
		}
		if i < len(a) && a[i].repeats() && through(i+1, j) || j < len(b) && b[j].repeats() && through(i, j+1) {
			return true
		}
		if i == len(a) || j == len(b) || !meet(a[i], b[j]) {
			return false
		}
		nexti, nextj := i+1, j+1
		if a[i].repeats() {
			nexti = i
		}
		if b[j].repeats() {
			nextj = j
		}
		return through(nexti, nextj)
	}
	return through(0, 0)
}

// meet reports whether some letter is accepted by both.
func meet(a, b atom) bool {
	switch {
	case a.kind == literal:
		return b.accepts(a.letter)
	case b.kind == literal:
		return a.accepts(b.letter)
	default:
		return true
	}
}
