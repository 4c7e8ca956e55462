package demand_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
)

// encrypted are resources that are encrypted by KEY.
const encrypted = `Resources:
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: worker}}
  Key: {Type: AWS::KMS::Key}
  Named: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/ours, TargetKeyId: !Ref Key}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs, KmsMasterKeyId: KEY}}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: news, KmsMasterKeyId: KEY}}
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: password, KmsKeyId: KEY}}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: data
      BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY}}]}
`

// keysFor are the requests for keys that go with a declared action on a resource.
func keysFor(t *testing.T, key, action, resource string) []demand.Demand {
	t.Helper()
	e := of(t, strings.ReplaceAll(encrypted, "KEY", key))
	s := e.Stacks[0]
	declaring := *s
	declaring.Declared = []estate.Declared{{
		Role: e.OfType("AWS::IAM::Role")[0], Actions: []string{action}, Resources: []string{resource},
		Place: diag.Place{File: "function.yaml", Line: 3, Column: 5},
	}}
	return demand.DeclaredKeys(e, &declaring)
}

const (
	jobs     = "arn:aws:sqs:eu-central-1:111111111111:jobs"
	news     = "arn:aws:sns:eu-central-1:111111111111:news"
	password = "arn:aws:secretsmanager:eu-central-1:111111111111:secret:password"
)

func TestWhoeverCallsWhatIsEncryptedNeedsItsKey(t *testing.T) {
	for _, tt := range []struct {
		action, resource string
		want             []string
		service, page    string
	}{
		{"sqs:SendMessage", jobs, []string{"kms:Decrypt", "kms:GenerateDataKey"}, "sqs", "sqs-key-management.html"},
		{"SQS:receivemessage", jobs, []string{"kms:Decrypt"}, "sqs", "sqs-key-management.html"},
		{"sns:Publish", news, []string{"kms:Decrypt", "kms:GenerateDataKey"}, "sns", "sns-key-management.html"},
		{"s3:GetObject", "arn:aws:s3:::data/*", []string{"kms:Decrypt"}, "s3", "UsingKMSEncryption.html"},
		{"s3:PutObject", "arn:aws:s3:::data/in/*", []string{"kms:GenerateDataKey"}, "s3", "UsingKMSEncryption.html"},
		{"secretsmanager:GetSecretValue", password, []string{"kms:Decrypt"}, "secretsmanager", "security-encryption.html"},
	} {
		demands := keysFor(t, "!GetAtt Key.Arn", tt.action, tt.resource)
		var actions []string
		for _, d := range demands {
			actions = append(actions, d.Action)
			assert.Equal(t, []string{tt.service + ".eu-central-1.amazonaws.com"}, d.Context["kms:viaservice"], tt.action)
			assert.Equal(t, "arn:aws:iam::111111111111:role/worker", d.Principal.ARN)
			assert.Contains(t, d.Resource, "arn:aws:kms:eu-central-1:111111111111:key/")
			assert.Contains(t, d.Page, tt.page)
			assert.Contains(t, d.Why, "is declared to call "+tt.action+", and ")
			assert.Equal(t, 3, d.Cause.Line)
			assert.False(t, d.Spare)
		}
		slices.Sort(actions)
		assert.Equal(t, tt.want, actions, tt.action)
	}
}

func TestAKeyIsTheSameByWhateverNameItWasGiven(t *testing.T) {
	const foreign = "arn:aws:kms:eu-central-1:999999999999:key/1"
	for _, key := range []string{"!Ref Key", "!Ref Named", "alias/ours", "'" + foreign + "'"} {
		for action, resource := range map[string]string{"sqs:ReceiveMessage": jobs, "s3:GetObject": "arn:aws:s3:::data/*"} {
			demands := keysFor(t, key, action, resource)
			require.Len(t, demands, 1, "%s %s", key, action)
			assert.Equal(t, strings.Contains(key, foreign), demands[0].Resource == foreign, key)
			assert.Contains(t, demands[0].Resource, ":key/")
		}
	}
}

func TestWhereNoUsersKeyIsKnownNoneIsDemanded(t *testing.T) {
	for _, tt := range []struct{ key, action, resource string }{
		{"alias/aws/sqs", "sqs:SendMessage", jobs},
		{"'arn:aws:kms:eu-central-1:111111111111:alias/aws/sns'", "sns:Publish", news},
		{"alias/aws/s3", "s3:GetObject", "arn:aws:s3:::data/*"},
		{"alias/theirs", "sqs:SendMessage", jobs},
		{"!Ref Key", "sqs:SendMessage", "*"},
		{"!Ref Key", "sqs:SendMessage", "arn:aws:sqs:eu-central-1:111111111111:job*"},
		{"!Ref Key", "s3:GetObject", "arn:aws:s3:::dat*"},
		{"!Ref Key", "sqs:GetQueueAttributes", jobs},
		{"!Ref AWS::NoValue", "sqs:SendMessage", jobs},
		{"!Ref AWS::NoValue", "s3:GetObject", "arn:aws:s3:::data/*"},
	} {
		assert.Empty(t, keysFor(t, tt.key, tt.action, tt.resource), "%s: %s on %s", tt.key, tt.action, tt.resource)
	}
}

// Nobody can let a service at a key that AWS manages, and no service is let at it.
func TestAServiceAsksForTheKeyOfAWSByWhichATopicIsEncrypted(t *testing.T) {
	const alarm = `Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: news, KmsMasterKeyId: alias/aws/sns}}
  Alarm: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmActions: [!Ref Topic]}}
`
	for _, action := range []string{"kms:Decrypt", "kms:GenerateDataKey"} {
		asked := matching(demand.RunTime(of(t, alarm)), action, "cloudwatch.amazonaws.com", "alias/aws/sns")
		assert.Len(t, asked, 1, action)
	}
}

func TestTheListingOfStreamsIsNotDemandedOfAnybody(t *testing.T) {
	for _, action := range []string{"dynamodb:ListStreams", "kinesis:ListStreams"} {
		listings := matching(demand.RunTime(services(t)), action)
		require.NotEmpty(t, listings)
		for _, d := range listings {
			assert.True(t, d.Spare, action)
		}
	}
	for _, action := range []string{"dynamodb:GetRecords", "kinesis:GetRecords", "kafka:GetBootstrapBrokers"} {
		for _, d := range matching(demand.RunTime(services(t)), action) {
			assert.False(t, d.Spare, action)
		}
	}
}
