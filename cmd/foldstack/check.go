package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/rules"
	"github.com/spf13/cobra"
)

// checkFlags are the flags of check.
type checkFlags struct {
	projectFlags
	format string
	json   bool
}

// report is what check has found, as a format prints it.
type report struct {
	problems   []diag.Problem
	sources    *diag.Sources
	repository string // the project's folder as seen from the root of its repository
}

// formats are the ways to print a report. People read talk, so that text goes to
// stderr as it does everywhere; what programs read is data.
var formats = []struct {
	name  string
	print func(*session, report) error
}{
	{"text", func(s *session, r report) error { return diag.WriteText(s.stderr, r.problems, r.sources, s.paintTalk) }},
	{"json", func(s *session, r report) error { return diag.WriteJSON(s.stdout, r.problems) }},
	{"github", func(s *session, r report) error {
		return diag.WriteGitHub(s.stdout, diag.Below(r.repository, r.problems))
	}},
	{"sarif", func(s *session, r report) error {
		return diag.WriteSARIF(s.stdout, diag.Below(r.repository, r.problems), rules.All())
	}},
}

func formatNames() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

func (s *session) checkCommand() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Run every rule, and write nothing",
		Long: `Check reads the project as generate does, builds everything in memory and runs every rule on
it. It writes nothing and does not look at the output folder, so that a stale one is no
problem here: that is what generate --check is for.

Every rule is described in docs/rules.md, most with an example that breaks it and one that
keeps it. The formats are

  text    for people, on stderr
  json    one object, on stdout; files are relative to the project
  github  workflow commands, which GitHub Actions shows beside the lines, on stdout
  sarif   a SARIF 2.1.0 log for code scanning, on stdout

In github and sarif files are relative to the root of the Git repository.`,
		Example: `  foldstack check                              # print every problem; exit 1 if there is any
  foldstack check --format github              # in a GitHub Actions workflow
  foldstack check --format sarif > check.sarif # for code scanning`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runCheck(cmd, f) },
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "text", "how to print the problems: `"+strings.Join(formatNames(), "|")+"`")
	flags.BoolVar(&f.json, "json", false, "the same as --format json")
	flags.BoolVarP(&s.quiet, "quiet", "q", false, "print problems only")
	return cmd
}

func (s *session) runCheck(cmd *cobra.Command, f checkFlags) error {
	if f.json && cmd.Flags().Changed("format") && f.format != "json" {
		return hinted{fmt.Errorf("--json is --format json, and --format says %s", f.format), "leave one of them out"}
	}
	if f.json {
		f.format = "json"
	}
	i := slices.Index(formatNames(), f.format)
	if i < 0 {
		return unknownFormat(f.format)
	}
	options, err := f.options()
	if err != nil {
		return err
	}
	done := s.progress("checking")
	result, err := generator.Check(cmd.Context(), options)
	done()
	if err != nil {
		return err
	}
	repository, _ := inRepository(options.Root)
	if err := formats[i].print(s, report{result.Problems, result.Sources, repository}); err != nil {
		return fmt.Errorf("printing the problems: %w", err)
	}
	if n := len(result.Problems); n > 0 {
		s.say("%s", count(n, "problem"))
		return told(exitProblems)
	}
	s.say("%s checked, no problems", count(len(result.Project.Functions), "function"))
	s.notes(result.Rewritten)
	s.misplaced(result.Project, options.Root)
	s.say("next: %s", again("generate", f.given()))
	return nil
}

// given are the flags as they were given, for the next command.
func (f *projectFlags) given() []string {
	var list []string
	add := func(name, value string) {
		if value != "" {
			list = append(list, name, shellWord(value))
		}
	}
	add("--config", f.config)
	for _, pattern := range f.functions {
		add("--functions", pattern)
	}
	add("--out", f.out)
	return list
}

// again is a command with flags as they were given.
func again(name string, flags ...[]string) string {
	return strings.Join(append([]string{"foldstack", name}, slices.Concat(flags...)...), " ")
}

// shellWord is text as one word of a POSIX shell.
func shellWord(text string) string {
	if strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./@%+=:,") == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

func unknownFormat(format string) error {
	hint := "the formats are " + strings.Join(formatNames(), ", ")
	if near, ok := diag.Suggest(format, formatNames()); ok {
		hint = "did you mean " + near + "?"
	}
	return hinted{fmt.Errorf("there is no format %q", format), hint}
}
