package demand

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/symbol"
)

// made is how the generated stacks make resources of a type: with which properties, and
// under names of which form where not under any.
type made struct {
	set   func(f *fiction) []cfn.Map
	forms []string
}

// always is one set of properties, of which it matters only that they are set.
func always(names ...string) func(*fiction) []cfn.Map {
	return func(*fiction) []cfn.Map { return []cfn.Map{properties(names...)} }
}

func properties(names ...string) cfn.Map {
	m := make(cfn.Map, len(names))
	for i, name := range names {
		m[i] = cfn.Entry{Key: name, Value: symbol.New(name)}
	}
	return m
}

// with is a set of properties with one more.
func with(m cfn.Map, name string, value any) cfn.Map {
	return append(m[:len(m):len(m)], cfn.Entry{Key: name, Value: value})
}

// referring is a set of properties of which one names something of a type.
func referring(property, typ string, names ...string) func(*fiction) []cfn.Map {
	return func(f *fiction) []cfn.Map {
		return []cfn.Map{with(properties(names...), property, f.other(typ))}
	}
}

// generated are the types of which the generated stacks do not set every property. A
// test holds the properties against the stacks of all golden projects.
var generated = map[string]made{
	"AWS::ApiGatewayV2::Api":         {set: always("Name", "ProtocolType")},
	"AWS::ApiGatewayV2::Integration": {set: always("ApiId", "IntegrationType", "IntegrationUri", "PayloadFormatVersion")},
	"AWS::ApiGatewayV2::Route":       {set: always("ApiId", "AuthorizationType", "RouteKey", "Target")},
	"AWS::ApiGatewayV2::Stage":       {set: always("AccessLogSettings", "ApiId", "AutoDeploy", "DefaultRouteSettings", "StageName")},
	stackType:                        {set: nested},
	"AWS::Config::ConfigRule":        {set: always("InputParameters", "Scope", "Source")},
	ruleType:                         {set: always("EventBusName", "EventPattern", "State", "Targets")},
	managedPolicyType:                {set: always("Description", "Path", "PolicyDocument")},
	roleType:                         {set: roles},
	"AWS::Lambda::Alias":             {set: referring("FunctionName", functionType, "FunctionVersion", "Name")},
	"AWS::Lambda::EventSourceMapping": {set: referring("FunctionName", functionType,
		"BatchSize", "Enabled", "EventSourceArn", "FunctionResponseTypes", "MaximumBatchingWindowInSeconds", "ScalingConfig")},
	functionType:              {set: functions},
	"AWS::Lambda::Permission": {set: referring("FunctionName", functionType, "Action", "Principal", "SourceAccount", "SourceArn")},
	"AWS::Lambda::Version":    {set: referring("FunctionName", functionType)},
	// Functions write to the group that Lambda would make for them, and a service that
	// delivers logs to one that it can reach by the account's policy.
	logGroupType:               {set: always("LogGroupName", "RetentionInDays"), forms: []string{"/aws/lambda/{root}-{any}", "/aws/vendedlogs/{root}-{any}"}},
	subscriptionType:           {set: subscriptions},
	topicType:                  {set: func(*fiction) []cfn.Map { return []cfn.Map{{{Key: "KmsMasterKeyId", Value: "alias/aws/sns"}}} }},
	topicPolicyType:            {set: referring("Topics", topicType, "PolicyDocument")},
	queueType:                  {set: always("FifoQueue", "MessageRetentionPeriod", "QueueName", "RedrivePolicy", "SqsManagedSseEnabled", "VisibilityTimeout")},
	"AWS::SQS::QueuePolicy":    {set: referring("Queues", queueType, "PolicyDocument")},
	"AWS::Scheduler::Schedule": {set: schedules, forms: []string{"default/{root}-{any}"}},
}

// nested is a stack whose template was published.
func nested(f *fiction) []cfn.Map {
	address := "https://" + f.Assets + ".s3." + f.Stack.Region + "." + f.Stack.Partition.Suffix() + "/templates/" + symbol.New("digest") + ".yaml"
	return []cfn.Map{with(properties("Parameters"), "TemplateURL", address)}
}

// roles carry the boundary, and what they may do in themselves or in policies beside.
func roles(f *fiction) []cfn.Map {
	m := with(properties("AssumeRolePolicyDocument", "Path", "Policies"), "PermissionsBoundary", f.Boundary)
	return []cfn.Map{with(m, "ManagedPolicyArns", []any{f.other(managedPolicyType)})}
}

// functions are archives and images.
func functions(f *fiction) []cfn.Map {
	common := with(properties(
		"Architectures", "Description", "Environment", "EphemeralStorage", "FunctionName", "Handler", "LoggingConfig", "MemorySize",
		"PackageType", "ReservedConcurrentExecutions", "Runtime", "Timeout", "TracingConfig", "VpcConfig",
	), "Role", f.other(roleType))
	archive := cfn.Map{{Key: "S3Bucket", Value: f.Assets}, {Key: "S3Key", Value: "functions/" + symbol.New("digest") + ".zip"}}
	image := cfn.Map{{Key: "ImageUri", Value: f.Repository + ":" + symbol.New("digest")}}
	return []cfn.Map{with(common, "Code", archive), with(common, "Code", image)}
}

// subscriptions are functions that listen to topics, anybody's among them.
func subscriptions(f *fiction) []cfn.Map {
	var all []cfn.Map
	for _, topic := range f.topics() {
		m := with(properties("FilterPolicy", "FilterPolicyScope", "RedrivePolicy"), "Endpoint", f.other(functionType))
		all = append(all, with(with(m, "Protocol", "lambda"), "TopicArn", topic))
	}
	return all
}

// schedules are in the group that every account has.
func schedules(f *fiction) []cfn.Map {
	return []cfn.Map{with(
		properties("FlexibleTimeWindow", "Name", "ScheduleExpression", "ScheduleExpressionTimezone", "State"),
		"Target", cfn.Map{{Key: "Arn", Value: f.other(functionType)}, {Key: "RoleArn", Value: f.other(roleType)}},
	)}
}
