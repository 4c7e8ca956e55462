package demand_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
)

func workerRole(t testing.TB) *estate.Resource {
	t.Helper()
	role := services(t).ByARN("arn:aws:iam::111111111111:role/worker")
	require.NotNil(t, role)
	return role
}

func parsed(t testing.TB, document string) *authz.Policy {
	t.Helper()
	policy, errs := authz.ParseJSON(authz.Identity, "policy", []byte(document), nil)
	require.Empty(t, errs)
	return policy
}

// allowed reports whether a policy alone allows what a demand asks for.
func allowed(d demand.Demand, policy *authz.Policy) bool {
	return authz.Evaluate(&authz.Case{Request: d.Request, Identity: []*authz.Policy{policy}}).Verdict == authz.Allowed
}

func TestWhatIsDeclaredIsDemandedOfAGrantThatIsAsWideAndNoWider(t *testing.T) {
	place := diag.Place{File: "function.yaml", Line: 3, Column: 5}
	demands := demand.Declared(workerRole(t), "worker", []demand.Declaration{
		{Actions: []string{"s3:GetObject", "s3:List*"}, Resources: []string{"arn:aws:s3:::data/in/*", "arn:aws:s3:::data"}, Place: place},
		{Actions: []string{"ses:SendEmail"}},
	})
	require.Len(t, demands, 5)
	for _, d := range demands[:4] {
		assert.Equal(t, place, d.Cause)
		assert.Equal(t, "worker is declared to call "+map[bool]string{true: "s3:GetObject", false: "s3:List*"}[d.Action == "s3:GetObject"], d.Why)
	}
	assert.Equal(t, []string{"arn:aws:s3:::data/in/*"}, demands[0].Within)
	assert.Equal(t, []string{"*"}, demands[4].Within)

	for name, want := range map[string][]bool{
		`{"Effect":"Allow","Action":["s3:GetObject","s3:List*"],"Resource":["arn:aws:s3:::data/in/*","arn:aws:s3:::data"]}`: {true, true, true, true, false},
		`{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::data*"]}`:                    {true, false, true, false, false},
		`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::data/in/a"}`:                                            {false, false, false, false, false},
		`{"Effect":"Allow","Action":"ses:*","Resource":"*"}`:                                                                {false, false, false, false, true},
	} {
		policy := parsed(t, `{"Version":"2012-10-17","Statement":[`+name+`]}`)
		for i, d := range demands {
			assert.Equal(t, want[i], allowed(d, policy), "%s: %s on %v", name, d.Why, d.Within)
		}
	}
}

func TestTheStatementsOfAHandWrittenRoleDeclareWhatTheyAllow(t *testing.T) {
	policy := parsed(t, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:*:111111111111:table/orders","Condition":{"StringLike":{"dynamodb:LeadingKeys":"user-*"}}},
		{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::home/${aws:PrincipalTag/team}/*"},
		{"Effect":"Allow","Action":"s3:PutObject","Resource":"*","Condition":{"NumericLessThan":{"s3:max-keys":"10"}}},
		{"Effect":"Allow","NotAction":"iam:*","Resource":"*"},
		{"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"}]}`)
	declarations := demand.Declarations([]*authz.Policy{policy}, diag.Place{File: "role.yaml"})
	require.Len(t, declarations, 2, "a denial, an exception and an order declare nothing that can be asked for")
	demands := demand.Declared(workerRole(t), "worker", declarations)
	require.Len(t, demands, 2)
	for _, d := range demands {
		assert.True(t, allowed(d, policy), "%s on %v", d.Action, d.Within)
	}
	other := parsed(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*","Condition":{"StringEquals":{"dynamodb:LeadingKeys":"user-1"}}}]}`)
	assert.False(t, allowed(demands[0], other), "one key is less than what is declared")
}
