package handler

import "slices"

// Rules of the default bus are rule/<name>, those of another rule/<bus>/<name>.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
var (
	rules = []string{
		local("events", "rule/{name:64}*"),
		local("events", "rule/*/{name:64}*"),
	}
	buses = []string{local("events", "event-bus/{name:256}*")}
)

// Left out: a bus's customer managed key.
var events = map[string]resource{
	"AWS::Events::Rule": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html",
		grants: []grant{
			{actions: []string{
				"events:DeleteRule",
				"events:DescribeRule",
				"events:ListTagsForResource",
				"events:ListTargetsByRule",
				"events:PutRule",
				"events:PutTargets",
				"events:RemoveTargets",
				"events:TagResource",
				"events:UntagResource",
			}, on: rules},
		},
		users: []grant{passRole("events.amazonaws.com")},
	},
	"AWS::Events::EventBus": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbus.html",
		grants: []grant{
			{actions: []string{
				"events:CreateEventBus",
				"events:DeleteEventBus",
				"events:DescribeEventBus",
				"events:ListTagsForResource",
				"events:TagResource",
				"events:UntagResource",
				"events:UpdateEventBus",
			}, on: buses},
			// IAM knows no resource for a bus's policy.
			{actions: []string{"events:PutPermission", "events:RemovePermission"}, on: everything},
		},
	},
	"AWS::Events::EventBusPolicy": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbuspolicy.html",
		grants: []grant{
			// Without a name the policy is that of the bus which every account has.
			{actions: []string{"events:DescribeEventBus"}, on: append(slices.Clone(buses), local("events", "event-bus/default"))},
			{actions: []string{"events:PutPermission", "events:RemovePermission"}, on: everything},
		},
	},
}
