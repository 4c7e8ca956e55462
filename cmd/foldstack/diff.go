package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diff"
	"github.com/spf13/cobra"
)

// diffFlags are the flags of diff.
type diffFlags struct {
	projectFlags
	only     []string
	exitCode bool
	json     bool
}

func (s *session) diffCommand() *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff [REVISION]",
		Short: "Show what a deployment of the working tree would change",
		Long: `Diff generates the working tree and a revision (HEAD) in memory and shows what a deployment of
the one would change where the other is deployed: function by function and environment by
environment, with what CloudFormation replaces, which permissions roles gain and lose, and which
data goes. A..B compares two revisions, and A...B what B changed since it left A.

It calls no network and touches neither the working tree nor the output folder: what was edited
by hand in a deployed stack is not seen.`,
		Example: `  foldstack diff                # the working tree and HEAD
  foldstack diff main           # what this branch would change
  foldstack diff v1.2.0..v1.3.0
  foldstack diff --exit-code    # exit 1 if anything changes`,
		Args: atMostOne("revision"),
		RunE: func(cmd *cobra.Command, args []string) error { return s.runDiff(cmd.Context(), f, args) },
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&f.only, "only", nil, "show the function of this `name` and no other; may be repeated")
	flags.BoolVar(&f.exitCode, "exit-code", false, "exit 1 if anything changes")
	flags.BoolVar(&f.json, "json", false, "print JSON")
	flags.BoolVarP(&s.quiet, "quiet", "q", false, "print what changes and problems only")
	return cmd
}

func (s *session) runDiff(ctx context.Context, f diffFlags, args []string) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	before, after, err := s.sides(ctx, &f.projectFlags, args, checkedAlone)
	if err != nil {
		return err
	}
	if len(before.result.Problems)+len(after.result.Problems) > 0 {
		return s.incomparable(before, after, f.json)
	}
	functions := slices.Concat(before.result.Project.Functions, after.result.Project.Functions)
	if err := known(f.only, functions); err != nil {
		return err
	}
	done := s.progress("comparing")
	report := generator.Compare(before.result, after.result)
	done()
	if len(f.only) > 0 {
		report = onlyOf(report, f.only)
	}
	if f.json {
		err = s.diffJSON(before, after, report)
	} else {
		err = s.diffText(before, after, report)
	}
	if err == nil && f.exitCode && !report.Empty() {
		err = told(exitProblems)
	}
	return err
}

// checkedAlone is a project without its proof, of which nobody asks more than that there
// is one, and two need much room.
func checkedAlone(ctx context.Context, options generator.Options) (*generator.Result, error) {
	result, err := generator.Check(ctx, options)
	if result != nil {
		result.Proof = nil
	}
	return result, err
}

// onlyOf is what a report says of some functions.
func onlyOf(r *diff.Report, names []string) *diff.Report {
	functions := slices.DeleteFunc(append([]diff.Change{}, r.Functions...), func(c diff.Change) bool { return !slices.Contains(names, c.Name) })
	unchanged := 0
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		if !slices.ContainsFunc(functions, func(c diff.Change) bool { return c.Name == name }) {
			unchanged++
		}
	}
	return &diff.Report{
		Functions: functions, Stacks: []diff.Change{}, Unchanged: unchanged, BaseStacks: []diff.Deploy{},
		Targets: diff.Targets{Added: []diff.EnvironmentTarget{}, Removed: []diff.EnvironmentTarget{}},
		Stages:  diff.Stages{Added: []string{}, Removed: []string{}},
	}
}

// incomparable tells what is wrong with a side that does not generate.
func (s *session) incomparable(before, after side, asJSON bool) error {
	if asJSON {
		if err := s.diffJSON(before, after, onlyOf(&diff.Report{}, nil)); err != nil {
			return err
		}
		return told(exitProblems)
	}
	return s.broken(before, after)
}

// The shape of diff --json is this and that of diff.Report. Keys are only ever added to
// it, and lists are never null.
type (
	difference struct {
		Before comparedSide `json:"before"`
		After  comparedSide `json:"after"`
		*diff.Report
	}
	comparedSide struct {
		Name     string         `json:"name"`
		Commit   string         `json:"commit"` // empty for the working tree
		Problems listedProblems `json:"problems"`
	}
)

func (s *session) diffJSON(before, after side, report *diff.Report) error {
	return s.object(difference{compared(before), compared(after), report})
}

func compared(side side) comparedSide {
	return comparedSide{side.Name, side.Commit, side.result.Problems}
}

// atMostOne refuses a second argument by our own message.
func atMostOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) <= 1 {
			return nil
		}
		return hinted{
			fmt.Errorf("%s takes one %s, and %q is one too many", cmd.CommandPath(), what, args[1]),
			"`" + cmd.CommandPath() + " --help` shows how it is used",
		}
	}
}
