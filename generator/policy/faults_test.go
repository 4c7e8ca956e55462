package policy_test

import (
	"testing"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAGoodDocumentHasNoFaults(t *testing.T) {
	assert.Empty(t, policy.Faults(policy.Trust(nil, "lambda.amazonaws.com")))
	assert.Empty(t, policy.Faults(policy.New(policy.Statement{
		Sid: "TLS1", Effect: policy.Deny, Principal: policy.Principal{AWS: []string{"*"}}, Actions: []string{"s3:*", "lambda:Get?", "execute-api:Invoke", "*"},
		Resources: []string{cfn.Sub("${Bucket.Arn}/*")},
		Conditions: []policy.Condition{
			{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"false"}},
			{Operator: "StringNotEqualsIfExists", Key: "a", Values: []string{"b"}},
			{Operator: "ForAnyValue:StringLike", Key: "a", Values: []string{cfn.Region}},
		},
	})))
}

func TestFaultsOfADocumentAreFound(t *testing.T) {
	good := policy.Statement{Actions: []string{"a:b"}, Resources: []string{"*"}}
	for want, change := range map[string]func(s *policy.Statement){
		`the Sid "a b" holds more than letters and digits`: func(s *policy.Statement) { s.Sid = "a b" },
		`the effect is "allow"`:                            func(s *policy.Statement) { s.Effect = "allow" },
		`it needs one of Action and NotAction`:             func(s *policy.Statement) { s.Actions = nil },
		`it has both Resource and NotResource`:             func(s *policy.Statement) { s.NotResources = s.Resources },
		`it has both Principal and NotPrincipal`:           func(s *policy.Statement) { s.Principal.AWS, s.NotPrincipal.AWS = []string{"x"}, []string{"x"} },
		`"GetObject" is no action`:                         func(s *policy.Statement) { s.Actions = []string{"GetObject"} },
		`"s3:Get Object" is no action`:                     func(s *policy.Statement) { s.Actions = []string{"s3:Get Object"} },
		`"s3:" is no action`:                               func(s *policy.Statement) { s.NotActions, s.Actions = []string{"s3:"}, nil },
		`"Stringequals" is no condition operator`:          func(s *policy.Statement) { s.Conditions = []policy.Condition{{"Stringequals", "k", []string{"v"}}} },
		`a condition Bool has no key`:                      func(s *policy.Statement) { s.Conditions = []policy.Condition{{"Bool", "", []string{"v"}}} },
		`the condition Null on k has no value`:             func(s *policy.Statement) { s.Conditions = []policy.Condition{{"Null", "k", nil}} },
		`"arn:日本" holds a character that IAM refuses`:      func(s *policy.Statement) { s.Resources = []string{"arn:日本"} },
	} {
		t.Run(want, func(t *testing.T) {
			s := good
			change(&s)
			assert.Equal(t, []string{"statement 1: " + want}, policy.Faults(policy.Document{Statements: []policy.Statement{s}}))
		})
	}
	require.Equal(t, []string{"the document has no statement"}, policy.Faults(policy.Document{}))
	good.Sid = "A"
	require.Equal(t, []string{"statement 2: the Sid A is used twice"}, policy.Faults(policy.Document{Statements: []policy.Statement{good, good}}))
}
