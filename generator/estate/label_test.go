package estate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Whatever is not known before a resource is made leads back to it.
func TestWhatAResourceMakesLeadsBackToIt(t *testing.T) {
	d := document(t, `Resources:
  Group: {Type: AWS::EC2::SecurityGroup}
  Table: {Type: AWS::DynamoDB::Table}
  Api: {Type: AWS::ApiGatewayV2::Api}
  Thing: {Type: Acme::Shop::Thing}
  Named: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
`)
	var problems diag.Problems
	e := estate.Of([]estate.Root{{Document: d, Name: "shop", Account: "111111111111", Region: "eu-central-1"}}, &problems)
	for _, r := range e.Stacks[0].Resources {
		for _, text := range []string{r.Ref, r.ARN, r.Attribute("Arn"), r.Attribute("Other")} {
			symbol.Map(text, func(name string) string {
				assert.Equal(t, r.Label(), estate.Maker(name), "%s of %s", symbol.Show(text), r.ID)
				return ""
			})
		}
		assert.Equal(t, r.ID == "Named", r.Named(), r.ID)
	}
	assert.Equal(t, "jobs", e.Stacks[0].Resources[4].Name())
	assert.Empty(t, e.Stacks[0].Resources[3].Name())
}
