package endtoend

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfn "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

// request is what CloudFormation is told of a stack.
type request struct {
	stack, template string
	role            *string
	parameters      []cfn.Parameter
	tags            []cfn.Tag
	capabilities    []cfn.Capability
}

func parameters(values map[string]string) (list []cfn.Parameter) {
	for key, value := range values {
		list = append(list, cfn.Parameter{ParameterKey: &key, ParameterValue: &value})
	}
	return list
}

func tags(values map[string]string) (list []cfn.Tag) {
	for key, value := range values {
		list = append(list, cfn.Tag{Key: &key, Value: &value})
	}
	return list
}

// deployment deploys stacks in one account and region, as one role.
type deployment struct {
	t      *testing.T
	client *cloudformation.Client
}

func stacksOf(t *testing.T, m *mock, account, region string) deployment {
	t.Helper()
	return deployment{t, cloudformation.NewFromConfig(m.administrator(t, account).config(region))}
}

// describe returns a stack, or nil.
func (d deployment) describe(name string) *cfn.Stack {
	d.t.Helper()
	answer, err := d.client.DescribeStacks(d.t.Context(), &cloudformation.DescribeStacksInput{StackName: &name})
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() == "ValidationError" {
		return nil
	}
	require.NoError(d.t, err)
	return &answer.Stacks[0]
}

func (d deployment) createOrUpdate(r request) error {
	d.t.Helper()
	if d.describe(r.stack) == nil {
		_, err := d.client.CreateStack(d.t.Context(), &cloudformation.CreateStackInput{
			StackName: &r.stack, TemplateBody: &r.template, RoleARN: r.role, Parameters: r.parameters, Tags: r.tags, Capabilities: r.capabilities,
		})
		require.NoError(d.t, err)
	} else {
		_, err := d.client.UpdateStack(d.t.Context(), &cloudformation.UpdateStackInput{
			StackName: &r.stack, TemplateBody: &r.template, RoleARN: r.role, Parameters: r.parameters, Tags: r.tags, Capabilities: r.capabilities,
		})
		if err != nil {
			require.ErrorContains(d.t, err, "No updates are to be performed")
			return nil
		}
	}
	return d.complete(r.stack)
}

// prepare replaces the change set.
func (d deployment) prepare(r request, changeSet string) {
	d.t.Helper()
	kind, there := cfn.ChangeSetTypeUpdate, d.describe(r.stack)
	if there == nil || there.StackStatus == cfn.StackStatusReviewInProgress { // it has no resources yet
		kind = cfn.ChangeSetTypeCreate
	}
	if there != nil {
		_, err := d.client.DeleteChangeSet(d.t.Context(), &cloudformation.DeleteChangeSetInput{StackName: &r.stack, ChangeSetName: &changeSet})
		require.NoError(d.t, err)
	}
	_, err := d.client.CreateChangeSet(d.t.Context(), &cloudformation.CreateChangeSetInput{
		StackName: &r.stack, ChangeSetName: &changeSet, ChangeSetType: kind, TemplateBody: &r.template, RoleARN: r.role,
		Parameters: r.parameters, Tags: r.tags, Capabilities: r.capabilities,
	})
	require.NoError(d.t, err)
	made, err := d.client.DescribeChangeSet(d.t.Context(), &cloudformation.DescribeChangeSetInput{StackName: &r.stack, ChangeSetName: &changeSet})
	require.NoError(d.t, err)
	require.Equal(d.t, cfn.ChangeSetStatusCreateComplete, made.Status, aws.ToString(made.StatusReason))
}

func (d deployment) execute(stack, changeSet string) error {
	d.t.Helper()
	_, err := d.client.ExecuteChangeSet(d.t.Context(), &cloudformation.ExecuteChangeSetInput{StackName: &stack, ChangeSetName: &changeSet})
	require.NoError(d.t, err)
	return d.complete(stack)
}

// complete returns CloudFormation's reasons unless a stack is as it was asked for.
func (d deployment) complete(name string) error {
	d.t.Helper()
	stack := d.describe(name)
	require.NotNil(d.t, stack, name)
	if slices.Contains([]cfn.StackStatus{cfn.StackStatusCreateComplete, cfn.StackStatusUpdateComplete}, stack.StackStatus) {
		return nil
	}
	events, err := d.client.DescribeStackEvents(d.t.Context(), &cloudformation.DescribeStackEventsInput{StackName: &name})
	require.NoError(d.t, err)
	failure := fmt.Errorf("%s is %s", name, stack.StackStatus)
	for _, e := range slices.Backward(events.StackEvents) {
		if strings.HasSuffix(string(e.ResourceStatus), "_FAILED") {
			failure = fmt.Errorf("%w\n%s %s: %s", failure, *e.LogicalResourceId, e.ResourceStatus, *e.ResourceStatusReason)
		}
	}
	return failure
}

func (d deployment) delete(name string) {
	d.t.Helper()
	_, err := d.client.DeleteStack(d.t.Context(), &cloudformation.DeleteStackInput{StackName: &name})
	require.NoError(d.t, err)
	if stack := d.describe(name); stack != nil {
		require.Fail(d.t, name+" is "+string(stack.StackStatus), aws.ToString(stack.StackStatusReason))
	}
}
