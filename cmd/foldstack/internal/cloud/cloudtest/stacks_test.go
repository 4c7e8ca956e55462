package cloudtest_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

const account = "111111111111"

var named = []types.Capability{types.CapabilityCapabilityNamedIam}

// made is a stack after its creation, or its failure, has come to light.
func made(t *testing.T, server *cloudtest.Server, c *cloudformation.Client, name, template string, parameters ...types.Parameter) cloudtest.Stack {
	t.Helper()
	server.Looks = 0
	_, err := c.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: &name, TemplateBody: &template, Capabilities: named, Parameters: parameters})
	require.NoError(t, err)
	return stackOf(server, name)
}

func changed(t *testing.T, server *cloudtest.Server, c *cloudformation.Client, name, template string) cloudtest.Stack {
	t.Helper()
	server.Looks = 0
	_, err := c.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: &name, TemplateBody: &template, Capabilities: named})
	require.NoError(t, err)
	return stackOf(server, name)
}

func stackOf(server *cloudtest.Server, name string) cloudtest.Stack {
	for _, s := range server.Stacks(account, region) {
		if s.Name == name {
			return s
		}
	}
	return cloudtest.Stack{}
}

func bucket(name, attributes string) string {
	return "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n" + attributes + "    Properties:\n      BucketName: " + name + "\n"
}

// reasons are those of the events of a stack.
func reasons(t *testing.T, c *cloudformation.Client, id string) string {
	t.Helper()
	answer, err := c.DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: &id})
	require.NoError(t, err)
	var b strings.Builder
	for _, e := range answer.StackEvents {
		b.WriteString(*e.LogicalResourceId + " " + string(e.ResourceStatus) + " " + aws.ToString(e.ResourceStatusReason) + "\n")
	}
	return b.String()
}

func TestACallIsRefusedAsCloudFormationWould(t *testing.T) {
	const parameters = "Parameters:\n  Key:\n    Type: String\n    AllowedPattern: '[a-z]+'\n  Stage:\n    Type: String\n    Default: dev\n    AllowedValues: [dev, prod]\n"
	given := func(name, value string) []types.Parameter {
		return []types.Parameter{{ParameterKey: &name, ParameterValue: &value}}
	}
	template := parameters + bucket("b", "")
	for want, input := range map[string]cloudformation.CreateStackInput{
		"ValidationError: Parameters: [Key] must have values":                               {TemplateBody: &template},
		"ValidationError: Parameter Key failed to satisfy constraint":                       {TemplateBody: &template, Parameters: given("Key", "1")},
		"ValidationError: Parameter 'Stage' must be one of AllowedValues":                   {TemplateBody: &template, Parameters: append(given("Key", "a"), given("Stage", "test")...)},
		"ValidationError: Parameters: [Other] do not exist in the template":                 {TemplateBody: &template, Parameters: append(given("Key", "a"), given("Other", "b")...)},
		"InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]": {TemplateBody: aws.String(roles)},
		"must have length less than or equal to 51200":                                      {TemplateBody: aws.String(template + "#" + strings.Repeat("x", 51200))},
		"ValidationError: Template format error: At least one Resources member":             {TemplateBody: aws.String("Resources: {}")},
		"ValidationError: S3 error: The specified key does not exist.":                      {TemplateURL: aws.String("https://s3.eu-central-1.amazonaws.com/assets/none.yaml")},
		"AlreadyExistsException: Stack [there] already exists":                              {TemplateBody: aws.String(bucket("b", "")), StackName: aws.String("there")},
	} {
		server := cloudtest.New()
		c := client(t, server)
		server.AddBucket(region, "assets")
		server.SetStatus(account, region, "there", "CREATE_COMPLETE", "")
		if input.StackName == nil {
			input.StackName = aws.String("shop")
		}
		_, err := c.CreateStack(t.Context(), &input)
		require.ErrorContains(t, err, want)
		assert.Empty(t, stackOf(server, "shop"))
	}
}

func TestACallWithTheTokenOfAnotherIsThatCall(t *testing.T) {
	server := cloudtest.New()
	c := client(t, server)
	input := &cloudformation.CreateStackInput{StackName: aws.String("shop"), TemplateBody: aws.String(bucket("b", "")), ClientRequestToken: aws.String("token")}
	first, err := c.CreateStack(t.Context(), input)
	require.NoError(t, err)
	again, err := c.CreateStack(t.Context(), input)
	require.NoError(t, err)
	assert.Equal(t, first.StackId, again.StackId)
	input.ClientRequestToken = aws.String("another")
	_, err = c.CreateStack(t.Context(), input)
	var exists *types.AlreadyExistsException
	require.ErrorAs(t, err, &exists)
}

func TestAnOperationIsSeenInProgressUntilItHasBeenLookedAt(t *testing.T) {
	server := cloudtest.New()
	c := client(t, server)
	_, err := c.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("shop"), TemplateBody: aws.String(bucket("b", ""))})
	require.NoError(t, err)
	for _, want := range []types.StackStatus{"CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"} {
		assert.Equal(t, "CREATE_IN_PROGRESS", stackOf(server, "shop").Status)
		_, err = c.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("shop"), TemplateBody: aws.String(bucket("c", ""))})
		require.ErrorContains(t, err, "is in CREATE_IN_PROGRESS state and can not be updated")
		answer, err := c.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("shop")})
		require.NoError(t, err)
		assert.Equal(t, want, answer.Stacks[0].StackStatus)
	}
	assert.Empty(t, server.Objects("b"), "the bucket is there")
}

func TestAStackThatIsAbsentIsNoErrorOfItsOwn(t *testing.T) {
	c := client(t, cloudtest.New())
	for want, call := range map[string]func(context.Context) error{
		"Stack with id shop does not exist": func(ctx context.Context) error {
			_, err := c.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String("shop")})
			return err
		},
		"Stack [shop] does not exist": func(ctx context.Context) error {
			_, err := c.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: aws.String("shop")})
			return err
		},
	} {
		err := call(t.Context())
		var api smithy.APIError
		require.ErrorAs(t, err, &api)
		assert.Equal(t, "ValidationError", api.ErrorCode())
		assert.Equal(t, want, api.ErrorMessage())
	}
	_, err := c.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("shop")})
	require.NoError(t, err)
}

func TestANameIsTakenOnce(t *testing.T) {
	for name, c := range map[string]struct{ first, second, where string }{
		"a bucket of another region":           {bucket("b", ""), bucket("b", ""), "us-east-1"},
		"a role of another region":             {roles, roles, "us-east-1"},
		"a queue of the same region":           {queue("jobs"), queue("jobs"), region},
		"a bucket that nobody's stack has":     {bucket("b", ""), bucket("alone", ""), region},
		"a repository that nobody's stack has": {bucket("b", ""), "Resources:\n  Images:\n    Type: AWS::ECR::Repository\n    Properties:\n      RepositoryName: alone\n", region},
	} {
		t.Run(name, func(t *testing.T) {
			server := cloudtest.New()
			sdk := client(t, server)
			server.AddBucket(region, "alone")
			server.AddRepository(region, "alone")
			require.Equal(t, "CREATE_COMPLETE", made(t, server, sdk, "first", c.first).Status)
			answer, err := sdk.CreateStack(t.Context(), &cloudformation.CreateStackInput{
				StackName: aws.String("second"), TemplateBody: &c.second, Capabilities: named,
			}, func(o *cloudformation.Options) { o.Region = c.where })
			require.NoError(t, err)
			events, err := sdk.DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: answer.StackId},
				func(o *cloudformation.Options) { o.Region = c.where })
			require.NoError(t, err)
			assert.Equal(t, types.ResourceStatus("ROLLBACK_COMPLETE"), events.StackEvents[0].ResourceStatus)
			assert.True(t, slices.ContainsFunc(events.StackEvents, func(e types.StackEvent) bool {
				return strings.Contains(aws.ToString(e.ResourceStatusReason), "already exists")
			}))
		})
	}
	server := cloudtest.New()
	c := client(t, server)
	made(t, server, c, "first", queue("jobs"))
	_, err := c.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("second"), TemplateBody: aws.String(queue("jobs"))},
		func(o *cloudformation.Options) { o.Region = "us-east-1" })
	require.NoError(t, err)
	assert.Equal(t, "CREATE_COMPLETE", server.Stacks(account, "us-east-1")[0].Status, "queues of two regions may have one name")
}

func queue(name string) string {
	return "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: " + name + "\n"
}

func TestWhatIsRetainedStaysAndTheRestGoes(t *testing.T) {
	for policy, stays := range map[string]struct{ deleted, undone bool }{
		"":                             {false, false},
		"    DeletionPolicy: Retain\n": {true, true},
		"    DeletionPolicy: RetainExceptOnCreate\n": {true, false},
	} {
		server := cloudtest.New()
		c := client(t, server)
		require.Equal(t, "CREATE_COMPLETE", made(t, server, c, "shop", bucket("b", policy)).Status)
		_, err := c.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("shop")})
		require.NoError(t, err)
		again := made(t, server, c, "again", bucket("b", ""))
		assert.Equal(t, stays.deleted, again.Status == "ROLLBACK_COMPLETE", policy)

		server.FailResource("half", "Later", "no")
		require.Equal(t, "ROLLBACK_COMPLETE", made(t, server, c, "half", bucket("undone", policy)+"  Later:\n    Type: AWS::SQS::Queue\n    DependsOn: Bucket\n").Status)
		again = made(t, server, c, "other", bucket("undone", ""))
		assert.Equal(t, stays.undone, again.Status == "ROLLBACK_COMPLETE", policy)
	}
}

func TestANameThatChangesReplacesTheResource(t *testing.T) {
	server := cloudtest.New()
	c := client(t, server)
	made(t, server, c, "shop", bucket("old", ""))
	assert.Equal(t, "UPDATE_COMPLETE", changed(t, server, c, "shop", bucket("new", "")).Status)
	assert.Equal(t, "CREATE_COMPLETE", made(t, server, c, "other", bucket("old", "")).Status, "the old one is gone")

	server.FailResource("shop", "Later", "no")
	assert.Equal(t, "UPDATE_ROLLBACK_COMPLETE", changed(t, server, c, "shop", bucket("newer", "")+"  Later:\n    Type: AWS::SQS::Queue\n    DependsOn: Bucket\n").Status)
	assert.Equal(t, "CREATE_COMPLETE", made(t, server, c, "third", bucket("newer", "")).Status, "what was made is undone")
	assert.Equal(t, "ROLLBACK_COMPLETE", made(t, server, c, "fourth", bucket("new", "")).Status, "what was there is there again")
	assert.Equal(t, "UPDATE_COMPLETE", changed(t, server, c, "other", bucket("last", "    UpdateReplacePolicy: Retain\n")).Status)
	assert.Equal(t, "ROLLBACK_COMPLETE", made(t, server, c, "fifth", bucket("old", "")).Status, "what is replaced may stay")
}

func TestAFunctionNeedsItsArchive(t *testing.T) {
	const function = "Resources:\n  Function:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code: {S3Bucket: assets, S3Key: functions/a.zip}\n"
	server := cloudtest.New()
	c := client(t, server)
	server.AddBucket(region, "assets")
	failed := made(t, server, c, "shop", function)
	assert.Equal(t, "ROLLBACK_COMPLETE", failed.Status)
	assert.Contains(t, reasons(t, c, failed.ID), "Function CREATE_FAILED Error occurred while GetObject. S3 Error Code: NoSuchKey.")
	server.Put("assets", "functions/a.zip", nil)
	assert.Equal(t, "CREATE_COMPLETE", made(t, server, c, "another", function).Status)
}

func TestValuesAreEvaluated(t *testing.T) {
	const template = `
Parameters: {Stage: {Type: String}}
Mappings: {Sizes: {prod: {Size: large}, dev: {Size: small}}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsNot: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Condition IsNot]
  Either: !Or [!Condition IsProd, !Condition IsNot]
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: deploy, Path: /base/}}
  Never: {Type: AWS::SQS::Queue, Condition: Both}
Outputs:
  Size: {Value: !FindInMap [Sizes, !Ref Stage, Size]}
  Topic: {Value: !Ref Topic}
  Role: {Value: !GetAtt Role.Arn}
  Joined: {Value: !Join ['-', [a, !Select [1, !Split [',', 'b,c']]]]}
  Sub: {Value: !Sub ['${AWS::Region} ${!kept} ${Own}', {Own: !If [Either, yes, no]}]}
  Encoded: {Value: !Base64 text}
  Host: {Value: !Sub 's3.${AWS::URLSuffix} ${AWS::Partition} ${AWS::AccountId}', Condition: IsNot}
  Absent: {Value: a, Condition: IsProd}
`
	server := cloudtest.New()
	c := client(t, server)
	s := made(t, server, c, "shop", template, types.Parameter{ParameterKey: aws.String("Stage"), ParameterValue: aws.String("dev")})
	require.Equal(t, "CREATE_COMPLETE", s.Status, reasons(t, c, s.ID))
	assert.Equal(t, map[string]string{
		"Size": "small", "Topic": "arn:aws:sns:eu-central-1:111111111111:news", "Role": "arn:aws:iam::111111111111:role/base/deploy", "Joined": "a-c",
		"Sub": "eu-central-1 ${kept} yes", "Encoded": "dGV4dA==", "Host": "s3.amazonaws.com aws 111111111111",
	}, s.Outputs)
	assert.NotContains(t, reasons(t, c, s.ID), "Never")
}
