package status_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/status"
	"github.com/foldstack/foldstack/generator/model"
)

func healthy(w *world) {
	w.bootstrap()
	w.deploy("dev", "prod")
	w.history(run("run-1", "1111111aaaa"), run("run-2", "2222222bbbb"))
}

func TestAllIsAsItShouldBe(t *testing.T) {
	w := newWorld(t)
	healthy(w)
	found := w.read()
	assert.Empty(t, found.Findings(anybody))
	assert.Equal(t, "succeeded", found.Pipeline.Word())
	assert.Equal(t, "Work of run-2", found.Pipeline.Latest.Summary)
	assert.Equal(t, "https://console.aws.amazon.com/codepipeline/home?region=eu-central-1#/view/shop", found.Pipeline.Link)
	for _, target := range found.Targets {
		assert.Equal(t, "2222222bbbb", target.Run.Commit, target.Name)
		assert.True(t, target.Drift.None(), target.Name)
	}
	assert.Equal(t, []int{2, 3, 3}, []int{found.Targets[0].Drift.Same, found.Targets[1].Drift.Same, found.Targets[2].Drift.Same}, "audit is in prod only")
}

// lines are findings as a person reads them.
func lines(findings []status.Finding) []string {
	var list []string
	for _, f := range findings {
		list = append(list, string(f.Kind)+" | "+strings.Join(f.Where, "; ")+" | "+f.Text+" | "+f.Hint+" | "+f.Link)
	}
	return list
}

// advised is a finding with the advice that there is on its reason.
func advised(finding, reason, link string) string {
	return finding + reason + " | " + stacks.Advice(stacks.Event{Reason: reason}) + " | " + link
}

// unmade is a finding about a stack that was never made.
func unmade(region, finding string) string {
	return strings.TrimSuffix(finding, " | ") + "; before the next run delete the stack there, which holds nothing and takes no update: `aws cloudformation delete-stack --stack-name shop-prod --region " + region + "` | "
}

// retry is how the run that failed in prod is made to try again: all of the stage, for a
// change set that somebody has executed over is gone.
const retry = "push a change, or let the whole stage run again: `aws codepipeline retry-stage-execution --pipeline-name shop --stage-name prod --pipeline-execution-id run-2 --retry-mode ALL_ACTIONS --region eu-central-1`"

// unanswered is an approval that ended without an answer. Who changed it last and a
// summary stand there as they do while it is open.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-approve-or-reject.html
func unanswered(after time.Duration) func(*cloudtest.PipelineAction) {
	return func(a *cloudtest.PipelineAction) {
		a.By, a.Summary, a.Waited = "arn:aws:iam::111111111111:user/bob", "The new design needs to be reviewed before release.", after
	}
}

// left is a finding about a nested stack that an update could not delete.
func left(where, name string) string {
	return "left | " + where + " | an update took " + name + " (AWS::CloudFormation::Stack) out of the stack and could not delete it: Role (AWS::IAM::Role): Cannot delete entity, must detach all policies first. | " +
		"mend what the reason names; then `foldstack teardown --orphans` removes it | "
}

// situation is how things may be, what is said of the pipeline, and what is found.
type situation struct {
	name    string
	arrange func(*world)
	word    string
	found   []string
}

var situations = []situation{
	{"it was never bootstrapped", func(*world) {}, "not there", []string{
		"missing | the stack shop-tooling in 111111111111 eu-central-1; the stack shop-tooling-region in 111111111111 us-east-1; the stack shop-dev-target in 222222222222 eu-central-1; the stack shop-prod-target in 333333333333 eu-central-1; the stack shop-pipeline in 111111111111 eu-central-1 | it is not there | run `foldstack bootstrap`: it deploys what is missing or stale, and nothing else | ",
		"missing | dev 222222222222 eu-central-1; prod 333333333333 eu-central-1; prod 333333333333 us-east-1 | nothing is deployed there | run `foldstack bootstrap`: it makes the pipeline, which then deploys | ",
	}},
	{"it was bootstrapped and never ran", func(w *world) {
		w.bootstrap()
		w.history()
	}, "never run", []string{
		"missing | the pipeline shop | it has never run | `foldstack generate`, commit and push | https://console.aws.amazon.com/codepipeline/home?region=eu-central-1#/view/shop",
		"missing | dev 222222222222 eu-central-1; prod 333333333333 eu-central-1; prod 333333333333 us-east-1 | nothing is deployed there | `foldstack generate`, commit and push | ",
	}},
	{"the first run is on its way", func(w *world) {
		w.bootstrap()
		w.deploy("dev")
		w.history(ends(run("run-1", "1111111aaaa"), "InProgress", "prepare-333333333333-eu-central-1", nil))
	}, "running in prod", []string{
		"missing | prod 333333333333 eu-central-1; prod 333333333333 us-east-1 | nothing is deployed there | a run is under way: `foldstack status --watch` follows it | ",
	}},
	{"a run waits for approval", func(w *world) {
		w.bootstrap()
		w.deploy("dev", "prod")
		w.files["functions/hello/index.mjs"] = "export const handler = async () => 1;\n"
		w.publish()
		w.deploy("dev")
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "InProgress", "approve", nil))
	}, "waits for approval in prod", []string{
		"drifted | prod 333333333333 eu-central-1; prod 333333333333 us-east-1 | hello is another version than here | a run is under way: `foldstack status --watch` follows it | ",
	}},
	{"the approval was refused", func(w *world) {
		healthy(w)
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Failed", "approve", func(a *cloudtest.PipelineAction) {
			a.By, a.Summary = "arn:aws:sts::111111111111:assumed-role/lead/ann", "not on a Friday"
		}))
	}, "failed in prod", []string{
		"rejected | the stage prod, action approve | rejected by arn:aws:sts::111111111111:assumed-role/lead/ann: not on a Friday | " + retry + " | ",
	}},
	{"the approval was refused without a word", func(w *world) {
		healthy(w)
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Failed", "approve", func(a *cloudtest.PipelineAction) {
			a.By, a.Summary = "arn:aws:iam::111111111111:user/ann", "Rejected by arn:aws:iam::111111111111:user/ann"
		}))
	}, "failed in prod", []string{
		"rejected | the stage prod, action approve | rejected by arn:aws:iam::111111111111:user/ann | " + retry + " | ",
	}},
	{"nobody answered", func(w *world) {
		healthy(w)
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Failed", "approve", unanswered(7*24*time.Hour)))
	}, "failed in prod", []string{
		"rejected | the stage prod, action approve | nobody answered in time | " + retry + " | ",
	}},
	{"nobody answered within the time that the project gives", func(w *world) {
		w.files["foldstack.yaml"] = strings.Replace(w.files["foldstack.yaml"], "approval: {", "approval: {timeout: 90, ", 1)
		healthy(w)
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Failed", "approve", unanswered(90*time.Minute)))
	}, "failed in prod", []string{
		"rejected | the stage prod, action approve | nobody answered in time | " + retry + " | ",
	}},
	{"the pipeline tells why an approval failed", func(w *world) {
		healthy(w)
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Failed", "approve", func(a *cloudtest.PipelineAction) {
			unanswered(0)(a)
			a.Error = "The approval timed out"
		}))
	}, "failed in prod", []string{
		"rejected | the stage prod, action approve | it was not approved: The approval timed out | " + retry + " | ",
	}},
	{"the build failed", func(w *world) {
		healthy(w)
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Failed", "build", func(a *cloudtest.PipelineAction) {
			a.Error = "Build terminated with state: FAILED. Phase: BUILD, Code: COMMAND_EXECUTION_ERROR, Message: Error while executing command: foldstack build. Reason: exit status 1"
			a.Link = "https://console.aws.amazon.com/codebuild/home?region=eu-central-1#/builds/shop-build:1/view/new"
		}))
	}, "failed in Build", []string{
		"failed | the stage Build, action build | it failed: Build terminated with state: FAILED. Phase: BUILD, Code: COMMAND_EXECUTION_ERROR, Message: Error while executing command: foldstack build. Reason: exit status 1 | read its log; `foldstack generate --locked && foldstack build` does here what it does there | https://console.aws.amazon.com/codebuild/home?region=eu-central-1#/builds/shop-build:1/view/new",
	}},
	{"the change set could not be made", func(w *world) {
		healthy(w)
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Failed", "prepare-222222222222-eu-central-1", func(a *cloudtest.PipelineAction) {
			a.Error = "User: arn:aws:sts::222222222222:assumed-role/shop-dev-deploy/1 is not authorized to perform: cloudformation:CreateChangeSet"
			a.Link = "https://console.aws.amazon.com/cloudformation/home?region=eu-central-1#/changeset/detail"
		}))
	}, "failed in dev", []string{
		advised("failed | the stage dev, action prepare-222222222222-eu-central-1 | it failed: ", "User: arn:aws:sts::222222222222:assumed-role/shop-dev-deploy/1 is not authorized to perform: cloudformation:CreateChangeSet", "https://console.aws.amazon.com/cloudformation/home?region=eu-central-1#/changeset/detail"),
	}},
	{"a resource of a nested stack failed, and all was rolled back", func(w *world) {
		w.bootstrap()
		w.deploy("dev", "prod")
		w.files["functions/hello/index.mjs"] = "export const handler = async () => 1;\n"
		result := w.generated()
		for _, a := range result.Assets { // but not the archive
			w.server.Put(model.AssetBucket("shop", tooling, home), a.Key, a.Data)
		}
		w.deploy("dev")
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Failed", "execute-222222222222-eu-central-1", func(a *cloudtest.PipelineAction) {
			a.Error = "Action execution failed"
			a.Link = "https://console.aws.amazon.com/cloudformation/home?region=eu-central-1#/stack/detail"
		}))
	}, "failed in dev", []string{
		advised("failed | dev 222222222222 eu-central-1 | UPDATE_ROLLBACK_COMPLETE: Function (AWS::Lambda::Function) in shop-dev-Hello-5C7B4A8B14CF: ", "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist. (Service: Lambda, Status Code: 400)", "https://console.aws.amazon.com/cloudformation/home?region=eu-central-1#/stack/detail"),
		"drifted | prod 333333333333 eu-central-1; prod 333333333333 us-east-1 | hello is another version than here | `foldstack diff 1111111` shows what a push would change | ",
	}},
	{"the first deployment of an account failed", func(w *world) {
		w.bootstrap()
		w.server.FailResource("shop-prod", "Audit/Role", "API: iam:CreateRole User: arn:aws:sts::333333333333:assumed-role/shop-prod-cloudformation/1 is not authorized to perform: iam:CreateRole")
		w.deploy("dev", "prod")
		w.history(ends(run("run-1", "1111111aaaa"), "Failed", "execute-333333333333-eu-central-1", nil))
	}, "failed in prod", []string{
		unmade(home, advised("failed | prod 333333333333 eu-central-1 | ROLLBACK_COMPLETE: Role (AWS::IAM::Role) in shop-prod-Audit-2783A036D00B: ", "API: iam:CreateRole User: arn:aws:sts::333333333333:assumed-role/shop-prod-cloudformation/1 is not authorized to perform: iam:CreateRole", "")),
		unmade(abroad, advised("failed | prod 333333333333 us-east-1 | ROLLBACK_COMPLETE: Role (AWS::IAM::Role) in shop-prod-Audit-5148FB6EFA74: ", "API: iam:CreateRole User: arn:aws:sts::333333333333:assumed-role/shop-prod-cloudformation/1 is not authorized to perform: iam:CreateRole", "")),
	}},
	{"a base stack was rolled back", func(w *world) {
		healthy(w)
		w.server.SetStatus(tooling, home, "shop-tooling", "UPDATE_ROLLBACK_COMPLETE", "The following resource(s) failed to update: [Key].")
	}, "succeeded", []string{
		advised("failed | the stack shop-tooling in 111111111111 eu-central-1 | UPDATE_ROLLBACK_COMPLETE: ", "The following resource(s) failed to update: [Key].", ""),
	}},
	{"an update could not delete what it took out", func(w *world) {
		healthy(w)
		delete(w.files, "functions/audit/app.py")
		delete(w.files, "functions/audit/function.yaml")
		w.publish()
		w.server.FailResource("shop-prod", "Audit/Role", "Cannot delete entity, must detach all policies first.")
		w.deploy("prod")
	}, "succeeded", []string{
		left("prod 333333333333 eu-central-1", "shop-prod-Audit-2783A036D00B"),
		left("prod 333333333333 us-east-1", "shop-prod-Audit-5148FB6EFA74"),
	}},
	{"a base stack could not be cleaned up", func(w *world) {
		healthy(w)
		w.server.FailResource("shop-pipeline", "ApprovalProd", "The topic is busy")
		require.NoError(w.t, w.server.Release(tooling, home, "shop-pipeline", "Resources:\n  Handle:\n    Type: AWS::CloudFormation::WaitConditionHandle\n", "", nil))
	}, "succeeded", []string{
		"left | the stack shop-pipeline in 111111111111 eu-central-1 | an update took arn:aws:sns:eu-central-1:111111111111:shop-pipeline-ApprovalProd-21aef7b5367f (AWS::SNS::Topic) out of the stack and could not delete it: The topic is busy | mend what the reason names; then delete it by hand | ",
	}},
	{"a newer run has overtaken one that waited", func(w *world) {
		healthy(w)
		overtaken := ends(run("run-1", "1111111aaaa"), "Superseded", "execute-222222222222-eu-central-1", func(a *cloudtest.PipelineAction) { a.Status = "Succeeded" })
		w.history(overtaken, run("run-2", "2222222bbbb"))
	}, "succeeded", nil},
	{"somebody has closed the door of a stage", func(w *world) {
		healthy(w)
		waiting := ends(run("run-2", "2222222bbbb"), "InProgress", "execute-222222222222-eu-central-1", func(a *cloudtest.PipelineAction) { a.Status = "Succeeded" })
		w.server.AddPipeline(tooling, home, cloudtest.Pipeline{
			Name: "shop", Stages: stages, Runs: []cloudtest.PipelineRun{run("run-1", "1111111aaaa"), waiting},
			Doors: map[string]cloudtest.PipelineDoor{"prod": {Run: "run-2", ClosedBy: "ann", ClosedFor: "the sale"}},
		})
	}, "waits before prod, which is closed by ann: the sale", nil},
	{"an older run is in the way", func(w *world) {
		healthy(w)
		waiting := ends(run("run-2", "2222222bbbb"), "InProgress", "execute-222222222222-eu-central-1", func(a *cloudtest.PipelineAction) { a.Status = "Succeeded" })
		w.server.AddPipeline(tooling, home, cloudtest.Pipeline{
			Name: "shop", Stages: stages, Runs: []cloudtest.PipelineRun{ends(run("run-1", "1111111aaaa"), "InProgress", "approve", nil), waiting},
			Doors: map[string]cloudtest.PipelineDoor{"prod": {Run: "run-2"}},
		})
	}, "waits before prod for run run-1", nil},
	{"somebody has stopped a run", func(w *world) {
		healthy(w)
		stopped := ends(run("run-2", "2222222bbbb"), "Stopped", "build", func(a *cloudtest.PipelineAction) { a.Status = "Abandoned" })
		stopped.Stages = map[string]string{"Build": "Stopped"}
		w.history(run("run-1", "1111111aaaa"), stopped)
	}, "stopped in Build", []string{
		"stopped | the stage Build | run run-2 was stopped | push a change, or start it anew: `aws codepipeline start-pipeline-execution --name shop --region eu-central-1` | https://console.aws.amazon.com/codepipeline/home?region=eu-central-1#/view/shop",
	}},
	{"this folder has changed", func(w *world) {
		healthy(w)
		w.files["functions/hello/index.mjs"] = "export const handler = async () => 1;\n"
		w.files["functions/new/index.mjs"] = "export const handler = async () => 1;\n"
		w.files["foldstack.yaml"] = strings.Replace(w.files["foldstack.yaml"], "stacks: {orders: orders.yaml}\n", "", 1)
	}, "succeeded", []string{
		"stale | the stack shop-dev-target in 222222222222 eu-central-1; the stack shop-prod-target in 333333333333 eu-central-1 | it was made from another template than this folder has | run `foldstack bootstrap`: it deploys what is missing or stale, and nothing else | ",
		"drifted | dev 222222222222 eu-central-1; prod 333333333333 eu-central-1; prod 333333333333 us-east-1 | hello is another version than here; new is not deployed; Orders is deployed and not here | `foldstack diff 2222222` shows what a push would change | ",
	}},
	{"settings have changed since the last bootstrap", func(w *world) {
		healthy(w)
		w.files["foldstack.yaml"] += "boundary: [{allow: ['dynamodb:*'], on: '*'}]\n"
	}, "succeeded", []string{
		"stale | the stack shop-dev-target in 222222222222 eu-central-1; the stack shop-prod-target in 333333333333 eu-central-1 | it was made from another template than this folder has | run `foldstack bootstrap`: it deploys what is missing or stale, and nothing else | ",
	}},
	{"the pipeline was deleted by hand", func(w *world) {
		w.bootstrap()
		w.deploy("dev", "prod")
	}, "not there", []string{
		"missing | the pipeline shop | somebody has deleted it, and its stack is still there | delete the stack shop-pipeline, and run `foldstack bootstrap`: it deploys what is missing or stale, and nothing else | ",
	}},
	{"an account cannot be entered", func(w *world) {
		healthy(w)
		w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
			if c.Operation == "AssumeRole" && strings.Contains(c.Key, prod) {
				return cloudtest.Refuse
			}
			return cloudtest.None
		})
	}, "succeeded", []string{
		"unread | the stack shop-prod-target in 333333333333 eu-central-1; prod 333333333333 eu-central-1; prod 333333333333 us-east-1 | sts:AssumeRole on arn:aws:iam::333333333333:role/reader in eu-central-1 as arn:aws:sts::111111111111:assumed-role/acme-build/session: AccessDenied: User: arn:aws:sts::111111111111:assumed-role/acme-build/session is not authorized to perform this | the role has to exist in account 333333333333 and to trust arn:aws:sts::111111111111:assumed-role/acme-build/session; `--role` names another, `--profile 333333333333=NAME` a profile instead | ",
	}},
	{"the tooling account cannot be entered", func(w *world) {
		healthy(w)
		w.server.SignIn(dev)
		w.doors = cloud.Doors{}
	}, "not readable", []string{
		"unread | the pipeline shop; the stack shop-tooling in 111111111111 eu-central-1; the stack shop-tooling-region in 111111111111 us-east-1; the stack shop-pipeline in 111111111111 eu-central-1 | the credentials are of account 222222222222 (arn:aws:sts::222222222222:assumed-role/acme-build/session), and nothing says how to get into account 111111111111 | give `--profile 111111111111=NAME`, or `--role NAME` of a role that you may assume in every account | ",
		"unread | the stack shop-prod-target in 333333333333 eu-central-1; prod 333333333333 eu-central-1; prod 333333333333 us-east-1 | the credentials are of account 222222222222 (arn:aws:sts::222222222222:assumed-role/acme-build/session), and nothing says how to get into account 333333333333 | give `--profile 333333333333=NAME`, or `--role NAME` of a role that you may assume in every account | ",
	}},
	{"AWS throttles for a while", func(w *world) {
		healthy(w)
		throttled := map[string]int{}
		var lock sync.Mutex
		w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
			lock.Lock()
			defer lock.Unlock()
			if throttled[c.String()+c.Account]++; throttled[c.String()+c.Account] <= 3 {
				return cloudtest.Throttle
			}
			return cloudtest.None
		})
	}, "succeeded", nil},
	{"AWS throttles one region without end", func(w *world) {
		healthy(w)
		w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
			if c.Operation == "ListStackResources" && c.Region == abroad {
				return cloudtest.Throttle
			}
			return cloudtest.None
		})
	}, "succeeded", []string{
		"unread | prod 333333333333 us-east-1 | cloudformation:ListStackResources on the stack shop-prod in us-east-1 as arn:aws:sts::333333333333:assumed-role/acme-build/session: Throttling: Rate exceeded | AWS asks for fewer calls: run it again later; what is done is not done again | ",
	}},
	{"the stack of a target is being deployed", func(w *world) {
		healthy(w)
		w.server.SetStatus(dev, home, "shop-dev", "UPDATE_IN_PROGRESS", "")
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "InProgress", "execute-222222222222-eu-central-1", nil))
	}, "running in dev", nil},
	{"a change set was made and never executed", func(w *world) {
		healthy(w)
		w.server.SetStatus(dev, home, "shop-dev", "REVIEW_IN_PROGRESS", "")
	}, "succeeded", []string{
		"missing | dev 222222222222 eu-central-1 | nothing is deployed there | `foldstack generate`, commit and push | ",
	}},
}

func TestWhatIsNotAsItShouldBeIsFound(t *testing.T) {
	for _, s := range situations {
		t.Run(s.name, func(t *testing.T) {
			w := newWorld(t)
			s.arrange(w)
			found := w.read()
			assert.Equal(t, s.word, found.Pipeline.Word())
			assert.Equal(t, s.found, lines(found.Findings(anybody)))
		})
	}
}

func TestWhatAnUpdateCouldNotDeleteIsForgottenWhenSomebodyHas(t *testing.T) {
	w := newWorld(t)
	healthy(w)
	delete(w.files, "functions/audit/app.py")
	delete(w.files, "functions/audit/function.yaml")
	w.publish()
	w.server.FailResource("shop-prod", "Audit/Role", "no")
	w.deploy("prod")
	require.Len(t, w.read().Findings(anybody), 2)
	w.server.SetStatus(prod, home, "shop-prod-Audit-2783A036D00B", "DELETE_COMPLETE", "")
	findings := w.read().Findings(anybody)
	require.Len(t, findings, 1)
	assert.Equal(t, []string{"prod 333333333333 us-east-1"}, findings[0].Where)
}

func TestACharacterBeyondASCIIIsNoDrift(t *testing.T) {
	w := newWorld(t)
	w.files["foldstack.yaml"] = strings.Replace(w.files["foldstack.yaml"], "{orders: orders.yaml}", "{orders: {template: orders.yaml, parameters: {Currency: €}}}", 1)
	w.files["orders.yaml"] = "Parameters:\n  Currency:\n    Type: String\n" + w.files["orders.yaml"]
	healthy(w)
	assert.Empty(t, lines(w.read().Findings(anybody)))
}
