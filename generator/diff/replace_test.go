package diff_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diff"
)

// The group has no name, so that its id is another one when it is made anew; what cannot
// change its group is replaced in turn, and what is told of that one follows again.
const chain = `Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: DESCRIPTION, VpcId: vpc-1}
  Rule:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !GetAtt Group.GroupId, IpProtocol: tcp}
  Function:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: worker, Role: role, Code: {ZipFile: x}, VpcConfig: {SecurityGroupIds: [!GetAtt Group.GroupId]}}
  Note:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Ref Rule}
  Other:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: other}
`

func TestWhatRefersToSomethingReplacedFollowsIt(t *testing.T) {
	p := between(t, chain, with(chain, "DESCRIPTION", "another"))
	group, rule, function, note := resource(p, "Group"), resource(p, "Rule"), resource(p, "Function"), resource(p, "Note")
	require.NotNil(t, group)
	assert.Equal(t, diff.Replaced, group.Action)
	require.NotNil(t, rule)
	assert.Equal(t, diff.Replaced, rule.Action, "it cannot change its group")
	assert.Equal(t, "Group", rule.Properties[0].Follows)
	require.NotNil(t, function)
	assert.Equal(t, diff.Changed, function.Action)
	assert.Equal(t, "VpcConfig.SecurityGroupIds[0]", function.Properties[0].Path)
	assert.Equal(t, "Group", function.Properties[0].Follows)
	require.NotNil(t, note)
	assert.Equal(t, "Rule", note.Properties[0].Follows)
	assert.Nil(t, resource(p, "Other"))
}

const queue = `Resources:
  Queue:
    Type: AWS::SQS::Queue
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties: {QueueName: jobs.fifo, FifoQueue: true, DelaySeconds: 1}
`

func TestAReplacementIsJudged(t *testing.T) {
	for name, c := range map[string]struct {
		before, after string
		want          diff.Resource
	}{
		"in place":         {queue, with(queue, "DelaySeconds: 1", "DelaySeconds: 2"), diff.Resource{Action: diff.Changed}},
		"another name":     {queue, with(queue, "jobs.fifo", "work.fifo"), diff.Resource{Action: diff.Replaced, LosesData: true}},
		"the same name":    {queue, with(queue, "FifoQueue: true, ", ""), diff.Resource{Action: diff.Replaced, LosesData: true, Refused: diff.Named}},
		"no name":          {with(queue, "QueueName: jobs.fifo, ", ""), with(queue, "QueueName: jobs.fifo, FifoQueue: true, ", ""), diff.Resource{Action: diff.Replaced, LosesData: true}},
		"kept":             {with(queue, "Policy: Delete", "Policy: Retain"), with(queue, "Policy: Delete", "Policy: Retain", "jobs.fifo", "work.fifo"), diff.Resource{Action: diff.Replaced}},
		"kept from now on": {queue, with(queue, "Policy: Delete", "Policy: Retain", "jobs.fifo", "work.fifo"), diff.Resource{Action: diff.Replaced, LosesData: true}},
		"another type":     {queue, with(queue, "AWS::SQS::Queue", "AWS::SNS::Topic", "QueueName", "TopicName", "FifoQueue", "FifoTopic", ", DelaySeconds: 1", ""), diff.Resource{Action: diff.Replaced, LosesData: true, Refused: diff.Retyped}},
	} {
		got := resource(between(t, c.before, c.after), "Queue")
		if assert.NotNil(t, got, name) {
			assert.Equal(t, c.want, diff.Resource{Action: got.Action, Maybe: got.Maybe, LosesData: got.LosesData, Refused: got.Refused}, name)
		}
	}
}

func TestADatabaseLeavesASnapshotUnlessItIsSaidOtherwise(t *testing.T) {
	const database = "  Data:\n    Type: AWS::RDS::DBInstance\n    Properties: {DBInstanceClass: db.t4g.micro}\n"
	const other = "Resources:\n  Other:\n    Type: AWS::SNS::Topic\n"
	for _, c := range []struct {
		text  string
		loses bool
	}{
		{database, false},
		{with(database, "    Properties", "    DeletionPolicy: Delete\n    Properties"), true},
		{with(database, "{DB", "{DBClusterIdentifier: c, DB"), true},
	} {
		got := resource(between(t, other+c.text, other), "Data")
		require.NotNil(t, got)
		assert.Equal(t, diff.Removed, got.Action)
		assert.Equal(t, c.loses, got.LosesData, c.text)
	}
}
