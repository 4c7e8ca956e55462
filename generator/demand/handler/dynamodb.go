package handler

import "github.com/foldstack/foldstack/generator/symbol"

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
var dynamoDB = map[string]kind{
	"AWS::DynamoDB::Table": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html",
		naming: naming{arn: "dynamodb:{region}:{account}:table/{name}"},
		rows: append([]row{
			calls(Create|Read|Update,
				"dynamodb:DescribeContinuousBackups", "dynamodb:DescribeContributorInsights", "dynamodb:DescribeKinesisStreamingDestination",
				"dynamodb:DescribeTimeToLive", "dynamodb:GetResourcePolicy", "dynamodb:ListTagsOfResource"),
			calls(always, "dynamodb:DescribeTable"),
			calls(write, "dynamodb:TagResource").when(tagged),
			calls(Update, "dynamodb:UntagResource").when(tagged),
			calls(write, "dynamodb:UpdateContinuousBackups").when(set("PointInTimeRecoverySpecification")),
			calls(write, "dynamodb:UpdateContributorInsights").
				when(set("ContributorInsightsSpecification", "GlobalSecondaryIndexes.ContributorInsightsSpecification")),
			brings(write, "contributorinsights.dynamodb.amazonaws.com").
				when(set("ContributorInsightsSpecification", "GlobalSecondaryIndexes.ContributorInsightsSpecification")),
			calls(write, "dynamodb:UpdateTimeToLive").when(set("TimeToLiveSpecification")),
			calls(write, "dynamodb:PutResourcePolicy").when(set("ResourcePolicy", "StreamSpecification.ResourcePolicy")),
			calls(Update, "dynamodb:DeleteResourcePolicy").when(set("ResourcePolicy", "StreamSpecification.ResourcePolicy")),
			calls(write, "dynamodb:EnableKinesisStreamingDestination", "dynamodb:DisableKinesisStreamingDestination").when(set("KinesisStreamSpecification")),
			calls(Update, "dynamodb:UpdateKinesisStreamingDestination").when(set("KinesisStreamSpecification")),
			calls(write, "kinesis:DescribeStream", "kinesis:PutRecords").to(that(streamType, "KinesisStreamSpecification.StreamArn")).
				when(set("KinesisStreamSpecification")),
			brings(write, "kinesisreplication.dynamodb.amazonaws.com").when(set("KinesisStreamSpecification")),
			through("dynamodb", calls(write, "kms:CreateGrant", "kms:DescribeKey", "kms:RevokeGrant")).
				to(that(keyType, "SSESpecification.KMSMasterKeyId")).when(set("SSESpecification.KMSMasterKeyId")),
			through("dynamodb", calls(Create, "kms:Decrypt", "kms:Encrypt")).
				to(that(keyType, "SSESpecification.KMSMasterKeyId")).when(set("SSESpecification.KMSMasterKeyId")),
			calls(write, "kms:ListAliases").to(anything).when(set("SSESpecification.KMSMasterKeyId")),
			calls(Create, "dynamodb:ImportTable").when(set(imports)),
			calls(Create, "dynamodb:DescribeImport").to(within("/import/" + symbol.New("import"))).when(set(imports)),
			calls(Create, "s3:ListBucket").to(imported("")).when(set(imports)),
			calls(Create, "s3:GetObject").to(imported("/" + symbol.New("key"))).when(set(imports)),
			calls(Create, "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents", "logs:PutRetentionPolicy").
				to(at("logs:{region}:{account}:log-group:/aws-dynamodb/imports:log-stream:" + symbol.New("stream"))).when(set(imports)),
			calls(Create, "logs:DescribeLogGroups").to(anything).when(set(imports)),
		}, tableRows...),
	},
	"AWS::DynamoDB::GlobalTable": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html",
		naming: naming{arn: "dynamodb:{region}:{account}:table/{name}"},
		rows: append([]row{
			calls(always, "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeContributorInsights",
				"dynamodb:DescribeKinesisStreamingDestination", "dynamodb:DescribeTable", "dynamodb:DescribeTableReplicaAutoScaling",
				"dynamodb:DescribeTimeToLive"),
			calls(Create|Read|Update, "dynamodb:GetResourcePolicy", "dynamodb:ListTagsOfResource"),
			// DynamoDB copies the items of replicas in the name of whoever makes them.
			// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/gt_IAM.html
			calls(write, "dynamodb:BatchWriteItem", "dynamodb:CreateTableReplica", "dynamodb:DeleteItem", "dynamodb:GetItem",
				"dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem"),
			calls(Update, "dynamodb:DeleteTableReplica"),
			brings(Create, "replication.dynamodb.amazonaws.com"),
			calls(write, "dynamodb:TagResource").when(replicaTags),
			calls(Update, "dynamodb:UntagResource").when(replicaTags),
			calls(write, "dynamodb:UpdateContinuousBackups").when(set("Replicas.PointInTimeRecoverySpecification")),
			calls(write, "dynamodb:UpdateContributorInsights").
				when(set("Replicas.ContributorInsightsSpecification", "Replicas.GlobalSecondaryIndexes.ContributorInsightsSpecification")),
			brings(write, "contributorinsights.dynamodb.amazonaws.com").
				when(set("Replicas.ContributorInsightsSpecification", "Replicas.GlobalSecondaryIndexes.ContributorInsightsSpecification")),
			calls(write, "dynamodb:UpdateTimeToLive").when(set("TimeToLiveSpecification")),
			calls(write, "dynamodb:PutResourcePolicy").when(set("Replicas.ResourcePolicy", "Replicas.ReplicaStreamSpecification")),
			calls(Update, "dynamodb:DeleteResourcePolicy").when(set("Replicas.ResourcePolicy", "Replicas.ReplicaStreamSpecification")),
			calls(write, "dynamodb:EnableKinesisStreamingDestination", "dynamodb:DisableKinesisStreamingDestination").
				when(set("Replicas.KinesisStreamSpecification")),
			calls(Update, "dynamodb:UpdateKinesisStreamingDestination").when(set("Replicas.KinesisStreamSpecification")),
			calls(write, "kinesis:DescribeStream", "kinesis:PutRecords").to(that(streamType, "Replicas.KinesisStreamSpecification.StreamArn")).
				when(set("Replicas.KinesisStreamSpecification")),
			calls(write, "kinesis:ListStreams").to(anything).when(set("Replicas.KinesisStreamSpecification")),
			brings(write, "kinesisreplication.dynamodb.amazonaws.com").when(set("Replicas.KinesisStreamSpecification")),
			through("dynamodb", calls(Create|Read|Update, "kms:DescribeKey")).to(that(keyType, replicaKeys)).when(set(replicaKeys)),
			through("dynamodb", calls(write, "kms:CreateGrant", "kms:RevokeGrant")).to(that(keyType, replicaKeys)).when(set(replicaKeys)),
			through("dynamodb", calls(Create, "kms:Decrypt")).to(that(keyType, replicaKeys)).when(set(replicaKeys)),
			calls(write, "kms:ListAliases").to(anything).when(set(replicaKeys)),
			calls(write, "dynamodb:UpdateTableReplicaAutoScaling").when(set(scaled...)),
			calls(write|Delete,
				"application-autoscaling:DeleteScalingPolicy", "application-autoscaling:DeleteScheduledAction",
				"application-autoscaling:DeregisterScalableTarget", "application-autoscaling:PutScalingPolicy",
				"application-autoscaling:PutScheduledAction", "application-autoscaling:RegisterScalableTarget",
			).to(at("application-autoscaling:{region}:{account}:scalable-target/"+symbol.New("scalable target"))).when(set(scaled...)).
				key("application-autoscaling:service-namespace", constant("dynamodb")).narrowed("application-autoscaling:service-namespace"),
			calls(always,
				"application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScalingActivities",
				"application-autoscaling:DescribeScalingPolicies", "application-autoscaling:DescribeScheduledActions").to(anything).when(set(scaled...)),
			brings(Create, "dynamodb.application-autoscaling.amazonaws.com").when(set(scaled...)),
		}, tableRows...),
	},
}

var tableRows = []row{
	calls(write, "dynamodb:CreateTable", "dynamodb:UpdateTable"),
	calls(gone, "dynamodb:DeleteTable"),
}

const (
	imports     = "ImportSourceSpecification"
	replicaKeys = "Replicas.SSESpecification.KMSMasterKeyId"
)

// scaled are the properties by which a global table's capacity follows its load.
var scaled = []string{
	"WriteProvisionedThroughputSettings.WriteCapacityAutoScalingSettings",
	"Replicas.ReadProvisionedThroughputSettings.ReadCapacityAutoScalingSettings",
	"GlobalSecondaryIndexes.WriteProvisionedThroughputSettings.WriteCapacityAutoScalingSettings",
	"Replicas.GlobalSecondaryIndexes.ReadProvisionedThroughputSettings.ReadCapacityAutoScalingSettings",
}

// replicaTags holds where a replica has tags: a global table has none of its own.
func replicaTags(s *Subject) bool { return tagged(s) || s.has("Replicas.Tags") }

// imported is the bucket that a table's first items come from, or something in it.
func imported(rest string) target {
	return func(s *Subject) []string {
		bucket := s.text(imports + ".S3BucketSource.S3Bucket")
		if bucket == "" {
			bucket = symbol.New("bucket")
		}
		return []string{s.fill("s3:::{name}", bucket+rest)}
	}
}
