package demand

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/estate"
)

const (
	eventsService    = "events.amazonaws.com"
	schedulerService = "scheduler.amazonaws.com"
	snsService       = "sns.amazonaws.com"

	rulePage           = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html"
	ruleRolePage       = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html"
	ruleLettersPage    = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html"
	schedulePage       = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html"
	scheduleDeputyPage = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html"
	scheduleLetterPage = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html"
	subscriptionPage   = "https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html"
	topicLambdaPage    = "https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html"
	topicLettersPage   = "https://docs.aws.amazon.com/sns/latest/dg/sns-configure-dead-letter-queue.html"
	topicRolePage      = "https://docs.aws.amazon.com/sns/latest/dg/prereqs-kinesis-data-firehose.html"
)

// byPolicy are the services whose resources EventBridge calls by what their own policies
// say, unless a target has a role.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
var byPolicy = []string{"lambda", "sns", "sqs"}

// trigger is a rule that hands events to its targets. Those that start a pipeline are known
// to [Pipelines].
func (r *running) trigger(trigger *estate.Resource) {
	for i, target := range mapsAt(trigger.Properties, "Targets") {
		path := []string{"Targets", strconv.Itoa(i)}
		arn, role := textAt(target, "Arn"), textAt(target, "RoleArn")
		if serviceOf(arn) == "codepipeline" {
			continue
		}
		why := "EventBridge hands events to " + nameOf(arn)
		switch {
		case role != "":
			r.assumed(serving(trigger, eventsService, ruleRolePage, append(path, "RoleArn")...), exactly(role))
			r.sendsInBatches(acting(trigger, role, ruleRolePage, append(path, "Arn")...), why, arn)
		case slices.Contains(byPolicy, serviceOf(arn)):
			r.sends(serving(trigger, eventsService, rulePage, append(path, "Arn")...), why, arn, ruleSays(trigger, arn))
		}
		if letters := textAt(target, "DeadLetterConfig", "Arn"); letters != "" {
			c := serving(trigger, eventsService, ruleLettersPage, append(path, "DeadLetterConfig", "Arn")...)
			r.sends(c, "EventBridge keeps what it could not hand on", letters, ruleSays(trigger, letters))
		}
	}
}

// ruleSays names the rule in requests, but to a topic, where EventBridge says nothing.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
func ruleSays(trigger *estate.Resource, target string) func(thing) thing {
	if serviceOf(target) == "sns" {
		return unmarked
	}
	return func(t thing) thing { return t.sentFor(trigger.ARN, trigger.Stack.Account) }
}

// universal is how the target of a schedule names an action of AWS's API in the place of
// a resource.
//
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
const universal = ":scheduler:::aws-sdk:"

// schedule is a schedule that calls its target with a role. A role's trust names the
// group, because a single schedule may not be named there.
//
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
func (r *running) schedule(s *estate.Resource) {
	target := mapAt(s.Properties, "Target")
	arn, role := textAt(target, "Arn"), textAt(target, "RoleArn")
	if role == "" {
		return
	}
	group := textAt(s.Properties, "GroupName")
	if group == "" {
		group = "default"
	}
	source := arnOf(s.Stack.Partition, "scheduler", s.Stack.Region, s.Stack.Account, "schedule-group/"+group)
	r.assumed(serving(s, schedulerService, scheduleDeputyPage, "Target", "RoleArn"), exactly(role).sentFor(source, s.Stack.Account))
	if !strings.Contains(arn, universal) {
		c := acting(s, role, schedulePage, "Target", "Arn")
		r.sends(c, "Scheduler calls "+nameOf(arn), arn, unmarked)
	}
	if letters := textAt(target, "DeadLetterConfig", "Arn"); letters != "" {
		c := acting(s, role, scheduleLetterPage, "Target", "DeadLetterConfig", "Arn")
		r.sends(c, "Scheduler keeps what it could not hand on", letters, unmarked)
	}
}

// subscription is a resource of its own that hands on what is published.
func (r *running) subscription(s *estate.Resource) {
	r.subscribed(s, s.Properties, textAt(s.Properties, "TopicArn"))
}

// topic holds subscriptions within itself.
func (r *running) topic(t *estate.Resource) {
	for i, s := range mapsAt(t.Properties, "Subscription") {
		r.subscribed(t, s, t.ARN, "Subscription", strconv.Itoa(i))
	}
}

// subscribed: a topic hands on to functions and queues by what their policies say, and
// to delivery streams with a role.
func (r *running) subscribed(s *estate.Resource, properties cfn.Map, topic string, path ...string) {
	endpoint := textAt(properties, "Endpoint")
	mark := func(t thing) thing { return t.sentFor(topic, accountOf(topic, s.Stack.Account)) }
	at := func(property ...string) []string { return append(slices.Clone(path), property...) }
	switch textAt(properties, "Protocol") {
	case "lambda":
		r.invokes(s, snsService, endpoint, topic, topicLambdaPage, at("Endpoint")...)
	case "sqs":
		r.sends(serving(s, snsService, subscriptionPage, at("Endpoint")...), "SNS hands messages to "+nameOf(endpoint), endpoint, mark)
	case "firehose":
		role := textAt(properties, "SubscriptionRoleArn")
		r.assumed(serving(s, snsService, topicRolePage, at("SubscriptionRoleArn")...), exactly(role))
		r.sendsInBatches(acting(s, role, topicRolePage, at("Endpoint")...), "SNS hands messages to "+nameOf(endpoint), endpoint)
	}
	if letters := textAt(properties, "RedrivePolicy", "deadLetterTargetArn"); letters != "" {
		c := serving(s, snsService, topicLettersPage, at("RedrivePolicy", "deadLetterTargetArn")...)
		r.sends(c, "SNS keeps what it could not hand on", letters, mark)
	}
}
