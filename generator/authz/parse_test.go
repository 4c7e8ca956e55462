package authz

import (
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestADocumentIsReadAsItIsWritten(t *testing.T) {
	account := symbol.New("account")
	tree := cfn.Map{
		{Key: "Version", Value: "2012-10-17"},
		{Key: "Id", Value: "x"},
		{Key: "Statement", Value: []any{
			cfn.Map{
				{Key: "Sid", Value: "Read"},
				{Key: "Effect", Value: "Allow"},
				{Key: "Principal", Value: cfn.Map{
					{Key: "AWS", Value: []any{"arn:aws:iam::" + account + ":root", 111111111111}},
					{Key: "Service", Value: "lambda.amazonaws.com"},
				}},
				{Key: "Action", Value: "s3:GetObject"},
				{Key: "NotResource", Value: []any{"a", "b"}},
				{Key: "Condition", Value: cfn.Map{
					{Key: "Bool", Value: cfn.Map{{Key: "aws:SecureTransport", Value: true}}},
					{Key: "NumericLessThan", Value: cfn.Map{{Key: "s3:max-keys", Value: 10}, {Key: "s3:signatureAge", Value: 0.5}}},
				}},
			},
			cfn.Map{{Key: "Effect", Value: "Deny"}, {Key: "NotPrincipal", Value: "*"}, {Key: "NotAction", Value: []any{"s3:*"}}},
		}},
	}
	p, errs := Parse(Resource, "bucket policy", tree, 7)
	require.Empty(t, errs)
	assert.Equal(t, Resource, p.Kind)
	assert.Equal(t, "bucket policy", p.Name)
	assert.Equal(t, 7, p.Source)
	assert.Equal(t, []Statement{
		{
			Policy: p, Sid: "Read", Effect: "Allow",
			Principals: []Principals{{"AWS", "arn:aws:iam::" + account + ":root"}, {"AWS", "111111111111"}, {"Service", "lambda.amazonaws.com"}},
			Actions:    []string{"s3:GetObject"}, NotResources: []string{"a", "b"},
			Conditions: []Condition{
				{"Bool", "aws:SecureTransport", []string{"true"}},
				{"NumericLessThan", "s3:max-keys", []string{"10"}},
				{"NumericLessThan", "s3:signatureAge", []string{"0.5"}},
			},
		},
		{Policy: p, Index: 1, Effect: "Deny", NotPrincipals: []Principals{{"*", "*"}}, NotActions: []string{"s3:*"}},
	}, p.Statements)
}

func TestOneStatementNeedsNoList(t *testing.T) {
	p, errs := ParseJSON(Organization, "", []byte(`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`), nil)
	assert.Empty(t, errs)
	assert.Len(t, p.Statements, 1)
	assert.Equal(t, "2008-10-17", p.Version)
}

func TestWhatIsWrongInADocumentIsSaid(t *testing.T) {
	const fine = `"Effect":"Allow","Action":"s3:*","Resource":"*"`
	for text, want := range map[string][]string{
		`[]`:                  {`a policy is a map`},
		`{"Version":"2012"}`:  {`Version is 2012-10-17 or 2008-10-17`},
		`{}`:                  {`the policy has no Statement`},
		`{"Statement":[]}`:    {`the policy has no Statement`},
		`{"Statements":[]}`:   {`Statements is no element of a policy`},
		`{"Statement":["a"]}`: {`statement 1: a statement is a map`, `statement 1: Effect is a text`, `statement 1: Effect is Allow or Deny`, `statement 1: it has no Action`, `statement 1: it has no Resource`},
		`{"Statement":[{` + fine + `},{` + fine + `,"Effect":"Deny"}]}`:          {`statement 2: Effect stands there twice`},
		`{"Statement":{` + fine + `,"Sid":{}}}`:                                  {`statement 1: Sid is a text`},
		`{"Statement":{` + fine + `,"NotAction":"s3:*"}}`:                        {`statement 1: it has both Action and NotAction`},
		`{"Statement":{` + fine + `,"Principal":"*"}}`:                           {`statement 1: it has a Principal, but a statement of this kind (identity policy) is about whoever its policy is attached to`},
		`{"Statement":{"Effect":"allow","Action":"s3:*","Resource":"*"}}`:        {`statement 1: Effect is Allow or Deny`},
		`{"Statement":{"Effect":"Allow","Action":"s3","Resource":"*"}}`:          {`statement 1: the action s3 names no service`},
		`{"Statement":{"Effect":"Allow","Action":[],"Resource":"*"}}`:            {`statement 1: Action is empty`},
		`{"Statement":{"Effect":"Allow","Action":[[]],"Resource":"*"}}`:          {`statement 1: Action is a text`, `statement 1: the action  names no service`},
		`{"Statement":{` + fine + `,"Condition":{"Bool":"x"}}}`:                  {`statement 1: what stands under Bool is a map`},
		`{"Statement":{` + fine + `,"Condition":{"StringEqual":{"a":"b"}}}}`:     {`statement 1: no condition operator is called StringEqual`},
		`{"Statement":{` + fine + `,"Condition":{"NullIfExists":{"a":"true"}}}}`: {`statement 1: no condition operator is called NullIfExists`},
		`{"Statement":{` + fine + `,"Condition":{"Null":{"a":"b"}}}}`:            {`statement 1: the condition Null on a wants true or false, not "b"`},
		`{"Statement":{` + fine + `,"Condition":{"NumericEquals":{"a":"b"}}}}`:   {`statement 1: the condition NumericEquals on a wants a number, not "b"`},
		`{"Statement":{` + fine + `,"Condition":{"DateEquals":{"a":"b"}}}}`:      {`statement 1: the condition DateEquals on a wants a date, not "b"`},
		`{"Statement":{` + fine + `,"Condition":{"IpAddress":{"a":"1.2"}}}}`:     {`statement 1: the condition IpAddress on a wants an IP address or network, not "1.2"`},
		`{"Statement":{` + fine + `,"Condition":{"Bool":{"a":"yes"}}}}`:          {`statement 1: the condition Bool on a wants true or false, not "yes"`},
		`{`:                     {`the policy is not JSON: unexpected EOF`},
		`{} {}`:                 {`the policy is not JSON: there is more behind the document`},
		`"\u0001"`:              {`the policy is not JSON: it holds a control character`},
		strings.Repeat("[", 99): {`the policy is not JSON: it nests too deeply`},
	} {
		_, errs := ParseJSON(Identity, "", []byte(text), nil)
		assert.Equal(t, want, words(errs), text)
	}
}

func TestWhatIsWrongInAResourcesPolicyIsSaid(t *testing.T) {
	for text, want := range map[string][]string{
		`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}`:                nil,
		`{"Effect":"Allow","Action":"sts:AssumeRole"}`:                                {`statement 1: it has no Principal, which the statement of a trust policy needs`},
		`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Resource":"*"}`: {`statement 1: it has a Resource, but the statement of a trust policy is about its role`},
		`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"me"}`:               {`statement 1: Principal other than "*" is a map`, `statement 1: Principal is empty`},
		`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Aws":"*"}}`:        {`statement 1: Aws is no kind of Principal: AWS, Service, Federated and CanonicalUser are`},
		`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::111111111111:role/*"}}`: {
			`statement 1: the principal arn:aws:iam::111111111111:role/* has a wildcard, which only stands alone: name the account and add a condition on aws:PrincipalArn`,
		},
	} {
		_, errs := ParseJSON(Trust, "", []byte(`{"Version":"2012-10-17","Statement":`+text+`}`), nil)
		assert.Equal(t, want, words(errs), text)
	}
}

func words(errs []error) []string {
	var all []string
	for _, err := range errs {
		all = append(all, err.Error())
	}
	return all
}

func TestAStatementThatNobodyUnderstandsIsAboutNothing(t *testing.T) {
	p, errs := ParseJSON(Identity, "", []byte(`{"Statement":[{"Effect":"allow","Action":"*","Resource":"*"},{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}`), nil)
	assert.Len(t, errs, 1)
	assert.Equal(t, 1, p.Statements[1].Index)
	assert.Equal(t, ImplicitDeny, Evaluate(&Case{Request: reads(theRole, here), Identity: []*Policy{p}}).Verdict)
}
