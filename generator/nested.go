package generator

import (
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/stack"
)

// Nested is a stack that an orchestration nests: of a function, of a user's template,
// or the API.
type Nested struct {
	Name          string // of the function or stack
	Orchestration int    // counts from 1
	ID            string // logical id in the orchestration
	Key           string // of its template in the asset bucket; names its bytes
	Targets       []model.Target
}

// nestedIn are the stacks that an orchestration nests, with the targets where it does.
func nestedIn(p *model.Project, orchestration int, children []*stack.Child) []Nested {
	var list []Nested
	for _, c := range children {
		n := Nested{Name: c.Name, Orchestration: orchestration, ID: stack.NestedID(c.Name), Key: model.TemplateKey(c.Digest())}
		for _, t := range p.Targets() {
			if c.In(t) {
				n.Targets = append(n.Targets, t)
			}
		}
		list = append(list, n)
	}
	return list
}
