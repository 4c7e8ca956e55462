package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/teardown"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// teardownFlags are the flags of teardown.
type teardownFlags struct {
	removalFlags
	only    string
	orphans bool
	keyWait int
	confirm string
}

func (s *session) teardownCommand() *cobra.Command {
	var f teardownFlags
	cmd := &cobra.Command{
		Use:   "teardown",
		Short: "Remove what the project has in AWS, in the only order that is safe",
		Long: `Teardown removes the functions from every target, then the pipeline, the stacks of the
target accounts, and what the tooling account holds: published assets, images, keys, buckets.
It first prints what it would do, and asks for the name of the project. Keys are deleted by
KMS when it has waited; until then that can be undone. What the templates of users retain,
such as tables, is listed and stays.

It looks into the accounts of foldstack.yaml, and into those that have left it and that the
deployed stacks of the tooling account still name. Where one cannot be read, nothing is
removed; --without leaves out what was closed. A run that failed or was interrupted is
finished by the next.`,
		Example: `  foldstack teardown --role admin --dry-run               # print what would be removed
  foldstack teardown --role admin                         # ask, and remove everything
  foldstack teardown --role admin --only dev              # functions and roles of an environment
  foldstack teardown --role admin --orphans               # what left foldstack.yaml
  foldstack teardown --role admin --without 444444444444  # an account that was closed`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runTeardown(cmd, f) },
	}
	f.removalFlags.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.only, "only", "", "remove the functions and the roles of one `ENVIRONMENT|ACCOUNT`, and no more")
	flags.BoolVar(&f.orphans, "orphans", false, "remove what left the configuration, and no more")
	flags.IntVar(&f.keyWait, "key-wait", teardown.MaxKeyWait, "how many `days` KMS waits before it deletes a key, from 7 to 30")
	flags.StringVar(&f.confirm, "confirm", "", "`name` of the project: remove without asking")
	flags.BoolVar(&f.dryRun, "dry-run", false, "remove nothing; print what would be removed")
	flags.BoolVar(&f.json, "json", false, "print the plan and what came of it as JSON")
	flags.BoolVarP(&s.quiet, "quiet", "q", false, "print problems only, and the plan or the JSON that was asked for")
	return cmd
}

func (f *teardownFlags) check() error {
	if f.keyWait < teardown.MinKeyWait || f.keyWait > teardown.MaxKeyWait {
		return hinted{fmt.Errorf("--key-wait %d: KMS waits for %d to %d days", f.keyWait, teardown.MinKeyWait, teardown.MaxKeyWait), "leave it out for 30 days"}
	}
	return f.spotFlags.check()
}

// known refuses an environment that there is not, unless what left is asked for.
func (f *teardownFlags) known(p *model.Project) error {
	if f.only == "" || f.orphans || accountID.MatchString(f.only) || p.Environment(f.only) != nil {
		return nil
	}
	return unknownOnly(p, f.only, ", nor is that an account; what left foldstack.yaml takes --orphans")
}

func (s *session) runTeardown(cmd *cobra.Command, f teardownFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	about, err := s.subject(cmd.Context(), f.removalFlags, func(result *generator.Result) any {
		return teardownReportOf(&teardown.Plan{}, f, result, nil)
	})
	if err != nil {
		return err
	}
	if f.confirm != "" && f.confirm != about.Project.Name {
		return unconfirmed(about.Project.Name, "--confirm "+f.confirm)
	}
	if err := f.known(about.Project); err != nil {
		return err
	}
	ctx, stop := interruptible(cmd.Context())
	defer stop()
	plan, err := s.teardownPlan(ctx, about, f)
	if err != nil {
		err = unbegun(err, "nothing was removed")
	} else {
		err = s.removeAll(ctx, plan, about, f)
	}
	if f.json {
		if err := s.object(teardownReportOf(cmp.Or(plan, &teardown.Plan{}), f, about.Result, err)); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	s.tornDown(plan, f)
	return nil
}

func (s *session) teardownPlan(ctx context.Context, about subject, f teardownFlags) (*teardown.Plan, error) {
	done := s.lookingAt(about)
	defer done()
	return teardown.Look(ctx, s.enter(about.Project, &f.accessFlags), about.Result, teardown.Choice{
		Only: f.only, Orphans: f.orphans, Where: f.where(), KeyWait: f.keyWait,
	})
}

// removeAll does what a plan says, where somebody wants that.
func (s *session) removeAll(ctx context.Context, plan *teardown.Plan, about subject, f teardownFlags) error {
	removes := len(plan.Steps) > 0 && !f.dryRun
	if asks := removes && f.confirm == ""; !f.json && (f.dryRun || asks || !s.quiet) {
		if err := s.showTeardown(plan); err != nil {
			return err
		}
	}
	s.stays(plan)
	if removes || f.dryRun {
		s.unseen(f)
	}
	if !removes {
		return nil
	}
	if err := s.agreeToRemove(ctx, plan, about, f); err != nil {
		return err
	}
	err, again := s.remove(ctx, plan), "run `"+f.knowing(plan).command()+"` again: it goes on where this stopped"
	if errors.Is(err, context.Canceled) {
		return ended(err, "what CloudFormation has begun it goes on with; "+again)
	}
	return leaving(err, again)
}

// unseen says what a teardown of the whole does not see: what is left there goes on
// running, and loses the key that it reads by.
func (s *session) unseen(f teardownFlags) {
	if f.only != "" || f.orphans {
		return
	}
	if len(f.without) > 0 {
		s.say("%s: whatever is there stays, and loses the key and the assets that it was deployed from", strings.Join(f.without, ", "))
	}
	if len(f.leftAccounts) == 0 {
		s.advise("this looked into the accounts that foldstack.yaml and the deployed stacks of the tooling account name; others have to be named by --account")
	}
}

// agreeToRemove asks for the name of the project, which nobody types by accident. A program
// that reads JSON is nobody.
func (s *session) agreeToRemove(ctx context.Context, plan *teardown.Plan, about subject, f teardownFlags) error {
	if f.confirm != "" {
		return nil
	}
	answer, err := "", errNobody
	if !f.json {
		answer, err = s.ask(ctx, fmt.Sprintf("nothing undoes %s on %s; to do it, type its name:", count(len(plan.Steps), "step"), about))
	}
	switch name := about.Project.Name; {
	case err != nil:
		return unanswered(err, "nothing was removed", "--confirm "+name+" removes without asking, --dry-run only prints what would be removed")
	case answer != name:
		s.fail(unconfirmed(name, fmt.Sprintf("%q", answer)))
		return told(exitProblems)
	}
	return nil
}

func unconfirmed(project, answer string) error {
	return hinted{fmt.Errorf("nothing was removed: %s is not the name of the project", answer), "its name is " + project}
}

func (s *session) remove(ctx context.Context, plan *teardown.Plan) error {
	show, done := s.showStacks(len(plan.Steps), "step")
	defer done()
	return plan.Run(ctx, show.removal)
}

// tornDown tells what was done and what comes next.
func (s *session) tornDown(plan *teardown.Plan, f teardownFlags) {
	n := count(len(plan.Steps), "step")
	keys := slices.ContainsFunc(plan.Steps, (*teardown.Step).IsKey)
	switch {
	case len(plan.Steps) == 0:
		s.say("there is nothing to remove")
		if f.orphans {
			s.advise("this looked into the accounts and regions that foldstack.yaml and the deployed stacks of the tooling account name; --account and --region name others")
		}
	case f.dryRun:
		s.say("to remove in %s", n)
		s.say("next: %s", f.command())
	default:
		s.say("removed in %s", n)
		if keys {
			s.say("KMS deletes the keys in %s; a primary waits for its replicas before. Until then `aws kms cancel-key-deletion` keeps them", count(f.keyWait, "day"))
		}
		if f.only != "" && !f.orphans {
			s.say("next: take %s out of foldstack.yaml, or the pipeline deploys there again", f.only)
		}
	}
}

// knowing are the flags with what left the configuration and was found by stacks that may
// be gone by now.
func (f teardownFlags) knowing(plan *teardown.Plan) *teardownFlags {
	f.leftAccounts = slices.Concat(f.leftAccounts, plan.Accounts)
	f.leftRegions = slices.Concat(f.leftRegions, plan.Regions)
	return &f
}

// command is how a person gives the command again.
func (f *teardownFlags) command() string {
	var own []string
	if f.only != "" {
		own = append(own, "--only", shellWord(f.only))
	}
	if f.orphans {
		own = append(own, "--orphans")
	}
	if f.keyWait != teardown.MaxKeyWait {
		own = append(own, "--key-wait", fmt.Sprint(f.keyWait))
	}
	return again("teardown", f.given(), own)
}
