package teardown_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
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
	var calls []cloudtest.Call
	for _, c := range w.server.Calls() {
		if !slices.Contains(calls, c) {
			calls = append(calls, c)
		}
	}
	slices.SortFunc(calls, func(a, b cloudtest.Call) int { return strings.Compare(a.String(), b.String()) })
	return calls
}

func TestARunThatIsStoppedAtAnyCallIsFinishedByTheNext(t *testing.T) {
	for _, call := range callsOfARun(t) {
		for _, fault := range []cloudtest.Fault{cloudtest.Refuse, cloudtest.Unsaid} {
			t.Run(fmt.Sprintf("%s %s %s", call.Account, call, fault), func(t *testing.T) {
				w := newWorld(t)
				var met atomic.Bool
				w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
					if c != call || fault == cloudtest.Unsaid && met.Load() {
						return cloudtest.None
					}
					met.Store(true)
					return fault
				})
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
			var dead atomic.Bool
			w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
				switch {
				case dead.Load():
					return cloudtest.Unheard // who is dead says nothing any more
				case c == call:
					dead.Store(true)
					kill()
					return cloudtest.Unsaid
				}
				return cloudtest.None
			})
			_, err := w.remove(ctx, teardown.Choice{})
			require.ErrorIs(t, err, context.Canceled)
			w.server.Break(nil)
			_, err = w.remove(t.Context(), teardown.Choice{})
			require.NoError(t, err)
			assert.Equal(t, nothing, w.there())
		})
	}
}
