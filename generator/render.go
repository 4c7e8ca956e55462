package generator

import (
	"context"
	"fmt"
	"path"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/output"
	"github.com/foldstack/foldstack/generator/stack"
)

// base is a template that no deployment of the pipeline changes.
type base struct {
	path  string // relative to the output folder
	build func(p *model.Project, orchestrations int, problems *diag.Problems) (*cfn.Template, error)
}

// bases are the base templates. They depend on accounts, regions, environments and
// settings, and not on the list of functions.
var bases = []base{
	{"pipeline.yaml", stack.Pipeline},
	{"target.yaml", func(p *model.Project, _ int, problems *diag.Problems) (*cfn.Template, error) {
		return stack.Target(p, problems)
	}},
	{"tooling-region.yaml", func(p *model.Project, _ int, problems *diag.Problems) (*cfn.Template, error) {
		return stack.Region(p, problems)
	}},
	{"tooling.yaml", func(p *model.Project, _ int, problems *diag.Problems) (*cfn.Template, error) {
		return stack.Tooling(p, problems)
	}},
}

// rendering collects the files of one project.
type rendering struct {
	project  *model.Project
	problems *diag.Problems
	files    []output.File
}

// render builds every stack of the project and renders it in memory.
func render(ctx context.Context, project *model.Project, lock stack.Lock, problems *diag.Problems) ([]output.File, error) {
	r := &rendering{project: project, problems: problems}
	links := stack.Resolve(project, problems)
	children, err := r.children(ctx, links)
	if err != nil || !problems.Empty() {
		return nil, err
	}
	orchestrations, next := stack.Orchestrations(project, links, children, lock, problems)
	if !problems.Empty() {
		return nil, nil
	}
	for _, o := range orchestrations {
		if err := r.template(o.Path, o.Template, project.Place.File); err != nil {
			return nil, err
		}
	}
	if err := r.rest(len(orchestrations)); err != nil {
		return nil, err
	}
	r.files = append(r.files, output.File{Path: stack.LockFile, Data: next.Bytes(), Source: project.Place.File})
	return r.files, nil
}

// children builds and renders what the orchestrations nest, in parallel.
func (r *rendering) children(ctx context.Context, links *stack.Links) ([]*stack.Child, error) {
	functions := make([]*stack.Child, len(r.project.Functions))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range r.project.Functions {
		fn := &r.project.Functions[i]
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			functions[i] = stack.Function(r.project, fn, links, r.problems)
			if !r.problems.Empty() {
				return nil
			}
			if err := functions[i].Render(); err != nil {
				return fmt.Errorf("rendering the stack of %s: %w", fn.Name, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var children []*stack.Child
	for i := range r.project.Stacks {
		children = append(children, stack.UserStack(r.project, &r.project.Stacks[i], r.problems))
	}
	if api := stack.API(r.project, links, r.problems); api != nil {
		children = append(children, api)
	}
	children = append(children, functions...)
	return children, r.addChildren(children)
}

func (r *rendering) addChildren(children []*stack.Child) error {
	if !r.problems.Empty() {
		return nil
	}
	for _, child := range children {
		if child.Data == nil {
			if err := child.Render(); err != nil {
				return fmt.Errorf("rendering the stack of %s: %w", child.Name, err)
			}
		}
		r.add(child.Path, child.Data, child.Place.File)
	}
	return nil
}

// rest renders what does not depend on the functions.
func (r *rendering) rest(orchestrations int) error {
	for _, base := range bases {
		template, err := base.build(r.project, orchestrations, r.problems)
		if err != nil {
			return fmt.Errorf("building %s: %w", base.path, err)
		}
		if template == nil {
			continue
		}
		if err := r.template(base.path, template, r.project.Place.File); err != nil {
			return err
		}
	}
	configurations, err := stack.Configurations(r.project)
	if err != nil {
		return fmt.Errorf("writing the parameters of the targets: %w", err)
	}
	for _, c := range configurations {
		r.add(c.Path, c.Data, r.project.Place.File)
	}
	buildspec, err := stack.Buildspec(r.project, r.problems)
	if err != nil {
		return fmt.Errorf("writing the buildspec: %w", err)
	}
	r.add(stack.BuildspecPath, buildspec, r.project.Place.File)
	return nil
}

func (r *rendering) template(file string, template *cfn.Template, source string) error {
	data, err := template.Render()
	if err != nil {
		return fmt.Errorf("rendering %s: %w", file, err)
	}
	r.add(file, data, source)
	return nil
}

func (r *rendering) add(file string, data []byte, source string) {
	r.files = append(r.files, output.File{Path: path.Join(r.project.Output, file), Data: data, Source: source})
}
