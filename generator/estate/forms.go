package estate

// forms are the types whose names and ARNs can be told before the deployment. What Ref
// and the attributes give stands on the page of each type below
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
// under "Return values", and the form of the ARN on the page of the service in the
// Service Authorization Reference, which is named with each table.
var forms = gather(
	apiGateway, cloudFormation, cloudWatch, codeSuite, compute, config, data, events, iam, kms, lambda, messages, storage,
)

func gather(tables ...map[string]form) map[string]*form {
	all := map[string]*form{}
	for _, table := range tables {
		for typ, f := range table {
			all[typ] = &f
		}
	}
	return all
}

// API Gateway names no account in its ARNs.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
var apiGateway = map[string]form{
	"AWS::ApiGateway::RestApi":    {arn: api + "restapis/{name}", attributes: map[string]string{"RestApiId": "{name}"}},
	"AWS::ApiGateway::Resource":   {arn: restAPI + "resources/{name}", attributes: map[string]string{"ResourceId": "{name}"}},
	"AWS::ApiGateway::Method":     {arn: restAPI + "resources/{ResourceId}/methods/{HttpMethod}"},
	"AWS::ApiGateway::Deployment": {arn: restAPI + "deployments/{name}", attributes: map[string]string{"DeploymentId": "{name}"}},
	"AWS::ApiGateway::Authorizer": {arn: restAPI + "authorizers/{name}", attributes: map[string]string{"AuthorizerId": "{name}"}},
	"AWS::ApiGateway::Stage":      {name: "StageName", arn: restAPI + "stages/{name}"},

	"AWS::ApiGatewayV2::Api": {arn: api + "apis/{name}", attributes: map[string]string{
		"ApiId": "{name}", "ApiEndpoint": "https://{name}.execute-api.{region}.{suffix}",
		"ExecuteApiArn": "arn:{partition}:execute-api:{region}:{account}:{name}",
	}},
	"AWS::ApiGatewayV2::ApiMapping": {
		arn: api + "domainnames/{DomainName}/apimappings/{name}", attributes: map[string]string{"ApiMappingId": "{name}"},
	},
	"AWS::ApiGatewayV2::Authorizer":  {arn: httpAPI + "authorizers/{name}", attributes: map[string]string{"AuthorizerId": "{name}"}},
	"AWS::ApiGatewayV2::Deployment":  {arn: httpAPI + "deployments/{name}", attributes: map[string]string{"DeploymentId": "{name}"}},
	"AWS::ApiGatewayV2::DomainName":  {name: "DomainName", arn: api + "domainnames/{name}", attributes: map[string]string{"DomainNameArn": "{arn}"}},
	"AWS::ApiGatewayV2::Integration": {arn: httpAPI + "integrations/{name}", attributes: map[string]string{"IntegrationId": "{name}"}},
	"AWS::ApiGatewayV2::Model":       {arn: httpAPI + "models/{name}", attributes: map[string]string{"ModelId": "{name}"}},
	"AWS::ApiGatewayV2::Route":       {arn: httpAPI + "routes/{name}", attributes: map[string]string{"RouteId": "{name}"}},
	"AWS::ApiGatewayV2::Stage":       {name: "StageName", arn: httpAPI + "stages/{name}"},
	"AWS::ApiGatewayV2::VpcLink":     {arn: api + "vpclinks/{name}", attributes: map[string]string{"VpcLinkId": "{name}"}},
}

const (
	api     = "arn:{partition}:apigateway:{region}::/"
	restAPI = api + "restapis/{RestApiId}/"
	httpAPI = api + "apis/{ApiId}/"
)

// here begins the ARNs of most services, which name account and region.
const here = ":{region}:{account}:"

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
var cloudFormation = map[string]form{
	"AWS::CloudFormation::Stack": {
		limit: stackNameLimit, ref: "{arn}", arn: "arn:{partition}:cloudformation" + here + "stack/{name}/{random}",
	},
	"AWS::CloudFormation::StackSet": {
		name: "StackSetName", ref: "{name}:{random}", arn: "arn:{partition}:cloudformation" + here + "stackset/{name}:{random}",
		attributes: map[string]string{"StackSetId": "{name}:{random}"},
	},
	"AWS::CloudFormation::WaitCondition":       {limit: stackNameLimit},
	"AWS::CloudFormation::WaitConditionHandle": {},
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
//
// The ARN of a log group ends in an asterisk where CloudFormation gives it: policies
// name its streams by it.
var cloudWatch = map[string]form{
	"AWS::CloudWatch::Alarm":          {name: "AlarmName", limit: 255, arn: "arn:{partition}:cloudwatch" + here + "alarm:{name}"},
	"AWS::CloudWatch::CompositeAlarm": {name: "AlarmName", limit: 255, arn: "arn:{partition}:cloudwatch" + here + "alarm:{name}"},
	"AWS::CloudWatch::Dashboard":      {name: "DashboardName", arn: "arn:{partition}:cloudwatch::{account}:dashboard/{name}"},
	"AWS::Logs::LogGroup": {
		name: "LogGroupName", limit: 512, arn: "arn:{partition}:logs" + here + "log-group:{name}",
		attributes: map[string]string{"Arn": "{arn}:*"},
	},
	"AWS::Logs::LogStream": {
		name: "LogStreamName", limit: 512, arn: "arn:{partition}:logs" + here + "log-group:{LogGroupName}:log-stream:{name}",
	},
	"AWS::Logs::MetricFilter":       {name: "FilterName", limit: 512},
	"AWS::Logs::SubscriptionFilter": {name: "FilterName", limit: 512},
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodeconnections.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodecommit.html
var codeSuite = map[string]form{
	"AWS::CodePipeline::Pipeline": {name: "Name", limit: 100, arn: "arn:{partition}:codepipeline" + here + "{name}"},
	"AWS::CodeBuild::Project":     {name: "Name", limit: 150, arn: "arn:{partition}:codebuild" + here + "project/{name}"},
	"AWS::CodeConnections::Connection": {
		ref: "{arn}", arn: "arn:{partition}:codeconnections" + here + "connection/{name}",
		attributes: map[string]string{"ConnectionArn": "{arn}"},
	},
	"AWS::CodeStarConnections::Connection": {
		ref: "{arn}", arn: "arn:{partition}:codestar-connections" + here + "connection/{name}",
		attributes: map[string]string{"ConnectionArn": "{arn}"},
	},
	"AWS::CodeCommit::Repository": {
		name: "RepositoryName", ref: "{random}", arn: "arn:{partition}:codecommit" + here + "{name}",
		attributes: map[string]string{"Name": "{name}"},
	},
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
var compute = map[string]form{
	"AWS::EC2::SecurityGroup": {
		id: "sg-{random}", arn: "arn:{partition}:ec2" + here + "security-group/{name}", attributes: map[string]string{"GroupId": "{name}", "Id": "{name}"},
	},
	"AWS::EC2::SecurityGroupEgress":  {id: "sgr-{random}", arn: "arn:{partition}:ec2" + here + "security-group-rule/{name}"},
	"AWS::EC2::SecurityGroupIngress": {id: "sgr-{random}", arn: "arn:{partition}:ec2" + here + "security-group-rule/{name}"},
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsconfig.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
var config = map[string]form{
	"AWS::Config::ConfigRule": {
		name: "ConfigRuleName", limit: 128, arn: "arn:{partition}:config" + here + "config-rule/config-rule-{random}",
		attributes: map[string]string{"ConfigRuleId": "config-rule-{random}"},
	},
	"AWS::SSM::Parameter": {name: "Name", arn: "arn:{partition}:ssm" + here + "parameter/{bare}"},
	"AWS::Cognito::UserPool": {
		id: "{region}_{random}", arn: "arn:{partition}:cognito-idp" + here + "userpool/{name}",
		attributes: map[string]string{
			"UserPoolId": "{name}", "ProviderName": "cognito-idp.{region}.{suffix}/{name}",
			"ProviderURL": "https://cognito-idp.{region}.{suffix}/{name}",
		},
	},
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisdatastreams.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
var data = map[string]form{
	"AWS::DynamoDB::Table": {
		name: "TableName", limit: 255, arn: "arn:{partition}:dynamodb" + here + "table/{name}",
		attributes: map[string]string{"StreamArn": "{arn}/stream/{random}"},
	},
	"AWS::DynamoDB::GlobalTable": {
		name: "TableName", limit: 255, arn: "arn:{partition}:dynamodb" + here + "table/{name}",
		attributes: map[string]string{"StreamArn": "{arn}/stream/{random}"},
	},
	"AWS::Kinesis::Stream": {name: "Name", limit: 128, arn: "arn:{partition}:kinesis" + here + "stream/{name}"},
	"AWS::RDS::DBInstance": {
		name: "DBInstanceIdentifier", limit: 63, lower: true, arn: "arn:{partition}:rds" + here + "db:{name}",
		attributes: map[string]string{"DBInstanceArn": "{arn}"},
	},
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
var events = map[string]form{
	"AWS::Events::EventBus":       {name: "Name", arn: "arn:{partition}:events" + here + "event-bus/{name}"},
	"AWS::Events::EventBusPolicy": {},
	"AWS::Events::Rule":           {name: "Name", limit: 64, ref: "{rule}", arn: "arn:{partition}:events" + here + "rule/{onBus}{name}"},
	"AWS::Scheduler::Schedule": {
		name: "Name", arn: "arn:{partition}:scheduler" + here + "schedule/{GroupName|default}/{name}",
	},
	"AWS::Scheduler::ScheduleGroup": {name: "Name", arn: "arn:{partition}:scheduler" + here + "schedule-group/{name}"},
	"AWS::StepFunctions::StateMachine": {
		name: "StateMachineName", ref: "{arn}", arn: "arn:{partition}:states" + here + "stateMachine:{name}",
		attributes: map[string]string{"Name": "{name}"},
	},
}

// What IAM makes lies in no region, and its path is a part of its ARN.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
var iam = map[string]form{
	"AWS::IAM::Role":            {name: "RoleName", limit: 64, arn: global + "role{Path|/}{name}"},
	"AWS::IAM::User":            {name: "UserName", limit: 64, arn: global + "user{Path|/}{name}"},
	"AWS::IAM::Group":           {name: "GroupName", limit: 128, arn: global + "group{Path|/}{name}"},
	"AWS::IAM::InstanceProfile": {name: "InstanceProfileName", limit: 128, arn: global + "instance-profile{Path|/}{name}"},
	"AWS::IAM::ManagedPolicy": {
		name: "ManagedPolicyName", limit: 128, ref: "{arn}", arn: global + "policy{Path|/}{name}",
		attributes: map[string]string{"PolicyArn": "{arn}"},
	},
	"AWS::IAM::Policy":      {limit: 128},
	"AWS::IAM::RolePolicy":  {limit: 128},
	"AWS::IAM::UserPolicy":  {limit: 128},
	"AWS::IAM::GroupPolicy": {limit: 128},
}

const global = "arn:{partition}:iam::{account}:"

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
var kms = map[string]form{
	"AWS::KMS::Key": {id: "{key}", arn: "arn:{partition}:kms" + here + "key/{name}", attributes: map[string]string{"KeyId": "{name}"}},
	"AWS::KMS::ReplicaKey": {
		id: "{replica}", arn: "arn:{partition}:kms" + here + "key/{name}", attributes: map[string]string{"KeyId": "{name}"},
	},
	"AWS::KMS::Alias": {name: "AliasName", arn: "arn:{partition}:kms" + here + "{name}"},
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
var lambda = map[string]form{
	"AWS::Lambda::Function": {name: "FunctionName", limit: 64, arn: "arn:{partition}:lambda" + here + "function:{name}"},
	"AWS::Lambda::Version": {
		ref: "{arn}", arn: "{function}:{name}",
		attributes: map[string]string{"Version": "{name}", "FunctionArn": "{arn}"},
	},
	"AWS::Lambda::Alias": {
		name: "Name", ref: "{arn}", arn: "{function}:{name}", attributes: map[string]string{"AliasArn": "{arn}"},
	},
	"AWS::Lambda::Url":                    {ref: "{function}", attributes: map[string]string{"FunctionArn": "{function}"}},
	"AWS::Lambda::Permission":             {},
	"AWS::Lambda::EventInvokeConfig":      {},
	"AWS::Lambda::LayerVersionPermission": {},
	"AWS::Lambda::EventSourceMapping": {
		arn:        "arn:{partition}:lambda" + here + "event-source-mapping:{name}",
		attributes: map[string]string{"Id": "{name}", "EventSourceMappingArn": "{arn}"},
	},
	"AWS::Lambda::LayerVersion": {
		name: "LayerName", ref: "{arn}", arn: "arn:{partition}:lambda" + here + "layer:{name}:{random}",
		attributes: map[string]string{"LayerVersionArn": "{arn}"},
	},
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
var messages = map[string]form{
	"AWS::SNS::Topic": {
		name: "TopicName", limit: 256, ref: "{arn}", arn: "arn:{partition}:sns" + here + "{name}",
		attributes: map[string]string{"TopicArn": "{arn}"},
	},
	"AWS::SNS::TopicPolicy":  {},
	"AWS::SNS::Subscription": {ref: "{arn}", arn: "{TopicArn}:{name}"},
	"AWS::SQS::Queue": {
		name: "QueueName", limit: 80, ref: queueURL, arn: "arn:{partition}:sqs" + here + "{name}",
		attributes: map[string]string{"QueueUrl": queueURL},
	},
	"AWS::SQS::QueuePolicy": {},
}

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
const queueURL = "https://sqs.{region}.{suffix}/{account}/{name}"

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
var storage = map[string]form{
	"AWS::S3::Bucket": {
		name: "BucketName", limit: 63, lower: true, arn: "arn:{partition}:s3:::{name}",
		attributes: map[string]string{
			"DomainName": "{name}.s3.{suffix}", "RegionalDomainName": "{name}.s3.{region}.{suffix}",
			"DualStackDomainName": "{name}.s3.dualstack.{region}.{suffix}",
		},
	},
	"AWS::S3::BucketPolicy": {ref: "{Bucket}"},
	"AWS::ECR::Repository": {
		name: "RepositoryName", limit: 256, lower: true, arn: "arn:{partition}:ecr" + here + "repository/{name}",
		attributes: map[string]string{"RepositoryUri": "{account}.dkr.ecr.{region}.{suffix}/{name}"},
	},
	"AWS::SecretsManager::Secret": {
		name: "Name", ref: "{arn}", arn: "arn:{partition}:secretsmanager" + here + "secret:{name}-{random}",
		attributes: map[string]string{"Id": "{arn}"},
	},
	"AWS::SecretsManager::ResourcePolicy": {ref: "{SecretId}"},
}
