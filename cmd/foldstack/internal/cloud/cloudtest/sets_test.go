package cloudtest_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

const (
	region = "eu-central-1"
	roles  = "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: deploy\n"
	unit   = "ou-root-workloads"
)

func client(t *testing.T, server *cloudtest.Server) *cloudformation.Client {
	t.Helper()
	t.Cleanup(server.Close)
	for name, value := range server.Environment() {
		t.Setenv(name, value)
	}
	c, err := config.LoadDefaultConfig(t.Context(), config.WithRegion(region))
	require.NoError(t, err)
	return cloudformation.NewFromConfig(c)
}

// ended looks at an operation until it has come to an end.
func ended(t *testing.T, c *cloudformation.Client, operation *string) types.StackSetOperationStatus {
	t.Helper()
	for range 10 {
		answer, err := c.DescribeStackSetOperation(t.Context(), &cloudformation.DescribeStackSetOperationInput{StackSetName: aws.String("targets"), OperationId: operation})
		require.NoError(t, err)
		if answer.StackSetOperation.Status != types.StackSetOperationStatusRunning {
			return answer.StackSetOperation.Status
		}
	}
	t.Fatal("it comes to no end")
	return ""
}

func TestAStackSetDeploysToTheAccountsOfAUnitAndToThoseThatJoin(t *testing.T) {
	server := cloudtest.New()
	c := client(t, server)
	server.SetOrganizationalUnit(unit, "222222222222", "333333333333")
	_, err := c.CreateStackSet(t.Context(), &cloudformation.CreateStackSetInput{
		StackSetName: aws.String("targets"), TemplateBody: aws.String(roles), PermissionModel: types.PermissionModelsServiceManaged,
		Capabilities:   []types.Capability{types.CapabilityCapabilityNamedIam},
		AutoDeployment: &types.AutoDeployment{Enabled: aws.Bool(true), RetainStacksOnAccountRemoval: aws.Bool(false)},
	})
	require.NoError(t, err)
	to := &types.DeploymentTargets{OrganizationalUnitIds: []string{unit}}
	made, err := c.CreateStackInstances(t.Context(), &cloudformation.CreateStackInstancesInput{StackSetName: aws.String("targets"), Regions: []string{region}, DeploymentTargets: to})
	require.NoError(t, err)
	_, err = c.DeleteStackInstances(t.Context(), &cloudformation.DeleteStackInstancesInput{
		StackSetName: aws.String("targets"), Regions: []string{region}, DeploymentTargets: to, RetainStacks: aws.Bool(false),
	})
	var busy *types.OperationInProgressException
	require.ErrorAs(t, err, &busy)
	assert.Equal(t, types.StackSetOperationStatusSucceeded, ended(t, c, made.OperationId))

	server.SetOrganizationalUnit(unit, "222222222222", "333333333333", "444444444444")
	list, err := c.ListStackInstances(t.Context(), &cloudformation.ListStackInstancesInput{StackSetName: aws.String("targets")})
	require.NoError(t, err)
	require.Len(t, list.Summaries, 3)
	for _, i := range list.Summaries {
		assert.Equal(t, types.StackInstanceStatusCurrent, i.Status)
		require.Len(t, server.Stacks(*i.Account, region), 1)
		assert.Equal(t, "CREATE_COMPLETE", server.Stacks(*i.Account, region)[0].Status)
	}

	_, err = c.DeleteStackSet(t.Context(), &cloudformation.DeleteStackSetInput{StackSetName: aws.String("targets")})
	var full *types.StackSetNotEmptyException
	require.ErrorAs(t, err, &full)
	gone, err := c.DeleteStackInstances(t.Context(), &cloudformation.DeleteStackInstancesInput{
		StackSetName: aws.String("targets"), Regions: []string{region}, DeploymentTargets: to, RetainStacks: aws.Bool(false),
	})
	require.NoError(t, err)
	assert.Equal(t, types.StackSetOperationStatusSucceeded, ended(t, c, gone.OperationId))
	assert.Empty(t, server.Stacks("222222222222", region))
	_, err = c.DeleteStackSet(t.Context(), &cloudformation.DeleteStackSetInput{StackSetName: aws.String("targets")})
	require.NoError(t, err)
	_, err = c.DescribeStackSet(t.Context(), &cloudformation.DescribeStackSetInput{StackSetName: aws.String("targets")})
	var absent *types.StackSetNotFoundException
	require.ErrorAs(t, err, &absent)
}

func TestAnInstanceThatFailsCancelsTheOthersAndIsMadeByTheNextOperation(t *testing.T) {
	server := cloudtest.New()
	c := client(t, server)
	_, err := c.CreateStackSet(t.Context(), &cloudformation.CreateStackSetInput{
		StackSetName: aws.String("targets"), TemplateBody: aws.String(roles), Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam},
	})
	require.NoError(t, err)
	server.FailEverywhere("Role", "quota")
	instances := cloudformation.CreateStackInstancesInput{StackSetName: aws.String("targets"), Regions: []string{region}, Accounts: []string{"222222222222", "333333333333"}}
	first, second := instances, instances // the SDK writes the operation's id into what it is given
	made, err := c.CreateStackInstances(t.Context(), &first)
	require.NoError(t, err)
	assert.Equal(t, types.StackSetOperationStatusFailed, ended(t, c, made.OperationId))
	list, err := c.ListStackInstances(t.Context(), &cloudformation.ListStackInstancesInput{StackSetName: aws.String("targets")})
	require.NoError(t, err)
	assert.Equal(t, "ResourceLogicalId:Role, ResourceType:AWS::IAM::Role, ResourceStatusReason:quota.", *list.Summaries[0].StatusReason)
	assert.Equal(t, types.StackInstanceDetailedStatusCancelled, list.Summaries[1].StackInstanceStatus.DetailedStatus)

	server.FailEverywhere("Role", "")
	again, err := c.CreateStackInstances(t.Context(), &second)
	require.NoError(t, err)
	assert.Equal(t, types.StackSetOperationStatusSucceeded, ended(t, c, again.OperationId))
	changed, err := c.UpdateStackSet(t.Context(), &cloudformation.UpdateStackSetInput{
		StackSetName: aws.String("targets"), TemplateBody: aws.String(roles + "      Path: /base/\n"), Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam},
	})
	require.NoError(t, err)
	assert.Equal(t, types.StackSetOperationStatusSucceeded, ended(t, c, changed.OperationId))
	assert.Equal(t, "UPDATE_COMPLETE", server.Stacks("333333333333", region)[0].Status)
}

func TestAChangeSetMakesAStackWhenItIsExecuted(t *testing.T) {
	server := cloudtest.New()
	c := client(t, server)
	create := func(kind types.ChangeSetType) *cloudformation.DescribeChangeSetOutput {
		made, err := c.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{
			StackName: aws.String("shop"), ChangeSetName: aws.String("pipeline"), ChangeSetType: kind, TemplateBody: aws.String(roles),
			Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam},
		})
		require.NoError(t, err)
		for {
			seen, err := c.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{ChangeSetName: made.Id})
			require.NoError(t, err)
			if seen.Status != types.ChangeSetStatusCreateInProgress {
				return seen
			}
		}
	}
	seen := create(types.ChangeSetTypeCreate)
	assert.Equal(t, "REVIEW_IN_PROGRESS", server.Stacks("111111111111", region)[0].Status)
	require.Len(t, seen.Changes, 1)
	assert.Equal(t, types.ChangeActionAdd, seen.Changes[0].ResourceChange.Action)
	_, err := c.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{StackName: aws.String("shop"), ChangeSetName: aws.String("pipeline")})
	require.NoError(t, err)
	require.NoError(t, cloudformation.NewStackCreateCompleteWaiter(c, func(o *cloudformation.StackCreateCompleteWaiterOptions) { o.MinDelay, o.MaxDelay = 1, 1 }).
		Wait(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("shop")}, 1e9))
	_, err = c.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{StackName: aws.String("shop"), ChangeSetName: aws.String("pipeline")})
	var absent *types.ChangeSetNotFoundException
	require.ErrorAs(t, err, &absent)
	assert.Equal(t, types.ChangeSetStatusFailed, create(types.ChangeSetTypeUpdate).Status)
}
