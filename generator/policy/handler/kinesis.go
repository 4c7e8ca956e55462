package handler

import "slices"

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
				"kinesis:TagResource",
				"kinesis:UntagResource",
				"kinesis:UpdateMaxRecordSize",
				"kinesis:UpdateStreamWarmThroughput",
			}, on: streams},
			// Encryption is authorised on the stream and on its key.
			{
				actions: []string{"kinesis:StartStreamEncryption", "kinesis:StopStreamEncryption"},
				on:      append(slices.Clone(streams), keys...),
			},
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
