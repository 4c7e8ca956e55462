package ceiling

import (
	"strings"

	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
)

// always is what the roles that foldstack itself writes need: logs and traces of
// functions, the queues and topics of events, calls by schedules, the verdicts of
// AWS Config rules.
var always = []string{
	"config:PutEvaluations",
	"lambda:InvokeFunction",
	"logs:CreateLogGroup",
	"logs:CreateLogStream",
	"logs:PutLogEvents",
	"sns:Publish",
	"sqs:ChangeMessageVisibility",
	"sqs:DeleteMessage",
	"sqs:GetQueueAttributes",
	"sqs:GetQueueUrl",
	"sqs:ReceiveMessage",
	"sqs:SendMessage",
	"xray:PutTelemetryRecords",
	"xray:PutTraceSegments",
}

// standard is the ceiling of a project that writes none: reading and writing data
// and calling other services, and nothing that makes, changes or deletes a
// resource, changes who may use one, or assumes another role. The network
// interfaces are those that Lambda makes, with the function's role, for a function
// in a VPC.
var standard = []string{
	"appconfig:GetLatestConfiguration",
	"appconfig:StartConfigurationSession",
	"bedrock:InvokeModel",
	"bedrock:InvokeModelWithResponseStream",
	"cloudwatch:GetMetricData",
	"cloudwatch:PutMetricData",
	"codedeploy:PutLifecycleEventHookExecutionStatus",
	"codepipeline:PutJobFailureResult",
	"codepipeline:PutJobSuccessResult",
	"config:BatchGetResourceConfig",
	"config:GetComplianceDetailsByConfigRule",
	"config:GetResourceConfigHistory",
	"config:SelectResourceConfig",
	"dynamodb:BatchGetItem",
	"dynamodb:BatchWriteItem",
	"dynamodb:ConditionCheckItem",
	"dynamodb:DeleteItem",
	"dynamodb:DescribeStream",
	"dynamodb:DescribeTable",
	"dynamodb:GetItem",
	"dynamodb:GetRecords",
	"dynamodb:GetShardIterator",
	"dynamodb:ListStreams",
	"dynamodb:PartiQLDelete",
	"dynamodb:PartiQLInsert",
	"dynamodb:PartiQLSelect",
	"dynamodb:PartiQLUpdate",
	"dynamodb:PutItem",
	"dynamodb:Query",
	"dynamodb:Scan",
	"dynamodb:UpdateItem",
	"ec2:AssignPrivateIpAddresses",
	"ec2:CreateNetworkInterface",
	"ec2:DeleteNetworkInterface",
	"ec2:DescribeNetworkInterfaces",
	"ec2:DescribeSubnets",
	"ec2:UnassignPrivateIpAddresses",
	"events:PutEvents",
	"execute-api:Invoke",
	"execute-api:ManageConnections",
	"firehose:PutRecord",
	"firehose:PutRecordBatch",
	"kinesis:DescribeStream",
	"kinesis:DescribeStreamSummary",
	"kinesis:GetRecords",
	"kinesis:GetShardIterator",
	"kinesis:ListShards",
	"kinesis:ListStreams",
	"kinesis:PutRecord",
	"kinesis:PutRecords",
	"kinesis:SubscribeToShard",
	"kms:Decrypt",
	"kms:DescribeKey",
	"kms:Encrypt",
	"kms:GenerateDataKey",
	"kms:GenerateMac",
	"kms:GetPublicKey",
	"kms:ReEncryptFrom",
	"kms:ReEncryptTo",
	"kms:Sign",
	"kms:Verify",
	"kms:VerifyMac",
	"rds-data:BatchExecuteStatement",
	"rds-data:BeginTransaction",
	"rds-data:CommitTransaction",
	"rds-data:ExecuteStatement",
	"rds-data:RollbackTransaction",
	"rds-db:connect",
	"s3:AbortMultipartUpload",
	"s3:DeleteObject",
	"s3:GetBucketLocation",
	"s3:GetObject",
	"s3:GetObjectAttributes",
	"s3:GetObjectTagging",
	"s3:GetObjectVersion",
	"s3:ListBucket",
	"s3:ListMultipartUploadParts",
	"s3:PutObject",
	"s3:PutObjectTagging",
	"secretsmanager:DescribeSecret",
	"secretsmanager:GetSecretValue",
	"secretsmanager:PutSecretValue",
	"secretsmanager:UpdateSecretVersionStage",
	"ses:SendEmail",
	"ses:SendRawEmail",
	"ses:SendTemplatedEmail",
	"ssm:GetParameter",
	"ssm:GetParameters",
	"ssm:GetParametersByPath",
	"states:DescribeExecution",
	"states:SendTaskFailure",
	"states:SendTaskHeartbeat",
	"states:SendTaskSuccess",
	"states:StartExecution",
	"states:StartSyncExecution",
	"states:StopExecution",
	"sts:GetCallerIdentity",
}

// never is what no boundary opens, whatever foldstack.yaml says: writing IAM,
// and the organisation and the account themselves. IAM may be read. Passing roles
// stands in Never, because it depends on the role.
var never = []string{
	"account:*",
	"iam:Accept*",
	"iam:Add*",
	"iam:Associate*",
	"iam:Attach*",
	"iam:Change*",
	"iam:Create*",
	"iam:Deactivate*",
	"iam:Delete*",
	"iam:Detach*",
	"iam:Disable*",
	"iam:Enable*",
	"iam:Put*",
	"iam:Reject*",
	"iam:Remove*",
	"iam:Reset*",
	"iam:Resync*",
	"iam:Send*",
	"iam:Set*",
	"iam:Tag*",
	"iam:Untag*",
	"iam:Update*",
	"iam:Upload*",
	"organizations:*",
	"sso-directory:*",
	"sso:*",
}

// everything is the resource of a ceiling: it opens no resource, the role's own
// policy names them.
var everything = []string{"*"}

// Always is what foldstack's own roles need.
func Always() policy.Statement {
	return policy.Statement{Effect: policy.Allow, Actions: always, Resources: everything}
}

// Default is the ceiling of a project that writes none.
func Default() policy.Statement {
	return policy.Statement{Effect: policy.Allow, Actions: standard, Resources: everything}
}

// Never is what no function may do. roles are the ARNs of the roles that a deployment
// makes, the only ones that a function may pass on. Those that bootstrap makes need no
// denial here: their own trust lets in nobody but the pipeline and services.
func Never(roles string) []policy.Statement {
	return []policy.Statement{
		{Effect: policy.Deny, Actions: never, Resources: everything},
		{Effect: policy.Deny, Actions: []string{"iam:PassRole"}, NotResources: []string{roles}},
	}
}

// Forbidden reports whether no boundary can open the action, or a part of what
// its wildcards stand for.
func Forbidden(action string) bool {
	for _, pattern := range never {
		if covers(pattern, action) || covers(action, pattern) {
			return true
		}
	}
	return false
}

// Outside reports whether a role with that boundary could not use the action, or
// a part of what its wildcards stand for. An empty boundary is the default one.
func Outside(boundary []model.Allowance, action string) bool {
	if Forbidden(action) {
		return true
	}
	for _, pattern := range always {
		if covers(pattern, action) {
			return false
		}
	}
	if len(boundary) == 0 {
		for _, pattern := range standard {
			if covers(pattern, action) {
				return false
			}
		}
		return true
	}
	return !Covered(boundary, action)
}

// Covered reports whether some allowance holds the action, or all that its
// wildcards stand for.
func Covered(list []model.Allowance, action string) bool {
	for _, a := range list {
		for _, pattern := range a.Allow {
			if covers(pattern.Value, action) {
				return true
			}
		}
	}
	return false
}

// covers reports whether a pattern of actions holds all of another. IAM reads * as
// any characters and ? as one, and letters in either case; a wildcard of the other
// is held only by one of the pattern's own.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func covers(pattern, other string) bool {
	return match(strings.ToLower(pattern), strings.ToLower(other))
}

// match goes back to the last * only, so that no pattern takes more than the
// product of the two lengths.
func match(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == text[t] || pattern[p] == '?' && text[t] != '*'):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
