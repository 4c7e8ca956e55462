package generator

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/output"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/scan"
	"github.com/foldstack/foldstack/generator/scan/tree"
	"github.com/foldstack/foldstack/generator/stack"
	"github.com/foldstack/foldstack/generator/template"
)

// Options say which project to generate.
type Options struct {
	Root      string   // the project's folder
	Config    string   // path of its file on this machine; foldstack.yaml in Root when empty
	Functions []string // patterns of the folders that hold functions; what the file says when empty
	Output    string   // slash path of the output folder; what the file says when empty
	Estate    string   // path of a file that tells of the organisation's policies; none when empty
}

// Result is what there is to show or to do.
type Result struct {
	Project   *model.Project // nil where its file could not be read
	Files     []output.File  // by path; none where there are problems
	Assets    []Asset        // what the orchestrations nest, by key; none where there are problems
	Bases     []Base         // what has to be there before the pipeline runs, in order; none where there are problems
	Nested    []Nested       // what the orchestrations nest in which targets; none where there are problems
	Plan      *output.Plan   // nil where there are problems, and where only the rules were asked for
	Locked    []string       // files that --locked refuses to change and that would
	Proof     *proof.Proof   // nil where there are problems before it; to be weighed by whoever wants to know what is too much
	Rewritten []proof.Note   // what macros and loops make, of which nothing is proved; they are among the proof's notes, too
	Problems  []diag.Problem // in order
	Sources   *diag.Sources  // the files that the problems speak of

	documents []*template.Document // the templates among the files
}

// Generate reads a project, checks it and plans its output. What is wrong with the
// project's files is in the result; an error tells that something else failed.
func Generate(ctx context.Context, options Options) (*Result, error) {
	result, err := Check(ctx, options)
	if err != nil || len(result.Problems) > 0 {
		return result, err
	}
	problems := &diag.Problems{}
	result.Plan, err = output.Compare(folder(options.Root, result.Project), result.Files, problems)
	if err != nil {
		return nil, fmt.Errorf("comparing with %s: %w", result.Project.Output, err)
	}
	if result.Plan != nil {
		packageTypes(result.Project, result.Plan, problems)
		result.Locked = locked(result.Project, result.Plan)
	}
	result.Problems = problems.Listed()
	if len(result.Problems) > 0 {
		result.Files, result.Assets, result.Bases, result.Nested, result.Plan = nil, nil, nil, nil, nil
	}
	return result, nil
}

// Check reads a project, renders its output in memory, runs every rule and proves the
// permissions. What the output folder holds now plays no part.
func Check(ctx context.Context, options Options) (*Result, error) {
	problems := &diag.Problems{}
	result, err := read(ctx, options, problems)
	if err != nil || result.Project == nil {
		return result, err
	}
	project := result.Project
	lock := readLock(options.Root, problems, result.Sources)
	folder(options.Root, project).Check(problems)
	check.Project(project, problems)
	levels := readOrganization(options.Estate, problems, result.Sources)
	r := newRendering(project, problems)
	if err := r.render(ctx, lock); err != nil {
		return nil, err
	}
	if problems.Empty() {
		result.Proof = proof.Decide(setOf(project, r.documents, levels, problems))
		result.Rewritten = rewrittenNotes(r.documents, "see to its permissions yourself, under `deployment:` in "+project.Place.File)
		result.Proof.Notes = append(result.Proof.Notes, result.Rewritten...)
		advise(project, result.Proof.Unmet)
		result.Proof.Report(problems)
	}
	if problems.Empty() {
		result.Files, result.Assets, result.Bases, result.Nested = r.files, publishedAssets(r.nested), r.bases(), r.placed
		result.documents = r.documents
	}
	result.Problems = problems.Listed()
	return result, nil
}

// Read reads a project and runs no rules: what its files say, and what is wrong with the
// way they say it.
func Read(ctx context.Context, options Options) (*Result, error) {
	return read(ctx, options, &diag.Problems{})
}

func read(ctx context.Context, options Options, problems *diag.Problems) (*Result, error) {
	result := &Result{Sources: &diag.Sources{}}
	var err error
	result.Project, err = scan.Scan(ctx, scan.Options{
		Root: options.Root, Config: options.Config, Functions: options.Functions, Output: options.Output,
		Problems: problems, Sources: result.Sources,
	})
	if err != nil {
		return nil, fmt.Errorf("scanning %s: %w", options.Root, err)
	}
	result.Problems = problems.Listed()
	return result, nil
}

// readLock reads the lock file; a project that was never generated has none.
func readLock(root string, problems *diag.Problems, sources *diag.Sources) stack.Lock {
	data, _ := tree.ReadDocument(stack.LockFile, filepath.Join(root, stack.LockFile), problems)
	sources.Add(stack.LockFile, data)
	return stack.ReadLock(data, problems)
}

// folder is the project's output folder, which must not lie over its input.
func folder(root string, project *model.Project) output.Folder {
	inputs := []string{project.Place.File, stack.LockFile}
	for _, pattern := range project.Patterns {
		base, _ := doublestar.SplitPattern(path.Join(pattern, "*")) // without a meta it would cut the last name off
		inputs = append(inputs, base)
	}
	for i := range project.Functions {
		inputs = append(inputs, project.Functions[i].Dir)
	}
	for _, s := range project.Stacks {
		inputs = append(inputs, s.File)
	}
	return output.Folder{Root: root, Path: project.Output, Place: project.OutputPlace, Inputs: inputs}
}

// locked lists the files that a build must not change, because somebody has to
// commit or deploy them: the lock and the base templates.
func locked(project *model.Project, plan *output.Plan) []string {
	kept := []string{stack.LockFile}
	for _, base := range bases {
		kept = append(kept, path.Join(project.Output, base.path))
	}
	var paths []string
	for _, change := range plan.Changes() {
		if change.Kind != output.Unchanged && slices.Contains(kept, change.Path) {
			paths = append(paths, change.Path)
		}
	}
	return paths
}
