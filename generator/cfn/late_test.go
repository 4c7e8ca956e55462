package cfn_test

import (
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation/lambda"
	"github.com/awslabs/goformation/v7/cloudformation/tags"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// function is a valid one of few properties.
func function() *lambda.Function {
	return &lambda.Function{Role: cfn.GetAtt("Role", "Arn"), Code: &lambda.Function_Code{ZipFile: cfn.Ptr("x")}}
}

func rendered(t *testing.T, template *cfn.Template) string {
	t.Helper()
	text, err := template.Render()
	require.NoError(t, err)
	return string(text)
}

func TestALateValueTakesThePlaceOfAnyField(t *testing.T) {
	template := &cfn.Template{}
	f := function()
	f.VpcConfig = &lambda.Function_VpcConfig{SubnetIds: []string{"a", "b"}}
	f.Tags = []tags.Tag{{Key: "k", Value: "v"}}
	f.TracingConfig = &lambda.Function_TracingConfig{}
	template.Add("Function", f)
	cfn.Late(template, &f.MemorySize, cfn.Ref("Pointer"))
	cfn.Late(template, &f.Layers, cfn.Ref("List"))
	cfn.Late(template, &f.Environment, cfn.Ref("Struct"))
	cfn.Late(template, &f.Code, cfn.Ref("Required"))
	cfn.Late(template, &f.VpcConfig.SubnetIds[1], cfn.Ref("Item"))
	cfn.Late(template, &f.Tags[0], cfn.Ref("StructItem"))
	cfn.Late(template, f.TracingConfig, cfn.Ref("Pointed"))
	text := rendered(t, template)
	for _, line := range []string{
		"MemorySize: !Ref Pointer\n", "Layers: !Ref List\n", "Environment: !Ref Struct\n", "Code: !Ref Required\n",
		"- a\n          - !Ref Item\n", "- !Ref StructItem\n", "TracingConfig: !Ref Pointed\n",
	} {
		assert.Contains(t, text, line)
	}
}

// first has a first field with the struct's own address.
type first struct {
	Inner inner `json:"Inner"`
}

type inner struct {
	Number int `json:"Number"`
	Other  int `json:"Other"`
}

func (*first) AWSCloudFormationType() string { return "Test::First" }

func TestAStructAndItsFirstFieldAreToldApart(t *testing.T) {
	template := &cfn.Template{}
	f := &first{}
	cfn.Late(template, &f.Inner.Number, cfn.Ref("Number"))
	template.Add("X", f)
	assert.Contains(t, rendered(t, template), "Inner:\n        Number: !Ref Number\n        Other: 0\n")

	template = &cfn.Template{}
	cfn.Late(template, &f.Inner, cfn.Ref("Inner"))
	template.Add("X", f)
	assert.Contains(t, rendered(t, template), "Properties:\n      Inner: !Ref Inner\n")
}

func TestTheLastBindingOfAFieldCounts(t *testing.T) {
	template := &cfn.Template{}
	f := function()
	template.Add("Function", f)
	cfn.Late(template, &f.Timeout, cfn.Ref("A"))
	cfn.Late(template, &f.MemorySize, cfn.Ref("M"))
	cfn.Late(template, &f.Timeout, cfn.Ref("B"))
	text := rendered(t, template)
	assert.Contains(t, text, "Timeout: !Ref B\n")
	assert.NotContains(t, text, "!Ref A\n")
}

func TestALateValueThatIsNotPartOfTheTemplateIsRefused(t *testing.T) {
	for name, bind := range map[string]func(template *cfn.Template){
		"of a resource that was not added": func(template *cfn.Template) {
			cfn.Late(template, &function().Timeout, cfn.Ref("Lost"))
		},
		"of an item that an append moved": func(template *cfn.Template) {
			f := function()
			f.Tags = []tags.Tag{{Key: "first"}}
			cfn.Late(template, &f.Tags[0], cfn.Ref("Lost"))
			f.Tags = append(f.Tags, tags.Tag{Key: "a"})
			template.Add("Function", f)
		},
		"of a copy": func(template *cfn.Template) {
			f := function()
			copied := *f
			cfn.Late(template, &copied.Timeout, cfn.Ref("Lost"))
			template.Add("Function", f)
		},
		"inside a branch": func(template *cfn.Template) {
			f, vpc := function(), &lambda.Function_VpcConfig{}
			cfn.Late(template, &vpc.SubnetIds, cfn.Ref("Lost"))
			cfn.Late(template, &f.VpcConfig, cfn.If("C", vpc, cfn.NoValue))
			template.Add("Function", f)
		},
		"below a value that is late itself": func(template *cfn.Template) {
			f := function()
			cfn.Late(template, &f.Code.S3Bucket, cfn.Ref("Lost"))
			cfn.Late(template, &f.Code, cfn.Ref("Code"))
			template.Add("Function", f)
		},
	} {
		t.Run(name, func(t *testing.T) {
			template := &cfn.Template{}
			bind(template)
			_, err := template.Render()
			assert.ErrorContains(t, err, `late value Ref "Lost"`)
			assert.ErrorContains(t, err, "a bug in foldstack")
		})
	}
}

func TestResourceTreeHoldsLateValues(t *testing.T) {
	template := &cfn.Template{}
	f := function()
	r := template.Add("Function", f)
	r.DeletionPolicy = "Retain"
	cfn.Late(template, &f.Timeout, cfn.Ref("T"))
	f.MemorySize = cfn.Ptr(0)
	assert.Equal(t, cfn.Map{
		{Key: "Type", Value: "AWS::Lambda::Function"},
		{Key: "DeletionPolicy", Value: "Retain"},
		{Key: "Properties", Value: cfn.Map{
			{Key: "Code", Value: cfn.Map{{Key: "ZipFile", Value: "x"}}},
			{Key: "Role", Value: cfn.GetAtt("Role", "Arn")},
			{Key: "MemorySize", Value: 0},
			{Key: "Timeout", Value: cfn.Ref("T")},
		}},
	}, template.ResourceTree(r))
}

func TestManyTemplatesRenderAtOnce(t *testing.T) {
	want := rendered(t, functionTemplate())
	done := make(chan string)
	shared := functionTemplate()
	for range 8 {
		go func() {
			text, _ := shared.Render()
			done <- string(text)
		}()
	}
	for range 8 {
		assert.Equal(t, want, <-done)
	}
}
