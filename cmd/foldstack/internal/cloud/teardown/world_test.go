package teardown_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/live"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/teardown"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/output"
)

const (
	tooling, dev, prod, old = "111111111111", "222222222222", "333333333333", "444444444444"
	first, second, third    = "eu-central-1", "us-east-1", "eu-west-1"
)

const config = `project: shop
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/shop, branch: main}
environments:
  dev: {accounts: ["222222222222"], regions: [eu-central-1]}
  prod: {accounts: ["333333333333"], regions: [eu-central-1, us-east-1]}
stacks: {orders: orders.yaml}
`

var files = map[string]string{
	"orders.yaml": `Resources:
  Table:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Topic: {Type: 'AWS::SNS::Topic'}
`,
	"functions/hello/index.mjs": "export const handler = async () => null;\n",
}

// world is a project that was delivered everywhere.
type world struct {
	server *cloudtest.Server
	*generator.Result
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{server: cloudtest.Start(t)}
	w.server.Looks = 1
	w.configure(t, config)
	w.deliver(t)
	return w
}

// generated are the results for configurations, each of which is made once.
var generated = map[string]*generator.Result{}

// configure gives the project a configuration, and delivers nothing.
func (w *world) configure(t testing.TB, text string) {
	t.Helper()
	if generated[text] == nil {
		root := t.TempDir()
		write(t, root, "foldstack.yaml", text)
		for name, text := range files {
			write(t, root, name, text)
		}
		result, err := generator.Check(t.Context(), generator.Options{Root: root})
		require.NoError(t, err)
		require.Empty(t, result.Problems)
		generated[text] = result
	}
	result := *generated[text]
	w.Result = &result
}

func write(t testing.TB, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
}

// deliver does what bootstrap, publish and the pipeline do.
func (w *world) deliver(t testing.TB) {
	t.Helper()
	key := ""
	for _, base := range w.Bases {
		w.release(t, base, key)
		for _, s := range w.server.Stacks(base.Account, base.Region) {
			if id := s.Outputs[generator.BaseKey]; s.Name == model.ToolingStack("shop") {
				key = id
			}
		}
	}
	w.publish()
	for _, target := range w.Project.Targets() {
		require.NoError(t, w.deploy(target))
	}
}

// release deploys a base stack.
func (w *world) release(t testing.TB, base generator.Base, key string) {
	t.Helper()
	role := ""
	if base.UpdatesItself {
		role = "arn:aws:iam::" + tooling + ":role" + model.BasePath("shop") + model.ToolingRole("shop", "cloudformation")
	}
	err := w.server.Release(base.Account, base.Region, base.Name, string(base.Template), role, base.Parameters(key))
	if err != nil {
		require.ErrorContains(t, err, "No updates are to be performed")
	}
}

// update deploys base stacks of the tooling account anew, which take no key.
func (w *world) update(t testing.TB, names ...string) {
	t.Helper()
	for _, base := range w.Bases {
		if slices.Contains(names, base.Name) {
			w.release(t, base, "")
		}
	}
}

func (w *world) publish() {
	for _, region := range w.Project.Regions() {
		bucket := model.AssetBucket("shop", tooling, region)
		for i := range w.Project.Functions {
			w.server.Put(bucket, model.ArchiveKey(w.Project.Functions[i].Digest), []byte("zip"))
		}
		for _, a := range w.Assets {
			w.server.Put(bucket, a.Key, a.Data)
		}
		w.server.Put(model.ArtifactBucket("shop", tooling, region), "shop/source/1", []byte("artifact"))
		w.server.Put(model.ArtifactBucket("shop", tooling, region), "shop/source/1", []byte("another"))
		w.server.Hide(model.ArtifactBucket("shop", tooling, region), "shop/source/1")
		w.server.OpenUpload(model.AssetBucket("shop", tooling, region), "functions/large.zip")
		w.server.PutImage(region, model.ImageRepository("shop"), "tag", "{}")
	}
}

// deploy deploys the orchestration to a target, by its role.
func (w *world) deploy(t model.Target) error {
	role := "arn:aws:iam::" + t.Account + ":role" + model.BasePath("shop") + model.CloudFormationRole("shop", t.Environment)
	return w.server.Release(t.Account, t.Region, model.OrchestrationStack("shop", t.Environment, ""), string(w.file("out/orchestration.yaml")), role, map[string]string{
		"Environment": t.Environment, "AssetBucket": model.AssetBucket("shop", tooling, t.Region),
	})
}

func (w *world) file(name string) []byte {
	return w.Files[slices.IndexFunc(w.Files, func(f output.File) bool { return f.Path == name })].Data
}

func never(int) time.Duration { return 0 }

func (w *world) look(ctx context.Context, choice teardown.Choice) (*teardown.Plan, error) {
	choice.KeyWait = teardown.MaxKeyWait
	accounts := cloud.Enter(first, "aws", cloud.Doors{Role: "admin"}, cloud.Options{Backoff: never})
	return teardown.Look(ctx, accounts, w.Result, choice)
}

// remove looks and removes, and tells which steps were done, in order.
func (w *world) remove(ctx context.Context, choice teardown.Choice) (done []string, err error) {
	plan, err := w.look(ctx, choice)
	if err != nil {
		return nil, err
	}
	err = plan.Run(ctx, func(e teardown.Event) {
		if e.Resource == nil && e.Done {
			done = append(done, line(e.Step))
		}
	})
	return done, err
}

func line(s *teardown.Step) string {
	name := regexp.MustCompile(`mrk-[0-9a-f]+`).ReplaceAllString(s.Name, "mrk")
	return strings.Join([]string{s.What, name, s.Account, s.Region}, " ")
}

func lines(p *teardown.Plan) []string {
	list := []string{}
	for _, s := range p.Steps {
		list = append(list, line(s))
	}
	return list
}

// there is what there is of the project, of any kind, in all the places that tests use.
func (w *world) there() []string {
	list := w.server.Buckets()
	for _, spot := range live.Spots(w.Project, live.Where{Accounts: []string{dev, prod, old}, Regions: []string{first, second, third}}) {
		for _, s := range w.server.Stacks(spot.Account, spot.Region) {
			if !s.Nested {
				list = append(list, strings.Join([]string{s.Name, spot.Account, spot.Region}, " "))
			}
		}
		for _, state := range w.server.Keys(spot.Account, spot.Region) {
			list = append(list, fmt.Sprintf("key %s %s", spot.Region, state))
		}
		if spot.Account == tooling && w.server.HasRepository(spot.Region, model.ImageRepository("shop")) {
			list = append(list, "repository "+spot.Region)
		}
	}
	slices.Sort(list)
	return list
}
