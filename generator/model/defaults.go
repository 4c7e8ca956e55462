package model

import "github.com/foldstack/foldstack/generator/source"

// The defaults of what foldstack.yaml may leave out.
const (
	DefaultFunctions    = "functions"
	DefaultOutput       = "out"
	DefaultTool         = "go tool foldstack"
	DefaultBranch       = "main"
	DefaultSourceKey    = "source.zip"
	DefaultArchitecture = "arm64"
)

// DefaultSettings are the settings of a function when neither its folder nor
// foldstack.yaml says more. Reserved concurrency and storage are left to Lambda.
var DefaultSettings = Settings{
	Memory:       source.Field[int]{Value: 128, Set: true},
	Timeout:      source.Field[int]{Value: 30, Set: true},
	LogRetention: source.Field[int]{Value: 30, Set: true},
	Tracing:      source.Field[bool]{Value: true, Set: true},
}

// RegionalDefaults are the defaults that depend on where a project lies.
type RegionalDefaults struct {
	Architecture string
	BuildType    string
	Settings     Settings
}

// DefaultsIn are the defaults of a project whose pipeline lies in the region.
// CodeBuild has no arm64 hosts in GovCloud and names China nowhere as having them;
// Lambda does not trace in China.
//
// https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-acb.html
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectEnvironment.html
// https://docs.amazonaws.cn/en_us/aws/latest/userguide/lambda.html
func DefaultsIn(region string) RegionalDefaults {
	d := RegionalDefaults{Architecture: DefaultArchitecture, BuildType: DefaultBuildType, Settings: DefaultSettings}
	partition, _ := PartitionOf(region)
	if !HasArm64Builds(region) {
		d.Architecture, d.BuildType = "x86_64", X86Host
	}
	d.Settings.Tracing.Value = partition != China
	return d
}

// Bounds of a function's settings.
//
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	MinMemory      = 128    // MB
	MaxMemory      = 10240  // MB
	MinTimeout     = 1      // seconds
	MaxTimeout     = 900    // seconds
	MinStorage     = 512    // MB
	MaxStorage     = 10240  // MB
	MaxConcurrency = 100000 // ours: an account's limit can be raised without a stated end
	MaxEnvironment = 4096   // bytes of all environment variables together, as JSON
	MaxUnzipped    = 250 << 20
)

// Architectures are the instruction sets of Lambda, the default first.
//
// https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
var Architectures = []string{"arm64", "x86_64"}

// LogRetentions are the days for which CloudWatch Logs keeps events.
//
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var LogRetentions = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// ReservedVariables are environment variables that Lambda sets and refuses.
//
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
var ReservedVariables = []string{
	"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
	"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
	"AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	"LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "_HANDLER", "_X_AMZN_TRACE_ID",
}

// The build project's defaults. A build host of the functions' own architecture
// can build their images and native dependencies without emulation.
const (
	DefaultBuildType        = ArmHost
	DefaultBuildComputeType = "BUILD_GENERAL1_SMALL"
	DefaultBuildTimeout     = 60 // minutes
)

// The environment types on which foldstack runs.
//
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectEnvironment.html
const (
	ArmHost = "ARM_CONTAINER"
	X86Host = "LINUX_CONTAINER"
)

// BuildTypes lists the environment types, the default first.
var BuildTypes = []string{ArmHost, X86Host}

// DefaultBuildImages are the images of CodeBuild by environment type.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
var DefaultBuildImages = map[string]string{
	ArmHost: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
	X86Host: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
}

// BuildComputeTypes are the compute types of those environment types.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html
var BuildComputeTypes = []string{"BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE", "BUILD_GENERAL1_XLARGE", "BUILD_GENERAL1_2XLARGE"}

// Bounds of a build's timeout, in minutes.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
const (
	MinBuildTimeout = 5
	MaxBuildTimeout = 2160
)

// Bounds and default of an approval's timeout, in minutes.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
const (
	MinApprovalTimeout     = 5
	MaxApprovalTimeout     = 86400
	DefaultApprovalTimeout = 7 * 24 * 60
)
