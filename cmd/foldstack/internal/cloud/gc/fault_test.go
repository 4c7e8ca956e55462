package gc_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

// crowded is a world with something to remove of every kind, and something to keep.
func crowded(t testing.TB) (w *world, kept []string) {
	t.Helper()
	w = newWorld(t)
	w.publish("orders", "old", "", ago(200))
	w.publish("picture", "image of old", "", ago(200))
	current := w.publish("orders", "current", "", ago(100))
	picture := w.publish("picture", "image of current", "", ago(100))
	for _, target := range w.project.Targets() {
		require.NoError(t, w.deploy(target, current, picture))
	}
	w.server.Propose(prod, first, "shop-prod", "CREATE_COMPLETE", orchestration(current))
	return w, append(current.assets(), picture.assets()...)
}

// callsOfARun are the different calls of a run in which nothing goes wrong.
func callsOfARun(t *testing.T) []cloudtest.Call {
	w, kept := crowded(t)
	require.NoError(t, w.collect(t.Context(), strict))
	w.holds(t, kept...)
	return w.server.DistinctCalls()
}

// removes reports a call that removes something.
func removes(c cloudtest.Call) bool {
	return c.Operation == "DeleteObjects" || c.Operation == "BatchDeleteImage"
}

func TestWhateverGoesWrongNothingThatIsNeededGoesAndTheNextRunFinishes(t *testing.T) {
	injected := 0
	for _, call := range callsOfARun(t) {
		for _, fault := range []cloudtest.Fault{cloudtest.Refuse, cloudtest.Throttle, cloudtest.Fail, cloudtest.Unheard, cloudtest.Unsaid, cloudtest.FailLate} {
			for _, always := range []bool{false, true} {
				if fault == cloudtest.FailLate && call.Operation != "DeleteObjects" {
					continue
				}
				injected++
				t.Run(fmt.Sprintf("%s %s %s %v", call.Account, call, fault, always), func(t *testing.T) {
					w, kept := crowded(t)
					before := w.there(first)
					met := w.server.BreakAt(call, fault, always)
					err := w.collect(t.Context(), strict)
					require.True(t, met.Load(), "the run does not make this call")
					if always || fault == cloudtest.Refuse {
						require.Error(t, err)
					}
					if err != nil && !removes(call) {
						assert.Equal(t, before, w.there(first), "what cannot be looked at lets nothing be removed")
					}
					assert.Subset(t, w.there(first), kept)
					w.server.Break(nil)
					require.NoError(t, w.collect(t.Context(), strict))
					w.holds(t, kept...)
				})
			}
		}
	}
	assert.Greater(t, injected, 100)
}

func TestWhoInterruptsIsNotToldOfAnErrorOfAWS(t *testing.T) {
	for _, call := range callsOfARun(t) {
		w, kept := crowded(t)
		ctx, interrupt := context.WithCancel(t.Context())
		w.server.StopAt(call, cloudtest.Unheard, interrupt)
		require.ErrorIs(t, w.collect(ctx, strict), context.Canceled, call)
		assert.Subset(t, w.there(first), kept)
		interrupt()
	}
}

func TestEveryAccountThatCannotBeEnteredIsNamedAtOnce(t *testing.T) {
	w, _ := crowded(t)
	w.server.Refuse("AssumeRole")
	err := w.collect(t.Context(), strict)
	for _, account := range []string{dev, prod} {
		assert.Equal(t, 1, strings.Count(err.Error(), "arn:aws:iam::"+account+":role/reader"))
	}
	var failure cloud.Failure
	assert.True(t, errors.As(err, &failure))
}

func TestWhoIsOvertakenByAnotherRunFinishesWithIt(t *testing.T) {
	w, kept := crowded(t)
	var met atomic.Bool
	w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
		if c.Operation == "GetObject" && !met.Swap(true) {
			assert.NoError(t, w.collect(t.Context(), strict), "somebody else's")
		}
		return cloudtest.None
	})
	require.NoError(t, w.collect(t.Context(), strict))
	require.True(t, met.Load())
	w.holds(t, kept...)
}
