package event

import (
	"regexp"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/source"

	"github.com/awslabs/goformation/v7/cloudformation/config"
)

var configKind = Kind{
	Name:    "config",
	Doc:     "The function is an AWS Config rule: it judges resources when they change, or periodically. AWS Config must be recording in every target.",
	Example: "config: {resourceTypes: [AWS::S3::Bucket]}",
	Keys: []Key{
		{"resourceTypes", "types of resource whose changes call the function, at most 100"},
		{"every", "1h, 3h, 6h, 12h or 24h: how often the function is called whatever changes"},
		{"parameters", "what the function receives as ruleParameters, a mapping of texts"},
	},
	Types:  []string{"AWS::Config::ConfigRule", "AWS::Lambda::Permission"},
	decode: decodeConfig,
}

// Config is an AWS Config rule that the function judges by.
type Config struct {
	entry
	resourceTypes source.Field[[]string]
	every         source.Field[string]
	parameters    []source.Pair
}

// frequencies are the periods that AWS Config knows.
//
// https://docs.aws.amazon.com/config/latest/APIReference/API_SourceDetail.html
var frequencies = map[string]string{
	"1h":  "One_Hour",
	"3h":  "Three_Hours",
	"6h":  "Six_Hours",
	"12h": "Twelve_Hours",
	"24h": "TwentyFour_Hours",
}

var resourceType = regexp.MustCompile(`^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$`)

// maxResourceTypes is the number of types that a rule's scope names.
//
// https://docs.aws.amazon.com/config/latest/APIReference/API_Scope.html
const maxResourceTypes = 100

func decodeConfig(d *decoding) Event {
	o := source.Open(d.node, "the config event", d.problems)
	e := &Config{
		resourceTypes: o.Texts("resourceTypes"),
		every:         o.OneOf("every", "1h", "3h", "6h", "12h", "24h"),
		parameters:    o.Entries("parameters"),
	}
	o.Done()
	if d.node.Kind != source.Mapping {
		return nil
	}
	if len(e.resourceTypes.Value) == 0 && !e.every.Set {
		d.problem("config-trigger", d.place, "add resourceTypes: [AWS::S3::Bucket] or every: 24h", "nothing calls the rule: it has neither resourceTypes nor every")
		return nil
	}
	ok := true
	for _, t := range o.Fields("resourceTypes") {
		if !resourceType.MatchString(t.Value) {
			ok = d.problem("config-type", t.Place, "write it as AWS::S3::Bucket", "%q is not a type of resource", t.Value)
		}
	}
	for _, pair := range e.parameters {
		if name := pair.Key; name.Text == "Ref" || strings.HasPrefix(name.Text, "Fn::") {
			ok = d.problem("config-parameter", name.Place, "choose another name", "CloudFormation would take a parameter called %s for its function of that name", name.Text)
		}
	}
	if n := len(e.resourceTypes.Value); n > maxResourceTypes {
		ok = d.problem("config-type", e.resourceTypes.Place, "split the rule into two functions", "a rule takes at most %d types of resource, not %d", maxResourceTypes, n)
	}
	if !ok {
		return nil
	}
	e.entry = d.entry
	e.summary = strings.Join(e.resourceTypes.Value, ", ")
	if e.every.Set {
		e.summary = strings.TrimPrefix(e.summary+", every "+e.every.Value, ", ")
	}
	return e
}

// Build adds the rule and its permission.
//
// https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html
func (e *Config) Build(c *Context) {
	// AWS Config refuses a rule whose function it may not call, so the permission
	// comes first and cannot name the rule: the account alone narrows it.
	// https://docs.aws.amazon.com/config/latest/developerguide/restrict-lambda-invoke.html
	//
	// A rule's source is documented as the ARN of a function, not of an alias.
	// https://docs.aws.amazon.com/config/latest/APIReference/API_Source.html
	id := identify("ConfigRule", e.summary, e.summary)
	c.allowInvoke(id+"Permission", c.Unaliased, configService, "", cfn.AccountID)

	rule := &config.ConfigRule{Source: &config.ConfigRule_Source{
		Owner:            "CUSTOM_LAMBDA",
		SourceIdentifier: cfn.Ptr(c.Unaliased),
		SourceDetails:    e.details(),
	}}
	if len(e.resourceTypes.Value) > 0 {
		rule.Scope = &config.ConfigRule_Scope{ComplianceResourceTypes: e.resourceTypes.Value}
	}
	if len(e.parameters) > 0 {
		var parameters cfn.Map
		for _, pair := range e.parameters {
			parameters = append(parameters, cfn.Entry{Key: pair.Key.Text, Value: c.Text(pair.Value)})
		}
		rule.InputParameters = parameters
	}
	c.Add(id, rule).DependsOn = []string{id + "Permission"}

	// A wildcard, because the action knows no type of resource.
	// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsconfig.html
	c.Permit(policy.Statement{Actions: []string{"config:PutEvaluations"}, Resources: []string{"*"}})
}

// details is what AWS Config tells the function of. A change that is too large
// for the notification comes as another kind of message, which a rule that
// missed it would never judge.
func (e *Config) details() []config.ConfigRule_SourceDetail {
	var details []config.ConfigRule_SourceDetail
	if len(e.resourceTypes.Value) > 0 {
		details = append(details,
			config.ConfigRule_SourceDetail{EventSource: "aws.config", MessageType: "ConfigurationItemChangeNotification"},
			config.ConfigRule_SourceDetail{EventSource: "aws.config", MessageType: "OversizedConfigurationItemChangeNotification"})
	}
	if e.every.Set {
		details = append(details, config.ConfigRule_SourceDetail{
			EventSource:               "aws.config",
			MessageType:               "ScheduledNotification",
			MaximumExecutionFrequency: cfn.Ptr(frequencies[e.every.Value]),
		})
	}
	return details
}
