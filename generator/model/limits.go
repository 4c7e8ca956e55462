package model

// Limits of a template and of the operation that deploys it with all that it nests.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const (
	MaxResources         = 500
	MaxParameters        = 200
	MaxOutputs           = 200
	MaxMappings          = 200
	MaxMappingKeys       = 200     // of each level of a mapping
	MaxTemplate          = 1000000 // bytes of a template in S3
	MaxDescription       = 1024    // bytes of a template's description
	MaxParameterValue    = 4096    // bytes
	MaxDynamicReferences = 60
	MaxOperation         = 2500 // resources of a stack and of all that it nests
)

// Limits of a pipeline; of its names see MaxPipelineName. The page also says that a
// stage runs 100 actions at once; the number of actions in a stage is what binds.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
const (
	MaxStages             = 50
	MaxActions            = 1000
	MaxStageActions       = 50
	MaxConfigurationKey   = 50   // characters of a key of an action's configuration
	MaxConfigurationValue = 1000 // characters of its value
)
