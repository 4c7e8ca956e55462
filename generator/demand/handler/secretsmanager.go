package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
var secretsManager = map[string]kind{
	"AWS::SecretsManager::Secret": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html",
		naming: naming{arn: "secretsmanager:{region}:{account}:secret:{name}", forms: foldered},
		rows: []row{
			calls(Create, "secretsmanager:CreateSecret"),
			calls(Create|Read|Delete, "secretsmanager:DescribeSecret"),
			calls(Read|Update, "secretsmanager:GetSecretValue"),
			calls(Update, "secretsmanager:UpdateSecret"),
			calls(Delete, "secretsmanager:DeleteSecret"),
			calls(write, "secretsmanager:TagResource").when(tagged),
			calls(Update, "secretsmanager:UntagResource").when(tagged),
			calls(write, "secretsmanager:GetRandomPassword").to(anything).when(set("GenerateSecretString")),
			calls(write, "secretsmanager:ReplicateSecretToRegions").when(set("ReplicaRegions")),
			calls(gone, "secretsmanager:RemoveRegionsFromReplication").when(set("ReplicaRegions")),
			// https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-authz
			through("secretsmanager", calls(write, "kms:Decrypt", "kms:GenerateDataKey")).
				to(that(keyType, "KmsKeyId")).when(set("KmsKeyId")).
				said("https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html"),
		},
	},
}
