package stack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/event"
	"github.com/foldstack/foldstack/generator/model"
)

// only is the one problem of a project.
func onlyProblem(t *testing.T, p *model.Project) diag.Problem {
	t.Helper()
	problems := problemsOf(t, p)
	require.Len(t, problems, 1)
	return problems[0]
}

func TestAnOutputThatCannotBeIsAProblemAtItsUser(t *testing.T) {
	plain := folder{name: "plain"}
	for name, test := range map[string]struct {
		folders    []folder
		rule, says string
	}{
		"a stack that nobody knows": {
			[]folder{plain, {name: "a", yaml: "environment:\n  X: !Output plian.Arn\n"}},
			"unknown-output", "did you mean plain?",
		},
		"an output that nobody knows": {
			[]folder{plain, {name: "a", yaml: "environment:\n  X: !Output plain.RoleAm\n"}},
			"unknown-output", "did you mean RoleArn?",
		},
		"an API without routes": {
			[]folder{{name: "a", yaml: "environment:\n  X: !Output api.Url\n"}},
			"unknown-output", `called "api"`,
		},
		"its own output": {
			[]folder{{name: "a", yaml: "environment:\n  X: !Output a.Arn\n"}},
			"output-of-itself", "!GetAtt",
		},
		"no name of an output": {
			[]folder{{name: "a", yaml: "environment:\n  X: !Output orders\n"}},
			"output-form", "!Output orders.TableName",
		},
		"no name of an output in an event": {
			[]folder{{name: "a", yaml: "events:\n  - sqs: !Output orders\n"}},
			"output-form", "!Output orders.TableName",
		},
		"inside Fn::Select": {
			[]folder{plain, {name: "a", yaml: "environment:\n  X: !Select [0, !Split [':', !Output plain.Arn]]\n"}},
			"output-inside", "Fn::Split",
		},
		"inside a condition": {
			[]folder{plain, {name: "a", resources: "Conditions:\n  C: !Equals [!Output plain.Name, x]\nResources:\n  T: {Type: AWS::SNS::Topic, Condition: C}\n"}},
			"output-inside", "a condition",
		},
		"fewer targets": {
			[]folder{{name: "a", yaml: "environment:\n  X: !Output b.Arn\n"}, {name: "b", yaml: "only: {environments: [prod]}\n"}},
			"output-not-everywhere", "in eu-central-1 of the environment dev",
		},
		"fewer regions": {
			[]folder{{name: "a", yaml: "only: {environments: [prod]}\nenvironment:\n  X: !Output b.Arn\n"}, {name: "b", yaml: "only: {environments: [prod], regions: [us-east-1]}\n"}},
			"output-not-everywhere", "in eu-central-1 of the environment prod",
		},
	} {
		problem := onlyProblem(t, shop(t, test.folders...))
		assert.Equal(t, test.rule, problem.Rule, name)
		assert.Contains(t, problem.Text+" "+problem.Hint, test.says, name)
		assert.Equal(t, "functions/a/"+map[bool]string{true: "resources", false: "function"}[test.folders[len(test.folders)-1].resources != ""]+".yaml", problem.Place.File, name)
		assert.NotZero(t, problem.Place.Line, name)
	}
}

func TestACircleOfOutputsIsPrintedAsAPath(t *testing.T) {
	problem := onlyProblem(t, shop(t,
		folder{name: "a", yaml: "environment:\n  X: !Output b.Arn\n"},
		folder{name: "b", yaml: "environment:\n  X: !Output c.Arn\n"},
		folder{name: "c", yaml: "environment:\n  X: !Output a.Arn\n"},
		folder{name: "d", yaml: "environment:\n  X: !Output a.Arn\n"},
	))
	assert.Equal(t, "output-cycle", problem.Rule)
	assert.Contains(t, problem.Text, "a -> b -> c -> a")
	assert.Equal(t, "functions/c/function.yaml", problem.Place.File)
}

func TestAProviderMayExistInMoreTargetsThanItsUser(t *testing.T) {
	assert.Empty(t, problemsOf(t, shop(t,
		folder{name: "a", yaml: "only: {environments: [prod], regions: [us-east-1]}\nenvironment:\n  X: !Output b.Arn\n"},
		folder{name: "b", yaml: "only: {environments: [prod]}\n"},
	)))
}

func TestTheAPIExistsWhereOneOfItsFunctionsDoes(t *testing.T) {
	p := shop(t,
		folder{name: "a", yaml: "only: {environments: [dev]}\nevents:\n  - http: GET /a\n"},
		folder{name: "b", yaml: "only: {environments: [prod], regions: [us-east-1]}\nevents:\n  - http: GET /b\n"},
	)
	text := output(t, p)["orchestration.yaml"]
	assert.Contains(t, text, "  HasApi: !Or\n    - !Equals [!Ref Environment, dev]\n    - !And [!Equals [!Ref Environment, prod], ")

	p = shop(t,
		folder{name: "a", yaml: "only: {environments: [dev]}\nevents:\n  - http: GET /a\n"},
		folder{name: "b", yaml: "events:\n  - http: GET /b\n"},
	)
	assert.NotContains(t, output(t, p)["orchestration.yaml"], "HasApi")
}

func TestOnlyThatSelectsEveryTargetIsNoCondition(t *testing.T) {
	text := output(t, shop(t, folder{name: "a", yaml: "only: {environments: [dev, prod]}\n"}))["orchestration.yaml"]
	assert.NotContains(t, text, "Conditions:")
}

func TestOnlyWithMoreThanTenRegionsNestsItsCondition(t *testing.T) {
	var regions []string
	for i := range 12 {
		regions = append(regions, fmt.Sprintf("xx-test-%d", i))
	}
	p := targetProject(targetEnvironment("dev", 1, append(regions, "eu-central-1")...))
	addFolder(t, p, folder{name: "a", yaml: "only: {regions: [" + strings.Join(regions, ", ") + "]}\n"})
	text := output(t, p)["orchestration.yaml"]
	assert.Equal(t, 12, strings.Count(text, "!Ref 'AWS::Region', xx-test-"))
	assert.Equal(t, 3, strings.Count(text, "!Or"))
}

func TestOnlyThatSelectsNothingIsAProblem(t *testing.T) {
	for yaml, want := range map[string]string{
		"only: {environments: [prd]}":                       "unknown-environment did you mean prod?",
		"only: {regions: [us-east-2]}":                      "unknown-region did you mean us-east-1?",
		"only: {environments: [dev], regions: [us-east-1]}": "only-nothing name environments and regions that have a target in common",
	} {
		problem := onlyProblem(t, shop(t, folder{name: "a", yaml: yaml + "\n"}))
		assert.Equal(t, want, problem.Rule+" "+problem.Hint, yaml)
		assert.Equal(t, 1, problem.Place.Line)
	}
}

func TestNamesOfFunctionsAndStacksAreKeptApart(t *testing.T) {
	p := shop(t, folder{name: "orders"})
	addStack(t, p, "orders", "Resources:\n  T: {Type: AWS::SNS::Topic}\n", "", model.Only{})
	assert.Equal(t, "duplicate-name", onlyProblem(t, p).Rule)

	problem := onlyProblem(t, shop(t, folder{name: "api", yaml: "events:\n  - http: GET /a\n"}))
	assert.Equal(t, "reserved-name", problem.Rule)
}

func TestAFunctionMayHaveTheNameOfAParameter(t *testing.T) {
	p := shop(t, folder{name: "environment"}, folder{name: "asset-bucket"}, folder{name: "user", yaml: "environment:\n  X: !Output environment.Arn\n"})
	list, links, _ := children(t, p)
	var problems diag.Problems
	orchestrations, _ := Orchestrations(p, links, list, Lock{}, &problems)
	ids := map[string]bool{environmentParameter: true, assetsParameter: true}
	for _, r := range orchestrations[0].Template.Resources {
		assert.False(t, ids[r.ID], r.ID)
		ids[r.ID] = true
	}
	for _, r := range orchestrations[0].Template.References() {
		assert.True(t, ids[r.ID] || strings.HasPrefix(r.ID, "AWS::"), r.ID)
	}
}

func TestParameterNamesOfDifferentOutputsDiffer(t *testing.T) {
	seen := map[string]string{}
	for _, stack := range []string{"a", "a-output", "a-output-output", "a_b", "aB", "a-b", "output", "A"} {
		for _, output := range []string{"X", "OutputX", "OutputOutputX", "Output", "Arn"} {
			r := event.Reference{Stack: stack, Output: output}
			name := parameterName(r)
			assert.Empty(t, seen[name], "%s and %s are both %s", seen[name], r, name)
			assert.Regexp(t, logicalID, name)
			seen[name] = r.String()
		}
	}
	assert.Equal(t, "OrdersOutputTableName", parameterName(event.Reference{Stack: "orders", Output: "TableName"}))
}

func TestOutputsThatNobodyTakesAreNotDeclared(t *testing.T) {
	list, _, _ := children(t, shop(t,
		folder{name: "a", yaml: "events:\n  - sqs: jobs\n"},
		folder{name: "b", yaml: "environment:\n  X: !Output a.JobsQueueUrl\n"},
	))
	for _, c := range list {
		want := map[string]bool{}
		if c.Name == "a" {
			want["JobsQueueUrl"] = true
		}
		assert.Equal(t, want, c.Offered, c.Name)
	}
}

func TestEveryOutputOfAFunctionCanBeTaken(t *testing.T) {
	taker := "environment:\n"
	for i, o := range ownOutputs {
		taker += fmt.Sprintf("  X%d: !Output a.%s\n", i, o.Name)
	}
	list, _, problems := children(t, shop(t, folder{name: "a"}, folder{name: "b", yaml: taker}))
	require.Empty(t, problems)
	assert.Len(t, list[0].Offered, len(ownOutputs))
	for _, r := range list[0].Template.References() {
		assert.True(t, strings.HasPrefix(r.ID, "AWS::") || r.ID == environmentParameter || r.ID == assetsParameter || hasResource(list[0].Template, r.ID), r.ID)
	}
}

func hasResource(t *cfn.Template, id string) bool {
	for _, r := range t.Resources {
		if r.ID == id {
			return true
		}
	}
	return false
}
