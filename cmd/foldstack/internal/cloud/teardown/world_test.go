package teardown_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest/delivery"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/live"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/teardown"
	"github.com/foldstack/foldstack/generator/model"
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
	*delivery.Delivery
}

// newProject is a project that nobody has delivered.
func newProject(t testing.TB) *world {
	t.Helper()
	server := cloudtest.Start(t)
	server.Looks = 1
	w := &world{server, &delivery.Delivery{Server: server}}
	w.configure(t, config)
	return w
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := newProject(t)
	require.NoError(t, w.Bootstrap())
	w.Publish()
	for _, target := range w.Project.Targets() {
		require.NoError(t, w.Deploy(target))
	}
	w.use()
	return w
}

// configure gives the project a configuration, and delivers nothing.
func (w *world) configure(t testing.TB, text string) {
	t.Helper()
	all := maps.Clone(files)
	all["foldstack.yaml"] = text
	w.Result = delivery.Generate(t, all)
	require.Empty(t, w.Problems)
}

// use leaves what a pipeline that runs, and a build, leave behind.
func (w *world) use() {
	for _, region := range w.Project.Regions() {
		artifacts := model.ArtifactBucket("shop", tooling, region)
		w.server.Put(artifacts, "shop/source/1", []byte("artifact"))
		w.server.Put(artifacts, "shop/source/1", []byte("another"))
		w.server.Hide(artifacts, "shop/source/1")
		w.server.OpenUpload(model.AssetBucket("shop", tooling, region), "functions/large.zip")
		w.server.PutImage(region, model.ImageRepository("shop"), "tag", "{}")
	}
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
