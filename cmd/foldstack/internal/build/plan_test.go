package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/model"
)

// states are a plan's, by function.
func states(plan Plan) map[string]State {
	m := map[string]State{}
	for _, item := range plan {
		m[item.Function.Name] = item.State
	}
	return m
}

func TestWhatIsStoredIsNotBuilt(t *testing.T) {
	root := project(t, map[string]string{
		"functions/a/index.mjs": "// a\n" + js, "functions/b/index.mjs": "// b\n" + js, "functions/c/index.mjs": "// c\n" + js,
		"functions/d/index.mjs": "// a\n" + js, "functions/e/Dockerfile": "FROM public.ecr.aws/lambda/nodejs:24\nCMD [\"index.handler\"]\n",
	})
	fns := functions(t, root)
	local, published := fns[1], fns[2]
	require.NoError(t, os.MkdirAll(filepath.Join(root, Folder, "functions"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, Folder, Key(&local)), nil, 0o644))
	var asked [][]string
	options := Options{Root: root, Functions: fns, Stored: func(_ context.Context, keys []string) (map[string]bool, error) {
		asked = append(asked, keys)
		return map[string]bool{Key(&published): true}, nil
	}}
	plan, err := NewPlan(t.Context(), options)
	require.NoError(t, err)
	assert.Equal(t, map[string]State{"a": Missing, "b": Local, "c": Published, "d": Shared, "e": Missing}, states(plan))
	assert.Equal(t, "a", plan[3].As)
	assert.Equal(t, 2, plan.Builds())
	assert.Equal(t, [][]string{{Key(&fns[0]), Key(&published), "images/" + fns[4].Digest}}, asked)

	options.Force, options.Only = true, []string{"b", "c"}
	plan, err = NewPlan(t.Context(), options)
	require.NoError(t, err)
	assert.Equal(t, map[string]State{"b": Forced, "c": Forced}, states(plan))
	assert.Len(t, asked, 1, "who builds all asks nobody")

	options.Force, options.Stored = false, func(context.Context, []string) (map[string]bool, error) { return nil, errors.New("no network") }
	_, err = NewPlan(t.Context(), options)
	require.ErrorContains(t, err, "no network")
}

// manyFunctions are as many as a large project has, with one digest each.
func manyFunctions(n int) []model.Function {
	fns := make([]model.Function, n)
	for i := range fns {
		fns[i] = model.Function{Name: fmt.Sprintf("f%04d", i), Package: model.Zip, Digest: fmt.Sprintf("%064x", i)}
	}
	return fns
}

func TestAPlanOfManyFunctionsAsksOnce(t *testing.T) {
	fns, calls := manyFunctions(1000), 0
	plan, err := NewPlan(t.Context(), Options{Root: t.TempDir(), Functions: fns, Stored: func(_ context.Context, keys []string) (map[string]bool, error) {
		calls++
		stored := map[string]bool{}
		for _, key := range keys {
			stored[key] = key != Key(&fns[500])
		}
		return stored, nil
	}})
	require.NoError(t, err)
	assert.Equal(t, 1, calls)
	assert.Equal(t, 1, plan.Builds())
	assert.Equal(t, 500, slices.IndexFunc(plan, Item.Builds))
}

func BenchmarkPlan(b *testing.B) {
	root, fns := b.TempDir(), manyFunctions(1000)
	require.NoError(b, os.MkdirAll(filepath.Join(root, Folder, "functions"), 0o755))
	for i := range fns[1:] {
		require.NoError(b, os.WriteFile(filepath.Join(root, Folder, Key(&fns[i+1])), nil, 0o644))
	}
	for b.Loop() {
		plan, err := NewPlan(b.Context(), Options{Root: root, Functions: fns})
		if err != nil || plan.Builds() != 1 {
			b.Fatal(err, plan.Builds())
		}
	}
}
