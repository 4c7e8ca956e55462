package teardown_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/teardown"
)

// callsOfARun are the different calls of a run in which nothing goes wrong.
func callsOfARun(t *testing.T) []cloudtest.Call {
	w := newWorld(t)
	_, err := w.remove(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	return w.server.DistinctCalls()
}

func TestARunThatIsStoppedAtAnyCallIsFinishedByTheNext(t *testing.T) {
	for _, call := range callsOfARun(t) {
		for _, fault := range []cloudtest.Fault{cloudtest.Refuse, cloudtest.Unsaid} {
			t.Run(fmt.Sprintf("%s %s %s", call.Account, call, fault), func(t *testing.T) {
				w := newWorld(t)
				met := w.server.BreakAt(call, fault, fault != cloudtest.Unsaid)
				_, err := w.remove(t.Context(), teardown.Choice{})
				require.True(t, met.Load(), "the run does not make this call: %v", err)
				if fault == cloudtest.Refuse {
					require.Error(t, err)
				} else {
					require.NoError(t, err, "what was done and not said is made out by the next attempt")
				}
				w.server.Break(nil)
				_, err = w.remove(t.Context(), teardown.Choice{})
				require.NoError(t, err)
				assert.Equal(t, nothing, w.there())
			})
		}
	}
}

func TestARunThatIsKilledBetweenAnyTwoCallsIsFinishedByTheNext(t *testing.T) {
	for _, call := range callsOfARun(t) {
		t.Run(fmt.Sprintf("%s %s", call.Account, call), func(t *testing.T) {
			w := newWorld(t)
			ctx, kill := context.WithCancel(t.Context())
			defer kill()
			w.server.StopAt(call, cloudtest.Unsaid, kill)
			_, err := w.remove(ctx, teardown.Choice{})
			require.ErrorIs(t, err, context.Canceled)
			w.server.Break(nil)
			_, err = w.remove(t.Context(), teardown.Choice{})
			require.NoError(t, err)
			assert.Equal(t, nothing, w.there())
		})
	}
}
