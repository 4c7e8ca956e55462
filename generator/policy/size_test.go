package policy_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSizeIsTheLengthOfTheJSON(t *testing.T) {
	d := policy.New(
		policy.Statement{Sid: "A", Actions: []string{"s3:GetObject", "s3:PutObject"}, Resources: []string{"*"}},
		policy.Statement{
			Effect: policy.Deny, Principal: policy.Principal{AWS: []string{"*"}}, Actions: []string{"kms:*"}, Resources: []string{`a"\ü` + "\t"},
			Conditions: []policy.Condition{{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"false"}}},
		},
	)
	want := `{"Version":"2012-10-17","Statement":[` +
		`{"Sid":"A","Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"},` +
		`{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"a\"\\ü\t","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`
	require.True(t, json.Valid([]byte(want)))
	assert.Equal(t, utf8.RuneCountInString(want), policy.Size(d))
}

func TestIntrinsicsCountAtTheirGreatestLength(t *testing.T) {
	size := func(resource string) int {
		return policy.Size(policy.New(allowed(resource))) - policy.Size(policy.New(allowed("x"))) + 1
	}
	for resource, want := range map[string]int{
		"0123456789":               10,
		cfn.Partition:              len("aws-us-gov"),
		cfn.AccountID:              12,
		cfn.NoValue:                0,
		cfn.Ref("Environment"):     model.MaxEnvironmentName,
		cfn.Ref("Anything"):        256,
		cfn.GetAtt("Queue", "Arn"): 256,
		cfn.Sub("arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:x"): len("arn:aws-us-gov:sqs:us-isof-south-1:123456789012:x"),
		cfn.Sub("${!aws:username}"): len("${aws:username}"),
		cfn.Sub("${A}${B}", cfn.Entry{Key: "A", Value: "four"}, cfn.Entry{Key: "B", Value: cfn.AccountID}): 16,
		cfn.If("C", "short", "a longer one"):    len("a longer one"),
		cfn.If("C", cfn.NoValue, cfn.AccountID): 12,
		cfn.Join("--", "a", cfn.AccountID, "b"): 18,
		cfn.FindInMap("M", "A", "B"):            256,
		cfn.ImportValue("x"):                    256,
	} {
		assert.Equal(t, want, size(resource), "%q", resource)
	}
}

func allowed(resource string) policy.Statement {
	return policy.Statement{Actions: []string{"a:b"}, Resources: []string{resource}}
}

func statements(documents []policy.Document) []policy.Statement {
	var all []policy.Statement
	for _, d := range documents {
		all = append(all, d.Statements...)
	}
	return all
}

func TestSplitKeepsTheStatementsAndTheLimit(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		in := randomStatements(random, 1+random.IntN(15))
		limit := 300 + random.IntN(700)
		documents := policy.Split(in, limit)
		require.Equal(t, triples(in), triples(statements(documents)))
		for _, d := range documents {
			require.LessOrEqual(t, policy.Size(d), limit)
			require.NotEmpty(t, d.Statements)
		}
		require.Equal(t, documents, policy.Split(in, limit))
	}
}

func TestSplitUsesOneDocumentWhereOneHoldsEverything(t *testing.T) {
	in := []policy.Statement{allow("a:b", "r"), allow("c:d", "s")}
	whole := policy.New(in...)
	assert.Equal(t, []policy.Document{whole}, policy.Split(in, policy.Size(whole)))
	assert.Len(t, policy.Split(in, policy.Size(whole)-1), 2)
	assert.Empty(t, policy.Split(nil, 100))
}

func TestAStatementThatIsTooLargeIsCutAtItsResourcesFirst(t *testing.T) {
	var resources []string
	for i := range 300 {
		resources = append(resources, fmt.Sprintf("arn:x:y:::%04d", i))
	}
	large := policy.Statement{Actions: []string{"a:b", "a:c"}, Resources: resources}
	documents := policy.Split([]policy.Statement{large}, 1000)
	require.Greater(t, len(documents), 1)
	for i, d := range documents {
		require.Len(t, d.Statements, 1)
		assert.Equal(t, []string{"a:b", "a:c"}, d.Statements[0].Actions)
		assert.LessOrEqual(t, policy.Size(d), 1000)
		if i < len(documents)-1 {
			assert.Greater(t, policy.Size(d), 1000-len(`"arn:x:y:::0000",`), "as many as fit")
		}
	}
	assert.Equal(t, triples([]policy.Statement{large}), triples(statements(documents)))
}

func TestAStatementIsCutAtItsActionsWhereOneResourceIsNotEnough(t *testing.T) {
	var actions []string
	for i := range 100 {
		actions = append(actions, fmt.Sprintf("service:Action%03d", i))
	}
	large := policy.Statement{Actions: actions, Resources: []string{"r", "s"}}
	documents := policy.Split([]policy.Statement{large}, 800)
	for _, d := range documents {
		assert.LessOrEqual(t, policy.Size(d), 800)
	}
	assert.Equal(t, triples([]policy.Statement{large}), triples(statements(documents)))
}

func TestWhatCannotBeCutGetsADocumentOfItsOwn(t *testing.T) {
	documents := policy.Split([]policy.Statement{allowed(strings.Repeat("x", 500)), allowed("y")}, 300)
	require.Len(t, documents, 2)
	assert.Greater(t, max(policy.Size(documents[0]), policy.Size(documents[1])), 300)
}

func TestLeastCountsIntrinsicsAtTheirLeastLength(t *testing.T) {
	for tree, want := range map[string]int{
		"0123456789":                                     10,
		cfn.Partition:                                    len("aws"),
		cfn.AccountID:                                    12,
		cfn.Region:                                       len("us-east-1"),
		cfn.Ref("Anything"):                              0,
		cfn.GetAtt("Queue", "Arn"):                       20,
		cfn.GetAtt("Queue", "Name"):                      0,
		cfn.GetAtt("Nested", "Outputs.QueueArn"):         0,
		cfn.Sub("${Queue.Arn}/*"):                        22,
		cfn.Sub("${!aws:username}"):                      len("${aws:username}"),
		cfn.If("C", "short", "a longer one"):             len("short"),
		cfn.Join("--", "a", cfn.AccountID, cfn.NoValue):  15,
		cfn.ImportValue("x"):                             0,
		cfn.Sub("${A}", cfn.Entry{Key: "A", Value: "x"}): 1,
	} {
		assert.Equal(t, want+len(`""`), policy.Least(tree), "%q", tree)
	}
}

func TestLeastLeavesOutWhatMayBeAbsent(t *testing.T) {
	maybe := cfn.If("C", "a long text that is not always there", cfn.If("D", "x", cfn.NoValue))
	assert.Equal(t, len(`["a"]`), policy.Least([]any{"a", maybe}))
	assert.Equal(t, len(`{"K":["a",1]}`), policy.Least(cfn.Map{{Key: "K", Value: []any{"a", 1}}, {Key: "L", Value: maybe}}))
}

func TestLeastIsNeverMoreThanSize(t *testing.T) {
	for _, resource := range []string{"x", cfn.Partition, cfn.Ref("A"), cfn.GetAtt("A", "Arn"), cfn.If("C", "a", cfn.NoValue), cfn.Sub("a${A.Arn}${AWS::URLSuffix}")} {
		d := policy.New(allowed(resource))
		assert.LessOrEqual(t, policy.Least(cfn.Tree(d)), policy.Size(d), "%q", resource)
	}
}
