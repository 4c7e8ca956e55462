package generator

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withStack is a project of one function and one stack of the user's.
func withStack(t *testing.T, deployment, template string) string {
	t.Helper()
	return written(t, map[string]string{
		"foldstack.yaml": `
project: shop
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/shop}
environments: {dev: {accounts: ["222222222222"], regions: [eu-central-1, us-east-1]}}
stacks: {data: data.yaml}
` + deployment,
		"functions/f/index.mjs": "export const handler = async () => 1;\n",
		"data.yaml":             template,
	})
}

const topic = "Resources:\n  T: {Type: AWS::SNS::Topic}\n"

// CloudFormation applies AWS's own macros with the role that it is passed.
func TestTheRoleOfADeploymentMayApplyTheMacrosOfItsStacks(t *testing.T) {
	for name, c := range map[string]struct{ macro, template string }{
		"of a template":     {"LanguageExtensions", "Transform: AWS::LanguageExtensions\n" + topic},
		"several":           {"Include", "Transform: [AWS::LanguageExtensions, {Name: AWS::Include, Parameters: {Location: 's3://b/k'}}]\n" + topic},
		"of a part":         {"Include", topic + "  U: {Type: AWS::SNS::Topic, Properties: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: 's3://b/k'}}}}\n"},
		"of a part, by tag": {"Include", topic + "  U: {Type: AWS::SNS::Topic, Properties: {Tags: !Transform {Name: AWS::Include, Parameters: {Location: 's3://b/k'}}}}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := putToTheProof(withStack(t, "", c.template))
			require.NoError(t, err)
			assert.Empty(t, sentences(p.proof.Unmet))
			assert.Empty(t, p.proof.Surplus)
			const transform = "arn:aws:cloudformation:us-east-1:aws:transform/"
			for macro, may := range map[string]int{c.macro: 1, "Serverless-2016-10-31": 0} {
				who, err := p.proof.WhoCan("cloudformation:CreateChangeSet", transform+macro)
				require.NoError(t, err)
				assert.Len(t, who, may, macro)
			}
		})
	}
}

func TestWhatAMacroMakesOfAStackIsNotedAsUnknown(t *testing.T) {
	const unknown = " makes of it is not known here, so that nothing of that is proved"
	for name, c := range map[string]struct {
		template string
		want     []string
	}{
		"a macro of AWS's": {"Transform: AWS::Serverless-2016-10-31\n" + topic, []string{"data.yaml:1:12: what AWS::Serverless-2016-10-31" + unknown}},
		"one of one's own": {"Transform: Ours\n" + topic, []string{"data.yaml:1:12: what Ours" + unknown}},
		"a part of it":     {topic + "  U: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: 's3://b/k'}}, Type: AWS::SNS::Topic}\n", []string{"data.yaml:3:31: what AWS::Include" + unknown}},
		"a loop":           {"Transform: AWS::LanguageExtensions\nResources: {'Fn::ForEach::Topics': [N, [A], {'T${N}': {Type: AWS::SNS::Topic}}]}\n", []string{"data.yaml:2:13: what Fn::ForEach::Topics" + unknown}},
		"neither":          {"Transform: AWS::LanguageExtensions\n" + topic, nil},
	} {
		t.Run(name, func(t *testing.T) {
			result, err := Check(context.Background(), Options{Root: withStack(t, "deployment: [{allow: 'lambda:InvokeFunction', on: 'arn:aws:lambda:*:222222222222:function:ours'}]\n", c.template)})
			require.NoError(t, err)
			require.Empty(t, result.Problems)
			var notes []string
			for _, n := range result.Rewritten {
				notes = append(notes, n.Place.String()+": "+n.Text)
				assert.Contains(t, n.Hint, "deployment:")
				assert.Contains(t, result.Proof.Notes, n)
			}
			assert.Equal(t, c.want, notes)
		})
	}
}

// CloudFormation calls the function of a macro as whoever applies the macro.
func TestAMacroOfOnesOwnNeedsItsFunctionAllowed(t *testing.T) {
	const template = "Transform: [Ours, Ours]\n" + topic
	result, err := Check(context.Background(), Options{Root: withStack(t, "", template)})
	require.NoError(t, err)
	require.Len(t, result.Problems, 1)
	p := result.Problems[0]
	assert.Equal(t, "macro-permissions", p.Rule)
	assert.Equal(t, "data.yaml:1:13", p.Place.String())
	assert.Contains(t, p.Hint, "lambda:InvokeFunction")

	result, err = Check(context.Background(), Options{Root: withStack(t, "deployment: [{allow: 'lambda:Invoke*', on: 'arn:aws:lambda:*:222222222222:function:ours'}]\n", template)})
	require.NoError(t, err)
	assert.Empty(t, result.Problems)
}

// There is no service of SAM's name: what stands in its place is made of others.
func TestATypeOfSAMIsOpenedByTheServicesOfWhatItStandsFor(t *testing.T) {
	const template = "Transform: AWS::Serverless-2016-10-31\nResources: {F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, Runtime: python3.14, InlineCode: x}}}\n"
	result, err := Check(context.Background(), Options{Root: withStack(t, "", template)})
	require.NoError(t, err)
	require.Len(t, result.Problems, 1)
	assert.Equal(t, "unknown-type-permissions", result.Problems[0].Rule)
	assert.Contains(t, result.Problems[0].Hint, "- allow: [lambda:Create…]")

	result, err = Check(context.Background(), Options{Root: withStack(t, "deployment: [{allow: 'lambda:*', on: 'arn:aws:lambda:*:222222222222:function:shop-*'}]\n", template)})
	require.NoError(t, err)
	require.Empty(t, result.Problems)
	assert.Len(t, result.Rewritten, 1)
}
