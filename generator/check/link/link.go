package link

import (
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// Check adds to problems what the templates of an output refer to and will not
// find. The documents are not changed.
func Check(documents []*template.Document, problems *diag.Problems) {
	s := newSet(documents, problems)
	s.references()
	m := s.physical()
	for _, d := range s.documents {
		m.check(d)
		for _, p := range d.pipelines() {
			p.check(m)
		}
	}
}

// References adds to problems what the templates of others refer to and will not find.
// Who delivers them, and what else there is, nobody here knows.
func References(documents []*template.Document, problems *diag.Problems) {
	s := newSet(documents, problems)
	s.others = true
	s.references()
}

// references checks what templates refer to within each and across nested stacks.
func (s *set) references() {
	for _, d := range s.documents {
		d.names()
		d.walk()
		d.circles()
		d.conditional()
	}
	for _, d := range s.documents {
		d.nested()
	}
	for _, d := range s.documents {
		d.unused()
	}
	s.exports()
}

// set is all templates of an output, or those of others.
type set struct {
	problems  *diag.Problems
	others    bool // foldstack neither generated nor deploys them
	documents []*document
	byPath    map[string]*document
	steps     int // see reader.spent
}

// stackSet is the type of what deploys a template elsewhere, with parameters of its own.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
const stackSet = "AWS::CloudFormation::StackSet"

func newSet(documents []*template.Document, problems *diag.Problems) *set {
	s := &set{problems: problems, byPath: make(map[string]*document, len(documents))}
	of := make(map[*template.Document]*document, len(documents))
	for _, t := range documents {
		if t == nil {
			continue
		}
		d := newDocument(s, t)
		s.documents = append(s.documents, d)
		s.byPath[t.Path], of[t] = d, d
	}
	for _, d := range s.documents {
		for i := range d.Resources {
			if child := of[d.Children[d.Resources[i].Name]]; child != nil && child.parent == nil && child != d.root() && d.Resources[i].Type() != stackSet {
				child.parent, child.nesting = d, i
				if d.children == nil {
					d.children = map[int]*document{}
				}
				d.children[i] = child
			}
		}
	}
	return s
}

// report adds a problem.
func (s *set) report(rule string, place diag.Place, text, hint string, notes ...diag.Note) {
	s.problems.Add(diag.Problem{Rule: rule, Place: place, Text: text, Hint: hint, Notes: notes})
}

// meant guesses which of the candidates a misspelt word is.
func meant(word string, candidates []string, otherwise string) string {
	if guess, ok := diag.Suggest(word, candidates); ok {
		return "did you mean " + guess + "?"
	}
	return otherwise
}
