package generator_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/model"
)

func TestWhatIsNestedIsKnownByItsIDKeyAndTargets(t *testing.T) {
	result := published(t, map[string]string{
		"foldstack.yaml":                 strings.Replace(publishedProject, "regions: [eu-central-1]}", "regions: [eu-central-1, us-east-1]}", 1),
		"functions/worker/function.yaml": "only: {regions: [us-east-1]}\n",
	})
	require.Empty(t, result.Problems)
	var orchestration string
	for _, f := range result.Files {
		if f.Path == "out/orchestration.yaml" {
			orchestration = string(f.Data)
		}
	}
	home, abroad := model.Target{Environment: "dev", Account: "222222222222", Region: "eu-central-1"}, model.Target{Environment: "dev", Account: "222222222222", Region: "us-east-1"}
	targets := map[string][]model.Target{}
	for _, n := range result.Nested {
		assert.Equal(t, 1, n.Orchestration, n.Name)
		_, nested, found := strings.Cut(orchestration, fmt.Sprintf("\n  %s:\n    Type: AWS::CloudFormation::Stack\n", n.ID))
		require.True(t, found, n.ID)
		resource, _, _ := strings.Cut(nested, "\n\n")
		assert.Contains(t, resource, "/"+n.Key, n.Name)
		targets[n.Name] = n.Targets
	}
	assert.Equal(t, map[string][]model.Target{
		"orders": {home, abroad}, "refunds": {home, abroad}, "hello": {home, abroad}, "worker": {abroad},
	}, targets)
}

func TestOfAProjectWithProblemsNobodyKnowsWhatIsNested(t *testing.T) {
	assert.Empty(t, published(t, map[string]string{"functions/hello/function.yaml": "memroy: 512\n"}).Nested)
}
