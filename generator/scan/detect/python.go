package detect

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
)

// python reads functions of event and context at the top level of a module.
//
// A handler is the module's path, with slashes or dots, a dot and the name. The
// runtime calls it and does not await what it returns, so a coroutine is none.
// Names from sys.builtin_module_names are refused as modules.
//
// https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
type python struct{}

func (python) name() string { return "Python" }

func (python) runs(runtime string) bool { return strings.HasPrefix(runtime, "python") }

func (python) sought() string { return "a def taking event and context" }

// pythonTools are modules that tools run.
var pythonTools = map[string]bool{
	"setup.py": true, "noxfile.py": true, "conftest.py": true, "tasks.py": true, "fabfile.py": true, "manage.py": true,
}

// pythonBuiltins are the modules that are compiled into the interpreter and have
// a name that somebody might give a file.
var pythonBuiltins = map[string]bool{
	"sys": true, "builtins": true, "time": true, "itertools": true, "gc": true, "errno": true, "marshal": true,
	"posix": true, "pwd": true, "signal": true, "atexit": true, "faulthandler": true,
}

func (python) source(f *file) bool { return f.ext == ".py" && !pythonTools[f.base] }

func (p python) find(t *tree) []candidate {
	return t.search(p.source, func(f *file) []candidate { return p.read(t, f) })
}

func (p python) read(t *tree, f *file) []candidate {
	var found []candidate
	for _, d := range readPython(f.Data) {
		rank := d.rank()
		if rank == unranked {
			continue
		}
		module := pythonModule(f)
		switch {
		case d.async:
			t.miss(f, d.offset, d.name+" is an async def, and Lambda does not await it")
			continue
		case strings.Contains(module, "."):
			t.miss(f, d.offset, "Python cannot import a path with a dot in it: rename it")
			return nil
		case pythonBuiltins[module]:
			t.miss(f, d.offset, "Lambda refuses a handler in a module with the name of a built-in one: rename the file")
			return nil
		}
		found = append(found, candidate{
			language: p,
			file:     f,
			offset:   d.offset,
			handler:  module + "." + d.name,
			evidence: f.Path + ": " + d.how + d.name,
			rank:     rank,
		})
	}
	return found
}

// pythonModule is how a handler names the module of a file: a package by its
// folder.
func pythonModule(f *file) string {
	if f.stem == "__init__" && f.dir != "" {
		return f.dir
	}
	return path.Join(f.dir, f.stem)
}

func (p python) runtime(t *tree, entry *file) (model.Choice, *mismatch) {
	pins := []pin{
		t.folderPin("pyproject.toml", "requires-python", func(b []byte) (string, int) {
			return tomlValue(b, "project", "requires-python")
		}),
		t.folderPin("pyproject.toml", "python", func(b []byte) (string, int) {
			return tomlValue(b, "tool.poetry.dependencies", "python")
		}),
		t.folderPin("Pipfile", "python_version", func(b []byte) (string, int) {
			return tomlValue(b, "requires", "python_version")
		}),
		t.filePin(".python-version", func(b []byte) string { return strings.TrimPrefix(firstWord(b), "cpython-") }),
		t.filePin("runtime.txt", func(b []byte) string { return strings.TrimPrefix(firstWord(b), "python-") }),
		t.filePin(".tool-versions", toolVersion("python")),
	}
	return pythonFamily.choose(pins, t.seen(entry, "requirements.txt", "pyproject.toml", "Pipfile")), nil
}

// locate splits the handler at its last dot, as the runtime does. A module that
// a dependency or a layer brings is not among the sources.
func (p python) locate(t *tree, handler string) (*file, string) {
	i := strings.LastIndexByte(handler, '.')
	if i <= 0 {
		return nil, ""
	}
	module := strings.ReplaceAll(handler[:i], ".", "/")
	for _, name := range []string{module + ".py", module + "/__init__.py"} {
		if f := t.file(name); f != nil {
			return f, ""
		}
	}
	first, _, _ := strings.Cut(module, "/")
	if wrappers[first] || t.requires(first) {
		return nil, ""
	}
	return nil, module + ".py"
}

// malformed: slashes are dots to the runtime, which imports the module by its full name.
func (python) malformed(handler string) string {
	names := strings.Split(strings.ReplaceAll(handler, "/", "."), ".")
	if strings.LastIndexByte(handler, '.') > strings.LastIndexByte(handler, '/') && !slices.Contains(names, "") {
		return ""
	}
	return "the path of a file in the folder without .. and without its ending, a dot and the function, such as src/app.handler"
}

// requires reports whether a manifest at the folder's top names the package.
func (t *tree) requires(pkg string) bool {
	normal := func(b []byte) []byte { return bytes.ReplaceAll(bytes.ToLower(b), []byte("_"), []byte("-")) }
	for _, name := range []string{"requirements.txt", "pyproject.toml", "Pipfile"} {
		if f := t.file(name); f != nil && bytes.Contains(normal(f.Data), normal([]byte(pkg))) {
			return true
		}
	}
	return false
}

// definition is a name that a Python module binds at its top level.
type definition struct {
	name     string
	offset   int
	how      string // "def ", "from … import "
	bound    bool   // by an assignment or import, not by a def
	imported bool
	async    bool
	params   []string // that a caller gives by position
	required int      // how many of them have no default
	variadic bool
	keyword  bool // needs an argument by name
}

var pythonNames = map[string]int{"lambda_handler": 0, "handler": 1, "lambdaHandler": 2, "main": 3}

// rank is how likely a name is the handler. The usual names need two parameters
// of any name; main and all others need an event and a context. A def stands
// before an assignment, and that before an import.
func (d definition) rank() int {
	rank, named := pythonNames[d.name]
	if d.bound {
		switch {
		case !named || rank > 2:
			return unranked
		case d.imported:
			return rank + 20
		}
		return rank + 10
	}
	if d.keyword || d.required > 2 || len(d.params) < 2 && !d.variadic {
		return unranked
	}
	if named && rank < 3 {
		return rank
	}
	if len(d.params) < 2 || !isEvent(d.params[0]) || !isContext(d.params[1]) {
		return unranked
	}
	if named {
		return rank
	}
	return 4
}

// readPython reads what a module binds at its top level. It follows strings,
// comments and brackets only as far as needed to know where a logical line begins.
func readPython(src []byte) []definition {
	var found []definition
	r := pythonReader{src: src}
	if bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) {
		r.pos = 3
	}
	for r.pos < len(src) {
		if c := src[r.pos]; c > ' ' && c != '#' {
			found = r.define(found)
		}
		r.logicalLine()
	}
	return found
}

type pythonReader struct {
	src []byte
	pos int
}

// define looks at the logical line that begins at the current position, in the
// first column.
func (r *pythonReader) define(found []definition) []definition {
	line := r.src[r.pos:]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	async := false
	rest := line
	if after, ok := keyword(rest, "async"); ok {
		rest, async = after, true
	}
	if after, ok := keyword(rest, "def"); ok {
		name := identifier(after)
		if name == "" {
			return found
		}
		d := definition{name: name, offset: r.pos, how: "def ", async: async}
		r.parameters(&d, r.pos+len(line)-len(after)+len(name))
		return append(found, d)
	}
	if after, ok := keyword(line, "from"); ok {
		return r.imports(found, line, after)
	}
	return r.assignment(found, line)
}

func keyword(line []byte, name string) ([]byte, bool) {
	if !bytes.HasPrefix(line, []byte(name)) {
		return line, false
	}
	rest := bytes.TrimLeft(line[len(name):], " \t")
	return rest, len(rest) < len(line)-len(name)
}

// identifier is the name at the beginning of b.
func identifier(b []byte) string {
	n := 0
	for n < len(b) && wordPart(b[n]) && b[n] != '$' {
		n++
	}
	if n > 0 && b[0] >= '0' && b[0] <= '9' {
		return ""
	}
	return string(b[:n])
}

// imports reads from x import a as handler, on one line.
func (r *pythonReader) imports(found []definition, line, after []byte) []definition {
	module, names, ok := bytes.Cut(after, []byte(" import "))
	if !ok {
		return found
	}
	names, _, _ = bytes.Cut(names, []byte("#"))
	for _, one := range bytes.Split(bytes.Trim(names, "() \t\r\\"), []byte(",")) {
		fields := bytes.Fields(one)
		if len(fields) == 0 {
			continue
		}
		name := string(fields[len(fields)-1])
		if _, ok := pythonNames[name]; ok {
			found = append(found, definition{
				name: name, offset: r.pos, bound: true, imported: true,
				how: "from " + string(bytes.TrimSpace(module)) + " import ",
			})
		}
	}
	return found
}

// assignment reads handler = Mangum(app). A logging handler is not ours.
func (r *pythonReader) assignment(found []definition, line []byte) []definition {
	name := identifier(line)
	if _, ok := pythonNames[name]; !ok {
		return found
	}
	rest := bytes.TrimLeft(line[len(name):], " \t")
	if len(rest) > 0 && rest[0] == ':' {
		_, rest, _ = bytes.Cut(rest, []byte("="))
		rest = append([]byte("="), rest...)
	}
	if len(rest) < 2 || rest[0] != '=' || rest[1] == '=' {
		return found
	}
	rhs := strings.TrimSpace(string(rest[1:]))
	callee, _, _ := strings.Cut(rhs, "(")
	if identifier([]byte(rhs)) == "" || rhs == "None" || strings.HasPrefix(rhs, "logging.") || strings.HasSuffix(callee, "Handler") {
		return found
	}
	return append(found, definition{name: name, offset: r.pos, how: "", bound: true})
}

// parameters reads the parameter list whose bracket stands at or behind pos.
func (r *pythonReader) parameters(d *definition, pos int) {
	for pos < len(r.src) && (r.src[pos] == ' ' || r.src[pos] == '\t') {
		pos++
	}
	if pos < len(r.src) && r.src[pos] == '[' { // type parameters
		pos = r.bracket(pos, func(int) {})
	}
	if pos >= len(r.src) || r.src[pos] != '(' {
		return
	}
	begin, onlyKeyword := pos+1, false
	take := func(end int) {
		d.parameter(strings.TrimSpace(string(stripComments(r.src[begin:end]))), &onlyKeyword)
		begin = end + 1
	}
	if end := r.bracket(pos, take); end-1 >= begin {
		take(end - 1)
	}
}

// parameter takes one entry of a parameter list.
func (d *definition) parameter(p string, onlyKeyword *bool) {
	switch {
	case p == "" || p == "/" || strings.HasPrefix(p, "**"):
	case strings.HasPrefix(p, "*"):
		*onlyKeyword, d.variadic = true, len(p) > 1
	case *onlyKeyword:
		d.keyword = d.keyword || !strings.Contains(p, "=")
	default:
		if !strings.Contains(p, "=") {
			d.required++
		}
		d.params = append(d.params, identifier([]byte(p)))
	}
}

func stripComments(b []byte) []byte {
	if !bytes.Contains(b, []byte("#")) {
		return b
	}
	var out []byte
	for line := range bytes.Lines(b) {
		line, _, _ = bytes.Cut(line, []byte("#"))
		out = append(append(out, line...), ' ')
	}
	return out
}

// bracket returns the position behind the bracket that closes the one at pos,
// and calls comma for each comma directly inside it.
func (r *pythonReader) bracket(pos int, comma func(int)) int {
	depth := 0
	for pos < len(r.src) {
		switch c := r.src[pos]; c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return pos + 1
			}
		case '#':
			pos = r.comment(pos)
			continue
		case '"', '\'':
			pos = r.quoted(pos)
			continue
		case ',':
			if depth == 1 {
				comma(pos)
			}
		case '\n':
			if r.definesAgain(pos + 1) {
				return pos
			}
		}
		pos++
	}
	return pos
}

// logicalLine moves behind the logical line at the current position: its
// brackets, strings and continuations may span lines.
func (r *pythonReader) logicalLine() {
	depth := 0
	for r.pos < len(r.src) {
		switch c := r.src[r.pos]; c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(depth-1, 0)
		case '\\':
			r.pos++
			if r.pos+1 < len(r.src) && r.src[r.pos] == '\r' {
				r.pos++
			}
		case '#':
			r.pos = r.comment(r.pos)
			continue
		case '"', '\'':
			r.pos = r.quoted(r.pos)
			continue
		case '\n':
			if depth == 0 || r.definesAgain(r.pos+1) {
				r.pos++
				return
			}
		}
		r.pos++
	}
}

// definesAgain reports whether a definition begins at the start of the line at
// pos: a bracket that is still open there was never closed.
func (r *pythonReader) definesAgain(pos int) bool {
	rest := r.src[pos:]
	return bytes.HasPrefix(rest, []byte("def ")) || bytes.HasPrefix(rest, []byte("class ")) || bytes.HasPrefix(rest, []byte("async def "))
}

func (r *pythonReader) comment(pos int) int {
	if i := bytes.IndexByte(r.src[pos:], '\n'); i >= 0 {
		return pos + i
	}
	return len(r.src)
}

// quoted returns the position behind the string that begins at pos.
func (r *pythonReader) quoted(pos int) int {
	quote := r.src[pos]
	if pos+2 < len(r.src) && r.src[pos+1] == quote && r.src[pos+2] == quote {
		return r.tripleQuoted(pos+3, quote)
	}
	for pos++; pos < len(r.src); pos++ {
		switch r.src[pos] {
		case '\\':
			pos++
		case '\n':
			return pos
		case quote:
			return pos + 1
		}
	}
	return len(r.src)
}

func (r *pythonReader) tripleQuoted(pos int, quote byte) int {
	for ; pos < len(r.src); pos++ {
		switch {
		case r.src[pos] == '\\':
			pos++
		case r.src[pos] == quote && bytes.HasPrefix(r.src[pos:], []byte{quote, quote, quote}):
			return pos + 3
		}
	}
	return len(r.src)
}
