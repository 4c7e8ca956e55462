package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
var events = map[string]kind{
	// A rule of the default bus is rule/<name>, that of another rule/<bus>/<name>.
	"AWS::Events::Rule": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html",
		naming: naming{
			arn: "events:{region}:{account}:rule/{name}", limit: 64, forms: []string{"{root}-{any}", "{any}/{root}-{any}"},
		},
		rows: []row{
			calls(write, "events:PutRule", "events:PutTargets"),
			calls(always, "events:DescribeRule"),
			calls(Read, "events:ListTagsForResource"),
			calls(Read|Delete, "events:ListTargetsByRule"),
			calls(gone, "events:RemoveTargets"),
			calls(write, "events:TagResource").when(tagged),
			calls(Update, "events:UntagResource").when(tagged),
			calls(Delete, "events:DeleteRule"),
			passes(always, "events.amazonaws.com", "RoleArn", "Targets.RoleArn"),
		},
	},
	busType: {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbus.html",
		naming: naming{arn: "events:{region}:{account}:event-bus/{name}"},
		rows: []row{
			calls(Create, "events:CreateEventBus"),
			calls(always, "events:DescribeEventBus"),
			calls(Create|Read|Delete, "events:ListTagsForResource"),
			calls(gone, "events:UpdateEventBus"),
			calls(Delete, "events:DeleteEventBus"),
			calls(write, "events:TagResource").when(tagged),
			calls(gone, "events:UntagResource").when(tagged),
			calls(write, "events:PutPermission").to(anything).when(set("Policy")),
			calls(Delete, "events:RemovePermission").to(anything).when(set("Policy")),
			through("events", calls(write,
				"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
				"kms:ReEncryptFrom", "kms:ReEncryptTo",
			)).to(that(keyType, "KmsKeyIdentifier")).when(set("KmsKeyIdentifier")),
		},
	},
	"AWS::Events::EventBusPolicy": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbuspolicy.html",
		rows: []row{
			calls(always, "events:DescribeEventBus").to(bus),
			calls(write, "events:PutPermission").to(anything),
			calls(Delete, "events:RemovePermission").to(anything),
		},
	},
}

const busType = "AWS::Events::EventBus"

// bus is the bus of a policy; without a name, the one that every account has.
func bus(s *Subject) []string {
	arns := that(busType, "EventBusName")(s)
	if len(arns) == 0 || s.Open {
		arns = append(arns, s.fill("events:{region}:{account}:event-bus/default", ""))
	}
	return arns
}
