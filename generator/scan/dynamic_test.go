package scan

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestADynamicReferenceNeedsATag(t *testing.T) {
	for text, hint := range map[string]string{
		"environment: {LEVEL: '{{resolve:ssm:/orders/level}}'}":                              "!Sub in front",
		"environment: {LEVEL: 'at {{resolve:ssm:/orders/level:3}} or so'}":                   "!Sub in front",
		"environment: {KEY: '{{resolve:secretsmanager:orders:SecretString:key}}'}":           "when it runs",
		"environment: {KEY: '{{resolve:ssm-secure:/orders/key}}'}":                           "when it runs",
		"description: '{{resolve:ssm:/orders/text}}'":                                        "!Sub in front",
		"environments: {dev: {environment: {LEVEL: '{{resolve:ssm:/orders/level}}'}}}":       "!Sub in front",
		"events: [{schedule: {expression: rate(1 day), input: {a: ['{{resolve:ssm:x}}']}}}]": "!Sub in front",
		"events: [{event: {pattern: {source: [a], '{{resolve:ssm:x}}': [b]}}}]":              "!Sub in front",
		"permissions: [{allow: s3:GetObject, on: '{{resolve:ssm:/orders/arn}}'}]":            "!Sub in front",
	} {
		_, problems := scan(t, project(t, map[string]string{"functions/a/index.mjs": javascript, "functions/a/function.yaml": text + "\n"}))
		require.Len(t, problems, 1, text)
		assert.Equal(t, "dynamic-reference", problems[0].Rule)
		assert.Equal(t, "functions/a/function.yaml", problems[0].Place.File)
		assert.Equal(t, 1, problems[0].Place.Line)
		assert.Contains(t, problems[0].Hint, hint, text)
	}
	_, problems := scan(t, project(t, map[string]string{ConfigFile: minimal + "build: {image: '{{resolve:ssm:/build/image}}'}\n", "functions/a/index.mjs": javascript}))
	require.Len(t, problems, 1)
	assert.Equal(t, "foldstack.yaml:5:16", problems[0].Place.String())
}

func TestWhoWritesATagMayWriteADynamicReference(t *testing.T) {
	for _, text := range []string{
		"environment: {LEVEL: !Sub '{{resolve:ssm:/orders/level}}'}",
		"permissions: [{allow: s3:GetObject, on: {'Fn::Sub': '{{resolve:ssm:/orders/arn}}'}}]",
		"environment: {LEVEL: !Join ['', ['{{resolve:ssm:', !Ref Name, '}}']]}",
		"environment: {LEVEL: '{{ braces }} and resolve:ssm:x'}",
	} {
		_, problems := scan(t, project(t, map[string]string{"functions/a/index.mjs": javascript, "functions/a/function.yaml": text + "\n"}))
		assert.Empty(t, texts(problems), text)
	}
	_, problems := scan(t, project(t, map[string]string{
		"functions/a/index.mjs":      javascript,
		"functions/a/resources.yaml": "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: '{{resolve:ssm:/orders/name}}'}}\n",
	}))
	assert.Empty(t, texts(problems), "resources.yaml is CloudFormation's own")
}
