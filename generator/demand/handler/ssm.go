package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
var ssm = map[string]kind{
	"AWS::SSM::Parameter": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html",
		naming: naming{arn: "ssm:{region}:{account}:parameter/{name}", forms: foldered},
		rows: []row{
			calls(write, "ssm:PutParameter"),
			calls(Create|Read|Update, "ssm:GetParameters"),
			calls(Read, "ssm:ListTagsForResource"),
			calls(write, "ssm:AddTagsToResource").when(tagged),
			calls(Update, "ssm:RemoveTagsFromResource").when(tagged),
			calls(Delete, "ssm:DeleteParameter"),
		},
	},
}
