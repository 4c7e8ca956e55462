package stack

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
)

// keyPolicy is who may use the project's key. The account itself administers it
// and may grant its own roles the use of it; the target accounts' deploy and
// CloudFormation roles decrypt what S3 hands them; others are services of this region.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
func keyPolicy(p *model.Project, problems *diag.Problems, others ...policy.Statement) policy.Document {
	roles := byRoles(targetRoles(p))
	doc := policy.New(append([]policy.Statement{
		{
			// Without this statement nobody could change the policy or delete the key
			// any more, and no IAM policy of the account would count.
			// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
			Sid: "AccountAdministers", Principal: policy.Principal{AWS: []string{cfn.Sub(partition + "iam::" + here + ":root")}},
			Actions: []string{"kms:*"}, Resources: []string{"*"},
		},
		{
			Sid: "TargetsDecrypt", Principal: accounts(p), Actions: []string{"kms:Decrypt"}, Resources: []string{"*"},
			// What follows the region is not documented for China.
			// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
			Conditions: []policy.Condition{roles, {Operator: "StringLike", Key: "kms:ViaService", Values: []string{cfn.Sub("s3.${AWS::Region}.*")}}},
		},
		{
			// CodePipeline's cross-account set-up asks for it beside Decrypt.
			// https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html
			Sid: "TargetsDescribe", Principal: accounts(p), Actions: []string{"kms:DescribeKey"}, Resources: []string{"*"},
			Conditions: []policy.Condition{roles},
		},
		{
			// A grant would outlive a change of this policy; only services make them, as
			// the repository does for its images.
			// https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
			Sid: "OnlyServicesGrant", Effect: policy.Deny, Principal: policy.Principal{AWS: []string{"*"}}, Actions: []string{"kms:CreateGrant"}, Resources: []string{"*"},
			Conditions: []policy.Condition{
				{Operator: "BoolIfExists", Key: "aws:PrincipalIsAWSService", Values: []string{"false"}},
				{Operator: "BoolIfExists", Key: "kms:GrantIsForAWSResource", Values: []string{"false"}},
			},
		},
	}, others...)...)
	fits(p, "the policy of the key", resourcePolicySize(doc), policy.MaxKey, problems)
	return doc
}

// topicsUseKey lets EventBridge publish to the encrypted topics of the pipeline
// stack. EventBridge sends no source account along when it publishes to a topic,
// so that the topic itself is the condition.
//
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
func topicsUseKey(p *model.Project) policy.Statement {
	return policy.Statement{
		Sid: "EventsPublish", Principal: policy.Principal{Services: []string{"events.amazonaws.com"}},
		Actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resources: []string{"*"},
		Conditions: []policy.Condition{{Operator: "ArnLike", Key: "kms:EncryptionContext:aws:sns:topicArn", Values: []string{pipelineTopics(p)}}},
	}
}

// buildLogsUseKey lets CloudWatch Logs encrypt the log of the build project.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
func buildLogsUseKey(p *model.Project) policy.Statement {
	return policy.Statement{
		Sid: "BuildLogs", Principal: policy.Principal{Services: []string{cfn.Sub("logs.${AWS::Region}.${AWS::URLSuffix}")}},
		Actions:    []string{"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"},
		Resources:  []string{"*"},
		Conditions: []policy.Condition{{Operator: "ArnEquals", Key: "kms:EncryptionContext:aws:logs:arn", Values: []string{buildLogs(p)}}},
	}
}
