package source

import (
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/goccy/go-yaml/token"
)

// This file is the part of the mender that knows which collections are open.

// frame is one open collection.
type frame struct {
	flow    bool
	mapping bool
	column  int // of a block
	key     int // length of the last key
	keys    int
	colon   bool // the entry in braces has one
}

func (m *mender) dash(tk *token.Token) {
	if m.flow > 0 {
		m.fail("yaml-syntax", "separate the items by commas, or put quotes around the text", "a dash cannot stand within [ ] or { }")
		return
	}
	if (m.last == tag || m.last == anchor) && m.begin.Line == m.line {
		m.fail("yaml-syntax", "begin the list on the next line", "a list cannot begin behind %s", m.property)
		return
	}
	m.enter(m.column, false)
	m.take(tk, "-", dash)
}

// emptyItem writes out the nothing between a dash and a token that does not
// belong to it; the parser would make a key at the dash's column its value.
func (m *mender) emptyItem() {
	if m.last == dash && m.line > m.begin.Line && m.column <= m.begin.Column {
		m.out.Add(&token.Token{Type: token.ImplicitNullType, Value: "null", Position: &token.Position{Line: m.begin.Line, Column: m.begin.Column + 1}})
		m.last = indicator
	}
}

// emptyValue counts what it costs the parser that a key has no value before the
// token tk: it puts one in between, and moves all tokens behind it.
func (m *mender) emptyValue(tk *token.Token) {
	top := m.top()
	empty := false
	switch {
	case len(m.out) == 0:
	case tk.Type == token.CollectEntryType || tk.Type == token.MappingEndType || tk.Type == token.SequenceEndType:
		empty = top.mapping && !top.colon || m.afterColon()
	case m.flow == 0 && m.afterColon():
		list := tk.Type == token.SequenceEntryType
		empty = m.column < top.column || m.column == top.column && !list
	}
	if empty {
		m.work += len(m.in) / 2 // pointers are moved faster than texts are copied
	}
}

func (m *mender) afterColon() bool { return m.out[len(m.out)-1].Type == token.MappingValueType }

func (m *mender) open(tk *token.Token) {
	m.take(tk, tk.Value, indicator)
	m.indented()
	m.push(frame{flow: true, mapping: tk.Type == token.MappingStartType})
	m.flow++
}

func (m *mender) close(tk *token.Token) {
	if m.flow == 0 || m.top().mapping != (tk.Type == token.MappingEndType) {
		m.fail("yaml-syntax", "remove it, or put quotes around the text", "a %s closes nothing", tk.Value)
		return
	}
	m.pop()
	m.flow--
	m.take(tk, tk.Value, closing)
}

func (m *mender) comma(tk *token.Token) {
	if m.flow == 0 {
		m.unreadable()
		return
	}
	switch m.out[len(m.out)-1].Type {
	case token.SequenceStartType, token.MappingStartType, token.CollectEntryType:
		m.fail("yaml-syntax", "remove the comma", "nothing stands before this comma")
		return
	}
	m.frames[len(m.frames)-1].colon = false
	m.take(tk, ",", indicator)
}

// colon ends a key, which must be a scalar in one line.
func (m *mender) colon(tk *token.Token) {
	if m.last != scalar {
		m.notAKey()
		return
	}
	key := m.out[len(m.out)-1]
	quoted := key.Type == token.SingleQuoteType || key.Type == token.DoubleQuoteType
	size := utf8.RuneCountInString(key.Origin)
	switch {
	case m.begin.Line != m.line:
		m.failAt(m.lineStart(), "yaml-syntax", "check the indentation of this line, and whether a quote is missing above", "the text of line %d goes on here, but a key must stand in one line", m.begin.Line)
	case size > maxKey:
		m.failAt(m.begin, "yaml-too-large", "", "a key has %d characters; at most %d are read", size, maxKey)
	case m.property != "" && m.lastMark == m.line:
		m.failAt(m.marked, "yaml-unsupported", "to mark the whole mapping, begin it on the next line", "a key cannot have %s", m.property)
	case m.flow > 0 && !quoted && m.at+1 < len(m.text) && strings.IndexByte(",[]{}", m.text[m.at+1]) >= 0:
		m.fail("yaml-syntax", "put a space behind the colon, or quotes around the text", "readers of YAML take this colon differently")
	default:
		m.remember(key.Position.Column, size)
		m.take(tk, ":", indicator)
	}
}

// lineStart is the place of the first text in the cursor's line.
func (m *mender) lineStart() diag.Place {
	start := strings.LastIndexByte(m.text[:m.at], '\n') + 1
	line := m.text[start:m.at]
	place := m.place()
	place.Column = 1 + len(line) - len(strings.TrimLeft(line, " \t"))
	return place
}

// notAKey explains a colon that does not follow a scalar.
func (m *mender) notAKey() {
	switch m.last {
	case closing:
		m.fail("yaml-unsupported", "a key is a text", "a list or mapping cannot be a key")
	case alias:
		m.fail("yaml-unsupported", "write the key out", "an alias cannot be a key")
	default:
		m.fail("yaml-syntax", "write the key before it, or quotes around a text that begins with a colon", "a colon without a key")
	}
}

// top is the innermost open collection; outside of any it is at column 0.
func (m *mender) top() frame {
	if len(m.frames) == 0 {
		return frame{}
	}
	return m.frames[len(m.frames)-1]
}

func (m *mender) push(f frame) {
	m.frames = append(m.frames, f)
	if len(m.frames) > maxDepth {
		m.fail("yaml-too-deep", "is a bracket or a quote missing?", "lists and mappings nest more than %d levels deep", maxDepth)
	}
}

func (m *mender) pop() {
	m.path -= m.top().key
	m.frames = m.frames[:len(m.frames)-1]
}

// enter makes the block collection at column the innermost one. A list may
// stand at the column of the key it belongs to.
func (m *mender) enter(column int, mapping bool) {
	for m.top().column > column || m.top().column == column && mapping && !m.top().mapping {
		m.pop()
	}
	if m.top().column < column || m.top().mapping != mapping {
		m.push(frame{column: column, mapping: mapping})
	}
}

// remember notes a key in the collection it belongs to, and what it costs the
// parser: that copies the siblings behind each key, and the path of each node.
func (m *mender) remember(column, size int) {
	if m.flow == 0 {
		m.enter(column, true)
	}
	if len(m.frames) == 0 {
		return
	}
	top := &m.frames[len(m.frames)-1]
	m.path += size - top.key
	top.key = size
	top.keys++
	top.colon = true
	m.work += 8 * top.keys
}

// belongs looks at a scalar or alias once the token behind it shows that it is
// no key.
func (m *mender) belongs(next *token.Token) {
	if (m.last == scalar || m.last == alias) && (next == nil || next.Type != token.MappingValueType) {
		m.indented()
	}
}

// indented refuses a value that begins a line without being indented more than
// the key or dash it would belong to: mostly a key without its colon.
func (m *mender) indented() {
	begin := m.begin
	if m.property != "" && m.marked.Line == begin.Line {
		begin = m.marked
	}
	if m.flow == 0 && begin.Column <= m.top().column {
		m.failAt(begin, "yaml-syntax", "check the indentation, and whether a colon or dash is missing", "this belongs to nothing")
	}
}

// indentedByTab reports a token that begins a line behind a tab.
//
// https://yaml.org/spec/1.2.2/#61-indentation-spaces
func (m *mender) indentedByTab() bool {
	i := m.at
	for i > 0 && (m.text[i-1] == ' ' || m.text[i-1] == '\t') {
		i--
	}
	return m.flow == 0 && (i == 0 || m.text[i-1] == '\n') && strings.IndexByte(m.text[i:m.at], '\t') >= 0
}
