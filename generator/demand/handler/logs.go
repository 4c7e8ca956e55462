package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
var logs = map[string]kind{
	logGroupType: {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html",
		naming: naming{
			arn:   "logs:{region}:{account}:log-group:{name}",
			forms: []string{"{root}-{any}", "/aws/{any}/{root}-{any}"},
		},
		rows: []row{
			calls(Create, "logs:CreateLogGroup").to(group),
			calls(always, "logs:DescribeLogGroups").to(anything),
			calls(Create|Read, "logs:DescribeIndexPolicies").to(anything),
			calls(Create|Read|Update, "logs:DescribeResourcePolicies").to(anything),
			calls(Create|Read|Update, "logs:GetDataProtectionPolicy").to(group),
			calls(Read|Update, "logs:ListTagsForResource"),
			calls(write, "logs:PutRetentionPolicy").to(group).when(set("RetentionInDays")),
			calls(Update, "logs:DeleteRetentionPolicy").to(group).when(set("RetentionInDays")),
			calls(write, "logs:TagResource").when(tagged),
			calls(Update, "logs:UntagResource").when(tagged),
			// The key comes with the group where it is made.
			// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
			calls(write, "logs:AssociateKmsKey").to(group).when(set("KmsKeyId")),
			calls(Update, "logs:DisassociateKmsKey").to(group).when(set("KmsKeyId")),
			calls(write, "logs:PutDataProtectionPolicy").to(group).when(set("DataProtectionPolicy")),
			calls(Delete, "logs:DeleteDataProtectionPolicy").to(group),
			calls(write, "logs:CreateLogDelivery").to(anything).when(set("DataProtectionPolicy")),
			calls(write, "logs:PutBearerTokenAuthentication").to(group).when(set("BearerTokenAuthenticationEnabled")),
			calls(Update, "logs:PutLogGroupDeletionProtection").to(group).when(set("DeletionProtectionEnabled")),
			calls(write, "logs:PutIndexPolicy").to(anything).when(set("FieldIndexPolicies")),
			calls(Update, "logs:DeleteIndexPolicy").to(anything).when(set("FieldIndexPolicies")),
			calls(write, "logs:PutResourcePolicy").to(anything).when(set("ResourcePolicyDocument")),
			calls(Update, "logs:DeleteResourcePolicy").to(anything).when(set("ResourcePolicyDocument")),
			calls(Delete, "logs:DeleteLogGroup").to(group),
		},
	},
	"AWS::Logs::MetricFilter": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-metricfilter.html",
		rows: []row{
			calls(Create|Read|Update, "logs:DescribeMetricFilters").to(groupOf),
			calls(write, "logs:PutMetricFilter").to(groupOf),
			calls(Delete, "logs:DeleteMetricFilter").to(groupOf),
		},
	},
	"AWS::Logs::SubscriptionFilter": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-subscriptionfilter.html",
		rows: []row{
			calls(Create|Read|Update, "logs:DescribeSubscriptionFilters").to(groupOf),
			calls(write, "logs:PutSubscriptionFilter").to(groupOf),
			calls(Delete, "logs:DeleteSubscriptionFilter").to(groupOf),
			passes(write, "logs.amazonaws.com", "RoleArn"),
		},
	},
}

const logGroupType = "AWS::Logs::LogGroup"

// group is a log group as most actions name it: with the streams that are in it. Those
// about tags name the group alone.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
func group(s *Subject) []string { return within(":log-stream:")(s) }

// groupOf is the log group of a filter.
func groupOf(s *Subject) []string {
	arns := that(logGroupType, "LogGroupName")(s)
	for i := range arns {
		arns[i] += ":log-stream:"
	}
	return arns
}
