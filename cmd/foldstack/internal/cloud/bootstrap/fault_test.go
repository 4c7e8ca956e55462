package bootstrap_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

// worlds are those in which everything goes wrong once: one with every account by
// itself, one of an organization, and one whose tooling stack is made in two steps.
var worlds = map[string]func(*testing.T) *world{
	"accounts":     func(t *testing.T) *world { return newWorld(t, usual) },
	"organization": func(t *testing.T) *world { return newOrganization(t, management) },
	"two steps":    func(t *testing.T) *world { return newLarge(t, with("environments", many(1))) },
}

// callsOfARun are those of a first bootstrap, each once, and what there is after it.
func callsOfARun(t *testing.T, newWorld func(*testing.T) *world) (calls []cloudtest.Call, after []string) {
	t.Helper()
	w := newWorld(t)
	require.NoError(t, w.run(t.Context()))
	return w.DistinctCalls(), w.there()
}

// Whatever goes wrong, for as long as it goes wrong, the run says which call it was, and
// the next one finishes.
func TestBootstrapGoesOnAfterEveryFault(t *testing.T) {
	cases := 0
	for kind, newWorld := range worlds {
		calls, after := callsOfARun(t, newWorld)
		for _, call := range calls {
			for _, fault := range []cloudtest.Fault{cloudtest.Refuse, cloudtest.Fail, cloudtest.Unheard, cloudtest.Unsaid} {
				cases++
				t.Run(fmt.Sprintf("%s %s %s %s", kind, call.Account, call, fault), func(t *testing.T) {
					w := newWorld(t)
					w.BreakAt(call, fault, true)
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
	assert.Greater(t, cases, 200)
}

// What passes is not even told of.
func TestAFaultThatPassesIsNoFailure(t *testing.T) {
	for kind, newWorld := range worlds {
		calls, after := callsOfARun(t, newWorld)
		for _, fault := range []cloudtest.Fault{cloudtest.Fail, cloudtest.Throttle, cloudtest.Unheard, cloudtest.Unsaid} {
			w := newWorld(t)
			seen := make([]atomic.Bool, len(calls))
			w.Break(func(c cloudtest.Call) cloudtest.Fault {
				if i := slices.Index(calls, c); i >= 0 && !seen[i].Swap(true) {
					return fault
				}
				return cloudtest.None
			})
			require.NoError(t, w.run(t.Context()), "%s %s", kind, fault)
			assert.Equal(t, after, w.there(), "%s %s", kind, fault)
		}
	}
}

// Ctrl-C, or the end of the process, at every call.
func TestBootstrapResumesWhereItWasInterrupted(t *testing.T) {
	for kind, newWorld := range worlds {
		calls, after := callsOfARun(t, newWorld)
		for _, call := range calls {
			for _, last := range []cloudtest.Fault{cloudtest.Unheard, cloudtest.Unsaid} {
				t.Run(fmt.Sprintf("%s %s %s %s", kind, call.Account, call, last), func(t *testing.T) {
					w := newWorld(t)
					ctx, interrupt := context.WithCancel(t.Context())
					defer interrupt()
					w.StopAt(call, last, interrupt)
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
}
