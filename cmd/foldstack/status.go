package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/status"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/spf13/cobra"
)

// statusFlags are the flags of status.
type statusFlags struct {
	projectFlags
	accessFlags
	only  []string
	watch bool
	json  bool
}

func (s *session) statusCommand() *cobra.Command {
	var f statusFlags
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show where the pipeline stands and what is deployed in every target",
		Long: `Status looks at the pipeline, the base stacks and the stack of every target, and changes
nothing. What failed is followed into the account where it did, to the resource that was
the first. Functions in a target are compared with those of this folder.

Credentials come from where the AWS SDK finds them. They open the account that they are
of; the others need --profile or --role. An account that cannot be entered keeps nobody
from the others. It exits with 0 where all is as it should be, and with 1 where something
has failed, is missing or stale, or differs from this folder.`,
		Example: `  foldstack status --role ReadOnly   # a role that you may assume in every account
  foldstack status --only prod --profile '{account}-readonly'
  foldstack status --watch           # follow the run that is under way, then show all`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runStatus(cmd, f) },
	}
	f.projectFlags.add(cmd)
	f.accessFlags.add(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&f.only, "only", nil, "look at this `ENVIRONMENT` only; may be repeated (default: all)")
	flags.BoolVar(&f.watch, "watch", false, "follow a run that is under way to its end first")
	flags.BoolVar(&f.json, "json", false, "print what was found, and all problems, as JSON")
	flags.BoolVarP(&s.quiet, "quiet", "q", false, "print what was found and problems only")
	return cmd
}

func (s *session) runStatus(cmd *cobra.Command, f statusFlags) error {
	result, _, err := s.generate(cmd.Context(), f.projectFlags)
	if err != nil {
		return err
	}
	if !identified(result) {
		return s.refuse(result, f.json, statusListingOf(nil, nil, result, nil), "nothing was looked at")
	}
	for _, name := range f.only {
		if result.Project.Environment(name) == nil {
			return unknownOnly(result.Project, name, "")
		}
	}
	ctx, stop := interruptible(cmd.Context())
	defer stop()
	reading := status.Of(status.About(result, f.only), s.enter(result.Project, &f.accessFlags))
	found, err := s.look(ctx, reading, f.watch)
	if err = ended(err, "nothing was changed; what is under way in AWS goes on"); err != nil {
		if f.json {
			return errors.Join(s.object(statusListingOf(nil, nil, result, err)), err)
		}
		return err
	}
	return s.showStatus(cmd.Root(), found, result, f)
}

// identified reports a project of which it is known where it is deployed: its own file
// has no problems, whatever its functions have.
func identified(result *generator.Result) bool {
	return result.Project != nil && !slices.ContainsFunc(result.Problems, func(p diag.Problem) bool {
		return p.Place.File == result.Project.Place.File
	})
}

// watch follows the latest run.
func (s *session) watch(ctx context.Context, r *status.Reading) error {
	return r.Watch(ctx, func(p *status.Pipeline) {
		if p.Latest != nil {
			s.say("run %s: %s", p.Latest.ID, p.Word())
		}
	})
}

// look reads everything, after a run that is under way where that is wanted.
func (s *session) look(ctx context.Context, r *status.Reading, watch bool) (*status.Status, error) {
	if watch {
		if err := s.watch(ctx, r); err != nil {
			return nil, err
		}
	}
	done := s.meter(func() string {
		n, all := r.Progress()
		return fmt.Sprintf("%s  %d of %s", bar(int64(n), int64(all)), n, count(all, "stack"))
	})
	defer done()
	return r.Read(ctx)
}

// showStatus prints what was found and says what comes of it.
func (s *session) showStatus(root *cobra.Command, found *status.Status, result *generator.Result, f statusFlags) error {
	findings := found.Findings(f.cli)
	show := func() error { return s.statusText(found, findings) }
	if !f.json {
		findings = shownFindings(findings)
	}
	for i := range findings {
		findings[i].Hint = f.repeated(root, findings[i].Hint)
	}
	if f.json {
		show = func() error { return s.object(statusListingOf(found, findings, result, nil)) }
	}
	if err := show(); err != nil {
		return err
	}
	for i := range found.Pipeline.Stages {
		if stage := &found.Pipeline.Stages[i]; stage.Asks() {
			s.say("next: approve or reject the run in %s: %s", stage.Name, found.Pipeline.Link)
		}
	}
	if n := len(result.Problems); n > 0 {
		s.say("%s: functions were compared with nothing; `%s` tells of them", count(n, "problem"), again("check", f.projectFlags.given()))
	}
	if len(findings)+len(result.Problems) > 0 {
		s.say("%s", count(len(findings), "finding"))
		return told(exitProblems)
	}
	s.say("every target has what is in this folder")
	return nil
}

// advised is where a text for people begins with a command of foldstack.
var advised = regexp.MustCompile("(`|&& )foldstack ([a-z]+)")

// repeated is a text in which every command has the flags with which somebody asked, as
// far as it takes them: without them it would be about another project, or nobody would
// get into the accounts.
func (f *statusFlags) repeated(root *cobra.Command, text string) string {
	return advised.ReplaceAllStringFunc(text, func(found string) string {
		before, name, _ := strings.Cut(found, "foldstack ")
		i := slices.IndexFunc(root.Commands(), func(c *cobra.Command) bool { return c.Name() == name })
		if i < 0 {
			return found
		}
		takes := func(flag string, given []string) []string {
			if root.Commands()[i].Flags().Lookup(flag) == nil {
				return nil
			}
			return given
		}
		var own []string
		if name == "status" {
			own = f.own()
		}
		return before + again(name, takes("config", f.projectFlags.given()), takes("role", f.accessFlags.given()), own)
	})
}

// own are the flags that no other command has in the same sense.
func (f *statusFlags) own() []string {
	var list []string
	for _, name := range f.only {
		list = append(list, "--only", shellWord(name))
	}
	return list
}
