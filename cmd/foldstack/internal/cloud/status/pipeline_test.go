package status_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/status"
)

func TestTheCommitOfATargetIsThatOfTheRunThatDeployedItHoweverLongAgo(t *testing.T) {
	w := newWorld(t)
	w.bootstrap()
	w.deploy("dev", "prod")
	runs := []cloudtest.PipelineRun{run("run-0", "0000000")}
	for i := range 60 { // several pages
		runs = append(runs, ends(run(fmt.Sprintf("run-%d", i+1), fmt.Sprintf("%07d", i+1)), "Failed", "approve", nil))
	}
	w.history(runs...)
	w.server.Forget()
	found := w.read()
	var commits []string
	for _, target := range found.Targets {
		commits = append(commits, target.Run.Commit)
	}
	assert.Equal(t, []string{"0000060", "0000000", "0000000"}, commits)
	pages := 0
	for _, c := range w.server.Calls() {
		if c.Operation == "ListActionExecutions" {
			pages++
		}
	}
	assert.Equal(t, 5, pages)
}

func TestOfARunThatIsTooOldOnlyTheIDIsKnown(t *testing.T) {
	w := newWorld(t)
	w.bootstrap()
	w.deploy("dev", "prod")
	runs := []cloudtest.PipelineRun{run("run-0", "0000000")}
	for i := range 110 { // one call lists a hundred
		runs = append(runs, ends(run(fmt.Sprintf("run-%d", i+1), fmt.Sprintf("%07d", i+1)), "Failed", "build", nil))
	}
	w.history(runs...)
	assert.Equal(t, &status.Run{ID: "run-0"}, w.read().Targets[0].Run)
}

func TestWhatIsAskedAboutOneEnvironmentSaysNothingOfAnother(t *testing.T) {
	w := newWorld(t)
	w.bootstrap()
	w.deploy("dev")
	w.history(ends(run("run-1", "1111111aaaa"), "Failed", "approve", nil))
	found := w.read("dev")
	assert.Empty(t, found.Findings(anybody))
	assert.Equal(t, "failed in prod", found.Pipeline.Word(), "the pipeline is shown whole")
	assert.Len(t, found.Targets, 1)
	assert.Len(t, found.Bases, 4, "what all environments need, and its own")
	assert.Len(t, w.read("prod").Findings(anybody), 2)
}

func TestAFailureOfAnEarlierRunIsNotTakenForThatOfALater(t *testing.T) {
	w := newWorld(t)
	healthy(w)
	first := ends(run("run-1", "1111111aaaa"), "Failed", "execute-333333333333-us-east-1", nil)
	second := ends(run("run-2", "2222222bbbb"), "Failed", "prepare-333333333333-eu-central-1", func(a *cloudtest.PipelineAction) { a.Error = "AccessDenied" })
	w.history(first, second)
	assert.Equal(t, []string{
		advised("failed | the stage prod, action prepare-333333333333-eu-central-1 | it failed: ", "AccessDenied", ""),
	}, lines(w.read().Findings(anybody)), "CodePipeline shows the old state of actions that a run has not reached")
}

func TestARetriedActionCountsAsItWentLast(t *testing.T) {
	w := newWorld(t)
	healthy(w)
	r := ends(run("run-1", "1111111aaaa"), "Failed", "build", nil)
	r.Actions = append(r.Actions, run("", "").Actions[2:]...)
	r.Status, r.Stages = "Succeeded", map[string]string{"Build": "Succeeded"}
	w.history(r)
	assert.Empty(t, w.read().Findings(anybody))
}

func TestWhoWatchesIsToldOfEachChangeUntilTheEnd(t *testing.T) {
	w := newWorld(t)
	whole := run("run-1", "1111111aaaa")
	w.history(ends(whole, "InProgress", "build", nil))
	var words []string
	err := status.Of(status.About(w.generated(), nil), w.accounts()).Watch(t.Context(), func(p *status.Pipeline) {
		words = append(words, p.Word())
		switch len(words) {
		case 1:
			w.history(ends(whole, "InProgress", "approve", nil))
		case 2:
			w.history(whole)
		}
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"running in Build", "waits for approval in prod", "succeeded"}, words)
}

func TestWhoWatchesMayGo(t *testing.T) {
	w := newWorld(t)
	w.history(ends(run("run-1", "1111111aaaa"), "InProgress", "approve", nil))
	ctx, cancel := context.WithCancel(t.Context())
	reading := status.Of(status.About(w.generated(), nil), w.accounts())
	assert.ErrorIs(t, reading.Watch(ctx, func(*status.Pipeline) { cancel() }), context.Canceled)
	_, err := reading.Read(ctx)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestWhereNothingCanBeReadThatIsAnError(t *testing.T) {
	w := newWorld(t)
	w.server.Break(func(cloudtest.Call) cloudtest.Fault { return cloudtest.Refuse })
	reading := status.Of(status.About(w.generated(), nil), w.accounts())
	_, err := reading.Read(t.Context())
	require.ErrorContains(t, err, "sts:GetCallerIdentity")
	require.ErrorContains(t, reading.Watch(t.Context(), func(*status.Pipeline) {}), "sts:GetCallerIdentity")
}

func TestACallThatIsRefusedKeepsNobodyFromTheRest(t *testing.T) {
	for operation, stays := range map[string]string{
		"GetPipelineState": "pipeline", "ListPipelineExecutions": "pipeline", "ListActionExecutions": "pipeline",
		"DescribeStacks": "stack", "DescribeStackEvents": "stack", "ListStackResources": "stack", "GetTemplate": "stack",
	} {
		for _, fault := range []cloudtest.Fault{cloudtest.Refuse, cloudtest.Throttle, cloudtest.Fail, cloudtest.Unheard} {
			w := newWorld(t)
			healthy(w)
			w.server.SetStatus(dev, home, "shop-dev", "UPDATE_ROLLBACK_COMPLETE", "")
			w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
				if c.Operation == operation {
					return fault
				}
				return cloudtest.None
			})
			found := w.read()
			where := fmt.Sprintf("%s %s", operation, fault)
			assert.Equal(t, stays == "stack", found.Pipeline.Err == nil, where)
			unread := 0
			for _, f := range found.Findings(anybody) {
				if f.Kind == status.Unread {
					unread++
					assert.Contains(t, f.Text, operation+" on the "+stays, where)
					assert.NotEmpty(t, f.Hint, where)
				}
			}
			assert.Positive(t, unread, where)
		}
	}
}

func TestASourceThatFailsIsSaidAndTheRestIsNotReached(t *testing.T) {
	w := newWorld(t)
	w.bootstrap()
	w.history(ends(run("run-1", ""), "Failed", "source", func(a *cloudtest.PipelineAction) { a.Error = "The connection is pending" }))
	found := w.read()
	assert.Equal(t, "failed in Source", found.Pipeline.Word())
	assert.Equal(t, "not reached", found.Pipeline.Stages[1].Word())
	assert.Equal(t, "failed | the stage Source, action source | it failed: The connection is pending | push a change, or let it run again: "+
		"`aws codepipeline retry-stage-execution --pipeline-name shop --stage-name Source --pipeline-execution-id run-1 --retry-mode FAILED_ACTIONS --region eu-central-1` | ",
		lines(found.Findings(anybody))[0])
}

func TestAStageWhoseFailedActionIsNotKnownIsSaidToHaveFailed(t *testing.T) {
	w := newWorld(t)
	healthy(w)
	r := run("run-2", "2222222bbbb")
	r.Status, r.Stages = "Failed", map[string]string{"prod": "Failed"}
	w.history(run("run-1", "1111111aaaa"), r)
	findings := w.read().Findings(anybody)
	require.Len(t, findings, 1)
	assert.Equal(t, "run run-2 failed", findings[0].Text)
}

// As after a retry of the failed actions alone, which the console offers as well.
func TestWhereAChangeSetIsGoneTheWholeStageRunsAgain(t *testing.T) {
	w := newWorld(t)
	healthy(w)
	const gone = "ChangeSet [foldstack] does not exist (Service: AmazonCloudFormation; Status Code: 404; Error Code: ChangeSetNotFound; Request ID: 1)"
	w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Failed", "execute-333333333333-eu-central-1", func(a *cloudtest.PipelineAction) { a.Error = gone }))
	assert.Equal(t, []string{
		"failed | the stage prod, action execute-333333333333-eu-central-1 | it failed: " + gone + " | " + retry + " | ",
	}, lines(w.read().Findings(anybody)))
}

func TestAStageInWhichSomethingRunsIsRetriedLater(t *testing.T) {
	w := newWorld(t)
	healthy(w)
	r := ends(run("run-2", "2222222bbbb"), "Failed", "prepare-333333333333-us-east-1", func(a *cloudtest.PipelineAction) { a.Provider = "Other" })
	r.Actions[len(r.Actions)-2].Status = "InProgress"
	w.history(run("run-1", "1111111aaaa"), r)
	findings := w.read().Findings(anybody)
	require.Len(t, findings, 1)
	assert.Equal(t, strings.Replace(retry, "run again:", "run again, once none of its actions is running:", 1), findings[0].Hint)
}

func TestEachOrchestrationOfATargetIsLookedAtByItself(t *testing.T) {
	w := newWorld(t)
	healthy(w)
	result := *w.generated()
	result.Nested = slices.Clone(result.Nested)
	for i := range result.Nested {
		if result.Nested[i].Name == "hello" {
			result.Nested[i].Orchestration = 2
		}
	}
	found, err := status.Of(status.About(&result, []string{"dev"}), w.accounts()).Read(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{
		"drifted | dev 222222222222 eu-central-1 | Hello is deployed and not here | `foldstack diff 2222222` shows what a push would change | ",
		"missing | dev 222222222222 eu-central-1 shop-dev-2 | nothing is deployed there | `foldstack generate`, commit and push | ",
	}, lines(found.Findings(anybody)))
}

func TestWithAnS3SourceNobodyIsToldToPush(t *testing.T) {
	w := newWorld(t)
	w.files["foldstack.yaml"] = strings.Replace(w.files["foldstack.yaml"], "{provider: github, repository: acme/shop, branch: main}", "{provider: s3}", 1)
	w.bootstrap()
	w.history()
	findings := w.read().Findings(anybody)
	require.Len(t, findings, 2)
	assert.Equal(t, "`foldstack generate`, and upload the project to its source bucket", findings[1].Hint)
}

func TestTheLinkLeadsToTheConsoleOfThePartition(t *testing.T) {
	w := newWorld(t)
	for region, host := range map[string]string{"cn-north-1": "console.amazonaws.cn", "us-gov-west-1": "console.amazonaws-us-gov.com"} {
		w.files["foldstack.yaml"] = "project: shop\ntooling: {account: \"111111111111\", region: " + region + "}\n" +
			"source: {provider: s3}\nenvironments: {dev: {accounts: [\"222222222222\"]}}\n"
		w.files["functions/audit/function.yaml"] = ""
		require.Empty(t, w.generated().Problems)
		assert.Equal(t, "https://"+host+"/codepipeline/home?region="+region+"#/view/shop", w.read().Pipeline.Link)
	}
}

func TestAProjectWithProblemsIsComparedWithNothing(t *testing.T) {
	w := newWorld(t)
	healthy(w)
	w.files["functions/hello/function.yaml"] = "memroy: 512\n"
	found := w.read()
	assert.Empty(t, found.Findings(anybody))
	assert.False(t, found.Bases[0].Compared)
	assert.Nil(t, found.Targets[0].Drift)
	assert.Equal(t, "CREATE_COMPLETE", found.Targets[0].Status)
}
