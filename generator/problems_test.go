package generator_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator"
)

func TestMistakesInSettingsDoNotHideThoseInResources(t *testing.T) {
	result := checked(t, map[string]string{
		"functions/f/function.yaml": "memory: 512MB\n",
		"functions/f/resources.yaml": "Resources:\n" +
			"  Jobs:\n    Type: AWS::SQS::Queue\n    Properties: {DelaySecond: 5, QueueName: !Sub '${Role}-${AWS::Region}'}\n",
		"functions/g/index.mjs":      "export const handler = async () => 1;\n",
		"functions/g/resources.yaml": "Resources:\n  Topic: {Type: AWS::SNS::Topik, DependsOn: Rool}\n",
	})
	var found []string
	for _, p := range result.Problems {
		found = append(found, p.Place.String()+" "+p.Rule)
	}
	assert.Equal(t, []string{
		"functions/f/function.yaml:1:9 wrong-value",
		"functions/f/resources.yaml:4:18 unknown-property",
		"functions/g/resources.yaml:2:17 unknown-type",
		"functions/g/resources.yaml:2:45 unknown-reference",
	}, found)
}

func TestMistakesInAFunctionDoNotHideWhatTheBaseStacksRefuse(t *testing.T) {
	result := checked(t, map[string]string{
		"foldstack.yaml":             limited + "deployment: [\"iam:Pass*\"]\n",
		"functions/f/function.yaml":  "memory: 512MB\n",
		"functions/f/resources.yaml": "Resources:\n  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}\n",
	})
	var found []string
	for _, p := range result.Problems {
		found = append(found, p.Place.String()+" "+p.Rule)
	}
	assert.Equal(t, []string{
		"foldstack.yaml:6:14 bare-pass-role",
		"functions/f/function.yaml:1:9 wrong-value",
		"functions/f/resources.yaml:2:57 foreign-name",
	}, found)
}

func TestAProblemInOneFunctionMakesNoneInTheOthers(t *testing.T) {
	for name, project := range projects(t) {
		root := project.create(t, t.TempDir(), 1)
		write(t, root, "functions/one-more/index.mjs", "export const handler = async () => 1;\n")
		write(t, root, "functions/one-more/function.yaml", "memory: 512MB\n")
		result, err := generator.Check(t.Context(), generator.Options{Root: root})
		require.NoError(t, err)
		if assert.Len(t, result.Problems, 1, name) {
			assert.Equal(t, "functions/one-more/function.yaml", result.Problems[0].Place.File, name)
		}
	}
}

func TestAProjectOfStacksAloneIsComplete(t *testing.T) {
	result := checked(t, map[string]string{
		"foldstack.yaml":          limited + "stacks: {data: {template: data.yaml}}\n",
		"functions/f/index.mjs":   "",
		"functions/f/README.md":   "The handler comes later.\n",
		"functions/keep/notes.md": "",
		"data.yaml":               "Resources: {Topic: {Type: AWS::SNS::Topic}}\n",
	})
	assert.Empty(t, text(result))
}

// CloudFormation takes a variable that its text does not use, and what a user imports
// may come from a stack that foldstack does not know.
func TestWhatAUserWritesIntoAFunctionIsAskedNoMoreThanATemplate(t *testing.T) {
	const value = "!Sub ['a', {Unused: !ImportValue network-vpc}]"
	result := checked(t, map[string]string{
		"foldstack.yaml": limited + "stacks: {data: {template: data.yaml, parameters: {Vpc: " + value + "}}}\n",
		"data.yaml":      "Parameters: {Vpc: {Type: String}}\nResources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Vpc}}}\n",
		"functions/f/function.yaml": "environment: {URL: " + value + "}\n" +
			"events: [{event: {pattern: {source: [x]}, bus: " + value + "}}]\n" +
			"permissions: [{allow: dynamodb:GetItem, on: " + value + "}]\n" +
			"environments: {dev: {environment: {LEVEL: " + value + "}}}\n",
		"functions/f/resources.yaml": "Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: " + value + "}}}\n",
	})
	assert.Empty(t, text(result))
}

func TestMistakesInOneStackDoNotHideThoseInAnother(t *testing.T) {
	result := checked(t, map[string]string{
		"foldstack.yaml": limited + "stacks: {a: {template: stacks/a.yaml}, b: {template: stacks/b.yaml}}\n",
		"stacks/a.yaml":  "Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Reff Topic}}}\n",
		"stacks/b.yaml":  "Resources: {Topic: {Type: AWS::SNS::Topic, DependsOn: Topik}}\n",
	})
	assert.Contains(t, text(result), "stacks/a.yaml:1:")
	assert.Contains(t, text(result), "stacks/b.yaml:1:")
}

func TestATypeThatIsNewerThanTheSchemasIsTakenAsItStands(t *testing.T) {
	files := map[string]string{
		"functions/f/resources.yaml": "Resources:\n" +
			"  Jobs: {Type: AWS::SQS::Queue, Properties: {Priority: high}}\n" +
			"  Agent: {Type: AWS::Agents::Agent, Properties: {Queue: !GetAtt Jobs.Shape}}\n",
	}
	var rules []string
	for _, p := range checked(t, files).Problems {
		rules = append(rules, p.Rule)
	}
	assert.Equal(t, []string{"unknown-property", "unknown-type", "unknown-attribute"}, rules)

	files["foldstack.yaml"] = limited + "unchecked: [AWS::SQS::Queue, AWS::Agents::Agent]\ndeployment: [agents:CreateAgent]\n"
	assert.Empty(t, text(checked(t, files)))

	t.Run("its permissions are still the user's to name", func(t *testing.T) {
		files["foldstack.yaml"] = limited + "unchecked: [AWS::SQS::Queue, AWS::Agents::Agent]\n"
		assert.Contains(t, text(checked(t, files)), "unknown-type-permissions")
	})
}

func TestWhoeverRefersToAnotherStackIsToldOfOutput(t *testing.T) {
	result := checked(t, map[string]string{
		"foldstack.yaml":            limited + "stacks: {keys: keys.yaml, data: {template: data.yaml, parameters: {Key: !GetAtt keys.Outputs.Arn}}}\n",
		"keys.yaml":                 "Resources: {Topic: {Type: AWS::SNS::Topic}}\nOutputs: {Arn: {Value: !Ref Topic}}\n",
		"data.yaml":                 "Parameters: {Key: {Type: String}}\nResources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Key}}}\n",
		"functions/f/function.yaml": "environment: {KEY: !GetAtt keys.Outputs.Arn}\n",
	})
	require.Len(t, result.Problems, 2)
	for _, p := range result.Problems {
		assert.Equal(t, "unknown-reference", p.Rule)
		assert.Contains(t, p.Hint, "take what another stack has by !Output")
	}
}

func TestWhereNoEnvironmentIsNamedNothingElseMissesOne(t *testing.T) {
	result := checked(t, map[string]string{
		"foldstack.yaml":            "project: shop\ntooling: {account: \"111111111111\", region: eu-central-1}\nsource: {provider: github, repository: acme/shop, branch: main}\nenvironments: {}\n",
		"functions/f/function.yaml": "only: {environments: [prod], regions: [us-east-1]}\nenvironments:\n  prod: {memory: 512}\n",
	})
	require.Len(t, result.Problems, 1)
	assert.Equal(t, "environments names none", result.Problems[0].Text)
}
