package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/template"
)

// hiding is what Visibility finds in prod where a queue and its reader have these
// properties.
func hiding(t *testing.T, queue, function, mapping string) []diag.Problem {
	t.Helper()
	var problems diag.Problems
	d := template.Written("f.yaml", tree(t, `
Parameters:
  Environment: {Type: String}
  Hidden: {Type: Number, Default: 60}
  Stored: {Type: AWS::SSM::Parameter::Value<String>, Default: /hidden}
Mappings: {Settings: {dev: {Timeout: 60}, prod: {Timeout: 61}}}
Conditions: {IsProd: !Equals [!Ref Environment, prod], IsLong: !Equals [!Ref Stored, long]}
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs, `+queue+`}}
  Reader: {Type: AWS::Lambda::Function, Properties: {FunctionName: reader, `+function+`}}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Reader, Name: live}}
  Messages: {Type: AWS::Lambda::EventSourceMapping, Properties: {`+mapping+`}}
`), 0, &problems)
	e := estate.Of([]estate.Root{{
		Document: d, Name: "shop", Partition: model.Commercial, Account: "222222222222", Region: "eu-west-1", Parameters: map[string]string{"Environment": "prod"},
	}}, &problems)
	require.Empty(t, problems.Sorted())
	check.Estate("prod", e, &problems)
	return problems.Sorted()
}

const reading = "EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Live"

func TestAFunctionMayRunForAsLongAsItsQueueHidesAMessage(t *testing.T) {
	for _, c := range []struct{ queue, longest, tooLong string }{
		{"", "Timeout: 30", "Timeout: 31"},
		{"VisibilityTimeout: 900", "Timeout: 900", "Timeout: 901"},
		{"VisibilityTimeout: 2", "Timeout: 2", ""}, // 3
		{`VisibilityTimeout: "60"`, "Timeout: !FindInMap [Settings, dev, Timeout]", "Timeout: !FindInMap [Settings, !Ref Environment, Timeout]"},
		{"VisibilityTimeout: !Ref Hidden", "Timeout: 60", "Timeout: 61"},
		{"VisibilityTimeout: !If [IsProd, 10, 20]", "Timeout: 10", "Timeout: 11"},
		{"VisibilityTimeout: !If [IsProd, !Ref 'AWS::NoValue', 20]", "Timeout: 30", "Timeout: 31"},
	} {
		assert.Empty(t, hiding(t, c.queue, c.longest, reading), c)
		found := hiding(t, c.queue, c.tooLong, reading)
		if assert.Len(t, found, 1, c) {
			assert.Equal(t, "queue-visibility", found[0].Rule)
		}
	}
}

func TestAQueueIsFoundHoweverItIsNamed(t *testing.T) {
	for _, mapping := range []string{
		reading,
		"EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Reader",
		"EventSourceArn: 'arn:aws:sqs:eu-west-1:222222222222:jobs', FunctionName: reader",
		"EventSourceArn: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:jobs', FunctionName: 'reader:live'",
	} {
		assert.Len(t, hiding(t, "", "Timeout: 31", mapping), 1, mapping)
	}
}

func TestNothingIsSaidOfATimeoutThatOnlyTheDeploymentKnows(t *testing.T) {
	assert.Empty(t, hiding(t, "VisibilityTimeout: !Ref Stored", "Timeout: 900", reading))
	assert.Empty(t, hiding(t, "VisibilityTimeout: !If [IsLong, 5400, 30]", "Timeout: 900", reading))
	assert.Empty(t, hiding(t, "", "Timeout: !Ref Stored", reading))
	assert.Empty(t, hiding(t, "", "Timeout: 900", "EventSourceArn: 'arn:aws:sqs:eu-west-1:222222222222:others', FunctionName: reader"))
	assert.Empty(t, hiding(t, "", "Timeout: 900", "EventSourceArn: !GetAtt Jobs.Arn, FunctionName: others"))
}

func TestTheHintTellsWhereBothTimeoutsStand(t *testing.T) {
	found := hiding(t, "VisibilityTimeout: 60", "Timeout: 100", reading)
	require.Len(t, found, 1)
	assert.Equal(t, "in prod the function may run for 100 seconds, and its queue Jobs hides a message for 60: Lambda refuses to read it", found[0].Text)
	assert.Equal(t, "set VisibilityTimeout of Jobs in f.yaml to 600, six times the timeout, or lower the timeout in f.yaml", found[0].Hint)
	assert.Equal(t, []diag.Note{{Place: diag.Place{File: "f.yaml", Line: 9, Column: 82}, Text: "the queue"}}, found[0].Notes)
}
