package source

import (
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/goccy/go-yaml/token"
)

// mender goes over the scanner's tokens with the text beside it, before the
// parser sees them. Every character that is neither blank nor comment must belong
// to a token, so that nothing is read that was not written and nothing is lost.
// On the way it gives each token its exact place and each scalar its exact text,
// and refuses what foldstack does not read: several documents, complex keys, tags
// without a value, nesting without end.
type mender struct {
	cursor
	in       []*token.Token
	next     int // index into in
	out      token.Tokens
	problems *diag.Problems
	stop     *diag.Problem // nothing can be read from here on
	hole     bool          // a value is missing, and that is reported

	last     unit       // what was passed on last
	begin    diag.Place // where that begins
	property string     // the tags and anchors that stand before the next value
	marked   diag.Place // where property begins
	lastMark int        // the line of the last of them
	marks    int        // how many there are
	ended    bool       // ... was seen

	frames []frame // the collections that are open
	flow   int     // those of them in brackets or braces
	path   int     // sum of the frames' key lengths
	work   int     // what the parser will have to copy, in bytes
}

// unit is what a token, or a few together, mean to what follows.
type unit int

const (
	nothing unit = iota
	header       // ---
	indicator
	dash
	scalar // could be a key
	block
	alias
	anchor
	tag
	closing // ] or }
)

// mend returns the tokens for the parser, or nil when it reported a problem
// that leaves none; hole tells that a value is missing, which is reported.
func mend(file, text string, problems *diag.Problems) (tokens token.Tokens, hole bool) {
	m := &mender{cursor: cursor{file: file, text: text, line: 1, column: 1}, in: scan(text), problems: problems}
	m.out = make(token.Tokens, 0, len(m.in))
	for m.stop == nil && m.next < len(m.in) {
		m.token()
	}
	if m.skipSpace(); m.stop == nil && !m.end() {
		m.unreadable()
	}
	if m.stop == nil {
		m.unmarked(nil)
		m.belongs(nil)
	}
	if m.stop != nil {
		problems.Add(*m.stop)
		return nil, true
	}
	return m.out, m.hole
}

// menders is what is done with each type of token; all others are unquoted
// scalars.
var menders = map[token.Type]func(*mender, *token.Token){
	token.DocumentHeaderType: (*mender).documentHeader,
	token.DocumentEndType:    (*mender).documentEnd,
	token.DirectiveType:      (*mender).directive,
	token.SequenceEntryType:  (*mender).dash,
	token.MappingKeyType:     (*mender).question,
	token.MappingValueType:   (*mender).colon,
	token.CollectEntryType:   (*mender).comma,
	token.SequenceStartType:  (*mender).open,
	token.MappingStartType:   (*mender).open,
	token.SequenceEndType:    (*mender).close,
	token.MappingEndType:     (*mender).close,
	token.AnchorType:         (*mender).anchor,
	token.AliasType:          (*mender).alias,
	token.TagType:            (*mender).tag,
	token.LiteralType:        (*mender).block,
	token.FoldedType:         (*mender).block,
	token.SingleQuoteType:    (*mender).quoted,
	token.DoubleQuoteType:    (*mender).quoted,
	token.InvalidType:        (*mender).invalid,
}

// token takes the scanner's next token over.
func (m *mender) token() {
	tk := m.in[m.next]
	m.next++
	if tk.Type == token.CommentType {
		return
	}
	m.skipSpace()
	if m.end() && tk.Type != token.InvalidType {
		m.unreadable()
		return
	}
	if m.ended {
		m.fail("yaml-unsupported", "remove it, or make it a file of its own", "the document has ended, but something follows")
		return
	}
	m.unmarked(tk)
	m.emptyItem()
	m.emptyValue(tk)
	m.belongs(tk)
	if m.indentedByTab() {
		m.fail("yaml-syntax", "indent with spaces", "a tab stands where YAML wants spaces")
		return
	}
	if mendToken := menders[tk.Type]; mendToken != nil {
		mendToken(m, tk)
	} else {
		m.plain(tk)
	}
	if m.work += m.path; m.work > maxWork {
		m.fail("yaml-too-large", "use shorter keys, or split the file", "mappings with very long keys, or very many, cannot be read")
	}
}

func (m *mender) fail(rule, hint, format string, args ...any) {
	m.failAt(m.place(), rule, hint, format, args...)
}

func (m *mender) failAt(place diag.Place, rule, hint, format string, args ...any) {
	if m.stop == nil {
		m.stop = problemf(rule, place, hint, format, args...)
	}
}

// unreadable is said where the scanner's tokens and the text part.
func (m *mender) unreadable() {
	m.fail("yaml-syntax", "check the indentation, and put quotes around text that holds special characters", "this cannot be read for certain")
}

// invalid reports what the scanner stumbled over, the place of which it knows
// only roughly.
func (m *mender) invalid(tk *token.Token) {
	for m.line < tk.Position.Line && !m.end() {
		m.to(min(lineEnd(m.text, m.at)+1, len(m.text)))
	}
	for m.line == tk.Position.Line && m.column < tk.Position.Column && !m.end() && m.char() != '\n' {
		_, size := utf8.DecodeRuneInString(m.text[m.at:])
		m.to(m.at + size)
	}
	m.stop = syntaxProblem(tk.Error, m.place())
}

// pass hands a token on that reaches from start to the cursor.
func (m *mender) pass(tk *token.Token, start cursor, as unit) {
	tk.Position.Line, tk.Position.Column = start.line, start.column
	tk.Origin = m.text[start.at:m.at]
	m.out.Add(tk)
	m.last, m.begin = as, start.place()
	if as != tag && as != anchor {
		m.marks = 0
	}
}

// take passes a token on whose text is s.
func (m *mender) take(tk *token.Token, s string, as unit) {
	if !strings.HasPrefix(m.text[m.at:], s) {
		m.unreadable()
		return
	}
	start := m.cursor
	m.to(m.at + len(s))
	m.pass(tk, start, as)
}

func (m *mender) documentHeader(tk *token.Token) {
	if m.last != nothing {
		m.fail("yaml-unsupported", "make it a file of its own", "a second document begins; a file holds one")
		return
	}
	m.take(tk, "---", header)
}

func (m *mender) documentEnd(tk *token.Token) {
	m.take(tk, "...", indicator)
	m.ended = true
}

func (m *mender) directive(*token.Token) {
	if m.column > 1 {
		m.fail("yaml-syntax", "put quotes around it", "a text cannot begin with %% here")
		return
	}
	m.fail("yaml-unsupported", "remove the line, or put quotes around a text that begins with %", "directives such as %%YAML are not read")
}

func (m *mender) question(*token.Token) {
	m.fail("yaml-unsupported", `write "key: value", or quotes around a text that begins with ?`, "keys introduced by ? are not read")
}
