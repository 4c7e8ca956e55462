package event

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/source"

	"github.com/awslabs/goformation/v7/cloudformation/events"
)

var eventKind = Kind{
	Name:    "event",
	Doc:     "An event on an EventBridge bus that matches a pattern calls the function.",
	Example: "event: {pattern: {source: [aws.s3], detail-type: [Object Created]}}",
	Keys: []Key{
		{"pattern", "an EventBridge event pattern, at most 2048 characters as JSON"},
		{"bus", "name or ARN of the event bus, also by a tag; the account's default bus by default"},
		{"retries", "how often a failed delivery is repeated, 0 to 185; 185 by default"},
		{"maxAge", "seconds after which a delivery is given up, 60 to 86400; 86400 by default"},
		{"deadLetters", "true makes a queue for events that could not be delivered"},
		{"enabled", "false keeps the rule and stops the calls"},
	},
	Types: []string{
		"AWS::Events::Rule",
		"AWS::Lambda::Permission",
		queueType,
		queuePolicyType,
	},
	decode: decodeEventBridge,
}

// EventBridge is a rule on an event bus.
type EventBridge struct {
	entry
	pattern     *source.Node
	bus         *source.Node
	retries     source.Field[int]
	maxAge      source.Field[int]
	deadLetters source.Field[bool]
	enabled     source.Field[bool]
}

// maxPattern is the length of a pattern.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const maxPattern = 2048

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
var busForm = regexp.MustCompile(`^(arn:[a-z-]+:events:[a-z0-9-]+:[0-9]{12}:event-bus/)?[/._A-Za-z0-9-]{1,256}$`)

func decodeEventBridge(d *decoding) Event {
	const hint = "write it as in {source: [aws.s3]}"
	what := "the " + d.kind + " event"
	o := source.Open(d.node, what, d.problems)
	o.Require("pattern", hint)
	e := &EventBridge{
		pattern:     o.Value("pattern"),
		bus:         o.Value("bus"),
		retries:     o.Int("retries", 0, 185),
		maxAge:      o.Int("maxAge", 60, 86400),
		deadLetters: o.Bool("deadLetters"),
		enabled:     o.Bool("enabled"),
	}
	o.Done()
	if e.pattern == nil || !d.checkPattern(e.pattern, hint) || !d.checkBus(e.bus) {
		return nil
	}
	e.entry = d.entry
	e.summary = summarize(e.pattern)
	return e
}

// checkPattern reports what EventBridge would refuse: a field of a pattern is a
// list of values or a mapping of further fields.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
func (d *decoding) checkPattern(pattern *source.Node, hint string) bool {
	if pattern.Kind != source.Mapping || len(pattern.Pairs) == 0 {
		return d.problem("event-pattern", pattern.Place, hint, "a pattern is a mapping with at least one field, not %s", pattern.Describe())
	}
	ok := d.checkFields(pattern)
	if size := utf8.RuneCount(toJSON(pattern)); size > maxPattern {
		ok = d.problem("event-pattern", pattern.Place, "match on fewer values, or on a prefix", "the pattern has %d characters as JSON, and EventBridge takes %d", size, maxPattern)
	}
	return ok
}

func (d *decoding) checkFields(fields *source.Node) bool {
	ok := true
	for _, field := range fields.Pairs {
		switch n := field.Value; {
		case n.Tag != "":
		case field.Key.Text == "$or" && n.Kind == source.Sequence:
			for _, alternative := range n.Items {
				ok = d.checkFields(alternative) && ok
			}
		case n.Kind == source.Mapping && len(n.Pairs) > 0:
			ok = d.checkFields(n) && ok
		case n.Kind == source.Sequence && len(n.Items) > 0:
		default:
			ok = d.problem("event-pattern", n.Place, "put the value into a list: "+field.Key.Text+": ["+n.Text+"]",
				"the field %q of a pattern is a list of values or a mapping of fields", field.Key.Text)
		}
	}
	return ok
}

func (d *decoding) checkBus(bus *source.Node) bool {
	if bus == nil || bus.Tag != "" || bus.Kind == source.Scalar && busForm.MatchString(bus.Text) {
		return true
	}
	return d.problem("event-bus", bus.Place, "write a name, an ARN or a tag", "%s is not the name or ARN of an event bus", bus.Describe())
}

// summarize shows where the events come from.
func summarize(pattern *source.Node) string {
	var words []string
	for _, key := range []string{"source", "detail-type"} {
		if n := pattern.Get(key); n != nil {
			for _, item := range n.Items {
				if item.Kind == source.Scalar {
					words = append(words, item.Text)
				}
			}
		}
	}
	if words == nil {
		return string(toJSON(pattern))
	}
	return strings.Join(words, ", ")
}

// Build adds the rule and its permission.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
func (e *EventBridge) Build(c *Context) {
	content := string(toJSON(e.pattern))
	target := events.Rule_Target{Id: "function", Arn: c.Alias}
	rule := &events.Rule{EventPattern: c.Value(e.pattern), State: cfn.Ptr("ENABLED")}
	if !e.enabled.Or(true) {
		rule.State = cfn.Ptr("DISABLED")
	}
	if e.bus != nil {
		rule.EventBusName = cfn.Ptr(c.Text(e.bus))
		content += written(e.bus)
	}
	id := identify("Rule", e.summary, content)
	if e.retries.Set || e.maxAge.Set {
		target.RetryPolicy = &events.Rule_RetryPolicy{
			MaximumRetryAttempts:     cfn.Ptr(e.retries.Or(185)),
			MaximumEventAgeInSeconds: cfn.Ptr(e.maxAge.Or(86400)),
		}
	}
	arn := cfn.GetAtt(id, "Arn")
	if e.deadLetters.Value {
		target.DeadLetterConfig = &events.Rule_DeadLetterConfig{Arn: cfn.Ptr(c.addDeadLetters(id+"DeadLetters", eventBridgeService, arn))}
	}
	rule.Targets = []events.Rule_Target{target}
	c.Add(id, rule)
	c.allowInvoke(id+"Permission", c.Alias, eventBridgeService, arn, "")
}
