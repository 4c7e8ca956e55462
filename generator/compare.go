package generator

import (
	"path"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/diff"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/stack"
	"github.com/foldstack/foldstack/generator/template"
)

// Compare tells what a deployment of one project would change of another. Neither may
// have problems.
func Compare(before, after *Result) *diff.Report {
	return diff.Compare(before.state(), after.state())
}

// state is what the project would deploy.
func (r *Result) state() diff.State {
	p := r.Project
	s := diff.State{Units: r.units(), Digests: map[string]string{}, Targets: p.Targets()}
	for i := range p.Functions {
		s.Digests[p.Functions[i].Name] = p.Functions[i].Digest
	}
	var problems diag.Problems // of which the project has none
	roots := newRoots(p, r.documents)
	keyID := roots.keyID(&problems)
	for i, cell := range roots.targets(keyID) {
		cell.Roots = cell.Roots[1:] // the base stack comes once for an account
		s.Targeted = append(s.Targeted, diff.Cell{Environment: s.Targets[i].Environment, Cell: cell})
	}
	for _, b := range BaseStacks(p) {
		cell := estate.Cell{Account: b.Account, Region: b.Region, Roots: []estate.Root{roots.base(b, keyID)}}
		s.Bases = append(s.Bases, diff.Cell{Environment: b.Environment, Stack: b.Name, Cell: cell})
	}
	return s
}

// units tells what each template is for.
func (r *Result) units() map[*template.Document]diff.Unit {
	byPath := map[string]diff.Unit{}
	add := func(file string, kind diff.Kind, name string) {
		byPath[path.Join(r.Project.Output, file)] = diff.Unit{Kind: kind, Name: name}
	}
	for i := range r.Project.Functions {
		name := r.Project.Functions[i].Name
		add(stack.FunctionPath(name), diff.Function, name)
	}
	for _, s := range r.Project.Stacks {
		add(stack.UserStackPath(s.Name), diff.UserStack, s.Name)
	}
	add(stack.APIPath, diff.API, "api")
	for _, b := range bases {
		add(b.path, diff.Base, b.path)
	}
	data := make(map[string][]byte, len(r.Files))
	for _, f := range r.Files {
		data[f.Path] = f.Data
	}
	units := make(map[*template.Document]diff.Unit, len(r.documents))
	for _, d := range r.documents {
		unit, ok := byPath[d.Path]
		if !ok {
			file := strings.TrimPrefix(d.Path, r.Project.Output+"/")
			unit = diff.Unit{Kind: diff.Orchestration, Name: strings.TrimSuffix(file, path.Ext(file))}
		}
		unit.Data = data[d.Path]
		units[d] = unit
	}
	return units
}
