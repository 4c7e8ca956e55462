package demand

import (
	"strconv"

	"github.com/foldstack/foldstack/generator/demand/handler"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
)

const (
	topicKeyPage    = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
	startPage       = "https://docs.aws.amazon.com/codepipeline/latest/userguide/create-S3-source-events.html"
	noticeTopicPage = "https://docs.aws.amazon.com/dtconsole/latest/userguide/set-up-sns.html"
)

const noticesService = "codestar-notifications.amazonaws.com"

// askApprovers tells those who approve, where there is a topic to tell them by.
func askApprovers(a *action) []Demand {
	topic := a.setting("NotificationArn")
	if topic == "" {
		return nil
	}
	const why = "the approvers are told"
	demands := a.caller.calls(why, topicOf(a.pipeline.estate, topic), "sns:Publish")
	key, partition, region, ok := topicKey(a.pipeline.estate, topic, a.caller.account)
	if !ok {
		return demands
	}
	on := throughService(key, a.caller, "sns", region, partition).with("kms:calleraccount", a.caller.account)
	return append(demands, a.caller.from(topicKeyPage).calls(why, on, "kms:Decrypt", "kms:GenerateDataKey")...)
}

// topicOf is a topic. Where CloudFormation chooses its name, that begins with the
// stack's, and a policy outside of the stack may leave the rest open.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
func topicOf(e *estate.Estate, arn string) thing {
	on := exactly(arn)
	if topic := e.ByARN(arn); topic != nil && textAt(topic.Properties, "TopicName") == "" {
		s := topic.Stack
		on.within = []string{arnOf(s.Partition, "sns", s.Region, s.Account, s.Name+"-*")}
	}
	return on
}

// topicKey is the key that a topic of the estate is encrypted by, in requests of SNS.
//
// https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
func topicKey(e *estate.Estate, arn, account string) (key thing, partition model.Partition, region string, ok bool) {
	topic := e.ByARN(arn)
	if topic == nil || textAt(topic.Properties, "KmsMasterKeyId") == "" {
		return thing{}, "", "", false
	}
	s := topic.Stack
	key = keyGiven(e, textAt(topic.Properties, "KmsMasterKeyId"), s.Partition, s.Region, account).
		with("kms:encryptioncontext:aws:sns:topicarn", arn).with("kms:encryptioncontextkeys", "aws:sns:topicArn")
	return key, s.Partition, s.Region, true
}

// notices are the rules that start a pipeline, and those of the developer tools that
// tell of it. What EventBridge tells of it is known to [RunTime].
func notices(p *pipeline) []Demand {
	var demands []Demand
	for _, trigger := range p.estate.OfType(ruleType) {
		for i, target := range mapsAt(trigger.Properties, "Targets") {
			if textAt(target, "Arn") == p.arn {
				demands = append(demands, p.started(trigger, textAt(target, "RoleArn"), trigger.At("Targets", strconv.Itoa(i)))...)
			}
		}
	}
	for _, trigger := range p.estate.OfType("AWS::CodeStarNotifications::NotificationRule") {
		if textAt(trigger.Properties, "Resource") == p.arn {
			demands = append(demands, p.notified(trigger)...)
		}
	}
	return demands
}

// started is a rule that starts the pipeline with a role.
func (p *pipeline) started(trigger *estate.Resource, role string, cause diag.Place) []Demand {
	c := p.caller
	c.account, c.cause, c.step.Action = trigger.Stack.Account, cause, trigger.ID
	demands := assumedByService(c.asService(eventsService).from(startPage), "EventBridge takes the role of the rule "+trigger.ID, role, "aws:sourceaccount", []string{trigger.ARN})
	return append(demands, c.as(role).from(startPage).calls("the pipeline "+p.name+" is started", exactly(p.arn), "codepipeline:StartPipelineExecution")...)
}

// notified is a rule of the developer tools, whose service uses the topic's key through
// SNS.
//
// https://docs.aws.amazon.com/dtconsole/latest/userguide/set-up-sns.html
func (p *pipeline) notified(trigger *estate.Resource) []Demand {
	c := p.caller.asService(noticesService).from(noticeTopicPage)
	c.step.Action, c.cause = trigger.ID, trigger.At("Targets")
	var demands []Demand
	for _, target := range mapsAt(trigger.Properties, "Targets") {
		topic := textAt(target, "TargetAddress")
		if textAt(target, "TargetType") != "SNS" {
			continue
		}
		why := "a message is sent to the topic " + nameOf(topic)
		demands = append(demands, c.calls(why, exactly(topic), "sns:Publish")...)
		if key, partition, region, ok := topicKey(p.estate, topic, c.account); ok {
			key = key.narrowedBy("kms:viaservice", handler.Via("sns", region, partition))
			demands = append(demands, c.calls(why, key, "kms:Decrypt", "kms:GenerateDataKey")...)
		}
	}
	return demands
}
