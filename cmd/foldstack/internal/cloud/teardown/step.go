package teardown

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/live"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/store"
	"github.com/foldstack/foldstack/generator/model"
)

func (l *look) add(steps ...*Step) { l.plan.Steps = append(l.plan.Steps, steps...) }

// sort brings the steps into their order.
func (p *Plan) sort() {
	slices.SortStableFunc(p.Steps, func(a, b *Step) int {
		return cmp.Or(cmp.Compare(a.Phase, b.Phase), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Name, b.Name))
	})
}

// phaseOf is when a stack is deleted.
var phaseOf = map[live.Kind]Phase{
	live.Orchestration: functions, live.Pipeline: pipeline, live.Target: targets, live.Region: regions, live.Tooling: tooling,
}

func (l *look) stackStep(s *live.Stack) *Step {
	step := &Step{
		Phase: phaseOf[s.Kind], What: string(s.Kind), Name: s.Name, Account: s.Place.Account, Region: s.Place.Region,
		Status: s.Status, Left: !l.configured(s),
	}
	step.do = func(ctx context.Context, tell func(stacks.Event)) error {
		if s.Kind == live.Target {
			if err := l.unneeded(ctx, s); err != nil {
				return err
			}
		}
		return advised(s, s.Place.Delete(ctx, s.Name, tell))
	}
	return step
}

// unneeded looks once more whether a stack needs the role of a target stack: a run of the
// pipeline may have made it since the plan.
func (l *look) unneeded(ctx context.Context, target *live.Stack) error {
	spots := slices.DeleteFunc(slices.Clone(l.spots), func(spot live.Spot) bool { return spot.Account != target.Place.Account })
	found, err := live.Look(ctx, l.accounts, l.project.Name, spots)
	if err != nil {
		return err
	}
	for _, s := range found {
		if needs(s, target) {
			return cloud.Hinted(
				fmt.Errorf("the stack %s in account %s, %s, stays: %s in %s needs its role", target.Name, target.Place.Account, target.Place.Region, s.Name, s.Place.Region),
				"something deployed that stack since the plan was made: run it again",
			)
		}
	}
	return nil
}

// advice says what to do about refusals of CloudFormation to begin.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html
var advice = []struct{ text, hint string }{
	{"is invalid or cannot be assumed", "CloudFormation deletes the stack by that role, which is gone: run `foldstack bootstrap`, which makes it again, and then this"},
	{"TerminationProtection is enabled", "somebody protects the stack: `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name %s --region %s`"},
}

func advised(s *live.Stack, err error) error {
	for _, a := range advice {
		if err != nil && strings.Contains(err.Error(), a.text) {
			hint := a.hint
			if strings.Contains(hint, "%s") {
				hint = fmt.Sprintf(hint, s.Name, s.Place.Region)
			}
			return cloud.Hinted(err, hint)
		}
	}
	return err
}

// storage plans what the tooling account holds in each region. All of it has derived
// names, so that it is found when its stack is gone.
func (l *look) storage(ctx context.Context) error {
	account := l.project.Tooling.Account
	if l.choice.Only != "" {
		return nil
	}
	session, err := l.accounts.Session(ctx, account)
	if err != nil {
		return err
	}
	for _, spot := range l.spots {
		left := !slices.Contains(l.project.Regions(), spot.Region)
		if spot.Account != account || l.choice.Orphans && !left {
			continue
		}
		if err := l.stores(ctx, session, Step{Account: account, Region: spot.Region, Left: left}); err != nil {
			return err
		}
	}
	return nil
}

// stores plans the buckets and the repository of a region, all in the place of a step.
func (l *look) stores(ctx context.Context, session *cloud.Session, in Step) error {
	step := func(phase Phase, what, name string, do func(context.Context) error) *Step {
		s := in
		s.Phase, s.What, s.Name = phase, what, name
		s.do = func(ctx context.Context, _ func(stacks.Event)) error { return do(ctx) }
		return &s
	}
	buckets := regionBuckets
	if in.Region == l.project.Tooling.Region {
		buckets = toolingBuckets
	}
	for _, name := range []func(project, account, region string) string{model.ArtifactBucket, model.AssetBucket, model.SourceBucket} {
		bucket := store.BucketOf(session, in.Region, name(l.project.Name, in.Account, in.Region))
		there, err := bucket.There(ctx)
		if err != nil {
			return err
		}
		if there {
			l.add(step(contents, "bucket contents", bucket.Name(), bucket.Empty), step(buckets, "bucket", bucket.Name(), bucket.Remove))
		}
	}
	repository := store.RepositoryOf(session, in.Region, model.ImageRepository(l.project.Name))
	there, err := repository.There(ctx)
	if there {
		l.add(step(contents, "repository", repository.Name(), repository.Remove))
	}
	return err
}
