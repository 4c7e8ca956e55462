package cfn_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation/lambda"
	"github.com/awslabs/goformation/v7/cloudformation/sns"
	"github.com/awslabs/goformation/v7/cloudformation/sqs"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// goldens are the templates whose text is compared byte by byte.
var goldens = map[string]func(t *testing.T) *cfn.Template{
	"function":   func(*testing.T) *cfn.Template { return functionTemplate() },
	"intrinsics": func(*testing.T) *cfn.Template { return intrinsicsTemplate() },
	"scalars":    func(*testing.T) *cfn.Template { return scalarsTemplate() },
	"user":       userTemplate,
}

func TestTemplatesAreWrittenAsTheirGoldenFiles(t *testing.T) {
	for name, build := range goldens {
		t.Run(name, func(t *testing.T) {
			text, err := build(t).Render()
			require.NoError(t, err)
			path := filepath.Join("testdata", name+".yaml")
			if *update {
				require.NoError(t, os.WriteFile(path, text, 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, string(want), string(text))
		})
	}
}

func TestEveryGoldenFileIsMadeByATemplate(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	require.NoError(t, err)
	require.Len(t, files, len(goldens))
	for _, file := range files {
		assert.Contains(t, goldens, strings.TrimSuffix(filepath.Base(file), ".yaml"))
	}
}

func TestEqualTemplatesGiveEqualBytes(t *testing.T) {
	first, err := functionTemplate().Render()
	require.NoError(t, err)
	for range 20 {
		again, err := functionTemplate().Render()
		require.NoError(t, err)
		require.Equal(t, string(first), string(again))
	}
}

// intrinsicsTemplate holds each function in its short and its nested form.
func intrinsicsTemplate() *cfn.Template {
	long := strings.Repeat("x", 90)
	vpc := &lambda.Function_VpcConfig{SubnetIds: []string{cfn.Ref("Subnet")}, SecurityGroupIds: []string{"sg-1"}}
	t := &cfn.Template{
		Conditions: []cfn.Condition{
			{Name: "IsProd", Expr: cfn.Equals(cfn.Ref("Environment"), "prod")},
			{Name: "IsEast", Expr: cfn.Or(cfn.Equals(cfn.Region, "us-east-1"), cfn.Equals(cfn.Region, "us-east-2"))},
			{Name: "Both", Expr: cfn.And(cfn.ConditionRef("IsProd"), cfn.Not(cfn.ConditionRef("IsEast")))},
			{Name: "One", Expr: cfn.Or(cfn.ConditionRef("IsProd"))},
			{Name: "Many", Expr: cfn.Or(manyConditions(12)...)},
		},
	}
	function := &lambda.Function{
		Role: cfn.ImportValue("shared-role"),
		Code: &lambda.Function_Code{S3Bucket: cfn.Ptr(cfn.ImportValue(cfn.Sub("${AWS::StackName}-bucket")))},
		Environment: &lambda.Function_Environment{Variables: map[string]string{
			"BASE64":     cfn.Call("Fn::Base64", cfn.Sub("#!/bin/sh\necho ${AWS::Region}\n")),
			"FIND":       cfn.FindInMap("Regions", cfn.Region, "Short"),
			"IF":         cfn.If("IsProd", "yes", cfn.NoValue),
			"IF_LONG":    cfn.If("IsProd", long, cfn.Sub("${AWS::Region}-"+long)),
			"IF_IMPORT":  cfn.If("IsProd", cfn.ImportValue(cfn.Sub("${Environment}-x")), ""),
			"JOIN":       cfn.Join(",", "a", cfn.Ref("B"), cfn.GetAtt("C", "Endpoint.Address")),
			"JOIN_SPLIT": cfn.Join("-", cfn.Select(1, cfn.Split(":", cfn.Ref("Arn")))),
			"SUB":        cfn.Sub("arn:${AWS::Partition}:s3:::${Bucket}/*"),
			"SUB_VARS":   cfn.Sub("${Name}/${AWS::Region}", cfn.Entry{Key: "Name", Value: cfn.GetAtt("Queue", "QueueName")}),
			"SUB_NONE":   cfn.Sub("nothing to fill in"),
			"SUB_TEXT":   cfn.Sub("${AWS::Region} " + cfn.Literal("costs ${5}")),
			"CONVERT":    cfn.Call("Fn::ToJsonString", cfn.Map{{Key: "a", Value: cfn.Ref("B")}}),
		}},
	}
	cfn.Late(t, &function.MemorySize, cfn.FindInMap("Settings", cfn.Ref("Environment"), "MemorySize"))
	cfn.Late(t, &function.VpcConfig, cfn.If("IsProd", vpc, cfn.NoValue))
	cfn.Late(t, &function.Layers, cfn.Split(",", cfn.Ref("Layers")))
	t.Add("Function", function)
	t.Outputs = []cfn.Output{{Name: "Name", Value: cfn.Ref("Function"), Description: "For others", Export: cfn.Sub("${AWS::StackName}-name")}}
	return t
}

func manyConditions(n int) []any {
	conditions := make([]any, n)
	for i := range conditions {
		conditions[i] = cfn.ConditionRef("Condition" + string(rune('A'+i)))
	}
	return conditions
}

// scalarsTemplate holds texts that YAML could take for something else.
func scalarsTemplate() *cfn.Template {
	metadata := make(cfn.Map, 0, len(tricky))
	for _, s := range tricky {
		metadata = append(metadata, cfn.Entry{Key: s, Value: s})
	}
	t := &cfn.Template{
		Header:      []string{"two\nlines", "", "with \u2028 a break"},
		Description: "First line: two parts\nSecond line\n",
	}
	r := t.Add("Topic", &sns.Topic{})
	r.Comment = "one # comment\n  Evil: true"
	r.Metadata = cfn.Map{
		{Key: "Tricky", Value: metadata},
		{Key: "Plain", Value: []any{cfn.Plain("0123"), cfn.Plain("no"), cfn.Plain("-1"), cfn.Plain("1.10"), cfn.Plain("a: b"), true, 3, 0.5}},
		{Key: "Empty", Value: []any{"", cfn.Map{}, []any{}, []string(nil), map[string]string{}}},
		{Key: "Nested", Value: []any{[]any{"a", []any{"b\nc"}}, cfn.Map{{Key: "k", Value: []any{"v"}}}}},
		{Key: strings.Repeat("long", 300), Value: "explicit key"},
	}
	return t
}

// userTemplate holds what a user wrote beside what foldstack adds.
func userTemplate(t *testing.T) *cfn.Template {
	tree := fromText(t, `
Queue:
  Properties:
    MessageRetentionPeriod: 0600
    QueueName: !Sub '${AWS::StackName}-"jobs"'
    RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: '5'}
    Tags:
    - Key: "!Ref x"
      Value: {'Fn::Sub': ['${A}', {A: {Ref: 'AWS::Region'}}]}
  DependsOn: Dead
  Type: AWS::SQS::Queue
`).(cfn.Map)
	template := &cfn.Template{}
	template.Resources = append(template.Resources, &cfn.Resource{
		ID: "Queue", Raw: tree.Get("Queue"), DependsOn: []string{"Dead", "Role"}, Condition: "IsProd",
	})
	template.Add("Dead", &sqs.Queue{})
	return template
}

// fromText is a user's YAML as a value.
func fromText(t *testing.T, text string) any {
	t.Helper()
	var problems diag.Problems
	value := cfn.FromNode(source.Parse("resources.yaml", []byte(text), &problems), nil, &problems)
	require.Empty(t, problems.Sorted())
	return value
}
