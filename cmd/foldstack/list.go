package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/spf13/cobra"
)

// listFlags are the flags of list.
type listFlags struct {
	projectFlags
	verbose bool
	json    bool
}

func (s *session) listCommand() *cobra.Command {
	var f listFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show every function, and how each of its values came about",
		Long: `List shows the functions that were found. Behind a value stands how it came about:

  said      function.yaml or foldstack.yaml says so
  detected  it was read from the function's files
  default   nobody said anything`,
		Example: `  foldstack list            # a line to a function
  foldstack list --verbose  # every value with its evidence, and what was not taken and why
  foldstack list --json     # for programs`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runList(cmd, f) },
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show where each value was said or seen, and what was not taken and why")
	flags.BoolVar(&f.json, "json", false, "print JSON")
	flags.BoolVarP(&s.quiet, "quiet", "q", false, "print the list and problems only")
	return cmd
}

func (s *session) runList(cmd *cobra.Command, f listFlags) error {
	result, _, err := s.generate(cmd.Context(), f.projectFlags)
	if err != nil {
		return err
	}
	if f.json {
		err = s.listJSON(result)
	} else {
		err = s.listText(result, f.verbose)
	}
	if err != nil || len(result.Problems) == 0 {
		return err
	}
	s.say("%s", count(len(result.Problems), "problem"))
	return told(exitProblems)
}

// listText shows what was found, then what is wrong with it.
func (s *session) listText(result *generator.Result, verbose bool) error {
	if p := result.Project; p != nil {
		if err := s.listFunctions(p, verbose); err != nil {
			return err
		}
		if !verbose {
			s.saySkipped(p.Skipped)
		} else if err := s.listSkipped(p.Skipped); err != nil {
			return err
		}
	}
	return s.problems(result.Problems, result.Sources)
}

func (s *session) listFunctions(p *model.Project, verbose bool) error {
	if len(p.Functions) == 0 {
		s.say("no functions in %s", strings.Join(p.Patterns, ", "))
		return nil
	}
	if verbose {
		return s.describeFunctions(p)
	}
	rows := [][]string{{"NAME", "RUNTIME", "HANDLER", "PACKAGE", "EVENTS", "ENVIRONMENTS"}}
	for i := range p.Functions {
		f := &p.Functions[i]
		rows = append(rows, []string{
			f.Name,
			choice(f.Runtime),
			choice(f.Handler),
			packageOf(f),
			orDash(strings.Join(events(f), "; ")),
			orDash(strings.Join(environments(p, f), ", ")),
		})
	}
	return writeTable(s.stdout, rows)
}

// describeFunctions shows each function with every value and its evidence.
func (s *session) describeFunctions(p *model.Project) error {
	for i := range p.Functions {
		f := &p.Functions[i]
		separator := "\n"
		if i == 0 {
			separator = ""
		}
		if _, err := fmt.Fprintf(s.stdout, "%s%s  %s\n", separator, diag.Visible(f.Name), diag.Visible(f.Dir)); err != nil {
			return fmt.Errorf("printing the list: %w", err)
		}
		rows := [][]string{
			{"  runtime", orDash(f.Runtime.Value), evidence(f.Runtime)},
			{"  handler", orDash(f.Handler.Value), evidence(f.Handler)},
			{"  package", packageOf(f)},
			{"  architecture", f.Architecture.Value, evidence(f.Architecture)},
			{"  memory", strconv.Itoa(f.Settings.Memory.Value) + " MB", evidence(settingChoice(f.Settings.Memory))},
			{"  timeout", strconv.Itoa(f.Settings.Timeout.Value) + " s", evidence(settingChoice(f.Settings.Timeout))},
		}
		for _, e := range f.Events {
			rows = append(rows, []string{"  event", e.Kind() + " " + e.Summary(), e.Place().String()})
		}
		rows = append(rows, []string{"  environments", orDash(strings.Join(environments(p, f), ", "))})
		if err := writeTable(s.stdout, rows); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) listSkipped(skipped []model.Skipped) error {
	if len(skipped) == 0 {
		return nil
	}
	if _, err := fmt.Fprintln(s.stdout, "\nNot taken:"); err != nil {
		return fmt.Errorf("printing the list: %w", err)
	}
	rows := make([][]string, len(skipped))
	for i, k := range skipped {
		rows[i] = []string{k.Path, k.Reason}
	}
	return writeTable(s.stdout, rows)
}

// saySkipped names code that a reader may miss in the list.
func (s *session) saySkipped(skipped []model.Skipped) {
	var paths []string
	for _, k := range skipped {
		if k.Code {
			paths = append(paths, k.Path)
		}
	}
	switch len(paths) {
	case 0:
	case 1:
		s.say("%s holds code and is no function: list --verbose says why", paths[0])
	default:
		s.say("%s and %s hold code and are no functions: list --verbose says why", paths[0], count(len(paths)-1, "more folder"))
	}
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// choice is a value and, in a word, how it came about.
func choice(c model.Choice) string {
	if c.Value == "" {
		return "-"
	}
	return c.Value + " (" + string(c.Origin) + ")"
}

// evidence is how a value came about, and where it was said or seen.
func evidence(c model.Choice) string {
	switch {
	case c.Evidence != "":
		return strings.TrimPrefix(string(c.Origin)+": "+c.Evidence, ": ")
	case c.Origin == model.Said && !c.Place.IsZero():
		return "said: " + c.Place.String()
	}
	return string(c.Origin)
}

// settingChoice is the same for a number that function.yaml or foldstack.yaml may
// set.
func settingChoice(f source.Field[int]) model.Choice {
	return model.Choice{Value: strconv.Itoa(f.Value), Origin: settingOrigin(f), Place: f.Place}
}

func settingOrigin(f source.Field[int]) model.Origin {
	if f.Place.IsZero() {
		return model.Default
	}
	return model.Said
}

func packageOf(f *model.Function) string {
	if f.Package == model.Image {
		return "image (" + f.Dockerfile + ")"
	}
	return strings.ToLower(string(f.Package))
}

func events(f *model.Function) []string {
	var list []string
	for _, e := range f.Events {
		list = append(list, e.Kind()+" "+e.Summary())
	}
	return list
}

// environments lists those that the function is deployed to; behind one the
// regions, where they are not all.
func environments(p *model.Project, f *model.Function) []string {
	var list []string
	for i := range p.Environments {
		e := &p.Environments[i]
		regions := regionsOf(e, f)
		switch len(regions) {
		case 0:
		case len(e.Regions):
			list = append(list, e.Name)
		default:
			list = append(list, e.Name+" ("+strings.Join(regions, ", ")+")")
		}
	}
	return list
}

func regionsOf(e *model.Environment, f *model.Function) []string {
	regions := []string{}
	for _, r := range e.Regions {
		if f.Only.Includes(model.Target{Environment: e.Name, Region: r.Value}) {
			regions = append(regions, r.Value)
		}
	}
	return regions
}

// The shape of list --json. Keys are only ever added to it, and lists are never null.
type (
	listing struct {
		Project   string         `json:"project"`
		Functions []listedFn     `json:"functions"`
		Skipped   []listedSkip   `json:"skipped"`
		Problems  listedProblems `json:"problems"`
	}
	listedFn struct {
		Name         string        `json:"name"`
		Group        string        `json:"group"`
		Folder       string        `json:"folder"`
		Package      string        `json:"package"` // Zip or Image
		Runtime      listedValue   `json:"runtime"`
		Handler      listedValue   `json:"handler"`
		Dockerfile   string        `json:"dockerfile"`
		Architecture listedValue   `json:"architecture"`
		Memory       listedNumber  `json:"memory"`  // MB
		Timeout      listedNumber  `json:"timeout"` // seconds
		Events       []listedEvent `json:"events"`
		Environments []listedEnv   `json:"environments"`
		Digest       string        `json:"digest"`
	}
	listedValue struct {
		Value    string       `json:"value"`
		Origin   model.Origin `json:"origin"` // said, detected or default
		Evidence string       `json:"evidence"`
		listedPlace
	}
	listedNumber struct {
		Value  int          `json:"value"`
		Origin model.Origin `json:"origin"`
		listedPlace
	}
	listedEvent struct {
		Kind    string `json:"kind"`
		Summary string `json:"summary"`
		listedPlace
	}
	listedEnv struct {
		Name    string   `json:"name"`
		Regions []string `json:"regions"`
	}
	listedSkip struct {
		Path   string `json:"path"`
		Reason string `json:"reason"`
	}
	listedPlace struct {
		File   string `json:"file"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
	}
)

func (s *session) listJSON(result *generator.Result) error {
	l := listing{Functions: []listedFn{}, Skipped: []listedSkip{}, Problems: result.Problems}
	if p := result.Project; p != nil {
		l.Project = p.Name
		for i := range p.Functions {
			l.Functions = append(l.Functions, listed(p, &p.Functions[i]))
		}
		for _, k := range p.Skipped {
			l.Skipped = append(l.Skipped, listedSkip{k.Path, k.Reason})
		}
	}
	return s.object(l)
}

func listed(p *model.Project, f *model.Function) listedFn {
	l := listedFn{
		Name: f.Name, Group: f.Group, Folder: f.Dir, Package: string(f.Package), Dockerfile: f.Dockerfile, Digest: f.Digest,
		Runtime: listedChoice(f.Runtime), Handler: listedChoice(f.Handler), Architecture: listedChoice(f.Architecture),
		Memory: listedSetting(f.Settings.Memory), Timeout: listedSetting(f.Settings.Timeout),
		Events: []listedEvent{}, Environments: []listedEnv{},
	}
	for _, e := range f.Events {
		l.Events = append(l.Events, listedEvent{e.Kind(), e.Summary(), placeOf(e.Place())})
	}
	for i := range p.Environments {
		if regions := regionsOf(&p.Environments[i], f); len(regions) > 0 {
			l.Environments = append(l.Environments, listedEnv{p.Environments[i].Name, regions})
		}
	}
	return l
}

func listedChoice(c model.Choice) listedValue {
	return listedValue{c.Value, c.Origin, c.Evidence, placeOf(c.Place)}
}

func listedSetting(f source.Field[int]) listedNumber {
	return listedNumber{f.Value, settingOrigin(f), placeOf(f.Place)}
}

func placeOf(p diag.Place) listedPlace { return listedPlace{p.File, p.Line, p.Column} }
