package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/bootstrap"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/spf13/cobra"
)

// bootstrapFlags are the flags of bootstrap.
type bootstrapFlags struct {
	projectFlags
	accessFlags
	bootstrap.Options
	units       []string // --stackset
	setsAccount string
	yes         bool
	dryRun      bool
	print       bool
	json        bool
}

func (s *session) bootstrapCommand() *cobra.Command {
	var f bootstrapFlags
	cmd := &cobra.Command{
		Use:   "bootstrap",
		Short: "Deploy what has to be in the accounts before the pipeline runs",
		Long: `Bootstrap deploys the base stacks: the key, buckets and roles of the tooling account, what
its further regions need, the roles of every target account, and at last the pipeline, which
from then on updates itself. It first prints what it would do, where and as whom, and asks.
What is as it should be is not touched: after a change of foldstack.yaml it deploys what is
stale, and after a run that failed or was interrupted what is left.

Credentials come from where the AWS SDK finds them. They open the account that they are of;
--profile and --role say how to get into the others.`,
		Example: `  foldstack bootstrap --role OrganizationAccountAccessRole
  foldstack bootstrap --profile 111111111111=tooling --profile 222222222222=dev
  foldstack bootstrap --profile 'shop-{account}' --dry-run   # print what would be done
  foldstack bootstrap --only prod --yes                      # the accounts of prod, and ask nobody
  foldstack bootstrap --stackset ou-ab12-34567890            # target accounts by stack sets
  foldstack bootstrap --print                                # the same as commands of the AWS CLI`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runBootstrap(cmd, f) },
	}
	f.projectFlags.add(cmd)
	f.accessFlags.add(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.Targets, "targets", false, "deploy the stacks of target accounts alone")
	flags.StringArrayVar(&f.Only, "only", nil, "of the stacks of target accounts those of an `ENVIRONMENT|ACCOUNT`; may be repeated")
	flags.StringArrayVar(&f.units, "stackset", nil, "`OU[,OU]` or ENVIRONMENT=OU[,OU]: make the stacks of target accounts by stack sets in these organizational units; may be repeated")
	flags.StringVar(&f.setsAccount, "stackset-account", "", "`account` that manages the organization's stack sets (default: the tooling account)")
	flags.BoolVar(&f.NoWait, "no-wait", false, "do not wait until somebody has authorised the connection; exit 1 if nobody has")
	flags.BoolVarP(&f.yes, "yes", "y", false, "ask nobody")
	flags.BoolVar(&f.dryRun, "dry-run", false, "deploy nothing; print what would be done")
	flags.BoolVar(&f.print, "print", false, "ask AWS nothing; print commands of the AWS CLI that do the same")
	flags.BoolVar(&f.json, "json", false, "print the plan and what came of it as JSON")
	flags.BoolVarP(&s.quiet, "quiet", "q", false, "print problems only, and the plan or the JSON that was asked for")
	return cmd
}

func (s *session) runBootstrap(cmd *cobra.Command, f bootstrapFlags) error {
	result, root, err := s.generate(cmd.Context(), f.projectFlags)
	if err != nil {
		return err
	}
	if len(result.Problems) > 0 {
		return s.refuse(result, f.json, bootstrapReportOf(&bootstrap.Plan{}, f, result, nil), "nothing was deployed")
	}
	for _, name := range f.Only {
		if p := result.Project; p.Environment(name) == nil && !slices.Contains(p.Accounts(), name) {
			return unknownOnly(p, name, ", and no account of one")
		}
	}
	if err := f.sets(result); err != nil {
		return err
	}
	if f.print {
		return s.printBootstrap(result, root, f)
	}
	ctx, stop := interruptible(cmd.Context())
	defer stop()
	plan, err := s.bootstrapPlan(ctx, result, f)
	if err == nil {
		err = f.ended(s.carryOut(ctx, plan, f))
	} else {
		err = unbegun(err, "nothing was deployed")
	}
	if f.json {
		if err := s.object(bootstrapReportOf(cmp.Or(plan, &bootstrap.Plan{}), f, result, err)); err != nil {
			return err
		}
	}
	switch pending := (bootstrap.PendingError{}); {
	case errors.As(err, &pending):
		s.fail(err)
		return told(exitProblems)
	case err != nil:
		return err
	}
	s.bootstrapped(plan, result, f)
	return nil
}

// carryOut does what a plan says, where somebody wants that.
func (s *session) carryOut(ctx context.Context, plan *bootstrap.Plan, f bootstrapFlags) error {
	deploys := len(plan.Pending()) > 0 && !f.dryRun
	if asks := deploys && !f.yes; !f.json && (f.dryRun || asks || !s.quiet) {
		if err := s.showBootstrap(plan); err != nil {
			return err
		}
	}
	if !deploys {
		return nil
	}
	if err := s.agree(ctx, plan, f); err != nil {
		return err
	}
	return s.deploy(ctx, plan)
}

// organizationalUnit is the id of one, or of the root of an organization.
//
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
var organizationalUnit = regexp.MustCompile(`^(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$`)

// sets reads --stackset and --stackset-account.
func (f *bootstrapFlags) sets(result *generator.Result) error {
	if f.setsAccount != "" && !accountID.MatchString(f.setsAccount) {
		return noAccount("--stackset-account", f.setsAccount)
	}
	f.Sets.Account = cmp.Or(f.setsAccount, result.Project.Tooling.Account)
	f.Sets.Units = map[string][]string{}
	for _, value := range f.units {
		environment, units, ok := strings.Cut(value, "=")
		if !ok {
			environment, units = "", value
		}
		if environment != "" && result.Project.Environment(environment) == nil {
			return hinted{fmt.Errorf("--stackset %s: the project has no environment %s", value, environment), "write ENVIRONMENT=OU, or OU alone for every environment"}
		}
		for unit := range strings.SplitSeq(units, ",") {
			if !organizationalUnit.MatchString(unit) {
				return hinted{fmt.Errorf("--stackset %s: %q is not the id of an organizational unit", value, unit), "`aws organizations list-organizational-units-for-parent` lists them; they look like ou-ab12-34567890"}
			}
			f.Sets.Units[environment] = append(f.Sets.Units[environment], unit)
		}
	}
	return nil
}

func (s *session) bootstrapPlan(ctx context.Context, result *generator.Result, f bootstrapFlags) (*bootstrap.Plan, error) {
	done := s.progress("looking at what is deployed")
	defer done()
	return bootstrap.Look(ctx, s.enter(result.Project, &f.accessFlags), result.Project, result.Bases, f.Options)
}

// agree asks whether the plan shall be carried out. A program that reads JSON is nobody.
func (s *session) agree(ctx context.Context, plan *bootstrap.Plan, f bootstrapFlags) error {
	if f.yes {
		return nil
	}
	yes, err := false, errNobody
	if !f.json {
		yes, err = s.confirm(ctx, fmt.Sprintf("deploy %s in %s?", count(len(plan.Pending()), "stack"), count(accountsOf(plan), "account")))
	}
	switch {
	case err != nil:
		return unanswered(err, "nothing was deployed", "--yes deploys without asking, --dry-run only prints what would be done")
	case !yes:
		s.say("nothing was deployed")
		return told(exitProblems)
	}
	return nil
}

// ended says what to do about an error.
func (f *bootstrapFlags) ended(err error) error {
	var pending bootstrap.PendingError
	if errors.As(err, &pending) {
		return hinted{err, "authorise it at " + pending.URL + ", then run `" + f.command() + "` again"}
	}
	return ended(err, "what CloudFormation has begun it goes on with; run `"+f.command()+"` again to follow that and do the rest")
}

// command is how a person gives the command again.
func (f *bootstrapFlags) command() string {
	var own []string
	if f.Targets {
		own = append(own, "--targets")
	}
	for _, name := range f.Only {
		own = append(own, "--only", shellWord(name))
	}
	for _, units := range f.units {
		own = append(own, "--stackset", shellWord(units))
	}
	if f.setsAccount != "" {
		own = append(own, "--stackset-account", shellWord(f.setsAccount))
	}
	return again("bootstrap", f.projectFlags.given(), f.accessFlags.given(), own)
}

// bootstrapped tells what was done and what comes next.
func (s *session) bootstrapped(plan *bootstrap.Plan, result *generator.Result, f bootstrapFlags) {
	pending := len(plan.Pending())
	switch {
	case pending == 0:
		s.say("everything is deployed: %s", count(len(plan.Steps), "stack"))
	case f.dryRun:
		s.say("%s to deploy in %s", count(pending, "stack"), count(accountsOf(plan), "account"))
		s.say("next: %s", f.command())
		return
	default:
		s.say("%s deployed in %s", count(pending, "stack"), count(accountsOf(plan), "account"))
	}
	if result.Plan.Summary().Changed() > 0 {
		s.say("next: %s: %s is stale, and the pipeline takes its own template from there", again("generate", f.projectFlags.given()), result.Project.Output)
		return
	}
	if result.Project.Source.Provider == model.S3 {
		s.say("next: upload the project to its source bucket: the pipeline builds, publishes and deploys it")
		return
	}
	s.say("next: git push: the pipeline builds, publishes and deploys what it finds")
}

// accountsOf counts the accounts in which something is done.
func accountsOf(plan *bootstrap.Plan) int {
	accounts := map[string]bool{}
	for _, step := range plan.Pending() {
		accounts[step.Account] = true
	}
	return len(accounts)
}
