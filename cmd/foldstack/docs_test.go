package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// base is what an example need not say: the keys of foldstack.yaml that every
// project has, and the stack whose outputs examples take.
var base = []struct{ key, text string }{
	{"project", "project: shop\n"},
	{"tooling", "tooling: {account: \"111111111111\", region: eu-central-1}\n"},
	{"environments", "environments:\n" +
		"  dev: {accounts: [\"222222222222\"]}\n" +
		"  prod: {accounts: [\"333333333333\"], regions: [eu-central-1, us-east-1]}\n"},
	{"stacks", "stacks: {orders: tables/orders.yaml}\n"},
}

const (
	ordersFile     = "tables/orders.yaml"
	ordersTemplate = `Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
Outputs:
  TableName: {Value: !Ref Table}
  TableArn: {Value: !GetAtt Table.Arn}
`
	code = "export const handler = async () => null;\n"
)

// complete adds to the files of an example what it does not say.
func complete(files map[string]string) {
	var missing strings.Builder
	for _, b := range base {
		if !regexp.MustCompile(`(?m)^` + b.key + `:`).MatchString(files[configName]) {
			missing.WriteString(b.text)
		}
	}
	files[configName] += missing.String()
	if _, ok := files[ordersFile]; !ok {
		files[ordersFile] = ordersTemplate
	}
	functions := 0
	for name := range files {
		if !strings.HasPrefix(name, "functions/") {
			continue
		}
		functions++
		if dir := filepath.Dir(name); !hasCode(files, dir) {
			files[dir+"/index.mjs"] = code
		}
	}
	if functions == 0 {
		files["functions/hello/index.mjs"] = code
	}
}

func hasCode(files map[string]string, dir string) bool {
	for name := range files {
		if strings.HasPrefix(name, dir+"/") && filepath.Ext(name) != ".yaml" {
			return true
		}
	}
	return false
}

// generated is what becomes of a project with these files.
func generated(t *testing.T, files map[string]string) *generator.Result {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	result, err := generator.Generate(t.Context(), generator.Options{Root: dir})
	require.NoError(t, err)
	return result
}

func problemText(result *generator.Result) string {
	var b strings.Builder
	_ = diag.WriteText(&b, result.Problems, result.Sources, false)
	return b.String()
}

var exampleName = regexp.MustCompile(`^(?:#|//) (\S+)$`)

// An example begins with a comment that names its file. The examples of a chapter
// are one project.
func TestTheExamplesAreProjectsWithoutProblems(t *testing.T) {
	count := 0
	for _, page := range written(t) {
		fences, _ := fencesAndRows(t, read(t, page))
		chapters := map[string]map[string]string{}
		var names []string
		for _, f := range fences {
			if slices.Contains([]string{"console", "sh", "text"}, f.language) {
				continue
			}
			m := exampleName.FindStringSubmatch(f.lines[0])
			if !assert.NotNil(t, m, "%s:%d: an example begins with a comment that names its file", page, f.first+1) {
				continue
			}
			if chapters[f.chapter] == nil {
				chapters[f.chapter] = map[string]string{}
				names = append(names, f.chapter)
			}
			chapters[f.chapter][m[1]] += strings.Join(f.lines, "\n") + "\n"
			count++
		}
		for _, name := range names {
			files := chapters[name]
			complete(files)
			assert.Empty(t, problemText(generated(t, files)), "%s: %s", page, name)
		}
	}
	assert.Greater(t, count, 10, "the search found too few examples")
}

// object is a mapping that users write, and a project in which it is written so that
// only its keys are still to come.
type object struct {
	heading  string   // of its table in docs/configuration.md
	file     string   // in which it stands
	around   string   // the file, with %s for the mapping
	required []string // the keys without which nothing would be read, each with its value
	keys     []string // of the table, where the mapping knows a part of them
}

const configurationPage = "docs/configuration.md"

var (
	whole       = []string{"project: shop", `tooling: {account: "111111111111", region: eu-central-1}`, `environments: {dev: {accounts: ["222222222222"]}}`}
	allowance   = []string{"allow: [dynamodb:GetItem]"}
	environment = []string{`accounts: ["222222222222"]`}
)

var objects = []object{
	{heading: "foldstack.yaml", file: configName, around: "%s", required: whole},
	{heading: "tooling", file: configName, around: "tooling: %s", required: []string{`account: "111111111111"`, "region: eu-central-1"}},
	{heading: "source", file: configName, around: "source: %s", required: []string{"provider: github", "repository: acme/shop"}, keys: []string{"provider", "folder", "repository", "branch", "connection"}},
	{heading: "source", file: configName, around: "source: %s", required: []string{"provider: s3"}, keys: []string{"provider", "folder", "bucket", "key"}},
	{heading: "build", file: configName, around: "build: %s"},
	{heading: "environments", file: configName, around: "environments: {dev: %s}", required: environment},
	{heading: "approval", file: configName, around: `environments: {dev: {accounts: ["222222222222"], approval: %s}}`},
	{heading: "defaults", file: configName, around: "defaults: %s"},
	{heading: "boundary and deployment", file: configName, around: "boundary: [%s]", required: allowance},
	{heading: "boundary and deployment", file: configName, around: "deployment: [%s]", required: allowance},
	{heading: "stacks", file: configName, around: "stacks: {orders: %s}", required: []string{"template: " + ordersFile}},
	{heading: "only", file: configName, around: "stacks: {orders: {template: " + ordersFile + ", only: %s}}", required: []string{"environments: [dev]"}},
	{heading: "function.yaml", file: "functions/worker/function.yaml", around: "%s"},
	{heading: "steps", file: "functions/worker/function.yaml", around: "build: %s"},
	{heading: "permissions", file: "functions/worker/function.yaml", around: "permissions: [%s]", required: append([]string{"on: '*'"}, allowance...)},
	{heading: "vpc", file: "functions/worker/function.yaml", around: "vpc: %s", required: []string{"subnets: [subnet-0123456789abcdef0]", "securityGroups: [sg-0123456789abcdef0]"}},
	{heading: "overrides", file: "functions/worker/function.yaml", around: "environments: {dev: %s}"},
	{heading: "only", file: "functions/worker/function.yaml", around: "only: %s", required: []string{"environments: [dev]"}},
}

// with is what foldstack says about the object when one key has a value.
func (o object) with(t *testing.T, key, value string) []diag.Problem {
	t.Helper()
	entries := []string{key + ": " + value}
	for _, entry := range o.required {
		if !strings.HasPrefix(entry, key+":") {
			entries = append(entries, entry)
		}
	}
	mapping := "{" + strings.Join(entries, ", ") + "}"
	files := map[string]string{o.file: fmt.Sprintf(o.around, mapping) + "\n"}
	if o.around == "%s" && o.file == configName {
		files[ordersFile], files["functions/hello/index.mjs"] = ordersTemplate, code
	} else {
		complete(files)
	}
	return generated(t, files).Problems
}

// known are the keys that the object's decoder knows: it lists them to whoever
// writes another.
func (o object) known(t *testing.T) []string {
	t.Helper()
	for _, p := range o.with(t, "nonsense", "1") {
		if _, list, ok := strings.Cut(p.Hint, "it knows "); ok && p.Rule == "unknown-key" {
			keys := strings.Split(list, ", ")
			slices.Sort(keys)
			return keys
		}
	}
	require.Fail(t, "no decoder refused an unknown key", "%s: %v", o.heading, o.with(t, "nonsense", "1"))
	return nil
}

// documented are the rows of the object's table by key.
func (o object) documented(t *testing.T) map[string]row {
	t.Helper()
	_, rows := fencesAndRows(t, read(t, configurationPage))
	table := map[string]row{}
	for _, r := range rows {
		key := strings.Trim(r.cells[0], "`")
		if r.heading == o.heading && (o.keys == nil || slices.Contains(o.keys, key)) {
			require.Len(t, r.cells, 4, "%s: key, type, default, meaning", o.heading)
			table[key] = r
		}
	}
	return table
}

func TestEveryKeyIsDocumentedAndNoOther(t *testing.T) {
	for _, o := range objects {
		var documented []string
		for key := range o.documented(t) {
			documented = append(documented, key)
		}
		slices.Sort(documented)
		assert.Equal(t, o.known(t), documented, "%s: %s (%s)", configurationPage, o.heading, o.around)
	}
}

// expectation is how a problem says what a value must be.
var expectation = regexp.MustCompile(` must be (?:a )?(.*), not `)

// typeOf is what the decoder says that a key must be; empty where it takes several
// shapes.
func (o object) typeOf(t *testing.T, key string) string {
	t.Helper()
	for _, value := range []string{"{a: b}", "some text"} {
		for _, p := range o.with(t, key, value) {
			m := expectation.FindStringSubmatch(p.Text)
			if m == nil || p.Rule != "wrong-kind" && p.Rule != "wrong-value" {
				continue
			}
			if strings.HasPrefix(p.Text, key+" of ") || strings.HasPrefix(p.Text, key+" must be ") {
				return strings.TrimSuffix(m[1], " of keys to values")
			}
		}
	}
	return ""
}

// Types and bounds stand in the table in the decoder's own words.
func TestTheDocumentedTypesAreThoseThatAreChecked(t *testing.T) {
	checked := 0
	for _, o := range objects {
		for key, r := range o.documented(t) {
			documented := strings.ReplaceAll(r.cells[1], "`", "")
			if want := o.typeOf(t, key); want != "" {
				assert.Equal(t, want, documented, "%s: %s of %s", configurationPage, key, o.heading)
				checked++
				continue
			}
			assert.True(t, documented == "text" || strings.HasPrefix(documented, "list of ") || strings.HasPrefix(documented, "mapping"),
				"%s: %s of %s: %q", configurationPage, key, o.heading, documented)
		}
	}
	assert.Greater(t, checked, 40, "too few types could be told")
}

func number(n int) string { return strconv.Itoa(n) }

func days() string {
	texts := make([]string, len(model.LogRetentions))
	for i, d := range model.LogRetentions {
		texts[i] = number(d)
	}
	return strings.Join(texts, ", ")
}

func TestTheDocumentedDefaultsAreThoseOfTheModel(t *testing.T) {
	for _, d := range []struct{ heading, key, want string }{
		{"foldstack.yaml", "functions", model.DefaultFunctions},
		{"foldstack.yaml", "output", model.DefaultOutput},
		{"foldstack.yaml", "tool", model.DefaultTool},
		{"source", "branch", model.DefaultBranch},
		{"source", "key", model.DefaultSourceKey},
		{"build", "image", model.DefaultBuildImages[model.DefaultBuildType]},
		{"build", "type", model.DefaultBuildType},
		{"build", "computeType", model.DefaultBuildComputeType},
		{"build", "privileged", "false"},
		{"build", "timeout", number(model.DefaultBuildTimeout)},
		{"approval", "timeout", number(model.DefaultApprovalTimeout)},
		{"defaults", "memory", number(model.DefaultSettings.Memory.Value)},
		{"defaults", "timeout", number(model.DefaultSettings.Timeout.Value)},
		{"defaults", "logRetention", number(model.DefaultSettings.LogRetention.Value)},
		{"defaults", "tracing", strconv.FormatBool(model.DefaultSettings.Tracing.Value)},
		{"defaults", "architecture", model.DefaultArchitecture},
	} {
		r := object{heading: d.heading}.documented(t)[d.key]
		require.NotEmpty(t, r.cells, "%s of %s", d.key, d.heading)
		assert.Equal(t, "`"+d.want+"`", r.cells[2], "%s: %s of %s", configurationPage, d.key, d.heading)
	}
}

func TestTheDocumentedLimitsAreThoseOfTheModel(t *testing.T) {
	text := strings.Join(read(t, configurationPage), "\n")
	for what, want := range map[string]string{
		"the project's name":        "at most " + number(model.MaxProjectName) + " characters",
		"an environment's name":     "at most " + number(model.MaxEnvironmentName) + " characters",
		"a function's folder":       "1 to " + number(model.MaxFunctionName) + " of",
		"days of logs":              days(),
		"variables that Lambda has": "`" + strings.Join(model.ReservedVariables, "`, `") + "`",
	} {
		assert.Contains(t, text, want, what)
	}
}

// What can be taken of another stack is listed to whoever takes something else.
func TestTheDocumentedOutputsAreThoseThatThereAre(t *testing.T) {
	_, rows := fencesAndRows(t, read(t, configurationPage))
	for stack, heading := range map[string]string{"worker": "outputs of a function", "api": "outputs of the API"} {
		files := map[string]string{
			"functions/worker/index.mjs":     code,
			"functions/worker/function.yaml": "events: [{http: GET /}]\n",
			"functions/other/function.yaml":  "environment: {VALUE: !Output " + stack + ".Zzzzzzzzzzzz}\n",
		}
		complete(files)
		problems := generated(t, files).Problems
		require.Len(t, problems, 1)
		list, ok := strings.CutPrefix(problems[0].Hint, "it has ")
		require.True(t, ok, problems[0].Hint)
		var documented []string
		for _, r := range rows {
			if r.heading == heading {
				documented = append(documented, strings.Trim(r.cells[0], "`"))
			}
		}
		assert.Equal(t, strings.Split(list, ", "), documented, heading)
	}
}

const architecturePage = "docs/architecture.md"

func TestThePhysicalNamesAreDocumentedAsTheyAreDerived(t *testing.T) {
	const project, env, function, account, region = "<project>", "<env>", "<function>", "<account>", "<region>"
	_, rows := fencesAndRows(t, read(t, architecturePage))
	documented := map[string]string{}
	for _, r := range rows {
		if r.heading == "Names and limits" {
			documented[r.cells[1]] = r.cells[2]
		}
	}
	name := model.FunctionName(project, env, function)
	derived := []struct {
		name string
		max  int // 0 where nothing of ours can pass it
	}{
		{name, model.MaxFunctionName},
		{model.LogGroupName(name), 0},
		{model.OrchestrationStack(project, env, "1") + "`, `" + model.OrchestrationStack(project, env, "2"), model.MaxStackName},
		{model.TargetStack(project, env), model.MaxStackName},
		{model.DeployRole(project, env), model.MaxRoleName},
		{model.CloudFormationRole(project, env), model.MaxRoleName},
		{model.BoundaryPolicy(project, env), 0},
		{model.BasePath(project), 0},
		{model.ArtifactBucket(project, account, region), model.MaxBucketName},
		{model.AssetBucket(project, account, region), model.MaxBucketName},
		{model.SourceBucket(project, account, region), model.MaxBucketName},
		{model.ImageRepository(project), 0},
		{model.KeyAlias(project), 0},
		{model.BuildProject(project), 0},
		{model.PipelineName(project), model.MaxPipelineName},
	}
	assert.Len(t, documented, len(derived))
	for _, d := range derived {
		limit, ok := documented["`"+d.name+"`"]
		assert.True(t, ok, "%s: %s", architecturePage, d.name)
		shown := ""
		if d.max > 0 {
			shown = number(d.max)
		}
		text, _, _ := strings.Cut(strings.TrimPrefix(limit, "["), "]")
		assert.Equal(t, shown, text, d.name)
	}
	text := strings.Join(read(t, architecturePage), "\n")
	assert.Contains(t, text, "`"+model.FunctionPath(project, env)+"`")
	for _, p := range []string{model.ToolingStack(project), model.RegionStack(project), model.PipelineStack(project)} {
		assert.Contains(t, text, "| `"+p+"` | `out/")
	}
}

var roleName = regexp.MustCompile(`(?m)^      RoleName: (?:!Sub )?(\S+)$`)

// Every role of the base stacks has its row in the table of who may do what.
func TestEveryFixedRoleIsDocumentedAndNoOther(t *testing.T) {
	made := []string{"execution roles"}
	for _, project := range []string{".", "generator/testdata/china"} { // the second has an S3 source
		config := strings.Join(read(t, filepath.Join(project, configName)), "\n")
		name := regexp.MustCompile(`(?m)^project: (\S+)`).FindStringSubmatch(config)[1]
		for _, template := range []string{"tooling.yaml", "target.yaml"} {
			for _, m := range roleName.FindAllStringSubmatch(strings.Join(read(t, filepath.Join(project, "out", template)), "\n"), -1) {
				made = append(made, strings.NewReplacer(name+"-", "<project>-", "${Environment}", "<env>").Replace(m[1]))
			}
		}
	}
	slices.Sort(made)
	_, rows := fencesAndRows(t, read(t, architecturePage))
	var documented []string
	for _, r := range rows {
		if r.heading == "Who may do what" {
			role, _, _ := strings.Cut(r.cells[0], ",")
			documented = append(documented, strings.Trim(role, "`"))
		}
	}
	slices.Sort(documented)
	assert.Equal(t, slices.Compact(made), documented)
}

func TestTheLayoutOfTheHouseNamesEveryPackage(t *testing.T) {
	text := strings.Join(read(t, "CONTRIBUTING.md"), "\n")
	packages, err := filepath.Glob(filepath.Join(root, "generator", "*", "doc.go"))
	require.NoError(t, err)
	require.Greater(t, len(packages), 8)
	for _, doc := range packages {
		name := filepath.Base(filepath.Dir(doc))
		assert.Contains(t, text, "| `generator/"+name+"` |", "CONTRIBUTING.md does not say what the package is for")
	}
}

func TestTheReadmeListsEveryCommand(t *testing.T) {
	var commands, documented []string
	for _, c := range newSession(os.Stdout, os.Stderr, noEnv).rootCommand().Commands() {
		if c.IsAvailableCommand() {
			commands = append(commands, c.CommandPath())
		}
	}
	_, rows := fencesAndRows(t, read(t, "README.md"))
	for _, r := range rows {
		if name := strings.Trim(r.cells[0], "`"); strings.HasPrefix(name, "foldstack ") {
			documented = append(documented, name)
		}
	}
	slices.Sort(commands)
	assert.Equal(t, commands, documented)
}
