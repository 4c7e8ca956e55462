package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/store"
	"github.com/foldstack/foldstack/generator/model"
)

// kinds of calls, each of which can go wrong in its own ways.
var (
	writes      = []string{"PutObject", "CompleteMultipartUpload"}
	bodies      = []string{"PutObject", "UploadPart"}
	allBodies   = []string{"PutObject", "UploadPart", "CompleteMultipartUpload", "PATCH blobs/uploads", "PUT manifests", "BatchGetImage"}
	partial     = []string{"UploadPart", "CompleteMultipartUpload"}
	everything  = []string{""}
	overtakable = []string{"PutObject", "CompleteMultipartUpload", "PUT manifests"}
)

// faults are what can go wrong with a call. Most pass, and the run that meets them
// finishes by itself; after the others the next one does.
var faults = []struct {
	fault  cloudtest.Fault
	calls  []string // the operations that it can happen to
	stays  bool     // it happens whenever that is called
	passes bool     // the run finishes by itself
}{
	{cloudtest.Refuse, everything, true, false},
	{cloudtest.Throttle, everything, false, true},
	{cloudtest.Throttle, everything, true, false},
	{cloudtest.Fail, everything, false, true},
	{cloudtest.Fail, everything, true, false},
	{cloudtest.Unheard, everything, false, true},
	{cloudtest.Unheard, everything, true, false},
	{cloudtest.Midway, allBodies, false, true},
	{cloudtest.Unsaid, everything, false, true},
	{cloudtest.Corrupt, bodies, false, true},
	{cloudtest.Corrupt, bodies, true, false},
	{cloudtest.Lie, append(slices.Clone(bodies), "CompleteMultipartUpload"), false, false},
	{cloudtest.Overtake, overtakable, false, true},
	{cloudtest.Conflict, writes, false, true},
	{cloudtest.FailLate, []string{"CompleteMultipartUpload"}, false, true},
	{cloudtest.LoseParts, partial, false, true},
	{cloudtest.LoseParts, partial, true, false},
}

// happens reports whether a fault can happen to a call.
func happens(operations []string, c cloudtest.Call) bool {
	return slices.Contains(operations, c.Operation) || operations[0] == ""
}

// callsOfARun are the different calls of a run in which nothing goes wrong.
func callsOfARun(t *testing.T) []cloudtest.Call {
	t.Helper()
	w := newWorld(t)
	require.NoError(t, w.publish(t.Context()))
	return w.server.DistinctCalls()
}

// injected counts what the tests of this file have planted.
var injected atomic.Int32

func TestWhateverGoesWrongTheNextRunFinishesAndNothingIsHalfPublished(t *testing.T) {
	for _, call := range callsOfARun(t) {
		for _, f := range faults {
			// The regions are alike: what goes wrong always goes wrong in one of them.
			if !happens(f.calls, call) || f.stays && call.Region == first && call.Operation != "GetCallerIdentity" {
				continue
			}
			often := "once"
			if f.stays {
				often = "always"
			}
			t.Run(fmt.Sprintf("%s %s %s", call, f.fault, often), func(t *testing.T) {
				w := newWorld(t)
				met := plant(w, call, f.fault, f.stays)
				err := w.publish(t.Context())
				require.True(t, met.Load(), "the run does not make this call")
				if f.passes {
					require.NoError(t, err)
					w.complete(t)
				} else if err == nil {
					require.True(t, dispensable(call), "a run that could not finish must say so")
					w.complete(t)
				}
				w.server.Break(nil)
				require.NoError(t, w.publish(t.Context()))
				w.complete(t)
			})
		}
	}
	assert.Greater(t, int(injected.Load()), 200)
}

// dispensable are calls of a registry's client without which the image arrives as
// well: it looks whether the manifest is there.
func dispensable(c cloudtest.Call) bool { return c.Operation == "HEAD manifests" }

// plant makes a call go wrong, the first time or always.
func plant(w *world, call cloudtest.Call, fault cloudtest.Fault, stays bool) *atomic.Bool {
	injected.Add(1)
	return w.server.BreakAt(call, fault, stays)
}

func TestARunThatIsKilledBetweenAnyTwoCallsIsFinishedByTheNext(t *testing.T) {
	for _, call := range callsOfARun(t) {
		for _, last := range []cloudtest.Fault{cloudtest.Unheard, cloudtest.Unsaid} {
			t.Run(fmt.Sprintf("%s %s", call, last), func(t *testing.T) {
				w := newWorld(t)
				injected.Add(1)
				ctx, kill := context.WithCancel(t.Context())
				defer kill()
				w.server.StopAt(call, last, kill)
				require.Error(t, w.publish(ctx))
				w.sound(t)
				w.server.Break(nil)
				require.NoError(t, w.publish(t.Context()))
				w.complete(t)
			})
		}
	}
}

func TestWhoInterruptsIsNotToldOfAnErrorOfAWS(t *testing.T) {
	for _, call := range callsOfARun(t) {
		w := newWorld(t)
		ctx, interrupt := context.WithCancel(t.Context())
		w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
			if c == call {
				interrupt()
				return cloudtest.Unheard
			}
			return cloudtest.None
		})
		require.ErrorIs(t, w.publish(ctx), context.Canceled, call)
		for _, region := range w.project.Regions() {
			if call.Operation == "UploadPart" && call.Region == region {
				assert.Zero(t, w.server.OpenUploads(w.bucket(region)), "parts are not left behind")
			}
		}
		interrupt()
	}
}

// A small body is gone before its sender learns that nobody reads it.
func TestALargeBodyWhoseConnectionBreaksIsSentAgain(t *testing.T) {
	w := newWorld(t)
	w.local = store.Local(t.TempDir())
	body := bytes.Repeat([]byte("large "), 1<<20)
	key := model.ArchiveKey(digest("large"))
	w.project.Functions, w.templates = w.project.Functions[:1], nil
	w.archives = map[string][]byte{key: body}
	require.NoError(t, os.MkdirAll(filepath.Join(string(w.local), "functions"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(string(w.local), key), body, 0o644))
	var breaks atomic.Int32
	w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
		if c.Operation == "PutObject" && breaks.Add(1) < 4 {
			return cloudtest.Midway
		}
		return cloudtest.None
	})
	session, err := cloud.Open(t.Context(), first, cloud.Options{Backoff: never})
	require.NoError(t, err)
	plan, err := store.Of(session, w.project, inParts).Plan(t.Context(), w.local, nil)
	require.NoError(t, err)
	require.NoError(t, plan.Publish(t.Context()))
	for _, region := range w.project.Regions() {
		assert.True(t, w.server.Objects(w.bucket(region))[key] == string(body), region)
	}
	w.sound(t)
}

func TestRunsThatRaceBothFinish(t *testing.T) {
	for range 10 {
		w := newWorld(t)
		var group sync.WaitGroup
		for range 3 {
			injected.Add(1)
			group.Go(func() { assert.NoError(t, w.publish(t.Context())) })
		}
		group.Wait()
		w.complete(t)
	}
}

func TestAnUploadThatCannotBeAbortedFailsAsItWouldHave(t *testing.T) {
	w := newWorld(t)
	w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
		if c.Operation == "AbortMultipartUpload" || c.Operation == "UploadPart" && c.Part == "2" {
			return cloudtest.Refuse
		}
		return cloudtest.None
	})
	require.ErrorContains(t, w.publish(t.Context()), "s3:PutObject")
	assert.NotZero(t, w.server.OpenUploads(w.bucket(first))+w.server.OpenUploads(w.bucket(second)))
	w.server.Break(nil)
	require.NoError(t, w.publish(t.Context()))
	w.complete(t)
}
