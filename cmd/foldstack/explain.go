package main

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/asset"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/spf13/cobra"
)

// explainFlags are the flags of explain.
type explainFlags struct {
	projectFlags
	inputs bool
	json   bool
}

func (s *session) explainCommand() *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use:   "explain NAME [REVISION]",
		Short: "Show which input moved the digest of a function",
		Long: `Explain shows what the digest of a function's code is made of, and which of it is another than in
a revision (HEAD): files, shared files, lock files, runtime, architecture, and how it is built. A
function whose digest stays is neither built nor uploaded again. A..B compares two revisions.

What is no input of the code, such as function.yaml, moves the template: foldstack diff shows that.`,
		Example: `  foldstack explain receipts           # what you have changed since HEAD
  foldstack explain receipts HEAD~1    # what the last commit changed, too
  foldstack explain receipts --inputs  # all inputs`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return hinted{fmt.Errorf("%s takes the name of a function", cmd.CommandPath()), "`foldstack list` shows the functions"}
			}
			return atMostOne("revision")(cmd, args[1:])
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.runExplain(cmd.Context(), f, args[0], args[1:])
		},
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.inputs, "inputs", false, "list all inputs, also those that did not move")
	flags.BoolVar(&f.json, "json", false, "print JSON")
	flags.BoolVarP(&s.quiet, "quiet", "q", false, "print what moved and problems only")
	return cmd
}

func (s *session) runExplain(ctx context.Context, f explainFlags, name string, revision []string) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	before, after, err := s.sides(ctx, &f.projectFlags, revision, generator.Read)
	if err != nil {
		return err
	}
	e := explanation{name: name, before: before, after: after}
	if len(before.result.Problems)+len(after.result.Problems) > 0 {
		if f.json {
			if err := s.explainJSON(e); err != nil {
				return err
			}
			return told(exitProblems)
		}
		return s.broken(before, after)
	}
	was, is := before.result.Project.Function(name), after.result.Project.Function(name)
	if is == nil {
		return e.missing(was)
	}
	e.was, e.is = was, is
	e.moves = slices.DeleteFunc(asset.Moves(partsOf(was), partsOf(is)), unused)
	if f.json {
		return s.explainJSON(e)
	}
	return s.explainText(ctx, e, f)
}

func partsOf(fn *model.Function) []asset.Part {
	if fn == nil {
		return nil
	}
	return asset.Parts(asset.RecipeOf(fn), fn.Inputs)
}

// unused reports an input that the function has on neither side, such as a step.
func unused(m asset.Move) bool {
	return (m.Before == nil || m.Before.Value() == "") && (m.After == nil || m.After.Value() == "")
}

// explanation is what moved a function's digest from one side to the other.
type explanation struct {
	name          string
	before, after side
	was, is       *model.Function // was is nil of a function that is new
	moves         []asset.Move
}

// missing tells of a name that no function has, or no longer.
func (e explanation) missing(was *model.Function) error {
	if was != nil {
		return hinted{
			fmt.Errorf("there is no function %q in %s any more; %s has it in %s", e.name, e.after.Name, e.before.Name, was.Dir),
			"`foldstack diff " + e.before.Name + "` shows what goes with it",
		}
	}
	return known([]string{e.name}, e.after.result.Project.Functions)
}

// explainText prints the digest and what moved it.
func (s *session) explainText(ctx context.Context, e explanation, f explainFlags) error {
	d := &diffPrinter{session: s}
	digest := e.is.Digest
	if e.was != nil && e.was.Digest != e.is.Digest {
		digest = e.was.Digest + " → " + digest
	}
	fmt.Fprintf(&d.text, "%s  %s\n", diag.Visible(e.name), digest)
	var moved, all []diffLine
	for _, m := range e.moves {
		line := e.line(m)
		if line.sign != "=" {
			moved = append(moved, line)
		}
		all = append(all, line)
	}
	if f.inputs {
		moved = all
	}
	d.lines("  ", moved)
	if _, err := s.stdout.Write(d.text.Bytes()); err != nil {
		return fmt.Errorf("printing the inputs: %w", err)
	}
	e.conclude(ctx, s, f)
	return nil
}

// conclude tells in a line what moved and what did not.
func (e explanation) conclude(ctx context.Context, s *session, f explainFlags) {
	var stays []asset.Move
	for _, m := range e.moves {
		if !m.Moved() {
			stays = append(stays, m)
		}
	}
	switch {
	case e.was == nil:
		s.say("%s is new since %s: %s", e.name, e.before.Name, kindsOf(e.moves))
	case len(stays) == len(e.moves):
		s.say("nothing moved since %s: %s", e.before.Name, kindsOf(stays))
		e.earlier(ctx, s)
	default:
		s.say("%s moved since %s; not moved: %s", count(len(e.moves)-len(stays), "input"), e.before.Name, kindsOf(stays))
	}
}

// templateFiles of a function's folder shape its template and are no input of its code.
var templateFiles = []string{"function.yaml", "resources.yaml"}

// earlier names the revision before the last commit that changed an input.
func (e explanation) earlier(ctx context.Context, s *session) {
	if e.after.Commit != "" {
		return
	}
	const literal, exclude = ":(literal)", ":(exclude,literal)"
	args := []string{"log", "-1", "--format=%h", "--", literal + e.is.Dir}
	for _, file := range templateFiles {
		args = append(args, exclude+path.Join(e.is.Dir, file))
	}
	for _, m := range e.moves {
		if p := m.Part(); p.Kind.IsFile() && p.Scope != asset.InFunction {
			args = append(args, literal+e.file(m))
		}
	}
	commit, err := e.after.repository.git(ctx, nil, args...)
	if commit = strings.TrimSpace(commit); err != nil || commit == "" {
		return // it was never committed
	}
	if _, err := e.after.repository.git(ctx, nil, "rev-parse", "--verify", "--quiet", commit+"~1"); err == nil {
		s.advise("the last commit that changed one of them is " + commit + ": foldstack explain " + e.name + " " + commit + "~1")
	}
}

// kindsOf says how many inputs there are of each kind, and what those are that are no
// files: "runtime nodejs24.x, architecture arm64, 3 files".
func kindsOf(moves []asset.Move) string {
	var texts []string
	for _, kind := range asset.PartKinds {
		files := 0
		for _, m := range moves {
			p := m.Part()
			switch {
			case p.Kind != kind:
			case kind.IsFile():
				files++
			default:
				texts = append(texts, string(kind)+" "+valueOf(ptr(p.Value())))
			}
		}
		if files > 0 {
			texts = append(texts, count(files, nouns[kind]))
		}
	}
	return strings.Join(texts, ", ")
}

// nouns are the kinds of files for people.
var nouns = map[asset.PartKind]string{asset.OwnFile: "file", asset.SharedFile: "shared file", asset.LockFile: "lock file"}

func ptr(text string) *string { return &text }

// line is an input as a line: its kind, and what it is or was.
func (e explanation) line(m asset.Move) diffLine {
	p := m.Part()
	line := diffLine{sign: "=", subject: string(p.Kind)}
	switch {
	case m.Before == nil && e.was != nil:
		line.sign = "+"
	case m.After == nil:
		line.sign = "-"
	case m.Moved() && e.was != nil:
		line.sign = "~"
	}
	if !p.Kind.IsFile() {
		line.text = valueOf(ptr(p.Value()))
		if line.sign == "~" {
			line.text = valueOf(ptr(m.Before.Value())) + " → " + line.text
		}
		return line
	}
	line.text = e.file(m)
	if m.Before != nil && m.After != nil && m.Before.Executable != m.After.Executable {
		line.text += map[bool]string{true: ": is executable now", false: ": is executable no longer"}[m.After.Executable]
	}
	return line
}

// file is the path of an input from the project's folder.
func (e explanation) file(m asset.Move) string {
	fn, p := e.is, m.Part()
	if m.After == nil {
		fn = e.was
	}
	switch p.Scope {
	case asset.InFunction:
		return path.Join(fn.Dir, p.Path)
	case asset.InGroup:
		return path.Join(path.Dir(fn.Dir), p.Path)
	case asset.InProject:
	}
	return p.Path
}

// The shape of explain --json. Keys are only ever added to it, and lists are never null.
type (
	explainedFn struct {
		Name   string           `json:"name"`
		Before comparedSide     `json:"before"`
		After  comparedSide     `json:"after"`
		Digest explainedDigest  `json:"digest"`
		Moved  bool             `json:"moved"`
		Inputs []explainedInput `json:"inputs"`
	}
	explainedDigest struct {
		Before *string `json:"before"` // null: there was no such function
		After  *string `json:"after"`
	}
	explainedInput struct {
		Kind   asset.PartKind `json:"kind"`
		File   string         `json:"file"`   // of a file: its path in the project
		Change string         `json:"change"` // added, removed, changed or unchanged
		Before *string        `json:"before"` // of a file: its SHA-256, and whether it is executable
		After  *string        `json:"after"`
	}
)

func (s *session) explainJSON(e explanation) error {
	j := explainedFn{Name: e.name, Before: compared(e.before), After: compared(e.after), Inputs: []explainedInput{}}
	if e.was != nil {
		j.Digest.Before = &e.was.Digest
	}
	if e.is != nil {
		j.Digest.After = &e.is.Digest
	}
	for _, m := range e.moves {
		j.Moved = j.Moved || m.Moved()
		j.Inputs = append(j.Inputs, e.input(m))
	}
	return s.object(j)
}

func (e explanation) input(m asset.Move) explainedInput {
	i := explainedInput{Kind: m.Part().Kind, Change: "unchanged"}
	if i.Kind.IsFile() {
		i.File = e.file(m)
	}
	if m.Before != nil {
		i.Before = ptr(m.Before.Value())
	}
	if m.After != nil {
		i.After = ptr(m.After.Value())
	}
	switch {
	case m.Before == nil:
		i.Change = "added"
	case m.After == nil:
		i.Change = "removed"
	case m.Moved():
		i.Change = "changed"
	}
	return i
}
