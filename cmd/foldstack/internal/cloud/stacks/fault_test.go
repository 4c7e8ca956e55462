package stacks_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

// runs are what can be interrupted by a fault, and what there is when it is finished.
var runs = []struct {
	name   string
	before func(*testing.T, *world)
	run    func(context.Context, *world) error
	want   []cloudtest.Stack
}{
	{"create", func(*testing.T, *world) {}, deployOther, one("CREATE_COMPLETE")},
	{"update", func(t *testing.T, w *world) { w.must(t, queue) }, deployOther, one("UPDATE_COMPLETE")},
	{"leave", func(t *testing.T, w *world) { w.must(t, other) }, deployOther, one("CREATE_COMPLETE")},
	{"delete", func(t *testing.T, w *world) { w.must(t, other) }, func(ctx context.Context, w *world) error { return w.Delete(ctx, "shop", w.tell) }, nil},
	{"create again", func(t *testing.T, w *world) {
		w.server.SetStatus(account, region, "shop", "ROLLBACK_COMPLETE", "")
	}, deployOther, one("CREATE_COMPLETE")},
}

func deployOther(ctx context.Context, w *world) error {
	_, err := w.deploy(ctx, other)
	return err
}

func one(status string) []cloudtest.Stack {
	return []cloudtest.Stack{{Name: "shop", Status: status, Template: other, Parameters: map[string]string{}, Outputs: map[string]string{}}}
}

// faults are what goes wrong with a call, and whether the run that meets it once
// finishes by itself.
var faults = map[cloudtest.Fault]bool{
	cloudtest.Refuse: false, cloudtest.Throttle: true, cloudtest.Fail: true, cloudtest.Unheard: true, cloudtest.Unsaid: true,
}

func TestWhateverGoesWrongTheNextRunFinishesAndNothingIsMadeTwice(t *testing.T) {
	injected := 0
	for _, r := range runs {
		clean := newWorld(t)
		r.before(t, clean)
		clean.server.Forget()
		require.NoError(t, r.run(t.Context(), clean))
		ids := clean.ids()
		for i, call := range clean.server.Calls() {
			for fault, passes := range faults {
				for _, stays := range []bool{false, true} {
					name := fmt.Sprintf("%s: %d %s, %s, stays %v", r.name, i, call, fault, stays)
					w := newWorld(t)
					r.before(t, w)
					var calls atomic.Int32
					w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
						at := int(calls.Add(1)) - 1
						if c == call && (at == i || stays && at > i) {
							return fault
						}
						return cloudtest.None
					})
					injected++
					err := r.run(t.Context(), w)
					switch {
					case passes && !stays:
						require.NoError(t, err, name)
						assert.Equal(t, r.want, w.stacks(), name)
					default:
						require.ErrorContains(t, err, "cloudformation:"+call.Operation+" on the stack shop in eu-central-1", name)
						assert.NotEmpty(t, cloud.HintOf(err), name)
					}
					w.server.Break(nil)
					require.NoError(t, r.run(t.Context(), w), name)
					assert.Len(t, w.stacks(), len(r.want), name)
					assert.Subset(t, append(ids, ""), w.ids(), "a stack was made that a run without faults does not make: %s", name)
				}
			}
		}
	}
	assert.Greater(t, injected, 200)
}

// stacks are those that there are, without what tells one of the same name from
// another.
func (w *world) stacks() []cloudtest.Stack {
	all := w.server.Stacks(account, region)
	for i := range all {
		all[i].ID = ""
	}
	return all
}

// ids are those of the stacks; one that is made a second time has another.
func (w *world) ids() []string {
	var all []string
	for _, s := range w.server.Stacks(account, region) {
		all = append(all, s.ID)
	}
	return all
}
