package policy_test

import (
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation/iam"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// written is a document as it stands in a template.
func written(t *testing.T, d policy.Document) string {
	t.Helper()
	template := &cfn.Template{}
	template.Add("P", &iam.ManagedPolicy{PolicyDocument: d})
	text, err := template.Render()
	require.NoError(t, err)
	_, after, found := cut(string(text), "      PolicyDocument:\n")
	require.True(t, found)
	return after
}

func TestADocumentIsWrittenInTheOrderOfItsFields(t *testing.T) {
	assert.Equal(t, `        Version: '2012-10-17'
        Statement:
          - Sid: Queue
            Effect: Allow
            Principal:
              AWS: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root
              Service:
                - events.amazonaws.com
                - sns.amazonaws.com
            Action: sqs:SendMessage
            Resource:
              - !GetAtt Queue.Arn
              - '*'
            Condition:
              ArnLike:
                aws:SourceArn: !Ref Topic
              StringEquals:
                aws:PrincipalOrgID:
                  - o-1
                  - o-2
                aws:SourceAccount: !Ref AWS::AccountId
`, written(t, policy.New(policy.Statement{
		Sid: "Queue",
		Principal: policy.Principal{
			AWS:      []string{cfn.Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")},
			Services: []string{"sns.amazonaws.com", "events.amazonaws.com"},
		},
		Actions:   []string{"sqs:SendMessage", "sqs:SendMessage"},
		Resources: []string{"*", cfn.GetAtt("Queue", "Arn")},
		Conditions: []policy.Condition{
			{Operator: "StringEquals", Key: "aws:SourceAccount", Values: []string{cfn.AccountID}},
			{Operator: "ArnLike", Key: "aws:SourceArn", Values: []string{cfn.Ref("Topic")}},
			{Operator: "StringEquals", Key: "aws:PrincipalOrgID", Values: []string{"o-2", "o-1"}},
		},
	})))
}

func TestEverybodyIsAStar(t *testing.T) {
	assert.Contains(t, written(t, policy.New(policy.Statement{
		Effect: policy.Deny, Principal: policy.Principal{AWS: []string{"*"}}, Actions: []string{"s3:*"}, Resources: []string{"*"},
	})), "Effect: Deny\n            Principal: '*'\n")
	assert.Contains(t, written(t, policy.New(policy.Statement{
		NotPrincipal: policy.Principal{AWS: []string{"*"}, Services: []string{"x"}}, NotActions: []string{"a:b"}, NotResources: []string{"c"},
	})), "NotPrincipal:\n              AWS: '*'\n              Service: x\n            NotAction: a:b\n            NotResource: c\n")
}

func TestTrustNamesTheServicesThatAssumeTheRole(t *testing.T) {
	assert.Equal(t, `        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal:
              Service: lambda.amazonaws.com
            Action: sts:AssumeRole
            Condition:
              StringEquals:
                aws:SourceAccount: '111111111111'
`, written(t, policy.Trust([]policy.Condition{{Operator: "StringEquals", Key: "aws:SourceAccount", Values: []string{"111111111111"}}}, "lambda.amazonaws.com")))
}

func TestOneKeyTwiceUnderOneOperatorIsRefused(t *testing.T) {
	for says, conditions := range map[string][]policy.Condition{
		"two conditions StringLike on a": {{Operator: "StringLike", Key: "a", Values: []string{"1"}}, {Operator: "StringLike", Key: "a", Values: []string{"2"}}},
		"no value":                       {{Operator: "StringLike", Key: "a"}},
	} {
		template := &cfn.Template{}
		template.Add("P", &iam.ManagedPolicy{PolicyDocument: policy.New(policy.Statement{Actions: []string{"a:b"}, Resources: []string{"*"}, Conditions: conditions})})
		_, err := template.Render()
		assert.ErrorContains(t, err, "Resources.P.Properties.PolicyDocument.Statement.Condition")
		assert.ErrorContains(t, err, says)
	}
}

func TestADocumentWithoutVersionGetsTheCurrentOne(t *testing.T) {
	assert.Contains(t, written(t, policy.Document{Statements: []policy.Statement{{Actions: []string{"a:b"}}}}), "Version: '2012-10-17'\n")
}
