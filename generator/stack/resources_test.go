package stack

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

func TestWhatCannotStandInResourcesYAMLIsAProblem(t *testing.T) {
	for text, want := range map[string]string{
		"Parameters:\n  A: {Type: String}\n":        "resources-section",
		"Resoures:\n  A: {Type: AWS::SNS::Topic}\n": "resources-section",
		"- Resources\n":            "template-form",
		"Resources: [a]\n":         "template-form",
		"Resources:\n  A: topic\n": "template-form",
		"Resources:\n  Function: {Type: AWS::SNS::Topic}\n":             "reserved-name",
		"Resources:\n  Environment: {Type: AWS::SNS::Topic}\n":          "reserved-name",
		"Resources:\n  JobsQueue: {Type: AWS::SNS::Topic}\n":            "reserved-name",
		"Resources:\n  my-topic: {Type: AWS::SNS::Topic}\n":             "logical-id",
		"Outputs:\n  Arn: {Value: x}\n":                                 "reserved-name",
		"Mappings:\n  Settings: {dev: {A: x}}\n":                        "reserved-name",
		"Conditions:\n  IsProd: !Equals [!Ref Environment, prod]\n":     "reserved-name",
		"Resources:\n  A:\n    Type: AWS::SNS::Topic\n    X: !Nope a\n": "",
	} {
		p := shop(t, folder{name: "a", resources: text, yaml: `
events:
  - sqs: jobs
environment: {A: !Ref "AWS::Region"}
environments:
  prod: {memory: 512, environment: {A: x}}
`})
		problem := onlyProblem(t, p)
		if want != "" {
			assert.Equal(t, want, problem.Rule, text)
		}
		assert.Equal(t, "functions/a/resources.yaml", problem.Place.File, text)
	}
}

func TestUsersResourcesKeepTheirOrderAndPlace(t *testing.T) {
	list, _, problems := children(t, shop(t, folder{name: "a", resources: "Resources:\n  Zebra: {Type: AWS::SNS::Topic}\n  Ant: {Type: AWS::SQS::Queue, DependsOn: Zebra}\n"}))
	require.Empty(t, problems)
	resources := list[0].Template.Resources
	zebra, ant := resources[len(resources)-2], resources[len(resources)-1]
	assert.Equal(t, []string{"Zebra", "Ant"}, []string{zebra.ID, ant.ID})
	assert.Equal(t, "AWS::SQS::Queue", ant.Type())
	assert.Equal(t, diag.Place{File: "functions/a/resources.yaml", Line: 3, Column: 3}, ant.Origin)
}

func TestParametersOfAUsersStackAreGivenOrReported(t *testing.T) {
	const template = "Parameters:\n  Environment: {Type: String}\n  Project: {Type: String}\n  Must: {Type: String}\n  May: {Type: String, Default: x}\nResources:\n  T: {Type: AWS::SNS::Topic}\n"
	for parameters, want := range map[string]string{
		"Must: a\n":               "",
		"Must: a\nMay: [b, c]\n":  "",
		"May: b\n":                "stack-parameter: the stack net needs the parameter Must, and nothing gives it",
		"Must: a\nMayy: b\n":      `stack-parameter: stacks/net.yaml declares no parameter called "Mayy"`,
		"Must: {a: b}\n":          "stack-parameter: a parameter cannot be a mapping",
		"Must: !Output other.X\n": `unknown-output: there is no function or stack called "other"`,
	} {
		p := shop(t)
		addStack(t, p, "net", template, parameters, model.Only{})
		problems := problemsOf(t, p)
		if want == "" {
			assert.Empty(t, problems, parameters)
			continue
		}
		require.Len(t, problems, 1, parameters)
		assert.Equal(t, want, problems[0].Rule+": "+problems[0].Text)
	}
}

func TestArgumentsOfAUsersStack(t *testing.T) {
	p := shop(t)
	addStack(t, p, "net", "Parameters:\n  Environment: {Type: String}\n  Project: {Type: String}\n  Zones: {Type: CommaDelimitedList}\nResources:\n  T: {Type: AWS::SNS::Topic}\n", "Zones: [a, b]\n", model.Only{})
	text := output(t, p)["orchestration.yaml"]
	assert.Contains(t, text, "        Environment: !Ref Environment\n        Project: shop\n        Zones: a,b\n")
}

func TestAnOutputGoesIntoAPlainStringOnly(t *testing.T) {
	for definition, says := range map[string]string{
		"{Type: String}":                               "",
		"{Type: Number}":                               "type Number",
		"{Type: CommaDelimitedList}":                   "type CommaDelimitedList",
		"{Type: String, AllowedPattern: '.*'}":         "AllowedPattern",
		"{Type: String, MinLength: 1}":                 "MinLength",
		"{Type: 'AWS::SSM::Parameter::Value<String>'}": "AWS::SSM::Parameter",
	} {
		p := shop(t, folder{name: "a"})
		addStack(t, p, "net", "Parameters:\n  Fn: "+definition+"\nResources:\n  T: {Type: AWS::SNS::Topic}\n", "Fn: !Output a.Arn\n", model.Only{})
		problems := problemsOf(t, p)
		if says == "" {
			assert.Empty(t, problems)
			continue
		}
		require.Len(t, problems, 1, definition)
		assert.Equal(t, "output-parameter", problems[0].Rule)
		assert.Contains(t, problems[0].Text, says)
		assert.Equal(t, "stacks/net.yaml", problems[0].Notes[0].Place.File)
	}
}

func TestARouteThatTwoFunctionsHaveInOneTargetIsAProblem(t *testing.T) {
	a := folder{name: "a", yaml: "events:\n  - http: GET /x\n"}
	problem := onlyProblem(t, shop(t, a, folder{name: "b", yaml: "events:\n  - http: GET /x\n"}))
	assert.Equal(t, "duplicate-route", problem.Rule)
	assert.Equal(t, "functions/b/function.yaml", problem.Place.File)
	assert.Equal(t, "functions/a/function.yaml", problem.Notes[0].Place.File)

	a.yaml = "only: {environments: [dev]}\n" + a.yaml
	assert.Empty(t, problemsOf(t, shop(t, a, folder{name: "b", yaml: "only: {environments: [prod]}\nevents:\n  - http: GET /x\n"})))
}
