package proof_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/demand"
)

// Every way in which a template can say who may do what, with one request that it allows.
func TestEveryPolicyOfATemplateHasItsSay(t *testing.T) {
	const here = frank + ":" + first + ":"
	from := func(account string, d demand.Demand) demand.Demand {
		d.Principal.ARN = role(account, "caller")
		return d
	}
	caller := role(first, "work")
	byRole := "{Effect: Allow, Principal: {AWS: 'arn:aws:iam::222222222222:role/work'}, Resource: '*', Action: "
	events := "{Effect: Allow, Principal: {Service: events.amazonaws.com}, Resource: '*', Action: "
	for name, c := range map[string]struct {
		yaml   string
		demand demand.Demand
	}{
		"inline":                  {roleWith("work", trustNobody, allow("sqs:SendMessage", workQueue)), call(caller, "sqs:SendMessage", workQueue)},
		"AWS::IAM::Policy":        {"Resources:\n  Role: {Type: AWS::IAM::Role, Properties: {RoleName: work}}\n  More: {Type: AWS::IAM::Policy, Properties: {PolicyName: more, Roles: [!Ref Role], PolicyDocument: " + policyOf(allow("sqs:SendMessage", workQueue)) + "}}\n", call(caller, "sqs:SendMessage", workQueue)},
		"inline, as JSON":         {"Resources:\n  Role: {Type: AWS::IAM::Role, Properties: {RoleName: work, AssumeRolePolicyDocument: '" + jsonOf(`"Principal":{"Service":"other.amazonaws.com"},"Action":"sts:AssumeRole"`) + "', Policies: [{PolicyName: own, PolicyDocument: '" + jsonOf(`"Action":"sqs:SendMessage","Resource":"`+workQueue+`"`) + "'}]}}\n", call(caller, "sqs:SendMessage", workQueue)},
		"a trust, as JSON":        {"Resources:\n  Role: {Type: AWS::IAM::Role, Properties: {RoleName: work, AssumeRolePolicyDocument: '" + jsonOf(`"Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"`) + "'}}\n", by("lambda.amazonaws.com", first, "sts:AssumeRole", caller)},
		"a key, as JSON":          {"Resources:\n  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: '" + jsonOf(`"Principal":{"AWS":"arn:aws:iam::222222222222:role/work"},"Action":"kms:Decrypt","Resource":"*"`) + "'}}\n", call(caller, "kms:Decrypt", "arn:aws:kms:"+here+"key/\x01work/Key\x02")},
		"AWS::IAM::RolePolicy":    {"Resources:\n  Role: {Type: AWS::IAM::Role, Properties: {RoleName: work}}\n  More: {Type: AWS::IAM::RolePolicy, Properties: {PolicyName: more, RoleName: work, PolicyDocument: " + policyOf(allow("sqs:SendMessage", workQueue)) + "}}\n", call(caller, "sqs:SendMessage", workQueue)},
		"a managed policy":        {"Resources:\n  More: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: " + policyOf(allow("sqs:SendMessage", workQueue)) + "}}\n  Role: {Type: AWS::IAM::Role, Properties: {RoleName: work, ManagedPolicyArns: [!Ref More]}}\n", call(caller, "sqs:SendMessage", workQueue)},
		"a managed policy's role": {"Resources:\n  Role: {Type: AWS::IAM::Role, Properties: {RoleName: work}}\n  More: {Type: AWS::IAM::ManagedPolicy, Properties: {Roles: [!Ref Role], PolicyDocument: " + policyOf(allow("sqs:SendMessage", workQueue)) + "}}\n", call(caller, "sqs:SendMessage", workQueue)},
		"a policy of AWS":         {"Resources:\n  Role: {Type: AWS::IAM::Role, Properties: {RoleName: work, ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']}}\n", call(caller, "logs:PutLogEvents", logGroup+":log-stream:x")},
		"a user":                  {"Resources:\n  User: {Type: AWS::IAM::User, Properties: {UserName: ann, Policies: [{PolicyName: own, PolicyDocument: " + policyOf(allow("sqs:SendMessage", workQueue)) + "}]}}\n", call("arn:aws:iam::222222222222:user/ann", "sqs:SendMessage", workQueue)},
		"a role's trust":          {roleWith("work", policyOf("{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}")), by("lambda.amazonaws.com", first, "sts:AssumeRole", caller)},
		"a bucket":                {bucketWith("b", byRole+"s3:ListBucket}"), call(caller, "s3:ListBucket", "arn:aws:s3:::b")},
		"a key":                   {keyWith(byRole + "kms:Decrypt}"), call(caller, "kms:Decrypt", "arn:aws:kms:"+here+"key/\x01work/Key\x02")},
		"a repository":            {"Resources:\n  R: {Type: AWS::ECR::Repository, Properties: {RepositoryName: r, RepositoryPolicyText: " + policyOf("{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: ecr:BatchGetImage}") + "}}\n", by("lambda.amazonaws.com", first, "ecr:BatchGetImage", "arn:aws:ecr:"+here+"repository/r")},
		"queues":                  {"Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: work}}\n  P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Q], PolicyDocument: " + policyOf(events+"sqs:SendMessage}") + "}}\n", by("events.amazonaws.com", first, "sqs:SendMessage", workQueue)},
		"a queue":                 {"Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: work}}\n  P: {Type: AWS::SQS::QueueInlinePolicy, Properties: {Queue: !Ref Q, PolicyDocument: " + policyOf(events+"sqs:SendMessage}") + "}}\n", by("events.amazonaws.com", first, "sqs:SendMessage", workQueue)},
		"topics":                  {"Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}\n  P: {Type: AWS::SNS::TopicPolicy, Properties: {Topics: [!Ref T], PolicyDocument: " + policyOf(events+"sns:Publish}") + "}}\n", by("events.amazonaws.com", first, "sns:Publish", "arn:aws:sns:"+here+"news")},
		"a bus, by parts":         {"Resources:\n  B: {Type: AWS::Events::EventBus, Properties: {Name: bus}}\n  P: {Type: AWS::Events::EventBusPolicy, Properties: {StatementId: x, EventBusName: !Ref B, Action: 'events:PutEvents', Principal: '333333333333'}}\n", call("arn:aws:iam::333333333333:root", "events:PutEvents", "arn:aws:events:"+here+"event-bus/bus")},
		"a bus, by a statement":   {"Resources:\n  B: {Type: AWS::Events::EventBus, Properties: {Name: bus}}\n  P: {Type: AWS::Events::EventBusPolicy, Properties: {StatementId: x, EventBusName: bus, Statement: " + byRole + "events:PutEvents}}}\n", call(caller, "events:PutEvents", "arn:aws:events:"+here+"event-bus/bus")},
		"log groups":              {"Resources:\n  L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: work}}\n  P: {Type: AWS::Logs::ResourcePolicy, Properties: {PolicyName: p, PolicyDocument: '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"events.amazonaws.com\"},\"Action\":\"logs:PutLogEvents\",\"Resource\":\"*\"}]}'}}\n", by("events.amazonaws.com", first, "logs:PutLogEvents", logGroup+":log-stream:x")},
		"a table":                 {"Resources:\n  T: {Type: AWS::DynamoDB::Table, Properties: {TableName: t, ResourcePolicy: {PolicyDocument: " + policyOf(byRole+"dynamodb:GetItem}") + "}}}\n", call(caller, "dynamodb:GetItem", "arn:aws:dynamodb:"+here+"table/t")},
	} {
		t.Run(name, func(t *testing.T) {
			base := estateOf(t, root(t, "work.yaml", first, frank, c.yaml))
			p := prove(base, c.demand)
			assert.Equal(t, "", told(p))
			if c.demand.Principal.ARN != "" {
				assert.NotEqual(t, "", told(prove(base, from(second, c.demand))), "anybody else may not")
			} else {
				other := c.demand
				other.Principal.Service = "other.amazonaws.com"
				assert.NotEqual(t, "", told(prove(base, other)), "any other service may not")
			}
		})
	}
}

func TestThePolicyOfAnAPIIsAskedAboutItsCalls(t *testing.T) {
	base := estateOf(t, root(t, "api.yaml", first, frank, "Resources:\n  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: api, Policy: "+
		policyOf("{Effect: Allow, Principal: {AWS: 'arn:aws:iam::222222222222:role/work'}, Action: 'execute-api:Invoke', Resource: 'execute-api:/prod/GET/*'}")+"}}\n"))
	api := "arn:aws:execute-api:eu-central-1:222222222222:" + base.OfType("AWS::ApiGateway::RestApi")[0].Ref
	assert.Equal(t, "", told(prove(base, call(role(first, "work"), "execute-api:Invoke", api+"/prod/GET/orders"))))
	assert.NotEqual(t, "", told(prove(base, call(role(first, "work"), "execute-api:Invoke", api+"/prod/POST/orders"))))
	assert.NotEqual(t, "", told(prove(base, call(role(second, "work"), "execute-api:Invoke", api+"/prod/GET/orders"))))
}

// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func TestAKeyWithoutAPolicyIsLeftToItsAccount(t *testing.T) {
	yaml := "Resources:\n  Key: {Type: AWS::KMS::Key, Properties: {}}\n"
	base := estateOf(t, root(t, "key.yaml", first, frank, yaml), root(t, "work.yaml", first, frank, roleWith("work", trustNobody, allow("kms:Decrypt", "'*'"))),
		root(t, "far.yaml", second, frank, roleWith("work", trustNobody, allow("kms:Decrypt", "'*'"))))
	key := base.OfType("AWS::KMS::Key")[0].ARN
	assert.Equal(t, "", told(prove(base, call(role(first, "work"), "kms:Decrypt", key))))
	assert.Contains(t, told(prove(base, call(role(second, "work"), "kms:Decrypt", key))), "let the default key policy of Key allow kms:Decrypt")
}

func TestAStatementThatNobodyUnderstandsIsSaid(t *testing.T) {
	p := prove(estateOf(t, root(t, "work.yaml", first, frank, roleWith("work", trustNobody, "{Effect: Maybe, Action: sqs:SendMessage, Resource: '*'}"))))
	if assert.Len(t, p.Notes, 1) {
		assert.Contains(t, p.Notes[0].Text, "in the policy own of the role work: statement 1")
		assert.Equal(t, "work.yaml", p.Notes[0].Place.File)
	}
}

// jsonOf is a policy as a text, which CloudFormation takes as well.
func jsonOf(statement string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + statement + `}]}`
}

func TestAPolicyThatIsATextAndNoJSONIsNotedAndGrantsNothing(t *testing.T) {
	for _, document := range []string{"no JSON", `{"Statement": `, "!Sub '{\"Statement\": \"${AWS::StackId}\"}'"} {
		base := estateOf(t, root(t, "work.yaml", first, frank, "Resources:\n  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: "+quotedUnlessTag(document)+"}}\n"))
		p := prove(base, call(role(first, "work"), "kms:Decrypt", "arn:aws:kms:"+frank+":"+first+":key/\x01work/Key\x02"))
		assert.NotEqual(t, "", told(p))
		require.NotEmpty(t, p.Notes, document)
		assert.Contains(t, p.Notes[0].Text, "in the key policy of Key: the policy is not JSON", document)
	}
}

func quotedUnlessTag(text string) string {
	if strings.HasPrefix(text, "!") {
		return text
	}
	return "'" + text + "'"
}
