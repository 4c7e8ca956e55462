package source

import (
	"strings"

	"github.com/goccy/go-yaml/token"
)

// This file is the part of the mender that reads tags, anchors and aliases.

// tag takes a tag, which must be one of letters as CloudFormation's are.
func (m *mender) tag(tk *token.Token) {
	end := m.wordEnd()
	name := m.text[m.at:end]
	switch {
	case len(name) > maxTag:
		m.fail("yaml-too-large", "put quotes around a text that begins with !", "a tag has %d bytes; at most %d are read", len(name), maxTag)
		return
	case strings.HasPrefix(name, "!!"):
		m.fail("yaml-unsupported", "remove it; quotes make any value text", "the tag %s is not read", name)
		return
	case !localTag(name):
		m.fail("yaml-syntax", "put quotes around a text that begins with !", "%s is no tag", name)
		return
	case m.text[end] == '\t':
		m.fail("yaml-syntax", "put a space there", "a tab follows the tag %s", name)
		return
	case name != tk.Value: // the scanner took a bracket for part of it
		m.fail("yaml-empty-tag", `write the value behind it, or "" for an empty text`, "the tag %s stands without a value", name)
		return
	}
	if m.mark(tag, "the tag "+name) {
		m.take(tk, tk.Value, tag)
	}
}

// localTag reports a name such as !Ref or !Equals.
func localTag(name string) bool {
	for i, r := range name[1:] {
		if letter := r|0x20 >= 'a' && r|0x20 <= 'z'; !letter && (i == 0 || !strings.ContainsRune("0123456789-_.:", r)) {
			return false
		}
	}
	return len(name) > 1
}

// wordEnd is where a tag or the name of an anchor ends that is at the cursor.
func (m *mender) wordEnd() int {
	i := m.at
	for i < len(m.text) && !blank(m.text[i]) && (m.flow == 0 || strings.IndexByte(",[]{}", m.text[i]) < 0) {
		i++
	}
	return i
}

// mark notes a tag or anchor; a value has at most one of each.
func (m *mender) mark(as unit, name string) bool {
	if m.marks == 0 {
		m.property, m.marked = name, m.place()
	} else {
		m.property += " and " + name
	}
	m.marks++
	m.lastMark = m.line
	if m.marks > 2 || m.marks == 2 && m.last == as {
		m.fail("yaml-syntax", "remove one", "a value cannot have %s", m.property)
		return false
	}
	return true
}

// unmarked reports tags and anchors that have no value before the token tk, or
// before the end. The parser would give them whatever follows.
func (m *mender) unmarked(tk *token.Token) {
	if m.last != tag && m.last != anchor {
		if m.last != scalar { // a key's property is asked for at its colon
			m.property = ""
		}
		return
	}
	if tk != nil && m.fills(tk) {
		return
	}
	m.problems.Add(*problemf("yaml-empty-tag", m.marked, `write the value behind it, or "" for an empty text`,
		"%s stands without a value", m.property))
	m.hole = true
	last := m.out[len(m.out)-1].Position
	m.out.Add(token.String("", "", &token.Position{Line: last.Line, Column: last.Column + 1}))
	m.last, m.marks, m.property = indicator, 0, ""
}

// fills reports whether the token at the cursor belongs to the value of the
// tag or anchor before it.
func (m *mender) fills(tk *token.Token) bool {
	switch tk.Type {
	case token.CollectEntryType, token.SequenceEndType, token.MappingEndType, token.MappingValueType,
		token.DocumentHeaderType, token.DocumentEndType:
		return false
	}
	parent := m.top()
	return m.flow > 0 || m.line == m.begin.Line || m.column > parent.column ||
		m.column == parent.column && parent.mapping && tk.Type == token.SequenceEntryType
}

func (m *mender) anchor(tk *token.Token) {
	if m.mark(anchor, "an anchor") {
		m.named(tk, anchor)
	}
}

func (m *mender) alias(tk *token.Token) {
	if m.marks > 0 {
		m.fail("yaml-syntax", "put them where the anchor is", "an alias cannot have %s", m.property)
		return
	}
	begin := m.place()
	m.named(tk, alias)
	m.begin = begin
}

// named takes & or * and the name behind it.
func (m *mender) named(tk *token.Token, as unit) {
	start := m.cursor
	m.take(tk, tk.Value, as)
	name := m.text[m.at:m.wordEnd()]
	if m.stop != nil || !anchorName(name) || m.next == len(m.in) || m.in[m.next].Value != name {
		m.failAt(start.place(), "yaml-syntax", "put quotes around a text that begins with & or *", "the name of an anchor has letters, digits, - and _")
		return
	}
	tk = m.in[m.next]
	m.next++
	tk.Type = token.StringType
	m.take(tk, name, as)
}

// anchorName reports a name that all readers of YAML take.
func anchorName(name string) bool {
	return name != "" && strings.IndexFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	}) < 0
}
