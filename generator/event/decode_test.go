package event

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// decode reads one entry of events and returns it with what was wrong.
func decode(t testing.TB, entry string) (Event, []diag.Problem) {
	t.Helper()
	var problems diag.Problems
	root := source.Parse("function.yaml", []byte(entry+"\n"), &problems)
	require.NotNil(t, root, "%s: %v", entry, problems.Sorted())
	fn := &model.Function{Name: "worker"}
	decoded := Decode(root, fn, &model.Project{Name: "shop"}, &problems)
	if decoded == nil {
		return nil, problems.Sorted()
	}
	return decoded.(Event), problems.Sorted()
}

func TestEveryKindIsInTheTableByName(t *testing.T) {
	kinds := Kinds()
	assert.True(t, slices.IsSortedFunc(kinds, func(a, b Kind) int { return strings.Compare(a.Name, b.Name) }))
	for _, kind := range kinds {
		assert.NotEmpty(t, kind.Doc, kind.Name)
		assert.True(t, slices.IsSorted(kind.Types), "%s: %v", kind.Name, kind.Types)
	}
}

func TestEveryExampleDecodesAsItsKind(t *testing.T) {
	for _, kind := range Kinds() {
		e, problems := decode(t, kind.Example)
		require.Empty(t, problems, kind.Name)
		assert.Equal(t, kind.Name, e.Kind())
		assert.NotEmpty(t, e.Summary())
		assert.Equal(t, diag.Place{File: "function.yaml", Line: 1, Column: 1}, e.Place())
	}
}

func TestEveryKeyInTheTableIsKnownAndNoOther(t *testing.T) {
	for _, kind := range Kinds() {
		entry := kind.Name + ":\n"
		for _, key := range kind.Keys {
			assert.NotEmpty(t, key.Doc, "%s.%s", kind.Name, key.Name)
			entry += "  " + key.Name + ": 1\n"
		}
		_, problems := decode(t, entry)
		for _, p := range problems {
			assert.NotEqual(t, "unknown-key", p.Rule, "%s: %s", kind.Name, p.Text)
		}
		_, problems = decode(t, kind.Name+":\n  nonsense: 1\n")
		assert.True(t, slices.ContainsFunc(problems, func(p diag.Problem) bool { return p.Rule == "unknown-key" }), "%s: %v", kind.Name, problems)
	}
}

func TestASingleValueStandsForTheFirstKey(t *testing.T) {
	for short, long := range map[string]string{
		"http: GET /orders":         "http: {route: GET /orders}",
		"schedule: rate(5 minutes)": "schedule: {expression: rate(5 minutes)}",
		"sqs: jobs":                 "sqs: {queue: jobs}",
		"sqs: !GetAtt Jobs.Arn":     "sqs:\n  queue: !GetAtt Jobs.Arn",
		"sns: news":                 "sns: {topic: news}",
	} {
		a, problems := decode(t, short)
		require.Empty(t, problems, short)
		b, problems := decode(t, long)
		require.Empty(t, problems, long)
		assert.Equal(t, a.Summary(), b.Summary())
		assert.Equal(t, built(t, short), built(t, long))
	}
}

// Each row is an entry, the rule that it breaks and a word of what is said.
var wrong = []struct{ entry, rule, says string }{
	{"http: [GET /a, GET /b]", "", ""},
	{"hhtp: GET /orders", "unknown-event", "did you mean http?"},
	{"carrier-pigeon: x", "unknown-event", "the kinds are"},
	{"sqs: {queue}", "event-form", "nothing stands behind queue"},
	{"config:", "event-form", "nothing stands behind config"},
	{"GET /orders", "event-form", "one key"},
	{"{http: GET /a, sqs: jobs}", "event-form", "one with several"},
	{"{}", "event-form", "an empty one"},

	{"http: orders", "http-route", "not a route"},
	{"http: get /orders", "http-route", "did you mean GET?"},
	{"http: FETCH /orders", "http-route", "not a method"},
	{"http: GET orders", "http-route", "begin with a slash"},
	{"http: GET /orders//x", "http-route", "empty segment"},
	{"http: GET /orders/", "http-route", "empty segment"},
	{"http: GET /orders/x{id}", "http-route", "neither text nor a parameter"},
	{"http: GET /a/{id}/b/{id}", "http-route", "two parameters called id"},
	{"http: GET /a/{rest+}/b", "http-route", "put it last"},
	{"http: {route: GET /a, auth: jwt}", "", "auth"},

	{"schedule: every day", "schedule-expression", "not a schedule"},
	{"schedule: often(5)", "schedule-expression", "no schedule of the form often"},
	{"schedule: rate(5)", "schedule-expression", "no rate"},
	{"schedule: rate(0 minutes)", "schedule-expression", "no rate"},
	{"schedule: rate(1 minutes)", "schedule-expression", "write rate(1 minute)"},
	{"schedule: rate(5 minute)", "schedule-expression", "write rate(5 minutes)"},
	{"schedule: rate(5 seconds)", "schedule-expression", "no rate"},
	{"schedule: cron(0 3 * * *)", "schedule-expression", "5 fields and not six"},
	{"schedule: cron(60 3 * * ? *)", "schedule-expression", `"60" cannot stand in the field minutes`},
	{"schedule: cron(0 24 * * ? *)", "schedule-expression", "field hours"},
	{"schedule: cron(0 3 32 * ? *)", "schedule-expression", "field day-of-month"},
	{"schedule: cron(0 3 * 13 ? *)", "schedule-expression", "JAN to DEC"},
	{"schedule: cron(0 3 ? * MOO *)", "schedule-expression", "field day-of-week"},
	{"schedule: cron(0 3 ? * FRI-MON *)", "schedule-expression", "FRI-MON"},
	{"schedule: cron(0 3 * * ? 1969)", "schedule-expression", "field year"},
	{"schedule: cron(0/0 3 * * ? *)", "schedule-expression", "field minutes"},
	{"schedule: cron(0 3 * * * *)", "schedule-expression", "exactly one"},
	{"schedule: cron(0 3 ? * ? *)", "schedule-expression", "exactly one"},
	{"schedule: cron(? 3 * * ? *)", "schedule-expression", "field minutes"},
	{"schedule: at(2030-02-30T09:00:00)", "schedule-expression", "no point in time"},
	{"schedule: at(2030-01-31T09:00:00Z)", "schedule-expression", "without a zone"},
	{"schedule: {expression: rate(1 day), timezone: in Berlin}", "schedule-timezone", "not a time zone"},
	{"schedule: {expression: rate(1 day), window: 1441}", "", "1440"},
	{"schedule:\n  expression: rate(1 day)\n  input: {table: !Ref Table}", "schedule-input", "no tag"},
	{"schedule: {timezone: Europe/Berlin}", "", "expression"},

	{"sqs: {batchSize: 10}", "", "queue"},
	{"sqs: jobs.fifo", "sqs-queue", "fifo: true"},
	{"sqs: [a, b]", "", ""},
	{"sqs: arn:aws:sns:eu-central-1:111111111111:jobs", "sqs-queue", "not the ARN of a queue"},
	{"sqs: {queue: jobs, batchSize: 11}", "sqs-batch", "window: 1"},
	{"sqs: {queue: jobs, fifo: true, batchSize: 11, window: 1}", "sqs-batch", "at most 10"},
	{"sqs: {queue: jobs, concurrency: 1}", "", "2"},
	{"sqs:\n  queue: !GetAtt Jobs.Arn\n  attempts: 3", "sqs-existing", "attempts"},
	{"sqs:\n  queue: !GetAtt Jobs.Arn\n  fifo: true", "sqs-existing", "fifo"},

	{"sns: {topic: news, filter: paid}", "sns-filter", "a mapping"},
	{"sns: {topic: news, filterOn: body}", "sns-filter", "add filter"},
	{"sns: arn:aws:sqs:eu-central-1:111111111111:news", "sns-topic", "not the ARN of a topic"},

	{"event: {bus: orders}", "", "pattern"},
	{"event: {pattern: {}}", "event-pattern", "at least one field"},
	{"event: {pattern: {source: aws.s3}}", "event-pattern", "source: [aws.s3]"},
	{"event: {pattern: {detail: {bucket: {name: media}}}}", "event-pattern", `field "name"`},
	{"event: {pattern: {source: [a]}, bus: the bus}", "event-bus", "event bus"},

	{"config: {parameters: {a: b}}", "config-trigger", "nothing calls the rule"},
	{"config: {resourceTypes: [S3Bucket]}", "config-type", "not a type of resource"},
	{"config: {every: 1h, parameters: {Ref: a}}", "config-parameter", "a parameter called Ref"},
	{"config: {every: 1h, parameters: {Fn::Sub: a}}", "config-parameter", "a parameter called Fn::Sub"},
	{"config: {every: 2h}", "", "every"},
}

func TestAWrongEventIsAProblemThatSaysWhatToWrite(t *testing.T) {
	for _, test := range wrong {
		_, problems := decode(t, test.entry)
		if !assert.NotEmpty(t, problems, test.entry) {
			continue
		}
		var said strings.Builder
		rules := map[string]bool{}
		for _, p := range problems {
			rules[p.Rule] = true
			said.WriteString(p.Text + "; " + p.Hint + "\n")
			assert.True(t, p.Hint != "" || p.Rule != test.rule, test.entry)
			assert.NotZero(t, p.Place.Line, test.entry)
		}
		if test.rule != "" {
			assert.Contains(t, rules, test.rule, test.entry)
		}
		assert.Contains(t, said.String(), test.says, test.entry)
	}
}

func TestEventsThatAWSTakesAreNoProblem(t *testing.T) {
	for _, entry := range []string{
		"http: GET /",
		"http: $default",
		"http: ANY /files/{path+}",
		"http: POST /a.b/~c/{id}/items",
		"schedule: rate(1 hour)",
		"schedule: rate(90 days)",
		"schedule: cron(0/15 8-18,20 ? JAN-MAR,12 MON-FRI *)",
		"schedule: cron(0 3 L * ? 2030/2)",
		"schedule: cron(0 3 15W * ? *)",
		"schedule: cron(0 3 ? * 6#3 *)",
		"schedule: cron(0 3 ? * FRIL 2026-2030)",
		"schedule: at(2032-02-29T09:00:00)",
		"schedule: {expression: rate(1 day), timezone: America/Argentina/Buenos_Aires}",
		"sqs: {queue: jobs, batchSize: 10000, window: 1, concurrency: 1000}",
		"sqs: {queue: jobs, fifo: true, batchSize: 10}",
		"sqs: arn:aws-us-gov:sqs:us-gov-west-1:111111111111:jobs.fifo",
		"sqs: !Output work.QueueArn",
		"sns: arn:aws-cn:sns:cn-north-1:111111111111:news",
		"event: {pattern: {$or: [{source: [a]}, {detail-type: [b]}]}}",
		"event: {pattern: {detail: {size: [{numeric: ['>', 5]}], gone: [{exists: false}]}}, bus: orders}",
		"event:\n  pattern: {source: [a]}\n  bus: !GetAtt Bus.Name",
		"config: {resourceTypes: [AWS::S3::Bucket, AWS::EC2::Instance], every: 24h}",
	} {
		e, problems := decode(t, entry)
		assert.Empty(t, problems, entry)
		assert.NotNil(t, e, entry)
	}
}

func TestAPatternIsMeasuredAsEventBridgeDoes(t *testing.T) {
	frame := len(`{"source":[""]}`)
	fits := "event: {pattern: {source: [" + strings.Repeat("a", maxPattern-frame) + "]}}"
	_, problems := decode(t, fits)
	assert.Empty(t, problems)
	_, problems = decode(t, strings.Replace(fits, "[a", "[aa", 1))
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0].Text, "2049 characters")
}

func TestAnEventNamesTheOutputsThatItTakes(t *testing.T) {
	for entry, want := range map[string][]string{
		"sqs: !Output work.QueueArn": {"work.QueueArn"},
		"http: GET /orders":          {"api.ApiId"},
		"event:\n  pattern: {source: [a]}\n  bus: !Output buses.Orders": {"buses.Orders"},
		"sqs: jobs": nil,
	} {
		e, problems := decode(t, entry)
		require.Empty(t, problems)
		var got []string
		for _, r := range e.Uses() {
			got = append(got, r.String())
		}
		assert.Equal(t, want, got, entry)
	}
}

func TestALogicalIDFollowsFromTheContentAlone(t *testing.T) {
	assert.Regexp(t, "^RouteGETOrdersId[0-9a-f]{8}$", identify("Route", "GET /orders/{id}", "GET /orders/{id}"))
	assert.NotEqual(t, identify("Route", "GET /orders/{id}", "GET /orders/{id}"), identify("Route", "GET /orders/id", "GET /orders/id"))
	long := identify("Rule", strings.Repeat("word ", 100), "x")
	assert.LessOrEqual(t, len(long), len("Rule")+maxWords+8)
	assert.Regexp(t, regexp.MustCompile(`^[A-Za-z0-9]+$`), identify("Messages", "!GetAtt Jöbs.Arn", "y"))
}

func FuzzAnExpressionIsJudgedWithoutPanic(f *testing.F) {
	for _, test := range wrong {
		if text, ok := strings.CutPrefix(test.entry, "schedule: "); ok {
			f.Add(text)
		}
	}
	f.Add("cron(0/15 8-18,20 ? JAN-MAR,12 MON-FRI *)")
	f.Fuzz(func(t *testing.T, text string) {
		reason, hint := checkExpression(text)
		assert.Equal(t, reason == "", hint == "", text)
	})
}

func FuzzDecodeTakesWhateverParses(f *testing.F) {
	for _, kind := range Kinds() {
		f.Add(kind.Example)
	}
	for _, test := range wrong {
		f.Add(test.entry)
	}
	f.Fuzz(func(t *testing.T, entry string) {
		var problems diag.Problems
		root := source.Parse("function.yaml", []byte(entry), &problems)
		if root == nil {
			return
		}
		e := Decode(root, &model.Function{Name: "worker"}, &model.Project{Name: "shop"}, &problems)
		if e == nil && problems.Empty() {
			t.Fatalf("neither an event nor a problem: %q", entry)
		}
	})
}
