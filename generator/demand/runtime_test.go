package demand_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/estate"
)

// services is an estate in which every service calls a function.
func services(t testing.TB) *estate.Estate {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "runtime.yaml"))
	require.NoError(t, err)
	return of(t, string(text))
}

func TestEveryCallOfTheShippedFunctionsIsListed(t *testing.T) {
	compare(t, "runtime.golden", demand.RunTime(deployed(t, "prod", production)))
}

func TestEveryCallOfEveryServiceAroundFunctionsIsListed(t *testing.T) {
	e := services(t)
	compare(t, "services.golden", demand.RunTime(e))
	for _, typ := range demand.RunningTypes() {
		assert.NotEmpty(t, e.OfType(typ), "testdata/runtime.yaml has no %s", typ)
	}
	for _, service := range demand.SourceServices() {
		assert.NotEmpty(t, matchingService(e, service), "testdata/runtime.yaml reads from no %s", service)
	}
}

func matchingService(e *estate.Estate, service string) []demand.Demand {
	var found []demand.Demand
	for _, d := range demand.RunTime(e) {
		if strings.HasPrefix(d.Why, "Lambda reads") && strings.Contains(d.Resource, ":"+service+":") {
			found = append(found, d)
		}
	}
	return found
}

func TestEveryCallAtRunTimeSaysWhyAndWhere(t *testing.T) {
	for _, e := range []*estate.Estate{services(t), deployed(t, "prod", production), everywhere(t)} {
		demands := demand.RunTime(e)
		require.NotEmpty(t, demands)
		for _, d := range demands {
			assert.NotEmpty(t, d.Why, d.Action)
			assert.Equal(t, "Run time", d.Step.Stage, d.Action)
			assert.NotEmpty(t, d.Step.Action, d.Action)
			assert.NotZero(t, d.Cause, d.Action)
			assert.True(t, strings.HasPrefix(d.Page, "https://docs.aws.amazon.com/"), "%s: %s", d.Action, d.Page)
			assert.NotEmpty(t, d.Principal.ARN+d.Principal.Service, d.Action)
			for _, key := range d.Narrowed {
				assert.True(t, key == "aws:principalarn" || len(d.Context[key]) > 0, "%s: %s", d.Action, key)
			}
		}
	}
}

const lambdaFunction = `
  Worker: {Type: AWS::Lambda::Function, Properties: {FunctionName: worker, Role: 'arn:aws:iam::111111111111:role/worker'}}
`

func TestALogGroupIsMadeByLambdaOnlyWhereNobodyElseMakesIt(t *testing.T) {
	group := func(name string) string {
		return "\n  Log: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: " + name + "}}\n"
	}
	for resources, want := range map[string]int{
		lambdaFunction: 1,
		lambdaFunction + group("/aws/lambda/worker"):                                                      0,
		lambdaFunction + group("/aws/lambda/another"):                                                     1,
		strings.Replace(lambdaFunction, "}}\n", ", LoggingConfig: {LogGroup: own}}}\n", 1) + group("own"): 0,
	} {
		assert.Len(t, matching(demand.RunTime(of(t, "Resources:"+resources)), "logs:CreateLogGroup"), want, resources)
	}
}

// Who is asked for is what is called: a grant on the function is none on its alias, and
// the other way round.
func TestAServiceCallsTheAliasThatItWasGiven(t *testing.T) {
	calls := matching(demand.RunTime(deployed(t, "prod", production)), "lambda:InvokeFunction", "apigateway.amazonaws.com")
	require.Len(t, calls, 2, "the API is in another nested stack than the function")
	for _, d := range calls {
		assert.True(t, strings.HasSuffix(d.Resource, ":function:acme-shop-prod-orders-api:live"), d.Resource)
		assert.Equal(t, []string{"aws:sourcearn"}, d.Narrowed)
	}
	rule := matching(demand.RunTime(deployed(t, "prod", production)), "lambda:InvokeFunction", "config.amazonaws.com")
	require.Len(t, rule, 1)
	assert.Equal(t, []string{"aws:sourceaccount"}, rule[0].Narrowed, "the rule is made after the permission")
}

func TestARuleOnlyRunsWhereItExists(t *testing.T) {
	assert.Empty(t, matching(demand.RunTime(deployed(t, "dev", development)), "lambda:InvokeFunction", "config.amazonaws.com"))
}

func TestManyRoutesMayShareAGrantForTheWholeAPI(t *testing.T) {
	template := func(routes int) string {
		var b strings.Builder
		b.WriteString("Resources:" + lambdaFunction)
		b.WriteString("  Integration: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: abc, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Worker.Arn}}\n")
		for i := range routes {
			fmt.Fprintf(&b, "  Route%d: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: abc, RouteKey: 'GET /%d', Target: !Sub 'integrations/${Integration}'}}\n", i, i)
		}
		return b.String()
	}
	const whole = "arn:aws:execute-api:eu-central-1:111111111111:abc/*/*"
	for routes, want := range map[int]bool{50: false, 51: true} {
		calls := matching(demand.RunTime(of(t, template(routes))), "lambda:InvokeFunction")
		require.Len(t, calls, routes)
		for _, d := range calls {
			assert.Equal(t, want, len(d.Leeway["aws:sourcearn"]) == 2 && d.Leeway["aws:sourcearn"][1] == whole, "%d routes: %v", routes, d.Leeway)
		}
	}
}

func TestAQueueWithAKeyOfAWSNeedsNoKey(t *testing.T) {
	const queue = `
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs, KmsMasterKeyId: KEY}}
  Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: worker, EventSourceArn: !GetAtt Queue.Arn}}
`
	for key, want := range map[string]int{
		"alias/aws/sqs": 0,
		"arn:aws:kms:eu-central-1:111111111111:alias/aws/sqs": 0,
		"arn:aws:kms:eu-central-1:111111111111:key/1":         1,
	} {
		template := "Resources:" + lambdaFunction + strings.Replace(queue, "KEY", "'"+key+"'", 1)
		assert.Len(t, matching(demand.RunTime(of(t, template)), "kms:Decrypt"), want, key)
	}
}

func TestTenSchedulesAreOneReasonToTakeTheirRole(t *testing.T) {
	var b strings.Builder
	b.WriteString("Resources:" + lambdaFunction)
	for i := range 10 {
		fmt.Fprintf(&b, "  S%d: {Type: AWS::Scheduler::Schedule, Properties: {FlexibleTimeWindow: {Mode: 'OFF'}, ScheduleExpression: rate(1 day), Target: {Arn: !GetAtt Worker.Arn, RoleArn: 'arn:aws:iam::111111111111:role/clock'}}}\n", i)
	}
	demands := demand.RunTime(of(t, b.String()))
	assert.Len(t, matching(demands, "sts:AssumeRole", "scheduler.amazonaws.com"), 1)
	assert.Len(t, matching(demands, "lambda:InvokeFunction"), 1)
}

func TestWhatEventBridgeTellsATopicCarriesNoSource(t *testing.T) {
	e := everywhere(t)
	published := matching(demand.RunTime(e), "sns:Publish", "events.amazonaws.com")
	require.Len(t, published, 1)
	assert.Empty(t, published[0].Narrowed)
	assert.NotContains(t, published[0].Context, "aws:sourcearn")
	key := matching(demand.RunTime(e), "kms:GenerateDataKey", "events.amazonaws.com")
	require.Len(t, key, 1)
	assert.Equal(t, []string{"kms:encryptioncontext:aws:sns:topicarn"}, key[0].Narrowed)
	assert.Equal(t, []string{"arn:aws:sns:eu-central-1:111111111111:acme-shop-pipeline-*"}, key[0].Leeway["kms:encryptioncontext:aws:sns:topicarn"])
}
