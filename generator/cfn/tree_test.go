package cfn_test

import (
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation/lambda"
	"github.com/awslabs/goformation/v7/cloudformation/policies"
	"github.com/awslabs/goformation/v7/cloudformation/sns"
	"github.com/awslabs/goformation/v7/cloudformation/tags"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// byValue and byPointer say themselves what they are.
type byValue struct{ Name string }

func (b byValue) TemplateValue() any { return cfn.Map{{Key: "Named", Value: b.Name}} }

type byPointer struct{ Name string }

func (b *byPointer) TemplateValue() any { return []any{b.Name, cfn.Ref("A")} }

type holder struct {
	Value   byValue         `json:"Value"`
	Values  []byValue       `json:"Values"`
	Pointer *byPointer      `json:"Pointer"`
	Unnamed byPointer       // no tag
	None    *byPointer      `json:"None,omitempty"`
	Zero    struct{ A int } `json:"Zero,omitempty"`
	hidden  int
}

// values are of every kind that a template may hold.
var values = map[string]any{
	"named text":        policies.DeletionPolicy("Retain"),
	"named list":        []policies.DeletionPolicy{"no", policies.DeletionPolicy(cfn.Ref("A"))},
	"plain":             cfn.Plain("0123"),
	"plains":            []cfn.Plain{"no", "a"},
	"numbers":           []any{1, int64(-2), int32(3), float32(0.5), 2.0, true},
	"array":             [2]bool{true, false},
	"texts":             []string{"a", cfn.Sub("${A}\nb")},
	"map of text":       map[string]string{"b": "2", "a": cfn.Ref("A")},
	"map of numbers":    map[string]int{"b": 2, "a": 1},
	"map of anything":   map[string]any{"a": []string{}, "b": map[string]any{"c": nil}["d"] == nil},
	"map of named keys": map[policies.DeletionPolicy]bool{"yes": true},
	"pointer":           cfn.Ptr(cfn.Ptr("a")),
	"struct":            lambda.Function_Code{S3Key: cfn.Ptr("k")},
	"structs":           []tags.Tag{{Key: "a"}, {Key: "b", Value: "c"}},
	"empty struct":      &lambda.Function_VpcConfig{},
	"valuer":            byValue{"x"},
	"valuer by pointer": &byPointer{"x"},
	"valuers":           &holder{Value: byValue{"a"}, Values: []byValue{{"b"}}, Pointer: &byPointer{"c"}, Unnamed: byPointer{"d"}, hidden: 1},
	"valuers by value":  holder{Values: []byValue{{"b"}}, Pointer: &byPointer{"c"}},
}

func metadataText(t *testing.T, value any) string {
	t.Helper()
	template := &cfn.Template{}
	template.Add("Topic", &sns.Topic{}).Metadata = cfn.Map{{Key: "Value", Value: value}}
	return rendered(t, template)
}

func TestAValueAndItsTreeAreWrittenAlike(t *testing.T) {
	for name, value := range values {
		t.Run(name, func(t *testing.T) {
			tree := cfn.Tree(value)
			assert.Equal(t, metadataText(t, tree), metadataText(t, value))
			assert.Equal(t, tree, cfn.Tree(tree))
			require.Empty(t, same("Value", tree, metadata(t, value)))
		})
	}
}

func TestATemplateOfTreesIsWrittenAsTheTypedOne(t *testing.T) {
	for name, build := range goldens {
		t.Run(name, func(t *testing.T) {
			typed := build(t)
			trees := *typed
			trees.Resources = nil
			for _, r := range typed.Resources {
				trees.Resources = append(trees.Resources, &cfn.Resource{ID: r.ID, Comment: r.Comment, Raw: typed.ResourceTree(r)})
			}
			raw := build(t)
			raw.Resources = trees.Resources
			text, err := withoutLate(raw).Render()
			require.NoError(t, err)
			assert.Equal(t, rendered(t, typed), string(text))
		})
	}
}

// withoutLate is the same template without bindings, which its trees hold already.
func withoutLate(t *cfn.Template) *cfn.Template {
	return &cfn.Template{
		Header: t.Header, Description: t.Description, Parameters: t.Parameters, Mappings: t.Mappings,
		Conditions: t.Conditions, Resources: t.Resources, Outputs: t.Outputs,
	}
}

func TestTheTypeOfAResourceIsKnown(t *testing.T) {
	for _, r := range []*cfn.Resource{
		{Properties: &sns.Topic{}},
		{Raw: cfn.Map{{Key: "Type", Value: "AWS::SNS::Topic"}}},
		{Raw: cfn.Map{{Key: "Type", Value: cfn.Plain("AWS::SNS::Topic")}}},
	} {
		assert.Equal(t, "AWS::SNS::Topic", r.Type())
	}
	assert.Empty(t, (&cfn.Resource{Raw: cfn.Map{}}).Type())
}

func TestSectionsHoldWhatUsersWrote(t *testing.T) {
	text := rendered(t, &cfn.Template{
		Parameters: []cfn.Parameter{{Name: "P", Type: "Number", Description: "A number", Default: cfn.Ptr("1"), AllowedPattern: "[0-9]+", NoEcho: true}},
		Mappings:   []cfn.Mapping{{Name: "M", Raw: cfn.Map{{Key: "a", Value: cfn.Map{{Key: "b", Value: cfn.Plain("1")}}}}}},
		Outputs:    []cfn.Output{{Name: "O", Raw: cfn.Map{{Key: "Value", Value: cfn.Plain("yes")}}}},
	})
	assert.Equal(t, `AWSTemplateFormatVersion: '2010-09-09'

Parameters:
  P:
    Type: Number
    Description: A number
    Default: '1'
    AllowedPattern: '[0-9]+'
    NoEcho: true

Mappings:
  M:
    a:
      b: 1

Outputs:
  O:
    Value: yes
`, text)
}
