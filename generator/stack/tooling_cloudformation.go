package stack

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
)

// cloudFormationStatements is what the types of pipeline.yaml need to be created,
// read, updated and deleted, and nothing of another stack.
func cloudFormationStatements(p *model.Project) []policy.Statement {
	statements := []policy.Statement{
		{Actions: []string{
			"codepipeline:CreatePipeline", "codepipeline:DeletePipeline", "codepipeline:GetPipeline", "codepipeline:GetPipelineState",
			"codepipeline:ListTagsForResource", "codepipeline:StartPipelineExecution", "codepipeline:TagResource", "codepipeline:UntagResource",
			"codepipeline:UpdatePipeline",
		}, Resources: []string{pipelineARN(p)}},
		{Actions: []string{"codebuild:BatchGetProjects", "codebuild:CreateProject", "codebuild:DeleteProject", "codebuild:UpdateProject"}, Resources: []string{buildProjectARN(p)}},
		// Only calls about tags name a log group without the suffix.
		// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
		{Actions: []string{"logs:ListTagsForResource", "logs:TagResource", "logs:UntagResource"}, Resources: []string{buildLogs(p)}},
		{Actions: []string{
			"logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteDataProtectionPolicy", "logs:DeleteLogGroup",
			"logs:DeleteRetentionPolicy", "logs:DisassociateKmsKey", "logs:GetDataProtectionPolicy", "logs:PutRetentionPolicy",
		}, Resources: []string{cfn.Sub(buildLogsText(p) + ":*")}},
		// IAM knows no resource for these.
		// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
		{Actions: []string{"logs:DescribeIndexPolicies", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies"}, Resources: []string{"*"}},
		{Actions: []string{
			"sns:CreateTopic", "sns:DeleteTopic", "sns:GetDataProtectionPolicy", "sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic",
			"sns:ListTagsForResource", "sns:SetTopicAttributes", "sns:TagResource", "sns:UntagResource",
		}, Resources: []string{pipelineTopics(p, "")}},
		{Actions: []string{
			"events:DeleteRule", "events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule", "events:PutRule",
			"events:PutTargets", "events:RemoveTargets", "events:TagResource", "events:UntagResource",
			// CloudFormation chooses the names of rules, each beginning with the stack's.
		}, Resources: []string{cfn.Sub(partition + "events:${AWS::Region}:" + here + ":rule/" + model.PipelineStack(p.Name) + "-*")}},
		{Actions: []string{"iam:GetRole"}, Resources: []string{toolingRoleARN(p, rolePipeline)}},
		passRole(p, rolePipeline, "codepipeline.amazonaws.com"),
		passRole(p, roleBuild, "codebuild.amazonaws.com"),
	}
	if len(approvalTopics(p)) > 0 {
		statements = append(statements, policy.Statement{
			Actions:   []string{"sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Subscribe", "sns:Unsubscribe"},
			Resources: []string{pipelineTopics(p, "")}, // a subscription is authorised as its topic
		})
	}
	if p.Source.Provider == model.S3 {
		return append(statements, passRole(p, roleEvents, "events.amazonaws.com"))
	}
	return append(statements, passConnection(p, connectionService), passConnection(p, oldConnectionService))
}

// passConnection lets CloudFormation name the connection in a pipeline.
//
// https://docs.aws.amazon.com/dtconsole/latest/userguide/security-iam.html
func passConnection(p *model.Project, prefix string) policy.Statement {
	return policy.Statement{
		Actions:    []string{prefix + ":PassConnection"},
		Resources:  connection(p),
		Conditions: []policy.Condition{{Operator: "StringEquals", Key: prefix + ":PassedToService", Values: []string{"codepipeline.amazonaws.com"}}},
	}
}
