package status_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
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
	assert.Empty(t, found.Findings())
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

// situation is how things may be, what is said of the pipeline, and what is found.
type situation struct {
	name    string
	arrange func(*world)
	word    string
	found   []string
}

var situations = []situation{
	{"it was never bootstrapped", func(*world) {}, "", nil},
	{"it was bootstrapped and never ran", func(w *world) {
		w.bootstrap()
		w.history()
	}, "", nil},
	{"the first run is on its way", func(w *world) {
		w.bootstrap()
		w.deploy("dev")
		w.history(ends(run("run-1", "1111111aaaa"), "InProgress", "prepare-333333333333-eu-central-1", nil))
	}, "", nil},
	{"a run waits for approval", func(w *world) {
		w.bootstrap()
		w.deploy("dev", "prod")
		w.files["functions/hello/index.mjs"] = "export const handler = async () => 1;\n"
		w.publish()
		w.deploy("dev")
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "InProgress", "approve", nil))
	}, "", nil},
	{"the approval was refused", func(w *world) {
		healthy(w)
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Failed", "approve", func(a *cloudtest.PipelineAction) {
			a.By, a.Summary = "arn:aws:sts::111111111111:assumed-role/lead/ann", "not on a Friday"
		}))
	}, "", nil},
	{"nobody answered", func(w *world) {
		healthy(w)
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Failed", "approve", func(a *cloudtest.PipelineAction) {
			a.Error = "Approval timed out"
		}))
	}, "", nil},
	{"the build failed", func(w *world) {
		healthy(w)
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Failed", "build", func(a *cloudtest.PipelineAction) {
			a.Error = "Build terminated with state: FAILED. Phase: BUILD, Code: COMMAND_EXECUTION_ERROR, Message: Error while executing command: foldstack build. Reason: exit status 1"
			a.Link = "https://console.aws.amazon.com/codebuild/home?region=eu-central-1#/builds/shop-build:1/view/new"
		}))
	}, "", nil},
	{"the change set could not be made", func(w *world) {
		healthy(w)
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Failed", "prepare-222222222222-eu-central-1", func(a *cloudtest.PipelineAction) {
			a.Error = "User: arn:aws:sts::222222222222:assumed-role/shop-dev-deploy/1 is not authorized to perform: cloudformation:CreateChangeSet"
			a.Link = "https://console.aws.amazon.com/cloudformation/home?region=eu-central-1#/changeset/detail"
		}))
	}, "", nil},
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
		}))
	}, "", nil},
	{"the first deployment of an account failed", func(w *world) {
		w.bootstrap()
		w.server.FailResource("shop-prod", "Audit/Role", "API: iam:CreateRole User: arn:aws:sts::333333333333:assumed-role/shop-prod-cloudformation/1 is not authorized to perform: iam:CreateRole")
		w.deploy("dev", "prod")
		w.history(ends(run("run-1", "1111111aaaa"), "Failed", "execute-333333333333-eu-central-1", nil))
	}, "", nil},
	{"a newer run has overtaken one that waited", func(w *world) {
		healthy(w)
		overtaken := ends(run("run-1", "1111111aaaa"), "Superseded", "execute-222222222222-eu-central-1", func(a *cloudtest.PipelineAction) { a.Status = "Succeeded" })
		w.history(overtaken, run("run-2", "2222222bbbb"))
	}, "", nil},
	{"somebody has closed the door of a stage", func(w *world) {
		healthy(w)
		waiting := ends(run("run-2", "2222222bbbb"), "InProgress", "execute-222222222222-eu-central-1", func(a *cloudtest.PipelineAction) { a.Status = "Succeeded" })
		w.server.AddPipeline(tooling, home, cloudtest.Pipeline{
			Name: "shop", Stages: stages, Runs: []cloudtest.PipelineRun{run("run-1", "1111111aaaa"), waiting},
			Doors: map[string]cloudtest.PipelineDoor{"prod": {Run: "run-2", ClosedBy: "ann", ClosedFor: "the sale"}},
		})
	}, "", nil},
	{"an older run is in the way", func(w *world) {
		healthy(w)
		waiting := ends(run("run-2", "2222222bbbb"), "InProgress", "execute-222222222222-eu-central-1", func(a *cloudtest.PipelineAction) { a.Status = "Succeeded" })
		w.server.AddPipeline(tooling, home, cloudtest.Pipeline{
			Name: "shop", Stages: stages, Runs: []cloudtest.PipelineRun{ends(run("run-1", "1111111aaaa"), "InProgress", "approve", nil), waiting},
			Doors: map[string]cloudtest.PipelineDoor{"prod": {Run: "run-2"}},
		})
	}, "", nil},
	{"somebody has stopped a run", func(w *world) {
		healthy(w)
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "Stopped", "build", func(a *cloudtest.PipelineAction) { a.Status = "Abandoned" }))
	}, "", nil},
	{"this folder has changed", func(w *world) {
		healthy(w)
		w.files["functions/hello/index.mjs"] = "export const handler = async () => 1;\n"
		w.files["functions/new/index.mjs"] = "export const handler = async () => 1;\n"
		w.files["foldstack.yaml"] = strings.Replace(w.files["foldstack.yaml"], "stacks: {orders: orders.yaml}\n", "", 1)
	}, "", nil},
	{"settings have changed since the last bootstrap", func(w *world) {
		healthy(w)
		w.files["foldstack.yaml"] += "boundary: [{allow: ['dynamodb:*'], on: '*'}]\n"
	}, "", nil},
	{"the pipeline was deleted by hand", func(w *world) {
		w.bootstrap()
		w.deploy("dev", "prod")
	}, "", nil},
	{"an account cannot be entered", func(w *world) {
		healthy(w)
		w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
			if c.Operation == "AssumeRole" && strings.Contains(c.Key, prod) {
				return cloudtest.Refuse
			}
			return cloudtest.None
		})
	}, "", nil},
	{"the tooling account cannot be entered", func(w *world) {
		healthy(w)
		w.server.SignIn(dev)
		w.doors = cloud.Doors{}
	}, "", nil},
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
	}, "", nil},
	{"AWS throttles one region without end", func(w *world) {
		healthy(w)
		w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
			if c.Operation == "ListStackResources" && c.Region == abroad {
				return cloudtest.Throttle
			}
			return cloudtest.None
		})
	}, "", nil},
	{"the stack of a target is being deployed", func(w *world) {
		healthy(w)
		w.server.SetStatus(dev, home, "shop-dev", "UPDATE_IN_PROGRESS", "")
		w.history(run("run-1", "1111111aaaa"), ends(run("run-2", "2222222bbbb"), "InProgress", "execute-222222222222-eu-central-1", nil))
	}, "", nil},
	{"a change set was made and never executed", func(w *world) {
		healthy(w)
		w.server.SetStatus(dev, home, "shop-dev", "REVIEW_IN_PROGRESS", "")
	}, "", nil},
}

func TestWhatIsNotAsItShouldBeIsFound(t *testing.T) {
	for _, s := range situations {
		t.Run(s.name, func(t *testing.T) {
			w := newWorld(t)
			s.arrange(w)
			found := w.read()
			assert.Equal(t, s.word, found.Pipeline.Word())
			assert.Equal(t, s.found, lines(found.Findings()))
		})
	}
}
