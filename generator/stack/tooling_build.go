package stack

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
)

// buildStatements is what the build may do: write its log, read the source, write
// what it built and publish assets. It runs what others wrote (npm ci), so it can
// assume no role and overwrite no asset.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
func buildStatements(p *model.Project) []policy.Statement {
	statements := []policy.Statement{
		{Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"}, Resources: []string{cfn.Sub(buildLogsText(p) + ":*")}}, // each build names its stream
		{Actions: []string{"s3:GetBucketAcl", "s3:GetBucketLocation"}, Resources: []string{cfn.GetAtt("ArtifactBucket", "Arn")}},
		// CodePipeline chooses the keys of artifacts.
		{Actions: []string{"s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"}, Resources: []string{cfn.Sub("${ArtifactBucket.Arn}/*")}},
		// IAM knows no resource for GetAuthorizationToken.
		// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
		{Actions: []string{"ecr:GetAuthorizationToken"}, Resources: []string{"*"}},
	}
	for _, region := range p.Regions() {
		assets := bucketARN(model.AssetBucket(p.Name, here, region))
		statements = append(statements,
			policy.Statement{Actions: []string{"s3:ListBucket"}, Resources: []string{assets("")}, Conditions: []policy.Condition{
				{Operator: "StringEquals", Key: "s3:prefix", Values: []string{model.ArchivePrefix, model.TemplatePrefix}},
			}},
			// An asset's name is the digest of its inputs.
			policy.Statement{Actions: []string{"s3:PutObject"}, Resources: []string{assets("/" + model.ArchivePrefix + "*"), assets("/" + model.TemplatePrefix + "*")}},
			// An upload in parts that failed leaves them behind.
			policy.Statement{Actions: []string{"s3:AbortMultipartUpload"}, Resources: []string{assets("/" + model.ArchivePrefix + "*")}},
			policy.Statement{Actions: keyUse(p, region), Resources: []string{regionalKey(region)}},
			policy.Statement{Actions: []string{
				"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload",
				"ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
			}, Resources: []string{cfn.Sub(partition + "ecr:" + region + ":" + here + ":repository/" + model.ImageRepository(p.Name))}},
		)
	}
	return statements
}

// keyUse are the build's uses of the key of a region: it reads and writes artifacts in
// the pipeline's own, and puts assets into each, large ones in parts.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
func keyUse(p *model.Project, region string) []string {
	if region == p.Tooling.Region {
		return keyWriters
	}
	return []string{"kms:Decrypt", "kms:GenerateDataKey"}
}

// keyWriters are the uses of a key by who reads and writes artifacts.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html
var keyWriters = []string{
	"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
	"kms:ReEncryptFrom", "kms:ReEncryptTo",
}
