package cfn_test

import (
	"errors"
	"math"
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation/codepipeline"
	"github.com/awslabs/goformation/v7/cloudformation/lambda"
	"github.com/awslabs/goformation/v7/cloudformation/logs"
	"github.com/awslabs/goformation/v7/cloudformation/sns"
	"github.com/awslabs/goformation/v7/cloudformation/tags"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatCannotBeWrittenIsOurBugAndNamesItsPlace(t *testing.T) {
	topic := func(metadata any) *cfn.Template {
		template := &cfn.Template{}
		template.Add("Topic", &sns.Topic{}).Metadata = cfn.Map{{Key: "Value", Value: metadata}, {Key: "Other", Value: 1}}
		return template
	}
	with := func(p cfn.Properties) *cfn.Template {
		template := &cfn.Template{Description: "the test"}
		template.Add("X", p)
		return template
	}
	for name, c := range map[string]struct {
		template *cfn.Template
		says     string
	}{
		"required text":           {with(&lambda.Function{Code: &lambda.Function_Code{}}), `template "the test": Resources.X.Properties: lambda.Function requires Role, which is not set`},
		"required struct":         {with(&lambda.Function{Role: "r"}), "lambda.Function requires Code"},
		"required list":           {with(&codepipeline.Pipeline{RoleArn: "r"}), "codepipeline.Pipeline requires Stages"},
		"required list, empty":    {with(&codepipeline.Pipeline{RoleArn: "r", Stages: []codepipeline.Pipeline_StageDeclaration{}}), "requires Stages"},
		"required deep inside":    {with(&codepipeline.Pipeline{RoleArn: "r", Stages: []codepipeline.Pipeline_StageDeclaration{{Name: "S"}}}), "Resources.X.Properties.Stages: codepipeline.Pipeline_StageDeclaration requires Actions"},
		"required inside an If":   {topic(cfn.If("C", &lambda.Alias{}, cfn.NoValue)), "lambda.Alias requires Name"},
		"tag without key":         {with(&logs.LogGroup{Tags: []tags.Tag{{Value: "v"}}}), "tags.Tag requires Key"},
		"attribute in the struct": {with(&sns.Topic{AWSCloudFormationDependsOn: []string{"A"}}), "AWSCloudFormationDependsOn is set in the properties"},
		"no properties":           {with(nil), "no pointer to a struct"},
		"null":                    {topic(nil), "Resources.Topic.Metadata.Value: a null"},
		"nil pointer":             {topic((*sns.Topic)(nil)), "a null"},
		"channel":                 {topic(make(chan int)), "a chan int cannot be written"},
		"map by number":           {topic(map[int]int{1: 1}), "a map[int]int cannot be written"},
		"not a number":            {topic(math.NaN()), "NaN is no number"},
		"error":                   {topic(errors.New("broken")), "Value: broken"},
		"same key twice":          {topic(cfn.Map{{Key: "a", Value: 1}, {Key: "a", Value: 2}}), `the key "a" stands twice`},
		"intrinsic as key":        {topic(cfn.Map{{Key: cfn.Ref("A"), Value: 1}}), "an intrinsic is part of a text"},
		"user key as function":    {topic(map[string]string{"Ref": "x"}), `one key "Ref" would be read as a function`},
		"user key as function 2":  {topic(cfn.Map{{Key: "Fn::Sub", Value: "x"}}), `one key "Fn::Sub"`},
		"user key as function 3":  {topic(map[string]any{"Ref": "x"}), `one key "Ref"`},
		"same resource twice":     {&cfn.Template{Resources: []*cfn.Resource{{ID: "A", Properties: &sns.Topic{}}, {ID: "A", Properties: &sns.Topic{}}}}, `Resources: two entries are called "A"`},
		"output without value":    {&cfn.Template{Outputs: []cfn.Output{{Name: "O"}}}, "Outputs.O.Value: the output has no value"},
		"condition without one":   {&cfn.Template{Conditions: []cfn.Condition{{Name: "C"}}}, "Conditions.C: a null"},
		"raw that is no mapping":  {&cfn.Template{Resources: []*cfn.Resource{{ID: "A", Raw: "x"}}}, "a resource that is a string"},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := c.template.Render()
			require.Error(t, err)
			assert.Nil(t, text)
			var bug diag.Bug
			assert.ErrorAs(t, err, &bug)
			assert.Contains(t, err.Error(), c.says)
		})
	}
}

func TestARendererThatFailedStillWritesTheNextTemplate(t *testing.T) {
	want := rendered(t, functionTemplate())
	for range 4 {
		_, err := (&cfn.Template{Outputs: []cfn.Output{{Name: "O"}}}).Render()
		require.Error(t, err)
		assert.Equal(t, want, rendered(t, functionTemplate()))
	}
}

func TestOptionalZerosSurviveBehindPointers(t *testing.T) {
	f := function()
	f.Timeout, f.Description = cfn.Ptr(0), cfn.Ptr("")
	f.Layers, f.Tags = []string{}, []tags.Tag{{Key: "empty"}}
	template := &cfn.Template{}
	template.Add("Function", f)
	text := rendered(t, template)
	assert.Contains(t, text, "Timeout: 0\n")
	assert.Contains(t, text, "Description: ''\n")
	assert.Contains(t, text, "- Key: empty\n          Value: ''\n")
	assert.NotContains(t, text, "Layers")
	assert.NotContains(t, text, "MemorySize")
}

func TestAMapOfTheKeyRefIsAllowedWhereItCannotBeAFunction(t *testing.T) {
	assert.Equal(t, "x", get(get(metadata(t, cfn.Map{{Key: "Ref", Value: cfn.Map{{Key: "a", Value: "x"}}}}), "Ref"), "a").Value)
	assert.Equal(t, "x", get(metadata(t, map[string]string{"Ref": "x", "Other": "y"}), "Ref").Value)
}
