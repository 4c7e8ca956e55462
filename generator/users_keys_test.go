package generator

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ownKey is a key that is for the policies of its account to grant.
const ownKey = `
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement: {Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}, Action: "kms:*", Resource: "*"}
`

func TestAFunctionThatCallsWhatIsEncryptedIsRefusedWithoutTheKey(t *testing.T) {
	const (
		queue  = "  Queue: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: !Ref Key}}\n"
		send   = "  - {allow: \"sqs:SendMessage\", on: !GetAtt Queue.Arn}\n"
		secret = "  Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: shop-dev-password, KmsKeyId: !GetAtt Key.Arn}}\n"
		tell   = "  - {allow: \"secretsmanager:GetSecretValue\", on: !Ref Secret}\n"
		bucket = `
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: "aws:kms", KMSMasterKeyID: !GetAtt Key.Arn}}]
`
		get     = "  - {allow: \"s3:GetObject\", on: !Sub \"${Bucket.Arn}/*\"}\n"
		decrypt = "  - {allow: \"kms:Decrypt\", on: !GetAtt Key.Arn}\n"
	)
	for name, tt := range map[string]struct {
		resources, permissions string
		unmet                  []string
	}{
		"a queue":              {queue, send, []string{"may not kms:Decrypt on arn:aws:kms:", "may not kms:GenerateDataKey on arn:aws:kms:"}},
		"a queue, half":        {queue, send + decrypt, []string{"may not kms:GenerateDataKey on arn:aws:kms:"}},
		"a queue and its key":  {queue, send + "  - {allow: [\"kms:Decrypt\", \"kms:GenerateDataKey\"], on: !GetAtt Key.Arn}\n", nil},
		"a queue and any key":  {queue, send + "  - {allow: [\"kms:Decrypt\", \"kms:GenerateDataKey\"], on: \"*\"}\n", nil},
		"a secret":             {secret, tell, []string{"may not kms:Decrypt on arn:aws:kms:"}},
		"a secret and its key": {secret, tell + decrypt, nil},
		"a bucket":             {bucket, get, []string{"may not kms:Decrypt on arn:aws:kms:"}},
		"a bucket and its key": {bucket, get + decrypt, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := withResources(t, ownKey+tt.resources, "permissions:\n"+tt.permissions)
			found := sentences(p.proof.Unmet)
			require.Len(t, found, len(tt.unmet), "%s", found)
			for i, text := range tt.unmet {
				assert.Contains(t, found[i], text)
			}
			assert.Empty(t, sentences(p.proof.Breached))
			assert.Empty(t, p.proof.Surplus)
		})
	}
}

func TestUsersMayForbidThatWhatIsRetainedIsDeleted(t *testing.T) {
	const guarded = `
  Bucket: {Type: AWS::S3::Bucket}
  BucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument: {Statement: {Effect: Deny, Principal: "*", Action: s3:DeleteBucket, Resource: !GetAtt Bucket.Arn}}
`
	only(t, "may not s3:DeleteBucket on ", sentences(withResources(t, guarded, "").proof.Unmet))
	retained := strings.Replace(guarded, "AWS::S3::Bucket}", "AWS::S3::Bucket, DeletionPolicy: Retain, UpdateReplacePolicy: Retain}", 1)
	assert.Empty(t, sentences(withResources(t, retained, "").proof.Unmet))
}

func TestNoServiceGetsAtATopicThatIsEncryptedByTheKeyOfAWS(t *testing.T) {
	const alarm = `
  Topic: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmActions: [!Ref Topic]
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      MetricName: Errors
      Namespace: AWS/Lambda
      Period: 60
      Statistic: Sum
      Threshold: 1
`
	unmet := withResources(t, alarm, "").proof.Unmet
	require.Len(t, unmet, 2)
	for _, c := range unmet {
		assert.Contains(t, c.Sentence(), "cloudwatch.amazonaws.com may not kms:")
		assert.Contains(t, c.Remarks, "no service may use a key that AWS manages for others, and nobody can change its policy: encrypt by a key of your own, whose policy lets the service in")
	}
	assert.Empty(t, withResources(t, strings.Replace(alarm, ", Properties: {KmsMasterKeyId: alias/aws/sns}", "", 1), "").proof.Unmet)
}
