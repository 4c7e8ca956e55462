package check

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

func TestARuntimeIsOverOnTheDayOnWhichNoFunctionIsCreatedAnyMore(t *testing.T) {
	l := lifecycle{create: "2027-02-01", update: "2027-03-03"}
	assert.False(t, l.over("2027-01-31"))
	assert.True(t, l.over("2027-02-01"))
	assert.Equal(t, "and will update none from 2027-03-03 on", l.updates("2027-03-02"))
	assert.Equal(t, "and updates none since 2027-03-03", l.updates("2027-03-03"))
}

func TestARetiredRuntimeIsReportedWithItsDates(t *testing.T) {
	place := diag.Place{File: "function.yaml", Line: 1, Column: 10}
	for runtime, text := range map[string]string{
		"nodejs14.x":   "Lambda creates no function with nodejs14.x since 2024-01-09, and will update none from 2027-03-03 on",
		"python3.6":    "Lambda creates no function with python3.6 since 2022-07-18, and updates none since 2022-08-29",
		"provided":     "Lambda creates no function with provided since 2024-02-08, and will update none from 2027-03-03 on",
		"nodejs20.x":   "", // deprecated, and still created
		"nodejs24.x":   "",
		"provided.al2": "",
		"nodejs98.x":   "", // nobody knows it yet
		"":             "", // an image
	} {
		var problems diag.Problems
		Runtimes(&model.Project{Functions: []model.Function{{Runtime: model.Choice{Value: runtime, Place: place}}}}, &problems)
		found := problems.Sorted()
		if text == "" {
			assert.Empty(t, found, runtime)
			continue
		}
		require.Len(t, found, 1, runtime)
		assert.Equal(t, diag.Problem{Rule: "retired-runtime", Place: place, Text: text, Hint: found[0].Hint}, found[0])
		assert.Contains(t, found[0].Hint, "write "+lifecycles[runtime].successor)
	}
}

func TestARetiredRuntimeOfAUsersOwnFunctionIsReportedToo(t *testing.T) {
	var problems diag.Problems
	root := source.Parse("s.yaml", []byte("Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: python2.7\n  G: {Type: AWS::Lambda::Function, Properties: {Runtime: !Ref R}}\n  H: {Type: AWS::Lambda::Function}\n  S: {Type: AWS::Serverless::Function, Properties: {Runtime: python2.7}}\n"), &problems)
	WrittenRuntimes([]*template.Document{template.Written("s.yaml", root, 1, &problems)}, &problems)
	found := problems.Sorted()
	require.Len(t, found, 2)
	for i, line := range []int{5, 8} {
		assert.Equal(t, "retired-runtime", found[i].Rule)
		assert.Equal(t, line, found[i].Place.Line)
	}
}

func TestTheTableOfRuntimesHoldsDatesAndCurrentSuccessors(t *testing.T) {
	day := regexp.MustCompile(`^20\d\d-[01]\d-[0-3]\d$`)
	for runtime, l := range lifecycles {
		assert.Regexp(t, day, l.create, runtime)
		assert.Regexp(t, day, l.update, runtime)
		assert.LessOrEqual(t, l.create, l.update, runtime)
		if l.successor != "" {
			successor, known := lifecycles[l.successor]
			assert.True(t, known && !successor.over(lifecycleDay), l.successor)
		}
	}
}
