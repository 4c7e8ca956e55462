package bootstrap_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator"
)

// everything are the steps of a first bootstrap of the usual project.
var everything = []string{
	"shop-tooling@111111111111/eu-central-1",
	"shop-tooling-region@111111111111/us-east-1",
	"shop-dev-target@222222222222/eu-central-1",
	"shop-prod-target@333333333333/eu-central-1",
	"shop-prod-target@444444444444/eu-central-1",
	"shop-pipeline@111111111111/eu-central-1",
}

func each(word string, names []string) []string {
	var list []string
	for _, name := range names {
		list = append(list, word+" "+name)
	}
	return list
}

func TestACleanAWSIsBootstrappedInOrder(t *testing.T) {
	w := newWorld(t, usual).in(t)
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, each("create", everything), actions(plan))
	assert.Empty(t, w.there(), "looking changes nothing")
	require.NoError(t, plan.Run(t.Context(), &w.story))

	at := func(line string) int { return slices.Index(w.steps, line) }
	last := len(w.steps) - 1
	assert.Equal(t, []string{"begun " + everything[0], "created " + everything[0]}, w.steps[:2])
	assert.Equal(t, []string{"begun " + everything[5], "created " + everything[5]}, w.steps[last-1:])
	for _, name := range everything[1:5] {
		assert.Positive(t, at("created "+name), name)
	}
	key := w.stack(tooling, first, "shop-tooling").Outputs[generator.BaseKey]
	require.NotEmpty(t, key)
	assert.Equal(t, map[string]string{"KeyId": key}, w.stack(tooling, second, "shop-tooling-region").Parameters)
	assert.Equal(t, map[string]string{"KeyId": key, "Environment": "prod"}, w.stack(prodToo, first, "shop-prod-target").Parameters)
	assert.Contains(t, w.events, "shop-dev-target@222222222222/eu-central-1 DeployRole CREATE_COMPLETE")
}

func TestWhatIsThereIsNotTouched(t *testing.T) {
	w := newWorld(t, usual).in(t)
	require.NoError(t, w.run(t.Context()))
	before := w.there()
	w.Forget()
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, append(each("keep", everything[:5]), "leave "+everything[5]), actions(plan))
	assert.Empty(t, plan.Pending())
	require.NoError(t, plan.Run(t.Context(), &w.story))
	assert.Equal(t, before, w.there())
	assert.Empty(t, w.operations("Update"))
	assert.Empty(t, w.operations("Create"))
}
