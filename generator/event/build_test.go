package event

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/source"

	"github.com/awslabs/goformation/v7/cloudformation/iam"
	"github.com/awslabs/goformation/v7/cloudformation/lambda"
	"github.com/awslabs/goformation/v7/cloudformation/sqs"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// build puts events into a template of their own.
func build(t testing.TB, entries ...string) (*Context, []diag.Problem) {
	t.Helper()
	var problems diag.Problems
	c := &Context{
		Project:   &model.Project{Name: "shop"},
		Function:  &model.Function{Name: "worker", Settings: model.Settings{Timeout: source.Field[int]{Value: 20, Set: true}}},
		Template:  &cfn.Template{},
		Alias:     cfn.Ref("Live"),
		Unaliased: cfn.GetAtt("Function", "Arn"),
		RolePath:  cfn.Sub("/foldstack/shop/${Environment}/"),
		Boundary:  cfn.Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/foldstack-base/shop/shop-${Environment}-boundary"),
		Problems:  &problems,
	}
	parameters := map[string]bool{}
	c.Parameter = func(r Reference) string {
		name := "From" + strings.NewReplacer("-", "", "_", "", ".", "").Replace(r.String())
		if !parameters[name] {
			parameters[name] = true
			c.Template.Parameters = append(c.Template.Parameters, cfn.Parameter{Name: name})
		}
		return name
	}
	for _, entry := range entries {
		e, found := decode(t, entry)
		require.Empty(t, found, entry)
		c.Build(e)
	}
	return c, problems.Sorted()
}

// built is the text of one event's resources.
func built(t testing.TB, entry string) string {
	t.Helper()
	c, problems := build(t, entry)
	require.Empty(t, problems)
	data, err := c.Template.Render()
	require.NoError(t, err)
	return string(data)
}

// cases are the entries whose resources are kept in testdata, by file.
var cases = map[string][]string{
	"http":              {"http: GET /orders/{id}", "http:\n  route: ANY /files/{path+}\n  auth: iam", "http: $default"},
	"schedule":          {"schedule: rate(5 minutes)", "schedule: {expression: cron(0 3 * * ? *), timezone: Europe/Berlin, window: 15, retries: 2, maxAge: 600, enabled: false, input: {table: orders, size: 10, dry: true}}"},
	"sqs-made":          {"sqs: {queue: jobs, batchSize: 100, window: 5, concurrency: 4, partialFailures: true, attempts: 3}"},
	"sqs-fifo":          {"sqs: {queue: orders, fifo: true}"},
	"sqs-existing":      {"sqs: !Output work.QueueArn", "sqs:\n  queue: !GetAtt Jobs.Arn\n  enabled: false"},
	"sns-made":          {"sns: {topic: orders, filter: {state: [paid]}, filterOn: body, deadLetters: true}"},
	"sns-existing":      {"sns: !Ref News"},
	"event":             {"event:\n  pattern:\n    source: [aws.s3]\n    detail-type: [Object Created]\n    detail:\n      bucket: {name: [!Ref Media]}\n      object: {size: [{numeric: ['>', 0]}]}"},
	"event-bus":         {"event:\n  pattern: {source: [orders]}\n  bus: !Output buses.Orders\n  retries: 4\n  maxAge: 3600\n  deadLetters: true\n  enabled: false"},
	"config-changes":    {"config: {resourceTypes: [AWS::S3::Bucket], parameters: {tags: 'owner, cost-centre', max: 3}}"},
	"config-periodic":   {"config: {every: 24h}"},
	"config-both-kinds": {"config: {resourceTypes: [AWS::S3::Bucket, AWS::EC2::Instance], every: 1h}"},
}

func TestTheResourcesOfEachKind(t *testing.T) {
	for name, entries := range cases {
		c, problems := build(t, entries...)
		require.Empty(t, problems, name)
		standIn(c)
		got, err := c.Template.Render()
		require.NoError(t, err, name)
		golden := filepath.Join("testdata", name+".yaml")
		if *update {
			require.NoError(t, os.MkdirAll("testdata", 0o755))
			require.NoError(t, os.WriteFile(golden, got, 0o644))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got), golden)
	}
}

// standIn makes the template whole, so that a linter can read the golden file: a
// role with what the events ask for, and a resource for each name that they use.
func standIn(c *Context) {
	t := c.Template
	t.Parameters = append([]cfn.Parameter{{Name: "Environment"}, {Name: "Live"}, {Name: "Media"}, {Name: "News"}}, t.Parameters...)
	used := map[string]bool{}
	for _, r := range t.References() {
		used[r.ID] = true
	}
	if used["Jobs"] {
		t.Add("Jobs", &sqs.Queue{DelaySeconds: cfn.Ptr(0)})
	}
	t.Parameters = slices.DeleteFunc(t.Parameters, func(p cfn.Parameter) bool { return !used[p.Name] })
	if len(c.Statements) > 0 {
		t.Add("Role", &iam.Role{
			AssumeRolePolicyDocument: policy.Trust(nil, "lambda.amazonaws.com"),
			Policies:                 []iam.Role_Policy{{PolicyName: "function", PolicyDocument: policy.New(c.Statements...)}},
		})
	}
	t.Outputs = append(t.Outputs, c.Offered...)
}

func TestEveryGoldenFileIsMade(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	require.NoError(t, err)
	for _, file := range files {
		assert.Contains(t, cases, strings.TrimSuffix(filepath.Base(file), ".yaml"))
	}
}

func TestBuildAddsTheTypesOfTheTableAndNoOther(t *testing.T) {
	added := map[string]map[string]bool{}
	for _, entries := range cases {
		c, _ := build(t, entries...)
		kind, _, _ := strings.Cut(entries[0], ":")
		if added[kind] == nil {
			added[kind] = map[string]bool{}
		}
		for _, r := range c.Template.Resources {
			added[kind][r.Type()] = true
		}
	}
	for _, kind := range Kinds() {
		var types []string
		for name := range added[kind.Name] {
			types = append(types, name)
		}
		slices.Sort(types)
		assert.Equal(t, kind.Types, types, kind.Name)
	}
}

func TestBuildOffersTheOutputsThatTheEventNames(t *testing.T) {
	for _, entries := range cases {
		for _, entry := range entries {
			e, _ := decode(t, entry)
			c, _ := build(t, entry)
			var offered []string
			for _, o := range c.Offered {
				offered = append(offered, o.Name)
			}
			assert.Equal(t, e.Outputs(), offered, entry)
		}
	}
}

func TestEveryResourceHasTheEventAsItsOrigin(t *testing.T) {
	for _, entries := range cases {
		c, _ := build(t, entries...)
		for _, r := range c.Template.Resources {
			assert.Equal(t, "function.yaml", r.Origin.File, "%s", r.ID)
			assert.NotZero(t, r.Origin.Line, "%s", r.ID)
		}
	}
}

func TestTheOrderOfEventsChangesNoResource(t *testing.T) {
	entries := []string{"http: GET /a", "http: GET /b", "sqs: jobs", "schedule: rate(1 day)", "config: {every: 1h}"}
	c, _ := build(t, entries...)
	slices.Reverse(entries)
	d, _ := build(t, entries...)
	assert.Equal(t, trees(c), trees(d))
}

func trees(c *Context) map[string]any {
	all := map[string]any{}
	for _, r := range c.Template.Resources {
		all[r.ID] = c.Template.ResourceTree(r)
	}
	return all
}

func TestTheSameEventTwiceIsAProblemAtTheSecond(t *testing.T) {
	for kind, entry := range map[string]string{"http": "http: GET /a", "sqs": "sqs: jobs", "sns": "sns: news", "schedule": "schedule: rate(1 day)", "event": "event: {pattern: {source: [a]}}", "config": "config: {every: 1h}"} {
		_, problems := build(t, entry, entry)
		if assert.NotEmpty(t, problems, kind) {
			assert.Equal(t, "duplicate-event", problems[0].Rule)
			assert.Contains(t, problems[0].Text, kind)
		}
	}
}

// statements are all statements of all policies that the cases lead to.
func statements(t *testing.T) map[string][]policy.Statement {
	all := map[string][]policy.Statement{}
	for name, entries := range cases {
		c, _ := build(t, entries...)
		all[name] = append(all[name], c.Statements...)
		for _, r := range c.Template.Resources {
			if role, ok := r.Properties.(*iam.Role); ok {
				for _, p := range role.Policies {
					all[name] = append(all[name], p.PolicyDocument.(policy.Document).Statements...)
				}
			}
		}
	}
	return all
}

// AWS Config's PutEvaluations knows no type of resource; everything else that an
// event asks for names what it is about.
func TestOnlyPutEvaluationsIsAllowedOnEverything(t *testing.T) {
	for name, list := range statements(t) {
		for _, s := range list {
			for _, action := range s.Actions {
				assert.NotContains(t, action, "*", name)
			}
			if slices.Contains(s.Resources, "*") {
				assert.Equal(t, []string{"config:PutEvaluations"}, s.Actions, name)
			}
		}
	}
}

// The stage of an API is a wildcard, and the method of an ANY route; the path is
// always there.
func TestTheRoutePermissionIsNarrowedToTheRoute(t *testing.T) {
	for entry, suffix := range map[string]string{
		"http: GET /orders/{id}": "${Fromapiapiid}/*/GET/orders/{id}",
		"http: ANY /x/{proxy+}":  "/*/*/x/{proxy+}",
		"http: GET /":            "/*/GET/",
		"http: $default":         "/*/$default",
	} {
		c, _ := build(t, entry)
		var arns []string
		for _, r := range c.Template.Resources {
			if p, ok := r.Properties.(*lambda.Permission); ok {
				i, ok := cfn.Decode(*p.SourceArn)
				require.True(t, ok)
				arns = append(arns, i.Argument.(string))
			}
		}
		require.Len(t, arns, 1)
		assert.True(t, strings.HasPrefix(arns[0], "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${"), arns[0])
		assert.True(t, strings.HasSuffix(strings.ToLower(arns[0]), strings.ToLower(suffix)), arns[0])
	}
}

func TestEveryPermissionNamesItsSourceAndIsForTheAliasWhereThatIsDocumented(t *testing.T) {
	for name, entries := range cases {
		c, _ := build(t, entries...)
		for _, r := range c.Template.Resources {
			p, ok := r.Properties.(*lambda.Permission)
			if !ok {
				continue
			}
			assert.Equal(t, "lambda:InvokeFunction", p.Action, name)
			if p.Principal == configService {
				assert.Equal(t, c.Unaliased, p.FunctionName, name)
				assert.Nil(t, p.SourceArn, name)
				assert.Equal(t, cfn.AccountID, *p.SourceAccount, name)
			} else {
				assert.Equal(t, c.Alias, p.FunctionName, name)
				assert.NotEmpty(t, p.SourceArn, name)
			}
		}
	}
}

func TestAConfigRuleWaitsForItsPermission(t *testing.T) {
	c, _ := build(t, "config: {every: 1h}")
	require.Len(t, c.Template.Resources, 2)
	assert.Equal(t, []string{c.Template.Resources[0].ID}, c.Template.Resources[1].DependsOn)
}

func TestTheVisibilityTimeoutIsSixTimesTheLongestTimeout(t *testing.T) {
	said := func(n int) source.Field[int] { return source.Field[int]{Value: n, Set: true} }
	fn := &model.Function{Settings: model.Settings{Timeout: said(20)}}
	assert.Equal(t, 120, visibility(fn, 0))
	assert.Equal(t, 125, visibility(fn, 5))
	fn.Overrides = []model.Override{{Environment: "prod", Settings: model.Settings{Timeout: said(60)}}}
	assert.Equal(t, 360, visibility(fn, 0))
	assert.Equal(t, 6*model.DefaultSettings.Timeout.Value, visibility(&model.Function{}, 0))
}

func TestAMadeQueueIsEncryptedAndRefusesPlainHTTP(t *testing.T) {
	for _, name := range []string{"sqs-made", "sqs-fifo", "sns-made", "event-bus"} {
		text := built(t, cases[name][0])
		assert.Equal(t, strings.Count(text, "Type: AWS::SQS::Queue\n"), strings.Count(text, "SqsManagedSseEnabled: true"), name)
		assert.Equal(t, strings.Count(text, "Type: AWS::SQS::Queue\n"), strings.Count(text, "Type: AWS::SQS::QueuePolicy\n"), name)
		assert.Contains(t, text, "aws:SecureTransport", name)
	}
}

func TestOnlyAFIFOQueueIsNamed(t *testing.T) {
	for name, entries := range cases {
		c, _ := build(t, entries...)
		data, err := c.Template.Render()
		require.NoError(t, err)
		assert.Equal(t, strings.Count(string(data), "FifoQueue: true"), strings.Count(string(data), "QueueName:"), name)
	}
}

func TestNoPhysicalNameAndNoPartitionIsWritten(t *testing.T) {
	for name, entries := range cases {
		c, _ := build(t, entries...)
		data, err := c.Template.Render()
		require.NoError(t, err)
		for _, word := range []string{"arn:aws:", "TopicName:", "RoleName:", "ConfigRuleName:"} {
			assert.NotContains(t, string(data), word, name)
		}
	}
}
