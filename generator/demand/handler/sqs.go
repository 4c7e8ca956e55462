package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
var sqs = map[string]kind{
	queueType: {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html",
		naming: naming{arn: "sqs:{region}:{account}:{name}", limit: 80},
		rows: []row{
			calls(Create, "sqs:CreateQueue", "sqs:GetQueueUrl"),
			calls(always, "sqs:GetQueueAttributes"),
			calls(Create|Read|Update, "sqs:ListQueueTags"),
			calls(Update, "sqs:SetQueueAttributes"),
			calls(write, "sqs:TagQueue").when(tagged),
			calls(Update, "sqs:UntagQueue").when(tagged),
			calls(Delete, "sqs:DeleteQueue"),
		},
	},
	"AWS::SQS::QueuePolicy": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html",
		rows: []row{calls(write|Delete, "sqs:SetQueueAttributes").to(that(queueType, "Queues"))},
	},
}
