package detect

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
)

// ruby reads methods that take event: and context:, at the top level or as
// methods of a class or module itself.
//
// A handler is file.method or file.Module::Class.method, split at its dots.
//
// https://docs.aws.amazon.com/lambda/latest/dg/ruby-handler.html
type ruby struct{}

func (ruby) name() string { return "Ruby" }

func (ruby) runs(runtime string) bool { return strings.HasPrefix(runtime, "ruby") }

func (ruby) sought() string { return "a method taking event: and context:" }

func (ruby) source(f *file) bool { return f.ext == ".rb" }

func (r ruby) find(t *tree) []candidate {
	return t.search(r.source, func(f *file) []candidate { return r.read(t, f) })
}

var rubyNames = map[string]int{"handler": 0, "lambda_handler": 0, "process": 1, "call": 1, "main": 1, "handle": 1}

func (r ruby) read(t *tree, f *file) []candidate {
	if !bytes.Contains(f.Data, []byte("context")) {
		return nil
	}
	var found []candidate
	for _, m := range readRuby(f.Data) {
		module := path.Join(f.dir, f.stem)
		if strings.Contains(module, ".") {
			t.miss(f, m.offset, "Lambda splits a handler at its dots: rename the path without one")
			return nil
		}
		rank, ok := rubyNames[m.name]
		if !ok {
			rank = 2
		}
		handler := module + "." + m.name
		if m.scope != "" {
			handler = module + "." + m.scope + "." + m.name
		}
		found = append(found, candidate{
			language: r,
			file:     f,
			offset:   m.offset,
			handler:  handler,
			evidence: f.Path + ": def " + m.name + "(event:, context:)",
			rank:     rank,
		})
	}
	return found
}

func (r ruby) runtime(t *tree, entry *file) (model.Choice, *mismatch) {
	pins := []pin{
		t.filePin(".ruby-version", func(b []byte) string { return strings.TrimPrefix(firstWord(b), "ruby-") }),
		t.folderPin("Gemfile", "ruby", gemfileRuby),
		t.filePin(".tool-versions", toolVersion("ruby")),
	}
	return rubyFamily.choose(pins, t.seen(entry, "Gemfile")), nil
}

// gemfileRuby reads ruby "3.3.1" or ruby "~> 3.3".
func gemfileRuby(data []byte) (string, int) {
	at := 0
	for line := range bytes.Lines(data) {
		rest, ok := keyword(bytes.TrimLeft(line, " \t"), "ruby")
		if ok && len(rest) > 0 && (rest[0] == '"' || rest[0] == '\'') {
			version, _, _ := bytes.Cut(rest[1:], rest[:1])
			return string(version), at + len(line) - len(rest)
		}
		at += len(line)
	}
	return "", 0
}

func (r ruby) locate(t *tree, handler string) (*file, string) {
	module, _, ok := strings.Cut(handler, ".")
	if !ok || path.IsAbs(handler) {
		return nil, ""
	}
	if f := t.file(path.Clean(module + ".rb")); f != nil {
		return f, ""
	}
	return nil, module + ".rb"
}

// malformed counts the names between the dots, as the runtime does.
func (ruby) malformed(handler string) string {
	parts := strings.Split(handler, ".")
	if n := len(parts); (n == 2 || n == 3) && !slices.Contains(parts, "") {
		return ""
	}
	return "the path of a file in the folder without .. and without its ending, a dot and the method, such as src/app.handler, or both with Module::Class between dots"
}

// method is a Ruby method that Lambda could call.
type method struct {
	name   string
	scope  string // "Module::Class"; empty at the top level
	offset int
}

// scope is a class, module or singleton class that is open.
type scope struct {
	name      string // "" for class << self
	indent    int
	singleton bool // class << self, or behind module_function or extend self
}

// readRuby reads line by line and takes the indentation of a class for the
// indentation of its end, as every formatter writes it.
func readRuby(src []byte) []method {
	r := rubyReader{src: src}
	at := 0
	for line := range bytes.Lines(src) {
		if string(bytes.TrimRight(line, "\r\n")) == "__END__" {
			break
		}
		r.line(line, at)
		at += len(line)
	}
	return r.found
}

type rubyReader struct {
	src     []byte
	open    []scope
	comment bool   // between =begin and =end
	heredoc string // what ends the text that we are in
	found   []method
}

func (r *rubyReader) line(line []byte, at int) {
	trimmed := bytes.TrimSpace(line)
	switch {
	case r.comment:
		r.comment = !bytes.HasPrefix(line, []byte("=end"))
		return
	case bytes.HasPrefix(line, []byte("=begin")):
		r.comment = true
		return
	case r.heredoc != "":
		if string(trimmed) == r.heredoc {
			r.heredoc = ""
		}
		return
	case len(trimmed) == 0 || trimmed[0] == '#':
		return
	}
	indent := bytes.IndexByte(line, trimmed[0])
	r.statement(trimmed, indent, at+indent)
	r.heredoc = heredocEnd(trimmed)
}

func (r *rubyReader) statement(line []byte, indent, at int) {
	inner := len(r.open) - 1
	switch name := identifier(line); name {
	case "end":
		for inner >= 0 && r.open[inner].indent >= indent {
			r.open = r.open[:inner]
			inner--
		}
	case "class", "module":
		if !bytes.Contains(line, []byte("; end")) && !bytes.HasSuffix(line, []byte(";end")) {
			rest := bytes.TrimSpace(line[len(name):])
			r.open = append(r.open, openScope(rest, indent))
		}
	case "module_function":
		if inner >= 0 && string(line) == name {
			r.open[inner].singleton = true
		}
	case "extend":
		if inner >= 0 && string(bytes.Join(bytes.Fields(line), []byte(" "))) == "extend self" {
			r.open[inner].singleton = true
		}
	case "def":
		r.define(bytes.TrimSpace(line[len(name):]), indent, at)
	}
}

func openScope(rest []byte, indent int) scope {
	if bytes.HasPrefix(rest, []byte("<<")) {
		return scope{indent: indent, singleton: true}
	}
	n := 0
	for n < len(rest) && (wordPart(rest[n]) || rest[n] == ':') {
		n++
	}
	return scope{name: strings.Trim(string(rest[:n]), ":"), indent: indent}
}

// define reads a method whose name begins rest.
func (r *rubyReader) define(rest []byte, indent, at int) {
	self := bytes.HasPrefix(rest, []byte("self."))
	rest = bytes.TrimPrefix(rest, []byte("self."))
	name := identifier(rest)
	callable := indent == 0 && len(r.open) == 0
	if n := len(r.open); n > 0 {
		callable = self || r.open[n-1].singleton
	}
	if name == "" || !callable || !r.takesEvent(at, rest[len(name):]) {
		return
	}
	var names []string
	for _, s := range r.open {
		if s.name != "" {
			names = append(names, s.name)
		}
	}
	r.found = append(r.found, method{name, strings.Join(names, "::"), at})
}

// maxSignature bounds how far a parameter list is followed over lines.
const maxSignature = 1000

// takesEvent reports whether the parameters are keywords event and context.
func (r *rubyReader) takesEvent(at int, params []byte) bool {
	if trimmed := bytes.TrimSpace(params); len(trimmed) > 0 && trimmed[0] == '(' && !bytes.Contains(trimmed, []byte(")")) {
		params = r.src[at:min(at+maxSignature, len(r.src))]
	}
	params, _, _ = bytes.Cut(params, []byte(")"))
	return bytes.Contains(params, []byte("event:")) && bytes.Contains(params, []byte("context:"))
}

// heredocEnd is the word that ends the heredoc that begins on a line, or "".
func heredocEnd(line []byte) string {
	i := bytes.Index(line, []byte("<<"))
	if i < 0 {
		return ""
	}
	rest := line[i+2:]
	squiggly := len(rest) > 0 && (rest[0] == '~' || rest[0] == '-')
	if squiggly {
		rest = rest[1:]
	}
	if len(rest) > 0 && (rest[0] == '"' || rest[0] == '\'' || rest[0] == '`') {
		rest = rest[1:]
	}
	word := identifier(rest)
	if word == "" || !squiggly && word != strings.ToUpper(word) {
		return ""
	}
	return word
}
