package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
var ecr = map[string]kind{
	"AWS::ECR::Repository": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html",
		naming: naming{arn: "ecr:{region}:{account}:repository/{name}", forms: foldered},
		rows: []row{
			calls(Create, "ecr:CreateRepository"),
			calls(Read|Update, "ecr:DescribeRepositories"),
			calls(Read, "ecr:GetLifecyclePolicy", "ecr:GetRepositoryPolicy", "ecr:ListTagsForResource"),
			calls(Update, "ecr:PutImageTagMutability").when(set("ImageTagMutability")),
			calls(Update, "ecr:PutImageScanningConfiguration").when(set("ImageScanningConfiguration")),
			calls(write, "ecr:PutLifecyclePolicy").when(set("LifecyclePolicy")),
			calls(Update, "ecr:DeleteLifecyclePolicy").when(set("LifecyclePolicy")),
			calls(write, "ecr:SetRepositoryPolicy").when(set("RepositoryPolicyText")),
			calls(Update, "ecr:DeleteRepositoryPolicy").when(set("RepositoryPolicyText")),
			calls(write, "ecr:TagResource").when(tagged),
			calls(Update, "ecr:UntagResource").when(tagged),
			calls(Delete, "ecr:DeleteRepository"),
			// https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
			through("ecr", calls(write, "kms:CreateGrant", "kms:DescribeKey")).
				to(that(keyType, "EncryptionConfiguration.KmsKey")).when(set("EncryptionConfiguration.KmsKey")),
			through("ecr", calls(write|Delete, "kms:RetireGrant")).
				to(that(keyType, "EncryptionConfiguration.KmsKey")).when(set("EncryptionConfiguration.KmsKey")),
		},
	},
}
