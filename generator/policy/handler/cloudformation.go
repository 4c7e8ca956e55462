package handler

import "github.com/foldstack/foldstack/generator/policy"

// Nested stacks are named <root>-<logical id>-<random>, and a root's name is short
// enough never to be cut.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
var nestedStacks = []string{local("cloudformation", "stack/{root}-*/*")}

var cloudFormation = map[string]resource{
	// CloudFormation passes the role on to each nested stack, and asks the role
	// itself whether it may.
	// https://github.com/aws-samples/sample-autonomous-cloud-coding-agents/issues/865
	//
	// Each update of a nested stack can be cancelled while its siblings go on; the
	// type's page asks for the permission. The four actions on change sets are for
	// people who look at a change with what it does to nested stacks: CodePipeline
	// makes sets of root stacks alone, and the role is asked for those of the nested.
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html
	"AWS::CloudFormation::Stack": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html",
		grants: []grant{
			{actions: []string{
				"cloudformation:CancelUpdateStack",
				"cloudformation:CreateChangeSet",
				"cloudformation:CreateStack",
				"cloudformation:DeleteChangeSet",
				"cloudformation:DeleteStack",
				"cloudformation:DescribeChangeSet",
				"cloudformation:DescribeStacks",
				"cloudformation:ExecuteChangeSet",
				"cloudformation:GetStackPolicy",
				"cloudformation:GetTemplate",
				"cloudformation:TagResource",
				"cloudformation:UntagResource",
				"cloudformation:UpdateStack",
			}, on: nestedStacks},
			{
				actions: []string{"iam:PassRole"},
				on:      []string{"{role}"},
				when:    []policy.Condition{{Operator: "StringEquals", Key: "iam:PassedToService", Values: []string{"cloudformation.amazonaws.com"}}},
			},
		},
	},
	// A wait condition lives in CloudFormation alone.
	"AWS::CloudFormation::WaitCondition": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitcondition.html",
	},
	"AWS::CloudFormation::WaitConditionHandle": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitconditionhandle.html",
	},
	// A custom resource is a call of a function or a message to a topic.
	customResource: {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html",
		grants: []grant{
			{actions: []string{"lambda:InvokeFunction"}, on: functions},
			{actions: []string{"sns:Publish"}, on: topics},
		},
	},
}
