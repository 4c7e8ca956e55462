package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/output"
	"github.com/spf13/cobra"
)

// generateFlags are the flags of generate.
type generateFlags struct {
	projectFlags
	check  bool
	locked bool
	json   bool
}

func (s *session) generateCommand() *cobra.Command {
	var f generateFlags
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Write the templates of every function, of the pipeline and of what they stand on",
		Long: `Generate reads foldstack.yaml and the folders of functions beside it, checks all of it,
and writes the output folder. Where something is wrong it prints every problem and writes
nothing. Files that are right already are not touched, and files that foldstack did not
make are never overwritten or removed.

The smallest foldstack.yaml:

  project: shop
  tooling: {account: "111111111111", region: eu-central-1}
  source: {provider: github, repository: acme/shop, branch: main}
  environments:
    dev: {accounts: ["222222222222"], regions: [eu-central-1]}`,
		Example: `  foldstack generate                              # write out/
  foldstack generate --check                      # print what would change; exit 1 if it would
  foldstack generate --locked                     # refuse to change foldstack.lock or a base stack
  foldstack generate --config shop/foldstack.yaml # a project in another folder
  foldstack generate --check | git apply          # the same as generate, by way of a patch`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runGenerate(cmd, f) },
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.check, "check", false, "write nothing; print a patch of what would change and exit 1 if anything would")
	flags.BoolVar(&f.locked, "locked", false, "exit 1 and write nothing if "+lockName+" or the template of a base stack would change")
	flags.BoolVar(&f.json, "json", false, "print what happened to each file, and all problems, as JSON")
	flags.BoolVarP(&s.quiet, "quiet", "q", false, "print problems only, and the patch or the JSON that was asked for")
	return cmd
}

func (s *session) runGenerate(cmd *cobra.Command, f generateFlags) error {
	result, root, err := s.generate(cmd.Context(), f.projectFlags)
	if err != nil {
		return err
	}
	switch {
	case len(result.Problems) > 0:
		return s.refuse(result, f.json, reportOf(result), "nothing was written")
	case f.locked && len(result.Locked) > 0:
		return s.lockedOut(result, f.json)
	case f.check:
		return s.checked(result, f.json)
	}
	summary, err := result.Plan.Apply()
	if err != nil {
		return err
	}
	if err := s.changes(result, f.json); err != nil {
		return err
	}
	s.notes(result.Rewritten)
	s.applied(result, summary, root)
	return nil
}

// lockedOut tells which of the files that a build may not change would change.
func (s *session) lockedOut(result *generator.Result, asJSON bool) error {
	if asJSON {
		if err := s.object(reportOf(result)); err != nil {
			return err
		}
	}
	s.fail(fmt.Errorf("--locked: %s would change; nothing was written", strings.Join(result.Locked, ", ")))
	s.hint("run `foldstack generate`, commit what it writes, and deploy the base stacks that it names")
	s.rewrittenLineEnds(result)
	return told(exitProblems)
}

// checked prints what would change.
func (s *session) checked(result *generator.Result, asJSON bool) error {
	summary := result.Plan.Summary()
	show := s.patch
	if asJSON {
		show = func(result *generator.Result) error { return s.object(reportOf(result)) }
	}
	if err := show(result); err != nil {
		return err
	}
	if summary.Changed() == 0 {
		s.say("%s is up to date", result.Project.Output)
		return nil
	}
	s.edits(result, "generating discards that")
	s.say("%s is stale: %d to create, %d to update, %d to remove", result.Project.Output, summary.Created, summary.Updated, summary.Removed)
	s.advise("run `foldstack generate` and commit what it writes")
	s.rewrittenLineEnds(result)
	return told(exitProblems)
}

func (s *session) patch(result *generator.Result) error {
	if !s.watched {
		return result.Plan.Diff(s.stdout)
	}
	var b bytes.Buffer
	if err := result.Plan.Diff(&b); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		if _, err := fmt.Fprintln(s.stdout, s.patchLine(strings.TrimSuffix(line, "\n"))); err != nil {
			return fmt.Errorf("printing the patch: %w", err)
		}
	}
	return nil
}

// patchLine is a line of a patch for a terminal, which obeys nothing in it but tabs.
func (s *session) patchLine(line string) string {
	parts := strings.Split(line, "\t")
	for i := range parts {
		parts[i] = diag.Visible(parts[i])
	}
	line = strings.Join(parts, "\t")
	switch {
	case strings.HasPrefix(line, "@@"):
		return painted(s.paint, cyan, line)
	case strings.HasPrefix(line, "+"):
		return painted(s.paint, green, line)
	case strings.HasPrefix(line, "-"):
		return painted(s.paint, red, line)
	}
	return line
}

// kindColors are the colours of the kinds of change.
var kindColors = map[output.Kind]string{
	output.Created: green, output.Updated: yellow, output.Removed: red, output.Unchanged: dim,
}

// changes prints the files that generate changed, and how many it left.
func (s *session) changes(result *generator.Result, asJSON bool) error {
	if asJSON {
		return s.object(reportOf(result))
	}
	if s.quiet {
		return nil
	}
	var b bytes.Buffer
	width := len(output.Unchanged)
	for _, c := range result.Plan.Changes() {
		if c.Kind != output.Unchanged {
			fmt.Fprintf(&b, "%s  %s\n", painted(s.paint, kindColors[c.Kind], fmt.Sprintf("%-*s", width, c.Kind)), diag.Visible(c.Path))
		}
	}
	if left := result.Plan.Summary().Unchanged; left > 0 {
		fmt.Fprintf(&b, "%s  %s\n", painted(s.paint, dim, string(output.Unchanged)), count(left, "file"))
	}
	if _, err := s.stdout.Write(b.Bytes()); err != nil {
		return fmt.Errorf("printing the changes: %w", err)
	}
	return nil
}

// applied tells what comes next.
func (s *session) applied(result *generator.Result, summary output.Summary, root string) {
	if summary.Changed() == 0 {
		s.say("%s is up to date", result.Project.Output)
		return
	}
	s.edits(result, "that was discarded")
	s.say("%d created, %d updated, %d unchanged, %d removed", summary.Created, summary.Updated, summary.Unchanged, summary.Removed)
	s.rewrittenLineEnds(result)
	s.baseStacks(result)
	s.misplaced(result.Project, root)
	git := "git"
	if dir := elsewhere(root); dir != "" {
		git += " -C " + shellWord(dir)
	}
	paths := shellWord(result.Project.Output)
	if slices.ContainsFunc(result.Files, func(f output.File) bool { return f.Path == lockName }) {
		paths += " " + lockName
	}
	s.say("next: review and commit them: %s add %s && %s commit", git, paths, git)
}

// edits names the files that somebody changed by hand.
func (s *session) edits(result *generator.Result, consequence string) {
	for _, c := range result.Plan.Changes() {
		if c.Edited {
			s.say("%s was edited by hand; %s", c.Path, consequence)
		}
	}
}

// lockName is the file at the project's root that remembers what must stay.
const lockName = "foldstack.lock"

// reportOf is the shape of generate --json. Keys are only ever added to it, and none is
// ever null.
func reportOf(result *generator.Result) any {
	type file struct {
		Path   string      `json:"path"`
		Change output.Kind `json:"change"`
		Source string      `json:"source"`
		Edited bool        `json:"edited"`
	}
	type counts struct {
		Created   int `json:"created"`
		Updated   int `json:"updated"`
		Unchanged int `json:"unchanged"`
		Removed   int `json:"removed"`
	}
	r := struct {
		Summary  counts         `json:"summary"`
		Files    []file         `json:"files"`
		Locked   []string       `json:"locked"`
		Problems listedProblems `json:"problems"`
	}{Files: []file{}, Locked: append([]string{}, result.Locked...), Problems: result.Problems}
	if result.Plan != nil {
		r.Summary = counts(result.Plan.Summary())
		for _, c := range result.Plan.Changes() {
			r.Files = append(r.Files, file{c.Path, c.Kind, c.Source, c.Edited})
		}
	}
	return r
}

// baseStacks names the stacks that a person has to deploy.
func (s *session) baseStacks(result *generator.Result) {
	var rows [][]string
	for _, row := range baseRows(result.Project, result.PendingBases()) {
		rows = append(rows, []string{"  " + row.File, "as " + row.Name, "in " + row.where})
	}
	if len(rows) == 0 || s.quiet {
		return
	}
	s.say("`foldstack bootstrap` deploys these base stacks, in this order:")
	_ = writeTable(s.stderr, rows) // talk: what fails here is the terminal
}
