package generator_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/output"
)

// limited is a project with one function.
const limited = `project: p
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/p}
environments:
  dev: {accounts: ["222222222222"]}
`

// repeated is a text n times, with the number from 1 for %d.
func repeated(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "%d", fmt.Sprint(i+1)))
	}
	return b.String()
}

func xs(n int) string { return strings.Repeat("x", n) }

func checked(t *testing.T, files map[string]string) *generator.Result {
	t.Helper()
	root := t.TempDir()
	write(t, root, "foldstack.yaml", limited)
	write(t, root, "functions/f/index.mjs", "export const handler = async () => 1;\n")
	for name, text := range files {
		write(t, root, name, text)
	}
	result, err := generator.Check(t.Context(), generator.Options{Root: root})
	require.NoError(t, err)
	return result
}

func TestAProjectMayFillTheLimitsOfAWSAndNotPassThem(t *testing.T) {
	const function, resources = "functions/f/function.yaml", "functions/f/resources.yaml"
	const own = 5 // role, log group, function, version, alias
	for name, limit := range map[string]struct {
		max   int
		file  string
		text  func(n int) string
		place string
		says  string
	}{
		"resources of a function": {500, resources, func(n int) string {
			return "Resources:\n" + repeated(n-own, "  T%d: {Type: AWS::SNS::Topic}\n")
		}, resources + ":497:3", "out/functions/f.yaml has 501 resources; the limit is 500"},
		"resources of a stack": {500, "data.yaml", func(n int) string {
			return "Resources:\n" + repeated(n, "  T%d: {Type: AWS::SNS::Topic}\n")
		}, "data.yaml:502:3", "has 501 resources; the limit is 500"},
		"bytes of the environment": {4096, function, func(n int) string {
			return "environment:\n  AA: " + xs(n-len(`{"AA":""}`)) + "\n"
		}, function + ":2:7", "the environment variables of f have 4097 bytes as JSON in dev; the limit is 4096"},
		"bytes of the environment where it is overridden": {4096, function, func(n int) string {
			return "environment:\n  AA: x\nenvironments:\n  dev: {environment: {AA: " + xs(n-len(`{"AA":""}`)) + "}}\n"
		}, function + ":4:27", "have 4097 bytes as JSON in dev; the limit is 4096"},
		"stages of the pipeline": {50, "foldstack.yaml", func(n int) string {
			return strings.Replace(limited, "  dev: {accounts: [\"222222222222\"]}\n", repeated(n-3, "  e%d: {accounts: [\"222222222222\"]}\n"), 1) // source, update, build
		}, "foldstack.yaml:1:1", "the pipeline would have 51 stages; the limit is 50"},
		"characters of the branch": {1000, "foldstack.yaml", func(n int) string {
			return strings.Replace(limited, "acme/p", "acme/p, branch: "+xs(n), 1)
		}, "foldstack.yaml:1:1", "BranchName of the action source would have 1001 characters; the limit is 1000"},
		"bytes of a nested stack's parameter": {4096, "foldstack.yaml", func(n int) string {
			return limited + "stacks:\n  data: {template: more.yaml, parameters: {P: " + xs(n) + "}}\n"
		}, "foldstack.yaml:7:3", "the parameter P of Data has 4097 bytes; the limit is 4096"},
		"characters of a policy of the user's": {6144, resources, func(n int) string {
			const frame = len(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::"}]}`)
			return "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      Path: !Sub /foldstack/p/${Environment}/\n" +
				"      PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::" + xs(n-frame) + "'}]}\n"
		}, resources + ":6:23", "the managed policy P has 6145 characters; the limit is 6144"},
	} {
		t.Run(name, func(t *testing.T) {
			with := func(n int) *generator.Result {
				files := map[string]string{limit.file: limit.text(n), "more.yaml": "Parameters: {P: {Type: String}}\nResources: {T: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: !Ref P}}}\n"}
				if limit.file == "data.yaml" {
					files["foldstack.yaml"] = limited + "stacks: {data: data.yaml}\n"
				}
				return checked(t, files)
			}
			assert.Empty(t, text(with(limit.max)))
			found := with(limit.max + 1).Problems
			require.Len(t, found, 1)
			assert.Equal(t, limit.place, found[0].Place.String())
			assert.Contains(t, found[0].Text, limit.says)
		})
	}
}

// A function with more permissions than fit into its role gets managed policies.
func TestManyPermissionsAreSplitAndDeployable(t *testing.T) {
	result := checked(t, map[string]string{"functions/f/function.yaml": "permissions:\n  - allow: s3:GetObject\n    on:\n" + repeated(300, "      - arn:aws:s3:::"+xs(50)+"/%d\n")})
	require.Empty(t, text(result))
	for _, file := range result.Files {
		switch file.Path {
		case "out/functions/f.yaml":
			assert.Contains(t, string(file.Data), "RolePolicy3:\n    Type: AWS::IAM::ManagedPolicy\n")
			assert.Contains(t, string(file.Data), "- !Ref RolePolicy3\n")
			assert.NotContains(t, string(file.Data), "\n      Policies:\n")
		case "out/target.yaml":
			assert.Contains(t, string(file.Data), "- iam:CreatePolicyVersion\n")
		}
	}
}

// Lambda writes a statement for each permission into the policy of the alias, which
// holds 20 KB. The wildcard stands for the routes of the project's own API.
func TestAFunctionWithMoreRoutesThanItsPolicyHoldsGetsOnePermissionForAllOfThem(t *testing.T) {
	template := func(routes int) string {
		result := checked(t, map[string]string{"functions/f/function.yaml": "events:\n" + repeated(routes, "  - http: GET /orders/%d\n")})
		require.Empty(t, text(result))
		i := slices.IndexFunc(result.Files, func(f output.File) bool { return f.Path == "out/functions/f.yaml" })
		return string(result.Files[i].Data)
	}
	const permission, everyRoute = "Type: AWS::Lambda::Permission", "SourceArn: !Sub arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ApiOutputApiId}/*/*\n"
	few, many := template(50), template(51)
	assert.Equal(t, 50, strings.Count(few, permission))
	assert.NotContains(t, few, everyRoute)
	assert.Equal(t, 1, strings.Count(many, permission))
	assert.Contains(t, many, everyRoute)
}

func TestASecretIsInNoReport(t *testing.T) {
	secret := "AKIA" + strings.ToUpper(repeated(4, "abcd"))
	result := checked(t, map[string]string{
		"functions/f/function.yaml":  "environment: {MODE: '', A: !Ref Nobody, TOKEN: " + secret + "}\nmemory: x\n",
		"functions/f/resources.yaml": "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: '" + secret + "'}}\n",
	})
	var reports bytes.Buffer
	require.NoError(t, diag.WriteText(&reports, result.Problems, result.Sources, true))
	require.NoError(t, diag.WriteJSON(&reports, result.Problems))
	require.NoError(t, diag.WriteGitHub(&reports, result.Problems))
	require.NoError(t, diag.WriteSARIF(&reports, result.Problems, nil))
	assert.NotContains(t, reports.String(), secret)
	assert.Contains(t, text(result), "the value of TOKEN looks like an AWS access key")
	assert.Contains(t, text(result), "the value of DisplayName looks like an AWS access key")
}
