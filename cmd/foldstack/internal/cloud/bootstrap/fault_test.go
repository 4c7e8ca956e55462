package bootstrap_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

// callsOfARun are those of a first bootstrap, each once, and what there is after it.
func callsOfARun(t *testing.T) (calls []cloudtest.Call, after []string) {
	t.Helper()
	w := newWorld(t, usual).in(t)
	require.NoError(t, w.run(t.Context()))
	seen := map[cloudtest.Call]bool{}
	for _, c := range w.Calls() {
		if !seen[c] {
			calls = append(calls, c)
		}
		seen[c] = true
	}
	return calls, w.there()
}

// Whatever goes wrong, for as long as it goes wrong, the run says which call it was, and
// the next one finishes.
func TestBootstrapGoesOnAfterEveryFault(t *testing.T) {
	calls, after := callsOfARun(t)
	assert.GreaterOrEqual(t, len(calls), 30)
	for _, call := range calls {
		for _, fault := range []cloudtest.Fault{cloudtest.Refuse, cloudtest.Fail, cloudtest.Throttle, cloudtest.Unheard, cloudtest.Unsaid} {
			t.Run(fmt.Sprintf("%s %s %s", call.Account, call, fault), func(t *testing.T) {
				w := newWorld(t, usual).in(t)
				w.Break(func(c cloudtest.Call) cloudtest.Fault {
					if c == call {
						return fault
					}
					return cloudtest.None
				})
				err := w.run(t.Context())
				require.ErrorContains(t, err, call.Operation)
				var failure cloud.Failure
				require.ErrorAs(t, err, &failure)
				assert.NotEmpty(t, failure.Hint)
				w.Break(nil)
				require.NoError(t, w.run(t.Context()))
				assert.Equal(t, after, w.there())
			})
		}
	}
}

// What passes is not even told of.
func TestAFaultThatPassesIsNoFailure(t *testing.T) {
	calls, after := callsOfARun(t)
	for _, fault := range []cloudtest.Fault{cloudtest.Fail, cloudtest.Throttle, cloudtest.Unheard, cloudtest.Unsaid} {
		w := newWorld(t, usual).in(t)
		var broken atomic.Int32
		seen := make([]atomic.Bool, len(calls))
		w.Break(func(c cloudtest.Call) cloudtest.Fault {
			for i := range calls {
				if c == calls[i] && !seen[i].Swap(true) {
					broken.Add(1)
					return fault
				}
			}
			return cloudtest.None
		})
		require.NoError(t, w.run(t.Context()), fault)
		assert.Equal(t, after, w.there(), fault)
		assert.EqualValues(t, len(calls), broken.Load(), fault)
	}
}

// Ctrl-C, or the end of the process, at every call.
func TestBootstrapResumesWhereItWasInterrupted(t *testing.T) {
	calls, after := callsOfARun(t)
	for _, call := range calls {
		for _, last := range []cloudtest.Fault{cloudtest.Unheard, cloudtest.Unsaid} {
			t.Run(fmt.Sprintf("%s %s %s", call.Account, call, last), func(t *testing.T) {
				w := newWorld(t, usual).in(t)
				ctx, interrupt := context.WithCancel(t.Context())
				defer interrupt()
				var dead atomic.Bool
				w.Break(func(c cloudtest.Call) cloudtest.Fault {
					switch {
					case dead.Load():
						return cloudtest.Unheard
					case c == call:
						dead.Store(true)
						interrupt()
						return last
					}
					return cloudtest.None
				})
				err := w.run(ctx)
				require.ErrorIs(t, err, context.Canceled)
				var failure cloud.Failure
				assert.False(t, errors.As(err, &failure), "who interrupts is not told of an error of AWS: %v", err)
				w.Break(nil)
				require.NoError(t, w.run(t.Context()))
				assert.Equal(t, after, w.there())
			})
		}
	}
}
