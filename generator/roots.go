package generator

import (
	"path"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/stack"
	"github.com/foldstack/foldstack/generator/template"
)

// This file says which stacks a project's templates become, with the parameters that
// bootstrap and the pipeline give them.

// roots finds the templates of a project by their paths.
type roots struct {
	project   *model.Project
	partition model.Partition
	documents map[string]*template.Document
}

func newRoots(p *model.Project, documents []*template.Document) roots {
	r := roots{project: p, documents: make(map[string]*template.Document, len(documents))}
	r.partition, _ = model.PartitionOf(p.Tooling.Region) // another region was reported
	for _, d := range documents {
		r.documents[d.Path] = d
	}
	return r
}

// document is a template by its path in the output folder; nil where the project has
// none.
func (r roots) document(file string) *template.Document {
	return r.documents[path.Join(r.project.Output, file)]
}

func (r roots) root(file, name, account, region string) estate.Root {
	return estate.Root{Document: r.document(file), Name: name, Partition: r.partition, Account: account, Region: region}
}

// base is a base stack, given the id of the key.
func (r roots) base(b Base, keyID string) estate.Root {
	return estate.Root{
		Document: r.documents[b.File], Name: b.Name, Partition: r.partition, Account: b.Account, Region: b.Region,
		Parameters: b.Parameters(keyID),
	}
}

// first is the stack that makes the key of all others.
func (r roots) first() estate.Root { return r.base(BaseStacks(r.project)[0], "") }

// keyID is the id of the key, which the first stack tells to whoever deploys the others.
func (r roots) keyID(problems *diag.Problems) string {
	return estate.Of([]estate.Root{r.first()}, problems).Stacks[0].Outputs[stack.KeyParameter]
}

// bases are all base stacks.
func (r roots) bases(keyID string) []estate.Root {
	var list []estate.Root
	for _, b := range BaseStacks(r.project) {
		list = append(list, r.base(b, keyID))
	}
	return list
}

// targets are the stacks of each target: the base stack of its account and environment,
// and the orchestrations.
func (r roots) targets(keyID string) []estate.Cell {
	type home struct{ environment, account string }
	bases := map[home]estate.Root{}
	for _, b := range BaseStacks(r.project) {
		bases[home{b.Environment, b.Account}] = r.base(b, keyID)
	}
	var cells []estate.Cell
	for i := range r.project.Environments {
		for _, t := range r.project.Environments[i].Targets() {
			cell := estate.Cell{Account: t.Account, Region: t.Region, Roots: []estate.Root{bases[home{t.Environment, t.Account}]}}
			for shard := 1; r.document(stack.OrchestrationFile(shard)) != nil; shard++ {
				root := r.root(stack.OrchestrationFile(shard), stack.OrchestrationStack(r.project, t, shard), t.Account, t.Region)
				root.Parameters = stack.Parameters(r.project, t)
				cell.Roots = append(cell.Roots, root)
			}
			cells = append(cells, cell)
		}
	}
	return cells
}
