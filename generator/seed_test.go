package generator

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/check/schema"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

// An update from the seed to the whole changes how the bucket encrypts, and nothing else of
// it: it stays, and with it the template that was put there.
func TestTheSeedOfTheToolingStackIsItsArtifactBucketBeforeItHasAKey(t *testing.T) {
	for _, project := range []string{"china", "fifty-accounts", "govcloud", "one-function", "tooling-is-a-target"} {
		root := filepath.Join("testdata", project)
		result, err := Check(t.Context(), Options{Root: root})
		require.NoError(t, err)
		require.Empty(t, result.Problems, root)
		for _, b := range result.Bases[1:] {
			assert.Empty(t, b.Seed, "%s: %s", root, b.Name)
		}

		var problems diag.Problems
		seed, whole := readBack(result.Bases[0].Seed, &problems), readBack(result.Bases[0].Template, &problems)
		check.Templates([]*template.Document{seed}, &problems)
		assert.Empty(t, problems.Sorted(), root)
		assert.Empty(t, append(seed.Parameters, seed.Outputs...), root)

		require.Len(t, seed.Resources, 1, root)
		before, after := &seed.Resources[0], template.Find(whole.Resources, "ArtifactBucket")
		assert.Equal(t, after.Name, before.Name, root)
		assert.Equal(t, []string{"Properties"}, differing(before.Value, after.Value), root)
		assert.Equal(t, []string{"BucketEncryption"}, differing(before.Properties(), after.Properties()), root)
		assert.Equal(t, schema.InPlace, schema.ReplacementOf(before.Type(), []string{"BucketEncryption"}))
	}
}

func readBack(text []byte, problems *diag.Problems) *template.Document {
	return template.Written("tooling.yaml", source.Parse("tooling.yaml", text, problems), len(text), problems)
}

// differing are the keys of the first under which the second has something else.
func differing(one, other any) []string {
	var keys []string
	for _, e := range one.(cfn.Map) {
		if !assert.ObjectsAreEqual(e.Value, other.(cfn.Map).Get(e.Key)) {
			keys = append(keys, e.Key)
		}
	}
	if len(one.(cfn.Map)) != len(other.(cfn.Map)) {
		keys = append(keys, "others")
	}
	return keys
}
