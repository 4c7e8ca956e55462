package event

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/source"

	"github.com/awslabs/goformation/v7/cloudformation/sns"
)

var snsKind = Kind{
	Name:    "sns",
	Doc:     "A message to a topic calls the function.",
	Example: "sns: {topic: orders, filter: {state: [paid]}}",
	Keys: []Key{
		{"topic", "a name, for which a topic is made, or the ARN of a topic that is there: !Ref News, !Output news.TopicArn"},
		{"filter", "a filter policy; only messages that match it call the function"},
		{"filterOn", "what the filter looks at: attributes (default) or body"},
		{"deadLetters", "true makes a queue for messages that could not be delivered"},
	},
	Types: []string{
		"AWS::Lambda::Permission",
		"AWS::SNS::Subscription",
		"AWS::SNS::Topic",
		"AWS::SNS::TopicPolicy",
		queueType,
		queuePolicyType,
	},
	decode: decodeSNS,
}

// SNS is a subscription to a topic.
type SNS struct {
	entry
	name        string       // of a topic to make, or empty
	arn         *source.Node // of a topic that is there, or nil
	filter      *source.Node
	filterOn    source.Field[string]
	deadLetters source.Field[bool]
}

func decodeSNS(d *decoding) Event {
	o, topic := d.open("topic", "write a name for a new topic, or the ARN of one that is there")
	s := &SNS{
		filter:      o.Value("filter"),
		filterOn:    o.OneOf("filterOn", "attributes", "body"),
		deadLetters: o.Bool("deadLetters"),
	}
	o.Done()
	if topic == nil {
		return nil
	}
	name, ok := d.nameOrARN(topic, "sns-topic", "sns", "topic")
	if s.filter != nil && s.filter.Kind != source.Mapping {
		ok = d.problem("sns-filter", s.filter.Place, "write it as in {state: [paid]}", "a filter is a mapping, not %s", s.filter.Describe())
	}
	if s.filterOn.Set && s.filter == nil {
		ok = d.problem("sns-filter", s.filterOn.Place, "add filter or remove filterOn", "filterOn says what a filter looks at, and there is none")
	}
	if !ok {
		return nil
	}
	s.entry = d.entry
	if s.name = name; name == "" {
		s.arn = topic
	}
	s.summary = written(topic)
	return s
}

const topicSuffix = "Topic"

// Outputs names the ARN of a made topic: OrdersTopicArn.
func (s *SNS) Outputs() []string {
	if s.name == "" {
		return nil
	}
	return []string{model.LogicalID(s.name) + topicSuffix + "Arn"}
}

// Build adds the subscription and its permission, and the topic where it is to
// be made.
//
// https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
func (s *SNS) Build(c *Context) {
	var arn string
	if s.arn != nil {
		arn = c.Text(s.arn)
	} else {
		arn = s.addTopic(c)
	}
	subscription := &sns.Subscription{
		Protocol: "lambda",
		TopicArn: arn,
		Endpoint: cfn.Ptr(c.Alias),
	}
	if s.filter != nil {
		subscription.FilterPolicy = c.Value(s.filter)
		scope := "MessageAttributes"
		if s.filterOn.Value == "body" {
			scope = "MessageBody"
		}
		subscription.FilterPolicyScope = cfn.Ptr(scope)
	}
	if s.deadLetters.Value {
		letters := c.addDeadLetters(identify("DeadLetters", s.summary, s.summary), snsService, arn)
		subscription.RedrivePolicy = cfn.Map{{Key: "deadLetterTargetArn", Value: letters}}
	}
	id := identify("Subscription", s.summary, s.summary)
	c.Add(id, subscription)
	c.allowInvoke(id+"Permission", c.Alias, snsService, arn, "")
}

// addTopic makes a topic under a generated name. It is encrypted with the key
// that AWS manages for SNS, which every publisher of the account may use through
// SNS; a topic to which AWS services publish needs a key of its own and belongs
// into resources.yaml.
//
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
func (s *SNS) addTopic(c *Context) string {
	id := model.LogicalID(s.name) + topicSuffix
	arn := cfn.Ref(id)
	c.Add(id, &sns.Topic{KmsMasterKeyId: cfn.Ptr("alias/aws/sns")})
	c.Add(id+"Policy", &sns.TopicPolicy{
		Topics: []string{arn},
		// Everybody: a statement that denies has to name them all.
		PolicyDocument: policy.New(policy.Statement{
			Sid:        "TLSOnly",
			Effect:     policy.Deny,
			Principal:  policy.Principal{AWS: []string{"*"}},
			Actions:    []string{"sns:Publish"},
			Resources:  []string{arn},
			Conditions: []policy.Condition{{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"false"}}},
		}),
	})
	c.Output(s.Outputs()[0], "The topic "+s.name, arn)
	return arn
}
