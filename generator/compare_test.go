package generator_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diff"
)

// compared is the project that the cases change.
var compared = map[string]string{
	"foldstack.yaml": `project: shop
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/shop, branch: main}
environments:
  dev: {accounts: ["222222222222"], regions: [eu-central-1]}
  prod: {accounts: ["333333333333"], regions: [eu-central-1, us-east-1]}
`,
	"functions/orders/index.mjs": "export const handler = async () => 'orders';\n",
	"functions/orders/function.yaml": `environment:
  TABLE: !Ref Table
permissions:
  - allow: dynamodb:GetItem
    on: !GetAtt Table.Arn
`,
	"functions/orders/resources.yaml": `Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
`,
	"functions/plain/index.mjs": "export const handler = async () => 'plain';\n",
}

// replacing is a file of the project with some of its words replaced.
func replacing(file string, pairs ...string) map[string]string {
	return map[string]string{file: strings.NewReplacer(pairs...).Replace(compared[file])}
}

// comparison is a change of the project, in which a file without text is removed, and
// what a deployment makes of it.
type comparison struct {
	name   string
	change map[string]string
	want   []string
}

var comparisons = []comparison{
	{"code", map[string]string{"functions/plain/index.mjs": "export const handler = async () => 'other';\n"}, []string{
		"function plain changed", "dev (1): code, version", "prod (2): code, version",
	}},
	{"memory", map[string]string{"functions/plain/function.yaml": "memory: 256\n"}, []string{
		"function plain changed",
		"dev (1): version", "  changed Function MemorySize 128 → 256",
		"prod (2): version", "  changed Function MemorySize 128 → 256",
	}},
	{"a variable in one environment", map[string]string{"functions/plain/function.yaml": "environments: {prod: {environment: {LEVEL: warn}}}\n"}, []string{
		"function plain changed",
		"dev (1): version", "  changed Function Environment.Variables – → {}",
		"prod (2): version", "  changed Function Environment.Variables.LEVEL – → warn",
	}},
	{"a description", map[string]string{"functions/plain/function.yaml": "description: Does little.\n"}, []string{
		"function plain changed",
		"dev (1): version", "  changed Function Description shop plain → Does little.",
		"prod (2): version", "  changed Function Description shop plain → Does little.",
	}},
	{"a permission more and one less", replacing("functions/orders/function.yaml", "dynamodb:GetItem", "[dynamodb:Query, dynamodb:PutItem]"), []string{
		"function orders changed",
		"dev (1):", "  changed Role Policies[function].PolicyDocument",
		"  + Role dynamodb:PutItem dynamodb:Query", "  - Role dynamodb:GetItem",
		"prod (2):", "  changed Role Policies[function].PolicyDocument",
		"  + Role dynamodb:PutItem dynamodb:Query", "  - Role dynamodb:GetItem",
	}},
	{"a resource with another logical id", map[string]string{
		"functions/orders/resources.yaml": strings.ReplaceAll(compared["functions/orders/resources.yaml"], "  Table:", "  Orders:"),
		"functions/orders/function.yaml":  strings.ReplaceAll(compared["functions/orders/function.yaml"], "Table", "Orders"),
	}, []string{
		"function orders changed",
		"dev (1): version", "  changed Role Policies[function].PolicyDocument", "  changed Function Environment.Variables.TABLE shop-dev-Orders-…-Table-… → shop-dev-Orders-…-Orders-…",
		"  added Orders AWS::DynamoDB::Table", "  removed Table AWS::DynamoDB::Table, data is lost",
		"  + Role dynamodb:GetItem", "  - Role dynamodb:GetItem",
		"prod (2): version", "  changed Role Policies[function].PolicyDocument", "  changed Function Environment.Variables.TABLE shop-prod-Orders-…-Table-… → shop-prod-Orders-…-Orders-…",
		"  added Orders AWS::DynamoDB::Table", "  removed Table AWS::DynamoDB::Table, data is lost",
		"  + Role dynamodb:GetItem", "  - Role dynamodb:GetItem",
	}},
	{"a resource that gets a name", replacing("functions/orders/resources.yaml", "BillingMode", "TableName: !Sub shop-${Environment}-orders\n      BillingMode"), []string{
		"function orders changed",
		"dev (1): version",
		"  changed Role Policies[function].PolicyDocument",
		"  changed Function Environment.Variables.TABLE shop-dev-Orders-…-Table-… → shop-dev-orders",
		"  replaced Table TableName – → shop-dev-orders, data is lost",
		"  + Role dynamodb:GetItem",
		"  - Role dynamodb:GetItem",
		"prod (2): version",
		"  changed Role Policies[function].PolicyDocument",
		"  changed Function Environment.Variables.TABLE shop-prod-Orders-…-Table-… → shop-prod-orders",
		"  replaced Table TableName – → shop-prod-orders, data is lost",
		"  + Role dynamodb:GetItem",
		"  - Role dynamodb:GetItem",
	}},
	{"a named resource of another package type", map[string]string{
		"functions/plain/function.yaml": "dockerfile: Dockerfile\n",
		"functions/plain/Dockerfile":    "FROM public.ecr.aws/lambda/nodejs:24\nCOPY index.mjs .\nCMD [\"index.handler\"]\n",
		"foldstack.yaml":                compared["foldstack.yaml"] + "build: {privileged: true}\n",
	}, []string{
		"function plain changed",
		"dev (1): code, version",
		"  replaced Function PackageType – → Image, refused: named",
		"  replaced Function Code.S3Bucket shop-assets-111111111111-eu-central-1 → –, refused: named",
		"  replaced Function Runtime nodejs24.x → –, refused: named",
		"  replaced Function Handler index.handler → –, refused: named",
		"prod (2): code, version",
		"  replaced Function PackageType – → Image, refused: named",
		"  replaced Function Code.S3Bucket shop-assets-111111111111-<region> → –, refused: named",
		"  replaced Function Runtime nodejs24.x → –, refused: named",
		"  replaced Function Handler index.handler → –, refused: named",
		"base pipeline.yaml changed",
		" (1):",
		"  changed BuildProject Environment.PrivilegedMode false → true",
		"base changed: pipeline.yaml 111111111111 eu-central-1",
	}},
	{"a policy that keeps the data", replacing("functions/orders/resources.yaml", "    Properties:", "    DeletionPolicy: Retain\n    Properties:"), []string{
		"function orders changed",
		"dev (1): version",
		"  changed Table DeletionPolicy – → Retain",
		"prod (2): version",
		"  changed Table DeletionPolicy – → Retain",
	}},
	{"a function less", map[string]string{"functions/plain/index.mjs": ""}, []string{
		"function plain removed",
		"dev (1):",
		"  removed Role AWS::IAM::Role",
		"  removed LogGroup AWS::Logs::LogGroup, data is lost",
		"  removed Function AWS::Lambda::Function",
		"  removed Live AWS::Lambda::Alias",
		"prod (2):",
		"  removed Role AWS::IAM::Role",
		"  removed LogGroup AWS::Logs::LogGroup, data is lost",
		"  removed Function AWS::Lambda::Function",
		"  removed Live AWS::Lambda::Alias",
	}},
	{"a function more", map[string]string{"functions/more/index.mjs": "export const handler = async () => 'more';\n"}, []string{
		"function more added",
		"dev (1): version",
		"  added Role AWS::IAM::Role",
		"  added LogGroup AWS::Logs::LogGroup",
		"  added Function AWS::Lambda::Function",
		"  added Live AWS::Lambda::Alias",
		"  + Role xray:PutTelemetryRecords xray:PutTraceSegments",
		"  + Role logs:CreateLogStream logs:PutLogEvents",
		"  + Role lambda.amazonaws.com sts:AssumeRole",
		"prod (2): version",
		"  added Role AWS::IAM::Role",
		"  added LogGroup AWS::Logs::LogGroup",
		"  added Function AWS::Lambda::Function",
		"  added Live AWS::Lambda::Alias",
		"  + Role xray:PutTelemetryRecords xray:PutTraceSegments",
		"  + Role logs:CreateLogStream logs:PutLogEvents",
		"  + Role lambda.amazonaws.com sts:AssumeRole",
	}},
	{"a comment", replacing("functions/orders/function.yaml", "environment:", "# The table.\nenvironment:"), []string{}},
}

const renamed = "another name of the project"

// rearrangements change more of a project than a page shows: want is a part of it.
var rearrangements = []comparison{
	{"a resource of another type", replacing("functions/orders/resources.yaml", "Type: AWS::DynamoDB::Table", "Type: AWS::SQS::Queue", "      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]\n", "", "      KeySchema: [{AttributeName: id, KeyType: HASH}]\n", "", "BillingMode: PAY_PER_REQUEST", "VisibilityTimeout: 60"), []string{
		"  replaced Table Type AWS::DynamoDB::Table → AWS::SQS::Queue, data is lost, refused: retyped",
		"base target.yaml changed",
		"  - CloudFormationRole kms:ListAliases",
		"base changed: target.yaml 222222222222 eu-central-1",
		"base changed: target.yaml 333333333333 eu-central-1",
	}},
	{"a function in a new environment only", map[string]string{
		"functions/more/index.mjs":     "export const handler = async () => 'more';\n",
		"functions/more/function.yaml": "only: {environments: [qa]}\n",
		"foldstack.yaml":               compared["foldstack.yaml"] + "  qa: {accounts: [\"444444444444\"], regions: [eu-central-1]}\n",
	}, []string{
		"function more added",
		"  + PipelineRole sts:AssumeRole",
		"  + Key 222222222222, 333333333333, 444444444444 kms:DescribeKey",
		"target added: qa 444444444444 eu-central-1",
		"base changed: tooling.yaml 111111111111 eu-central-1",
		"base added: target.yaml 444444444444 eu-central-1",
		"stages added: qa",
	}},
	{"an account more", replacing("foldstack.yaml", `["222222222222"]`, `["222222222222", "444444444444"]`), []string{
		"  + AssetBucketPolicy 444444444444 s3:GetObject s3:GetObjectVersion",
		"target added: dev 444444444444 eu-central-1",
		"base changed: tooling.yaml 111111111111 eu-central-1",
		"base changed: pipeline.yaml 111111111111 eu-central-1",
		"base added: target.yaml 444444444444 eu-central-1",
	}},
	{"a region less", replacing("foldstack.yaml", `[eu-central-1, us-east-1]`, `[eu-central-1]`), []string{
		"  - DeployRole s3:ListBucket",
		"  - BuildRole s3:ListBucket",
		"target removed: prod 333333333333 us-east-1",
		"base changed: target.yaml 333333333333 eu-central-1",
		"base removed: tooling-region.yaml 111111111111 us-east-1",
	}},
	{renamed, replacing("foldstack.yaml", "project: shop", "project: store"), []string{
		"function plain changed",
		"orchestration shop-dev removed",
		"orchestration store-dev added",
		"base added: tooling.yaml 111111111111 eu-central-1",
		"base removed: tooling.yaml 111111111111 eu-central-1",
	}},
}

func projectOf(t testing.TB, files map[string]string) *generator.Result {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		if text == "" {
			continue
		}
		file := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	result, err := generator.Check(t.Context(), generator.Options{Root: root})
	require.NoError(t, err)
	require.Empty(t, result.Problems)
	return result
}

func changed(t testing.TB, change map[string]string) *generator.Result {
	files := maps.Clone(compared)
	maps.Copy(files, change)
	return projectOf(t, files)
}

func TestADifferenceIsToldInTheWordsOfADeployment(t *testing.T) {
	before := projectOf(t, compared)
	for _, c := range comparisons {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, tellReport(generator.Compare(before, changed(t, c.change))))
		})
	}
}

func TestWhatIsRearrangedIsTold(t *testing.T) {
	before := projectOf(t, compared)
	for _, c := range rearrangements {
		t.Run(c.name, func(t *testing.T) {
			assert.Subset(t, tellReport(generator.Compare(before, changed(t, c.change))), c.want)
		})
	}
}

func TestAProjectDoesNotDifferFromItself(t *testing.T) {
	for _, c := range slices.Concat(comparisons, rearrangements) {
		one, other := changed(t, c.change), changed(t, c.change)
		report := generator.Compare(one, other)
		assert.True(t, report.Empty(), "%s: %v", c.name, tellReport(report))
		assert.Equal(t, len(one.Project.Functions), report.Unchanged)
	}
}

// Also one with a hundred targets, and one with twelve hundred functions.
func TestNoProjectDiffersFromItself(t *testing.T) {
	for golden, files := range projects(t) {
		project, err := generator.Check(t.Context(), generator.Options{Root: files.create(t, t.TempDir(), 1)})
		require.NoError(t, err)
		report := generator.Compare(project, project)
		assert.True(t, report.Empty(), "%s: %v", golden, tellReport(report))
		assert.Equal(t, len(project.Project.Functions), report.Unchanged, golden)
	}
}

// What one deployment adds, the opposite one removes, but for stacks that get other names:
// the new ones are made, and the old ones stay.
func TestTheOppositeDifferenceIsTheMirror(t *testing.T) {
	before := projectOf(t, compared)
	for _, c := range slices.Concat(comparisons, rearrangements) {
		if c.name == renamed {
			continue
		}
		after := changed(t, c.change)
		there, back := generator.Compare(before, after), generator.Compare(after, before)
		assert.ElementsMatch(t, tellReport(bare(there)), tellReport(bare(mirrored(back))), c.name)
	}
}

// mirrored is a report read from its end.
func mirrored(r *diff.Report) *diff.Report {
	opposite := map[diff.Action]diff.Action{diff.Added: diff.Removed, diff.Removed: diff.Added, diff.Changed: diff.Changed, diff.Replaced: diff.Replaced}
	for _, c := range [][]diff.Change{r.Functions, r.Stacks} {
		for i := range c {
			c[i].Action = opposite[c[i].Action]
			for j := range c[i].Places {
				p := &c[i].Places[j]
				p.Action = opposite[p.Action]
				for k := range p.Resources {
					p.Resources[k].Action = opposite[p.Resources[k].Action]
					for l := range p.Resources[k].Properties {
						v := &p.Resources[k].Properties[l].Values
						v.Before, v.After = v.After, v.Before
					}
				}
				for k := range p.Grants {
					p.Grants[k].Action = opposite[p.Grants[k].Action]
				}
			}
		}
	}
	r.Targets.Added, r.Targets.Removed = r.Targets.Removed, r.Targets.Added
	r.Stages.Added, r.Stages.Removed = r.Stages.Removed, r.Stages.Added
	for i := range r.BaseStacks {
		r.BaseStacks[i].Action = opposite[r.BaseStacks[i].Action]
	}
	return r
}

// bare is a report without what is told in one direction only: what data is lost, and of a
// function that comes what it may do and which version it publishes.
func bare(r *diff.Report) *diff.Report {
	for _, changes := range [][]diff.Change{r.Functions, r.Stacks} {
		for i := range changes {
			for j := range changes[i].Places {
				p := &changes[i].Places[j]
				for k := range p.Resources {
					p.Resources[k].LosesData, p.Resources[k].Type, p.Resources[k].Name = false, "", ""
				}
				if p.Action != diff.Changed {
					p.Version, p.Grants = false, nil
				}
			}
		}
	}
	return r
}

// tellReport is a report in lines.
func tellReport(r *diff.Report) []string {
	lines := []string{}
	add := func(format string, args ...any) {
		lines = append(lines, strings.TrimRight(fmt.Sprintf(format, args...), " "))
	}
	for _, c := range slices.Concat(r.Functions, r.Stacks) {
		add("%s %s %s", c.Kind, c.Name, c.Action)
		for _, p := range c.Places {
			tellPlace(add, p)
		}
	}
	for _, t := range r.Targets.Added {
		add("target added: %s %s %s", t.Environment, t.Account, t.Region)
	}
	for _, t := range r.Targets.Removed {
		add("target removed: %s %s %s", t.Environment, t.Account, t.Region)
	}
	for _, b := range r.BaseStacks {
		add("base %s: %s %s %s", b.Action, b.Template, b.Account, b.Region)
	}
	add("stages added: %s", strings.Join(r.Stages.Added, ", "))
	add("stages removed: %s", strings.Join(r.Stages.Removed, ", "))
	return slices.DeleteFunc(lines, func(line string) bool { return line == "stages added:" || line == "stages removed:" })
}

func tellPlace(add func(string, ...any), p diff.Place) {
	var marks []string
	if p.Code != nil {
		marks = append(marks, "code")
	}
	if p.Version {
		marks = append(marks, "version")
	}
	add("%s (%d): %s", p.Environment, len(p.Targets), strings.Join(marks, ", "))
	for _, r := range p.Resources {
		if len(r.Properties) == 0 {
			add("  %s %s %s%s", r.Action, r.ID, r.Type, tellFate(r))
		}
		for _, property := range r.Properties {
			add("  %s %s %s%s", r.Action, r.ID, tellProperty(property), tellFate(r))
		}
	}
	for _, g := range p.Grants {
		add("  %s %s %s%s", map[diff.Action]string{diff.Added: "+", diff.Removed: "-"}[g.Action], g.Subject, strings.TrimLeft(strings.Join(g.Principals, ", ")+" ", " "), strings.Join(g.Actions, " "))
	}
}

func tellProperty(p diff.Property) string {
	value := func(text *string) string {
		if text == nil {
			return "–"
		}
		return *text
	}
	switch {
	case p.Policy:
		return p.Path
	case p.Follows != "":
		return p.Path + " follows " + p.Follows
	}
	return p.Path + " " + value(p.Before) + " → " + value(p.After)
}

func tellFate(r diff.Resource) string {
	text := ""
	if r.Maybe {
		text += ", maybe replaced"
	}
	if r.LosesData {
		text += ", data is lost"
	}
	if r.Refused != "" {
		text += ", refused: " + string(r.Refused)
	}
	return text
}
