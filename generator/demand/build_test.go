package demand_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/symbol"
)

const startBuild = "            - {Name: build, ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: '1'}, Configuration: {ProjectName: builder}, InputArtifacts: [{Name: Source}]}\n"

// project is a build project with further properties.
func project(properties string) string {
	return `
  Project:
    Type: AWS::CodeBuild::Project
    Properties: {Name: builder, ServiceRole: 'arn:aws:iam::111111111111:role/builder'` + properties + `}
`
}

func TestABuildThatIsNotInTheEstateIsOnlyStarted(t *testing.T) {
	demands := demand.Pipelines(of(t, delivery(startBuild)))
	assert.Len(t, matching(demands, "codebuild:StartBuild"), 1)
	assert.Empty(t, matching(demands, "logs:PutLogEvents"))
}

func TestALogGroupThatIsThereIsNotMade(t *testing.T) {
	const log = `
  Log: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /aws/codebuild/builder, KmsKeyId: 'arn:aws:kms:eu-central-1:111111111111:key/1'}}
`
	without := demand.Pipelines(of(t, delivery(startBuild, project(""))))
	assert.Len(t, matching(without, "logs:CreateLogGroup"), 1)
	with := demand.Pipelines(of(t, delivery(startBuild, project(""), log)))
	assert.Empty(t, matching(with, "logs:CreateLogGroup"))
	assert.Len(t, matching(with, "logs:PutLogEvents", "log-group:/aws/codebuild/builder:log-stream:"), 1)

	encrypted := matching(with, "kms:Encrypt", "logs.eu-central-1.amazonaws.com")
	require.Len(t, encrypted, 1)
	assert.Equal(t, []string{"kms:encryptioncontext:aws:logs:arn"}, encrypted[0].Narrowed)
	assert.Empty(t, matching(with, "kms:DescribeKey", "logs.eu-central-1.amazonaws.com"), "it carries no encryption context")
}

func TestReportsAreWrittenWhereTheBuildspecIsKnownToHaveThem(t *testing.T) {
	const file = "version: 0.2\nreports:\n  unit: {files: ['*.xml']}\n"
	group := "report-group/builder-unit"
	for source, want := range map[string]int{"out/buildspec.yml": 1, "other.yml": 0} {
		base := root(t, "delivery", home, delivery(startBuild, project(", Source: {Type: CODEPIPELINE, BuildSpec: "+source+"}")), nil)
		base.Document.Files = map[string][]byte{"out/buildspec.yml": []byte(file)}
		assert.Len(t, matching(demand.Pipelines(instantiate(t, base)), "codebuild:CreateReportGroup", group), want, source)
	}
	inline := `, Source: {Type: CODEPIPELINE, BuildSpec: "` + strings.ReplaceAll(file, "\n", `\n`) + `"}`
	assert.Len(t, matching(demand.Pipelines(of(t, delivery(startBuild, project(inline)))), "codebuild:CreateReportGroup", group), 1)
	broken := `, Source: {Type: CODEPIPELINE, BuildSpec: "reports: [\n"}`
	assert.Empty(t, matching(demand.Pipelines(of(t, delivery(startBuild, project(broken)))), "codebuild:CreateReportGroup"))
}

func TestAnAssetIsNeverPutOverAnother(t *testing.T) {
	e := shipped(t)
	for _, d := range matching(demand.Publish(e, buildRole, publishTargets(), demand.Step{Stage: "Build"}), "s3:PutObject") {
		creates := d.Context["s3:objectcreationoperation"][0] == "true"
		_, conditional := d.Context["s3:if-none-match"]
		assert.Equal(t, creates, conditional, "what makes an object carries the header, and the parts cannot")
	}
}

func TestPublishingStaysBelowItsPrefixes(t *testing.T) {
	demands := demand.Publish(shipped(t), buildRole, publishTargets(), demand.Step{Stage: "Build"})
	for _, d := range matching(demands, "s3:PutObject") {
		require.Len(t, d.Within, 1)
		assert.Regexp(t, `/(functions|templates)/\*$`, d.Within[0])
	}
	assert.Empty(t, matching(demands, "s3:GetObject"))
	assert.Empty(t, matching(demands, "s3:AbortMultipartUpload"), "the bucket's lifecycle does it")
	for _, d := range demands {
		assert.NotZero(t, d.Cause, "the role is in the estate")
	}
}

func TestWhatS3TellsTheKeyIsTheObjectUnlessTheBucketHasAKeyOfItsOwn(t *testing.T) {
	const bucket = `
Resources:
  Assets:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: assets
      BucketEncryption: {ServerSideEncryptionConfiguration: [{BucketKeyEnabled: KEY, ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'arn:aws:kms:eu-central-1:111111111111:key/1'}}]}
`
	for enabled, want := range map[string]string{"true": "arn:aws:s3:::assets", "false": "arn:aws:s3:::assets/functions/<digest>"} {
		targets := demand.PublishTargets{Partition: "aws", Account: tooling, Places: []demand.PublishPlace{{Region: home, Bucket: "assets", Prefixes: []string{"functions/"}}}}
		used := matching(demand.Publish(of(t, strings.Replace(bucket, "KEY", enabled, 1)), buildRole, targets, demand.Step{}), "kms:GenerateDataKey")
		require.NotEmpty(t, used)
		assert.Equal(t, want, symbol.Show(used[0].Context["kms:encryptioncontext:aws:s3:arn"][0]))
	}
}
