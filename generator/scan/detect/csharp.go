package detect

import (
	"bytes"
	"slices"
	"strings"
)

// clrMethod is a method that Lambda could call, or the start of the runtime in a
// program.
type clrMethod struct {
	class  string // Namespace.Outer+Inner
	name   string
	offset int
	rank   int
}

// programStarts are the calls with which a program starts the runtime: the
// bootstrap of Amazon.Lambda.RuntimeSupport and ASP.NET Core's hosting.
var programStarts = []string{"LambdaBootstrapBuilder", "AddAWSLambdaHosting"}

// entryPoints are the base classes of an ASP.NET Core application's class library.
var entryPoints = []string{
	"APIGatewayProxyFunction", "APIGatewayHttpApiV2ProxyFunction", "ApplicationLoadBalancerFunction",
}

func readCSharp(src []byte) []clrMethod {
	if !bytes.Contains(src, []byte("Lambda")) && !bytes.Contains(src, []byte("FunctionHandler")) {
		return nil
	}
	r := csharpReader{tokens: lex(src, syntax{triple: true, verbatim: true, directive: true})}
	for i := 0; i < len(r.list); {
		i = r.step(i)
	}
	return r.found
}

type csharpReader struct {
	tokens
	namespace string // of the file, when it is not a block
	scope     []csharpScope
	begin     int // token at which the current declaration begins
	body      int // token behind the declaration's attributes
	found     []clrMethod
}

type csharpScope struct {
	name      string
	namespace bool
	class     bool
	callable  bool // a public class that is neither abstract nor generic
}

func (r *csharpReader) step(i int) int {
	switch r.kind(i) {
	case '{':
		r.scope = append(r.scope, csharpScope{})
		r.declaration(i + 1)
	case '}':
		if n := len(r.scope); n > 0 {
			r.scope = r.scope[:n-1]
		}
		r.declaration(i + 1)
	case ';':
		r.declaration(i + 1)
	case '[':
		if i == r.body {
			r.body = r.close(i)
			return r.body
		}
	case '(':
		return r.parameters(i)
	case word:
		switch s := r.text(i); s {
		case "namespace":
			return r.namespaceName(i + 1)
		case "class", "record", "struct", "interface":
			if r.kind(i+1) == word && r.declares(i) {
				return r.class(i)
			}
		default:
			if slices.Contains(programStarts, s) {
				r.found = append(r.found, clrMethod{name: s, offset: r.list[i].start, rank: rankProgram})
			}
		}
	}
	return i + 1
}

// declaration notes that the next declaration begins at i.
func (r *csharpReader) declaration(i int) { r.begin, r.body = i, i }

// declares reports whether a class may be declared here: not inside a method.
func (r *csharpReader) declares(i int) bool {
	n := len(r.scope)
	return (n == 0 || r.scope[n-1].class || r.scope[n-1].namespace) && r.kind(i-1) != '.'
}

func (r *csharpReader) namespaceName(i int) int {
	var b strings.Builder
	for ; r.kind(i) == word || r.kind(i) == '.'; i++ {
		b.WriteString(r.text(i))
	}
	switch r.kind(i) {
	case '{':
		r.scope = append(r.scope, csharpScope{name: b.String(), namespace: true})
		i++
	case ';':
		r.namespace = b.String()
		i++
	}
	r.declaration(i)
	return i
}

// class reads a class from its keyword to its body.
func (r *csharpReader) class(i int) int {
	for r.is(i+1, "class") || r.is(i+1, "struct") { // record class
		i++
	}
	s := csharpScope{name: r.text(i + 1), class: true}
	s.callable = r.has(r.body, i, "public") && !r.has(r.body, i, "abstract") && r.kind(i+2) != '<' && !r.is(i, "interface")
	offset := r.list[i].start
	entry := false
	for i += 2; i < len(r.list) && r.kind(i) != '{' && r.kind(i) != ';' && r.kind(i) != '}'; i++ {
		if r.kind(i) == '(' {
			i = r.close(i) - 1
			continue
		}
		entry = entry || r.kind(i) == word && slices.Contains(entryPoints, r.text(i))
	}
	if r.kind(i) == '{' {
		r.scope = append(r.scope, s)
		if entry && s.callable {
			r.found = append(r.found, clrMethod{r.className(), "FunctionHandlerAsync", offset, rankSigned})
		}
	}
	r.declaration(i + 1)
	return i + 1
}

// has reports whether a word stands among the tokens from, inclusive, to, exclusive.
func (r *csharpReader) has(from, to int, s string) bool {
	for ; from < to; from++ {
		if r.is(from, s) {
			return true
		}
	}
	return false
}

// parameters looks at a bracket that may be a method's parameter list, and
// returns the index behind it where it is one.
func (r *csharpReader) parameters(i int) int {
	n := len(r.scope)
	if n == 0 || !r.scope[n-1].class || r.kind(i-1) != word {
		return i + 1
	}
	begin, body, end := r.begin, r.body, r.close(i)
	r.declaration(end)
	name := r.text(i - 1)
	if !r.scope[n-1].callable || !r.has(body, i-1, "public") || r.declaresValue(body, i) || name == r.scope[n-1].name {
		return end
	}
	m := clrMethod{r.className(), name, r.list[i-1].start, rankSigned}
	switch {
	case r.has(begin, body, "LambdaFunction"):
		// The annotations' source generator wraps the method in a class of its own.
		m.class = r.namespaceOf() + strings.ReplaceAll(r.nested(), "+", "_") + "_" + name + "_Generated"
	case r.has(i, end, "ILambdaContext") && r.arity(i, end) <= 2:
	case (name == "FunctionHandler" || name == "FunctionHandlerAsync") && r.arity(i, end) <= 1:
		m.rank = rankNamed
	default:
		return end
	}
	r.found = append(r.found, m)
	return end
}

func (r *csharpReader) declaresValue(from, to int) bool {
	for ; from < to; from++ {
		if k := r.kind(from); k == '=' || k == arrow {
			return true
		}
	}
	return false
}

// arity counts parameters: the commas outside of any inner bracket.
func (r *csharpReader) arity(open, end int) int {
	if end-open <= 2 {
		return 0
	}
	n, angle := 1, 0
	for i := open + 1; i < end-1; i++ {
		switch r.kind(i) {
		case '(', '[', '{':
			i = r.close(i) - 1
		case '<':
			angle++
		case '>':
			angle--
		case ',':
			if angle == 0 {
				n++
			}
		}
	}
	return n
}

func (r *csharpReader) namespaceOf() string {
	var parts []string
	if r.namespace != "" {
		parts = append(parts, r.namespace)
	}
	for _, s := range r.scope {
		if s.namespace {
			parts = append(parts, s.name)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ".") + "."
}

func (r *csharpReader) nested() string {
	var names []string
	for _, s := range r.scope {
		if s.class {
			names = append(names, s.name)
		}
	}
	return strings.Join(names, "+")
}

func (r *csharpReader) className() string { return r.namespaceOf() + r.nested() }

// readFSharp reads namespace, module, type and member lines: F# writes each of
// them on a line of its own, and its blocks by indentation.
func readFSharp(src []byte) []clrMethod {
	var found []clrMethod
	prefix, class, at := "", "", 0
	for line := range bytes.Lines(src) {
		trimmed := bytes.TrimSpace(line)
		offset := at + len(line) - len(bytes.TrimLeft(line, " \t"))
		at += len(line)
		if i := bytes.Index(trimmed, []byte("//")); i >= 0 {
			trimmed = trimmed[:i]
		}
		fields := strings.Fields(string(trimmed))
		if len(fields) < 2 {
			continue
		}
		for _, start := range programStarts {
			if bytes.Contains(trimmed, []byte(start)) {
				found = append(found, clrMethod{name: start, offset: offset, rank: rankProgram})
			}
		}
		switch name := strings.TrimRight(strings.SplitN(fields[1], "(", 2)[0], "=:"); fields[0] {
		case "namespace":
			prefix, class = name+".", ""
		case "module":
			class = name // A.B as a whole where no namespace stands before it
		case "type":
			class = name
		case "member", "static", "let", "override":
			if bytes.Contains(trimmed, []byte("ILambdaContext")) && class != "" {
				if m := fsharpName(fields); m != "" {
					found = append(found, clrMethod{prefix + class, m, offset, rankSigned})
				}
			}
		}
	}
	return found
}

// fsharpName is the name in member _.Name (…), static member Name (…) and let name (…).
func fsharpName(fields []string) string {
	for _, f := range fields[1:] {
		switch f {
		case "member", "public", "inline", "rec":
			continue
		}
		name := strings.SplitN(f, "(", 2)[0]
		if i := strings.LastIndexByte(name, '.'); i >= 0 {
			name = name[i+1:]
		}
		return identifier([]byte(name))
	}
	return ""
}
