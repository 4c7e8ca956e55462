package estate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/symbol"
)

func TestWhatLiesInAResourceHasItAsItsOwner(t *testing.T) {
	e := of(t, root(document(t, `
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: b}}
  Generated: {Type: AWS::S3::Bucket}
  Function: {Type: AWS::Lambda::Function, Properties: {FunctionName: f}}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: f, Name: live}}
  Abroad: {Type: AWS::Lambda::Alias, Properties: {FunctionName: 'arn:aws:lambda:eu-west-2:111111111111:function:f', Name: live}}
  Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: a/b}}
  Key: {Type: AWS::KMS::Key}
  Named: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/shop, TargetKeyId: !Ref Key}}
  ByArn: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/other, TargetKeyId: !GetAtt Key.Arn}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: t}}
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: bus}}
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: db}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /aws/lambda/f}}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: r}}
`)))
	key := e.OfType("AWS::KMS::Key")[0].ARN
	for arn, want := range map[string]string{
		"arn:aws:s3:::b":          "Bucket",
		"arn:aws:s3:::b/a/folder": "Bucket",
		"arn:aws:s3:::shop-generated-" + symbol.New("shop/Generated") + "/x":       "Generated",
		"arn:aws:lambda:eu-west-1:111111111111:function:f":                         "Function",
		"arn:aws:lambda:eu-west-1:111111111111:function:f:live":                    "Function",
		"arn:aws:lambda:eu-west-1:111111111111:function:f:7":                       "Function",
		"arn:aws:lambda:eu-west-2:111111111111:function:f:live":                    "Abroad",
		"arn:aws:ecr:eu-west-1:111111111111:repository/a/b":                        "Images",
		"arn:aws:kms:eu-west-1:111111111111:alias/shop":                            "Key",
		"arn:aws:kms:eu-west-1:111111111111:alias/other":                           "Key",
		"arn:aws:sqs:eu-west-1:111111111111:q":                                     "Queue",
		"arn:aws:sns:eu-west-1:111111111111:t":                                     "Topic",
		"arn:aws:sns:eu-west-1:111111111111:t:1-2-3":                               "Topic",
		"arn:aws:events:eu-west-1:111111111111:event-bus/bus":                      "Bus",
		"arn:aws:secretsmanager:eu-west-1:111111111111:secret:db":                  "Secret",
		"arn:aws:logs:eu-west-1:111111111111:log-group:/aws/lambda/f:log-stream:x": "Logs",
		"arn:aws:logs:eu-west-1:111111111111:log-group:/aws/lambda/f:*":            "Logs",
		"arn:aws:dynamodb:eu-west-1:111111111111:table/orders/index/by-day":        "Table",
		"arn:aws:iam::111111111111:role/r":                                         "Role",
		key:                                                                        "Key",
		e.OfType("AWS::SecretsManager::Secret")[0].ARN:                             "Secret",
	} {
		r := e.Owner(arn)
		if assert.NotNil(t, r, symbol.Show(arn)) {
			assert.Equal(t, want, r.ID, symbol.Show(arn))
		}
	}
	for _, arn := range []string{
		"", "*", "arn:aws:s3:::c/a", "arn:aws:iam::111111111111:role/r/x", "arn:aws:iam::222222222222:role/r", "arn:aws:sqs:eu-west-1:111111111111:q/x",
		"arn:aws:secretsmanager:eu-west-1:111111111111:secret:other",
	} {
		assert.Nil(t, e.Owner(arn), arn)
	}
}

// Alias and key are asked for apart.
func TestAnAliasIsFoundByItsOwnARN(t *testing.T) {
	e := of(t, root(document(t, "Resources: {Named: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/shop, TargetKeyId: abc}}}")))
	require.NotNil(t, e.ByARN("arn:aws:kms:eu-west-1:111111111111:alias/shop"))
	assert.Nil(t, e.Owner("arn:aws:kms:eu-west-1:111111111111:alias/shop"))
	assert.Nil(t, e.ByARN(""))
}

func TestResourcesOfATypeComeInTheOrderOfTheirStacks(t *testing.T) {
	child := document(t, "Resources: {C: {Type: AWS::SNS::Topic}}")
	first := root(document(t, "Resources: {B: {Type: AWS::SNS::Topic}, N: {Type: AWS::CloudFormation::Stack}, A: {Type: AWS::SNS::Topic}}", "N", child))
	second := root(document(t, "Resources: {D: {Type: AWS::SNS::Topic}}"))
	assert.Equal(t, []string{"B", "A", "C", "D"}, ids(of(t, first, second).OfType("AWS::SNS::Topic")))
}
