package proof_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/proof"
)

func delivered(t *testing.T) *proof.Proof {
	return proof.Prove(delivery{accounts: []string{first, second}, regions: []string{frank}, functions: 2}.set(t))
}

const archive = "arn:aws:s3:::assets-eu-central-1/functions/x.zip"

// explained is a chain and what each kind of policy said.
func explained(c *proof.Chain) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %v\n", c.Sentence(), c.Targets)
	for _, a := range c.Asked {
		fmt.Fprintf(&b, "%s: %s\n", a.Kind, a.Nearest.Statement)
		for _, why := range a.Nearest.Because {
			fmt.Fprintf(&b, "  %s\n", why)
		}
		if a.Remedy != "" {
			fmt.Fprintf(&b, "  %s\n", a.Remedy)
		}
	}
	return b.String()
}

func TestAnAnswerIsExplainedForAnyAccountOfAClass(t *testing.T) {
	p := delivered(t)
	c, err := p.Explain(role(second, "deploy"), "s3:GetObject", archive)
	require.NoError(t, err)
	assert.Equal(t, `arn:aws:iam::333333333333:role/deploy may s3:GetObject on arn:aws:s3:::assets-eu-central-1/functions/x.zip [{333333333333 eu-central-1}]
identity policy: statement 1 of policy own of the role deploy
resource policy: statement 1 (Read) of bucket policy of assets-eu-central-1
`, explained(c))

	c, err = p.Explain(role(first, "shop-f0"), "s3:GetObject", archive)
	require.NoError(t, err)
	assert.Equal(t, `arn:aws:iam::222222222222:role/shop-f0 may not s3:GetObject on arn:aws:s3:::assets-eu-central-1/functions/x.zip [{222222222222 eu-central-1}]
identity policy: statement 1 of policy own of the role shop-f0
  its action logs:PutLogEvents is not s3:GetObject
  its resource arn:aws:logs:eu-central-1:222222222222:log-group:shop-f0:* is not arn:aws:s3:::assets-eu-central-1/functions/x.zip
  let the policy own of the role shop-f0 allow s3:GetObject on arn:aws:s3:::assets-eu-central-1/functions/x.zip
resource policy: statement 1 (Read) of bucket policy of assets-eu-central-1
  its condition ArnLike aws:PrincipalArn is arn:aws:iam::*:role/deploy, the request has arn:aws:iam::222222222222:role/shop-f0
  let the bucket policy of assets-eu-central-1 allow s3:GetObject on arn:aws:s3:::assets-eu-central-1/functions/x.zip to arn:aws:iam::222222222222:root where aws:PrincipalArn is arn:aws:iam::222222222222:role/shop-f0
`, explained(c))
}

func TestARoleIsFoundByItsNameWhereOnlyOneHasIt(t *testing.T) {
	p := proof.Prove(delivery{accounts: []string{first}, regions: []string{frank}, functions: 2}.set(t))
	for _, name := range []string{"deploy", "deploy.Role", role(first, "deploy")} {
		c, err := p.Explain(name, "s3:GetObject", archive)
		require.NoError(t, err, name)
		assert.Equal(t, "arn:aws:iam::222222222222:role/deploy", c.Who)
	}
	_, err := p.Explain("deplyo", "s3:GetObject", archive)
	assert.EqualError(t, err, "there is no role deplyo; did you mean deploy?")
	_, err = p.Explain("Role", "s3:GetObject", archive)
	assert.EqualError(t, err, "more than one role is called Role: arn:aws:iam::222222222222:role/deploy, arn:aws:iam::222222222222:role/shop-f0, arn:aws:iam::222222222222:role/shop-f1")
	_, err = p.WhoCan("s3:GetObject", "Bukcet")
	assert.EqualError(t, err, "there is no resource Bukcet; did you mean Bucket?")
}

func TestEverybodyWhoCanIsListedWithTheStatements(t *testing.T) {
	p := delivered(t)
	list, err := p.WhoCan("s3:GetObject", archive)
	require.NoError(t, err)
	deploys := []string{"statement 1 (Read) of bucket policy of assets-eu-central-1", "statement 1 of policy own of the role deploy"}
	assert.Equal(t, []proof.Access{{Who: role(first, "deploy"), By: deploys}, {Who: role(second, "deploy"), By: deploys}}, list)

	list, err = p.WhoCan("ecr:BatchGetImage", "images")
	require.NoError(t, err)
	assert.Equal(t, []proof.Access{{
		Who: "lambda.amazonaws.com", Account: tools, By: []string{"statement 1 (Pull) of repository policy of images"},
		Conditions: []string{"ArnLike aws:SourceArn arn:aws:lambda:eu-central-1:222222222222:function:shop-*, arn:aws:lambda:eu-central-1:333333333333:function:shop-*"},
	}}, list)
}

// What two policies ask for by conditions on one key can be met together.
func TestWhoCanUnderConditionsIsListedWithThem(t *testing.T) {
	base := estateOf(t,
		root(t, "key.yaml", tools, frank, keyWith(allow("kms:Decrypt", "'*'", "Principal: {AWS: '222222222222'}", "Condition: {StringLike: {'kms:ViaService': 's3.eu-central-1.*'}}"))),
		root(t, "work.yaml", first, frank, roleWith("work", trustNobody, allow("kms:Decrypt", "'*'", "Condition: {StringLike: {'kms:ViaService': 's3.*'}}"))))
	list, err := prove(base).WhoCan("kms:Decrypt", "key.Key")
	require.NoError(t, err)
	require.Len(t, list, 1)
	assert.Equal(t, role(first, "work"), list[0].Who)
	assert.Equal(t, []string{"StringLike kms:ViaService s3.eu-central-1.*", "StringLike kms:ViaService s3.*"}, list[0].Conditions)
}

func TestTheEffectivePolicyOfARoleIsOnePage(t *testing.T) {
	e, err := prove(bounded(t, "")).PolicyOf("work")
	require.NoError(t, err)
	assert.Equal(t, role(first, "work"), e.Role)
	assert.Equal(t, []proof.Clause{{Actions: []string{"sqs:SendMessage"}, Resources: []string{workQueue}, From: "statement 1 of policy own of the role work"}}, e.Allow)
	assert.Equal(t, []string{"sns:Publish"}, e.Cut, "the boundary does not allow it")

	e, err = delivered(t).PolicyOf(role(second, "shop-f1"))
	require.NoError(t, err)
	assert.Equal(t, []string{"arn:aws:logs:eu-central-1:333333333333:log-group:shop-f1:*"}, e.Allow[0].Resources, "as its account has it")
}

func TestAProofIsToldToPrograms(t *testing.T) {
	d := delivery{accounts: []string{first, second}, admitted: []string{first}, regions: []string{frank}, functions: 2}
	data, err := json.Marshal(proof.Prove(d.set(t)))
	require.NoError(t, err)
	var back map[string]any
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, false, back["proved"])
	assert.Equal(t, []any{}, back["breached"], "lists are never null")
	assert.Equal(t, map[string]any{"environment": "prod", "stage": "prod", "demands": 16.0, "met": 12.0, "unmet": 4.0, "unproved": 0.0, "forbidden": 0.0, "refused": 0.0}, back["steps"].([]any)[0])
	chain := back["unmet"].([]any)[0].(map[string]any)
	assert.Equal(t, "arn:aws:iam::333333333333:role/deploy", chain["who"])
	assert.Equal(t, []any{map[string]any{"account": second, "region": frank}}, chain["targets"])
	assert.Equal(t, "resource policy", chain["asked"].([]any)[1].(map[string]any)["kind"])
}

func TestAProofForProgramsHasNoControlCharacters(t *testing.T) {
	d := call(role(first, "work"), "s3:GetObject", "arn:aws:s3:::"+account)
	d.Step.Action, d.Why = "release-"+account, "a test reads "+account
	data, err := json.Marshal(prove(estateOf(t, root(t, "work.yaml", first, frank, roleWith("work", trustNobody, allow("s3:GetObject", "'arn:aws:s3:::shop/*'")))), d))
	require.NoError(t, err)
	assert.NotContains(t, string(data), `\u0001`)
	var back struct{ Unmet []struct{ Step string } }
	require.NoError(t, json.Unmarshal(data, &back))
	require.Len(t, back.Unmet, 1)
	assert.Equal(t, "release-<account>", back.Unmet[0].Step)
}

// Nobody calls s3:*, so that an answer would be that nobody can.
func TestAQuestionWithAWildcardIsRefused(t *testing.T) {
	p := delivered(t)
	for _, tt := range []struct{ action, resource, want string }{
		{"s3:*", archive, "the action s3:* has a wildcard: name one action, such as s3:GetObject"},
		{"s3:Get?bject", "*", "the action s3:Get?bject has a wildcard: name one action, such as s3:GetObject"},
		{"s3:GetObject", "arn:aws:s3:::assets-*", "the resource arn:aws:s3:::assets-* has a wildcard: name one resource, or * alone to ask for statements on all resources"},
	} {
		_, err := p.WhoCan(tt.action, tt.resource)
		assert.EqualError(t, err, tt.want)
		_, err = p.Explain(role(first, "deploy"), tt.action, tt.resource)
		assert.EqualError(t, err, tt.want)
	}
	base := estateOf(t, root(t, "work.yaml", first, frank, roleWith("work", trustNobody, allow("s3:ListAllMyBuckets", "'*'"))))
	list, err := prove(base).WhoCan("s3:ListAllMyBuckets", "*")
	require.NoError(t, err)
	require.Len(t, list, 1, "an action that knows no resource")
	assert.Equal(t, role(first, "work"), list[0].Who)
}
