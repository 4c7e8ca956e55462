package estate_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/policy/handler"
	"github.com/foldstack/foldstack/generator/symbol"
)

// predicted is what people read of a resource R of the stack shop.
var predicted = []struct{ typ, properties, ref, arn string }{
	{"AWS::ApiGateway::RestApi", "", "<shop/R>", "arn:aws:apigateway:eu-west-1::/restapis/<shop/R>"},
	{"AWS::ApiGateway::Resource", "RestApiId: api", "<shop/R>", "arn:aws:apigateway:eu-west-1::/restapis/api/resources/<shop/R>"},
	{"AWS::ApiGateway::Method", "RestApiId: api, ResourceId: r, HttpMethod: ANY", "<shop/R>", "arn:aws:apigateway:eu-west-1::/restapis/api/resources/r/methods/ANY"},
	{"AWS::ApiGateway::Stage", "RestApiId: api, StageName: live", "live", "arn:aws:apigateway:eu-west-1::/restapis/api/stages/live"},
	{"AWS::ApiGatewayV2::Api", "Name: orders", "<shop/R>", "arn:aws:apigateway:eu-west-1::/apis/<shop/R>"},
	{"AWS::ApiGatewayV2::Stage", "ApiId: api, StageName: $default", "$default", "arn:aws:apigateway:eu-west-1::/apis/api/stages/$default"},
	{"AWS::ApiGatewayV2::Route", "ApiId: api", "<shop/R>", "arn:aws:apigateway:eu-west-1::/apis/api/routes/<shop/R>"},
	{"AWS::ApiGatewayV2::DomainName", "DomainName: a.example", "a.example", "arn:aws:apigateway:eu-west-1::/domainnames/a.example"},
	{"AWS::CloudFormation::Stack", "", "arn:aws:cloudformation:eu-west-1:111111111111:stack/shop-R-<shop/R>/<shop/R.Id>", "arn:aws:cloudformation:eu-west-1:111111111111:stack/shop-R-<shop/R>/<shop/R.Id>"},
	{"AWS::CloudFormation::StackSet", "StackSetName: base", "base:<shop/R>", "arn:aws:cloudformation:eu-west-1:111111111111:stackset/base:<shop/R>"},
	{"AWS::CloudWatch::Alarm", "", "shop-R-<shop/R>", "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:shop-R-<shop/R>"},
	{"AWS::CloudWatch::Dashboard", "DashboardName: d", "d", "arn:aws:cloudwatch::111111111111:dashboard/d"},
	{"AWS::CodeBuild::Project", "Name: build", "build", "arn:aws:codebuild:eu-west-1:111111111111:project/build"},
	{"AWS::CodeConnections::Connection", "ConnectionName: git", "arn:aws:codeconnections:eu-west-1:111111111111:connection/<shop/R>", "arn:aws:codeconnections:eu-west-1:111111111111:connection/<shop/R>"},
	{"AWS::CodePipeline::Pipeline", "Name: shop", "shop", "arn:aws:codepipeline:eu-west-1:111111111111:shop"},
	{"AWS::Cognito::UserPool", "", "eu-west-1_<shop/R>", "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_<shop/R>"},
	{"AWS::Config::ConfigRule", "", "shop-R-<shop/R>", "arn:aws:config:eu-west-1:111111111111:config-rule/config-rule-<shop/R.Id>"},
	{"AWS::DynamoDB::Table", "TableName: orders", "orders", "arn:aws:dynamodb:eu-west-1:111111111111:table/orders"},
	{"AWS::EC2::SecurityGroup", "", "sg-<shop/R>", "arn:aws:ec2:eu-west-1:111111111111:security-group/sg-<shop/R>"},
	{"AWS::ECR::Repository", "RepositoryName: foldstack/shop", "foldstack/shop", "arn:aws:ecr:eu-west-1:111111111111:repository/foldstack/shop"},
	{"AWS::Events::EventBus", "Name: orders", "orders", "arn:aws:events:eu-west-1:111111111111:event-bus/orders"},
	{"AWS::Events::Rule", "", "shop-R-<shop/R>", "arn:aws:events:eu-west-1:111111111111:rule/shop-R-<shop/R>"},
	{"AWS::Events::Rule", "EventBusName: default", "shop-R-<shop/R>", "arn:aws:events:eu-west-1:111111111111:rule/shop-R-<shop/R>"},
	{"AWS::Events::Rule", "Name: r, EventBusName: 'arn:aws:events:eu-west-1:111111111111:event-bus/orders'", "orders|r", "arn:aws:events:eu-west-1:111111111111:rule/orders/r"},
	{"AWS::IAM::Role", "RoleName: deploy, Path: /base/shop/", "deploy", "arn:aws:iam::111111111111:role/base/shop/deploy"},
	{"AWS::IAM::Role", "", "shop-R-<shop/R>", "arn:aws:iam::111111111111:role/shop-R-<shop/R>"},
	{"AWS::IAM::ManagedPolicy", "ManagedPolicyName: p, Path: /x/", "arn:aws:iam::111111111111:policy/x/p", "arn:aws:iam::111111111111:policy/x/p"},
	{"AWS::IAM::Policy", "PolicyName: p", "shop-R-<shop/R>", ""},
	{"AWS::KMS::Key", "", "<shop/R>", "arn:aws:kms:eu-west-1:111111111111:key/<shop/R>"},
	{"AWS::KMS::Key", "MultiRegion: true", "mrk-<shop/R>", "arn:aws:kms:eu-west-1:111111111111:key/mrk-<shop/R>"},
	{"AWS::KMS::ReplicaKey", "PrimaryKeyArn: 'arn:aws:kms:us-east-1:111111111111:key/mrk-1'", "mrk-1", "arn:aws:kms:eu-west-1:111111111111:key/mrk-1"},
	{"AWS::KMS::Alias", "AliasName: alias/shop", "alias/shop", "arn:aws:kms:eu-west-1:111111111111:alias/shop"},
	{"AWS::Kinesis::Stream", "Name: s", "s", "arn:aws:kinesis:eu-west-1:111111111111:stream/s"},
	{"AWS::Lambda::Function", "FunctionName: f", "f", "arn:aws:lambda:eu-west-1:111111111111:function:f"},
	{"AWS::Lambda::Version", "FunctionName: f", "arn:aws:lambda:eu-west-1:111111111111:function:f:<shop/R>", "arn:aws:lambda:eu-west-1:111111111111:function:f:<shop/R>"},
	{"AWS::Lambda::Alias", "FunctionName: 'arn:aws:lambda:eu-west-1:111111111111:function:f', Name: live", "arn:aws:lambda:eu-west-1:111111111111:function:f:live", "arn:aws:lambda:eu-west-1:111111111111:function:f:live"},
	{"AWS::Lambda::Alias", "FunctionName: '111111111111:function:f', Name: live", "arn:aws:lambda:eu-west-1:111111111111:function:f:live", "arn:aws:lambda:eu-west-1:111111111111:function:f:live"},
	{"AWS::Lambda::EventSourceMapping", "FunctionName: f", "<shop/R>", "arn:aws:lambda:eu-west-1:111111111111:event-source-mapping:<shop/R>"},
	{"AWS::Lambda::LayerVersion", "LayerName: l", "arn:aws:lambda:eu-west-1:111111111111:layer:l:<shop/R>", "arn:aws:lambda:eu-west-1:111111111111:layer:l:<shop/R>"},
	{"AWS::Lambda::Url", "TargetFunctionArn: f", "arn:aws:lambda:eu-west-1:111111111111:function:f", ""},
	{"AWS::Logs::LogGroup", "LogGroupName: /aws/lambda/f", "/aws/lambda/f", "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/lambda/f"},
	{"AWS::S3::Bucket", "BucketName: b", "b", "arn:aws:s3:::b"},
	{"AWS::S3::Bucket", "", "shop-r-<shop/R>", "arn:aws:s3:::shop-r-<shop/R>"},
	{"AWS::S3::BucketPolicy", "Bucket: b", "b", ""},
	{"AWS::SNS::Subscription", "TopicArn: 'arn:aws:sns:eu-west-1:111111111111:t'", "arn:aws:sns:eu-west-1:111111111111:t:<shop/R>", "arn:aws:sns:eu-west-1:111111111111:t:<shop/R>"},
	{"AWS::SNS::Topic", "FifoTopic: true", "arn:aws:sns:eu-west-1:111111111111:shop-R-<shop/R>.fifo", "arn:aws:sns:eu-west-1:111111111111:shop-R-<shop/R>.fifo"},
	{"AWS::SQS::Queue", "QueueName: q", "https://sqs.eu-west-1.amazonaws.com/111111111111/q", "arn:aws:sqs:eu-west-1:111111111111:q"},
	{"AWS::SSM::Parameter", "Name: /shop/p", "/shop/p", "arn:aws:ssm:eu-west-1:111111111111:parameter/shop/p"},
	{"AWS::SSM::Parameter", "Name: p", "p", "arn:aws:ssm:eu-west-1:111111111111:parameter/p"},
	{"AWS::Scheduler::Schedule", "Name: s", "s", "arn:aws:scheduler:eu-west-1:111111111111:schedule/default/s"},
	{"AWS::Scheduler::Schedule", "Name: s, GroupName: g", "s", "arn:aws:scheduler:eu-west-1:111111111111:schedule/g/s"},
	{"AWS::SecretsManager::Secret", "Name: db", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-<shop/R>", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-<shop/R>"},
	{"AWS::StepFunctions::StateMachine", "StateMachineName: m", "arn:aws:states:eu-west-1:111111111111:stateMachine:m", "arn:aws:states:eu-west-1:111111111111:stateMachine:m"},
	{"Custom::Thing", "", "<shop/R?>", ""},
	{"AWS::New::Thing", "Name: n", "<shop/R?>", ""},
}

func one(t *testing.T, typ, properties string) *estate.Resource {
	t.Helper()
	return of(t, root(document(t, "Resources: {R: {Type: '"+typ+"', Properties: {"+properties+"}}}"))).Stacks[0].Resources[0]
}

func TestNamesAndARNsArePredicted(t *testing.T) {
	for _, p := range predicted {
		t.Run(p.typ+" "+p.properties, func(t *testing.T) {
			r := one(t, p.typ, p.properties)
			assert.Equal(t, p.ref, symbol.Show(r.Ref))
			assert.Equal(t, p.arn, symbol.Show(r.ARN))
		})
	}
}

func TestAttributesArePredicted(t *testing.T) {
	for _, p := range []struct{ typ, properties, attribute, want string }{
		{"AWS::Logs::LogGroup", "LogGroupName: g", "Arn", "arn:aws:logs:eu-west-1:111111111111:log-group:g:*"},
		{"AWS::IAM::Role", "RoleName: r", "Arn", "arn:aws:iam::111111111111:role/r"},
		{"AWS::IAM::Role", "RoleName: r", "RoleId", "<shop/R.RoleId>"},
		{"AWS::SQS::Queue", "", "QueueName", "shop-R-<shop/R>"},
		{"AWS::SQS::Queue", "QueueName: q", "QueueUrl", "https://sqs.eu-west-1.amazonaws.com/111111111111/q"},
		{"AWS::S3::Bucket", "BucketName: b", "RegionalDomainName", "b.s3.eu-west-1.amazonaws.com"},
		{"AWS::DynamoDB::Table", "TableName: t", "StreamArn", "arn:aws:dynamodb:eu-west-1:111111111111:table/t/stream/<shop/R.Id>"},
		{"AWS::ApiGatewayV2::Api", "", "ApiEndpoint", "https://<shop/R>.execute-api.eu-west-1.amazonaws.com"},
		{"AWS::ECR::Repository", "RepositoryName: a/b", "RepositoryUri", "111111111111.dkr.ecr.eu-west-1.amazonaws.com/a/b"},
		{"AWS::ECR::Repository", "ImageTagMutability: IMMUTABLE", "ImageTagMutability", "IMMUTABLE"},
		{"AWS::Lambda::Version", "FunctionName: f", "Version", "<shop/R>"},
		{"AWS::StepFunctions::StateMachine", "StateMachineName: m", "Name", "m"},
		{"AWS::Cognito::UserPool", "", "ProviderName", "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_<shop/R>"},
		{"Custom::Thing", "Answer: 5", "Answer", "<shop/R.Answer?>"},
	} {
		t.Run(p.typ+" "+p.attribute, func(t *testing.T) {
			assert.Equal(t, p.want, symbol.Show(one(t, p.typ, p.properties).Attribute(p.attribute)))
		})
	}
}

func TestOtherPartitionsHaveTheirOwnNames(t *testing.T) {
	r := root(document(t, "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}, R: {Type: AWS::IAM::Role, Properties: {RoleName: r}}}"))
	r.Partition, r.Region = "", "cn-north-1"
	s := of(t, r).Stacks[0]
	assert.Equal(t, "https://sqs.cn-north-1.amazonaws.com.cn/111111111111/q", s.Resources[0].Ref)
	assert.Equal(t, "arn:aws-cn:iam::111111111111:role/r", s.Resources[1].ARN)
}

func TestEveryTypeThatARoleMayMakeIsKnown(t *testing.T) {
	for _, typ := range handler.Known() {
		if typ != "AWS::CloudFormation::CustomResource" { // whatever it is, it says itself
			assert.NotContains(t, symbol.Show(one(t, typ, "").Ref), "?", typ)
		}
	}
}

// AWS's service authorization reference has the last word on ARNs.
func TestARNsHaveAFormThatIAMKnows(t *testing.T) {
	table, err := os.ReadFile("../policy/handler/testdata/iam-actions.tsv")
	require.NoError(t, err)
	forms := map[string][]string{}
	for line := range strings.Lines(string(table)) {
		if fields := strings.Split(line, "\t"); len(fields) == 3 {
			for _, form := range strings.Fields(fields[1]) {
				if parts := strings.SplitN(form, ":", 6); len(parts) == 6 {
					forms[parts[2]] = append(forms[parts[2]], form)
				}
			}
		}
	}
	checked := 0
	for _, p := range predicted {
		parts := strings.SplitN(p.arn, ":", 6)
		if len(parts) < 6 || forms[parts[2]] == nil {
			continue
		}
		checked++
		assert.True(t, fits(p.arn, forms[parts[2]]), "%s: %s fits none of %s", p.typ, p.arn, forms[parts[2]])
	}
	assert.Greater(t, checked, 35)
}

func fits(arn string, forms []string) bool {
	for _, form := range forms {
		pattern := strings.ReplaceAll(regexp.QuoteMeta(form), `\*`, "[^:]*")
		pattern = strings.TrimSuffix(pattern, "[^:]*") + ".*"
		if regexp.MustCompile("^" + pattern + "$").MatchString(arn) {
			return true
		}
	}
	return false
}
