package proof

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/estate"
)

// attachment is a type of resource that holds the policy of a resource: its own, or that
// of others which it names.
type attachment struct {
	word     string // for people
	document []string
	names    string // the property that names the others; empty: itself
	of       string // their type
}

// attachments are the types that hold resource policies, each with the page that
// describes the policy. Lambda permissions and event bus policies, which are single
// statements, are read by themselves.
var attachments = map[string]attachment{
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
	"AWS::S3::BucketPolicy": {"bucket policy", []string{"PolicyDocument"}, "Bucket", "AWS::S3::Bucket"},
	// https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
	"AWS::KMS::Key":        {word: "key policy", document: []string{"KeyPolicy"}},
	"AWS::KMS::ReplicaKey": {word: "key policy", document: []string{"KeyPolicy"}},
	// https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
	"AWS::ECR::Repository": {word: "repository policy", document: []string{"RepositoryPolicyText"}},
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-overview-of-managing-access.html
	"AWS::SQS::QueuePolicy":       {"queue policy", []string{"PolicyDocument"}, "Queues", "AWS::SQS::Queue"},
	"AWS::SQS::QueueInlinePolicy": {"queue policy", []string{"PolicyDocument"}, "Queue", "AWS::SQS::Queue"},
	// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-key-concepts.html
	"AWS::SNS::TopicPolicy":       {"topic policy", []string{"PolicyDocument"}, "Topics", "AWS::SNS::Topic"},
	"AWS::SNS::TopicInlinePolicy": {"topic policy", []string{"PolicyDocument"}, "TopicArn", "AWS::SNS::Topic"},
	// https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
	"AWS::SecretsManager::ResourcePolicy": {"secret policy", []string{"ResourcePolicy"}, "SecretId", "AWS::SecretsManager::Secret"},
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html
	"AWS::DynamoDB::Table": {word: "table policy", document: []string{"ResourcePolicy", "PolicyDocument"}},
	// https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html
	"AWS::Kinesis::ResourcePolicy": {"stream policy", []string{"ResourcePolicy"}, "ResourceArn", "AWS::Kinesis::Stream"},
	// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
	"AWS::Events::EventBus": {word: "event bus policy", document: []string{"Policy"}},
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html
	"AWS::ApiGateway::RestApi": {word: "API policy", document: []string{"Policy"}},
}

// at is what lies below properties at a path of keys.
func at(properties cfn.Map, path ...string) any {
	var value any = properties
	for _, key := range path {
		m, _ := value.(cfn.Map)
		value = m.Get(key)
	}
	return value
}

// text is a text property, and "" for anything else.
func text(r *estate.Resource, path ...string) string {
	s, _ := at(r.Properties, path...).(string)
	return s
}

// texts are the texts of a list, or the only one.
func texts(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, item := range v {
			if s, ok := item.(string); ok {
				list = append(list, s)
			}
		}
		return list
	}
	return nil
}
