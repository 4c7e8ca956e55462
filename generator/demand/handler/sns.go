package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
var sns = map[string]kind{
	topicType: {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html",
		naming: naming{arn: "sns:{region}:{account}:{name}"},
		rows: []row{
			calls(Create, "sns:CreateTopic"),
			calls(always, "sns:GetTopicAttributes"),
			calls(Read|Update, "sns:GetDataProtectionPolicy", "sns:ListSubscriptionsByTopic", "sns:ListTagsForResource"),
			calls(Update, "sns:SetTopicAttributes"),
			calls(write, "sns:PutDataProtectionPolicy").when(set("DataProtectionPolicy")),
			calls(write, "sns:Subscribe").when(set("Subscription")),
			calls(Update, "sns:Unsubscribe").when(set("Subscription")),
			calls(write, "sns:TagResource").when(tagged),
			calls(Update, "sns:UntagResource").when(tagged),
			calls(Delete, "sns:DeleteTopic"),
			// A role writes the log of deliveries.
			// https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html
			calls(write, "iam:GetRole").to(that(roleType, deliveryRoles...)).when(set(deliveryRoles...)),
			passes(write, "sns.amazonaws.com", deliveryRoles...),
		},
	},
	"AWS::SNS::TopicPolicy": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topicpolicy.html",
		rows: []row{calls(write|Delete, "sns:SetTopicAttributes").to(that(topicType, "Topics"))},
	},
	// A subscription is authorised as its topic.
	"AWS::SNS::Subscription": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html",
		rows: []row{
			calls(Create, "sns:Subscribe").to(that(topicType, "TopicArn")).
				key("sns:endpoint", func(s *Subject) []string { return s.texts("Endpoint") }).
				key("sns:protocol", func(s *Subject) []string { return s.texts("Protocol") }),
			calls(Read|Delete, "sns:GetSubscriptionAttributes").to(that(topicType, "TopicArn")),
			calls(Update, "sns:SetSubscriptionAttributes").to(that(topicType, "TopicArn")),
			calls(Delete, "sns:Unsubscribe").to(that(topicType, "TopicArn")),
			calls(write, "iam:GetRole").to(that(roleType, "SubscriptionRoleArn")).when(set("SubscriptionRoleArn")),
			passes(write, "sns.amazonaws.com", "SubscriptionRoleArn"),
		},
	},
}

var deliveryRoles = []string{"DeliveryStatusLogging.SuccessFeedbackRoleArn", "DeliveryStatusLogging.FailureFeedbackRoleArn"}
