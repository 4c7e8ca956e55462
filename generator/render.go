package generator

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/output"
	"github.com/foldstack/foldstack/generator/parallel"
	"github.com/foldstack/foldstack/generator/stack"
	"github.com/foldstack/foldstack/generator/template"
)

// The base templates. The pipeline's names files of the output.
const (
	pipelinePath = "pipeline.yaml"
	targetPath   = "target.yaml"
	regionPath   = "tooling-region.yaml"
	toolingPath  = "tooling.yaml"
)

// base is a template that no deployment of the pipeline changes.
type base struct {
	path     string // relative to the output folder
	build    func(p *model.Project, orchestrations int, problems *diag.Problems) (*cfn.Template, error)
	deployed func(p *model.Project) []template.Deployment
}

// bases are the base templates. They depend on accounts, regions, environments and
// settings, and not on the list of functions.
var bases = []base{
	{pipelinePath, stack.Pipeline, inTooling},
	{targetPath, uncounted(stack.Target), inAccounts},
	{regionPath, uncounted(stack.Region), inToolingRegions},
	{toolingPath, uncounted(stack.Tooling), inTooling},
}

// uncounted builds a template that has nothing to do with the orchestrations.
func uncounted(build func(*model.Project, *diag.Problems) (*cfn.Template, error)) func(*model.Project, int, *diag.Problems) (*cfn.Template, error) {
	return func(p *model.Project, _ int, problems *diag.Problems) (*cfn.Template, error) {
		return build(p, problems)
	}
}

// rendering collects the files of one project, and the templates among them as
// the rules on templates read them.
type rendering struct {
	project   *model.Project
	problems  *diag.Problems
	nested    []*stack.Child // what the orchestrations nest
	placed    []Nested       // the same, each in its orchestration
	files     []output.File
	documents []*template.Document
	pipeline  *template.Document
	digests   map[string]string // of the base templates, by their paths
	seed      []byte            // of the tooling stack
}

func newRendering(p *model.Project, problems *diag.Problems) *rendering {
	return &rendering{project: p, problems: problems, digests: map[string]string{}}
}

// render builds every stack of the project, renders it in memory and runs the rules on
// templates.
func (r *rendering) render(ctx context.Context, lock stack.Lock) error {
	complete, err := r.build(ctx, lock)
	switch {
	case err != nil:
		return err
	case !complete:
		return r.salvage()
	}
	check.Templates(r.documents, r.problems)
	return nil
}

// build makes every file and every document, unless the project has problems that
// leave nothing to build.
func (r *rendering) build(ctx context.Context, lock stack.Lock) (complete bool, err error) {
	links := stack.Resolve(r.project, r.problems)
	if err := r.nest(ctx, links); err != nil || !r.problems.Empty() {
		return false, err
	}
	orchestrations, next := stack.Orchestrations(r.project, links, r.nested, lock, r.problems)
	if !r.problems.Empty() {
		return false, nil
	}
	nested := map[string]*template.Document{}
	for _, d := range r.documents {
		nested[d.Path] = d
	}
	for i, o := range orchestrations {
		r.placed = append(r.placed, nestedIn(r.project, i+1, o.Children)...)
		document, err := r.template(o.Path, o.Template)
		if err != nil {
			return false, err
		}
		document.Deployed = inTargets(r.project)
		document.Children = map[string]*template.Document{}
		for _, child := range o.Children {
			document.Children[stack.NestedID(child.Name)] = nested[r.path(child.Path)]
		}
	}
	if err := r.rest(len(orchestrations)); err != nil {
		return false, err
	}
	r.files = append(r.files, output.File{Path: stack.LockFile, Data: next.Bytes(), Source: r.project.Place.File})
	return true, nil
}

// nest builds and renders what the orchestrations nest.
func (r *rendering) nest(ctx context.Context, links *stack.Links) error {
	functions := make([]*stack.Child, len(r.project.Functions))
	parallel.Each(len(functions), func(i int) {
		if ctx.Err() == nil {
			functions[i] = stack.Function(r.project, &r.project.Functions[i], links, r.problems)
		}
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	for i := range r.project.Stacks {
		r.nested = append(r.nested, stack.UserStack(r.project, &r.project.Stacks[i], r.problems))
	}
	if api := stack.API(r.project, links, r.problems); api != nil {
		r.nested = append(r.nested, api)
	}
	r.nested = append(r.nested, functions...)
	return r.addNested()
}

// addNested renders what was built, and makes its documents.
func (r *rendering) addNested() error {
	if !r.problems.Empty() {
		return nil
	}
	documents, errs := make([]*template.Document, len(r.nested)), make([]error, len(r.nested))
	parallel.Each(len(r.nested), func(i int) { documents[i], errs[i] = r.rendered(r.nested[i]) })
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for _, child := range r.nested {
		r.add(child.Path, child.Data, r.source(child))
	}
	r.documents = append(r.documents, documents...)
	return nil
}

// rendered renders what is to be nested, and is its document.
func (r *rendering) rendered(child *stack.Child) (*template.Document, error) {
	if err := child.Render(); err != nil {
		return nil, fmt.Errorf("rendering the stack of %s: %w", child.Name, err)
	}
	document := r.document(child)
	document.Key = model.TemplateKey(child.Digest())
	return document, nil
}

// source tells what a nested template was made from. A function's group is left
// out: it enters no output.
func (r *rendering) source(child *stack.Child) string {
	switch {
	case child.Template == nil:
		return "stack " + child.Name
	case r.project.Function(child.Name) != nil:
		return "function " + child.Name
	}
	return r.project.Place.File
}

// document is a nested template as the rules read it.
func (r *rendering) document(child *stack.Child) *template.Document {
	var d *template.Document
	if child.Template == nil {
		d = template.Written(r.path(child.Path), child.Written, len(child.Data), r.problems)
	} else {
		d = template.Of(r.path(child.Path), child.Place, child.Template, len(child.Data), child.Written)
	}
	d.Regions, d.Unchecked = regions(r.project, child.Only), r.project.Unchecked
	d.Declared = declared(child.Declared)
	return d
}

func declared(list []stack.Declared) []template.Declared {
	var declared []template.Declared
	for _, d := range list {
		declared = append(declared, template.Declared{Role: d.Role, Actions: d.Statement.Actions, Resources: d.Statement.Resources, Place: d.Place})
	}
	return declared
}

// salvage finds what else is wrong with a project that has problems already. What is
// built of the project as a whole tells nothing where its own file is broken.
func (r *rendering) salvage() error {
	whole, parts := r.written()
	if !slices.ContainsFunc(r.problems.Sorted(), func(p diag.Problem) bool { return p.Place.File == r.project.Place.File }) {
		for _, base := range bases {
			if _, err := base.build(r.project, 1, r.problems); err != nil {
				return fmt.Errorf("building %s: %w", base.path, err)
			}
		}
	}
	check.Templates(whole, r.problems)
	check.Written(parts, r.problems)
	return nil
}

// written are the nested templates that users had a part in, of a project that has
// problems already: whole where the problems lie in other files, and otherwise only
// the resources that users wrote, which can be judged by themselves.
func (r *rendering) written() (whole, parts []*template.Document) {
	found := r.problems.Sorted()
	for _, child := range r.nested {
		if child.Written == nil {
			continue
		}
		document := r.document(child)
		if slices.ContainsFunc(found, func(p diag.Problem) bool { return r.reads(child, p.Place.File) }) {
			document.Resources = slices.DeleteFunc(document.Resources, func(e template.Entry) bool { return !e.Written() })
			parts = append(parts, document)
			continue
		}
		whole = append(whole, document)
	}
	return whole, parts
}

// reads reports whether a file is one of those that a nested template is made from.
func (r *rendering) reads(child *stack.Child, file string) bool {
	if file == r.project.Place.File || file == child.Written.Place.File {
		return true
	}
	return child.Template != nil && strings.HasPrefix(file+"/", path.Dir(child.Written.Place.File)+"/")
}

// rest renders what does not depend on the functions.
func (r *rendering) rest(orchestrations int) error {
	for _, base := range bases {
		built, err := base.build(r.project, orchestrations, r.problems)
		if err != nil {
			return fmt.Errorf("building %s: %w", base.path, err)
		}
		if built == nil {
			continue
		}
		document, err := r.template(base.path, built)
		if err != nil {
			return err
		}
		document.Deployed = base.deployed(r.project)
		r.digests[document.Path] = stack.Digest(built)
		if base.path == targetPath {
			document.Declared = declared(stack.DeclaredOfTarget(r.project))
		}
		if base.path == pipelinePath {
			r.pipeline = document
		}
	}
	var err error
	if r.seed, err = stack.Seed(r.project).Render(); err != nil {
		return fmt.Errorf("rendering the seed of the tooling stack: %w", err)
	}
	configurations, err := stack.Configurations(r.project)
	if err != nil {
		return fmt.Errorf("writing the parameters of the targets: %w", err)
	}
	for _, c := range configurations {
		r.add(c.Path, c.Data, r.project.Place.File)
	}
	buildspec, err := stack.Buildspec(r.project)
	if err != nil {
		return fmt.Errorf("writing the buildspec: %w", err)
	}
	r.add(stack.BuildspecPath, buildspec, r.project.Place.File)
	r.pipeline.Folder = r.project.Source.Folder
	r.pipeline.Files = filesBeside(r.documents, r.files)
	return nil
}

// filesBeside are the files of the output that are no templates.
func filesBeside(documents []*template.Document, files []output.File) map[string][]byte {
	rest := make(map[string][]byte, len(files)-len(documents))
	for _, f := range files {
		rest[f.Path] = f.Data
	}
	for _, d := range documents {
		delete(rest, d.Path)
	}
	return rest
}

// template renders a template that is made from the project as a whole.
func (r *rendering) template(file string, t *cfn.Template) (*template.Document, error) {
	data, err := t.Render()
	if err != nil {
		return nil, fmt.Errorf("rendering %s: %w", file, err)
	}
	r.add(file, data, r.project.Place.File)
	document := template.Of(r.path(file), r.project.Place, t, len(data), nil)
	r.documents = append(r.documents, document)
	return document, nil
}

func (r *rendering) add(file string, data []byte, source string) {
	r.files = append(r.files, output.File{Path: r.path(file), Data: data, Source: source})
}

// path is the path of a file of the output folder, relative to the project's root.
func (r *rendering) path(file string) string { return path.Join(r.project.Output, file) }
