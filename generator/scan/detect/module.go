package detect

import "strings"

var javascript = syntax{template: true, regex: true}

// module is what a JavaScript or TypeScript file exports.
type module struct {
	exports []export
	whole   int // offset of a module.exports that is a function of an event; -1 without one
}

// export is one exported name and what can be said about its value.
type export struct {
	name   string
	offset int
	from   string // the module that it is exported from
	value  value
}

// value is what stands behind an export.
type value struct {
	shape   shape
	params  []string // names of the parameters; "{" for a pattern
	types   []string // words in the first parameter's type
	typed   bool     // declared as some …Handler, or made one by what wraps handlers
	literal string   // the identifier that it is, to be looked up
}

// shape is how much is known of a value.
type shape int

const (
	unknown  shape = iota // a call or an import: it may be a function
	function              // certainly one
	data                  // certainly none
)

// handlerNames are the exports that are handlers whatever their value; a
// smaller rank wins.
var handlerNames = map[string]int{"handler": 0, "lambdaHandler": 1, "lambda_handler": 1, "main": 2}

// rank is how likely an export is the handler. A name that says nothing counts
// only where the value says it: a declared Handler type, or a function of event
// and context, or one whose name ends in Handler and that takes an event.
func (e export) rank() int {
	if e.value.shape == data {
		return unranked
	}
	if r, ok := handlerNames[e.name]; ok && (r < 2 || e.value.shape == function) {
		return r
	}
	switch v := e.value; {
	case e.name == "default" && isHandlerName(v.literal), v.typed:
	case v.shape == function && v.takesEvent() && (v.takesContext() || strings.HasSuffix(strings.ToLower(e.name), "handler")):
	default:
		return unranked
	}
	if e.name == "default" {
		return 3
	}
	return 4
}

func isHandlerName(name string) bool { _, ok := handlerNames[name]; return ok }

func (v value) takesEvent() bool {
	if len(v.params) == 0 {
		return false
	}
	if isEvent(v.params[0]) {
		return true
	}
	for _, t := range v.types {
		if strings.HasSuffix(t, "Event") || strings.HasSuffix(t, "EventV2") {
			return true
		}
	}
	return false
}

func (v value) takesContext() bool { return len(v.params) > 1 && isContext(v.params[1]) }

// isEvent and isContext know the names that people give to a handler's
// parameters, in any language.
func isEvent(name string) bool {
	name = strings.ToLower(strings.Trim(name, "_"))
	return strings.Contains(name, "event") || name == "evt"
}

func isContext(name string) bool {
	name = strings.ToLower(strings.Trim(name, "_"))
	return strings.Contains(name, "context") || name == "ctx" || name == ""
}

// readModule reads the exports at the top level of a module, in source order.
func readModule(src []byte) module {
	r := moduleReader{tokens: lex(src, javascript), local: map[string]value{}, imported: map[string]string{}}
	r.whole = -1
	for i := 0; i < len(r.list); {
		i = r.statement(i)
	}
	for i := range r.exports {
		e := &r.exports[i]
		if local, ok := r.local[e.value.literal]; ok {
			local.literal, local.typed = e.value.literal, local.typed || e.value.typed
			e.value = local
		} else if e.from == "" {
			e.from = r.imported[e.value.literal]
		}
	}
	return r.module
}

type moduleReader struct {
	tokens
	module
	local    map[string]value  // top-level declarations
	imported map[string]string // names from other modules
}

func (r *moduleReader) add(e export) {
	for i := range r.exports {
		if r.exports[i].name == e.name {
			if r.exports[i].value.shape != data {
				return // the first says where
			}
			r.exports[i] = e // exports.handler = void 0, then the real one
			return
		}
	}
	r.exports = append(r.exports, e)
}

// statement looks at the token i, which stands at the top level, and returns
// the index of the next one that does.
func (r *moduleReader) statement(i int) int {
	switch r.list[i].kind {
	case '(', '[', '{':
		return r.close(i)
	case word:
	default:
		return i + 1
	}
	if r.kind(i-1) == '.' {
		return i + 1
	}
	switch r.text(i) {
	case "export":
		return r.export(i + 1)
	case "exports":
		return r.property(i+1, i)
	case "module":
		if r.kind(i+1) == '.' && r.is(i+2, "exports") {
			return r.property(i+3, i)
		}
	case "function", "async":
		if v, name, next := r.functionDeclaration(i); name >= 0 {
			r.local[r.text(name)] = v
			return next
		}
	case "const", "let", "var":
		if r.kind(i+1) == word {
			v, next := r.variable(i + 1)
			r.local[r.text(i+1)] = v
			return next
		}
		if r.kind(i+1) == '{' {
			end := r.close(i + 1)
			r.importNames(i+1, end, r.required(end+1))
			return end
		}
	case "import":
		return r.importStatement(i + 1)
	case "class":
		r.local[r.text(i+1)] = value{shape: data}
	}
	return i + 1
}

// importStatement reads import a, { b as c } from '…'.
func (r *moduleReader) importStatement(i int) int {
	if r.is(i, "type") && r.kind(i+1) != ',' && !r.is(i+1, "from") {
		return i
	}
	first, names := i, -1
	if r.kind(i) == word {
		i++
		if r.kind(i) == ',' {
			i++
		}
	}
	if r.kind(i) == '{' {
		names, i = i, r.close(i)
	}
	if !r.is(i, "from") || r.kind(i+1) != text {
		return i
	}
	module := unquote(r.text(i + 1))
	if r.kind(first) == word {
		r.imported[r.text(first)] = module
	}
	if names >= 0 {
		r.importNames(names, i, module)
	}
	return i + 2
}

// importNames remembers the names between brackets: the last word of each entry
// is the local one.
func (r *moduleReader) importNames(open, end int, module string) {
	if module == "" {
		return
	}
	for i := open + 1; i < end; i++ {
		if r.kind(i) == word && (r.kind(i+1) == ',' || r.kind(i+1) == '}') {
			r.imported[r.text(i)] = module
		}
	}
}

// property reads what stands behind exports or module.exports: .name = value,
// ["name"] = value, or = value.
func (r *moduleReader) property(i, start int) int {
	switch {
	case r.kind(i) == '.' && r.kind(i+1) == word && r.kind(i+2) == '=':
		v := r.value(i + 3)
		r.add(export{name: r.text(i + 1), offset: r.list[start].start, value: v, from: r.required(i + 3)})
		return i + 3
	case r.kind(i) == '[' && r.kind(i+1) == text && r.kind(i+2) == ']' && r.kind(i+3) == '=':
		r.add(export{name: unquote(r.text(i + 1)), offset: r.list[start].start, value: r.value(i + 4)})
		return i + 4
	case r.kind(i) == '=' && start+1 != i:
		return r.wholeExport(i+1, start)
	}
	return i
}

// wholeExport reads the value of module.exports.
func (r *moduleReader) wholeExport(i, start int) int {
	switch v := r.value(i); {
	case r.kind(i) == '{':
		return r.object(i)
	case r.is(i, "exports") || r.is(i, "module"):
		return i // module.exports = exports = …
	case v.takesEvent() || r.local[v.literal].takesEvent():
		r.whole = r.list[start].start
	}
	return i
}

// object reads the properties of module.exports = {…}.
func (r *moduleReader) object(open int) int {
	end := r.close(open)
	for i := open + 1; i < end-1; {
		i = r.objectEntry(i)
		for i < end-1 && r.kind(i) != ',' {
			switch r.kind(i) {
			case '(', '[', '{':
				i = r.close(i)
			default:
				i++
			}
		}
		i++
	}
	return end
}

func (r *moduleReader) objectEntry(i int) int {
	start := r.list[i].start
	v := value{}
	switch {
	case r.is(i, "async") && r.kind(i+1) == word && r.kind(i+2) == '(':
		i++
		fallthrough
	case r.kind(i) == word && r.kind(i+1) == '(':
		v = value{shape: function}
		r.parameters(i+1, &v)
		r.add(export{name: r.text(i), offset: start, value: v})
	case (r.kind(i) == word || r.kind(i) == text) && r.kind(i+1) == ':':
		r.add(export{name: unquote(r.text(i)), offset: start, value: r.value(i + 2), from: r.required(i + 2)})
		return i + 2
	case r.kind(i) == word:
		r.add(export{name: r.text(i), offset: start, value: value{literal: r.text(i)}})
	}
	return i
}

// required is the module of a value require('…').name, or "".
func (r *moduleReader) required(i int) string {
	if r.is(i, "require") && r.kind(i+1) == '(' && r.kind(i+2) == text && r.kind(i+3) == ')' {
		return unquote(r.text(i + 2))
	}
	return ""
}

// export reads what stands behind the keyword export.
func (r *moduleReader) export(i int) int {
	offset := 0
	if i < len(r.list) {
		offset = r.list[i].start
	}
	switch {
	case r.is(i, "const"), r.is(i, "let"), r.is(i, "var"):
		if r.kind(i+1) == '{' {
			return r.destructured(i + 1)
		}
		if r.kind(i+1) == word {
			v, next := r.variable(i + 1)
			r.local[r.text(i+1)] = v
			r.add(export{name: r.text(i + 1), offset: r.list[i+1].start, value: v})
			return next
		}
	case r.is(i, "function"), r.is(i, "async"):
		if v, name, next := r.functionDeclaration(i); name >= 0 {
			r.local[r.text(name)] = v
			r.add(export{name: r.text(name), offset: r.list[name].start, value: v})
			return next
		}
	case r.is(i, "default"):
		r.add(export{name: "default", offset: offset, value: r.defaultValue(i + 1)})
	case r.kind(i) == '{':
		return r.exportList(i)
	}
	return i
}

// defaultValue is a value whose own name, if it has one, is remembered.
func (r *moduleReader) defaultValue(i int) value {
	if v, name, _ := r.functionDeclaration(i); name >= 0 {
		v.literal = ""
		if isHandlerName(r.text(name)) {
			v.typed = true
		}
		return v
	}
	return r.value(i)
}

// destructured reads export const { a, b: c } = ….
func (r *moduleReader) destructured(open int) int {
	end := r.close(open)
	for i := open + 1; i < end-1; i++ {
		if r.kind(i) == word && (r.kind(i+1) == ',' || r.kind(i+1) == '}' || r.kind(i+1) == '=') {
			r.add(export{name: r.text(i), offset: r.list[i].start})
		}
	}
	return end
}

// exportList reads export { a, b as c } and its from.
func (r *moduleReader) exportList(open int) int {
	end := r.close(open)
	from := ""
	if r.is(end, "from") && r.kind(end+1) == text {
		from = unquote(r.text(end + 1))
	}
	for i := open + 1; i < end-1; i++ {
		if r.kind(i) != word || r.is(i, "type") && r.kind(i+1) == word && !r.is(i+1, "as") {
			for i < end-1 && r.kind(i) != ',' {
				i++
			}
			continue
		}
		name := i
		if r.is(i+1, "as") {
			name = i + 2
		}
		e := export{name: unquote(r.text(name)), offset: r.list[i].start, from: from}
		if from == "" {
			e.value.literal = r.text(i)
		}
		r.add(e)
		i = name + 1
	}
	return end
}

// statementWords begin a statement: a declaration without a value ends there.
var statementWords = map[string]bool{
	"const": true, "let": true, "var": true, "export": true, "function": true, "class": true, "import": true,
}

// variable reads NAME: type = value; i is at the name. It returns the index of
// the value's first token.
func (r *moduleReader) variable(i int) (value, int) {
	typed, angle := false, 0
	for j := i + 1; j < len(r.list); {
		switch r.kind(j) {
		case '<':
			angle++
		case '>':
			angle--
		case '=':
			v := r.value(j + 1)
			v.typed = typed
			return v, j + 1
		case '(', '[', '{':
			j = r.close(j)
			continue
		case ';':
			return value{}, j
		case ',':
			if angle <= 0 {
				return value{}, j
			}
		case word:
			typed = typed || strings.HasSuffix(r.text(j), "Handler") || strings.HasSuffix(r.text(j), "HandlerV2")
			if statementWords[r.text(j)] {
				return value{}, j
			}
		}
		j++
	}
	return value{}, len(r.list)
}

// functionDeclaration reads async function* NAME(…); name is -1 where none is.
// next is the index behind the parameters.
func (r *moduleReader) functionDeclaration(i int) (v value, name, next int) {
	if r.is(i, "async") {
		i++
	}
	if !r.is(i, "function") {
		return v, -1, i
	}
	if i++; r.kind(i) == '*' {
		i++
	}
	if r.kind(i) != word {
		return v, -1, i
	}
	name = i
	v.shape = function
	return v, name, r.parameters(r.signature(i+1), &v)
}

// signature is the index of the bracket that opens a function's parameters.
func (r *moduleReader) signature(i int) int {
	for i < len(r.list) && !strings.ContainsRune("({;}", rune(r.kind(i))) && !r.is(i, "function") {
		i++
	}
	return i
}

// value looks at the expression that begins at i.
func (r *moduleReader) value(i int) value {
	if r.is(i, "async") && (r.is(i+1, "function") || r.kind(i+1) == '(' || r.kind(i+1) == word && r.kind(i+2) == arrow) {
		i++
	}
	v := value{}
	switch r.kind(i) {
	case text, number, '{', '[', '-', '!':
		v.shape = data
	case '(':
		if end := r.close(i); r.kind(end) == arrow || r.kind(end) == ':' {
			v.shape = function
			r.parameters(i, &v)
		}
	case word:
		r.wordValue(i, &v)
	}
	return v
}

func (r *moduleReader) wordValue(i int, v *value) {
	switch r.text(i) {
	case "function":
		v.shape = function
		r.parameters(r.signature(i+1), v)
	case "true", "false", "null", "undefined", "void", "class", "typeof":
		v.shape = data
	default:
		switch r.kind(i + 1) {
		case arrow:
			v.shape, v.params = function, []string{r.text(i)}
		case '(', '<':
			v.typed = wrapsHandler(r.text(i))
			if v.typed {
				v.shape = function
			}
		case '.', '[', '`':
		default:
			v.literal = r.text(i)
		}
	}
}

// wrapsHandler reports whether a function of that name makes a handler of what it is
// given: Middy's, and the middyfy that Serverless Framework's templates make of it.
//
// https://middy.js.org/docs/intro/getting-started
func wrapsHandler(name string) bool { return strings.HasPrefix(strings.ToLower(name), "middy") }

// parameters reads the names between the brackets at i, and the words of the
// first one's type; it returns the index behind them.
func (r *moduleReader) parameters(i int, v *value) int {
	if r.kind(i) != '(' {
		return i
	}
	end := r.close(i)
	for j := i + 1; j < end-1; {
		switch {
		case r.kind(j) == word:
			v.params = append(v.params, r.text(j))
		case r.kind(j) == '{' || r.kind(j) == '[':
			v.params = append(v.params, "{")
		}
		angle := 0
		for ; j < end-1 && (r.kind(j) != ',' || angle > 0); j++ {
			switch r.kind(j) {
			case '(', '[', '{':
				j = r.close(j) - 1
			case '<':
				angle++
			case '>':
				angle--
			case word:
				if len(v.params) == 1 {
					v.types = append(v.types, r.text(j))
				}
			}
		}
		j++
	}
	return end
}

func unquote(s string) string { return strings.Trim(s, "'\"`") }
