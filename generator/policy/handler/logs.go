package handler

// Our log groups are those of functions and those that a service delivers to; users'
// are named by CloudFormation, or stand in a service's folder. Most actions are
// authorised on the group with its streams, those about tags on the group alone: the
// asterisk stands for either.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
var (
	ownLogGroups = []string{
		local("logs", "log-group:/aws/lambda/{name:512}*"),
		local("logs", "log-group:/aws/vendedlogs/{name:512}*"),
	}
	logGroups = []string{
		local("logs", "log-group:{name:512}*"),
		local("logs", "log-group:/aws/*/{name:512}*"),
	}

	logGroupActions = []string{
		"logs:CreateLogGroup",
		"logs:DeleteDataProtectionPolicy",
		"logs:DeleteLogGroup",
		"logs:DeleteRetentionPolicy",
		"logs:GetDataProtectionPolicy",
		"logs:ListTagsForResource",
		"logs:PutRetentionPolicy",
		"logs:TagResource",
		"logs:UntagResource",
	}
)

// logDelivery is what a service asks of whoever turns its delivery of logs to a
// log group on. IAM knows no resource for these actions; logs:PutResourcePolicy
// is among them because the service writes the policy that lets it deliver.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
var logDelivery = grant{actions: []string{
	"logs:CreateLogDelivery",
	"logs:DeleteLogDelivery",
	"logs:DescribeLogGroups",
	"logs:DescribeResourcePolicies",
	"logs:GetLogDelivery",
	"logs:ListLogDeliveries",
	"logs:PutResourcePolicy",
	"logs:UpdateLogDelivery",
}, on: everything}

// Left out: what copies audit findings of a data protection policy to elsewhere,
// and the field indexes and the resource policy of a log group, which IAM allows
// for every log group of the account or for none.
var logs = map[string]resource{
	"AWS::Logs::LogGroup": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html",
		grants: []grant{{actions: []string{
			"logs:DescribeIndexPolicies",
			"logs:DescribeLogGroups",
			"logs:DescribeResourcePolicies",
		}, on: everything}},
		own: []grant{{actions: logGroupActions, on: ownLogGroups}},
		users: []grant{
			{actions: logGroupActions, on: logGroups},
			{actions: []string{
				"logs:AssociateKmsKey",
				"logs:DisassociateKmsKey",
				"logs:PutBearerTokenAuthentication",
				"logs:PutDataProtectionPolicy",
				"logs:PutLogGroupDeletionProtection",
			}, on: logGroups},
		},
	},
	"AWS::Logs::MetricFilter": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-metricfilter.html",
		grants: []grant{{actions: []string{
			"logs:DeleteMetricFilter",
			"logs:DescribeMetricFilters",
			"logs:PutMetricFilter",
		}, on: logGroups}},
	},
	"AWS::Logs::SubscriptionFilter": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-subscriptionfilter.html",
		grants: []grant{
			{actions: []string{
				"logs:DeleteSubscriptionFilter",
				"logs:DescribeSubscriptionFilters",
				"logs:PutSubscriptionFilter",
			}, on: logGroups},
			passRole("logs.amazonaws.com"),
		},
	},
}
