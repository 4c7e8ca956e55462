package quota

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awslabs/goformation/v7/cloudformation/iam"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

func document(t *testing.T, yaml string) *template.Document {
	t.Helper()
	var problems diag.Problems
	root := source.Parse("t.yaml", []byte(yaml), &problems)
	require.Empty(t, problems.Sorted(), yaml)
	d := template.Written("t.yaml", root, len(yaml), &problems)
	require.Empty(t, problems.Sorted(), yaml)
	return d
}

func check(documents ...*template.Document) []diag.Problem {
	var problems diag.Problems
	Check(documents, &problems)
	return problems.Sorted()
}

// times repeats a text with its number for %d, from 1 to n.
func times(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "%d", fmt.Sprint(i+1)))
	}
	return b.String()
}

func x(n int) string { return strings.Repeat("x", n) }

// pipeline is a pipeline of stages.
func pipeline(stages string) string {
	return "Resources:\n  P:\n    Type: AWS::CodePipeline::Pipeline\n    Properties:\n      Name: p\n      Stages:\n" + stages
}

func stage(name string, actions int) string {
	return "        - {Name: " + name + ", Actions: [" + times(actions, "{Name: a%d},") + "]}\n"
}

// full is a pipeline of so many actions in stages that are as full as can be.
func full(actions int) string {
	stages := ""
	for i := 0; actions > 0; i++ {
		n := min(actions, model.MaxStageActions)
		stages += stage(fmt.Sprint("s", i), n)
		actions -= n
	}
	return pipeline(stages)
}

func action(text string) string {
	return pipeline("        - {Name: s, Actions: [{Name: a, " + text + "}]}\n")
}

func property(text string) string {
	return pipeline(stage("s", 1)) + "      " + text + "\n"
}

func resource(typ, properties string) string {
	return "Resources:\n  R:\n    Type: " + typ + "\n    Properties:\n" + properties
}

// policyOf is a policy that has so many characters.
func policyOf(size int) string {
	const frame = len(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":""}]}`)
	return "{Version: '2012-10-17', Statement: [{Effect: Allow, Action: s3:GetObject, Resource: " + x(size-frame) + "}]}"
}

func TestEachQuotaMayBeFilledAndNotPassed(t *testing.T) {
	for name, quota := range map[string]struct {
		limit int
		of    func(n int) string // a template that has n of it
		rule  string
		line  int // of what passes the limit; 0 where it is the template
	}{
		"resources": {500, func(n int) string {
			return "Resources:\n" + times(n, "  T%d: {Type: AWS::SNS::Topic}\n")
		}, "template-size", 502},
		"parameters": {200, func(n int) string { return "Parameters:\n" + times(n, "  P%d: {Type: String}\n") }, "template-size", 202},
		"outputs":    {200, func(n int) string { return "Outputs:\n" + times(n, "  O%d: {Value: a}\n") }, "template-size", 202},
		"mappings":   {200, func(n int) string { return "Mappings:\n" + times(n, "  M%d: {a: {b: c}}\n") }, "template-size", 202},
		"keys of a mapping": {200, func(n int) string {
			return "Mappings:\n  M:\n" + times(n, "    k%d: {a: b}\n")
		}, "template-size", 203},
		"values of a key": {200, func(n int) string {
			return "Mappings:\n  M:\n    k: {" + times(n, "v%d: a, ") + "}\n"
		}, "template-size", 3},
		"bytes of a template": {1000000, func(n int) string { return "Description: d #" + x(n-17) + "\n" }, "template-size", 1},
		"bytes of a description": {1024, func(n int) string {
			return "Description: é" + x(n-2) + "\n"
		}, "template-size", 1},
		"dynamic references": {60, func(n int) string {
			return "Resources:\n" + times(n, "  T%d: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub 'a {{resolve:ssm:p%d}} {{resolve:ssm:p1}}'}}\n")
		}, "template-size", 62},
		"bytes of a default": {4096, func(n int) string {
			return "Parameters:\n  P:\n    Type: String\n    Default: " + x(n) + "\n"
		}, "template-size", 4},
		"bytes of a nested stack's parameter": {4096, func(n int) string {
			return resource("AWS::CloudFormation::Stack", "      Parameters:\n        P: "+x(n)+"\n")
		}, "template-size", 6},

		"stages": {50, func(n int) string {
			stages := ""
			for i := range n {
				stages += stage(fmt.Sprint("s", i), 1)
			}
			return pipeline(stages)
		}, "pipeline-size", 57},
		"actions of a stage":    {50, func(n int) string { return pipeline(stage("s", n)) }, "pipeline-size", 7},
		"actions of a pipeline": {1000, full, "pipeline-size", 7},
		"characters of a configuration": {1000, func(n int) string {
			return action("Configuration: {K: " + x(n) + "}")
		}, "action-configuration", 7},
		"characters of a configuration beside a reference": {1000, func(n int) string {
			return action("Configuration: {K: !Sub '" + x(n) + "${AWS::Region}'}")
		}, "action-configuration", 7},
		"characters of a configuration's key": {50, func(n int) string {
			return action("Configuration: {" + x(n) + ": v}")
		}, "action-configuration", 7},
		"characters of an action's name":   {100, func(n int) string { return pipeline("        - {Name: s, Actions: [{Name: " + x(n) + "}]}\n") }, "name-length", 7},
		"characters of a stage's name":     {100, func(n int) string { return pipeline(stage(x(n), 1)) }, "name-length", 7},
		"characters of an artifact's name": {100, func(n int) string { return action("OutputArtifacts: [{Name: " + x(n) + "}]") }, "name-length", 7},
		"characters of a namespace":        {100, func(n int) string { return action("Namespace: " + x(n)) }, "name-length", 7},
		"triggers":                         {50, func(n int) string { return property("Triggers: [" + times(n, "{ProviderType: C},") + "]") }, "pipeline-size", 8},
		"filters of a trigger": {3, func(n int) string {
			return property("Triggers: [{GitConfiguration: {Push: [" + times(n, "{Tags: {}},") + "]}}]")
		}, "pipeline-size", 8},
		"patterns of a filter": {8, func(n int) string {
			return property("Triggers: [{GitConfiguration: {PullRequest: [{FilePaths: {Includes: [" + times(n, "p%d,") + "]}}]}}]")
		}, "pipeline-size", 8},
		"characters of a pattern": {255, func(n int) string {
			return property("Triggers: [{GitConfiguration: {Push: [{Branches: {Excludes: [" + x(n) + "]}}]}}]")
		}, "pipeline-size", 8},
		"variables":                              {50, func(n int) string { return property("Variables: [" + times(n, "{Name: v%d},") + "]") }, "pipeline-size", 8},
		"characters of a variable's name":        {128, func(n int) string { return property("Variables: [{Name: " + x(n) + "}]") }, "pipeline-size", 8},
		"characters of a variable's description": {200, func(n int) string { return property("Variables: [{Name: v, Description: " + x(n) + "}]") }, "pipeline-size", 8},
		"characters of a variable's value":       {1000, func(n int) string { return property("Variables: [{Name: v, DefaultValue: " + x(n) + "}]") }, "pipeline-size", 8},
		"characters of an inline policy": {policy.MaxInline, func(n int) string {
			return resource("AWS::IAM::Role", "      Policies: [{PolicyDocument: "+policyOf(n)+"}]\n")
		}, "policy-size", 5},
		"characters of several": {policy.MaxInline, func(n int) string {
			return resource("AWS::IAM::Role", "      Policies: [{PolicyDocument: "+policyOf(5000)+"}, {PolicyDocument: "+policyOf(n-5000)+"}]\n")
		}, "policy-size", 5},
		"characters beside the role": {policy.MaxInline, func(n int) string {
			return resource("AWS::IAM::Role", "      Policies: [{PolicyDocument: "+policyOf(5000)+"}]\n") +
				"  P: {Type: AWS::IAM::Policy, Properties: {Roles: [!Ref R], PolicyDocument: " + policyOf(1000) + "}}\n" +
				"  Q: {Type: AWS::IAM::RolePolicy, Properties: {RoleName: !Ref R, PolicyDocument: " + policyOf(n-6000) + "}}\n" +
				"  Other: {Type: AWS::IAM::RolePolicy, Properties: {RoleName: other, PolicyDocument: " + policyOf(1000) + "}}\n"
		}, "policy-size", 5},
		"characters of a managed policy": {policy.MaxManaged, func(n int) string {
			return resource("AWS::IAM::ManagedPolicy", "      PolicyDocument: "+policyOf(n)+"\n")
		}, "policy-size", 5},
		"characters of a user's trust policy": {4096, func(n int) string {
			return resource("AWS::IAM::Role", "      AssumeRolePolicyDocument: "+policyOf(n)+"\n")
		}, "policy-size", 5},
		"managed policies of a user's role": {20, func(n int) string {
			return resource("AWS::IAM::Role", "      ManagedPolicyArns: ["+times(n-1, "arn%d,")+"]\n") +
				"  P: {Type: AWS::IAM::ManagedPolicy, Properties: {Roles: [!Ref R], PolicyDocument: {}}}\n"
		}, "policy-size", 5},
		"bytes of a key policy": {policy.MaxKey, func(n int) string { return resource("AWS::KMS::Key", "      KeyPolicy: "+policyOf(n)+"\n") }, "policy-size", 5},
		"bytes of a bucket policy": {policy.MaxBucket, func(n int) string {
			return resource("AWS::S3::BucketPolicy", "      PolicyDocument: "+policyOf(n)+"\n")
		}, "policy-size", 5},
		"bytes of a repository policy": {policy.MaxRepository, func(n int) string {
			return resource("AWS::ECR::Repository", "      RepositoryPolicyText: "+policyOf(n)+"\n")
		}, "policy-size", 5},
		"bytes of a secret's policy": {20480, func(n int) string {
			return resource("AWS::SecretsManager::ResourcePolicy", "      ResourcePolicy: "+policyOf(n)+"\n")
		}, "policy-size", 5},
		"bytes of an environment": {model.MaxEnvironment, func(n int) string {
			return resource("AWS::Lambda::Function", "      Environment:\n        Variables: {A: 1, B: "+x(n-len(`{"A":"1","B":""}`))+"}\n")
		}, "environment-size", 6},
		"characters of a rule's parameters": {1024, func(n int) string {
			return resource("AWS::Config::ConfigRule", "      InputParameters: {a: "+x(n-len(`{"a":""}`))+"}\n")
		}, "config-parameter", 5},
		"characters of an event pattern": {4096, func(n int) string {
			return resource("AWS::Events::Rule", "      EventPattern: {source: ["+x(n-len(`{"source":[""]}`))+"]}\n")
		}, "event-pattern", 5},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Empty(t, check(document(t, quota.of(quota.limit))))
			found := check(document(t, quota.of(quota.limit+1)))
			require.Len(t, found, 1)
			assert.Equal(t, quota.rule, found[0].Rule)
			assert.Equal(t, quota.line, found[0].Place.Line, found[0].Text)
			assert.Contains(t, found[0].Text, fmt.Sprint(quota.limit+1))
			assert.Contains(t, found[0].Text, fmt.Sprintf("the limit is %d", quota.limit))
			assert.NotEmpty(t, found[0].Hint)
		})
	}
}

func TestAnOperationCountsAllThatIsNested(t *testing.T) {
	nested := func(n int) *template.Document {
		return document(t, "Resources:\n"+times(n, "  T%d: {Type: AWS::SNS::Topic}\n"))
	}
	root := document(t, "Resources:\n"+times(5, "  S%d: {Type: AWS::CloudFormation::Stack}\n"))
	root.Children = map[string]*template.Document{"S1": nested(499), "S2": nested(499), "S3": nested(499), "S4": nested(499)}
	within := nested(0)
	within.Children = map[string]*template.Document{"T": nested(499)}
	root.Children["S5"] = within
	assert.Empty(t, check(root), "2500 resources")

	root.Children["S4"] = nested(500)
	found := check(root)
	require.Len(t, found, 1)
	assert.Equal(t, "template-size", found[0].Rule)
	assert.Equal(t, "t.yaml and what it nests have 2501 resources; the limit is 2500", found[0].Text)
}

func TestNamesOfAPipelineHoldOnlyWhatCodePipelineTakes(t *testing.T) {
	for yaml, problems := range map[string]int{
		pipeline(stage("prod.2", 1)):                   0,
		pipeline(stage("'prod 2'", 1)):                 1,
		action("Namespace: Source"):                    0,
		action("Namespace: a.b"):                       1,
		action("InputArtifacts: [{Name: Source_1-a}]"): 0,
		action("InputArtifacts: [{Name: Source.1}]"):   1,
		action("OutputArtifacts: [{Name: Sour/ce}]"):   1,
		action("Namespace: !Ref Name"):                 0,
		"Resources:\n  P: {Type: AWS::CodePipeline::Pipeline, Properties: {Name: 'a/b'}}\n": 1,
	} {
		found := check(document(t, yaml))
		require.Len(t, found, problems, yaml)
		for _, p := range found {
			assert.Equal(t, "pipeline-name", p.Rule)
		}
	}
}

func TestThePermissionsOfAFunctionAreOnePolicy(t *testing.T) {
	permissions := func(function string, n int) string {
		return times(n, "  "+function+"P%d: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref "+function+", Action: 'lambda:InvokeFunction', Principal: apigateway.amazonaws.com, SourceArn: !Sub 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/orders/%d'}}\n")
	}
	fits := 0
	for n := 20; n < 120; n++ {
		found := check(document(t, "Resources:\n"+permissions("Live", n)))
		if len(found) == 0 {
			fits = n
			continue
		}
		require.Len(t, found, 1)
		assert.Equal(t, "policy-size", found[0].Rule)
		assert.Equal(t, fits+2, found[0].Place.Line, "the first permission that does not fit")
	}
	assert.InDelta(t, 70, fits, 15)
	assert.Empty(t, check(document(t, "Resources:\n"+permissions("Live", fits)+permissions("Other", fits))), "each has a policy of its own")
}

func TestWhatOnlyADeploymentKnowsCountsAsNothing(t *testing.T) {
	for name, value := range map[string]string{
		"Ref":                  "!Ref P",
		"GetAtt":               "!GetAtt R.Arn",
		"Sub":                  "!Sub '${" + x(1200) + "}'",
		"Join":                 "!Join ['" + x(1200) + "', [!Ref P, !Ref Q]]",
		"the shorter of two":   "!If [C, a, " + x(1200) + "]",
		"a literal ${! of Sub": "!Sub '${!" + x(990) + "}'",
	} {
		assert.Empty(t, check(document(t, action("Configuration: {K: "+value+"}"))), name)
	}
	for name, value := range map[string]string{
		"Sub with variables":   "!Sub ['" + x(1001) + "', {A: b}]",
		"Join":                 "!Join ['" + x(500) + "', [" + x(250) + ", !Ref P, " + x(251) + "]]",
		"both of two":          "!If [C, " + x(1001) + ", " + x(1200) + "]",
		"a literal ${! of Sub": "!Sub '${!" + x(998) + "}'",
		"an open ${ of Sub":    "!Sub '" + x(600) + "${" + x(401) + "'",
	} {
		assert.Len(t, check(document(t, action("Configuration: {K: "+value+"}"))), 1, name)
	}
}

func TestWhatAConditionLeavesOutOrATextSpacesOutIsNotCounted(t *testing.T) {
	permission := "  P%d: {Type: AWS::Lambda::Permission, Condition: C, Properties: {FunctionName: f, Action: 'lambda:InvokeFunction', Principal: s3.amazonaws.com}}\n"
	for what, yaml := range map[string]string{
		"managed policies":      resource("AWS::IAM::Role", "      ManagedPolicyArns: ["+times(20, "a%d,")+"!If [C, b, !Ref AWS::NoValue], !Ref AWS::NoValue]\n"),
		"policies beside":       resource("AWS::IAM::Role", "      Path: /\n") + times(2, "  P%d: {Type: AWS::IAM::Policy, Condition: C%d, Properties: {Roles: [!Ref R], PolicyDocument: "+policyOf(6000)+"}}\n"),
		"permissions":           "Resources:\n" + times(300, permission),
		"a document as text":    resource("AWS::IAM::ManagedPolicy", "      PolicyDocument: '{\"Statement\": ["+strings.Repeat(" ", 7000)+"]}'\n"),
		"one with variables":    resource("AWS::IAM::ManagedPolicy", "      PolicyDocument: !Sub '{\"Statement\": ["+strings.Repeat(" ", 7000)+"]}'\n"),
		"inline policies":       resource("AWS::IAM::Role", "      Policies: [{PolicyDocument: '"+strings.Repeat(" ", 11000)+"{}'}]\n"),
		"an event pattern":      resource("AWS::Events::Rule", "      EventPattern: '{"+strings.Repeat(" ", 5000)+"}'\n"),
		"parameters of a rule":  resource("AWS::Config::ConfigRule", "      InputParameters: '{"+strings.Repeat(" ", 2000)+"}'\n"),
		"a policy of two forms": resource("AWS::IAM::ManagedPolicy", "      PolicyDocument: !If [C, "+policyOf(7000)+", !Ref AWS::NoValue]\n"),
	} {
		assert.Empty(t, check(document(t, yaml)), what)
	}
}

// What foldstack makes may count on nobody having raised a quota.
func TestAGeneratedRoleKeepsTheQuotasThatEveryAccountHas(t *testing.T) {
	generated := func(attached, trust int) *template.Document {
		var problems diag.Problems
		root := source.Parse("t.yaml", []byte(policyOf(trust)), &problems)
		made := &cfn.Template{}
		made.Add("R", &iam.Role{ManagedPolicyArns: make([]string, attached), AssumeRolePolicyDocument: cfn.FromNode(root, nil, &problems)})
		require.Empty(t, problems.Sorted())
		return template.Of("t.yaml", diag.Place{File: "foldstack.yaml"}, made, 1, nil)
	}
	assert.Empty(t, check(generated(policy.MaxAttached, policy.MaxTrust)))
	found := check(generated(policy.MaxAttached+1, policy.MaxTrust+1))
	require.Len(t, found, 2)
	assert.Equal(t, "the role R has 11 managed policies; the limit is 10", found[0].Text)
	assert.Equal(t, "the trust policy of the role R has 2049 characters; the limit is 2048", found[1].Text)
	assert.Equal(t, "foldstack.yaml", found[0].Place.File)
}
