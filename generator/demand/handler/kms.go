package handler

import "slices"

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
var kms = map[string]kind{
	keyType: {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html",
		naming: naming{arn: "kms:{region}:{account}:key/{name}", forms: []string{"{any}"}},
		rows:   slices.Concat([]row{calls(Create, "kms:CreateKey").to(anything)}, keyRows, used),
	},
	// A replica is made of its primary key, in the region of which that must be allowed,
	// and by the role that KMS has for keys of several regions.
	//
	// https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html
	"AWS::KMS::ReplicaKey": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-replicakey.html",
		naming: naming{arn: "kms:{region}:{account}:key/{name}", forms: []string{"{any}"}},
		rows: append([]row{
			calls(Create, "kms:ReplicateKey").to(that(keyType, "PrimaryKeyArn")).
				key("kms:replicaregion", func(s *Subject) []string { return []string{s.Stack.Region} }),
			calls(Create, "kms:CreateKey").to(anything),
			brings(Create, "mrk.kms.amazonaws.com"),
		}, replicaRows...),
	},
	aliasType: {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-alias.html",
		naming: naming{
			arn: "kms:{region}:{account}:alias/{name}", forms: []string{"{root}-{any}", "{root}", "{folder}{any}"},
		},
		rows: []row{
			// An alias is authorised on itself and on its key.
			// https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html
			calls(Create, "kms:CreateAlias").to(what(itself, that(keyType, "TargetKeyId"))),
			calls(Update, "kms:UpdateAlias").to(what(itself, that(keyType, "TargetKeyId"))),
			calls(Delete, "kms:DeleteAlias").to(what(itself, that(keyType, "TargetKeyId"))),
			calls(Read, "kms:ListAliases").to(anything),
		},
	},
}

// used are the calls of services that something encrypts by a key that is made for it.
var used = func() (rows []row) {
	for _, service := range []string{
		"dynamodb", "ecr", "events", "kinesis", "lambda", "s3", "secretsmanager", "sns", "sqs", "ssm", "states",
	} {
		uses := calls(write, "kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
			"kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:RetireGrant", "kms:RevokeGrant")
		rows = append(rows, through(service, uses).when(anybodys))
	}
	return rows
}()

// anybodys holds for what stands for any of its type.
func anybodys(s *Subject) bool { return s.Open }

// keyRows and replicaRows are what is done with a key that exists.
var (
	keyRows = append([]row{
		calls(write, "kms:EnableKeyRotation").when(set("EnableKeyRotation", "RotationPeriodInDays")),
		calls(Update, "kms:DisableKeyRotation").when(set("EnableKeyRotation", "RotationPeriodInDays")),
		calls(Read, "kms:GetKeyRotationStatus"),
	}, replicaRows...)

	replicaRows = []row{
		calls(write, "kms:PutKeyPolicy"),
		calls(write, "kms:DisableKey").when(set("Enabled")),
		calls(Update, "kms:EnableKey").when(set("Enabled")),
		calls(Read|Update|Delete, "kms:DescribeKey"),
		calls(Read, "kms:GetKeyPolicy"),
		calls(Read|Update, "kms:ListResourceTags"),
		calls(Update, "kms:UpdateKeyDescription").when(set("Description")),
		calls(write, "kms:TagResource").when(tagged),
		calls(Update, "kms:UntagResource").when(tagged),
		calls(Delete, "kms:ScheduleKeyDeletion"),
	}
)
