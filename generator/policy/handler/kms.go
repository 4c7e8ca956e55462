package handler

import "github.com/foldstack/foldstack/generator/policy"

// A key's ARN holds a uuid, and IAM knows no resource for making one, so every
// key of the account is meant; the key's own policy decides with it.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
var (
	keys    = []string{local("kms", "key/*")}
	aliases = []string{
		local("kms", "alias/{name:256}*"),
		local("kms", "alias/{root}"),
		local("kms", "alias/{slash}*"),
	}

	// throughServices holds for a call that a service makes for us. The key holds the
	// service, the region and a suffix that is not documented for China.
	//
	// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
	throughServices = []policy.Condition{{Operator: "StringLike", Key: "kms:ViaService", Values: []string{
		"dynamodb.*",
		"ecr.*",
		"events.*",
		"kinesis.*",
		"lambda.*",
		"s3.*",
		"secretsmanager.*",
		"sns.*",
		"sqs.*",
		"ssm.*",
		"states.*",
	}}}
)

var kms = map[string]resource{
	"AWS::KMS::Key": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html",
		grants: []grant{
			{actions: []string{"kms:CreateKey"}, on: everything},
			{actions: []string{
				"kms:DescribeKey",
				"kms:DisableKey",
				"kms:DisableKeyRotation",
				"kms:EnableKey",
				"kms:EnableKeyRotation",
				"kms:GetKeyPolicy",
				"kms:GetKeyRotationStatus",
				"kms:ListResourceTags",
				"kms:PutKeyPolicy",
				"kms:ScheduleKeyDeletion",
				"kms:TagResource",
				"kms:UntagResource",
				"kms:UpdateKeyDescription",
			}, on: keys},
			// Who makes a key makes it for a table, a queue, a function: their
			// handlers use it through the service.
			{actions: []string{
				"kms:CreateGrant",
				"kms:Decrypt",
				"kms:Encrypt",
				"kms:GenerateDataKey",
				"kms:GenerateDataKeyWithoutPlaintext",
				"kms:ReEncryptFrom",
				"kms:ReEncryptTo",
				"kms:RetireGrant",
				"kms:RevokeGrant",
			}, on: keys, when: throughServices},
		},
	},
	"AWS::KMS::Alias": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-alias.html",
		grants: []grant{
			// An alias is authorised on itself and on its key.
			{actions: []string{
				"kms:CreateAlias",
				"kms:DeleteAlias",
				"kms:UpdateAlias",
			}, on: append(append([]string{}, aliases...), keys...)},
			{actions: []string{"kms:ListAliases"}, on: everything},
		},
	},
}
