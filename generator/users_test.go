package generator

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/proof"
)

// withResources is a project of one function with a resources.yaml.
func withResources(t *testing.T, resources, function string) *proved {
	t.Helper()
	p, err := putToTheProof(written(t, map[string]string{
		"foldstack.yaml": `
project: shop
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/shop}
environments: {dev: {accounts: ["222222222222"]}}
deployment: [{allow: "iam:PassRole", on: !Sub "arn:aws:iam::${AWS::AccountId}:role/theirs"}]
`,
		"functions/f/index.mjs":      "export const handler = async () => 1;\n",
		"functions/f/function.yaml":  function,
		"functions/f/resources.yaml": "Resources:\n" + resources,
	}))
	require.NoError(t, err)
	return p
}

// Whom users let at what is theirs is their business, as it is that of AWS to take it.
func TestUsersOpenWhatIsTheirs(t *testing.T) {
	for name, resources := range map[string]string{
		"a bucket that is read without TLS": `
  Bucket: {Type: AWS::S3::Bucket}
  BucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement: {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Bucket.Arn}/*"}
`,
		"a topic of everybody's": `
  Topic: {Type: AWS::SNS::Topic}
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement: {Effect: Allow, Principal: "*", Action: [sns:Publish, sns:Subscribe], Resource: !Ref Topic}
`,
		"a queue of another account": `
  Queue: {Type: AWS::SQS::Queue}
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Statement: {Effect: Allow, Principal: {AWS: "999999999999"}, Action: "sqs:*", Resource: !GetAtt Queue.Arn}
`,
		"a key that others make grants of": `
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - {Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}, Action: "kms:*", Resource: "*"}
          - {Effect: Allow, Principal: {AWS: "999999999999"}, Action: [kms:CreateGrant, kms:Decrypt], Resource: "*"}
`,
	} {
		t.Run(name, func(t *testing.T) {
			p := withResources(t, resources, "")
			assert.Empty(t, sentences(p.proof.Breached))
			assert.Empty(t, sentences(p.proof.Unmet))
		})
	}
}

// only sees that a text is a part of the one in a list, and that the list is empty where
// there is none.
func only(t *testing.T, text string, list []string) {
	t.Helper()
	if text == "" {
		assert.Empty(t, list)
		return
	}
	require.Len(t, list, 1)
	assert.Contains(t, list[0], text)
}

// atRunTime are the sentences of calls when what was deployed runs; not that a service
// takes the role for them.
func atRunTime(chains []proof.Chain) []string {
	return sentences(slices.DeleteFunc(slices.Clone(chains), func(c proof.Chain) bool { return c.Step.Stage != "Run time" || c.Action == "sts:AssumeRole" }))
}

// Both ends stand in the templates, so that it is sure to fail when it runs.
func TestWhatUsersResourcesRefuseEachOtherIsFound(t *testing.T) {
	for name, tt := range map[string]struct{ resources, function, unmet, unproved string }{
		"a key that knows no function": {
			resources: `
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          Effect: Allow
          Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/foldstack-base/shop/shop-dev-cloudformation"}
          Action: "kms:*"
          Resource: "*"
`,
			function: "permissions:\n  - {allow: \"kms:Decrypt\", on: !GetAtt Key.Arn}\n",
			unmet:    "may not kms:Decrypt on arn:aws:kms:eu-central-1:222222222222:key/",
		},
		"a queue that denies the function": {
			resources: `
  Queue: {Type: AWS::SQS::Queue}
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Statement: {Effect: Deny, Principal: {AWS: "222222222222"}, Action: "sqs:SendMessage", Resource: !GetAtt Queue.Arn}
`,
			function: "permissions:\n  - {allow: \"sqs:SendMessage\", on: !GetAtt Queue.Arn}\n",
			unmet:    "may not sqs:SendMessage on arn:aws:sqs:eu-central-1:222222222222:shop-dev-F-",
		},
		"a queue that does not let its topic in": {
			resources: `
  Topic: {Type: AWS::SNS::Topic}
  Queue: {Type: AWS::SQS::Queue}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn}
`,
			unmet: "sns.amazonaws.com may not sqs:SendMessage on arn:aws:sqs:eu-central-1:222222222222:shop-dev-F-",
		},
		"a queue of another account": {
			resources: `
  Topic: {Type: AWS::SNS::Topic}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: "arn:aws:sqs:eu-central-1:999999999999:theirs"}
`,
			unproved: "sns.amazonaws.com may not sqs:SendMessage on arn:aws:sqs:eu-central-1:999999999999:theirs",
		},
		"a queue that no template makes": {
			resources: `
  Topic: {Type: AWS::SNS::Topic}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:other"}
`,
			unproved: "sns.amazonaws.com may not sqs:SendMessage on arn:aws:sqs:eu-central-1:222222222222:other",
		},
		"a role that no template makes": {
			resources: `
  Queue: {Type: AWS::SQS::Queue}
  Schedule:
    Type: AWS::Scheduler::Schedule
    Properties:
      Name: shop-dev-night
      ScheduleExpression: rate(1 day)
      FlexibleTimeWindow: {Mode: "OFF"}
      Target: {Arn: !GetAtt Queue.Arn, RoleArn: !Sub "arn:aws:iam::${AWS::AccountId}:role/theirs"}
`,
			unproved: "role/theirs may not sqs:SendMessage on arn:aws:sqs:eu-central-1:222222222222:shop-dev-F-",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := withResources(t, tt.resources, tt.function)
			assert.Empty(t, sentences(p.proof.Breached))
			only(t, tt.unmet, sentences(p.proof.Unmet))
			only(t, tt.unproved, atRunTime(p.proof.Unproved))
		})
	}
}

// What foldstack itself makes is not left to users.
func TestTheDenialsOfGeneratedStacksAreThereForSomething(t *testing.T) {
	p := provedAt(t, "..")
	tried := 0
	for _, d := range p.proof.Documents() {
		for i := range d.Statements() {
			if s := &d.Statements()[i]; s.Effect == policy.Deny && !d.Written && !bootstrapped(d) {
				tried++
				found := rewritten(p.proof, d, i, func(s *authz.Statement) { s.Actions = []string{"service:NoAction"} })
				assert.NotEmpty(t, found.Breached, "%s: nothing passes without %s", d, nameOf(s))
			}
		}
	}
	assert.Positive(t, tried)
}

// What a user permits by a pattern is what the user wants, as far as the boundary goes.
func TestAPatternOfActionsIsPermittedAsItIsWritten(t *testing.T) {
	p := withResources(t, "  Jobs: {Type: AWS::SQS::Queue}\n", "permissions:\n  - {allow: 'sqs:Send*', on: !GetAtt Jobs.Arn}\n  - {allow: 'kms:Decr*', on: '*'}\n")
	assert.Empty(t, p.proof.Unmet)
	for _, s := range p.proof.Surplus {
		assert.NotContains(t, s.Document.Template, "out/functions/", s.Text)
	}
}
