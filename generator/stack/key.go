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
func keyPolicy(p *model.Project, who *readers, problems *diag.Problems, others ...policy.Statement) policy.Document {
	statements := []policy.Statement{{
		// Without this statement nobody could change the policy or delete the key
		// any more, and no IAM policy of the account would count.
		// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
		Sid: "AccountAdministers", Principal: policy.Principal{AWS: []string{cfn.Sub(partition + "iam::" + here + ":root")}},
		Actions: []string{"kms:*"}, Resources: []string{"*"},
	}}
	statements = append(statements, targetsUseKey(who)...)
	statements = append(statements, policy.Statement{
		// A grant would outlive a change of this policy; only services make them, as
		// the repository does for its images.
		// https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
		Sid: "OnlyServicesGrant", Effect: policy.Deny, Principal: policy.Principal{AWS: []string{"*"}}, Actions: []string{"kms:CreateGrant"}, Resources: []string{"*"},
		Conditions: []policy.Condition{
			{Operator: "BoolIfExists", Key: "aws:PrincipalIsAWSService", Values: []string{"false"}},
			{Operator: "BoolIfExists", Key: "kms:GrantIsForAWSResource", Values: []string{"false"}},
		},
	})
	doc := policy.New(append(statements, others...)...)
	fits(p, "the policy of the key", resourcePolicySize(doc), policy.MaxKey, problems)
	return doc
}

// targetsUseKey lets the readers decrypt what S3 hands them: artifacts the deploy
// roles, assets the CloudFormation roles.
func targetsUseKey(who *readers) []policy.Statement {
	return append(
		who.let(append(who.deployRoles(), who.cloudFormationRoles()...), policy.Statement{
			Sid: "TargetsDecrypt", Actions: []string{"kms:Decrypt"}, Resources: []string{"*"},
			// What follows the region is not documented for China.
			// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
			Conditions: []policy.Condition{{Operator: "StringLike", Key: "kms:ViaService", Values: []string{cfn.Sub("s3.${AWS::Region}.*")}}},
		}),
		// CodePipeline's cross-account set-up asks for it beside Decrypt.
		// https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html
		who.let(who.deployRoles(), policy.Statement{Sid: "DeployRolesDescribe", Actions: []string{"kms:DescribeKey"}, Resources: []string{"*"}})...,
	)
}

// topicsUseKey lets EventBridge tell the encrypted topic of failed runs. EventBridge
// sends no source account along when it publishes to a topic, so that the topic itself
// is the condition.
//
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
func topicsUseKey(p *model.Project) policy.Statement {
	return policy.Statement{
		Sid: "EventsPublish", Principal: policy.Principal{Services: []string{"events.amazonaws.com"}},
		Actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resources: []string{"*"},
		Conditions: []policy.Condition{{Operator: "ArnLike", Key: "kms:EncryptionContext:aws:sns:topicArn", Values: []string{pipelineTopics(p, failureTopic+"-")}}},
	}
}

// buildLogsUseKey lets CloudWatch Logs encrypt the log of the build project. To describe
// the key, which the page allows too, has no encryption context by which it could be
// narrowed.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
func buildLogsUseKey(p *model.Project) policy.Statement {
	return policy.Statement{
		Sid: "BuildLogs", Principal: policy.Principal{Services: []string{cfn.Sub("logs.${AWS::Region}.${AWS::URLSuffix}")}},
		Actions:    []string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"},
		Resources:  []string{"*"},
		Conditions: []policy.Condition{{Operator: "ArnEquals", Key: "kms:EncryptionContext:aws:logs:arn", Values: []string{buildLogs(p)}}},
	}
}
