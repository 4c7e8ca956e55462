package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
var (
	alarms     = []string{local("cloudwatch", "alarm:{name:255}*")}
	dashboards = []string{global("cloudwatch", "dashboard/{name:255}*")}
)

var cloudWatch = map[string]resource{
	"AWS::CloudWatch::Alarm": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html",
		grants: []grant{{actions: []string{
			"cloudwatch:DeleteAlarms",
			"cloudwatch:DescribeAlarms",
			"cloudwatch:ListTagsForResource",
			"cloudwatch:PutMetricAlarm",
			"cloudwatch:TagResource",
			"cloudwatch:UntagResource",
		}, on: alarms}},
	},
	"AWS::CloudWatch::CompositeAlarm": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-compositealarm.html",
		grants: []grant{{actions: []string{
			"cloudwatch:DeleteAlarms",
			"cloudwatch:DescribeAlarms",
			"cloudwatch:ListTagsForResource",
			"cloudwatch:PutCompositeAlarm",
			"cloudwatch:TagResource",
			"cloudwatch:UntagResource",
		}, on: alarms}},
	},
	// How a dashboard without a name is called is not documented.
	"AWS::CloudWatch::Dashboard": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-dashboard.html",
		naming: "DashboardName",
		grants: []grant{{actions: []string{
			"cloudwatch:DeleteDashboards",
			"cloudwatch:GetDashboard",
			"cloudwatch:ListTagsForResource",
			"cloudwatch:PutDashboard",
			"cloudwatch:TagResource",
			"cloudwatch:UntagResource",
		}, on: dashboards}},
	},
}
