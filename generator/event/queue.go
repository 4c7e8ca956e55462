package event

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/policy"

	"github.com/awslabs/goformation/v7/cloudformation/sqs"
)

// deadLetterRetention is how long a dead letter is kept: SQS's longest time, in
// seconds.
//
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
const deadLetterRetention = 14 * 24 * 60 * 60

// The types that addQueue emits.
const (
	queueType       = "AWS::SQS::Queue"
	queuePolicyType = "AWS::SQS::QueuePolicy"
)

// addQueue adds an encrypted queue under a generated name and the policy that
// refuses it unencrypted connections. allow holds further statements of the
// policy; their resource is filled in.
//
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html
func (c *Context) addQueue(id string, queue *sqs.Queue, allow ...policy.Statement) *cfn.Resource {
	arn := cfn.GetAtt(id, "Arn")
	queue.SqsManagedSseEnabled = cfn.Ptr(true)
	r := c.Add(id, queue)
	// Everybody and every action: a statement that denies has to name them all.
	statements := []policy.Statement{{
		Sid:        "TLSOnly",
		Effect:     policy.Deny,
		Principal:  policy.Principal{AWS: []string{"*"}},
		Actions:    []string{"sqs:*"},
		Resources:  []string{arn},
		Conditions: []policy.Condition{{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"false"}}},
	}}
	for _, s := range allow {
		s.Resources = []string{arn}
		statements = append(statements, s)
	}
	c.Add(id+"Policy", &sqs.QueuePolicy{
		Queues:         []string{cfn.Ref(id)},
		PolicyDocument: policy.New(statements...),
	})
	return r
}

// addDeadLetters adds a queue for what a service could not deliver, and lets the
// service send to it for one source. It returns the queue's ARN.
func (c *Context) addDeadLetters(id, service, sourceARN string) string {
	c.addQueue(id, &sqs.Queue{MessageRetentionPeriod: cfn.Ptr(deadLetterRetention)}, policy.Statement{
		Sid:        "Send",
		Effect:     policy.Allow,
		Principal:  policy.Principal{Services: []string{service}},
		Actions:    []string{"sqs:SendMessage"},
		Conditions: []policy.Condition{{Operator: "ArnEquals", Key: "aws:SourceArn", Values: []string{sourceARN}}},
	})
	return cfn.GetAtt(id, "Arn")
}
