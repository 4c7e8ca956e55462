package generator_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMistakesInSettingsDoNotHideThoseInResources(t *testing.T) {
	result := checked(t, map[string]string{
		"functions/f/function.yaml": "memory: 512MB\n",
		"functions/f/resources.yaml": "Resources:\n" +
			"  Jobs:\n    Type: AWS::SQS::Queue\n    Properties: {DelaySecond: 5, QueueName: !Sub '${Role}-${AWS::Region}'}\n",
		"functions/g/index.mjs":      "export const handler = async () => 1;\n",
		"functions/g/resources.yaml": "Resources:\n  Topic: {Type: AWS::SNS::Topik}\n",
	})
	var found []string
	for _, p := range result.Problems {
		found = append(found, p.Place.String()+" "+p.Rule)
	}
	assert.Equal(t, []string{
		"functions/f/function.yaml:1:9 wrong-value",
		"functions/f/resources.yaml:4:18 unknown-property",
		"functions/g/resources.yaml:2:17 unknown-type",
	}, found)
}
