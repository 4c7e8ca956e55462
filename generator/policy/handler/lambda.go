package handler

import (
	"slices"

	"github.com/foldstack/foldstack/generator/policy"
)

// Functions, with the versions and aliases that follow their names. The layers
// that a function uses may be anybody's, so reading a layer is not narrowed.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
var (
	functions       = []string{local("lambda", "function:{name:64}*")}
	layers          = []string{local("lambda", "layer:{name:140}*")}
	everyLayer      = []string{"arn:${AWS::Partition}:lambda:*:*:layer:*"}
	sourceMappings  = []string{local("lambda", "event-source-mapping:*")}
	signingConfigs  = []string{local("lambda", "code-signing-config:*")}
	ofOurFunctions  = []policy.Condition{{Operator: "ArnLike", Key: "lambda:FunctionArn", Values: functions}}
	functionNetwork = []string{
		"ec2:DescribeNetworkInterfaces",
		"ec2:DescribeSecurityGroups",
		"ec2:DescribeSubnets",
		"ec2:DescribeVpcs",
	}
)

// Left out: file systems, capacity providers and keys for the environment
// (elasticfilesystem:DescribeMountTargets, s3files:ListMountTargets,
// lambda:PassCapacityProvider, kms:*), and CodeDeploy, which an alias calls only
// under an UpdatePolicy. Archives are read by the statement about the asset
// buckets.
var lambda = map[string]resource{
	"AWS::Lambda::Function": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html",
		grants: []grant{
			{actions: []string{
				"lambda:CreateFunction",
				"lambda:DeleteFunction",
				"lambda:DeleteFunctionConcurrency",
				"lambda:GetFunction",
				"lambda:GetFunctionCodeSigningConfig",
				"lambda:GetFunctionConfiguration",
				"lambda:GetFunctionRecursionConfig",
				"lambda:GetFunctionScalingConfig",
				"lambda:GetRuntimeManagementConfig",
				"lambda:ListTags",
				"lambda:PutFunctionConcurrency",
				"lambda:TagResource",
				"lambda:UntagResource",
				"lambda:UpdateFunctionCode",
				"lambda:UpdateFunctionConfiguration",
			}, on: functions},
			{actions: functionNetwork, on: everything},
			passRole("lambda.amazonaws.com"),
		},
		users: []grant{
			{actions: []string{
				"lambda:DeleteFunctionCodeSigningConfig",
				"lambda:PublishVersion",
				"lambda:PutFunctionRecursionConfig",
				"lambda:PutFunctionScalingConfig",
				"lambda:PutRuntimeManagementConfig",
			}, on: functions},
			// What checks code is authorised on the function and on its own.
			{actions: []string{"lambda:PutFunctionCodeSigningConfig"}, on: append(slices.Clone(functions), signingConfigs...)},
			{actions: []string{"lambda:GetCodeSigningConfig"}, on: signingConfigs},
			{actions: []string{"lambda:GetLayerVersion"}, on: everyLayer},
		},
	},
	"AWS::Lambda::Version": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html",
		grants: []grant{{actions: []string{
			"lambda:DeleteFunction",
			"lambda:GetFunctionConfiguration",
			"lambda:GetFunctionScalingConfig",
			"lambda:GetProvisionedConcurrencyConfig",
			"lambda:GetRuntimeManagementConfig",
			"lambda:ListVersionsByFunction",
			"lambda:PublishVersion",
		}, on: functions}},
		users: []grant{{actions: []string{
			"lambda:PutFunctionScalingConfig",
			"lambda:PutProvisionedConcurrencyConfig",
			"lambda:PutRuntimeManagementConfig",
		}, on: functions}},
	},
	"AWS::Lambda::Alias": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html",
		grants: []grant{{actions: []string{
			"lambda:CreateAlias",
			"lambda:DeleteAlias",
			"lambda:GetAlias",
			"lambda:GetProvisionedConcurrencyConfig",
			"lambda:UpdateAlias",
		}, on: functions}},
		users: []grant{{actions: []string{
			"lambda:DeleteProvisionedConcurrencyConfig",
			"lambda:PutProvisionedConcurrencyConfig",
		}, on: functions}},
	},
	"AWS::Lambda::Permission": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html",
		grants: []grant{{actions: []string{
			"lambda:AddPermission",
			"lambda:GetPolicy",
			"lambda:RemovePermission",
		}, on: functions}},
	},
	// A mapping's ARN holds a uuid; the condition ties it to our functions. IAM
	// knows no resource for creating one.
	"AWS::Lambda::EventSourceMapping": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html",
		grants: []grant{
			{actions: []string{"lambda:CreateEventSourceMapping"}, on: everything, when: ofOurFunctions},
			{actions: []string{
				"lambda:DeleteEventSourceMapping",
				"lambda:UpdateEventSourceMapping",
			}, on: sourceMappings, when: ofOurFunctions},
			{actions: []string{
				"lambda:GetEventSourceMapping",
				"lambda:ListTags",
				"lambda:TagResource",
				"lambda:UntagResource",
			}, on: sourceMappings},
		},
	},
	"AWS::Lambda::EventInvokeConfig": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html",
		grants: []grant{{actions: []string{
			"lambda:DeleteFunctionEventInvokeConfig",
			"lambda:GetFunctionEventInvokeConfig",
			"lambda:PutFunctionEventInvokeConfig",
			"lambda:UpdateFunctionEventInvokeConfig",
		}, on: functions}},
	},
	"AWS::Lambda::Url": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-url.html",
		grants: []grant{{actions: []string{
			"lambda:CreateFunctionUrlConfig",
			"lambda:DeleteFunctionUrlConfig",
			"lambda:GetFunctionUrlConfig",
			"lambda:UpdateFunctionUrlConfig",
		}, on: functions}},
	},
	// A layer without a name is called by its logical id alone.
	"AWS::Lambda::LayerVersion": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-layerversion.html",
		naming: "LayerName",
		grants: []grant{{actions: []string{
			"lambda:DeleteLayerVersion",
			"lambda:GetLayerVersion",
			"lambda:PublishLayerVersion",
		}, on: layers}},
	},
	"AWS::Lambda::LayerVersionPermission": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-layerversionpermission.html",
		grants: []grant{{actions: []string{
			"lambda:AddLayerVersionPermission",
			"lambda:GetLayerVersionPolicy",
			"lambda:RemoveLayerVersionPermission",
		}, on: layers}},
	},
}
