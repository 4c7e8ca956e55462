package status_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest/delivery"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/status"
	"github.com/foldstack/foldstack/generator"
)

const (
	tooling = "111111111111"
	dev     = "222222222222"
	prod    = "333333333333"
	home    = "eu-central-1"
	abroad  = "us-east-1"
)

var project = map[string]string{
	"foldstack.yaml": `project: shop
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/shop, branch: main}
environments:
  dev: {accounts: ["222222222222"], regions: [eu-central-1]}
  prod: {accounts: ["333333333333"], regions: [eu-central-1, us-east-1], approval: {notify: [ops@example.com]}}
stacks: {orders: orders.yaml}
`,
	"orders.yaml":               "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n",
	"functions/hello/index.mjs": "export const handler = async () => null;\n",
	"functions/audit/app.py":    "def lambda_handler(event, context):\n    return event\n",
	"functions/audit/function.yaml": `only: {environments: [prod]}
events:
  - sqs: {queue: audits}
`,
}

// world is AWS, a project in a folder, and somebody who may enter every account.
type world struct {
	t      *testing.T
	server *cloudtest.Server
	files  map[string]string
	doors  cloud.Doors
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, server: cloudtest.Start(t), files: maps.Clone(project), doors: cloud.Doors{Role: "reader"}}
	w.server.Looks = 1
	return w
}

// generated is what becomes of the folder as it is now.
func (w *world) generated() *generator.Result {
	w.t.Helper()
	return delivery.Generate(w.t, w.files)
}

func (w *world) delivery() *delivery.Delivery {
	w.t.Helper()
	return &delivery.Delivery{Server: w.server, Result: w.generated()}
}

func never(int) time.Duration { return 0 }

func (w *world) accounts() *cloud.Accounts {
	return cloud.Enter(home, "aws", w.doors, cloud.Options{Backoff: never})
}

// bootstrap deploys the base stacks, and publishes.
func (w *world) bootstrap() {
	w.t.Helper()
	d := w.delivery()
	require.Empty(w.t, d.Problems)
	require.NoError(w.t, d.Bootstrap())
	d.Publish()
}

func (w *world) publish() {
	w.t.Helper()
	w.delivery().Publish()
}

// deploy does what the pipeline's actions do in the targets of some environments, as
// far as that succeeds.
func (w *world) deploy(environments ...string) {
	w.t.Helper()
	d := w.delivery()
	for _, t := range d.Project.Targets() {
		if !slices.Contains(environments, t.Environment) {
			continue
		}
		if err := d.Deploy(t); err != nil {
			w.t.Logf("%s: %v", t, err)
		}
	}
}

// run is a run that goes well, to its end.
func run(id, commit string) cloudtest.PipelineRun {
	r := cloudtest.PipelineRun{ID: id, Status: "Succeeded", Commit: commit, Summary: `{"ProviderType":"GitHub","CommitMessage":"Work of ` + id + `\n\nAt length."}`}
	add := func(a cloudtest.PipelineAction) {
		a.Status = "Succeeded"
		r.Actions = append(r.Actions, a)
	}
	add(cloudtest.PipelineAction{Stage: "Source", Name: "source", Provider: "CodeStarSourceConnection", Region: home})
	add(cloudtest.PipelineAction{Stage: "Update", Name: "update", Provider: "CloudFormation", Account: tooling, Region: home, Stack: "shop-pipeline", Mode: "CREATE_UPDATE"})
	add(cloudtest.PipelineAction{Stage: "Build", Name: "build", Provider: "CodeBuild", Region: home})
	deployment := func(verb, mode, environment, account, region string) {
		add(cloudtest.PipelineAction{
			Stage: environment, Name: verb + "-" + account + "-" + region, Provider: "CloudFormation",
			Account: account, Region: region, Stack: "shop-" + environment, Mode: mode,
		})
	}
	const prepare, execute = "CHANGE_SET_REPLACE", "CHANGE_SET_EXECUTE"
	deployment("prepare", prepare, "dev", dev, home)
	deployment("execute", execute, "dev", dev, home)
	deployment("prepare", prepare, "prod", prod, home)
	deployment("prepare", prepare, "prod", prod, abroad)
	add(cloudtest.PipelineAction{Stage: "prod", Name: "approve", Provider: "Manual", Region: home, By: "arn:aws:iam::111111111111:user/ann", Summary: "fine"})
	deployment("execute", execute, "prod", prod, home)
	deployment("execute", execute, "prod", prod, abroad)
	return r
}

// ends makes a run end, or stand, at an action.
func ends(r cloudtest.PipelineRun, status, action string, change func(*cloudtest.PipelineAction)) cloudtest.PipelineRun {
	i := slices.IndexFunc(r.Actions, func(a cloudtest.PipelineAction) bool { return a.Name == action })
	r.Actions = slices.Clone(r.Actions[:i+1])
	last := &r.Actions[i]
	r.Status, last.Status, last.By, last.Summary = status, status, "", ""
	if change != nil {
		change(last)
	}
	return r
}

var stages = []string{"Source", "Update", "Build", "dev", "prod"}

// history gives the pipeline its runs, the oldest first.
func (w *world) history(runs ...cloudtest.PipelineRun) {
	w.server.AddPipeline(tooling, home, cloudtest.Pipeline{Name: "shop", Stages: stages, Runs: runs})
}

// anybody calls the AWS CLI with the credentials that it finds.
func anybody(string) string { return "aws" }

// read looks at everything.
func (w *world) read(environments ...string) *status.Status {
	w.t.Helper()
	found, err := status.Of(status.About(w.generated(), environments), w.accounts()).Read(w.t.Context())
	require.NoError(w.t, err)
	return found
}
