package store_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/store"
	"github.com/foldstack/foldstack/generator/model"
)

const thousand = 1000

// aThousand is a project of a thousand functions that is published, but for the one
// that changed, in buckets that hold older assets of each kind as well.
func aThousand(t testing.TB, older int) *world {
	t.Helper()
	w := newWorld(t)
	w.project.Functions, w.templates = nil, nil
	for i := range thousand {
		name := fmt.Sprintf("worker-%04d", i)
		w.project.Functions = append(w.project.Functions, model.Function{Name: name, Package: model.Zip, Digest: digest(name)})
		w.addTemplate(name, "Description: "+name+"\n")
	}
	w.project.Functions[500].Digest = digest("small")
	for _, region := range w.project.Regions() {
		for i := range w.project.Functions {
			if i != 500 {
				w.server.Put(w.bucket(region), model.ArchiveKey(w.project.Functions[i].Digest), nil)
				w.server.Put(w.bucket(region), w.templates[i].Key, nil)
			}
		}
		for i := range older {
			w.server.Put(w.bucket(region), model.ArchiveKey(digest(fmt.Sprint("older archive ", i))), nil)
			w.server.Put(w.bucket(region), model.TemplateKey(digest(fmt.Sprint("older template ", i))), nil)
		}
	}
	return w
}

func TestOneChangeAmongAThousandFunctionsTakesAHandfulOfCallsPerRegion(t *testing.T) {
	for _, c := range []struct{ older, lists int }{
		{0, 2},             // a page of archives and one of templates
		{thousand / 2, 4},  // two pages of each
		{3 * thousand, 10}, // four, and what is read twice where lists are parted
		{19 * thousand, 2 * (20 + 8)},
	} {
		w := aThousand(t, c.older)
		plan, err := w.plan(t.Context())
		require.NoError(t, err)
		require.Len(t, plan.Assets, 2)
		assert.Equal(t, []string{"worker-0500"}, plan.Assets[0].Names)
		counts := counted(w.server.Calls())
		for _, region := range w.project.Regions() {
			assert.LessOrEqual(t, counts[region+" ListObjectsV2"], c.lists, "%d older", c.older)
		}
		delete(counts, first+" ListObjectsV2")
		delete(counts, second+" ListObjectsV2")
		assert.Equal(t, map[string]int{first + " GetCallerIdentity": 1}, counts)
	}
}

func TestAFewFunctionsTakeFewCallsHoweverMuchWasPublishedBefore(t *testing.T) {
	w := aThousand(t, 9*thousand)
	w.project.Functions, w.templates = w.project.Functions[500:503], w.templates[500:503]
	plan, err := w.plan(t.Context())
	require.NoError(t, err)
	assert.Len(t, plan.Assets, 2)
	assert.LessOrEqual(t, counted(w.server.Calls())[first+" ListObjectsV2"], 6, "no more calls than keys")
}

func TestAHundredImagesAreOneCall(t *testing.T) {
	w := newWorld(t)
	var keys []string
	for i := range 250 {
		keys = append(keys, store.ImageKey(digest(fmt.Sprint(i))))
	}
	stored, err := open(t, w).Stored(t.Context(), keys)
	require.NoError(t, err)
	assert.Len(t, stored, 250)
	assert.Equal(t, 3, counted(w.server.Calls())[first+" BatchGetImage"])
}

func open(t testing.TB, w *world) *store.Store {
	t.Helper()
	session, err := cloud.Open(t.Context(), first, impatient)
	require.NoError(t, err)
	return store.Of(session, w.project, inParts)
}

func TestAnAssetIsStoredWhenEveryRegionHasIt(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.publish(t.Context()))
	halfway := model.ArchiveKey(digest("halfway"))
	w.server.Put(w.bucket(second), halfway, nil)
	small, picture := model.ArchiveKey(digest("small")), store.ImageKey(digest("picture"))
	never, blank := model.ArchiveKey(digest("never")), store.ImageKey(digest("blank"))
	stored, err := open(t, w).Stored(t.Context(), []string{small, picture, w.templates[0].Key, halfway, never, blank, small})
	require.NoError(t, err)
	assert.Equal(t, map[string]bool{
		small: true, picture: true, w.templates[0].Key: true, halfway: false, never: false, blank: false,
	}, stored)

	w.server.Forget()
	stored, err = open(t, w).Stored(t.Context(), nil)
	require.NoError(t, err)
	assert.Empty(t, stored)
	assert.Len(t, w.server.Calls(), 1, "who needs nothing asks for nothing")
}

// Whatever is in a bucket and however long its pages are, the lists tell the truth.
func TestTheListsMissNothingAndInventNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		w := newWorld(t)
		w.server.PageSize = 1 + r.IntN(20)
		want := map[string]bool{}
		for i := range r.IntN(200) {
			key := model.ArchiveKey(digest(fmt.Sprint(i)))
			inFirst, inSecond := r.IntN(4) > 0, r.IntN(4) > 0
			if inFirst {
				w.server.Put(w.bucket(first), key, nil)
			}
			if inSecond {
				w.server.Put(w.bucket(second), key, nil)
			}
			if r.IntN(2) > 0 {
				want[key] = inFirst && inSecond
			}
		}
		got, err := open(t, w).Stored(t.Context(), slices.Collect(maps.Keys(want)))
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func TestWhatIsNeitherBuiltNorPublishedIsNamed(t *testing.T) {
	w := newWorld(t)
	w.server.Put(w.bucket(first), model.ArchiveKey(digest("far")), nil)
	for _, name := range []string{"far", "a", "b", "c", "d", "e"} {
		w.project.Functions = append(w.project.Functions, model.Function{Name: name, Package: model.Zip, Digest: digest(name)})
	}
	_, err := w.plan(t.Context())
	require.EqualError(t, err, "neither built here nor published in eu-central-1, us-east-1: a, b, c, d, e and 1 more")
	assert.Equal(t, "run `foldstack build`", hint(t, err))
	assert.False(t, slices.ContainsFunc(w.server.Calls(), cloudtest.Call.Writes))
}

func TestFunctionsOfTheSameInputsShareAnAsset(t *testing.T) {
	w := newWorld(t)
	w.project.Functions = append(w.project.Functions, model.Function{Name: "twin", Package: model.Zip, Digest: digest("small")})
	plan, err := w.plan(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"small", "twin"}, plan.Assets[1].Names)
	require.NoError(t, plan.Publish(t.Context()))
	w.complete(t)
}

func BenchmarkPlanOfAThousandFunctions(b *testing.B) {
	w := aThousand(b, thousand)
	store := open(b, w)
	for b.Loop() {
		plan, err := store.Plan(b.Context(), w.local, w.templates)
		if err != nil || len(plan.Assets) != 2 {
			b.Fatal(err)
		}
	}
}
