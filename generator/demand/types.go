package demand

// Types of resources of which several tables speak.
const (
	bucketPolicyType  = "AWS::S3::BucketPolicy"
	bucketType        = "AWS::S3::Bucket"
	functionType      = "AWS::Lambda::Function"
	keyType           = "AWS::KMS::Key"
	layerType         = "AWS::Lambda::LayerVersion"
	logGroupType      = "AWS::Logs::LogGroup"
	managedPolicyType = "AWS::IAM::ManagedPolicy"
	pipelineType      = "AWS::CodePipeline::Pipeline"
	projectType       = "AWS::CodeBuild::Project"
	queueType         = "AWS::SQS::Queue"
	replicaKeyType    = "AWS::KMS::ReplicaKey"
	roleType          = "AWS::IAM::Role"
	ruleType          = "AWS::Events::Rule"
	stackType         = "AWS::CloudFormation::Stack"
	subscriptionType  = "AWS::SNS::Subscription"
	topicPolicyType   = "AWS::SNS::TopicPolicy"
	topicType         = "AWS::SNS::Topic"
)
