package check

import (
	"fmt"
	"strconv"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
)

// What AWS takes where a template is silent, in seconds.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
const (
	silentVisibility = 30
	silentTimeout    = 3
)

// Visibility reports functions that may work on a message for longer than its queue
// hides it from others. Lambda refuses to read such a queue.
//
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-queueconfig
func Visibility(environment string, e *estate.Estate, problems *diag.Problems) {
	for _, mapping := range e.OfType("AWS::Lambda::EventSourceMapping") {
		arn, _ := mapping.Properties.Get("EventSourceArn").(string)
		name, _ := mapping.Properties.Get("FunctionName").(string)
		queue, function := e.ByARN(arn), e.Function(name, mapping)
		if queue == nil || queue.Type != "AWS::SQS::Queue" || function == nil {
			continue
		}
		hidden, queuePlace := seconds(queue, "VisibilityTimeout", silentVisibility)
		timeout, functionPlace := seconds(function, "Timeout", silentTimeout)
		if hidden == unknown || timeout == unknown || hidden >= timeout {
			continue
		}
		problems.Add(diag.Problem{
			Rule:  "queue-visibility",
			Place: mapping.At("EventSourceArn"),
			Text:  fmt.Sprintf("in %s the function may run for %d seconds, and its queue %s hides a message for %d: Lambda refuses to read it", environment, timeout, queue.ID, hidden),
			Hint:  fmt.Sprintf("set VisibilityTimeout of %s in %s to %d, six times the timeout, or lower the timeout in %s", queue.ID, queuePlace.File, 6*timeout, functionPlace.File),
			Notes: []diag.Note{{Place: queuePlace, Text: "the queue"}},
		})
	}
}

// unknown is what only the deployment can tell.
const unknown = -1

// seconds is the value of a property, and where it stands or should.
func seconds(r *estate.Resource, property string, silent int) (int, diag.Place) {
	if !r.Properties.Has(property) {
		return silent, r.Entry.Place
	}
	value, err := strconv.Atoi(fmt.Sprint(r.Properties.Get(property)))
	if err != nil {
		value = unknown
	}
	return value, r.At(property)
}
