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

// first is the stack that makes the key of all others.
func (r roots) first() estate.Root {
	p := r.project
	return r.root(toolingPath, model.ToolingStack(p.Name), p.Tooling.Account, p.Tooling.Region)
}

// keyID is the id of the key, which the first stack tells to whoever deploys the others.
func (r roots) keyID(problems *diag.Problems) string {
	return estate.Of([]estate.Root{r.first()}, problems).Stacks[0].Outputs[stack.KeyParameter]
}

// tooling are the stacks of the tooling account. The id of the key is what bootstrap
// reads from the first.
func (r roots) tooling(keyID string) []estate.Root {
	p := r.project
	list := []estate.Root{r.first(), r.root(pipelinePath, model.PipelineStack(p.Name), p.Tooling.Account, p.Tooling.Region)}
	for _, d := range inToolingRegions(p) {
		further := r.root(regionPath, model.RegionStack(p.Name), d.Account, d.Region)
		further.Parameters = map[string]string{stack.KeyParameter: keyID}
		list = append(list, further)
	}
	return list
}

// targets are the stacks of each target: the base stack of its account and environment,
// and the orchestrations.
func (r roots) targets(keyID string) []estate.Cell {
	var cells []estate.Cell
	for i := range r.project.Environments {
		e := &r.project.Environments[i]
		for _, t := range e.Targets() {
			cell := estate.Cell{Account: t.Account, Region: t.Region, Roots: []estate.Root{r.base(t, e.Regions[0].Value, keyID)}}
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

// bases are the base stacks of all targets, each account's once for an environment.
func (r roots) bases(keyID string) []estate.Root {
	var list []estate.Root
	for i := range r.project.Environments {
		e := &r.project.Environments[i]
		for _, account := range e.Accounts {
			list = append(list, r.base(model.Target{Environment: e.Name, Account: account.Value}, e.Regions[0].Value, keyID))
		}
	}
	return list
}

// base is the base stack of a target, which lies in the first region of its environment.
func (r roots) base(t model.Target, home, keyID string) estate.Root {
	base := r.root(targetPath, model.TargetStack(r.project.Name, t.Environment), t.Account, home)
	base.Parameters = map[string]string{stack.EnvironmentParameter: t.Environment, stack.KeyParameter: keyID}
	return base
}
