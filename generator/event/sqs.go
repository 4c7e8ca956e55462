package event

import (
	"regexp"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/source"

	"github.com/awslabs/goformation/v7/cloudformation/lambda"
	"github.com/awslabs/goformation/v7/cloudformation/sqs"
)

var sqsKind = Kind{
	Name:    "sqs",
	Doc:     "Lambda reads messages from a queue and calls the function with them in batches.",
	Example: "sqs: {queue: jobs, batchSize: 10}",
	Keys: []Key{
		{"queue", "a name, for which a queue with its dead-letter queue is made, or the ARN of a queue that is there: !GetAtt Jobs.Arn, !Output work.QueueArn"},
		{"batchSize", "messages a call, 1 to 10000; 10 by default and at most for a FIFO queue; more than 10 needs a window"},
		{"window", "seconds to wait for a batch to fill, 0 to 300"},
		{"concurrency", "calls at a time, 2 to 1000; as many as Lambda allows by default"},
		{"partialFailures", "true: the function returns which messages of a batch failed, and only they come again"},
		{"enabled", "false keeps the mapping and stops reading"},
		{"fifo", "true makes a FIFO queue; of a made queue only"},
		{"attempts", "times that a message is received before it becomes a dead letter, 1 to 1000; 5 by default; of a made queue only"},
	},
	Types: []string{
		"AWS::Lambda::EventSourceMapping",
		queueType,
		queuePolicyType,
	},
	decode: decodeSQS,
}

// SQS is a queue whose messages the function works on.
type SQS struct {
	entry
	name            string       // of a queue to make, or empty
	arn             *source.Node // of a queue that is there, or nil
	batchSize       source.Field[int]
	window          source.Field[int]
	concurrency     source.Field[int]
	partialFailures source.Field[bool]
	enabled         source.Field[bool]
	fifo            source.Field[bool]
	attempts        source.Field[int]
}

var (
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
	queueName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)
	arnForm   = regexp.MustCompile(`^arn:[a-z-]+:(sqs|sns):[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+$`)
)

// minWindowBatch is the batch size above which a window is needed, and the
// greatest one of a FIFO queue.
const minWindowBatch = 10

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
func decodeSQS(d *decoding) Event {
	o, queue := d.open("queue", "write a name for a new queue, or the ARN of one that is there")
	s := &SQS{
		batchSize:       o.Int("batchSize", 1, 10000),
		window:          o.Int("window", 0, 300),
		concurrency:     o.Int("concurrency", 2, 1000),
		partialFailures: o.Bool("partialFailures"),
		enabled:         o.Bool("enabled"),
		fifo:            o.Bool("fifo"),
		attempts:        o.Int("attempts", 1, 1000),
	}
	o.Done()
	if queue == nil {
		return nil
	}
	name, ok := d.nameOrARN(queue, "sqs-queue", "sqs", "queue")
	if !ok || !d.checkSQS(s, name) {
		return nil
	}
	s.entry = d.entry
	if s.name = name; name == "" {
		s.arn = queue
	}
	s.summary = written(queue)
	return s
}

func (d *decoding) checkSQS(s *SQS, name string) bool {
	ok := true
	if name == "" && s.fifo.Set {
		ok = d.problem("sqs-existing", s.fifo.Place, "remove it", "fifo is said of a queue that is made here, and this one is there already")
	}
	if name == "" && s.attempts.Set {
		ok = d.problem("sqs-existing", s.attempts.Place, "set the redrive policy where the queue is defined", "attempts is said of a queue that is made here, and this one is there already")
	}
	if s.fifo.Value && s.batchSize.Value > minWindowBatch {
		ok = d.problem("sqs-batch", s.batchSize.Place, "write at most 10", "a FIFO queue gives at most 10 messages a batch")
	}
	if s.fifo.Value && s.window.Value > 0 {
		ok = d.problem("sqs-batch", s.window.Place, "remove it", "Lambda takes no batching window for a FIFO queue")
	}
	if !s.fifo.Value && s.batchSize.Value > minWindowBatch && s.window.Value == 0 {
		ok = d.problem("sqs-batch", s.batchSize.Place, "add window: 1", "a batch of more than 10 messages needs a window of at least one second")
	}
	return ok
}

// nameOrARN tells the name of something to be made (returned) from the ARN of
// something that is there (an empty name).
func (d *decoding) nameOrARN(n *source.Node, rule, service, what string) (name string, ok bool) {
	switch {
	case n.Tag != "":
		return "", true
	case n.Kind != source.Scalar:
		return "", d.problem(rule, n.Place, "write one "+what+" an event", "the %s is %s and not a name or an ARN", what, n.Kind)
	case strings.HasPrefix(n.Text, "arn:"):
		if m := arnForm.FindStringSubmatch(n.Text); m == nil || m[1] != service {
			return "", d.problem(rule, n.Place, "copy the ARN of the "+what, "%q is not the ARN of a %s", n.Text, what)
		}
		return "", true
	case !queueName.MatchString(n.Text):
		hint := "use letters, digits, - and _, at most 80"
		if strings.HasSuffix(n.Text, ".fifo") && what == "queue" {
			hint = "a FIFO queue is written {queue: " + strings.TrimSuffix(n.Text, ".fifo") + ", fifo: true}"
		}
		return "", d.problem(rule, n.Place, hint, "%q cannot be the name of a %s", n.Text, what)
	}
	return n.Text, true
}

// written is a scalar as the user wrote it, its tag included.
func written(n *source.Node) string {
	if n.Tag == "" {
		return n.Text
	}
	if n.Kind == source.Scalar {
		return n.Tag + " " + n.Text
	}
	return n.Tag + " " + string(toJSON(n))
}

// The suffixes of what a made queue is called, as logical id and as output.
const (
	queueSuffix      = "Queue"
	deadLetterSuffix = "DeadLetterQueue"
)

// Outputs names the ARN and URL of a made queue and the ARN of its dead-letter
// queue: JobsQueueArn, JobsQueueUrl, JobsDeadLetterQueueArn.
func (s *SQS) Outputs() []string {
	if s.name == "" {
		return nil
	}
	id := model.LogicalID(s.name)
	return []string{id + queueSuffix + "Arn", id + queueSuffix + "Url", id + deadLetterSuffix + "Arn"}
}

// Build adds the mapping, and the queue where it is to be made.
//
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
func (s *SQS) Build(c *Context) {
	var arn string
	if s.arn != nil {
		arn = c.Text(s.arn)
	} else {
		arn = s.addQueues(c)
	}
	c.Permit(policy.Statement{
		Actions:   []string{"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"},
		Resources: []string{arn},
	})
	mapping := &lambda.EventSourceMapping{
		EventSourceArn: cfn.Ptr(arn),
		FunctionName:   c.Alias,
		BatchSize:      cfn.Ptr(s.batchSize.Or(10)),
	}
	if s.window.Set {
		mapping.MaximumBatchingWindowInSeconds = cfn.Ptr(s.window.Value)
	}
	if s.concurrency.Set {
		mapping.ScalingConfig = &lambda.EventSourceMapping_ScalingConfig{MaximumConcurrency: cfn.Ptr(s.concurrency.Value)}
	}
	if s.partialFailures.Value {
		mapping.FunctionResponseTypes = []string{"ReportBatchItemFailures"}
	}
	if s.enabled.Set {
		mapping.Enabled = cfn.Ptr(s.enabled.Value)
	}
	c.Add(identify("Messages", s.summary, s.summary), mapping)
}

// addQueues makes the queue and its dead-letter queue and returns the queue's ARN.
func (s *SQS) addQueues(c *Context) string {
	id, dead := model.LogicalID(s.name)+queueSuffix, model.LogicalID(s.name)+deadLetterSuffix
	queue := &sqs.Queue{
		VisibilityTimeout: cfn.Ptr(visibility(c.Function, s.window.Value)),
		RedrivePolicy: cfn.Map{
			{Key: "deadLetterTargetArn", Value: cfn.GetAtt(dead, "Arn")},
			{Key: "maxReceiveCount", Value: s.attempts.Or(5)},
		},
	}
	letters := &sqs.Queue{MessageRetentionPeriod: cfn.Ptr(deadLetterRetention)}
	if s.fifo.Value {
		c.makeFIFO(id, queue)
		c.makeFIFO(dead, letters) // the dead-letter queue is of the same kind
	}
	c.addQueue(id, queue)
	c.addQueue(dead, letters)
	arn := cfn.GetAtt(id, "Arn")
	values := []string{arn, cfn.Ref(id), cfn.GetAtt(dead, "Arn")}
	descriptions := []string{"The queue " + s.name, "The URL of the queue " + s.name, "The dead letters of the queue " + s.name}
	for i, name := range s.Outputs() {
		c.Output(name, descriptions[i], values[i])
	}
	return arn
}

func (c *Context) makeFIFO(id string, queue *sqs.Queue) {
	queue.FifoQueue = cfn.Ptr(true)
	queue.QueueName = cfn.Ptr(cfn.Sub(model.FIFOQueueName(c.Project.Name, "${Environment}", c.Function.Name, id)))
}

// visibility is the visibility timeout in seconds: six times the function's
// longest timeout in any environment, plus the batching window.
//
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-queueconfig
func visibility(fn *model.Function, window int) int {
	longest := fn.Settings.Timeout.Or(model.DefaultSettings.Timeout.Value)
	for _, o := range fn.Overrides {
		if o.Settings.Timeout.Set {
			longest = max(longest, o.Settings.Timeout.Value)
		}
	}
	return 6*longest + window
}
