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
	role := workerRole(t)
	demands := demand.Declared(&estate.Stack{Name: "worker", Account: role.Stack.Account, Declared: []estate.Declared{
		{Role: role, Actions: []string{"s3:GetObject", "s3:List*"}, Resources: []string{"arn:aws:s3:::data/in/*", "arn:aws:s3:::data"}, Place: place},
		{Role: role, Actions: []string{"ses:SendEmail"}},
	}})
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
