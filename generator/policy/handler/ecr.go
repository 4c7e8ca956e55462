package handler

// Repositories are named flat or as a path.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
var repositories = []string{
	local("ecr", "repository/{name:256}*"),
	local("ecr", "repository/{slash}*"),
}

// Left out: a customer managed key of the repository.
var ecr = map[string]resource{
	"AWS::ECR::Repository": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html",
		grants: []grant{{actions: []string{
			"ecr:CreateRepository",
			"ecr:DeleteLifecyclePolicy",
			"ecr:DeleteRepository",
			"ecr:DeleteRepositoryPolicy",
			"ecr:DescribeRepositories",
			"ecr:GetLifecyclePolicy",
			"ecr:GetRepositoryPolicy",
			"ecr:ListTagsForResource",
			"ecr:PutImageScanningConfiguration",
			"ecr:PutImageTagMutability",
			"ecr:PutLifecyclePolicy",
			"ecr:SetRepositoryPolicy",
			"ecr:TagResource",
			"ecr:UntagResource",
		}, on: repositories}},
	},
}
