package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
var cloudWatch = map[string]kind{
	"AWS::CloudWatch::Alarm": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html",
		naming: naming{arn: "cloudwatch:{region}:{account}:alarm:{name}"},
		rows:   append([]row{calls(write, "cloudwatch:PutMetricAlarm")}, alarmRows...),
	},
	"AWS::CloudWatch::CompositeAlarm": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-compositealarm.html",
		naming: naming{arn: "cloudwatch:{region}:{account}:alarm:{name}"},
		rows:   append([]row{calls(write, "cloudwatch:PutCompositeAlarm")}, alarmRows...),
	},
	"AWS::CloudWatch::Dashboard": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-dashboard.html",
		naming: naming{arn: "cloudwatch::{account}:dashboard/{name}"},
		rows: []row{
			calls(write, "cloudwatch:PutDashboard"),
			calls(Create|Read|Delete, "cloudwatch:GetDashboard"),
			calls(Read|Update, "cloudwatch:ListTagsForResource"),
			calls(write, "cloudwatch:TagResource").when(tagged),
			calls(Update, "cloudwatch:UntagResource").when(tagged),
			calls(Delete, "cloudwatch:DeleteDashboards"),
		},
	},
}

var alarmRows = []row{
	calls(always, "cloudwatch:DescribeAlarms"),
	calls(Read, "cloudwatch:ListTagsForResource"),
	calls(write, "cloudwatch:TagResource").when(tagged),
	calls(Update, "cloudwatch:UntagResource").when(tagged),
	calls(Delete, "cloudwatch:DeleteAlarms"),
}
