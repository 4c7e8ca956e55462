package source

import (
	"errors"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Parse reads one YAML document. It returns nil when the file is empty or when
// it reported a problem that leaves no tree.
//
// What it accepts is YAML 1.2 without directives, several documents, complex
// keys and the tags of YAML itself; scalars stay text. Aliases and merge keys are
// resolved: an alias stands at its own place with the anchor's content. The first
// problem of syntax ends the reading; other problems are all reported.
func Parse(file string, data []byte, problems *diag.Problems) *Node {
	text, problem := readable(file, data)
	if problem != nil {
		problems.Add(*problem)
		return nil
	}
	tokens, hole := mend(file, text, problems)
	if len(tokens) == 0 {
		return nil
	}
	body, problem := parse(file, tokens)
	if problem != nil {
		problems.Add(*problem)
		return nil
	}
	t := newTree(file, problems)
	t.hole = hole
	return t.document(body)
}

// parse gives the tokens to the parser. It turns the parser's error, and its
// panic should it ever have one, into a problem.
func parse(file string, tokens token.Tokens) (body ast.Node, problem *diag.Problem) {
	defer func() {
		if r := recover(); r != nil {
			body, problem = nil, problemf("yaml-syntax", diag.Place{File: file}, "write it more simply", "the YAML parser cannot read this file: %v", r)
		}
	}()
	f, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, parserProblem(file, err)
	}
	for _, doc := range f.Docs {
		if doc.Body != nil {
			return doc.Body, nil
		}
	}
	return nil, nil
}

func parserProblem(file string, err error) *diag.Problem {
	place := diag.Place{File: file}
	var e yaml.Error
	if !errors.As(err, &e) {
		return syntaxProblem(err.Error(), place)
	}
	if tk := e.GetToken(); tk != nil && tk.Position != nil {
		place.Line, place.Column = tk.Position.Line, tk.Position.Column
	}
	return syntaxProblem(e.GetMessage(), place)
}
