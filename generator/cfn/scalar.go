package cfn

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/diag"
)

// This file writes text as YAML so that a reader of YAML 1.1 and one of YAML 1.2
// both read exactly that text: plain where neither would take it for something
// else, as a literal block where it has lines, otherwise in quotes.
//
// https://yaml.org/type/ (1.1) and https://yaml.org/spec/1.2.2/#103-core-schema

// look is what a scan over a text finds out about how it can be written.
type look struct {
	plain    bool // is a plain scalar by its characters
	flow     bool // is one inside a flow list as well
	single   bool // holds nothing that has to be escaped
	lines    bool // holds nothing but line feeds and tabs that has to be escaped
	invalid  bool // is not UTF-8
	embedded bool // holds NUL, and so an intrinsic
}

// The classes of bytes, as bits; an ordinary byte has none.
const (
	colon = 1 << iota
	hash
	space
	mark // may mean something inside a flow list
	tab
	feed
	control
	null
	wide // of a character beyond ASCII
)

var classes = func() (t [256]uint16) {
	for c := range 256 {
		switch {
		case c < ' ' || c == 0x7f:
			t[c] = control
		case c >= utf8.RuneSelf:
			t[c] = wide
		}
	}
	for _, c := range ",[]{}?&*!|>'\"%`~=<\\" {
		t[c] = mark
	}
	t[':'], t['#'], t[' '] = colon, hash, space
	t['\t'], t['\n'], t[0] = tab, feed, control|null
	return t
}()

// indicators may not begin a plain scalar.
var indicators = func() (t [256]bool) {
	for _, c := range ",[]{}#&*!|>'\"%@`" {
		t[c] = true
	}
	return t
}()

func (w *writer) examine(s string) look {
	var seen uint16
	for i := range len(s) {
		seen |= classes[s[i]]
	}
	l := look{embedded: seen&null != 0}
	hidden := seen&control != 0
	if seen&wide != 0 {
		l.invalid = !utf8.ValidString(s)
		hidden = hidden || w.ascii || strings.IndexFunc(s, unseen) >= 0
	}
	l.lines = !hidden
	l.single = !hidden && seen&(tab|feed) == 0
	l.plain = l.single && s != "" && mayBegin(s) &&
		(seen&colon == 0 || s[len(s)-1] != ':' && !strings.Contains(s, ": ")) &&
		(seen&hash == 0 || !strings.Contains(s, " #")) &&
		(seen&space == 0 || s[0] != ' ' && s[len(s)-1] != ' ')
	l.flow = l.plain && seen&(colon|hash|mark) == 0
	return l
}

// unseen reports whether r is to be escaped; a line feed and a tab are looked
// at apart.
func unseen(r rune) bool { return !visible(r) && r != '\n' && r != '\t' }

// mayBegin reports whether a plain scalar may begin as s does.
func mayBegin(s string) bool {
	switch c := s[0]; c {
	case '-', '?', ':':
		return len(s) > 1 && s[1] != ' ' && !indicators[s[1]]
	default:
		return !indicators[c]
	}
}

// visible reports whether a reader sees r; the joiners shape scripts and emoji.
func visible(r rune) bool { return unicode.IsPrint(r) || r == 0x200c || r == 0x200d }

// words are what some YAML takes for a boolean or null, in any letter case, by
// the first letter in lower case.
var words = map[byte][]string{
	'y': {"y", "yes"},
	'n': {"n", "no", "null", "none", "nan"},
	'o': {"on", "off"},
	't': {"true"},
	'f': {"false"},
	'i': {"inf"},
}

func word(s string) bool {
	if len(s) > len("false") {
		return false
	}
	first := s[0] | 0x20
	if first < 'f' || first > 'y' {
		return false
	}
	for _, w := range words[first] {
		if strings.EqualFold(w, s) {
			return true
		}
	}
	return false
}

// other reports whether some YAML takes the plain scalar s for something else
// than text.
func other(s string) bool {
	switch c := s[0]; {
	case c >= '0' && c <= '9', c == '+', c == '.':
		return numeric(s)
	case c == '-', c == '?', c == ':', c == '~', c == '=':
		return true
	case c == '<':
		return s == "<<"
	}
	return word(s)
}

// numeric reports whether s has only characters that stand in numbers of any
// base, in sexagesimals, dates and times, .inf and .nan.
func numeric(s string) bool {
	for i := 0; i < len(s); i++ {
		if strings.IndexByte("0123456789abcdefABCDEFxXoOtTzZiInN+-_.:, ", s[i]) < 0 {
			return false
		}
	}
	return true
}

// style is what the place of a scalar allows.
type style int

const (
	inBlock style = iota // a plain scalar may hold brackets; lines may follow
	inKey                // the same, but on one line
	inFlow               // within a list on one line
)

// scalar appends text; the lines of a literal block stand at indent.
func (w *writer) scalar(s string, indent int, in style) {
	l := w.examine(s)
	switch {
	case l.invalid:
		w.fail(diag.Bugf("text that is not UTF-8: %q", s))
	case l.embedded:
		w.fail(diag.Bugf("an intrinsic is part of a text, where Sub or Join is needed: %q", s))
	case l.plain && (in != inFlow || l.flow) && !other(s):
		w.buf = append(w.buf, s...)
	case l.single:
		w.single(s)
	case l.lines && in == inBlock && literal(s):
		w.literal(s, indent)
	default:
		w.double(s)
	}
}

// plainScalar appends a scalar that a user wrote without quotes. It stays without
// them, whatever a reader takes it for, unless the place does not allow it.
func (w *writer) plainScalar(s string, indent int, in style) {
	if l := w.examine(s); l.plain && (in != inFlow || l.flow) {
		w.buf = append(w.buf, s...)
		return
	}
	w.scalar(s, indent, in)
}

func (w *writer) single(s string) {
	w.buf = append(w.buf, '\'')
	for i := 0; i < len(s); i++ {
		if s[i] == '\'' {
			w.buf = append(w.buf, '\'')
		}
		w.buf = append(w.buf, s[i])
	}
	w.buf = append(w.buf, '\'')
}

// literal reports whether s is lines that a block can hold exactly: the first one
// shows the indentation, none is of blanks only, and at most one line feed ends it.
func literal(s string) bool {
	if strings.IndexByte(" \t\n", s[0]) >= 0 || strings.HasSuffix(s, "\n\n") || !strings.Contains(s, "\n") {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if line != "" && strings.TrimLeft(line, " \t") == "" {
			return false
		}
	}
	return true
}

func (w *writer) literal(s string, indent int) {
	body, ended := strings.CutSuffix(s, "\n")
	w.buf = append(w.buf, '|')
	if !ended {
		w.buf = append(w.buf, '-')
	}
	for line := range strings.SplitSeq(body, "\n") {
		w.buf = append(w.buf, '\n')
		if line != "" {
			w.spaces(indent)
			w.buf = append(w.buf, line...)
		}
	}
}

const hexDigits = "0123456789ABCDEF"

func (w *writer) double(s string) {
	b := append(w.buf, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r == '\r':
			b = append(b, `\r`...)
		case visible(r) && !w.foreign(r):
			b = utf8.AppendRune(b, r)
		case r < 0x100:
			b = append(b, '\\', 'x', hexDigits[r>>4], hexDigits[r&15])
		case r < 0x10000:
			b = append(b, '\\', 'u', hexDigits[r>>12], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
		default:
			b = append(b, '\\', 'U')
			for shift := 28; shift >= 0; shift -= 4 {
				b = append(b, hexDigits[r>>shift&15])
			}
		}
	}
	w.buf = append(b, '"')
}

// foreign reports whether the template is to do without r.
func (w *writer) foreign(r rune) bool { return w.ascii && r >= utf8.RuneSelf }
