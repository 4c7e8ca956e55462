package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
)

func TestTheShippedBaseStacksAreDeployedInTheirOrderAndDeletedInTheOther(t *testing.T) {
	w := newWorld(t)
	tooling := stacks.Deployment{Name: "acme-shop-tooling", Template: shipped(t, "tooling.yaml")}
	outcome, err := w.Deploy(t.Context(), tooling, w.tell)
	require.NoError(t, err)
	assert.Equal(t, stacks.Created, outcome)
	t.Log(lines(w.told))
	s, err := w.Stack(t.Context(), tooling.Name)
	require.NoError(t, err)
	t.Log(s.Outputs)
	outcome, err = w.Deploy(t.Context(), stacks.Deployment{Name: "acme-shop-pipeline", Template: shipped(t, "pipeline.yaml")}, w.tell)
	require.NoError(t, err)
	assert.Equal(t, stacks.Created, outcome)
	outcome, err = w.Deploy(t.Context(), stacks.Deployment{Name: "acme-shop-target-dev", Template: shipped(t, "target.yaml"), Parameters: map[string]string{"Environment": "dev", "KeyId": s.Outputs["KeyId"]}}, w.tell)
	require.NoError(t, err)
	outcome, err = w.Deploy(t.Context(), tooling, w.tell)
	require.NoError(t, err)
	assert.Equal(t, stacks.Unchanged, outcome)
	require.Error(t, w.Delete(t.Context(), tooling.Name, w.tell))
	require.NoError(t, w.Delete(t.Context(), "acme-shop-pipeline", w.tell))
	require.NoError(t, w.Delete(t.Context(), tooling.Name, w.tell))
	t.Log(w.statuses())
}
