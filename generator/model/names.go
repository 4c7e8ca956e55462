package model

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Every name that another account or stack must know is derived here, by a
// function that does nothing else. A name that CloudFormation may choose is left
// to CloudFormation. Where a part is only known to CloudFormation, the argument is
// the text of that part inside Fn::Sub, such as "${AWS::Region}".

// Limits of physical names.
const (
	MaxProjectName     = 24  // ours: leaves room for the suffixes below
	MaxEnvironmentName = 16  // ours: leaves room in role names
	MaxFunctionName    = 64  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
	MaxRoleName        = 64  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
	MaxBucketName      = 63  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
	MaxStackName       = 128 // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
	MaxScheduleName    = 64  // https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
	MaxQueueName       = 80  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
	MaxPipelineName    = 100 // https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineDeclaration.html
)

// FunctionName is the physical name of a function in one environment.
func FunctionName(project, environment, function string) string {
	return project + "-" + environment + "-" + function
}

// ScheduleName is a schedule of a function in one environment; content is what
// tells it from the function's other schedules. How EventBridge Scheduler would
// call one without a name is not documented, and the role that makes it may only
// make what begins with project and environment.
func ScheduleName(project, environment, function, content string) string {
	sum := sha256.Sum256([]byte(function + "\n" + content))
	readable := function[:min(len(function), maxScheduleWord)]
	return project + "-" + environment + "-" + readable + "-" + hex.EncodeToString(sum[:6])
}

// maxScheduleWord leaves room in MaxScheduleName for the longest project and
// environment, three hyphens and the digest.
const maxScheduleWord = MaxScheduleName - MaxProjectName - MaxEnvironmentName - 3 - 12

// FIFOQueueName is a FIFO queue of a function in one environment; id tells it from
// the function's other queues. CloudFormation cuts a name of its own to the limit
// and then puts .fifo behind it, which SQS refuses.
//
// https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/280
func FIFOQueueName(project, environment, function, id string) string {
	sum := sha256.Sum256([]byte(function + "\n" + id))
	readable := id[:min(len(id), maxQueueWord)]
	return project + "-" + environment + "-" + readable + "-" + hex.EncodeToString(sum[:6]) + ".fifo"
}

// maxQueueWord leaves room in MaxQueueName for the longest project and environment,
// three hyphens, the digest and the suffix.
const maxQueueWord = MaxQueueName - MaxProjectName - MaxEnvironmentName - 3 - 12 - len(".fifo")

// LogGroupName is the log group of a function by its physical name.
func LogGroupName(functionName string) string { return "/aws/lambda/" + functionName }

// OrchestrationStack is the root stack of an environment; shard counts from 1.
func OrchestrationStack(project, environment string, shard string) string {
	if shard == "" || shard == "1" {
		return project + "-" + environment
	}
	return project + "-" + environment + "-" + shard
}

// PipelineName is the pipeline; its stack is PipelineStack.
func PipelineName(project string) string { return project }

// PipelineStack, ToolingStack, RegionStack and TargetStack are the stacks that
// bootstrap makes.
func PipelineStack(project string) string { return project + "-pipeline" }

// ToolingStack is the base stack of the tooling account's first region.
func ToolingStack(project string) string { return project + "-tooling" }

// RegionStack is the base stack of the tooling account in a further region.
func RegionStack(project string) string { return project + "-tooling-region" }

// TargetStack is the base stack of one environment in a target account.
func TargetStack(project, environment string) string {
	return project + "-" + environment + "-target"
}

// ArtifactBucket holds CodePipeline's artifacts, which expire.
func ArtifactBucket(project, account, region string) string {
	return project + "-artifacts-" + account + "-" + region
}

// AssetBucket holds published archives and child templates, which never expire.
func AssetBucket(project, account, region string) string {
	return project + "-assets-" + account + "-" + region
}

// SourceBucket receives the project when its source is S3 and no bucket is given.
func SourceBucket(project, account, region string) string {
	return project + "-source-" + account + "-" + region
}

// ImageRepository is the ECR repository of the project's images.
func ImageRepository(project string) string { return "foldstack/" + project }

// BasePath is the IAM path of the roles and policies that bootstrap makes.
func BasePath(project string) string { return "/foldstack-base/" + project + "/" }

// FunctionPath is the IAM path of the roles that a deployment makes.
func FunctionPath(project, environment string) string {
	return "/foldstack/" + project + "/" + environment + "/"
}

// DeployRole is assumed by the pipeline in a target account.
func DeployRole(project, environment string) string { return project + "-" + environment + "-deploy" }

// CloudFormationRole is passed to CloudFormation by the deploy role.
func CloudFormationRole(project, environment string) string {
	return project + "-" + environment + "-cloudformation"
}

// BoundaryPolicy is the permissions boundary of the roles that a deployment makes.
func BoundaryPolicy(project, environment string) string {
	return project + "-" + environment + "-boundary"
}

// ToolingRole is a role of the tooling account, such as "pipeline" or "build".
func ToolingRole(project, purpose string) string { return project + "-" + purpose }

// BuildProject is the CodeBuild project of the build stage.
func BuildProject(project string) string { return project + "-build" }

// KeyAlias is the alias of the project's key in every region.
func KeyAlias(project string) string { return "alias/foldstack/" + project }

// Export is an export of the tooling stack that the pipeline stack imports.
func Export(project, name string) string { return "foldstack-" + project + "-" + name }

// What lies in an asset bucket lies below one of these.
const (
	ArchivePrefix  = "functions/"
	TemplatePrefix = "templates/"
)

// TemplateKey is the object key of a published child template.
func TemplateKey(digest string) string { return TemplatePrefix + digest + ".yaml" }

// ArchiveKey is the object key of a published archive.
func ArchiveKey(digest string) string { return ArchivePrefix + digest + ".zip" }

// maxReadable bounds the readable part of a logical id: with the longest root
// stack name and CloudFormation's suffix of 13 characters a nested stack's name
// stays below MaxStackName.
const maxReadable = 40

// LogicalID is the CloudFormation logical id of a name. A name of lower-case
// words joined by "-", each beginning with a letter, is written in CamelCase,
// which keeps such names apart; any other gets a digest behind it, because
// foo_bar, FooBar and foo-bar are three names.
func LogicalID(name string) string {
	var b strings.Builder
	plain, upper := true, true
	for i, r := range name {
		switch {
		case r >= 'a' && r <= 'z':
			if upper {
				r += 'A' - 'a'
			}
			upper = false
			b.WriteRune(r)
		case r == '-' && i > 0 && !upper:
			upper = true
		case r >= '0' && r <= '9':
			plain = plain && !upper
			upper = false
			b.WriteRune(r)
		default:
			plain, upper = false, true
			if r >= 'A' && r <= 'Z' {
				upper = false
				b.WriteRune(r)
			}
		}
	}
	if upper && name != "" {
		plain = false
	}
	id := b.String()
	if plain && len(id) <= maxReadable {
		return id
	}
	if len(id) > maxReadable {
		id = id[:maxReadable]
	}
	sum := sha256.Sum256([]byte(name))
	return id + hex.EncodeToString(sum[:4])
}
