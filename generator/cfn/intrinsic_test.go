package cfn_test

import (
	"strings"
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation/lambda"
	"github.com/awslabs/goformation/v7/cloudformation/sns"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// every is one intrinsic of each kind with what it decodes to.
var every = map[string]cfn.Intrinsic{
	cfn.Ref("A"):                                {Name: "Ref", Argument: "A"},
	cfn.GetAtt("A", "B.C"):                      {Name: "Fn::GetAtt", Argument: []any{"A", "B.C"}},
	cfn.Sub("${A}-x"):                           {Name: "Fn::Sub", Argument: "${A}-x"},
	cfn.ConditionRef("C"):                       {Name: "Condition", Argument: "C"},
	cfn.ImportValue("E"):                        {Name: "Fn::ImportValue", Argument: "E"},
	cfn.Split(",", "a,b"):                       {Name: "Fn::Split", Argument: []any{",", "a,b"}},
	cfn.Equals("a", 5):                          {Name: "Fn::Equals", Argument: []any{"a", 5}},
	cfn.Not(cfn.Ref("A")):                       {Name: "Fn::Not", Argument: []any{cfn.Ref("A")}},
	cfn.Join("-", "a", "b"):                     {Name: "Fn::Join", Argument: []any{"-", []any{"a", "b"}}},
	cfn.Select(2, cfn.Split("-", cfn.Ref("A"))): {Name: "Fn::Select", Argument: []any{2, cfn.Split("-", cfn.Ref("A"))}},
	cfn.FindInMap("M", cfn.Region, "K"):         {Name: "Fn::FindInMap", Argument: []any{"M", cfn.Region, "K"}},
	cfn.Sub("${V}", cfn.Entry{Key: "V", Value: cfn.Ref("A")}):   {Name: "Fn::Sub", Argument: []any{"${V}", cfn.Map{{Key: "V", Value: cfn.Ref("A")}}}},
	cfn.If("C", 1.5, cfn.Map{{Key: "k", Value: []any{true}}}):   {Name: "Fn::If", Argument: []any{"C", 1.5, cfn.Map{{Key: "k", Value: []any{true}}}}},
	cfn.If("C", []string{"a"}, map[string]int{"b": -1, "a": 0}): {Name: "Fn::If", Argument: []any{"C", []any{"a"}, cfn.Map{{Key: "a", Value: 0}, {Key: "b", Value: -1}}}},
	cfn.Call("Fn::Cidr", []any{cfn.Plain("0"), false}):          {Name: "Fn::Cidr", Argument: []any{cfn.Plain("0"), false}},
}

func TestEveryIntrinsicIsAStringThatDecodes(t *testing.T) {
	for s, want := range every {
		assert.True(t, cfn.IsIntrinsic(s))
		got, ok := cfn.Decode(s)
		assert.True(t, ok, "%q", s)
		assert.Equal(t, want, got)
	}
}

func TestAStructInABranchIsTakenWithItsUnsetPropertiesLeftOut(t *testing.T) {
	i, ok := cfn.Decode(cfn.If("C", &lambda.Function_Environment{Variables: map[string]string{"A": cfn.Ref("B")}}, cfn.NoValue))
	require.True(t, ok)
	assert.Equal(t, []any{"C", cfn.Map{{Key: "Variables", Value: cfn.Map{{Key: "A", Value: cfn.Ref("B")}}}}, cfn.NoValue}, i.Argument)
}

func TestAnIntrinsicJoinedWithTextIsRefused(t *testing.T) {
	for s := range every {
		for _, joined := range []string{s + "x", s + s, "x" + s, s[:len(s)-1], s[:2]} {
			_, ok := cfn.Decode(joined)
			assert.False(t, ok, "%q", joined)
			template := &cfn.Template{}
			template.Add("Topic", &sns.Topic{DisplayName: &joined})
			_, err := template.Render()
			assert.Error(t, err, "%q", joined)
		}
	}
}

func TestOrNestsPastTenConditions(t *testing.T) {
	for _, n := range []int{1, 2, 10, 11, 12, 21, 100, 101, 111, 1001} {
		seen := 0
		var walk func(x any)
		walk = func(x any) {
			i, ok := cfn.Decode(x.(string))
			require.True(t, ok)
			if i.Name == "Condition" {
				seen++
				return
			}
			require.Equal(t, "Fn::Or", i.Name)
			operands := i.Argument.([]any)
			require.GreaterOrEqual(t, len(operands), 2)
			require.LessOrEqual(t, len(operands), 10)
			for _, operand := range operands {
				walk(operand)
			}
		}
		walk(cfn.Or(manyConditions(n)...))
		assert.Equal(t, n, seen)
	}
}

func TestAndWithoutConditionsIsRefused(t *testing.T) {
	_, err := (&cfn.Template{Conditions: []cfn.Condition{{Name: "A", Expr: cfn.And()}}}).Render()
	assert.ErrorContains(t, err, "Conditions.A")
}

func TestLiteralKeepsSubFromFillingText(t *testing.T) {
	assert.Equal(t, "costs ${!5} and ${!!x}", cfn.Literal("costs ${5} and ${!x}"))
	assert.Empty(t, cfn.References(cfn.Sub(cfn.Literal("${A} ${B.C}"))))
}

func TestReferencesNamesEveryTarget(t *testing.T) {
	value := cfn.Map{
		{Key: "a", Value: cfn.Ref("R")},
		{Key: "b", Value: []any{cfn.GetAtt("Q", "Arn"), cfn.Sub("x ${S} ${T.Arn} ${!U} ${V} ${AWS::Region}", cfn.Entry{Key: "V", Value: cfn.Ref("W")})}},
		{Key: "c", Value: &lambda.Function_Environment{Variables: map[string]string{"X": cfn.If("C", cfn.FindInMap("M", cfn.Ref("N"), "k"), cfn.NoValue)}}},
		{Key: "d", Value: cfn.Call("Fn::GetAtt", []any{"G", cfn.Ref("H")})},
		{Key: "e", Value: cfn.And(cfn.ConditionRef("I"), cfn.Equals(cfn.Plain("J"), "K"))},
		{Key: "f", Value: cfn.ImportValue(cfn.Sub("${L}-x"))},
	}
	ref := func(id string) cfn.Reference { return cfn.Reference{Kind: cfn.ToValue, ID: id} }
	assert.Equal(t, []cfn.Reference{
		ref("R"),
		{Kind: cfn.ToAttribute, ID: "Q", Attribute: "Arn"},
		ref("S"),
		{Kind: cfn.ToAttribute, ID: "T", Attribute: "Arn"},
		ref("AWS::Region"), ref("W"),
		{Kind: cfn.ToCondition, ID: "C"},
		{Kind: cfn.ToMapping, ID: "M"},
		ref("N"), ref("AWS::NoValue"),
		{Kind: cfn.ToAttribute, ID: "G"},
		ref("H"),
		{Kind: cfn.ToCondition, ID: "I"},
		ref("L"),
	}, cfn.References(value))
}

func TestATemplateKnowsWhatItRefersTo(t *testing.T) {
	template := functionTemplate()
	found := template.References()
	for _, want := range []cfn.Reference{
		{Kind: cfn.ToMapping, ID: "Settings"}, // a late value
		{Kind: cfn.ToAttribute, ID: "Role", Attribute: "Arn"},
		{Kind: cfn.ToAttribute, ID: "LogGroup", Attribute: "Arn"},
		{Kind: cfn.ToValue, ID: "DeploymentGroup"}, // in an update policy
		{Kind: cfn.ToCondition, ID: "IsProd"},      // of an output
	} {
		assert.Contains(t, found, want)
	}
}

func FuzzDecodeNeverPanics(f *testing.F) {
	for s := range every {
		f.Add(s)
		f.Add(strings.Replace(s, "s", "l", 1))
	}
	f.Fuzz(func(t *testing.T, s string) {
		i, ok := cfn.Decode(s)
		if !ok {
			return
		}
		if cfn.IsIntrinsic(s) && s[1] == '(' {
			again, ok := cfn.Decode(cfn.Call(i.Name, i.Argument))
			require.True(t, ok)
			require.Equal(t, i.Name, again.Name)
		}
	})
}
