package source

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/diag"
)

// The functions of this file read one scalar from the text of a file as the
// YAML specification says (https://yaml.org/spec/1.2.2/). The lexer says which
// kind of scalar begins where.

// plainEnd is where an unquoted scalar that stands at i ends in its line.
func plainEnd(text string, i int, flow bool) int {
	end := i
	for ; i < len(text) && text[i] != '\n'; i++ {
		switch c := text[i]; {
		case c == ':' && (i+1 == len(text) || blank(text[i+1]) || flow && strings.IndexByte(",[]{}", text[i+1]) >= 0):
			return end
		case c == '#' && (i == 0 || blank(text[i-1])):
			return end
		case flow && strings.IndexByte(",[]{}", c) >= 0:
			return end
		case c != ' ' && c != '\t':
			end = i + 1
		}
	}
	return end
}

// fold joins the lines of an unquoted scalar: one line break is a space, more
// are one less.
func fold(raw string) string {
	if strings.IndexByte(raw, '\n') < 0 {
		return raw
	}
	var b strings.Builder
	empty := 0
	for i, line := range strings.Split(raw, "\n") {
		line = strings.Trim(line, " \t")
		switch {
		case line == "":
			empty++
			continue
		case empty > 0:
			b.WriteString(strings.Repeat("\n", empty))
		case i > 0:
			b.WriteByte(' ')
		}
		empty = 0
		b.WriteString(line)
	}
	return b.String()
}

// singleQuoted reads the scalar whose opening quote is at the cursor, and moves
// behind the closing one.
func singleQuoted(c *cursor) (string, *diag.Problem) {
	var b strings.Builder
	text := c.text
	for i := c.at + 1; i < len(text); {
		switch ch := text[i]; {
		case ch == '\'' && i+1 < len(text) && text[i+1] == '\'':
			b.WriteByte('\'')
			i += 2
		case ch == '\'':
			c.to(i + 1)
			return b.String(), nil
		case blank(ch):
			i = foldBlanks(&b, text, i)
		default:
			b.WriteByte(ch)
			i++
		}
	}
	return "", problemf("yaml-syntax", c.place(), "write the second quote", "a single quote is never closed")
}

// doubleQuoted reads the scalar whose opening quote is at the cursor, and moves
// behind the closing one.
func doubleQuoted(c *cursor) (string, *diag.Problem) {
	var b strings.Builder
	text := c.text
	for i := c.at + 1; i < len(text); {
		switch ch := text[i]; {
		case ch == '"':
			c.to(i + 1)
			return b.String(), nil
		case ch == '\\':
			r, n, complaint := escape(text[i:])
			if complaint != "" {
				c.to(i)
				return "", problemf("yaml-syntax", c.place(), `in single quotes a backslash is only a backslash`, "%s", complaint)
			}
			if r >= 0 {
				b.WriteRune(r)
			} else {
				n += foldEscaped(&b, text[i+n:])
			}
			i += n
		case blank(ch):
			i = foldBlanks(&b, text, i)
		default:
			b.WriteByte(ch)
			i++
		}
	}
	return "", problemf("yaml-syntax", c.place(), "write the second quote", "a double quote is never closed")
}

// foldBlanks reads the white space at i inside quotes: without a line break it
// stays, with one it is folded. It returns the index behind it.
func foldBlanks(b *strings.Builder, text string, i int) int {
	start := i
	for i < len(text) && blank(text[i]) {
		i++
	}
	switch n := strings.Count(text[start:i], "\n"); n {
	case 0:
		b.WriteString(text[start:i])
	case 1:
		b.WriteByte(' ')
	default:
		b.WriteString(strings.Repeat("\n", n-1))
	}
	return i
}

// foldEscaped reads the white space behind an escaped line break, which is
// dropped up to the empty lines in it, and returns its length.
func foldEscaped(b *strings.Builder, text string) int {
	rest := strings.TrimLeft(text, " \t\n")
	space := text[:len(text)-len(rest)]
	b.WriteString(strings.Repeat("\n", strings.Count(space, "\n")))
	return len(space)
}

// escapes are the escapes of one letter that make text. Those that make other
// control characters are left out: see escape.
var escapes = map[byte]rune{
	't': '\t', '\t': '\t', 'n': '\n', 'r': '\r', ' ': ' ', '"': '"', '/': '/', '\\': '\\',
	'_': 0xA0, 'L': 0x2028, 'P': 0x2029,
}

// controls are the escapes of one letter that make a control character.
const controls = "0abvfeN"

// escape reads the escape that text begins with: its rune, or -1 for a line
// break that is to be dropped, and its length in bytes; or what is wrong with it.
func escape(text string) (r rune, n int, complaint string) {
	if len(text) < 2 {
		return 0, 0, "a backslash ends the file"
	}
	kind := text[1]
	if kind == '\n' {
		return -1, 2, ""
	}
	if r, ok := escapes[kind]; ok {
		return r, 2, ""
	}
	if strings.IndexByte(controls, kind) >= 0 {
		return 0, 0, fmt.Sprintf(`the escape \%c makes a control character, which is not allowed`, kind)
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[kind]
	if digits == 0 {
		letter, _ := utf8.DecodeRuneInString(text[1:])
		return 0, 0, fmt.Sprintf(`\%c is no escape of YAML`, letter)
	}
	n = 2 + digits
	r, ok := hex(text, 2, digits)
	if ok && r >= 0xD800 && r < 0xDC00 && strings.HasPrefix(text[n:], `\u`) { // as JSON writes what \U is for
		if low, lowOK := hex(text, n+2, 4); lowOK && low >= 0xDC00 && low < 0xE000 {
			r, n = (r-0xD800)<<10+(low-0xDC00)+0x10000, n+6
		}
	}
	switch {
	case !ok:
		return 0, 0, fmt.Sprintf(`\%c needs %d hexadecimal digits`, kind, digits)
	case !utf8.ValidRune(r):
		return 0, 0, fmt.Sprintf(`%s is no character`, text[:n])
	case unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r':
		return 0, 0, fmt.Sprintf(`the escape %s makes a control character, which is not allowed`, text[:n])
	}
	return r, n, ""
}

func hex(text string, from, digits int) (rune, bool) {
	if len(text) < from+digits {
		return 0, false
	}
	for _, c := range []byte(text[from : from+digits]) {
		if !strings.ContainsRune("0123456789abcdefABCDEF", rune(c)) {
			return 0, false
		}
	}
	v, err := strconv.ParseUint(text[from:from+digits], 16, 32)
	if err != nil || v > unicode.MaxRune {
		return utf8.MaxRune + 1, true
	}
	return rune(v), true
}

// readBlock reads the literal (|) or folded (>) scalar whose header is at the
// cursor, and moves to the start of the first line behind it. parent is the number
// of spaces before the collection it stands in, -1 outside of any.
func readBlock(c *cursor, parent int) (string, *diag.Problem) {
	head := c.text[c.at:lineEnd(c.text, c.at)]
	chomp, indent, ok := blockHeader(head)
	if !ok {
		return "", problemf("yaml-syntax", c.place(), `behind | and > may stand + or -, a digit from 1 to 9 and a comment`, "this header of a block of text is not understood")
	}
	next := lineEnd(c.text, c.at) + 1
	if indent > 0 {
		indent += max(parent, 0)
	} else {
		indent = blockIndent(c.text[min(next, len(c.text)):], parent)
	}
	lines, next := blockLines(c.text, next, indent)
	c.to(min(next, len(c.text)))
	return joinBlock(lines, head[0] == '>', chomp), nil
}

// blockHeader reads the characters behind | or >.
func blockHeader(head string) (chomp byte, indent int, ok bool) {
	i := 1
	for ; i < len(head) && !blank(head[i]); i++ {
		switch c := head[i]; {
		case (c == '+' || c == '-') && chomp == 0:
			chomp = c
		case c >= '1' && c <= '9' && indent == 0:
			indent = int(c - '0')
		default:
			return 0, 0, false
		}
	}
	rest := strings.TrimLeft(head[i:], " \t")
	return chomp, indent, rest == "" || rest[0] == '#'
}

// blockIndent finds the number of spaces before the first line of a block that
// is not empty.
func blockIndent(text string, parent int) int {
	indent := 0
	for len(text) > 0 {
		line := text[:lineEnd(text, 0)]
		spaces := len(line) - len(strings.TrimLeft(line, " "))
		indent = max(indent, spaces)
		if spaces < len(line) {
			break
		}
		text = text[min(len(line)+1, len(text)):]
	}
	return max(indent, parent+1, 1)
}

// blockLines cuts out the lines of a block from index i on, without their
// indentation, and returns the index of the line behind them.
func blockLines(text string, i, indent int) (lines []string, next int) {
	for i < len(text) {
		line := text[i:lineEnd(text, i)]
		spaces := len(line) - len(strings.TrimLeft(line, " "))
		if spaces < indent && spaces < len(line) {
			break
		}
		lines = append(lines, line[min(indent, len(line)):])
		i += len(line) + 1
	}
	return lines, i
}

// joinBlock makes a block's text of its lines.
//
// https://yaml.org/spec/1.2.2/#813-folded-style
func joinBlock(lines []string, folded bool, chomp byte) string {
	last := len(lines)
	for last > 0 && lines[last-1] == "" {
		last--
	}
	trailing := len(lines) - last
	var b strings.Builder
	more := func(line string) bool { return line != "" && (line[0] == ' ' || line[0] == '\t') }
	for i, line := range lines[:last] {
		if line == "" {
			b.WriteByte('\n')
			continue
		}
		b.WriteString(line)
		if i+1 == last {
			break
		}
		following := i + 1
		for lines[following] == "" {
			following++
		}
		switch {
		case !folded || more(line) || more(lines[following]):
			b.WriteByte('\n')
		case following == i+1:
			b.WriteByte(' ')
		}
	}
	switch {
	case chomp == '+':
		if last > 0 {
			trailing++
		}
		b.WriteString(strings.Repeat("\n", trailing))
	case chomp == 0 && last > 0:
		b.WriteByte('\n')
	}
	return b.String()
}
