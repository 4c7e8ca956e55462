package detect

import (
	"bytes"
	"go/build/constraint"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
)

// golang reads programs: package main at the top, in src/ or, where the folder is
// a module of its own, in cmd/.
//
// A Go program is compiled to a file called bootstrap, which the OS-only runtime
// starts; the runtime go1.x is gone. A program that calls lambda.Start is sure to
// be a function. One that uses some other package may start the runtime there.
// One that knows the standard library alone cannot.
//
// https://docs.aws.amazon.com/lambda/latest/dg/golang-handler.html
type golang struct{}

func (golang) name() string { return "Go" }

func (golang) runs(runtime string) bool { return strings.HasPrefix(runtime, "provided") }

func (golang) sought() string { return "a package main" }

func (golang) source(f *file) bool { return f.ext == ".go" }

const lambdaPackage = "github.com/aws/aws-lambda-go/lambda"

func (g golang) find(t *tree) []candidate {
	byDir := map[string]candidate{}
	var dirs []string
	for i := range t.files {
		f := &t.files[i]
		if !g.source(f) || f.test || f.junk || !g.mayHoldMain(t, f) {
			continue
		}
		c, ok := g.read(t, f)
		if !ok {
			continue
		}
		old, seen := byDir[f.dir]
		if !seen {
			dirs = append(dirs, f.dir)
		}
		if !seen || old.weak && !c.weak {
			byDir[f.dir] = c
		}
	}
	var found []candidate
	for _, dir := range dirs {
		if c := byDir[dir]; c.rank < unranked {
			found = append(found, c)
		} else {
			t.remark(c.file, c.offset, "package main never calls lambda.Start")
		}
	}
	return found
}

func (golang) mayHoldMain(t *tree, f *file) bool {
	if f.tier <= src {
		return true
	}
	first, _, _ := strings.Cut(f.dir, "/")
	return t.explicit || first == "cmd" && t.file("go.mod") != nil
}

// read reads one file of a package main.
func (g golang) read(t *tree, f *file) (candidate, bool) {
	if !bytes.Contains(f.Data, []byte("package main")) || !builtForLambda(f.Data) {
		return candidate{}, false
	}
	p := readGo(f.Data)
	if p.name != "main" {
		return candidate{}, false
	}
	c := candidate{language: g, file: f, offset: p.offset, handler: bootstrapHandler}
	switch {
	case p.start >= 0:
		c.offset, c.evidence = p.start, f.Path+": lambda."+p.startName
	case p.foreign || bytes.Contains(f.Data, []byte("AWS_LAMBDA_RUNTIME_API")):
		c.weak, c.evidence = true, f.Path+": package main"
	default:
		c.weak, c.rank = true, unranked
	}
	return c, true
}

// builtForLambda evaluates the build constraint before the package clause.
func builtForLambda(src []byte) bool {
	for line := range bytes.Lines(src) {
		line = bytes.TrimSpace(line)
		if bytes.HasPrefix(line, []byte("package ")) {
			break
		}
		if text := string(line); constraint.IsGoBuild(text) {
			expression, err := constraint.Parse(text)
			return err != nil || expression.Eval(lambdaTag)
		}
	}
	return true
}

func lambdaTag(tag string) bool {
	switch tag {
	case "linux", "unix", "arm64", "amd64", "gc", "lambda.norpc":
		return true
	}
	return strings.HasPrefix(tag, "go1.")
}

// goFile is what matters of a Go file.
type goFile struct {
	name      string // of the package
	offset    int
	foreign   bool // imports a package outside of the standard library
	start     int  // offset of the call that starts the runtime; -1 without one
	startName string
}

func readGo(src []byte) goFile {
	t := lex(src, syntax{raw: true})
	p := goFile{start: -1}
	alias := ""
	for i := 0; i < len(t.list); i++ {
		switch {
		case p.name == "":
			if t.is(i, "package") && t.kind(i+1) == word {
				p.name, p.offset = t.text(i+1), t.list[i].start
			}
		case t.is(i, "import"):
			name, end := p.imports(&t, i+1)
			if name != "" {
				alias = name
			}
			i = end - 1
		case alias != "" && t.kind(i) == word && strings.HasPrefix(t.text(i), "Start") && t.kind(i+1) == '(':
			if alias == "." && t.kind(i-1) != '.' || t.kind(i-1) == '.' && t.is(i-2, alias) {
				p.start, p.startName = t.list[i].start, t.text(i)
				return p
			}
		}
	}
	return p
}

// imports reads the import declaration at i and returns the name that the file
// has for the Lambda package, and the index behind the declaration.
func (p *goFile) imports(t *tokens, i int) (alias string, end int) {
	end = i
	for t.kind(end) == word || t.kind(end) == '.' {
		end++
	}
	if t.kind(end) == '(' {
		end = t.close(end)
	} else {
		end++
	}
	for ; i < end; i++ {
		if t.kind(i) != text {
			continue
		}
		name := unquote(t.text(i))
		first, _, _ := strings.Cut(name, "/")
		p.foreign = p.foreign || strings.Contains(first, ".")
		if name == lambdaPackage {
			alias = "lambda"
			if t.kind(i-1) == word && !t.is(i-1, "import") {
				alias = t.text(i - 1)
			} else if t.kind(i-1) == '.' {
				alias = "."
			}
		}
	}
	return alias, end
}

func (golang) runtime(t *tree, entry *file) (model.Choice, *mismatch) {
	return onlyOS(t, entry, "go.mod")
}

// locate: the handler of a program is not looked at by anybody.
func (golang) locate(*tree, string) (*file, string) { return nil, "" }

func (golang) malformed(string) string { return "" }
