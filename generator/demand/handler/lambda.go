package handler

import "github.com/foldstack/foldstack/generator/symbol"

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
var lambda = map[string]kind{
	functionType: {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html",
		naming: naming{arn: "lambda:{region}:{account}:function:{name}", limit: 64},
		rows: []row{
			calls(Create, "lambda:CreateFunction"),
			calls(always, "lambda:GetFunction"),
			calls(Create|Read|Update,
				"lambda:GetFunctionCodeSigningConfig", "lambda:GetFunctionRecursionConfig", "lambda:GetRuntimeManagementConfig"),
			calls(Read, "lambda:GetFunctionScalingConfig"),
			calls(Update, "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"),
			calls(Delete, "lambda:DeleteFunction"),
			calls(write, "lambda:TagResource").when(tagged),
			calls(Update, "lambda:ListTags", "lambda:UntagResource").when(tagged),
			calls(write, "lambda:PutFunctionConcurrency").when(set("ReservedConcurrentExecutions")),
			calls(Update, "lambda:DeleteFunctionConcurrency").when(set("ReservedConcurrentExecutions")),
			calls(write, "lambda:PutFunctionRecursionConfig").when(set("RecursiveLoop")),
			calls(write, "lambda:PutFunctionScalingConfig").when(set("FunctionScalingConfig")),
			calls(write, "lambda:PutRuntimeManagementConfig").when(set("RuntimeManagementConfig")),
			calls(Update, "lambda:PublishVersion").when(set("PublishToLatestPublished")),
			calls(write, "lambda:PassCapacityProvider").when(set("CapacityProviderConfig")).
				to(at("lambda:{region}:{account}:capacity-provider:" + symbol.New("capacity provider"))),
			passes(write, "lambda.amazonaws.com", "Role"),
			calls(write, "lambda:GetCodeSigningConfig").when(set("CodeSigningConfigArn")).
				to(that(signingType, "CodeSigningConfigArn")),
			calls(Update, "lambda:PutFunctionCodeSigningConfig").when(set("CodeSigningConfigArn")).
				to(what(itself, that(signingType, "CodeSigningConfigArn"))),
			calls(Update, "lambda:DeleteFunctionCodeSigningConfig").when(set("CodeSigningConfigArn")),
			calls(Create, "lambda:GetLayerVersion").when(set("Layers")).to(that(layerType, "Layers")),
			calls(write, "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs").when(set("VpcConfig")).to(anything),
			calls(Delete, "ec2:DescribeNetworkInterfaces").when(set("VpcConfig")).to(anything),
			calls(write, "elasticfilesystem:DescribeMountTargets", "s3files:ListMountTargets").when(set("FileSystemConfigs")).to(anything),
			through("lambda", calls(write, "kms:CreateGrant", "kms:DescribeKey", "kms:GenerateDataKey")).
				when(set(functionKeys...)).to(that(keyType, functionKeys...)),
			through("lambda", calls(Create, "kms:Encrypt")).when(set(functionKeys...)).to(that(keyType, functionKeys...)),
			through("lambda", calls(Create|Read|Update, "kms:Decrypt")).when(set(functionKeys...)).to(that(keyType, functionKeys...)),
		},
	},
	"AWS::Lambda::Version": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html",
		naming: qualified,
		rows: []row{
			calls(Create, "lambda:PublishVersion", "lambda:ListVersionsByFunction").to(function),
			calls(always, "lambda:GetFunctionConfiguration").to(function),
			calls(Create|Read, "lambda:GetProvisionedConcurrencyConfig", "lambda:GetRuntimeManagementConfig"),
			calls(Read, "lambda:GetFunctionScalingConfig"),
			calls(write, "lambda:PutFunctionScalingConfig").when(set("FunctionScalingConfig")),
			calls(Create, "lambda:PutProvisionedConcurrencyConfig").when(set("ProvisionedConcurrencyConfig")),
			calls(Create, "lambda:PutRuntimeManagementConfig").when(set("RuntimePolicy")),
			calls(Delete, "lambda:DeleteFunction"),
		},
	},
	"AWS::Lambda::Alias": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html",
		naming: qualified,
		rows: []row{
			calls(Create, "lambda:CreateAlias").to(function),
			calls(Read|Update|Delete, "lambda:GetAlias").to(function),
			calls(Update, "lambda:UpdateAlias").to(function),
			calls(Delete, "lambda:DeleteAlias").to(function),
			calls(Create|Read|Update, "lambda:GetProvisionedConcurrencyConfig"),
			calls(write, "lambda:PutProvisionedConcurrencyConfig").when(set("ProvisionedConcurrencyConfig")),
			calls(Update, "lambda:DeleteProvisionedConcurrencyConfig").when(set("ProvisionedConcurrencyConfig")),
		},
	},
	"AWS::Lambda::Permission": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html",
		rows: []row{
			calls(Create, "lambda:AddPermission").to(function).
				key("lambda:principal", func(s *Subject) []string { return s.texts("Principal") }),
			calls(Read, "lambda:GetPolicy").to(function),
			calls(Delete, "lambda:RemovePermission").to(function),
		},
	},
	// A mapping's own ARN holds an id that Lambda chooses, and creating one knows no
	// resource; only the function tells whose it is.
	// https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
	"AWS::Lambda::EventSourceMapping": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html",
		naming: naming{arn: "lambda:{region}:{account}:event-source-mapping:{name}", forms: []string{"{any}"}},
		rows: []row{
			calls(Create, "lambda:CreateEventSourceMapping").to(anything).key("lambda:functionarn", mapped).narrowed("lambda:functionarn"),
			calls(Update, "lambda:UpdateEventSourceMapping").key("lambda:functionarn", mapped).narrowed("lambda:functionarn"),
			calls(Delete, "lambda:DeleteEventSourceMapping").key("lambda:functionarn", mapped).narrowed("lambda:functionarn"),
			calls(always, "lambda:GetEventSourceMapping").key("lambda:functionarn", mapped),
			calls(Read, "lambda:ListTags"),
			calls(write, "lambda:TagResource").when(tagged),
			calls(Update, "lambda:UntagResource").when(tagged),
			through("lambda", calls(always, "kms:Decrypt")).when(set("KmsKeyArn")).to(that(keyType, "KmsKeyArn")),
			through("lambda", calls(write, "kms:DescribeKey", "kms:GenerateDataKey")).when(set("KmsKeyArn")).to(that(keyType, "KmsKeyArn")),
		},
	},
	"AWS::Lambda::EventInvokeConfig": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html",
		rows: []row{
			calls(Create, "lambda:PutFunctionEventInvokeConfig").to(function),
			calls(Read, "lambda:GetFunctionEventInvokeConfig").to(function),
			calls(Update, "lambda:UpdateFunctionEventInvokeConfig").to(function),
			calls(Delete, "lambda:DeleteFunctionEventInvokeConfig").to(function),
		},
	},
	"AWS::Lambda::Url": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-url.html",
		rows: []row{
			calls(Create, "lambda:CreateFunctionUrlConfig").to(that(functionType, "TargetFunctionArn")),
			calls(Read, "lambda:GetFunctionUrlConfig").to(that(functionType, "TargetFunctionArn")),
			calls(Update, "lambda:UpdateFunctionUrlConfig").to(that(functionType, "TargetFunctionArn")),
			calls(Delete, "lambda:DeleteFunctionUrlConfig").to(that(functionType, "TargetFunctionArn")),
		},
	},
	layerType: {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-layerversion.html",
		naming: naming{arn: "lambda:{region}:{account}:layer:{name}", forms: []string{"{root}-{any}:{any}"}},
		rows: []row{
			calls(Create, "lambda:PublishLayerVersion").to(layer),
			calls(Read|Delete, "lambda:GetLayerVersion"),
			calls(Delete, "lambda:DeleteLayerVersion"),
		},
	},
	"AWS::Lambda::LayerVersionPermission": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-layerversionpermission.html",
		rows: []row{
			calls(Create, "lambda:AddLayerVersionPermission").to(that(layerType, "LayerVersionArn")),
			calls(Read|Delete, "lambda:GetLayerVersionPolicy").to(that(layerType, "LayerVersionArn")),
			calls(Delete, "lambda:RemoveLayerVersionPermission").to(that(layerType, "LayerVersionArn")),
		},
	},
	signingType: {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-codesigningconfig.html",
		naming: naming{arn: "lambda:{region}:{account}:code-signing-config:{name}", forms: []string{"{any}"}},
		rows: []row{
			calls(Create, "lambda:CreateCodeSigningConfig").to(anything),
			calls(Read, "lambda:GetCodeSigningConfig", "lambda:ListTags"),
			calls(Update, "lambda:UpdateCodeSigningConfig"),
			calls(Delete, "lambda:DeleteCodeSigningConfig"),
			calls(write, "lambda:TagResource").when(tagged),
			calls(Update, "lambda:UntagResource").when(tagged),
		},
	},
}

// qualified names a version or alias of a function.
var qualified = naming{arn: "lambda:{region}:{account}:function:{name}", limit: 64, forms: []string{"{root}-{any}:{any}"}}

const signingType = "AWS::Lambda::CodeSigningConfig"

// functionKeys are the properties of a function that name keys.
var functionKeys = []string{"KmsKeyArn", "Code.SourceKMSKeyArn"}

// function is the function that a version, an alias or a permission is about.
func function(s *Subject) []string { return that(functionType, "FunctionName")(s) }

// mapped is the function that an event source mapping calls.
func mapped(s *Subject) []string { return function(s) }

// layer is what a layer's versions are published of.
func layer(s *Subject) []string { return []string{parent(s.own(), ":")} }
