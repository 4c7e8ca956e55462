package handler

import "github.com/foldstack/foldstack/generator/symbol"

// What a bucket's CORS, encryption, lifecycle, replication, analytics and metrics are
// deleted by is the permission to put them.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
var s3 = map[string]kind{
	bucketType: {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html",
		naming: naming{arn: "s3:::{name}", limit: 63},
		rows: []row{
			calls(Create, "s3:CreateBucket", "s3:GetBucketAcl"),
			calls(always, "s3:ListBucket"),
			calls(Create|Read|Update, "s3:GetBucketMetadataTableConfiguration"),
			calls(Read,
				"s3:GetAccelerateConfiguration", "s3:GetAnalyticsConfiguration", "s3:GetBucketAbac", "s3:GetBucketCORS", "s3:GetBucketLogging",
				"s3:GetBucketNotification", "s3:GetBucketObjectLockConfiguration", "s3:GetBucketOwnershipControls",
				"s3:GetBucketPublicAccessBlock", "s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetBucketWebsite",
				"s3:GetEncryptionConfiguration", "s3:GetIntelligentTieringConfiguration", "s3:GetInventoryConfiguration",
				"s3:GetLifecycleConfiguration", "s3:GetMetricsConfiguration", "s3:GetReplicationConfiguration", "s3:ListTagsForResource"),
			calls(Delete, "s3:DeleteBucket"),
			calls(write, "s3:PutBucketTagging", "s3:TagResource").when(tagged),
			calls(Update, "s3:UntagResource").when(tagged),
			calls(write, "s3:PutAccelerateConfiguration").when(set("AccelerateConfiguration")),
			calls(write, "s3:PutAnalyticsConfiguration").when(set("AnalyticsConfigurations")),
			calls(write, "s3:PutBucketAbac").when(set("AbacStatus")),
			calls(Update, "s3:PutBucketAcl").when(set("AccessControl")),
			calls(write, "s3:PutBucketCORS").when(set("CorsConfiguration")),
			calls(write, "s3:PutBucketLogging").when(set("LoggingConfiguration")),
			calls(write, "s3:PutBucketNotification").when(set("NotificationConfiguration")),
			calls(write, "s3:PutBucketObjectLockConfiguration").when(set("ObjectLockEnabled", "ObjectLockConfiguration")),
			calls(write, "s3:PutBucketOwnershipControls").when(set("OwnershipControls")),
			calls(write, "s3:PutBucketPublicAccessBlock").when(set("PublicAccessBlockConfiguration")),
			calls(write, "s3:PutBucketVersioning").when(set("VersioningConfiguration")),
			calls(write, "s3:PutBucketWebsite").when(set("WebsiteConfiguration")),
			calls(Update, "s3:DeleteBucketWebsite").when(set("WebsiteConfiguration")),
			calls(write, "s3:PutEncryptionConfiguration").when(set("BucketEncryption")),
			calls(write, "s3:PutIntelligentTieringConfiguration").when(set("IntelligentTieringConfigurations")),
			calls(write, "s3:PutInventoryConfiguration").when(set("InventoryConfigurations")),
			calls(write, "s3:PutLifecycleConfiguration").when(set("LifecycleConfiguration")),
			calls(write, "s3:PutMetricsConfiguration").when(set("MetricsConfigurations")),
			calls(write, "s3:PutReplicationConfiguration").when(set("ReplicationConfiguration")),
			passes(write, "s3.amazonaws.com", "ReplicationConfiguration.Role"),
			calls(write, "s3:CreateBucketMetadataTableConfiguration").when(set(metadata...)),
			calls(Update,
				"s3:DeleteBucketMetadataTableConfiguration", "s3:UpdateBucketMetadataAnnotationTableConfiguration",
				"s3:UpdateBucketMetadataInventoryTableConfiguration", "s3:UpdateBucketMetadataJournalTableConfiguration",
			).when(set(metadata...)),
			calls(write,
				"s3tables:CreateNamespace", "s3tables:CreateTable", "s3tables:CreateTableBucket", "s3tables:PutTableBucketPolicy",
			).to(tableBucket).when(set(metadata...)),
			calls(write,
				"s3tables:GetTable", "s3tables:GetTableMetadataLocation", "s3tables:PutTableEncryption",
				"s3tables:PutTablePolicy", "s3tables:UpdateTableMetadataLocation",
			).to(metadataTable).when(set(metadata...)),
		},
	},
	"AWS::S3::BucketPolicy": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html",
		rows: []row{
			calls(write, "s3:PutBucketPolicy").to(that(bucketType, "Bucket")),
			calls(always, "s3:GetBucketPolicy").to(that(bucketType, "Bucket")),
			calls(Delete, "s3:DeleteBucketPolicy").to(that(bucketType, "Bucket")),
		},
	},
}

// metadata are the properties that keep tables about a bucket's objects.
var metadata = []string{"MetadataConfiguration", "MetadataTableConfiguration"}

// What is called on the bucket of the tables, and what on a table of it.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-permissions.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3tables.html
func tableBucket(s *Subject) []string {
	return []string{s.fill("s3tables:{region}:{account}:bucket/{name}", symbol.New("table bucket"))}
}

func metadataTable(s *Subject) []string {
	return []string{tableBucket(s)[0] + "/table/" + symbol.New("table")}
}
