package handler

// Buckets have neither account nor region in their ARN.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
var buckets = []string{"arn:${AWS::Partition}:s3:::{name:63}*"}

// The schema's list holds names that are no IAM actions: a bucket's CORS,
// encryption, lifecycle, replication, analytics and metrics are all deleted by the
// permission to put them. Left out: S3 Tables metadata and the ACL of an object.
var s3 = map[string]resource{
	"AWS::S3::Bucket": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html",
		grants: []grant{
			{actions: []string{
				"s3:CreateBucket",
				"s3:DeleteBucket",
				"s3:DeleteBucketWebsite",
				"s3:GetAccelerateConfiguration",
				"s3:GetAnalyticsConfiguration",
				"s3:GetBucketAbac",
				"s3:GetBucketAcl",
				"s3:GetBucketCORS",
				"s3:GetBucketLogging",
				"s3:GetBucketMetadataTableConfiguration",
				"s3:GetBucketNotification",
				"s3:GetBucketObjectLockConfiguration",
				"s3:GetBucketOwnershipControls",
				"s3:GetBucketPublicAccessBlock",
				"s3:GetBucketTagging",
				"s3:GetBucketVersioning",
				"s3:GetBucketWebsite",
				"s3:GetEncryptionConfiguration",
				"s3:GetIntelligentTieringConfiguration",
				"s3:GetInventoryConfiguration",
				"s3:GetLifecycleConfiguration",
				"s3:GetMetricsConfiguration",
				"s3:GetReplicationConfiguration",
				"s3:ListBucket",
				"s3:ListTagsForResource",
				"s3:PutAccelerateConfiguration",
				"s3:PutAnalyticsConfiguration",
				"s3:PutBucketAbac",
				"s3:PutBucketAcl",
				"s3:PutBucketCORS",
				"s3:PutBucketLogging",
				"s3:PutBucketNotification",
				"s3:PutBucketObjectLockConfiguration",
				"s3:PutBucketOwnershipControls",
				"s3:PutBucketPublicAccessBlock",
				"s3:PutBucketTagging",
				"s3:PutBucketVersioning",
				"s3:PutBucketWebsite",
				"s3:PutEncryptionConfiguration",
				"s3:PutIntelligentTieringConfiguration",
				"s3:PutInventoryConfiguration",
				"s3:PutLifecycleConfiguration",
				"s3:PutMetricsConfiguration",
				"s3:PutReplicationConfiguration",
				"s3:TagResource",
				"s3:UntagResource",
			}, on: buckets},
			passRole("s3.amazonaws.com"),
		},
	},
	"AWS::S3::BucketPolicy": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html",
		grants: []grant{{actions: []string{
			"s3:DeleteBucketPolicy",
			"s3:GetBucketPolicy",
			"s3:PutBucketPolicy",
		}, on: buckets}},
	},
}
