package source

import (
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/diag"
)

// cursor walks over the text of a file and knows its place there.
type cursor struct {
	file, text   string
	at           int // index in bytes
	line, column int // counted from 1; the column in runes
}

func (c *cursor) place() diag.Place {
	return diag.Place{File: c.file, Line: c.line, Column: c.column}
}

func (c *cursor) end() bool { return c.at >= len(c.text) }

// char is the byte at the cursor, 0 at the end of the text.
func (c *cursor) char() byte {
	if c.end() {
		return 0
	}
	return c.text[c.at]
}

// to moves the cursor forward to index.
func (c *cursor) to(index int) {
	passed := c.text[c.at:index]
	if n := strings.Count(passed, "\n"); n > 0 {
		c.line += n
		c.column = 1
		passed = passed[strings.LastIndexByte(passed, '\n')+1:]
	}
	c.column += utf8.RuneCountInString(passed)
	c.at = index
}

// skipSpace moves over blanks, line breaks and comments.
func (c *cursor) skipSpace() {
	i := c.at
	for i < len(c.text) {
		switch ch := c.text[i]; {
		case ch == ' ' || ch == '\t' || ch == '\n':
			i++
		case ch == '#' && (i == 0 || blank(c.text[i-1])):
			i = lineEnd(c.text, i)
		default:
			c.to(i)
			return
		}
	}
	c.to(i)
}

// match finds the end of words, which must stand at the cursor apart from white
// space, or -1.
func (c *cursor) match(words string) int {
	i := c.at
	for j := range len(words) {
		if blank(words[j]) {
			continue
		}
		for i < len(c.text) && blank(c.text[i]) {
			i++
		}
		if i == len(c.text) || c.text[i] != words[j] {
			return -1
		}
		i++
	}
	return i
}

// blank reports white space of a YAML text.
func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

// lineEnd is the index of the line break at or behind i.
func lineEnd(text string, i int) int {
	if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(text)
}
