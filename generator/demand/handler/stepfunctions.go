package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
var stepFunctions = map[string]kind{
	"AWS::StepFunctions::StateMachine": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html",
		naming: naming{arn: "states:{region}:{account}:stateMachine:{name}", limit: 80},
		rows: []row{
			calls(Create, "states:CreateStateMachine"),
			calls(Create|Read|Delete, "states:DescribeStateMachine"),
			calls(Read|Update, "states:ListTagsForResource"),
			calls(Update, "states:UpdateStateMachine"),
			calls(Delete, "states:DeleteStateMachine"),
			calls(write, "states:TagResource").when(tagged),
			calls(Update, "states:UntagResource").when(tagged),
			passes(write, "states.amazonaws.com", "RoleArn"),
			calls(write, "s3:GetObject").to(objectAt("DefinitionS3Location")).when(set("DefinitionS3Location")),
			calls(write, "s3:GetObjectVersion").to(objectAt("DefinitionS3Location")).when(set("DefinitionS3Location.Version")),
			through("states", calls(write, "kms:DescribeKey", "kms:GenerateDataKey")).
				to(that(keyType, "EncryptionConfiguration.KmsKeyId")).when(set("EncryptionConfiguration.KmsKeyId")),
			through("states", calls(Read, "kms:Decrypt")).
				to(that(keyType, "EncryptionConfiguration.KmsKeyId")).when(set("EncryptionConfiguration.KmsKeyId")),
		},
	},
}
