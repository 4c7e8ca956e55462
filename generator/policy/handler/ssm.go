package handler

// Parameters are named flat or as a path: shop-prod-table, /shop/prod/table.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
var parameters = []string{
	local("ssm", "parameter/{name:1011}*"),
	local("ssm", "parameter/{slash}*"),
}

var ssm = map[string]resource{
	// A parameter without a name is called by its logical id, behind "CFN-".
	"AWS::SSM::Parameter": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html",
		naming: "Name",
		grants: []grant{{actions: []string{
			"ssm:AddTagsToResource",
			"ssm:DeleteParameter",
			"ssm:GetParameters",
			"ssm:ListTagsForResource",
			"ssm:PutParameter",
			"ssm:RemoveTagsFromResource",
		}, on: parameters}},
	},
}
