package handler

// Secrets are named flat or as a path; six characters follow the name in the ARN.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
var secrets = []string{
	local("secretsmanager", "secret:{name:512}*"),
	local("secretsmanager", "secret:{slash}*"),
}

// Left out: a customer managed key of the secret.
var secretsManager = map[string]resource{
	// A secret without a name is called by its logical id alone.
	"AWS::SecretsManager::Secret": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html",
		naming: "Name",
		grants: []grant{
			{actions: []string{
				"secretsmanager:CreateSecret",
				"secretsmanager:DeleteSecret",
				"secretsmanager:DescribeSecret",
				"secretsmanager:GetSecretValue",
				"secretsmanager:RemoveRegionsFromReplication",
				"secretsmanager:ReplicateSecretToRegions",
				"secretsmanager:TagResource",
				"secretsmanager:UntagResource",
				"secretsmanager:UpdateSecret",
			}, on: secrets},
			// IAM knows no resource for a random password.
			{actions: []string{"secretsmanager:GetRandomPassword"}, on: everything},
		},
	},
}
