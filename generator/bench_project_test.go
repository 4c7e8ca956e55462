package generator

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// common is what the functions of the made project share.
var common = map[string]string{
	"foldstack.yaml": `project: bench
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/bench, branch: main}
environments:
  dev:
    accounts: ["222222222222"]
    regions: [eu-central-1]
  prod:
    accounts: ["333333333333", "444444444444"]
    regions: [eu-central-1, us-east-1]
    approval: {notify: [ops@example.com]}
defaults: {memory: 256, timeout: 30, logRetention: 30}
`,
	".gitignore":              "node_modules/\n__pycache__/\n*.pyc\n/dist/\n",
	"go.mod":                  "module example.com/bench\n\ngo 1.26\n\nrequire github.com/aws/aws-lambda-go v1.55.1\n",
	"go.sum":                  "github.com/aws/aws-lambda-go v1.55.1 h1:made=\ngithub.com/aws/aws-lambda-go v1.55.1/go.mod h1:made=\n",
	"internal/audit/audit.go": "// Package audit keeps a record.\npackage audit\n\nimport \"log/slog\"\n\n// Record writes a line.\nfunc Record(what string) { slog.Info(\"audit\", \"what\", what) }\n",
}

// A kind is a function as teams write them: some code, its test, its manifest and
// what calls it. %d is the function's number.
type kind map[string]string

// kinds are repeated in turn.
var kinds = []kind{
	{
		"index.mjs":      "import { respond } from './respond.mjs';\n\nexport const handler = async (event) => respond(event, process.env.LEVEL);\n",
		"respond.mjs":    "export function respond(event, level) {\n  console.log(level, JSON.stringify(event));\n  return { statusCode: 200, body: 'done' };\n}\n",
		"index.test.mjs": "import test from 'node:test';\nimport assert from 'node:assert';\nimport { handler } from './index.mjs';\n\ntest('answers', async () => assert.equal((await handler({})).statusCode, 200));\n",
		"package.json":   "{\n  \"name\": \"tick-%d\",\n  \"private\": true,\n  \"type\": \"module\",\n  \"scripts\": { \"test\": \"node --test\" }\n}\n",
		"function.yaml":  "environment:\n  LEVEL: info\n  STAGE: plain\nevents:\n  - schedule: rate(5 minutes)\nenvironments:\n  prod: {memory: 1024, environment: {LEVEL: warn}}\n",
	},
	{
		"app.py":           "import json\n\nfrom jobs import work\n\n\ndef lambda_handler(event, context):\n    for record in event[\"Records\"]:\n        work(json.loads(record[\"body\"]))\n",
		"jobs.py":          "import os\n\n\ndef work(job):\n    print(os.environ[\"BUCKET\"], job)\n",
		"test_app.py":      "import app\n\n\ndef test_nothing_to_do():\n    assert app.lambda_handler({\"Records\": []}, None) is None\n",
		"requirements.txt": "requests==2.32.5\n",
		"function.yaml":    "timeout: 60\nenvironment:\n  BUCKET: jobs-of-the-team\npermissions:\n  - allow: s3:PutObject\n    on: !Sub arn:${AWS::Partition}:s3:::jobs-of-the-team/*\nevents:\n  - sqs: {queue: jobs-%d, batchSize: 10}\n",
	},
	{
		"main.go":       "package main\n\nimport (\n\t\"context\"\n\n\t\"github.com/aws/aws-lambda-go/lambda\"\n\n\t\"example.com/bench/internal/audit\"\n)\n\nfunc handle(context.Context) error {\n\taudit.Record(describe())\n\treturn nil\n}\n\nfunc main() { lambda.Start(handle) }\n",
		"describe.go":   "package main\n\nfunc describe() string { return \"object\" }\n",
		"main_test.go":  "package main\n\nimport \"testing\"\n\nfunc TestHandle(t *testing.T) {\n\tif err := handle(t.Context()); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n",
		"function.yaml": "description: Keeps a record of new objects.\nevents:\n  - event: {pattern: {source: [aws.s3], detail-type: [Object Created]}}\n",
	},
	{
		"index.js":     "exports.handler = async () => ({ statusCode: 204 });\n",
		"package.json": "{ \"name\": \"plain-%d\", \"private\": true }\n",
	},
}

// endpoint is every 25th function: an API holds 300 integrations, and 5,000
// functions must fit.
var endpoint = kind{
	"src/index.mjs": "export const handler = async (event) => ({ statusCode: 200, body: event.pathParameters.id });\n",
	"package.json":  "{ \"name\": \"items-%d\", \"private\": true, \"type\": \"module\" }\n",
	"README.md":     "# Items\n\nAnswers for one item.\n",
	"function.yaml": "events:\n  - http: GET /items-%d/{id}\n",
}

func kindOf(i int) kind {
	if i%25 == 0 {
		return endpoint
	}
	return kinds[i%len(kinds)]
}

// madeProject writes a project of that many functions and returns its folder.
func madeProject(tb testing.TB, functions int) string {
	tb.Helper()
	root := tb.TempDir()
	write := func(name, text string) {
		file := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(tb, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(tb, os.WriteFile(file, []byte(text), 0o666))
	}
	for name, text := range common {
		write(name, text)
	}
	for i := range functions {
		for name, text := range kindOf(i) {
			write(fmt.Sprintf("functions/fn-%04d/%s", i, name), strings.ReplaceAll(text, "%d", fmt.Sprint(i)))
		}
	}
	return root
}

// Benchmarks run seldom; a new rule that their project breaks shows here.
func TestTheProjectOfTheBenchmarksHasNoProblems(t *testing.T) {
	result, err := Generate(t.Context(), Options{Root: madeProject(t, len(kinds)+1)})
	require.NoError(t, err)
	require.Empty(t, result.Problems)
	require.Len(t, result.Project.Functions, len(kinds)+1)
}
