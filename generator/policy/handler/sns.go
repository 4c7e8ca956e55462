package handler

import "github.com/foldstack/foldstack/generator/policy"

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
var (
	topics = []string{local("sns", "{name:256}*")}

	// A function may listen to a topic of another stack, project or account.
	everyTopic = []string{"arn:${AWS::Partition}:sns:*:*:*"}
)

var sns = map[string]resource{
	"AWS::SNS::Topic": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html",
		grants: []grant{
			{actions: []string{
				"sns:CreateTopic",
				"sns:DeleteTopic",
				"sns:GetDataProtectionPolicy",
				"sns:GetTopicAttributes",
				"sns:ListSubscriptionsByTopic",
				"sns:ListTagsForResource",
				"sns:PutDataProtectionPolicy",
				"sns:SetTopicAttributes",
				"sns:Subscribe",
				"sns:TagResource",
				"sns:Unsubscribe",
				"sns:UntagResource",
			}, on: topics},
			{actions: []string{"iam:GetRole"}, on: roles},
			passRole("sns.amazonaws.com"),
		},
	},
	"AWS::SNS::TopicPolicy": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topicpolicy.html",
		grants: []grant{{actions: []string{
			"sns:GetTopicAttributes",
			"sns:SetTopicAttributes",
		}, on: topics}},
	},
	// Topics of others may be subscribed to our functions and queues only; an
	// existing subscription is known by its topic's name and a uuid, which says
	// nothing of its endpoint.
	"AWS::SNS::Subscription": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html",
		grants: []grant{
			{actions: []string{"sns:Subscribe"}, on: topics},
			{actions: []string{"sns:Subscribe"}, on: everyTopic, when: []policy.Condition{
				{Operator: "StringLike", Key: "sns:Endpoint", Values: append(append([]string{}, functions...), queues...)},
			}},
			{actions: []string{
				"sns:GetSubscriptionAttributes",
				"sns:SetSubscriptionAttributes",
				"sns:Unsubscribe",
			}, on: everyTopic},
			{actions: []string{"iam:GetRole"}, on: roles},
			passRole("sns.amazonaws.com"),
		},
	},
}
