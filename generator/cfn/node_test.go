package cfn_test

import (
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatUsersWriteBecomesIntrinsicsOnlyByTagOrLongForm(t *testing.T) {
	for text, want := range map[string]any{
		"!Ref A":                                   cfn.Ref("A"),
		"{Ref: A}":                                 cfn.Ref("A"),
		"!Ref 'AWS::Region'":                       cfn.Region,
		"!GetAtt A.B":                              cfn.GetAtt("A", "B"),
		"!GetAtt A.B.C":                            cfn.GetAtt("A", "B.C"),
		"!GetAtt [A, B.C]":                         cfn.GetAtt("A", "B.C"),
		"'Fn::GetAtt': [A, B]":                     cfn.GetAtt("A", "B"),
		"Fn::GetAtt: A.B":                          cfn.GetAtt("A", "B"),
		"Fn::GetAtt: [A, !Ref B]":                  cfn.Call("Fn::GetAtt", []any{"A", cfn.Ref("B")}),
		"Fn::GetAtt: [!Sub '${A}', B]":             cfn.Call("Fn::GetAtt", []any{cfn.Sub("${A}"), cfn.Plain("B")}),
		"Ref: !Sub '${A}'":                         cfn.Call("Ref", cfn.Sub("${A}")),
		"Ref: {'Fn::Sub': '${A}'}":                 cfn.Call("Ref", cfn.Sub("${A}")),
		"Fn::GetStackOutput: {StackName: s}":       cfn.Call("Fn::GetStackOutput", cfn.Map{{Key: "StackName", Value: cfn.Plain("s")}}),
		"!Sub '${A}'":                              cfn.Sub("${A}"),
		"!Sub |\n  ${A}\n  b\n":                    cfn.Sub("${A}\nb\n"),
		"Fn::Sub: ${A}":                            cfn.Sub("${A}"),
		"!Sub ['${A}', {A: !Ref B}]":               cfn.Sub("${A}", cfn.Entry{Key: "A", Value: cfn.Ref("B")}),
		"!Join [',', [a, !Ref B]]":                 cfn.Call("Fn::Join", []any{",", []any{cfn.Plain("a"), cfn.Ref("B")}}),
		"!Select [0, !GetAZs '']":                  cfn.Call("Fn::Select", []any{cfn.Plain("0"), cfn.Call("Fn::GetAZs", "")}),
		"!FindInMap [A, !Ref B, C]":                cfn.Call("Fn::FindInMap", []any{cfn.Plain("A"), cfn.Ref("B"), cfn.Plain("C")}),
		"!If [C, {k: v}, !Ref AWS::NoValue]":       cfn.If("C", cfn.Map{{Key: "k", Value: cfn.Plain("v")}}, cfn.NoValue),
		"Fn::ImportValue: !Sub '${A}-x'":           cfn.ImportValue(cfn.Sub("${A}-x")),
		"!Base64\n  Fn::Sub: ${A}":                 cfn.Call("Fn::Base64", cfn.Sub("${A}")),
		"Fn::Base64: !Base64 a":                    cfn.Call("Fn::Base64", cfn.Call("Fn::Base64", cfn.Plain("a"))),
		"!Not [!Equals [a, b]]":                    cfn.Not(cfn.Equals(cfn.Plain("a"), cfn.Plain("b"))),
		"!And [!Condition A, Condition: B]":        cfn.And(cfn.ConditionRef("A"), cfn.ConditionRef("B")),
		"Fn::Transform: {Name: X, Parameters: {}}": cfn.Call("Fn::Transform", cfn.Map{{Key: "Name", Value: cfn.Plain("X")}, {Key: "Parameters", Value: cfn.Map{}}}),
		"Fn::ForEach::Topics: [a, [b], {c: d}]":    cfn.Call("Fn::ForEach::Topics", []any{cfn.Plain("a"), []any{cfn.Plain("b")}, cfn.Map{{Key: "c", Value: cfn.Plain("d")}}}),

		`"!Ref A"`:                      "!Ref A",
		"'Ref: A'":                      "Ref: A",
		"{Ref: {Type: x}}":              cfn.Map{{Key: "Ref", Value: cfn.Map{{Key: "Type", Value: cfn.Plain("x")}}}},
		"{Ref: A, b: c}":                cfn.Map{{Key: "Ref", Value: cfn.Plain("A")}, {Key: "b", Value: cfn.Plain("c")}},
		"{Condition: {StringLike: {}}}": cfn.Map{{Key: "Condition", Value: cfn.Map{{Key: "StringLike", Value: cfn.Map{}}}}},
		"0123":                          cfn.Plain("0123"),
		"'0123'":                        "0123",
		"!!str 0123":                    "0123",
		"[a, 'b', !Ref C]":              []any{cfn.Plain("a"), "b", cfn.Ref("C")},
		"a: ''":                         cfn.Map{{Key: "a", Value: ""}},
	} {
		if strings.HasPrefix(text, "!!") {
			assert.Equal(t, want, cfn.FromNode(&source.Node{Kind: source.Scalar, Tag: "!!str", Text: "0123", Plain: true}, nil, &diag.Problems{}))
			continue
		}
		t.Run(text, func(t *testing.T) { assert.Equal(t, want, fixIf(fromText(t, text))) })
	}
}

// fixIf writes the name of a condition as our own If does, which users write plain.
func fixIf(x any) any {
	s, ok := x.(string)
	if !ok {
		return x
	}
	if i, ok := cfn.Decode(s); ok && i.Name == "Fn::If" {
		list := i.Argument.([]any)
		return cfn.If(string(list[0].(cfn.Plain)), list[1], list[2])
	}
	return x
}

func TestAMalformedFunctionIsAProblemAtItsPlace(t *testing.T) {
	for text, c := range map[string]struct {
		rule, says, hint string
		line, column     int
	}{
		"a: !Reff B":              {"unknown-tag", "the tag !Reff is none of CloudFormation's", "did you mean !Ref?", 1, 4},
		"a: !getatt B.C":          {"unknown-tag", "!getatt", "did you mean !GetAtt?", 1, 4},
		"a: !Output b.c":          {"unknown-tag", "!Output", "", 1, 4},
		"a: !Fn::Sub b":           {"unknown-tag", "!Fn::Sub", "did you mean !Sub?", 1, 4},
		"a:\n  Fn::Jion: [a, []]": {"unknown-function", "no function Fn::Jion", "did you mean Fn::Join?", 2, 3},
		"a: !Ref [b]":             {"malformed-function", "Ref takes one name, not a list", "", 1, 4},
		"a: !GetAtt b":            {"malformed-function", `takes Resource.Attribute, not "b"`, "", 1, 4},
		"a: !GetAtt [b]":          {"malformed-function", "takes Resource.Attribute or a list of both", "", 1, 4},
		"a: !Sub {b: c}":          {"malformed-function", "takes a text", "", 1, 4},
		"a: !Sub [b]":             {"malformed-function", "takes a text", "", 1, 4},
		"a: !If [b, c]":           {"malformed-function", "Fn::If takes a list of 3, not of 2", "", 1, 4},
		"a: !Equals b":            {"malformed-function", "takes a list, not a single value", "", 1, 4},
		"a: !And [!Condition b]":  {"malformed-function", "takes a list of 2 to 10, not of 1", "", 1, 4},
		"a:\n  Ref: ''":           {"malformed-function", "Ref takes one name", "", 2, 8},
		"a:\nb: c":                {"null-value", "nothing is written here", "", 1, 0},
		"a: ~":                    {"null-value", "nothing is written here", "", 1, 4},
	} {
		t.Run(text, func(t *testing.T) {
			var problems diag.Problems
			cfn.FromNode(source.Parse("resources.yaml", []byte(text), &problems), nil, &problems)
			found := problems.Sorted()
			require.Len(t, found, 1)
			assert.Equal(t, c.rule, found[0].Rule)
			assert.Contains(t, found[0].Text, c.says)
			assert.NotEmpty(t, found[0].Hint)
			assert.Contains(t, found[0].Hint, c.hint)
			assert.Equal(t, c.line, found[0].Place.Line)
			if c.column > 0 {
				assert.Equal(t, c.column, found[0].Place.Column)
			}
		})
	}
}

func TestEveryProblemIsFoundInOneGo(t *testing.T) {
	var problems diag.Problems
	cfn.FromNode(source.Parse("r.yaml", []byte("a: !Rf b\nc: [!If [d], {Fn::X: e}]\n"), &problems), nil, &problems)
	assert.Len(t, problems.Sorted(), 3)
}

func TestOwnTagsAreAskedFirst(t *testing.T) {
	var problems diag.Problems
	own := func(n *source.Node) (any, bool) {
		if n.Tag != "!Output" {
			return nil, false
		}
		return cfn.Ref("Link" + n.Text), true
	}
	node := source.Parse("r.yaml", []byte("a: !Output x\nb: !Sub ['${V}', {V: !Output y}]\nc: !Ref Z\nd: {Fn::Join: [',', [!Output w]]}\n"), &problems)
	value := cfn.FromNode(node, own, &problems).(cfn.Map)
	require.Empty(t, problems.Sorted())
	assert.Equal(t, cfn.Ref("Linkx"), value.Get("a"))
	assert.Equal(t, cfn.Sub("${V}", cfn.Entry{Key: "V", Value: cfn.Ref("Linky")}), value.Get("b"))
	assert.Equal(t, cfn.Ref("Z"), value.Get("c"))
	assert.Equal(t, []cfn.Reference{{ID: "Linkw"}}, cfn.References(value.Get("d")))
}

func TestANulInATreeNeverMakesAnIntrinsic(t *testing.T) {
	var problems diag.Problems
	forged := cfn.Ref("Secret")
	value := cfn.FromNode(&source.Node{Kind: source.Mapping, Pairs: []source.Pair{{
		Key:   &source.Node{Kind: source.Scalar, Text: forged},
		Value: &source.Node{Kind: source.Scalar, Text: forged, Plain: true},
	}}}, nil, &problems)
	assert.Len(t, problems.Sorted(), 1)
	assert.Empty(t, cfn.References(value))
	assert.Equal(t, cfn.Map{{Key: "RSecret", Value: cfn.Plain("RSecret")}}, value)
}

// FuzzUserText: a text that a user writes in quotes comes out as that text,
// through parsing, our tree, our writer and parsing again.
func FuzzUserText(f *testing.F) {
	for _, s := range tricky {
		f.Add(s)
	}
	f.Add(cfn.Ref("A"))
	f.Add(cfn.Call("Fn::Sub", "x"))
	f.Fuzz(func(t *testing.T, s string) {
		var problems diag.Problems
		node := source.Parse("f.yaml", []byte("'"+strings.ReplaceAll(s, "'", "''")+"'\n"), &problems)
		if node == nil || !problems.Empty() {
			t.Skip("source refuses it")
		}
		value := cfn.FromNode(node, nil, &problems)
		require.Empty(t, problems.Sorted())
		text, ok := value.(string)
		require.True(t, ok)
		require.False(t, cfn.IsIntrinsic(text))
		checkText(t, text)
	})
}
