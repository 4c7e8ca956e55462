package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/build"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/spf13/cobra"
)

// buildFlags are the flags of build.
type buildFlags struct {
	projectFlags
	accessFlags
	only          []string
	jobs          int
	force         bool
	skipPublished bool
	dryRun        bool
	json          bool
}

func (s *session) buildCommand() *cobra.Command {
	var f buildFlags
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Make the archive or image of every function that is not stored yet",
		Long: `Build makes of each function's code what Lambda takes, under the digest of what it is made
from: an archive in .foldstack/functions, or an image in .foldstack/images. What is there
already is not built again, nor, with --skip-published, what the asset buckets and repositories
of all regions have: the pipeline asks them, because its build begins with nothing. That alone
takes credentials, of the tooling account. Each function is built in a copy of its inputs, so
that the project's folders stay as they are, by the usual tool of its language.

docs/building.md says what is done for each runtime, what an archive holds, and how a
function has steps of its own.`,
		Example: `  foldstack build                # build what is not stored
  foldstack build --dry-run      # show what would be built, and why
  foldstack build --only receipts --force
  foldstack build --skip-published && foldstack publish`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runBuild(cmd, f) },
	}
	f.projectFlags.add(cmd)
	f.accessFlags.add(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&f.only, "only", nil, "build the function of this `name` and no other; may be repeated")
	flags.IntVar(&f.jobs, "jobs", runtime.NumCPU(), "how `many` functions to build at a time")
	flags.BoolVar(&f.force, "force", false, "also build what is stored")
	flags.BoolVar(&f.skipPublished, "skip-published", false, "do not build what is published in every region; asks AWS")
	flags.BoolVar(&f.dryRun, "dry-run", false, "build nothing; show what would be built, and why")
	flags.BoolVar(&f.json, "json", false, "print what became of each function as JSON")
	flags.BoolVarP(&s.quiet, "quiet", "q", false, "print what failed only, and the table or the JSON that was asked for")
	return cmd
}

func (s *session) runBuild(cmd *cobra.Command, f buildFlags) error {
	if f.jobs < 1 {
		return hinted{fmt.Errorf("--jobs is %d", f.jobs), "build at least one function at a time"}
	}
	ctx, stop := interruptible(cmd.Context())
	defer stop()
	options, err := f.options()
	if err != nil {
		return err
	}
	result, err := s.checkedProject(ctx, options)
	if err != nil {
		return err
	}
	if len(result.Problems) > 0 {
		return s.refuse(result, f.json, buildReport(nil, nil, result.Problems, nil), "nothing was built")
	}
	if err := known(f.only, result.Project.Functions); err != nil {
		return err
	}
	plan, err := s.buildPlan(ctx, options.Root, result.Project, f)
	if err = unbegun(err, "nothing was built"); err != nil {
		if f.json {
			return errors.Join(s.object(buildReport(nil, nil, nil, err)), err)
		}
		return err
	}
	if f.dryRun {
		return s.planned(plan, f)
	}
	return s.build(ctx, plan, options.Root, f)
}

// buildPlan says what there is to build.
func (s *session) buildPlan(ctx context.Context, root string, project *model.Project, f buildFlags) (build.Plan, error) {
	options := build.Options{Root: root, Functions: project.Functions, Only: f.only, Force: f.force}
	if f.skipPublished {
		published, err := storeOf(ctx, s.enter(project, &f.accessFlags), project)
		if err != nil {
			return nil, err
		}
		options.Stored = published.Stored
	}
	return build.NewPlan(ctx, options)
}

// checkedProject reads a project and runs every rule; the output folder plays no part.
func (s *session) checkedProject(ctx context.Context, options generator.Options) (*generator.Result, error) {
	done := s.progress("checking")
	defer done()
	return generator.Check(ctx, options)
}

// known refuses a name that no function has.
func known(only []string, functions []model.Function) error {
	var names []string
	for i := range functions {
		names = append(names, functions[i].Name)
	}
	for _, name := range only {
		if slices.Contains(names, name) {
			continue
		}
		hint := "`foldstack list` shows the functions"
		if near, ok := diag.Suggest(name, names); ok {
			hint = "did you mean " + near + "?"
		}
		return hinted{fmt.Errorf("there is no function %q", name), hint}
	}
	return nil
}

// planned prints what would be built.
func (s *session) planned(plan build.Plan, f buildFlags) error {
	if f.json {
		return s.object(buildReport(plan, nil, nil, nil))
	}
	rows := [][]string{{"NAME", "ACTION", "WHY", "KEY"}}
	for _, item := range plan {
		rows = append(rows, []string{item.Function.Name, action(item), why(item), item.Key})
	}
	if err := writeTable(s.stdout, rows); err != nil {
		return err
	}
	s.say("%d of %s would be built", plan.Builds(), count(len(plan), "function"))
	if plan.Builds() > 0 {
		s.say("next: %s", f.command())
	} else {
		s.say("next: %s", f.publish())
	}
	return nil
}

func action(item build.Item) string {
	if item.Builds() {
		return "build"
	}
	return "keep"
}

// why says in a word or two how an item came to be built or not.
func why(item build.Item) string {
	switch item.State {
	case build.Missing:
		return "not stored"
	case build.Forced:
		return "--force"
	case build.Local:
		return "in " + build.Folder
	case build.Published:
		return "published"
	}
	return "the same as " + item.As
}

// build runs the plan, and shows how it goes on and what came of it.
func (s *session) build(ctx context.Context, plan build.Plan, root string, f buildFlags) error {
	show, done := s.showBuild(plan.Builds())
	outcomes, err := build.Runner{Root: root, Jobs: f.jobs, Started: show.started, Done: show.done}.Run(ctx, plan)
	done()
	if err != nil {
		return err
	}
	if f.json {
		err = s.object(buildReport(plan, outcomes, nil, nil))
	} else {
		err = s.built(plan, outcomes)
	}
	if err != nil {
		return err
	}
	failed := 0
	for _, o := range outcomes {
		if o.Failure != nil {
			failed++
			s.failure(o.Failure)
		}
	}
	if failed > 0 {
		s.say("%s could not be built", count(failed, "function"))
		return told(exitProblems)
	}
	s.say("%d built, %d kept", len(outcomes), len(plan)-len(outcomes))
	s.say("next: %s", f.publish())
	return nil
}

// command is how a person gives the command again.
func (f *buildFlags) command() string {
	var own []string
	for _, name := range f.only {
		own = append(own, "--only", shellWord(name))
	}
	if f.jobs != runtime.NumCPU() {
		own = append(own, "--jobs", strconv.Itoa(f.jobs))
	}
	if f.force {
		own = append(own, "--force")
	}
	if f.skipPublished {
		own = append(own, "--skip-published")
	}
	return again("build", f.projectFlags.given(), f.accessFlags.given(), own)
}

// publish is what comes after a build.
func (f *buildFlags) publish() string {
	return again("publish", f.projectFlags.given(), f.accessFlags.given())
}

// built prints what was built, by name.
func (s *session) built(plan build.Plan, outcomes []build.Outcome) error {
	if s.quiet {
		return nil
	}
	var b bytes.Buffer
	width := 0
	for _, o := range outcomes {
		width = max(width, len(o.Function.Name))
	}
	for _, o := range outcomes {
		if o.Failure == nil {
			fmt.Fprintf(&b, "%s  %-*s  %s\n", painted(s.paint, green, "built"), width, o.Function.Name, outcomeSize(o))
		}
	}
	if left := len(plan) - len(outcomes); left > 0 {
		fmt.Fprintf(&b, "%s   %s\n", painted(s.paint, dim, "kept"), count(left, "function"))
	}
	if _, err := s.stdout.Write(b.Bytes()); err != nil {
		return fmt.Errorf("printing what was built: %w", err)
	}
	return nil
}

func outcomeSize(o build.Outcome) string {
	if o.Function.Package == model.Image {
		return size(o.Unzipped)
	}
	return size(o.Packed) + ", " + size(o.Unzipped) + " unzipped"
}

// failure tells why a function could not be built, with what its program printed.
func (s *session) failure(f *build.Failure) {
	s.error(f.Error())
	if f.Command != "" {
		fmt.Fprintf(s.stderr, "    in %s:\n", diag.Visible(f.Dir))
		for line := range strings.Lines(f.Command) {
			fmt.Fprintf(s.stderr, "    $ %s\n", diag.Visible(strings.TrimRight(line, "\r\n")))
		}
	}
	for line := range strings.Lines(f.Output) {
		fmt.Fprintf(s.stderr, "    | %s\n", diag.Visible(strings.TrimRight(line, "\r\n")))
	}
	if f.Hint != "" {
		s.hint(f.Hint)
	}
}
