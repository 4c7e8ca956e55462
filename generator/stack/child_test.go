package stack

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/event"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// folder is a function as a user writes it.
type folder struct {
	name      string
	yaml      string // function.yaml
	resources string // resources.yaml
	image     bool
}

// shop is a project with a dev and a prod environment; in prod it has two regions.
func shop(t testing.TB, folders ...folder) *model.Project {
	t.Helper()
	p := targetProject(
		targetEnvironment("dev", 1, "eu-central-1"),
		targetEnvironment("prod", 2, "eu-central-1", "us-east-1"),
	)
	for _, f := range folders {
		addFolder(t, p, f)
	}
	return p
}

func addFolder(t testing.TB, p *model.Project, f folder) {
	t.Helper()
	var problems diag.Problems
	fn := model.Function{
		Name: f.name, Dir: "functions/" + f.name, Place: diag.Place{File: "functions/" + f.name + "/function.yaml"},
		Package: model.Zip, Runtime: model.Choice{Value: "nodejs24.x"}, Handler: model.Choice{Value: "index.handler"},
		Architecture: model.Choice{Value: "arm64"},
		Digest:       strings.Repeat("0123456789abcdef", 4),
	}
	if f.image {
		fn.Package, fn.Runtime, fn.Handler = model.Image, model.Choice{}, model.Choice{}
	}
	if root := source.Parse(fn.Place.File, []byte(f.yaml), &problems); root != nil {
		o := source.Open(root, "a function", &problems)
		fn.Description = o.Text("description")
		fn.Settings = readSettings(o)
		fn.Environment = readVariables(o.Entries("environment"))
		for _, n := range o.List("permissions") {
			fn.Permissions = append(fn.Permissions, readAllowance(n, &problems))
		}
		for _, pair := range o.Entries("environments") {
			override := source.Open(pair.Value, "an override", &problems)
			fn.Overrides = append(fn.Overrides, model.Override{Environment: pair.Key.Text, Settings: readSettings(override), Variables: readVariables(override.Entries("environment"))})
			override.Done()
		}
		if n := o.Value("only"); n != nil {
			only := source.Open(n, "only", &problems)
			fn.Only = model.Only{Place: n.Place, Environments: each(only.Texts("environments")), Regions: each(only.Texts("regions"))}
		}
		for _, n := range o.List("events") {
			fn.Events = append(fn.Events, event.Decode(n, &fn, p, &problems))
		}
		o.Done()
	}
	if f.resources != "" {
		file := "functions/" + f.name + "/resources.yaml"
		fn.Resources = &model.Resources{File: file, Root: source.Parse(file, []byte(f.resources), &problems)}
	}
	require.Empty(t, problems.Sorted(), f.name)
	p.Functions = append(p.Functions, fn)
	slices.SortFunc(p.Functions, func(a, b model.Function) int { return strings.Compare(a.Name, b.Name) })
}

func readSettings(o *source.Object) model.Settings {
	return model.Settings{
		Memory: o.Int("memory", 128, 10240), Timeout: o.Int("timeout", 1, 900), Storage: o.Int("storage", 512, 10240),
		Concurrency: o.Int("concurrency", 0, 1000), LogRetention: o.Int("logRetention", 1, 3653), Tracing: o.Bool("tracing"),
		VPC: readVPC(o.Value("vpc")),
	}
}

func readVPC(n *source.Node) source.Field[model.VPC] {
	if n == nil {
		return source.Field[model.VPC]{}
	}
	vpc := model.VPC{Node: n, Subnets: n.Get("subnets").Items, SecurityGroups: n.Get("securityGroups").Items}
	return source.Field[model.VPC]{Value: vpc, Place: n.Place, Set: true}
}

func readVariables(pairs []source.Pair) []model.Variable {
	var list []model.Variable
	for _, pair := range pairs {
		list = append(list, model.Variable{Name: pair.Key.Text, Value: pair.Value})
	}
	slices.SortFunc(list, func(a, b model.Variable) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func readAllowance(n *source.Node, problems *diag.Problems) model.Allowance {
	o := source.Open(n, "a permission", problems)
	return model.Allowance{Place: n.Place, Allow: each(o.Texts("allow")), On: o.List("on")}
}

func each(f source.Field[[]string]) []source.Field[string] {
	var list []source.Field[string]
	for _, value := range f.Value {
		list = append(list, source.Field[string]{Value: value, Place: f.Place, Set: true})
	}
	return list
}

func addStack(t testing.TB, p *model.Project, name, template, parameters string, only model.Only) {
	t.Helper()
	var problems diag.Problems
	file := "stacks/" + name + ".yaml"
	s := model.Stack{
		Name: name, Place: diag.Place{File: "foldstack.yaml", Line: 20}, File: file, Data: []byte(template),
		Template: source.Parse(file, []byte(template), &problems), Only: only,
	}
	if parameters != "" {
		s.Parameters = source.Parse("foldstack.yaml", []byte(parameters), &problems).Pairs
	}
	require.Empty(t, problems.Sorted())
	p.Stacks = append(p.Stacks, s)
}

// children builds and renders everything that is nested.
func children(t testing.TB, p *model.Project) ([]*Child, *Links, []diag.Problem) {
	t.Helper()
	var problems diag.Problems
	links := Resolve(p, &problems)
	var list []*Child
	for i := range p.Stacks {
		list = append(list, UserStack(p, &p.Stacks[i], &problems))
	}
	if api := API(p, links, &problems); api != nil {
		list = append(list, api)
	}
	for i := range p.Functions {
		list = append(list, Function(p, &p.Functions[i], links, &problems))
	}
	for _, c := range list {
		require.NoError(t, c.Render(), c.Name)
	}
	return list, links, problems.Sorted()
}

// output renders the whole project, by path.
func output(t testing.TB, p *model.Project) map[string]string {
	t.Helper()
	list, links, found := children(t, p)
	require.Empty(t, found)
	var problems diag.Problems
	files := map[string]string{}
	orchestrations, lock := Orchestrations(p, links, list, Lock{}, &problems)
	require.Empty(t, problems.Sorted())
	for _, o := range orchestrations {
		data, err := o.Template.Render()
		require.NoError(t, err)
		files[o.Path] = string(data)
	}
	for _, c := range list {
		files[c.Path] = string(c.Data)
	}
	configurations, err := Configurations(p)
	require.NoError(t, err)
	for _, c := range configurations {
		files[c.Path] = string(c.Data)
	}
	files[LockFile] = string(lock.Bytes())
	return files
}

// problemsOf are the rules of what is wrong with a project.
func problemsOf(t testing.TB, p *model.Project) []diag.Problem {
	t.Helper()
	_, _, problems := children(t, p)
	return problems
}

func compareGolden(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	root := filepath.Join("testdata", dir)
	if updatingTargets() {
		require.NoError(t, os.RemoveAll(root))
		for path, text := range files {
			require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(root, path)), 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(root, path), []byte(text), 0o644))
		}
	}
	for path, text := range files {
		want, err := os.ReadFile(filepath.Join(root, path))
		require.NoError(t, err)
		assert.Equal(t, string(want), text, path)
	}
	require.NoError(t, filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			relative, _ := filepath.Rel(root, path)
			assert.Contains(t, files, filepath.ToSlash(relative), "nothing makes this golden file any more")
		}
		return err
	}))
}

const ordersTemplate = `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Environment: {Type: String}
  Alarms: {Type: String}
  Shards: {Type: Number, Default: 1}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      Tags:
        - {Key: environment, Value: !Ref Environment}
        - {Key: alarms, Value: !Ref Alarms}
        - {Key: shards, Value: !Sub "${Shards}"}
Outputs:
  TableName: {Value: !Ref Table}
  TableArn: {Value: !GetAtt Table.Arn}
`

// everythingOnce is a project that uses each feature at least once.
func everythingOnce(t testing.TB) *model.Project {
	p := shop(t,
		folder{name: "orders-api", yaml: `
description: Takes orders and answers for them.
memory: 256
environment:
  TABLE: !Output orders.TableName
  QUEUE: !Output receipts.ReceiptsQueueUrl
  LEVEL: info
permissions:
  - allow: [dynamodb:GetItem, dynamodb:PutItem]
    on: !Output orders.TableArn
  - allow: dynamodb:Query
    on: !Sub
      - ${Table}/index/*
      - Table: !Output orders.TableArn
  - allow: sqs:SendMessage
    on: !Output receipts.ReceiptsQueueArn
events:
  - http: GET /orders/{id}
  - http: POST /orders
environments:
  dev: {environment: {LEVEL: debug}}
  prod: {memory: 512, timeout: 10, storage: 1024, concurrency: 20, logRetention: 365, tracing: false}
`},
		folder{name: "receipts", yaml: `
environment:
  BUCKET: !Ref Receipts
  HOST: example.com
permissions:
  - allow: s3:PutObject
    on: !Sub ${Receipts.Arn}/receipts/*
  - allow: config:GetResourceConfigHistory
    on: "*"
events:
  - sqs: {queue: receipts, batchSize: 10, partialFailures: true}
environments:
  prod:
    environment: {BUCKET: !Sub "${Receipts}", HOST: null, EXTRA: x}
`, resources: `
Conditions:
  InProduction: !Equals [!Ref Environment, prod]
Resources:
  Receipts:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      VersioningConfiguration:
        Status: !If [InProduction, Enabled, Suspended]
Outputs:
  BucketArn:
    Value: !GetAtt Receipts.Arn
`},
		folder{name: "night_shift", yaml: `
events:
  - schedule: cron(0 3 * * ? *)
permissions:
  - allow: lambda:InvokeFunction
    on: !Output thumbnail.Arn
only: {environments: [prod], regions: [us-east-1]}
`},
		folder{name: "thumbnail", image: true, yaml: "memory: 1024\ntracing: false\n"},
	)
	addStack(t, p, "orders", ordersTemplate, "Alarms: !Output thumbnail.LogGroupName\n", model.Only{})
	return p
}

func TestAProjectThatUsesEverythingOnce(t *testing.T) {
	compareGolden(t, "project", output(t, everythingOnce(t)))
}

func TestAnEmptyProjectHasAnOrchestrationThatNestsNothing(t *testing.T) {
	files := output(t, shop(t))
	assert.Contains(t, files["orchestration.yaml"], "AWS::CloudFormation::WaitConditionHandle")
	compareGolden(t, "empty", files)
}

func TestTheSameProjectIsTheSameBytes(t *testing.T) {
	first := output(t, everythingOnce(t))
	for range 5 {
		assert.Equal(t, first, output(t, everythingOnce(t)))
	}
}

func TestAddingAFunctionAddsItsTemplateAndOneBlockOfTheOrchestration(t *testing.T) {
	before := output(t, everythingOnce(t))
	p := everythingOnce(t)
	addFolder(t, p, folder{name: "newcomer", yaml: "events:\n  - schedule: rate(1 day)\n"})
	after := output(t, p)
	var changed []string
	for path, text := range after {
		if before[path] != text {
			changed = append(changed, path)
		}
	}
	slices.Sort(changed)
	assert.Equal(t, []string{"functions/newcomer.yaml", "orchestration.yaml"}, changed)

	old, now := before["orchestration.yaml"], after["orchestration.yaml"]
	start := strings.Index(now, "  Newcomer:\n")
	require.Positive(t, start)
	end := start + strings.Index(now[start:], "\n\n") + 2
	assert.Equal(t, old, now[:start]+now[end:])
}

func TestMovingAFunctionToAGroupChangesNothing(t *testing.T) {
	p := everythingOnce(t)
	p.Functions[0].Group, p.Functions[0].Dir = "night", "functions/night/"+p.Functions[0].Name
	p.Functions[0].Place.File = p.Functions[0].Dir + "/function.yaml"
	assert.Equal(t, output(t, everythingOnce(t)), output(t, p))
}

func TestEveryTypeThatIsEmittedIsInTheVocabulary(t *testing.T) {
	list, links, _ := children(t, everythingOnce(t))
	known := slices.Concat(FunctionTypes, APITypes)
	for _, kind := range event.Kinds() {
		known = append(known, kind.Types...)
	}
	users := map[string]bool{"Receipts": true}
	for _, c := range list {
		if c.Template == nil {
			continue
		}
		for _, r := range c.Template.Resources {
			if !users[r.ID] {
				assert.Contains(t, known, r.Type(), "%s of %s", r.ID, c.Name)
			}
		}
	}
	var problems diag.Problems
	orchestrations, _ := Orchestrations(everythingOnce(t), links, list, Lock{}, &problems)
	for _, r := range orchestrations[0].Template.Resources {
		assert.Contains(t, OrchestrationTypes, r.Type())
	}
	for _, name := range slices.Concat(FunctionTypes, APITypes, OrchestrationTypes) {
		assert.Contains(t, Vocabulary(), name)
	}
}

func TestEveryParameterThatAChildDeclaresIsPassedAndUsed(t *testing.T) {
	list, _, _ := children(t, everythingOnce(t))
	for _, c := range list {
		if c.Template == nil {
			continue
		}
		used := map[string]bool{}
		for _, r := range c.Template.References() {
			used[r.ID] = true
		}
		var passed, declared []string
		for _, a := range c.Arguments {
			passed = append(passed, a.Parameter)
		}
		for _, p := range c.Template.Parameters {
			declared = append(declared, p.Name)
			assert.True(t, used[p.Name], "%s of %s", p.Name, c.Name)
		}
		assert.Equal(t, declared, passed, c.Name)
	}
}
