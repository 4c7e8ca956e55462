package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisdatastreams.html
var kinesis = map[string]kind{
	streamType: {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html",
		naming: naming{arn: "kinesis:{region}:{account}:stream/{name}"},
		rows: []row{
			calls(Create, "kinesis:CreateStream"),
			calls(always, "kinesis:DescribeStreamSummary"),
			calls(Create|Read|Update, "kinesis:ListTagsForResource", "kinesis:ListTagsForStream"),
			calls(Delete, "kinesis:DeleteStream"),
			calls(write, "kinesis:AddTagsToStream").when(tagged),
			calls(Update, "kinesis:TagResource").when(tagged),
			calls(gone, "kinesis:RemoveTagsFromStream", "kinesis:UntagResource").when(tagged),
			calls(write, "kinesis:IncreaseStreamRetentionPeriod").when(set("RetentionPeriodHours")),
			calls(Update, "kinesis:DecreaseStreamRetentionPeriod").when(set("RetentionPeriodHours")),
			calls(write, "kinesis:StartStreamEncryption").to(encrypted).when(set("StreamEncryption")),
			calls(Update, "kinesis:StopStreamEncryption").to(encrypted).when(set("StreamEncryption")),
			calls(write, "kinesis:UpdateMaxRecordSize").when(set("MaxRecordSizeInKiB")),
			calls(write, "kinesis:UpdateStreamWarmThroughput").when(set("WarmThroughputMiBps")),
			calls(write, "kinesis:EnableEnhancedMonitoring").to(anything).when(set("DesiredShardLevelMetrics")),
			calls(Update, "kinesis:DisableEnhancedMonitoring").to(anything).when(set("DesiredShardLevelMetrics")),
			calls(Update, "kinesis:UpdateShardCount").to(anything).when(set("ShardCount")),
			calls(Update, "kinesis:UpdateStreamMode").to(anything).when(set("StreamModeDetails")),
		},
	},
}

// encrypted is a stream and the key that encrypts it.
func encrypted(s *Subject) []string { return what(itself, that(keyType, "StreamEncryption.KeyId"))(s) }
