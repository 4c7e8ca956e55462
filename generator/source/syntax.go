package source

import (
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
)

// syntaxWords are the messages of the scanner and the parser that people meet,
// in words that say what to do. A message is found by its beginning.
var syntaxWords = []struct{ message, text, hint string }{
	{"could not find end character of", "a quote is never closed", "write the second quote"},
	{"found unknown escape character", "this is no escape of YAML", "in single quotes a backslash is only a backslash"},
	{"not enough length for escaped", "this escape is no character", "in single quotes a backslash is only a backslash"},
	{"found unexpected character after high", "this escape is no character", "write both halves of it"},
	{"found unexpected low surrogate", "this escape is no character", "write both halves of it"},
	{"found character '\\t'", "a tab stands where YAML wants spaces", "indent with spaces"},
	{"found character '\t'", "a tab stands where YAML wants spaces", "indent with spaces"},
	{"found a tab character where", "a tab stands where YAML wants spaces", "indent with spaces"},
	{"tab character cannot", "a tab stands where YAML wants spaces", "indent with spaces"},
	{"could not find flow mapping end token", "a { is never closed", "write the }"},
	{"sequence end token ']' not found", "a [ is never closed", "write the ]"},
	{"',' or '}' must be specified", "a comma or } is missing before this", "put quotes around text that holds special characters"},
	{"',' or ']' must be specified", "a comma or ] is missing before this", "put quotes around text that holds special characters"},
	{"could not find flow map content", "this is no entry of a mapping", `entries are written {key: value, key: value}`},
	{"mapping value is not allowed in this context", "a second colon makes a mapping where none can begin", "put quotes around text that holds \": \", or begin the mapping on the next line"},
	{"value is not allowed in this context", "this belongs to nothing", "check the indentation, and whether a colon, dash or quote is missing above"},
	{"non-map value is specified", "a key and a colon are missing here", "check the indentation, and whether a colon is missing behind the key"},
	{"unexpected key name", "a key must stand in one line", "is a colon or a quote missing above?"},
	{"block sequence entries are not allowed", "a list cannot begin behind a key", "begin the list on the next line"},
	{"found an invalid key for this map", "this colon has no key", "write the key before it, or quotes around the text"},
	{"found unexpected document separator", "a line of --- or ... stands within quotes", "close the quotes"},
	{"invalid header option", "this header of a block of text is not understood", "behind | and > may stand + or -, a digit from 1 to 9 and a comment"},
	{"could not find multi-line content", "the block of text before this is empty", `indent its lines, or write ""`},
	{"invalid number of indent", "the lines of this block of text are indented less than their beginning", "indent its first line as the others"},
	{"'@' is a reserved character", "a text cannot begin with @", "put quotes around it"},
	{"'`' is a reserved character", "a text cannot begin with `", "put quotes around it"},
}

// syntaxProblem words a message of the YAML library.
func syntaxProblem(message string, place diag.Place) *diag.Problem {
	for _, w := range syntaxWords {
		if strings.HasPrefix(message, w.message) {
			return problemf("yaml-syntax", place, w.hint, "%s", w.text)
		}
	}
	return problemf("yaml-syntax", place, "check the indentation, and whether a colon, dash or quote is missing", "this is not YAML: %s", message)
}
