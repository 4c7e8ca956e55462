package demand

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/estate"
)

const (
	notificationPage = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html"
	configPage       = "https://docs.aws.amazon.com/config/latest/developerguide/restrict-lambda-invoke.html"
	configRulePage   = "https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html"
	filterPage       = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html"
	userPoolPage     = "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html"
	topicRulePage    = "https://docs.aws.amazon.com/iot/latest/developerguide/lambda-rule-action.html"
	receiptPage      = "https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html"
	rotationPage     = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html"
	balancerPage     = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html"
	alarmPage        = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html"
	alarmTopicPage   = "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html"
	machinePage      = "https://docs.aws.amazon.com/step-functions/latest/dg/concept-create-iam-advanced.html"
)

// invokes adds that a service calls a function for one of its resources.
func (r *running) invokes(by *estate.Resource, service, target, source, page string, path ...string) {
	if serviceOf(target) != "lambda" {
		return
	}
	on := exactly(target).sentFor(source, accountOf(source, by.Stack.Account))
	r.invokesMarked(by, service, target, page, on, path...)
}

func (r *running) invokesMarked(by *estate.Resource, service, target, page string, on thing, path ...string) {
	c := serving(by, service, page, path...)
	if f := r.estate.Function(target, by); f != nil {
		c.step = atRunTime(title(f))
	}
	r.add(c.calls(service+" calls the function for "+by.ID, on, "lambda:InvokeFunction")...)
}

// notifications: the ARN of a bucket does not name its account, which another may take
// over with the bucket's name, so that a grant has to name both.
func (r *running) notifications(b *estate.Resource) {
	config := mapAt(b.Properties, "NotificationConfiguration")
	mark := func(t thing) thing {
		return t.narrowedBy("aws:sourcearn", b.ARN).narrowedBy("aws:sourceaccount", b.Stack.Account)
	}
	for _, n := range notified {
		for i, item := range mapsAt(config, n.list) {
			c := serving(b, "s3.amazonaws.com", notificationPage, "NotificationConfiguration", n.list, strconv.Itoa(i), n.property)
			r.sends(c, "S3 tells of what happens in "+b.ID, textAt(item, n.property), mark)
		}
	}
}

// notified are the lists of those that a bucket tells, and the property that names each.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-notificationconfiguration.html
var notified = []struct{ list, property string }{
	{"LambdaConfigurations", "Function"},
	{"QueueConfigurations", "Queue"},
	{"TopicConfigurations", "Topic"},
}

// configRule: a rule is refused where AWS Config may not call its function, so that the
// grant comes first and cannot name the rule. The function reports with its own role.
func (r *running) configRule(trigger *estate.Resource) {
	target := textAt(trigger.Properties, "Source", "SourceIdentifier")
	if serviceOf(target) != "lambda" {
		return
	}
	on := exactly(target).narrowedBy("aws:sourceaccount", trigger.Stack.Account)
	r.invokesMarked(trigger, "config.amazonaws.com", target, configPage, on, "Source", "SourceIdentifier")
	if f := r.estate.Function(target, trigger); f != nil {
		c := acting(trigger, textAt(f.Properties, "Role"), configRulePage, "Source", "SourceIdentifier")
		c.step = atRunTime(title(f))
		r.add(c.calls(title(f)+" tells AWS Config what it found", everything(), "config:PutEvaluations")...)
	}
}

// subscriptionFilter hands on what is logged: to a function by its policy, to streams
// with a role.
func (r *running) subscriptionFilter(s *estate.Resource) {
	target, role := textAt(s.Properties, "DestinationArn"), textAt(s.Properties, "RoleArn")
	group := arnOf(s.Stack.Partition, "logs", s.Stack.Region, s.Stack.Account, "log-group:"+textAt(s.Properties, "LogGroupName")+":*")
	const service = "logs.amazonaws.com"
	if role == "" {
		r.invokes(s, service, target, group, filterPage, "DestinationArn")
		return
	}
	r.assumed(serving(s, service, filterPage, "RoleArn"), exactly(role).sentFor(group, s.Stack.Account))
	r.sends(acting(s, role, filterPage, "DestinationArn"), "CloudWatch Logs hands on what "+s.ID+" selects", target, unmarked)
}

// userPool: every trigger is a function, or a mapping that names one.
func (r *running) userPool(pool *estate.Resource) {
	for _, trigger := range mapAt(pool.Properties, "LambdaConfig") {
		target, _ := trigger.Value.(string)
		if inner, ok := trigger.Value.(cfn.Map); ok {
			target = textAt(inner, "LambdaArn")
		}
		r.invokes(pool, "cognito-idp.amazonaws.com", target, pool.ARN, userPoolPage, "LambdaConfig", trigger.Key)
	}
}

func (r *running) topicRule(trigger *estate.Resource) {
	payload := mapAt(trigger.Properties, "TopicRulePayload")
	name := textAt(trigger.Properties, "RuleName")
	if name == "" {
		name = unknownOf(trigger, "name")
	}
	arn := arnOf(trigger.Stack.Partition, "iot", trigger.Stack.Region, trigger.Stack.Account, "rule/"+name)
	for i, action := range mapsAt(payload, "Actions") {
		r.invokes(trigger, "iot.amazonaws.com", textAt(action, "Lambda", "FunctionArn"), arn, topicRulePage, "TopicRulePayload", "Actions", strconv.Itoa(i))
	}
}

func (r *running) receiptRule(trigger *estate.Resource) {
	name := textAt(trigger.Properties, "Rule", "Name")
	if name == "" {
		name = unknownOf(trigger, "name")
	}
	arn := arnOf(trigger.Stack.Partition, "ses", trigger.Stack.Region, trigger.Stack.Account, "receipt-rule-set/"+textAt(trigger.Properties, "RuleSetName")+":receipt-rule/"+name)
	for i, action := range mapsAt(mapAt(trigger.Properties, "Rule"), "Actions") {
		r.invokes(trigger, "ses.amazonaws.com", textAt(action, "LambdaAction", "FunctionArn"), arn, receiptPage, "Rule", "Actions", strconv.Itoa(i))
	}
}

// rotation: Secrets Manager tells the account for which it calls, and no page says more.
func (r *running) rotation(s *estate.Resource) {
	target := textAt(s.Properties, "RotationLambdaARN")
	if serviceOf(target) == "lambda" {
		on := exactly(target).narrowedBy("aws:sourceaccount", s.Stack.Account)
		r.invokesMarked(s, "secretsmanager.amazonaws.com", target, rotationPage, on, "RotationLambdaARN")
	}
}

func (r *running) targetGroup(g *estate.Resource) {
	arn := g.ARN
	if arn == "" {
		arn = arnOf(g.Stack.Partition, "elasticloadbalancing", g.Stack.Region, g.Stack.Account, "targetgroup/"+unknownOf(g, "name"))
	}
	for i, target := range mapsAt(g.Properties, "Targets") {
		r.invokes(g, "elasticloadbalancing.amazonaws.com", textAt(target, "Id"), arn, balancerPage, "Targets", strconv.Itoa(i), "Id")
	}
}

// alarm: a topic without a policy of its own takes what is sent for its account.
//
// https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
func (r *running) alarm(a *estate.Resource) {
	arn := arnOf(a.Stack.Partition, "cloudwatch", a.Stack.Region, a.Stack.Account, "alarm:"+a.Ref)
	for _, list := range []string{"AlarmActions", "InsufficientDataActions", "OKActions"} {
		for i, target := range oneOrMany(a.Properties.Get(list)) {
			r.invokes(a, "lambda.alarms.cloudwatch.amazonaws.com", target, arn, alarmPage, list, strconv.Itoa(i))
			c, why := serving(a, "cloudwatch.amazonaws.com", alarmTopicPage, list, strconv.Itoa(i)), "CloudWatch tells of "+a.ID
			mark := func(t thing) thing { return t.sentFor(arn, a.Stack.Account) }
			if r.hasPolicy(target) {
				r.sends(c, why, target, mark)
			} else {
				r.encrypts(c, why, target, mark)
			}
		}
	}
}

func (r *running) hasPolicy(topic string) bool {
	for _, policy := range r.estate.OfType(topicPolicyType) {
		if slices.Contains(oneOrMany(policy.Properties.Get("Topics")), topic) {
			return true
		}
	}
	return false
}

// stateMachine calls, with its role, the functions that its definition names.
func (r *running) stateMachine(m *estate.Resource) {
	role := textAt(m.Properties, "RoleArn")
	if role == "" {
		return
	}
	r.assumed(serving(m, "states.amazonaws.com", machinePage, "RoleArn"), exactly(role))
	c := acting(m, role, machinePage, "Definition")
	for _, text := range append(textsOf(m.Properties.Get("Definition")), textsOf(m.Properties.Get("DefinitionSubstitutions"))...) {
		if f := r.estate.Function(text, m); f != nil {
			r.add(c.calls("Step Functions calls "+title(f), exactly(text), "lambda:InvokeFunction")...)
		}
	}
	for _, f := range r.estate.OfType(functionType) {
		for _, text := range namedIn(textAt(m.Properties, "DefinitionString"), f.ARN) {
			r.add(c.calls("Step Functions calls "+title(f), exactly(text), "lambda:InvokeFunction")...)
		}
	}
}

// namedIn are the occurrences of an ARN in a text of JSON, each as far as its string
// goes.
func namedIn(text, arn string) []string {
	var found []string
	for {
		at := strings.Index(text, arn)
		if at < 0 || arn == "" {
			return found
		}
		text = text[at:]
		end := strings.IndexByte(text, '"')
		if end < 0 {
			return found
		}
		if rest := text[len(arn):end]; rest == "" || rest[0] == ':' {
			found = append(found, text[:end])
		}
		text = text[end:]
	}
}
