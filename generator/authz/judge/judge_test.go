package judge

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func policyOf(t *testing.T, kind authz.Kind, text string) []*authz.Policy {
	t.Helper()
	p, errs := authz.ParseJSON(kind, "", []byte(text), nil)
	require.Empty(t, errs)
	return []*authz.Policy{p}
}

func TestACaseIsWrittenAsTheSimulatorTakesIt(t *testing.T) {
	const read = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["*"],"Condition":{"StringLike":{"a":["b"],"c":["d"]}}}]}`
	const bucket = `{"Version":"2008-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":["*"],"Service":["x"]},"NotAction":["s3:*"],"NotResource":["a"]},{"Effect":"Allow","Principal":"*","Action":["s3:*"]}]}`
	c := &authz.Case{
		Request: authz.Request{
			Principal: authz.Principal{ARN: "arn:aws:iam::111111111111:role/app/reader", Session: "s"}, Action: "s3:GetObject",
			Resource: "arn:aws:s3:::shop/1", Owner: "222222222222", Context: authz.Context{"aws:tagkeys": {"a", "b"}},
		},
		Identity: policyOf(t, authz.Identity, read), Boundary: policyOf(t, authz.Boundary, read), Session: policyOf(t, authz.Session, read),
		Resource: policyOf(t, authz.Resource, bucket), Organization: [][]*authz.Policy{policyOf(t, authz.Organization, read), {}},
	}
	s, err := simulationOf(c)
	require.NoError(t, err)
	written, err := json.Marshal(s)
	require.NoError(t, err)
	assert.JSONEq(t, `{
		"request": {
			"principal": "arn:aws:sts::111111111111:assumed-role/reader/s", "action": "s3:GetObject",
			"resource": {"resource": "arn:aws:s3:::shop/1", "accountId": "222222222222"},
			"contextVariables": {
				"aws:principalaccount": ["111111111111"], "aws:principalarn": ["arn:aws:iam::111111111111:role/app/reader"],
				"aws:principalisawsservice": ["false"], "aws:principaltype": ["AssumedRole"], "aws:resourceaccount": ["222222222222"],
				"aws:tagkeys": ["a", "b"]
			}
		},
		"sessionPolicy": `+read+`, "identityPolicies": [{"name": "0", "policy": `+read+`}], "permissionBoundaryPolicies": [{"name": "0", "policy": `+read+`}],
		"serviceControlPolicies": [{"orgIdentifier": "level-0", "policies": [{"name": "0", "policy": `+read+`}]}, {"orgIdentifier": "level-1", "policies": []}],
		"resourceControlPolicies": [], "resourcePolicy": `+bucket+`
	}`, string(written))

	c.Session = append(c.Session, c.Session[0])
	_, err = simulationOf(c)
	assert.EqualError(t, err, "the simulator takes one session policy, not 2")
}

func TestThePoliciesOfAResourceAreOneToTheSimulator(t *testing.T) {
	const invoke = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["lambda:InvokeFunction"]}]}`
	const deny = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":["lambda:*"]}]}`
	all := append(policyOf(t, authz.Resource, invoke), policyOf(t, authz.Resource, deny)...)
	one, err := joined(all)
	require.NoError(t, err)
	written, err := json.Marshal(one)
	require.NoError(t, err)
	assert.JSONEq(t, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":"*","Action":["lambda:InvokeFunction"]},{"Effect":"Deny","Principal":"*","Action":["lambda:*"]}
	]}`, string(written))

	_, err = joined(append(all, policyOf(t, authz.Resource, strings.Replace(deny, "2012-10-17", "2008-10-17", 1))...))
	assert.EqualError(t, err, `the simulator takes one resource policy, not some of version "2012-10-17" and some of "2008-10-17"`)
}

func TestAPrincipalIsNamedAsItCalls(t *testing.T) {
	for want, p := range map[string]authz.Principal{
		"events.amazonaws.com":               {Service: "events.amazonaws.com", Account: "111111111111"},
		"arn:aws:iam::111111111111:user/a":   {ARN: "arn:aws:iam::111111111111:user/a"},
		"arn:aws:iam::111111111111:role/b/a": {ARN: "arn:aws:iam::111111111111:role/b/a"},
	} {
		assert.Equal(t, want, principalOf(p))
	}
}

func TestAnAnswerThatIsNoVerdictIsAnError(t *testing.T) {
	all, err := read([]byte(`{"verdict":"Allowed"}
{"verdict":"ExplicitlyDenied"}
{"verdict":"ImplicitlyDenied","unlisted":"no.resource.types"}
{"unlisted":"invalid.action"}
`), 4)
	require.NoError(t, err)
	assert.Equal(t, []Answer{{authz.Allowed, ""}, {authz.ExplicitDeny, ""}, {authz.ImplicitDeny, "no.resource.types"}, {"", "invalid.action"}}, all)

	for answer, want := range map[string]string{
		`{"verdict":"Allowed"}` + "\n":                   "the judge answers 1 of 2 cases",
		`{"verdict":"Allowed"}` + "\n" + `{"error":"x"}`: "the judge refuses case 1: x",
		`{"verdict":"Perhaps"}`:                          "the judge refuses case 0: Perhaps",
		`{"verdict":"Perhaps","unlisted":"x"}`:           "the judge refuses case 0: Perhaps",
	} {
		_, err := read([]byte(answer), 2)
		assert.EqualError(t, err, want)
	}
	_, err = read([]byte("x\n"), 1)
	assert.ErrorContains(t, err, "reading the judge")
}

func TestAJudgeThatIsNotThereIsAnError(t *testing.T) {
	_, err := Ask("no-such-script.mjs", t.TempDir(), nil)
	assert.ErrorContains(t, err, "asking the judge")
}

func TestACaseThatTheSimulatorDoesNotTakeIsAnError(t *testing.T) {
	two := policyOf(t, authz.Session, `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	err := write(io.Discard, []*authz.Case{{}, {Session: append(two, two...)}})
	assert.EqualError(t, err, "case 1: the simulator takes one session policy, not 2")
}
