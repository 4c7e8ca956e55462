package schema

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/template"
)

// nested is a rule of a firewall with a statement inside of a statement, and so on.
func nested(depth int) cfn.Map {
	statement := cfn.Map{{Key: "Misspelt", Value: "x"}}
	for range depth {
		statement = cfn.Map{{Key: "NotStatement", Value: cfn.Map{{Key: "Statement", Value: statement}}}}
	}
	return cfn.Map{{Key: "Rules", Value: []any{cfn.Map{{Key: "Statement", Value: statement}}}}}
}

// many is a mapping of many keys that nobody knows.
func many(n int) cfn.Map {
	m := make(cfn.Map, n)
	for i := range m {
		m[i] = cfn.Entry{Key: "QueueName" + strconv.Itoa(i), Value: cfn.If("IsProd", "x", cfn.NoValue)}
	}
	return m
}

func entryOf(typ string, properties cfn.Map) template.Entry {
	return template.Entry{Name: "Large", Value: cfn.Map{{Key: "Type", Value: typ}, {Key: "Properties", Value: properties}}}
}

func spent(e template.Entry) int {
	c := &checker{names: names{&template.Document{}}, budget: work}
	c.resource(e)
	return work - c.budget
}

func TestTheWorkOnOneTemplateIsBounded(t *testing.T) {
	for name, e := range map[string]template.Entry{
		"many items":   entryOf("AWS::SQS::Queue", cfn.Map{{Key: "Tags", Value: make([]any, 2*work)}}),
		"deep":         entryOf("AWS::WAFv2::WebACL", nested(200)),
		"a large text": entryOf("AWS::EC2::Instance", cfn.Map{{Key: "InstanceType", Value: strings.Repeat("a", 5_000_000)}}),
		"a large key":  entryOf("AWS::SQS::Queue", cfn.Map{{Key: strings.Repeat("a", 5_000_000), Value: "x"}}),
		"many keys":    entryOf("AWS::SQS::Queue", many(100_000)),
	} {
		assert.Less(t, spent(e), 2*work, name)
	}
}

func TestARealResourceIsFarFromTheBound(t *testing.T) {
	assert.Less(t, spent(entryOf("AWS::WAFv2::WebACL", nested(3))), work/100)
}
