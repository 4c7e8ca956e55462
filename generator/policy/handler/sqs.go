package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
var queues = []string{local("sqs", "{name:80}*")}

var sqs = map[string]resource{
	"AWS::SQS::Queue": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html",
		grants: []grant{{actions: []string{
			"sqs:CreateQueue",
			"sqs:DeleteQueue",
			"sqs:GetQueueAttributes",
			"sqs:GetQueueUrl",
			"sqs:ListQueueTags",
			"sqs:SetQueueAttributes",
			"sqs:TagQueue",
			"sqs:UntagQueue",
		}, on: queues}},
	},
	"AWS::SQS::QueuePolicy": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html",
		grants: []grant{{actions: []string{
			"sqs:GetQueueAttributes",
			"sqs:SetQueueAttributes",
		}, on: queues}},
	},
}
