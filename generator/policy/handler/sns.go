package handler

import (
	"slices"

	"github.com/foldstack/foldstack/generator/policy"
)

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
				"sns:SetTopicAttributes",
				"sns:TagResource",
				"sns:UntagResource",
			}, on: topics},
		},
		users: []grant{
			{actions: []string{
				"sns:PutDataProtectionPolicy",
				"sns:Subscribe",
				"sns:Unsubscribe",
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
	// An existing subscription is known by its topic's name and a uuid, which says
	// nothing of its endpoint.
	"AWS::SNS::Subscription": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html",
		grants: []grant{{actions: []string{
			"sns:GetSubscriptionAttributes",
			"sns:SetSubscriptionAttributes",
			"sns:Unsubscribe",
		}, on: everyTopic}},
		own: []grant{subscribe(functions)},
		users: []grant{
			{actions: []string{"sns:Subscribe"}, on: topics},
			subscribe(append(slices.Clone(functions), queues...)),
			{actions: []string{"iam:GetRole"}, on: roles},
			passRole("sns.amazonaws.com"),
		},
	},
}

// subscribe lets these endpoints and no others listen to topics of others.
func subscribe(endpoints []string) grant {
	return grant{
		actions: []string{"sns:Subscribe"},
		on:      everyTopic,
		when:    []policy.Condition{{Operator: "StringLike", Key: "sns:Endpoint", Values: endpoints}},
	}
}
