package handler

import (
	"slices"

	"github.com/foldstack/foldstack/generator/policy"
)

// Tables, with the indexes that follow their names.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
var (
	tables = []string{local("dynamodb", "table/{name:255}*")}

	tableActions = []string{
		"dynamodb:CreateTable",
		"dynamodb:DeleteResourcePolicy",
		"dynamodb:DeleteTable",
		"dynamodb:DescribeContinuousBackups",
		"dynamodb:DescribeContributorInsights",
		"dynamodb:DescribeKinesisStreamingDestination",
		"dynamodb:DescribeTable",
		"dynamodb:DescribeTimeToLive",
		"dynamodb:DisableKinesisStreamingDestination",
		"dynamodb:EnableKinesisStreamingDestination",
		"dynamodb:GetResourcePolicy",
		"dynamodb:ListTagsOfResource",
		"dynamodb:PutResourcePolicy",
		"dynamodb:TagResource",
		"dynamodb:UntagResource",
		"dynamodb:UpdateContinuousBackups",
		"dynamodb:UpdateContributorInsights",
		"dynamodb:UpdateKinesisStreamingDestination",
		"dynamodb:UpdateTable",
		"dynamodb:UpdateTimeToLive",
	}

	// What replicas ask of whoever makes them: DynamoDB copies the items in the
	// caller's name.
	//
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/gt_IAM.html
	replicaActions = []string{
		"dynamodb:BatchWriteItem",
		"dynamodb:CreateTableReplica",
		"dynamodb:DeleteItem",
		"dynamodb:DeleteTableReplica",
		"dynamodb:DescribeTableReplicaAutoScaling",
		"dynamodb:GetItem",
		"dynamodb:PutItem",
		"dynamodb:Query",
		"dynamodb:Scan",
		"dynamodb:UpdateItem",
		"dynamodb:UpdateTableReplicaAutoScaling",
	}
)

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
var tableScaling = []grant{
	{
		actions: []string{
			"application-autoscaling:DeleteScalingPolicy",
			"application-autoscaling:DeleteScheduledAction",
			"application-autoscaling:DeregisterScalableTarget",
			"application-autoscaling:PutScalingPolicy",
			"application-autoscaling:PutScheduledAction",
			"application-autoscaling:RegisterScalableTarget",
		},
		// A target's ARN holds an id; the condition says whose it is.
		on:   []string{local("application-autoscaling", "scalable-target/*")},
		when: []policy.Condition{{Operator: "StringEquals", Key: "application-autoscaling:service-namespace", Values: []string{"dynamodb"}}},
	},
	// IAM knows no resource for these lists.
	{actions: []string{
		"application-autoscaling:DescribeScalableTargets",
		"application-autoscaling:DescribeScalingActivities",
		"application-autoscaling:DescribeScalingPolicies",
		"application-autoscaling:DescribeScheduledActions",
	}, on: everything},
	serviceLinkedRole("dynamodb.application-autoscaling.amazonaws.com"),
}

// What a table needs that writes its changes to a stream, counts who uses it, or has a
// key: the use of the key comes with its own type. IAM knows no resource for the lists.
var tableProperties = []grant{
	{actions: []string{"kinesis:DescribeStream", "kinesis:PutRecords"}, on: streams},
	{actions: []string{"kms:ListAliases"}, on: everything},
	serviceLinkedRole("contributorinsights.dynamodb.amazonaws.com"),
	serviceLinkedRole("kinesisreplication.dynamodb.amazonaws.com"),
}

// Left out: an import from S3, and a key that is not the user's own.
var dynamoDB = map[string]resource{
	"AWS::DynamoDB::Table": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html",
		grants: append([]grant{{actions: tableActions, on: tables}}, tableProperties...),
	},
	"AWS::DynamoDB::GlobalTable": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html",
		grants: append([]grant{
			{actions: tableActions, on: tables},
			{actions: replicaActions, on: tables},
			{actions: []string{"kinesis:ListStreams"}, on: everything},
			serviceLinkedRole("replication.dynamodb.amazonaws.com"),
		}, slices.Concat(tableProperties, tableScaling)...),
	},
}
