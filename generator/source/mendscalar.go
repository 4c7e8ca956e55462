package source

import (
	"strings"

	"github.com/goccy/go-yaml/token"
)

// quoted takes a scalar in quotes.
func (m *mender) quoted(tk *token.Token) {
	read, quote := singleQuoted, byte('\'')
	if tk.Type == token.DoubleQuoteType {
		read, quote = doubleQuoted, '"'
	}
	if m.char() != quote {
		m.unreadable()
		return
	}
	start := m.cursor
	value, problem := read(&m.cursor)
	if problem != nil {
		m.stop = problem
		return
	}
	tk.Value = value
	m.pass(tk, start, scalar)
}

// block takes the header of a block scalar and its lines, for which the
// scanner has a token only where there are any.
func (m *mender) block(tk *token.Token) {
	if m.flow > 0 || m.char() != tk.Value[0] {
		m.fail("yaml-syntax", "put quotes around a text that begins with | or >", "a block of text cannot stand here")
		return
	}
	start := m.cursor
	value, problem := readBlock(&m.cursor, m.top().column-1)
	if problem != nil {
		m.stop = problem
		return
	}
	for m.next < len(m.in) && m.in[m.next].Type == token.CommentType {
		m.next++
	}
	lines := token.String("", "", &token.Position{})
	if m.next < len(m.in) && m.in[m.next].Type == token.StringType && sameWords(m.in[m.next].Value, value) {
		lines = m.in[m.next]
		m.next++
	} else if strings.TrimSpace(value) != "" {
		m.cursor = start
		m.unreadable()
		return
	}
	lines.Value = value
	m.pass(tk, start, block)
	m.pass(lines, start, block)
	m.indented()
}

// plain takes an unquoted scalar.
func (m *mender) plain(tk *token.Token) {
	start := m.cursor
	if !m.plainStart() {
		m.fail("yaml-syntax", "put quotes around it", "a text cannot begin with %c here", m.char())
		return
	}
	end := m.match(tk.Value)
	if end < 0 || !m.plainLines(end) {
		m.unreadable()
		return
	}
	m.to(end)
	if value := fold(m.text[start.at:end]); value != tk.Value {
		tk.Value, tk.Type = value, token.StringType
	}
	m.pass(tk, start, scalar)
}

// plainStart reports whether an unquoted scalar may begin at the cursor. Within
// brackets ? and : may not begin one, because readers of YAML differ on them.
//
// https://yaml.org/spec/1.2.2/#rule-ns-plain-first
func (m *mender) plainStart() bool {
	c := m.char()
	if strings.IndexByte(",[]{}#&*!|>'\"%@`", c) >= 0 || m.flow > 0 && (c == '?' || c == ':') {
		return false
	}
	following := m.text[m.at+1:]
	return strings.IndexByte("-?:", c) < 0 || following != "" && !blank(following[0]) &&
		(m.flow == 0 || strings.IndexByte(",[]{}", following[0]) < 0)
}

// plainLines reports whether all lines from the cursor to end are text of one
// unquoted scalar, and the last one no longer than that.
func (m *mender) plainLines(end int) bool {
	for i := m.at; i < end; i++ {
		for blank(m.text[i]) {
			i++
		}
		next := lineEnd(m.text[:end], i) // no further: a line may hold the whole file
		last := plainEnd(m.text, i, m.flow > 0)
		if last > end || last != i+len(strings.TrimRight(m.text[i:next], " \t")) {
			return false
		}
		i = next
	}
	return true
}

// sameWords reports whether two texts are equal apart from white space.
func sameWords(a, b string) bool {
	c := cursor{text: b}
	end := c.match(a)
	return end >= 0 && strings.Trim(b[end:], " \t\n") == ""
}
