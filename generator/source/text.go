package source

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/diag"
)

// The limits on a file, checked before anything is built from it.
const (
	maxBytes   = 1 << 20 // a template that CloudFormation takes holds no more
	maxDepth   = 100     // collections within collections
	maxKey     = 1024    // characters of a key; YAML has the same limit
	maxTag     = 100     // bytes of a tag; CloudFormation's have at most 12
	maxWork    = 1 << 28 // bytes that the parser would copy for paths and long mappings
	maxAliased = 20_000  // nodes that aliases add to the tree
)

// problemf makes a problem at a place.
func problemf(rule string, place diag.Place, hint, format string, args ...any) *diag.Problem {
	return &diag.Problem{Rule: rule, Place: place, Hint: hint, Text: fmt.Sprintf(format, args...)}
}

// readable turns the bytes of a file into what the lexer gets: UTF-8 without a
// byte order mark, line breaks as \n, one at the end. Lines and columns are those
// of the file. Bytes that are no text are a problem.
func readable(file string, data []byte) (string, *diag.Problem) {
	if len(data) > maxBytes {
		return "", problemf("yaml-too-large", diag.Place{File: file}, "split the file, or move data out of it",
			"the file has %d bytes; at most %d are read", len(data), maxBytes)
	}
	if utf16(data) {
		return "", problemf("yaml-encoding", diag.Place{File: file}, "save it as UTF-8", "the file is not UTF-8 but looks like UTF-16")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if bytes.IndexByte(data, '\r') >= 0 {
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	}
	text := string(data)
	if p := checkText(file, text); p != nil {
		return "", p
	}
	if p := checkMerged(file, text); p != nil {
		return "", p
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text, nil
}

// checkMerged refuses a file in which Git left both sides of a merge. YAML that
// means anything else has no such line at its margin.
//
// https://git-scm.com/docs/git-merge#_how_conflicts_are_presented
func checkMerged(file, text string) *diag.Problem {
	const mark = "<<<<<<< "
	at := 0
	if !strings.HasPrefix(text, mark) {
		if at = strings.Index(text, "\n"+mark) + 1; at == 0 {
			return nil
		}
	}
	place := diag.Place{File: file, Line: strings.Count(text[:at], "\n") + 1, Column: 1}
	return problemf("yaml-merge-conflict", place, "keep what shall hold of both sides, and remove the lines of <, = and >",
		"a merge left a conflict here that nobody has resolved")
}

// utf16 recognises UTF-16 by its byte order mark, or by the zero bytes that
// every other character of it has at the start of a YAML file.
func utf16(data []byte) bool {
	if len(data) < 2 {
		return false
	}
	mark := [2]byte(data[:2])
	return mark == [2]byte{0xFF, 0xFE} || mark == [2]byte{0xFE, 0xFF} ||
		len(data)%2 == 0 && (mark[0] == 0) != (mark[1] == 0)
}

// checkText looks at every character once.
func checkText(file, text string) *diag.Problem {
	line, start := 1, 0
	at := func(i int) diag.Place {
		return diag.Place{File: file, Line: line, Column: utf8.RuneCountInString(text[start:i]) + 1}
	}
	costly, work := 0, 0 // characters for which goccy's lexer looks at the whole line again
	for i := 0; i < len(text); {
		c := text[i]
		if c >= ' ' && c < 0x7f {
			if c == '<' {
				costly++
			}
			i++
			continue
		}
		switch {
		case c == '\n':
			work += costly * (i - start)
			line, start, costly = line+1, i+1, 0
		case c == '\t':
			costly++
		default:
			r, size := utf8.DecodeRuneInString(text[i:])
			if p := checkRune(r, size, c); p != nil {
				p.Place = at(i)
				return p
			}
			i += size - 1
		}
		i++
	}
	if work+costly*(len(text)-start) > maxWork {
		return problemf("yaml-too-large", diag.Place{File: file}, "break the long lines", "lines with many tabs or < are too long to be read")
	}
	return nil
}

// checkRune refuses what is no text, or what readers of YAML take differently. The
// caller knows the place, which costs as much to find as the line is long.
func checkRune(r rune, size int, first byte) *diag.Problem {
	switch {
	case r == utf8.RuneError && size == 1:
		return problemf("yaml-encoding", diag.Place{}, "save the file as UTF-8", "the byte 0x%02x is not UTF-8", first)
	case r == 0:
		return problemf("yaml-control-character", diag.Place{}, "is this a binary file?", "a NUL byte is no text")
	case r == '\r':
		return problemf("yaml-control-character", diag.Place{}, "end lines with LF or CR LF", "a carriage return stands alone")
	case unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF:
		return problemf("yaml-control-character", diag.Place{}, `remove it, or find out what wrote it`, "the control character U+%04X is not allowed", r)
	case r == 0x2028 || r == 0x2029 || r == 0xFEFF:
		return problemf("yaml-control-character", diag.Place{}, fmt.Sprintf(`remove it, or write "\u%04x" in double quotes`, r),
			"the invisible character U+%04X is not allowed: readers of YAML take it differently", r)
	}
	return nil
}
