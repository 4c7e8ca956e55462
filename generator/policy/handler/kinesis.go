package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisdatastreams.html
var streams = []string{local("kinesis", "stream/{name:128}*")}

var kinesis = map[string]resource{
	"AWS::Kinesis::Stream": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html",
		grants: []grant{
			{actions: []string{
				"kinesis:AddTagsToStream",
				"kinesis:CreateStream",
				"kinesis:DecreaseStreamRetentionPeriod",
				"kinesis:DeleteStream",
				"kinesis:DescribeStreamSummary",
				"kinesis:IncreaseStreamRetentionPeriod",
				"kinesis:ListTagsForResource",
				"kinesis:ListTagsForStream",
				"kinesis:RemoveTagsFromStream",
				"kinesis:StartStreamEncryption",
				"kinesis:StopStreamEncryption",
				"kinesis:TagResource",
				"kinesis:UntagResource",
				"kinesis:UpdateMaxRecordSize",
				"kinesis:UpdateStreamWarmThroughput",
			}, on: streams},
			// IAM knows no resource for these.
			{actions: []string{
				"kinesis:DisableEnhancedMonitoring",
				"kinesis:EnableEnhancedMonitoring",
				"kinesis:UpdateShardCount",
				"kinesis:UpdateStreamMode",
			}, on: everything},
		},
	},
}
