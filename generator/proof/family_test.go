package proof_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/proof"
)

const functions = "'arn:aws:lambda:eu-central-1:222222222222:function:shop-*'"

// creating is a class of one member in which a role updates functions: each is a demand
// of its own, or all are one.
func creating(t testing.TB, count int, together bool, roleStatements []string, beside ...estate.Root) *proof.Set {
	all := make([]demand.Demand, count)
	for i := range all {
		d := call(role(first, "deploy"), "lambda:UpdateFunctionCode", fmt.Sprintf("arn:aws:lambda:eu-central-1:%s:function:shop-f%d", first, i))
		d.Within, d.Why = []string{"arn:aws:lambda:*:222222222222:function:shop-*"}, fmt.Sprintf("CloudFormation updates f%d", i)
		all[i] = d
	}
	if together {
		one := all[0]
		one.Family = "arn:aws:lambda:eu-central-1:222222222222:function:shop-*"
		for _, d := range all[1:] {
			one.Alike = append(one.Alike, demand.Alike{Called: &demand.Called{Resource: d.Resource, Within: d.Within}, Reason: &demand.Reason{Why: d.Why, Cause: d.Cause, Page: d.Page}})
		}
		all = []demand.Demand{one}
	}
	e := estateOf(t, append(beside, root(t, "deploy.yaml", first, frank, roleWith("deploy", trustNobody, roleStatements...)))...)
	return &proof.Set{Classes: []proof.Class{{Name: "prod", Estate: e, Demands: all, Members: []proof.Member{{Account: first, Region: frank}}}}}
}

const denyOne = "{Effect: Deny, Action: 'lambda:*', Resource: 'arn:aws:lambda:*:*:function:shop-f1'}"

// guardedFunction is one of the functions, with a policy of its own.
const guardedFunction = `Resources:
  F: {Type: AWS::Lambda::Function, Properties: {FunctionName: shop-f1}}
  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: shop-f1, Action: 'lambda:UpdateFunctionCode', Principal: '333333333333'}}
`

// One question for all must not hide what is so of one.
func TestAFamilyIsAskedAsOneOnlyWhereNoPolicyKnowsItsMembers(t *testing.T) {
	for name, c := range map[string]struct {
		statements []string
		beside     string
		questions  int
	}{
		"a pattern of all":         {[]string{allow("lambda:UpdateFunctionCode", functions)}, "", 1},
		"a pattern of some":        {[]string{allow("lambda:UpdateFunctionCode", "'arn:aws:lambda:*:*:function:shop-f1*'")}, "", 20},
		"one by name beside all":   {[]string{allow("lambda:UpdateFunctionCode", functions), allow("lambda:UpdateFunctionCode", "'arn:aws:lambda:eu-central-1:222222222222:function:shop-f7'")}, "", 20},
		"one that is none of them": {[]string{allow("lambda:UpdateFunctionCode", functions), allow("lambda:UpdateFunctionCode", "'arn:aws:lambda:eu-central-1:222222222222:function:other'")}, "", 1},
		"each by name":             {[]string{allow("lambda:UpdateFunctionCode", "['arn:aws:lambda:*:*:function:shop-f1', 'arn:aws:lambda:*:*:function:shop-f2']")}, "", 20},
		"one that is denied":       {[]string{allow("lambda:UpdateFunctionCode", functions), denyOne}, "", 20},
		"all but some":             {[]string{allow("lambda:UpdateFunctionCode", functions), "{Effect: Deny, Action: 'lambda:*', NotResource: 'arn:aws:lambda:*:*:function:shop-f*'}"}, "", 20},
		"a variable":               {[]string{allow("lambda:UpdateFunctionCode", functions), "{Effect: Deny, Action: 'lambda:*', Resource: 'arn:aws:lambda:*:*:function:${aws:username}'}"}, "", 20},
		"wider than is needed":     {[]string{allow("lambda:UpdateFunctionCode", "'*'")}, "", 1},
		"nothing":                  {[]string{allow("lambda:DeleteFunction", functions)}, "", 20},
		"one with its own policy":  {[]string{allow("lambda:UpdateFunctionCode", functions)}, guardedFunction, 2},
	} {
		t.Run(name, func(t *testing.T) {
			var beside []estate.Root
			if c.beside != "" {
				beside = append(beside, root(t, "function.yaml", first, frank, c.beside))
			}
			alone, together := proof.Prove(creating(t, 20, false, c.statements, beside...)), proof.Prove(creating(t, 20, true, c.statements, beside...))
			assert.Equal(t, 20, alone.Questions())
			assert.Equal(t, c.questions, together.Questions())
			assert.Equal(t, alone.Steps, together.Steps)
			assert.Equal(t, told(alone), told(together))
			assert.Equal(t, surplus(alone), surplus(together))
			assert.Equal(t, alone.Load, together.Load)
		})
	}
}

// The policy of a resource has no say in the call that makes it, and has one in the next.
func TestWhatIsMadeFirstIsAskedForItsOwnPolicyAfterwards(t *testing.T) {
	const name = "arn:aws:sqs:eu-central-1:222222222222:shop-q"
	deny := "Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: shop-q1}}\n  P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Q], PolicyDocument: " +
		policyOf("{Effect: Deny, Principal: '*', Action: sqs:SetQueueAttributes, Resource: '*'}") + "}}\n"
	set := creating(t, 1, false, []string{allow("'sqs:*'", "'"+name+"*'")}, root(t, "queue.yaml", first, frank, deny))
	set.Classes[0].Demands = nil
	for _, action := range []string{"sqs:CreateQueue", "sqs:SetQueueAttributes"} {
		d := call(role(first, "deploy"), action, name+"0")
		d.Within, d.Family = []string{name + "*"}, name+"*"
		for _, other := range []string{name + "1", name + "2"} {
			d.Alike = append(d.Alike, demand.Alike{Called: &demand.Called{Resource: other, Within: d.Within}, Reason: &demand.Reason{}})
		}
		set.Classes[0].Demands = append(set.Classes[0].Demands, d)
	}
	p := proof.Prove(set)
	require.Len(t, p.Unmet, 1)
	assert.Equal(t, "sqs:SetQueueAttributes", p.Unmet[0].Action)
	assert.Equal(t, name+"1", p.Unmet[0].Resource)
	assert.Equal(t, 1, p.Unmet[0].Demands)
}

func TestWhatMustBeRefusedIsAskedOfEach(t *testing.T) {
	set := creating(t, 20, true, []string{allow("lambda:UpdateFunctionCode", "'arn:aws:lambda:*:*:function:shop-f1'")})
	set.Classes[0].Demands[0] = forbidden(set.Classes[0].Demands[0])
	p := proof.Prove(set)
	require.Len(t, p.Breached, 1)
	assert.Equal(t, 1, p.Breached[0].Demands)
}

// What an organisation denies to one is not lost among the others either.
func TestAnOrganisationsPolicyForOneOfAFamilyIsFound(t *testing.T) {
	set := creating(t, 20, true, []string{allow("lambda:UpdateFunctionCode", functions)})
	levels, errs := authz.ParseJSON(authz.Organization, "Frozen", []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
		{"Effect":"Deny","Action":"lambda:*","Resource":"arn:aws:lambda:*:*:function:shop-f3"}]}`), nil)
	require.Empty(t, errs)
	set.Levels = []proof.Level{{Policies: []*authz.Policy{levels}}}
	p := proof.Prove(set)
	require.Len(t, p.Unmet, 1)
	assert.Equal(t, 1, p.Unmet[0].Demands)
	assert.Contains(t, p.Unmet[0].Resource, "shop-f3")
}

func TestAChangeThatTellsMembersOfAFamilyApartIsFound(t *testing.T) {
	p := proof.Prove(creating(t, 20, true, []string{allow("lambda:UpdateFunctionCode", functions)}))
	require.Len(t, p.Documents(), 1)
	f := p.With(p.Documents()[0], func(list []authz.Statement) []authz.Statement {
		list[0].Resources[0] += "1"
		return list
	})
	require.Len(t, f.Unmet, 1)
	assert.Equal(t, 18, f.Unmet[0].Demands, "all but shop-f1 and shop-f11")
	assert.Empty(t, f.Surplus)
}

// The questions of a deployment are as many for a thousand functions as for ten.
func TestAFamilyIsOneQuestionHoweverManyItHas(t *testing.T) {
	for _, count := range []int{10, 1000} {
		assert.Equal(t, 1, proof.Prove(creating(t, count, true, []string{allow("lambda:UpdateFunctionCode", functions)})).Questions())
	}
}

func TestAMemberOfAFamilyCanBeAskedFor(t *testing.T) {
	set := creating(t, 20, true, []string{allow("lambda:UpdateFunctionCode", functions, "Condition: {StringEquals: {'lambda:Layer': shared}}")})
	set.Classes[0].Demands[0] = with(set.Classes[0].Demands[0], "lambda:layer", "shared")
	c, err := proof.Prove(set).Explain("deploy", "lambda:UpdateFunctionCode", "arn:aws:lambda:eu-central-1:222222222222:function:shop-f7")
	require.NoError(t, err)
	assert.Equal(t, authz.Allowed, c.Verdict, "the request carries what the demand does")
}
