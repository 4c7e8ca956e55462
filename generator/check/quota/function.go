package quota

import (
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/template"
)

// maxEventPattern is the length of an event pattern that the API takes; less is an
// account's quota, which can be raised to it.
//
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
const maxEventPattern = 4096

// maxRuleParameters is the length of what an AWS Config rule is given, as JSON.
//
// https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html
const maxRuleParameters = 1024

// function measures the environment of a function that a user defined; those that
// foldstack makes are measured in each environment before they are built.
func (c *checker) function(e *template.Entry) {
	variables := field(e.Properties(), "Environment", "Variables")
	if variables == nil {
		return
	}
	n := policy.Least(variables)
	c.atMost("environment-size", e.At("Properties", "Environment", "Variables"), n, model.MaxEnvironment,
		"keep long values in Parameter Store or in a file beside the code", "the environment variables of %s have %d bytes as JSON", e.Name, n)
}

func (c *checker) eventRule(e *template.Entry) {
	n := characters(field(e.Properties(), "EventPattern"))
	c.atMost("event-pattern", e.At("Properties", "EventPattern"), n, maxEventPattern, "match on fewer values, or divide the rule", "the event pattern of %s has %d characters", e.Name, n)
}

func (c *checker) configRule(e *template.Entry) {
	n := characters(field(e.Properties(), "InputParameters"))
	c.atMost("config-parameter", e.At("Properties", "InputParameters"), n, maxRuleParameters, "keep long values in the function's code or in Parameter Store", "the parameters of %s have %d characters as JSON", e.Name, n)
}
