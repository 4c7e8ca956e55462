package detect

import "bytes"

// syntax is what a tolerant lexer must know of a language so that comments and
// strings do not look like code.
type syntax struct {
	template  bool // `text ${code}` (JavaScript)
	raw       bool // `text` (Go)
	regex     bool // /regular expression/ (JavaScript)
	triple    bool // """text""" (Java, Kotlin, C#)
	verbatim  bool // @"text with "" in it" (C#)
	nested    bool // block comments nest (Kotlin)
	directive bool // a line that begins with # is for the preprocessor (C#)
}

// kind is the kind of a token; punctuation has the character itself.
type kind byte

const (
	word kind = iota + 1 // an identifier or keyword
	number
	text   // a string, template or regular expression
	arrow  // =>
	equals // ==, !=, <=, >= and their longer forms
	spread // ...
)

// token is a piece of source; its bytes are src[start:end].
type token struct {
	kind       kind
	start, end int
}

// tokens is a source that was cut into tokens.
type tokens struct {
	src  []byte
	list []token
}

func (t *tokens) text(i int) string {
	if i < 0 || i >= len(t.list) {
		return ""
	}
	return string(t.src[t.list[i].start:t.list[i].end])
}

// is reports whether token i is that word.
func (t *tokens) is(i int, s string) bool {
	return i >= 0 && i < len(t.list) && t.list[i].kind == word && string(t.src[t.list[i].start:t.list[i].end]) == s
}

// kind is the kind of token i; 0 outside.
func (t *tokens) kind(i int) kind {
	if i < 0 || i >= len(t.list) {
		return 0
	}
	return t.list[i].kind
}

// close is the index behind the bracket that closes the one at i, or the end.
func (t *tokens) close(i int) int {
	depth := 0
	for ; i < len(t.list); i++ {
		switch t.list[i].kind {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
			if depth <= 0 {
				return i + 1
			}
		}
	}
	return i
}

// lexer cuts source into tokens in one pass. It never fails: a string that is
// not closed ends with its line, a comment with the file.
type lexer struct {
	syntax
	src       []byte
	pos       int
	out       []token
	depth     int   // of curly brackets
	templates []int // depths at which a ${ was opened
}

func lex(src []byte, s syntax) tokens {
	l := lexer{syntax: s, src: src, out: make([]token, 0, len(src)/5+8)}
	if bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) {
		l.pos = 3
	}
	if bytes.HasPrefix(src[l.pos:], []byte("#!")) {
		l.line()
	}
	for l.pos < len(src) {
		l.step()
	}
	return tokens{src, l.out}
}

func (l *lexer) emit(k kind, start int) {
	l.out = append(l.out, token{k, start, l.pos})
}

func (l *lexer) peek(n int) byte {
	if l.pos+n < len(l.src) {
		return l.src[l.pos+n]
	}
	return 0
}

func (l *lexer) at(s string) bool { return bytes.HasPrefix(l.src[l.pos:], []byte(s)) }

func (l *lexer) step() {
	c := l.src[l.pos]
	switch {
	case c <= ' ':
		l.pos++
	case wordStart(c):
		l.word()
	case c >= '0' && c <= '9':
		l.number()
	case c == '/' && l.peek(1) == '/':
		l.line()
	case c == '/' && l.peek(1) == '*':
		l.blockComment()
	case c == '/' && l.regex && l.regexAllowed():
		l.quoted('/')
	case c == '"' && l.triple && l.at(`"""`):
		l.tripleQuoted()
	case c == '"' || c == '\'':
		l.quoted(c)
	case c == '`' && l.raw:
		l.until('`')
	case c == '`' && l.template:
		l.templateText(l.pos)
	case (c == '@' || c == '$') && l.verbatim && l.verbatimQuoted():
	case c == '#' && l.directive && l.firstOnLine():
		l.line()
	default:
		l.punctuation(c)
	}
}

func wordStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

func wordPart(c byte) bool { return wordStart(c) || c >= '0' && c <= '9' || c == '$' }

func (l *lexer) word() {
	start := l.pos
	for l.pos++; l.pos < len(l.src) && wordPart(l.src[l.pos]); l.pos++ {
	}
	l.emit(word, start)
}

func (l *lexer) number() {
	start := l.pos
	for l.pos++; l.pos < len(l.src) && wordPart(l.src[l.pos]); l.pos++ {
	}
	l.emit(number, start)
}

// line skips to the end of the line.
func (l *lexer) line() {
	if i := bytes.IndexByte(l.src[l.pos:], '\n'); i >= 0 {
		l.pos += i
		return
	}
	l.pos = len(l.src)
}

func (l *lexer) blockComment() {
	depth := 0
	for l.pos < len(l.src) {
		switch {
		case l.at("/*") && (l.nested || depth == 0):
			depth++
			l.pos += 2
		case l.at("*/"):
			depth--
			l.pos += 2
			if depth == 0 {
				return
			}
		default:
			l.pos++
		}
	}
}

// quoted reads to the closing quote on the same line. In a regular expression a
// slash between square brackets closes nothing.
func (l *lexer) quoted(quote byte) {
	start, class := l.pos, false
	for l.pos++; l.pos < len(l.src); l.pos++ {
		switch c := l.src[l.pos]; {
		case c == '\\':
			l.pos++
		case c == '\n':
			l.emit(text, start)
			return
		case quote == '/' && c == '[':
			class = true
		case quote == '/' && c == ']':
			class = false
		case c == quote && !class:
			l.pos++
			l.emit(text, start)
			return
		}
	}
	l.pos = len(l.src)
	l.emit(text, start)
}

// until reads to the closing quote, over lines and without escapes.
func (l *lexer) until(quote byte) {
	start := l.pos
	l.pos++
	if i := bytes.IndexByte(l.src[l.pos:], quote); i >= 0 {
		l.pos += i + 1
	} else {
		l.pos = len(l.src)
	}
	l.emit(text, start)
}

// tripleQuoted reads a text block; C# closes it with as many quotes as opened it.
func (l *lexer) tripleQuoted() {
	start, n := l.pos, 0
	for l.peek(n) == '"' {
		n++
	}
	quotes := l.src[l.pos : l.pos+n]
	l.pos += n
	if i := bytes.Index(l.src[l.pos:], quotes); i >= 0 {
		l.pos += i + n
	} else {
		l.pos = len(l.src)
	}
	l.emit(text, start)
}

// verbatimQuoted reads @"…", $"…", $@"…" and $"""…"""; it reports false where
// none begins.
func (l *lexer) verbatimQuoted() bool {
	n, verbatim := 0, false
	for c := l.peek(n); c == '@' || c == '$'; c = l.peek(n) {
		verbatim = verbatim || c == '@'
		n++
	}
	if l.peek(n) != '"' {
		return false
	}
	l.pos += n
	switch {
	case !verbatim && l.at(`"""`):
		l.tripleQuoted()
	case !verbatim:
		l.quoted('"')
	default:
		for l.until('"'); l.pos < len(l.src) && l.src[l.pos] == '"'; {
			l.until('"')
		}
	}
	return true
}

// templateText reads to the end of a template or to its next ${.
func (l *lexer) templateText(start int) {
	for l.pos++; l.pos < len(l.src); l.pos++ {
		switch l.src[l.pos] {
		case '\\':
			l.pos++
		case '`':
			l.pos++
			l.emit(text, start)
			return
		case '$':
			if l.peek(1) == '{' {
				l.emit(text, start)
				l.templates = append(l.templates, l.depth)
				l.depth++
				start = l.pos
				l.pos += 2
				l.emit('{', start)
				return
			}
		}
	}
	l.pos = len(l.src)
	l.emit(text, start)
}

// regexAllowed reports whether a slash begins a regular expression here rather
// than a division: it does unless a value stands before it.
func (l *lexer) regexAllowed() bool {
	if len(l.out) == 0 {
		return true
	}
	switch last := l.out[len(l.out)-1]; last.kind {
	case number, text, ')', ']', '}':
		return false
	case word:
		switch string(l.src[last.start:last.end]) {
		case "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "await", "yield", "default":
			return true
		}
		return false
	}
	return true
}

func (l *lexer) firstOnLine() bool {
	for i := l.pos - 1; i >= 0 && l.src[i] != '\n'; i-- {
		if l.src[i] != ' ' && l.src[i] != '\t' && l.src[i] != '\r' {
			return false
		}
	}
	return true
}

func (l *lexer) punctuation(c byte) {
	start := l.pos
	l.pos++
	switch c {
	case '{':
		l.depth++
	case '}':
		l.depth--
		if n := len(l.templates); n > 0 && l.templates[n-1] == l.depth {
			l.templates = l.templates[:n-1]
			l.emit('}', start)
			l.pos--
			l.templateText(l.pos)
			return
		}
	case '=':
		if l.peek(0) == '>' {
			l.pos++
			l.emit(arrow, start)
			return
		}
		fallthrough
	case '!', '<', '>':
		if l.peek(0) == '=' {
			for l.peek(0) == '=' {
				l.pos++
			}
			l.emit(equals, start)
			return
		}
	case '.':
		if l.at("..") {
			l.pos += 2
			l.emit(spread, start)
			return
		}
	case '$':
		if l.template { // an identifier in JavaScript
			l.pos--
			l.word()
			return
		}
	}
	l.emit(kind(c), start)
}
