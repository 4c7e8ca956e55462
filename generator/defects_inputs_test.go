package generator

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The files of the shipped project that mistakes are made in.
const (
	projectFile       = "foldstack.yaml"
	ordersInput       = "functions/orders-api/function.yaml"
	watchInput        = "functions/certificate-watch/function.yaml"
	receiptsInput     = "functions/receipts/function.yaml"
	tagsInput         = "functions/compliance/required-tags/function.yaml"
	receiptsResources = "functions/receipts/resources.yaml"
	mediaResources    = "functions/media/thumbnail/resources.yaml"
	stackTemplate     = "functions/_stacks/orders.yaml"
)

// inputDefects are mistakes of a person in what the shipped project is made of.
var inputDefects = []defect{
	// foldstack.yaml.
	{"a key of the project is misspelt", edit(projectFile, "environments:", "enviroments:"), "unknown-key", "enviroments"},
	{"an account has eleven digits", edit(projectFile, `["222222222222"]`, `["22222222222"]`), "account-id", "22222222222"},
	{"a region does not exist", edit(projectFile, "regions: [eu-central-1, us-east-1]", "regions: [eu-central-1, us-east-11]"), "unknown-region", "us-east-11"},
	{"a region is in another partition", edit(projectFile, "regions: [eu-central-1, us-east-1]", "regions: [eu-central-1, cn-north-1]"), "mixed-partitions", "cn-north-1"},
	{"a region has no CodePipeline", edit(projectFile, "regions: [eu-central-1, us-east-1]", "regions: [eu-central-1, ca-west-1]"), "no-pipeline-in-region", "ca-west-1"},
	{"a region is listed twice", edit(projectFile, "regions: [eu-central-1, us-east-1]", "regions: [eu-central-1, eu-central-1]"), "listed-twice", "eu-central-1"},
	{"an account is listed twice", edit(projectFile, `["333333333333", "444444444444"]`, `["333333333333", "333333333333"]`), "listed-twice", "333333333333"},
	{"the source has no repository", edit(projectFile, ", repository: acme/shop", ""), "missing-key", "repository"},
	{"the repository is no repository", edit(projectFile, "acme/shop", "acme"), "repository-name", "acme"},
	{"an approver's address is no address", edit(projectFile, "ops@example.com", "ops.example.com"), "email-address", "ops.example.com"},
	{"an environment has the name of a base stack", edit(projectFile, "  dev:", "  tooling:"), "environment-name", "tooling"},
	{"an image is built without privileges", edit(projectFile, "build: {privileged: true}", ""), "privileged-build", "thumbnail"},
	{"a default is out of bounds", edit(projectFile, "memory: 256", "memory: 64"), "wrong-value", "64"},
	{"a stack's template is not there", edit(projectFile, "functions/_stacks/orders.yaml", "functions/_stacks/order.yaml"), "no-such-file", "order.yaml"},
	{"a key stands twice", edit(projectFile, "  dev:\n", "  dev:\n    regions: [eu-central-1]\n"), "duplicate-key", "regions"},
	{"a tab indents", edit(projectFile, "  dev:\n", "\tdev:\n"), "yaml-syntax", ""},

	// function.yaml.
	{"a key of a function is misspelt", edit(watchInput, "timeout: 60", "timout: 60"), "unknown-key", "timout"},
	{"a timeout is too long", edit(watchInput, "timeout: 60", "timeout: 901"), "wrong-value", "901"},
	{"a memory has a unit", edit(ordersInput, "memory: 512", "memory: 512MB"), "wrong-value", "512MB"},
	{"a runtime is misspelt", add(ordersInput, "runtime: nodejs24\n"), "unknown-runtime", "nodejs24"},
	{"a runtime can no longer be used", add(ordersInput, "runtime: nodejs12.x\n"), "retired-runtime", "nodejs12.x"},
	{"a handler's file is not there", add(ordersInput, "handler: src/main.handler\n"), "handler-file-missing", "src/main"},
	{"an event is misspelt", edit(watchInput, "schedule:", "shedule:"), "unknown-event", "shedule"},
	{"a schedule is no schedule", edit(watchInput, "cron(0 3 * * ? *)", "cron(0 3 * * *)"), "schedule-expression", "cron"},
	{"a route stands twice", edit(ordersInput, "http: POST /orders", "http: GET /orders/{id}"), "duplicate-event", "GET /orders/{id}"},
	{"a route has no method", edit(ordersInput, "http: POST /orders", "http: /orders"), "http-route", "/orders"},
	{"an override is for an environment that is not there", edit(ordersInput, "  prod:", "  production:"), "unknown-environment", "production"},
	{"only selects no target", edit(tagsInput, "only: {environments: [prod]}", "only: {environments: [dev], regions: [us-east-1]}"), "only-nothing", "required-tags"},
	{"only names an environment that is not there", edit(tagsInput, "[prod]}", "[prd]}"), "unknown-environment", "prd"},
	{"a variable is Lambda's own", edit(watchInput, "  HOSTS:", "  AWS_REGION:"), "variable-name", "AWS_REGION"},
	{"variables are too large", edit(watchInput, "example.com, example.org", strings.Repeat("example.com ", 400)), "environment-size", "4096"},
	{"a permission has no service", edit(ordersInput, "dynamodb:GetItem", "GetItem"), "iam-action", "GetItem"},
	{"a permission is for everything", edit(ordersInput, "dynamodb:GetItem", "'*'"), "iam-action", "*"},
	{"a permission lies outside of the boundary", edit(ordersInput, "dynamodb:GetItem", "rekognition:DetectText"), "outside-boundary", "rekognition:DetectText"},
	{"a key of AWS stands in the environment", edit(watchInput, "example.com, example.org", "AKIAQX7ZR4T5W6P2N8KD"), "plain-secret", "HOSTS"},

	// References between stacks.
	{"an output is misspelt", edit(ordersInput, "!Output orders.TableName", "!Output orders.TabelName"), "unknown-output", "TabelName"},
	{"an output's stack is misspelt", edit(ordersInput, "!Output orders.TableName", "!Output order.TableName"), "unknown-output", `"order"`},
	{"an output's reference has no dot", edit(ordersInput, "!Output orders.TableName", "!Output orders"), "output-form", ""},
	{"an output is taken of a stack that is not everywhere", edit(ordersInput, "!Output orders.TableName", "!Output required-tags.RoleArn"), "output-not-everywhere", "required-tags"},

	// resources.yaml and the templates under stacks.
	{"a variable refers to a misspelt resource", edit(receiptsInput, "!Ref Receipts", "!Ref Receipt"), "unknown-reference", `"Receipt"`},
	{"a permission refers to a misspelt resource", edit(receiptsInput, "${Receipts.Arn}", "${Receipt.Arn}"), "unknown-reference", `"Receipt"`},
	{"a resource refers to a misspelt one", edit(mediaResources, "Bucket: !Ref Media", "Bucket: !Ref Medai"), "unknown-reference", `"Medai"`},
	{"a resource has the name of one of ours", edit(mediaResources, "  MediaPolicy:", "  LogGroup:"), "reserved-name", "LogGroup"},
	{"a resource depends on itself by way of another", edit(mediaResources, "    Type: AWS::S3::Bucket\n", "    Type: AWS::S3::Bucket\n    DependsOn: MediaPolicy\n"), "circular-reference", "Media → MediaPolicy → Media"},
	{"a resource of resources.yaml has a misspelt type", edit(mediaResources, "Type: AWS::S3::BucketPolicy", "Type: AWS::S3::BucketPolicies"), "unknown-type", "AWS::S3::BucketPolicies"},
	{"a tag is none of CloudFormation's", edit(mediaResources, "Bucket: !Ref Media", "Bucket: !Reff Media"), "unknown-tag", "!Reff"},
	{"a table has a name that no role may make", edit(stackTemplate, "BillingMode: PAY", "TableName: orders\n      BillingMode: PAY"), "foreign-name", "orders"},
	{"Git left a conflict in a function", add(ordersInput, "<<<<<<< HEAD\n"), "yaml-merge-conflict", "merge"},
	{"resources.yaml has a section that it cannot have", add(mediaResources, "Transform: AWS::Serverless-2016-10-31\n"), "resources-section", "Transform"},
	{"an output of a user's stack reads a misspelt resource", edit(stackTemplate, "!GetAtt Table.Arn", "!GetAtt Tabel.Arn"), "unknown-reference", `"Tabel"`},
	{"a user's stack has a parameter that nothing gives", add(stackTemplate, "\nParameters:\n  Size: {Type: String}\n"), "stack-parameter", "Size"},
	{"a user's stack has no resources", cut(stackTemplate, "Resources:\n", "Outputs:"), "template-form", "no Resources"},
	{"a function of one environment may run longer than its queue hides a message", all(
		edit(receiptsInput, "{queue: receipts, batchSize", "{queue: !GetAtt Orders.Arn, batchSize"),
		add(receiptsInput, "environments:\n  prod: {timeout: 31}\n"),
		add(receiptsResources, "\n  Orders: {Type: AWS::SQS::Queue}\n"),
	), "queue-visibility", "in prod the function may run for 31 seconds"},
	{"a property of a user's table is misspelt", edit(stackTemplate, "BillingMode:", "BilingMode:"), "unknown-property", "BilingMode"},
}

func TestEveryDefectOfTheInputIsFound(t *testing.T) {
	for _, d := range inputDefects {
		t.Run(d.what, func(t *testing.T) {
			t.Parallel()
			files := shippedInput(t)
			d.plant(t, files)
			root := written(t, files)
			result, err := Check(t.Context(), Options{Root: root})
			require.NoError(t, err)
			assertSeen(t, d, result.Problems)
			for _, p := range result.Problems {
				assert.True(t, isInput(files, p.Place.File), "%s is reported at %s, which nobody wrote", p.Rule, p.Place)
			}
		})
	}
}

// written makes a folder of files.
func written(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	return root
}

// isInput reports whether a path is that of a file or of a folder that holds one.
func isInput(files map[string]string, name string) bool {
	for file := range files {
		if file == name || strings.HasPrefix(file, name+"/") {
			return true
		}
	}
	return false
}

// shippedInput is the repository's own project without its output.
func shippedInput(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, name := range []string{"foldstack.yaml", "foldstack.lock", "go.mod", "go.sum"} {
		data, err := os.ReadFile(path.Join("..", name))
		require.NoError(t, err)
		files[name] = string(data)
	}
	require.NoError(t, fs.WalkDir(os.DirFS(".."), "functions", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path.Join("..", name))
		files[name] = string(data)
		return err
	}))
	return files
}
