package teardown_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/live"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/teardown"
	"github.com/foldstack/foldstack/generator/model"
)

// nothing is what there is at the end: keys that wait.
var nothing = []string{"key eu-central-1 PendingReplicaDeletion", "key us-east-1 PendingDeletion"}

func TestEverythingGoesInTheOrderInWhichNothingMissesAnother(t *testing.T) {
	w := newWorld(t)
	before := w.there()
	plan, err := w.look(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	assert.Equal(t, []string{
		"functions shop-dev 222222222222 eu-central-1",
		"functions shop-prod 333333333333 eu-central-1",
		"functions shop-prod 333333333333 us-east-1",
		"pipeline shop-pipeline 111111111111 eu-central-1",
		"target shop-dev-target 222222222222 eu-central-1",
		"target shop-prod-target 333333333333 eu-central-1",
		"repository foldstack/shop 111111111111 eu-central-1",
		"bucket contents shop-artifacts-111111111111-eu-central-1 111111111111 eu-central-1",
		"bucket contents shop-assets-111111111111-eu-central-1 111111111111 eu-central-1",
		"repository foldstack/shop 111111111111 us-east-1",
		"bucket contents shop-artifacts-111111111111-us-east-1 111111111111 us-east-1",
		"bucket contents shop-assets-111111111111-us-east-1 111111111111 us-east-1",
		"replica key mrk 111111111111 us-east-1",
		"key mrk 111111111111 eu-central-1",
		"region shop-tooling-region 111111111111 us-east-1",
		"bucket shop-artifacts-111111111111-us-east-1 111111111111 us-east-1",
		"bucket shop-assets-111111111111-us-east-1 111111111111 us-east-1",
		"tooling shop-tooling 111111111111 eu-central-1",
		"bucket shop-artifacts-111111111111-eu-central-1 111111111111 eu-central-1",
		"bucket shop-assets-111111111111-eu-central-1 111111111111 eu-central-1",
	}, lines(plan))
	assert.Equal(t, before, w.there(), "a plan changes nothing")

	done, err := w.remove(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	assert.ElementsMatch(t, lines(plan), done)
	assert.Equal(t, nothing, w.there())
	plan, err = w.look(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	assert.Empty(t, plan.Steps)
}

func TestEveryPhaseEndsBeforeTheNextBegins(t *testing.T) {
	w := newWorld(t)
	plan, err := w.look(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	last := teardown.Phase(0)
	var lost int
	require.NoError(t, plan.Run(t.Context(), func(e teardown.Event) {
		assert.GreaterOrEqual(t, e.Phase, last)
		last = e.Phase
		if e.Resource != nil {
			lost++
		}
	}))
	assert.Greater(t, lost, 50, "events of stacks are told")
}

// The stand-in refuses what AWS refuses; the order is not a matter of taste.
func TestAnotherOrderIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		first func(*teardown.Step) bool
		says  string
	}{
		"the tooling stack before the pipeline": {func(s *teardown.Step) bool { return s.Name == "shop-tooling" }, "in use by shop-pipeline"},
		"a target stack before its functions":   {func(s *teardown.Step) bool { return s.Name == "shop-prod-target" }, "shop-prod in eu-central-1 needs its role"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			plan, err := w.look(t.Context(), teardown.Choice{})
			require.NoError(t, err)
			plan.Steps = slices.DeleteFunc(plan.Steps, func(s *teardown.Step) bool { return !c.first(s) })
			require.Len(t, plan.Steps, 1)
			require.ErrorContains(t, plan.Run(t.Context(), func(teardown.Event) {}), c.says)
			assert.Contains(t, strings.Join(w.there(), "\n"), plan.Steps[0].Name)
		})
	}
}

func TestWhatUsersRetainIsListedAndStays(t *testing.T) {
	w := newWorld(t)
	for _, templates := range []bool{true, false} {
		if !templates {
			w.Assets = nil // as after a change of every function: the stacks are asked
		}
		plan, err := w.look(t.Context(), teardown.Choice{})
		require.NoError(t, err)
		var list []string
		for _, r := range plan.Kept {
			assert.Contains(t, r.ID, "Table")
			list = append(list, strings.Join([]string{r.Stack, r.Type, r.Account, r.Region}, " "))
		}
		assert.Equal(t, []string{
			"shop-dev AWS::DynamoDB::Table 222222222222 eu-central-1",
			"shop-prod AWS::DynamoDB::Table 333333333333 eu-central-1",
			"shop-prod AWS::DynamoDB::Table 333333333333 us-east-1",
		}, list)
	}
}

func TestWhatTheWorkingTreeHoldsIsNotReadAgain(t *testing.T) {
	w := newWorld(t)
	_, err := w.look(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	for _, c := range w.server.Calls() {
		assert.False(t, c.Operation == "GetTemplate" && strings.Count(c.Key, "-") > 2, c)
	}
}

func TestAnEnvironmentOrAnAccountGoesAlone(t *testing.T) {
	for _, only := range []string{"prod", prod} {
		w := newWorld(t)
		w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
			if c.Account == dev {
				return cloudtest.Refuse
			}
			return cloudtest.None
		})
		before := w.there()
		done, err := w.remove(t.Context(), teardown.Choice{Only: only})
		require.NoError(t, err, "no other account is entered")
		assert.ElementsMatch(t, []string{
			"functions shop-prod 333333333333 eu-central-1", "functions shop-prod 333333333333 us-east-1", "target shop-prod-target 333333333333 eu-central-1",
		}, done)
		assert.Equal(t, slices.DeleteFunc(before, func(s string) bool { return strings.Contains(s, prod) }), w.there())
	}
}

// smaller is the configuration without prod, its second region and a part of dev.
const smaller = `project: shop
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/shop, branch: main}
environments:
  dev: {accounts: ["222222222222"], regions: [eu-central-1]}
stacks: {orders: orders.yaml}
`

// further is an orchestration of a time in which there was more than one.
const further = `# shop: generated by foldstack from its functions and stacks. Do not edit: change that and generate again.
Parameters: {Environment: {Type: String}}
Resources: {Nothing: {Type: 'AWS::CloudFormation::WaitConditionHandle'}}
`

// The deployed tooling and pipeline stacks name the accounts and regions that they serve,
// until somebody deploys them anew.
func TestAnAccountThatLeftIsFoundWhileADeployedTemplateNamesIt(t *testing.T) {
	for name, updated := range map[string][]string{
		"both name it":              nil,
		"the pipeline updated":      {"shop-pipeline"},
		"the tooling stack updated": {"shop-tooling"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.configure(t, smaller)
			for _, stack := range updated {
				require.NoError(t, w.Bootstrap(stack))
			}
			plan, err := w.look(t.Context(), teardown.Choice{Orphans: true})
			require.NoError(t, err)
			assert.Contains(t, lines(plan), "functions shop-prod 333333333333 us-east-1")
			assert.Contains(t, lines(plan), "target shop-prod-target 333333333333 eu-central-1")
			assert.Contains(t, lines(plan), "replica key mrk 111111111111 us-east-1")
			for _, s := range plan.Steps {
				assert.True(t, s.Left, line(s))
			}
			_, err = w.remove(t.Context(), teardown.Choice{})
			require.NoError(t, err)
			assert.Equal(t, nothing, w.there())
		})
	}
}

func TestWhereNothingHasLeftNobodyLooksAnywhereElse(t *testing.T) {
	w := newWorld(t)
	w.server.Forget()
	_, err := w.look(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	looked := map[string]bool{}
	for _, c := range w.server.Calls() {
		if c.Operation == "DescribeStacks" {
			looked[c.Account+" "+c.Region] = true
		}
	}
	assert.ElementsMatch(t, []string{
		tooling + " " + first, tooling + " " + second, dev + " " + first, prod + " " + first, prod + " " + second,
	}, slices.Collect(maps.Keys(looked)))
}

// What tells of a region that has left goes after everything that is in it.
func TestARunThatIsKilledFindsAgainWhatHasLeft(t *testing.T) {
	w := newWorld(t)
	w.configure(t, smaller)
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	plan, err := w.look(ctx, teardown.Choice{})
	require.NoError(t, err)
	assert.Equal(t, []string{prod}, plan.Accounts)
	assert.Equal(t, []string{second}, plan.Regions)
	require.ErrorIs(t, plan.Run(ctx, func(e teardown.Event) {
		if e.Resource == nil && e.Name == "shop-tooling" {
			kill()
		}
	}), context.Canceled)
	_, err = w.remove(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	assert.Equal(t, nothing, w.there())
}

// An account that was closed is named by deployed templates for good. Nobody tells that
// from one for which the credentials are missing, so that a person has to.
func TestAnAccountThatLeftAndCannotBeEnteredIsNamedAndCanBeDoneWithout(t *testing.T) {
	w := newWorld(t)
	w.configure(t, smaller)
	w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
		if c.Operation == "AssumeRole" && strings.Contains(c.Key, prod) {
			return cloudtest.Refuse
		}
		return cloudtest.None
	})
	_, err := w.look(t.Context(), teardown.Choice{})
	require.ErrorContains(t, err, "the account 333333333333 has left foldstack.yaml, and the tooling account still serves it: sts:AssumeRole on ")
	assert.Equal(t, 1, strings.Count(err.Error(), "AssumeRole"), "each account is told once")
	assert.Contains(t, cloud.HintOf(err), "to exist in account 333333333333")
	assert.Contains(t, cloud.HintOf(err), "`--without 333333333333`")

	_, err = w.remove(t.Context(), teardown.Choice{Where: live.Where{Without: []string{prod}}})
	require.NoError(t, err)
	assert.Equal(t, append(slices.Clone(nothing), "shop-prod 333333333333 eu-central-1", "shop-prod 333333333333 us-east-1", "shop-prod-target 333333333333 eu-central-1"), w.there())
}

func TestARegionThatLeftAndIsNotEnabledIsNamedAndCanBeDoneWithout(t *testing.T) {
	w := newWorld(t)
	w.configure(t, smaller)
	w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
		if c.Operation == "DescribeStacks" && c.Account == dev && c.Region == second {
			return cloudtest.Refuse
		}
		return cloudtest.None
	})
	_, err := w.look(t.Context(), teardown.Choice{})
	require.ErrorContains(t, err, "the region us-east-1 has left foldstack.yaml, and the tooling account still serves it: cloudformation:DescribeStacks on ")
	assert.Contains(t, cloud.HintOf(err), "`--without 222222222222/us-east-1`")
	_, err = w.remove(t.Context(), teardown.Choice{Where: live.Where{Without: []string{dev + "/" + second}}})
	require.NoError(t, err)
	assert.Equal(t, nothing, w.there())
}

func TestWhatLeftTheConfigurationIsFoundAndGoesAlone(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.server.Release(dev, first, "shop-dev-2", further, "", map[string]string{"Environment": "dev"}))
	w.configure(t, smaller)
	require.NoError(t, w.Bootstrap("shop-tooling", "shop-pipeline"))
	plan, err := w.look(t.Context(), teardown.Choice{Orphans: true})
	require.NoError(t, err)
	assert.Equal(t, []string{"functions shop-dev-2 222222222222 eu-central-1"}, lines(plan))

	left := teardown.Choice{Orphans: true, Where: live.Where{Accounts: []string{prod}, Regions: []string{second}}}
	plan, err = w.look(t.Context(), left)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"functions shop-dev-2 222222222222 eu-central-1",
		"functions shop-prod 333333333333 eu-central-1",
		"functions shop-prod 333333333333 us-east-1",
		"target shop-prod-target 333333333333 eu-central-1",
		"repository foldstack/shop 111111111111 us-east-1",
		"bucket contents shop-artifacts-111111111111-us-east-1 111111111111 us-east-1",
		"bucket contents shop-assets-111111111111-us-east-1 111111111111 us-east-1",
		"replica key mrk 111111111111 us-east-1",
		"region shop-tooling-region 111111111111 us-east-1",
		"bucket shop-artifacts-111111111111-us-east-1 111111111111 us-east-1",
		"bucket shop-assets-111111111111-us-east-1 111111111111 us-east-1",
	}, lines(plan))
	for _, s := range plan.Steps {
		assert.True(t, s.Left, line(s))
	}
	_, err = w.remove(t.Context(), left)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"key eu-central-1 Enabled", "key us-east-1 PendingDeletion", "repository eu-central-1",
		"shop-artifacts-111111111111-eu-central-1", "shop-assets-111111111111-eu-central-1",
		"shop-dev 222222222222 eu-central-1", "shop-dev-target 222222222222 eu-central-1",
		"shop-pipeline 111111111111 eu-central-1", "shop-tooling 111111111111 eu-central-1",
	}, w.there())

	_, err = w.remove(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	assert.Equal(t, nothing, w.there())
}

// An update takes a function out of its stack, and succeeds, where it cannot delete it.
func TestWhatAnUpdateCouldNotDeleteGoesToo(t *testing.T) {
	w := newWorld(t)
	w.server.FailResource("shop-dev", "Hello/Role", "no")
	require.NoError(t, w.server.Release(dev, first, "shop-dev", further, "", map[string]string{"Environment": "dev"}))
	w.server.FailResource("shop-dev", "Hello/Role", "")
	plan, err := w.look(t.Context(), teardown.Choice{Orphans: true})
	require.NoError(t, err)
	require.Len(t, plan.Steps, 1)
	assert.Regexp(t, "^functions shop-dev-Hello-[0-9A-F]+ 222222222222 eu-central-1$", line(plan.Steps[0]))
	_, err = w.remove(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	assert.Equal(t, nothing, w.there())
}

func TestAnAccountOrAnEnvironmentThatLeftGoesAlone(t *testing.T) {
	for _, choice := range []teardown.Choice{
		{Only: prod, Where: live.Where{Regions: []string{second}}},
		{Only: "prod", Orphans: true, Where: live.Where{Accounts: []string{prod}, Regions: []string{second}}},
	} {
		w := newWorld(t)
		w.configure(t, smaller)
		plan, err := w.look(t.Context(), choice)
		require.NoError(t, err)
		assert.Equal(t, []string{
			"functions shop-prod 333333333333 eu-central-1", "functions shop-prod 333333333333 us-east-1", "target shop-prod-target 333333333333 eu-central-1",
		}, lines(plan))
	}
}

// An environment whose first region changed has its roles in a stack elsewhere, which
// what is live still needs.
func TestATargetStackStaysWhileAStackInAnyRegionNeedsItsRole(t *testing.T) {
	w := newWorld(t)
	w.configure(t, strings.Replace(config, "regions: [eu-central-1, us-east-1]", "regions: [us-east-1, eu-central-1]", 1))
	plan, err := w.look(t.Context(), teardown.Choice{Orphans: true})
	require.NoError(t, err)
	assert.Empty(t, plan.Steps)
	require.Len(t, plan.Needed, 1)
	assert.Equal(t, "shop-prod-target", plan.Needed[0].Target.Name)
	assert.Equal(t, "shop-prod", plan.Needed[0].By.Name)
}

func TestAStackThatIsDeployedWhileOthersGoKeepsItsRole(t *testing.T) {
	w := newWorld(t)
	plan, err := w.look(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	target := w.Project.Targets()[2]
	err = plan.Run(t.Context(), func(e teardown.Event) {
		if e.Resource == nil && e.Name == "shop-pipeline" {
			require.NoError(t, w.Deploy(target), "the last run of the pipeline")
		}
	})
	require.ErrorContains(t, err, "the stack shop-prod-target in account 333333333333, eu-central-1, stays: shop-prod in us-east-1 needs its role")
	assert.Contains(t, w.there(), "shop-prod-target 333333333333 eu-central-1")
	assert.NotContains(t, w.there(), "shop-dev-target 222222222222 eu-central-1", "the others of the phase come to their end")
	_, err = w.remove(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	assert.Equal(t, nothing, w.there())
}

func TestAStackWhoseRoleIsGoneSaysHowToGetItBack(t *testing.T) {
	w := newWorld(t)
	w.server.RemoveRole(prod, model.CloudFormationRole("shop", "prod"))
	_, err := w.remove(t.Context(), teardown.Choice{Only: "prod"})
	var failure cloud.Failure
	require.ErrorAs(t, err, &failure)
	require.ErrorContains(t, err, "is invalid or cannot be assumed")
	assert.Contains(t, failure.Hint, "run `foldstack bootstrap`, which makes it again")
}

func TestWhatCannotBeDeletedIsToldWithItsFirstReason(t *testing.T) {
	w := newWorld(t)
	w.server.FailResource("shop-prod", "Orders/Topic", "The topic is held (Service: Sns, Status Code: 403)")
	done, err := w.remove(t.Context(), teardown.Choice{})
	require.ErrorContains(t, err, "Topic (AWS::SNS::Topic): The topic is held")
	assert.Equal(t, 2, strings.Count(err.Error(), "ended as DELETE_FAILED"), "both are told")
	assert.Equal(t, []string{"functions shop-dev 222222222222 eu-central-1"}, done)
	w.server.FailResource("shop-prod", "Orders/Topic", "")
	_, err = w.remove(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	assert.Equal(t, nothing, w.there())
}

func TestWhatFoldstackDidNotWriteIsNamedAndStays(t *testing.T) {
	w := newWorld(t)
	const by = "Resources: {A: {Type: 'AWS::CloudFormation::WaitConditionHandle'}}\n"
	require.NoError(t, w.server.Release(dev, first, "shop-dev-monitoring", by, "", nil))
	require.NoError(t, w.server.Release(dev, first, "shop-eu-tooling", "# shop-eu: generated by foldstack from foldstack.yaml. Do not edit: change that and generate again.\n"+by, "", nil))
	plan, err := w.look(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	require.Len(t, plan.Others, 1)
	assert.Equal(t, "shop-dev-monitoring", plan.Others[0].Name)
	_, err = w.remove(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	assert.Equal(t, append(slices.Clone(nothing), "shop-dev-monitoring 222222222222 eu-central-1", "shop-eu-tooling 222222222222 eu-central-1"), w.there())
}

func TestAStackUnderOneOfOurNamesThatIsNotOursStopsEverything(t *testing.T) {
	w := newWorld(t)
	w.configure(t, strings.Replace(config, `["222222222222"]`, `["222222222222", "444444444444"]`, 1))
	const by = "Parameters: {Environment: {Type: String}}\nResources: {A: {Type: 'AWS::CloudFormation::WaitConditionHandle'}}\n"
	require.NoError(t, w.server.Release(old, first, "shop-dev", by, "", map[string]string{"Environment": "dev"}))
	_, err := w.look(t.Context(), teardown.Choice{})
	require.ErrorContains(t, err, "the stack shop-dev in account 444444444444, eu-central-1, has the name of one of this project")
}

// What GetTemplate says of a stack whose creation was rolled back is not documented.
func TestAStackThatHoldsNothingIsKnownByItsNameWhereItHasNoTemplate(t *testing.T) {
	const ofOthers = "shop-monitoring"
	for name, c := range map[string]struct {
		status string
		fault  cloudtest.Fault // of GetTemplate
	}{
		"rolled back, with an empty template": {"ROLLBACK_COMPLETE", cloudtest.None},
		"rolled back, with none":              {"ROLLBACK_COMPLETE", cloudtest.Invalid},
		"its change set is gone":              {"REVIEW_IN_PROGRESS", cloudtest.None},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.configure(t, strings.Replace(config, "regions: [eu-central-1, us-east-1]", "regions: [eu-central-1, us-east-1, eu-west-1]", 1))
			w.server.SetStatus(prod, third, "shop-prod", c.status, "")
			w.server.SetStatus(prod, third, ofOthers, c.status, "")
			w.server.Break(func(call cloudtest.Call) cloudtest.Fault {
				if call.Operation == "GetTemplate" && call.Region == third {
					return c.fault
				}
				return cloudtest.None
			})
			plan, err := w.look(t.Context(), teardown.Choice{})
			require.NoError(t, err)
			assert.Contains(t, lines(plan), "functions shop-prod 333333333333 eu-west-1")
			require.Len(t, plan.Others, 1)
			assert.Equal(t, ofOthers, plan.Others[0].Name)
			_, err = w.remove(t.Context(), teardown.Choice{})
			require.NoError(t, err)
			assert.Equal(t, append(slices.Clone(nothing), ofOthers+" 333333333333 eu-west-1"), w.there())
		})
	}
}

func TestWhatHoldsNothingInAnAccountThatLeftGoesWithItsTargetStack(t *testing.T) {
	w := newWorld(t)
	w.server.SetStatus(prod, third, "shop-prod", "ROLLBACK_COMPLETE", "")
	w.server.SetStatus(prod, third, "shop-prod-2", "REVIEW_IN_PROGRESS", "")
	w.configure(t, smaller)
	done, err := w.remove(t.Context(), teardown.Choice{Orphans: true, Where: live.Where{Regions: []string{third}}})
	require.NoError(t, err)
	assert.Contains(t, done, "functions shop-prod 333333333333 eu-west-1")
	assert.Contains(t, done, "functions shop-prod-2 333333333333 eu-west-1")
	assert.Contains(t, done, "target shop-prod-target 333333333333 eu-central-1")
}

func TestAnotherStackThatHoldsNothingStaysThoughItIsOfAnEnvironmentOfThatName(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.server.Release(prod, third, "shop-reports", further, "", map[string]string{"Environment": "prod"}))
	w.server.SetStatus(prod, third, "shop-reports", "ROLLBACK_COMPLETE", "")
	w.server.Break(func(call cloudtest.Call) cloudtest.Fault {
		if call.Operation == "GetTemplate" && call.Region == third {
			return cloudtest.Invalid
		}
		return cloudtest.None
	})
	plan, err := w.look(t.Context(), teardown.Choice{Where: live.Where{Regions: []string{third}}})
	require.NoError(t, err)
	require.Len(t, plan.Others, 1)
	assert.Equal(t, "shop-reports", plan.Others[0].Name)
	assert.NotContains(t, strings.Join(lines(plan), "\n"), "shop-reports")
}

func TestAnAccountThatCannotBeReadStopsEverythingBeforeItBegins(t *testing.T) {
	w := newWorld(t)
	w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
		if c.Operation == "DescribeStacks" && c.Account == prod && c.Region == second {
			return cloudtest.Refuse
		}
		return cloudtest.None
	})
	before := w.there()
	done, err := w.remove(t.Context(), teardown.Choice{})
	require.Error(t, err)
	assert.Empty(t, done)
	assert.Equal(t, before, w.there())
	var failure cloud.Failure
	assert.True(t, errors.As(err, &failure))
}

// A bootstrap that was interrupted leaves a tooling stack that is nothing but a bucket.
func TestTheSeedOfAToolingStackIsRemoved(t *testing.T) {
	w := newProject(t)
	artifacts := model.ArtifactBucket("shop", tooling, first)
	require.NoError(t, w.server.Release(tooling, first, "shop-tooling", string(w.Bases[0].Seed), "", nil))
	w.server.Put(artifacts, "bootstrap/tooling.yaml", w.Bases[0].Template)
	done, err := w.remove(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	assert.Equal(t, []string{
		"bucket contents " + artifacts + " 111111111111 eu-central-1", "tooling shop-tooling 111111111111 eu-central-1",
		"bucket " + artifacts + " 111111111111 eu-central-1",
	}, done)
	assert.Empty(t, w.there())
}
