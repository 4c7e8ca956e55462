package generator_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator"
)

// FuzzGenerate makes small projects out of bytes, valid ones and broken ones, and
// requires of each what must hold of all (see examine).
func FuzzGenerate(f *testing.F) {
	f.Add([]byte{})
	r := rand.New(rand.NewPCG(1, 1))
	seeds := 200
	if testing.Short() {
		seeds = 20
	}
	for range seeds {
		choices := make([]byte, r.IntN(160))
		for i := range choices {
			choices[i] = byte(r.Uint32())
		}
		f.Add(choices)
	}
	f.Fuzz(func(t *testing.T, choices []byte) {
		examine(t, (&dice{rest: choices}).project())
	})
}

// FuzzGenerateText lets the fuzzer write the files itself, from those of the
// golden projects on.
func FuzzGenerateText(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*/functions/*/function.yaml")
	if err != nil {
		f.Fatal(err)
	}
	more, _ := filepath.Glob("../functions/*/function.yaml")
	for _, file := range append(seeds, more...) {
		function, _ := os.ReadFile(file)
		resources, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "resources.yaml"))
		f.Add(minimal, string(function), string(resources))
	}
	for name, text := range carrier.carrying("text") {
		if name == "foldstack.yaml" {
			f.Add(text, carrier["functions/f/function.yaml"], carrier["functions/f/resources.yaml"])
		}
	}
	f.Fuzz(func(t *testing.T, config, function, resources string) {
		examine(t, tree{
			"foldstack.yaml": config, "data.yaml": stackTemplates[0],
			"functions/f/index.mjs": code[0]["index.mjs"], "functions/f/function.yaml": function, "functions/f/resources.yaml": resources,
			"functions/g/index.mjs": code[0]["index.mjs"],
		})
	})
}

const minimal = "project: p\ntooling: {account: \"111111111111\", region: eu-central-1}\nenvironments:\n  dev: {accounts: [\"222222222222\"]}\nstacks: {data: data.yaml}\n"

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// examine requires what must hold of every project: nothing but problems goes
// wrong, each has a place that can be looked at, a second run says the same, and
// an output fits together.
func examine(t *testing.T, project tree) {
	t.Helper()
	root := t.TempDir()
	for name, text := range project {
		write(t, root, name, text)
	}
	result, err := generator.Generate(t.Context(), generator.Options{Root: root})
	if err != nil {
		t.Fatalf("%v\n%s", err, project.text())
	}
	for _, p := range result.Problems {
		if !kebab.MatchString(p.Rule) || p.Text == "" || strings.Contains(p.Text+p.Hint, root) {
			t.Errorf("a careless problem: %+v", p)
		}
		if !reachable(root, p.Place.File, p.Place.Line, p.Place.Column) {
			t.Errorf("%s: %s [%s]: there is no such place\n%s", p.Place, p.Text, p.Rule, project.text())
		}
		for _, n := range p.Notes {
			if !reachable(root, n.Place.File, n.Place.Line, n.Place.Column) {
				t.Errorf("%s: %s [%s]: there is no such place\n%s", n.Place, n.Text, p.Rule, project.text())
			}
		}
	}
	again, err := generator.Generate(t.Context(), generator.Options{Root: root})
	if err != nil || text(result) != text(again) {
		t.Fatalf("a second run says something else: %v\n%s\n%s", err, text(result), text(again))
	}
	if len(result.Problems) > 0 {
		if result.Plan != nil || result.Files != nil {
			t.Error("there are problems and files")
		}
		return
	}
	files := map[string][]byte{}
	for i, file := range result.Plan.Files() {
		files[file.Path] = file.Data
		if !bytes.Equal(file.Data, again.Plan.Files()[i].Data) {
			t.Errorf("a second run renders %s otherwise", file.Path)
		}
	}
	for _, complaint := range wiring(files, result.Project.Output, project.text()) {
		t.Errorf("%s\n%s", complaint, project.text())
	}
}

// reachable reports whether a place is in a file or folder that is there. The
// column behind the end of a line is one, and so is the line behind the last.
func reachable(root, file string, line, column int) bool {
	info, err := os.Lstat(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil || file == "" || line == 0 {
		return err == nil && file != ""
	}
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil || info.IsDir() || line < 0 || column < 0 {
		return false
	}
	lines := strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n")
	return line <= len(lines) && column <= utf8.RuneCountInString(lines[line-1])+1
}

// Whole projects keep the same promises.
func TestWhatIsFuzzedHoldsOfEveryProject(t *testing.T) {
	for name, project := range projects(t) {
		if name != large { // TestInEveryProjectWhatIsNamedIsThere looks at it
			t.Run(name, func(t *testing.T) { examine(t, project) })
		}
	}
}

// Chance makes projects of both kinds, so that neither half of examine is idle.
func TestTheGrammarMakesValidAndBrokenProjects(t *testing.T) {
	if testing.Short() {
		t.Skip("chance takes its time")
	}
	r := rand.New(rand.NewPCG(2, 2))
	valid, rules := 0, map[string]bool{}
	for range 300 {
		choices := make([]byte, 200)
		for i := range choices {
			choices[i] = byte(r.Uint32())
		}
		project := (&dice{rest: choices}).project()
		result, err := generator.Generate(t.Context(), generator.Options{Root: project.create(t, t.TempDir(), 1)})
		if err != nil {
			t.Fatalf("%v\n%s", err, project.text())
		}
		if len(result.Problems) == 0 {
			valid++
		}
		for _, p := range result.Problems {
			rules[p.Rule] = true
		}
	}
	if valid < 60 || valid > 240 || len(rules) < 40 {
		t.Errorf("%d of 300 are valid, and the others break %d rules", valid, len(rules))
	}
}

// dice makes choices out of bytes. Where they have run out it takes the first.
type dice struct {
	rest   []byte
	broken bool // what is wrong may be chosen too
}

func (d *dice) below(n int) int {
	if len(d.rest) == 0 || n < 2 {
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return int(b) % n
}

// pick is one of the right texts, or seldom one of the wrong ones.
func (d *dice) pick(right []string, wrong ...string) string {
	if d.broken && len(wrong) > 0 && d.below(12) == 11 {
		return wrong[d.below(len(wrong))]
	}
	return right[d.below(len(right))]
}

// maybe is a text or nothing.
func (d *dice) maybe(text func() string) string {
	if d.below(2) == 0 {
		return ""
	}
	return text()
}

// project is a small project.
func (d *dice) project() tree {
	d.broken = d.below(2) == 1
	mutations := 0
	if d.below(4) == 3 {
		mutations = 1 + d.below(4)
	}
	files := tree{"foldstack.yaml": d.config(), "data.yaml": d.pick(stackTemplates, brokenTemplates...)}
	for i := range 1 + d.below(4) {
		d.function(files, i)
	}
	if d.below(8) == 7 {
		files["foldstack.lock"] = d.pick(locks, "version: 2\n", "orchestrations: [f0]\n", "version: 1\norchestrations: {f0: 0, f1: two}\n", "x", "")
	}
	names := sortedKeys(files)
	for range mutations {
		name := names[d.below(len(names))]
		files[name] = d.mutated(files[name])
	}
	return files
}

var locks = []string{"version: 1\norchestrations: {}\n", "version: 1\norchestrations:\n  \"f0\": 1\n  \"f1\": 2\n", "version: 1\norchestrations: {data: 1, gone: 3}\n"}

func (d *dice) config() string {
	var b strings.Builder
	fmt.Fprintf(&b, "project: %s\n", d.pick([]string{"shop", "a", "a-project-of-24-letters-"[:23]}, "Shop", "''", "a-project-of-25-letters-xx", "!Ref x", "[a]", "null", "1e3"))
	fmt.Fprintf(&b, "tooling: {account: %s, region: %s}\n", d.pick([]string{`"111111111111"`, `"000000000001"`}, "111111111111", "000000000001", `"1"`, "{}"), d.region())
	b.WriteString(d.maybe(func() string {
		return "source: " + d.pick([]string{
			"{provider: github, repository: acme/shop}", "{provider: s3}", "{provider: s3, bucket: mine, key: a/b.zip}",
			"{provider: gitlab, repository: a/b/c, branch: \"${x}\", connection: \"arn:aws:codeconnections:eu-central-1:111111111111:connection/0f0f0f0f-1111-2222-3333-444444444444\"}",
		}, "{provider: cvs}", "github", "{provider: github}", "{provider: github, repository: shop, connection: x}") + "\n"
	}))
	b.WriteString("environments:\n")
	for i := range 1 + d.below(3) {
		name := d.pick([]string{[]string{"dev", "test", "prod"}[i], []string{"dev", "on", "1e3"}[i]}, "dev", "Prod", "pipeline", "a-name-of-17-chars", "!x y", "~")
		fmt.Fprintf(&b, "  %s: {accounts: [%s], regions: [%s]%s}\n", name,
			d.pick([]string{fmt.Sprintf(`"22222222222%d"`, i), fmt.Sprintf(`"33333333333%d", "44444444444%d"`, i, i)}, `"222222222222"`, `22`, `"222222222222", "222222222222"`, ""),
			d.pick([]string{"eu-central-1", "eu-central-1, " + d.region()}, "", "eu-central-1, eu-central-1", "[]"),
			d.pick([]string{"", ", approval: true", ", approval: {notify: [ops@example.com], timeout: 60}"}, ", approval: maybe", ", aproval: true", ", approval: {notify: [x]}"))
	}
	b.WriteString("build: " + d.pick([]string{"{privileged: true}", "{privileged: true, timeout: 5, type: LINUX_CONTAINER}"}, "{}", "{type: PC}", "x") + "\n")
	for _, line := range [][]string{
		{"defaults: {memory: 256, logRetention: 30}", "defaults: {tracing: false, architecture: x86_64}"},
		{"tool: go run ./cmd/foldstack"},
		{"exclude: [functions/none]"},
		{"output: out", "output: gen/out"},
		{"functions: functions", "functions: ['func*']"},
		{"boundary:\n  - {allow: ['s3:*', 'sqs:*', 'logs:*', 'xray:*', 'config:*', 'lambda:*', 'dynamodb:*'], on: '*'}"},
		{"deployment:\n  - {allow: 'dynamodb:PutItem', on: '*'}"},
	} {
		b.WriteString(d.maybe(func() string {
			return d.pick(line, "defaults: 5", "memory: 1", "output: functions", "output: ../out", "functions: nowhere", "functions: [functions, '*/functions']", "exclude: '['", "tool: ''", "deployment: {allow: x}", "boundary: [s3:*]", "stacks: {}") + "\n"
		}))
	}
	if !strings.Contains(b.String(), "stacks:") {
		b.WriteString("stacks:\n  data: " + d.pick([]string{
			"data.yaml", "{template: data.yaml, parameters: {Text: x}}",
			"{template: data.yaml, parameters: {Text: '${x}', List: [a, b]}}",
		}, "nowhere.yaml", "{template: data.yaml, parameters: {Text: !Output f0.Name}}", "{template: data.yaml, only: {environments: [dev]}}", "{template: ../data.yaml}", "{template: data.yaml, parameters: {Text: {a: b}, Txt: 1}}", "functions") + "\n")
	}
	return b.String()
}

func (d *dice) region() string {
	return d.pick([]string{"us-east-1", "eu-west-1"}, "cn-north-1", "us-gov-west-1", "mars-1", "!Ref AWS::Region", "")
}

// code is what functions consist of.
var code = []tree{
	{"index.mjs": "export const handler = async () => 1;\n"},
	{"app.py": "def lambda_handler(event, context):\n    return event\n", "requirements.txt": "boto3\n"},
	{"src/index.ts": "export const handler = async () => 1;\n", "package.json": "{\"name\": \"x\"}\n"},
	{"handler.rb": "def handler(event:, context:)\n  event\nend\n"},
	{"Dockerfile": "FROM public.ecr.aws/lambda/python:3.13\nCOPY app.py ./\nCMD [\"app.lambda_handler\"]\n", "app.py": "def lambda_handler(event, context):\n    return 1\n"},
	{"main.go": "package main\n\nimport \"github.com/aws/aws-lambda-go/lambda\"\n\nfunc main() { lambda.Start(func() error { return nil }) }\n", "go.mod": "module x\n\ngo 1.25\n\nrequire github.com/aws/aws-lambda-go v1.47.0\n"},
	{"index.js": "exports.handler = 1;\nexports.other = 2;\n", "other.js": "exports.handler = 1;\n"},
	{"README.md": "nothing\n"},
}

func (d *dice) function(files tree, i int) {
	name := d.pick([]string{fmt.Sprintf("f%d", i), fmt.Sprintf("group/f%d", i), []string{"f0", "0123", "1e3", "foo_bar"}[i]}, "api", "data", "a name", "ünï", "f0", strings.Repeat("n", 65))
	dir := "functions/" + name + "/"
	kinds := len(code) - 2
	if d.broken {
		kinds = len(code)
	}
	for file, text := range code[d.below(kinds)] {
		files[dir+file] = text
	}
	if text := d.maybe(func() string { return d.functionFile(i) }); text != "" {
		files[dir+"function.yaml"] = text
	}
	if text := d.maybe(func() string { return d.pick(resources, brokenResources...) }); text != "" {
		files[dir+"resources.yaml"] = text
	}
}

// values are what may stand where a function takes a value.
var values = []string{
	"info", "0123", "!Ref Own", "!GetAtt Own.Arn", "!Sub '${AWS::Region}-${Own}'", "!Output data.Arn", "!Output f0.Name", "'${AWS::Region}'", "\"a\\nb\"", "'{\"Ref\": \"Role\"}'",
	"!Join ['-', [a, !Ref AWS::AccountId]]", "!If [Here, a, !Ref Own]", "|\n    lines\n    more", "!Sub ['${a}', {a: !Ref Own}]", "'!Ref x'", "yes", "!Ref AWS::Region",
}

var brokenValues = []string{
	"", "null", "[a]", "{a: b}", "!Ref", "!Ref [a]", "!GetAtt a", "!Nope x", "!Output data", "!Output nobody.Name", "!Output data.Nope", "!Select [0, !Output data.Arn]",
	"!Sub [a]", "!If [a]", "{Ref: Own}", "{'Fn::Nope': x}", "&a x", "*a", "'", "!Output {a: b}", "!Sub {a: b}", "!!int 5", "!Join [a, b, c]", "\"\\x00\"",
}

// events are entries of function.yaml's events.
var events = []string{
	"http: GET /orders/{id}", "http: {route: 'ANY /files/{path+}', auth: iam}", "http: $default", "schedule: rate(5 minutes)",
	"schedule: {expression: cron(0 3 * * ? *), timezone: Europe/Berlin, input: {a: ['${x}', 1]}, window: 5, retries: 3}",
	"sqs: jobs", "sqs: {queue: jobs, batchSize: 10}", "sqs: {queue: !GetAtt Queue.Arn}", "sqs: {queue: !Output data.Arn}", "sqs: {queue: more, fifo: true, attempts: 3}",
	"sns: news", "sns: {topic: !Ref Own, filter: {state: [paid]}, deadLetters: true}", "sns: {topic: news, filter: {Ref: [x]}, filterOn: body}",
	"event: {pattern: {source: [a.b]}}", "event: {pattern: {source: [a.b], detail: {x: [!Ref Own, {prefix: a}]}}, deadLetters: true, retries: 2}",
	"event: {pattern: {source: [c]}, bus: !Ref Own}", "event: {pattern: {Ref: [x]}}", "event: {pattern: {detail: {Condition: [x]}}}",
	"config: {resourceTypes: [AWS::S3::Bucket]}", "config: {every: 24h, parameters: {a: b}}", "config: {every: 3h, parameters: {Condition: b}}",
}

var brokenEvents = []string{
	"config: {every: 1h, parameters: {Ref: b}}", "config: {every: 3h, parameters: {'Fn::Sub': b}}", "event: {pattern: {detail: {'Fn::Sub': [x]}}}", "sns: {topic: news, filter: {Ref: x}}",
	"http", "http: GET", "http: GET orders", "http: {route: GET /a, auth: all}", "http: [a]", "htpp: GET /", "schedule: rate(1 minutes)", "schedule: !Ref x", "schedule: {}",
	"schedule: {expression: rate(1 day), input: !Ref x}", "sqs: {queue: jobs, batchSize: 11}", "sqs: [jobs]", "sqs: arn:aws:sns:eu-central-1:222222222222:x", "sqs: {queue: {a: b}}", "sns: {topic: x, filter: []}",
	"event: {pattern: {source: a}}", "event: {pattern: {}}", "event: x", "config: {}", "config: {every: 2h}", "config: {resourceTypes: x}", "", "{a: b, c: d}", "sqs: !Output x", "sns: !If [a, b, c]",
}

func (d *dice) functionFile(i int) string {
	var b strings.Builder
	for _, line := range [][]string{
		{"description: '${x} #'"},
		{"memory: 512", "memory: 10240"},
		{"timeout: 900"},
		{"storage: 1024"},
		{"concurrency: 0", "concurrency: 5"},
		{"logRetention: 7"},
		{"tracing: false"},
		{"architecture: x86_64"},
		{"include: [data.yaml]", "include: ['data*']"},
		{"only: {environments: [dev]}", "only: {regions: [eu-central-1]}"},
	} {
		if d.below(4) == 3 {
			b.WriteString(d.pick(line, "memory: 1", "timeout: 15m", "handler: nowhere.handler", "runtime: nodejs12.x", "runtime: cobol", "desc: x", "only: {}", "only: {environments: [nope]}",
				"concurrency: -1", "dockerfile: Dockerfile", "include: ['[', /etc/passwd]", "include: ['../*/app.py']", "architecture: [arm64]", "tracing: maybe") + "\n")
		}
	}
	fmt.Fprintf(&b, "environment:\n  LEVEL: %s\n  OTHER: %s\n", d.value(i), d.value(i))
	if d.broken && d.below(8) == 7 {
		fmt.Fprintf(&b, "  %s: x\n", d.pick([]string{"AWS_REGION", "Ref", "a b", "1A", "LEVEL", "!x"}))
	}
	b.WriteString(d.maybe(func() string {
		return "permissions:\n  - {allow: [" + d.pick([]string{"s3:GetObject", "dynamodb:GetItem, sqs:SendMessage"}, "'*'", "s3", "'*:*'") + "], on: " + d.pick([]string{"!GetAtt Own.Arn", "'*'", "[!Output data.Arn, 'arn:aws:s3:::x']"}, "", "{a: b}") + "}\n"
	}))
	b.WriteString("events:\n")
	first := d.below(len(events))
	for j := range d.below(4) {
		fmt.Fprintf(&b, "  - %s\n", d.pick(events[(first+5*j)%len(events):][:1], brokenEvents...))
	}
	b.WriteString(d.maybe(func() string {
		return "environments:\n  " + d.pick([]string{"dev"}, "prod", "nope") + ": {memory: 1024, environment: {LEVEL: " + strings.ReplaceAll(d.value(i), "|\n    lines\n    more", "x") + ", MORE: y}}\n"
	}))
	return b.String()
}

// value is one for the function of that number: outputs are taken of those before.
func (d *dice) value(i int) string {
	value := d.pick(values, brokenValues...)
	if i == 0 && !d.broken {
		return strings.ReplaceAll(value, "f0.Name", "data.Arn")
	}
	return value
}

var resources = []string{
	"Resources:\n  Own: {Type: AWS::SNS::Topic}\n",
	"Resources:\n  Own:\n    Type: AWS::SNS::Topic\n    Condition: Here\n    Properties: {DisplayName: !Sub '${Function}'}\n  Queue: {Type: AWS::SQS::Queue, DependsOn: Own}\nConditions:\n  Here: !Equals [!Ref Environment, dev]\n",
	"Mappings:\n  Mine: {a: {b: 0123}}\nResources:\n  Own: {Type: AWS::SNS::Topic, Properties: {DisplayName: !FindInMap [Mine, a, b]}}\nOutputs:\n  Own: {Value: !Ref Own, Description: yes}\n",
	"Resources:\n  Own:\n    Type: AWS::S3::Bucket\n    DeletionPolicy: Retain\n    Properties:\n      Tags: [{Key: a, Value: {'Fn::Sub': '${Role}'}}]\n",
}

var brokenResources = []string{
	"", "x", "[]", "Resources: x\n", "Resources: {Own: x}\n", "Resources: {Function: {Type: AWS::SNS::Topic}}\n", "Resources: {a-b: {Type: AWS::SNS::Topic}}\n", "Parameters: {A: {Type: String}}\n",
	"Resources: {Own: {Type: !Ref x}}\n", "Resources: {Own: {}}\n", "Resources:\n  Own: {Type: AWS::IAM::Role}\n", "Outputs: {Arn: {Value: x}}\n", "Resources: {Own: {Type: AWS::SNS::Topic, Properties: !Ref x}}\n",
	"Resources: &a {Own: *a}\n", "Resources:\n  Own: {Type: AWS::SNS::Topic}\n  Own: {Type: AWS::SNS::Topic}\n", "Transform: AWS::Serverless-2016-10-31\n", "Resources:\n  Fn::ForEach::X: [a, [b], {c: d}]\n", "Resources: null\n", "Conditions: {A: null}\n",
	"Resources: {Own: {Type: AWS::Nope::Nope}}\n", "Mappings: {M: x}\n", "Outputs: {O: null, P: x}\n",
}

var stackTemplates = []string{
	"Parameters:\n  Text: {Type: String, Default: x}\n  List: {Type: CommaDelimitedList, Default: a}\n  Environment: {Type: String}\nResources:\n  Queue: {Type: AWS::SQS::Queue}\nOutputs:\n  Arn: {Value: !GetAtt Queue.Arn}\n",
	"{\"Parameters\": {\"Text\": {\"Type\": \"String\", \"Default\": \"\"}, \"List\": {\"Type\": \"CommaDelimitedList\", \"Default\": \"\"}}, \"Resources\": {\"T\": {\"Type\": \"AWS::SNS::Topic\"}}, \"Outputs\": {\"Arn\": {\"Value\": {\"Ref\": \"T\"}}}}\n",
}

var brokenTemplates = []string{"", "x", "Resources: {}\n", "Parameters: {Text: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic}}\n", "a: b\n---\nc: d\n", "Parameters: x\nOutputs: []\n", "Outputs: {Arn: }\n", "\xff\xfe"}

// pieces are what mutations put in.
var pieces = []string{"\t", "\x00", "\r", ":", "- ", "!", "&a ", "*a", "'", "\"", "{", "}", "[", "]", "#", "|", "%", "\ufeff", "\xff", "${", "!Ref ", "!Output ", "\n", "---\n", "  ", "é", "<<: ", "? ", "null", "~"}

// mutated is a text with one thing done to it.
func (d *dice) mutated(text string) string {
	if text == "" {
		return pieces[d.below(len(pieces))]
	}
	at := (d.below(256)*256 + d.below(256)) % len(text)
	switch lines := strings.SplitAfter(text, "\n"); d.below(5) {
	case 0:
		return text[:at] + pieces[d.below(len(pieces))] + text[at:]
	case 1:
		return text[:at] + text[min(len(text), at+1+d.below(8)):]
	case 2:
		return text[:at] + string([]byte{byte(d.below(256))}) + text[at+1:]
	case 3:
		i := d.below(len(lines))
		return strings.Join(lines[:i], "") + lines[i] + strings.Join(lines[i:], "")
	default:
		return text[:at]
	}
}
