package schema_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/check/schema"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

// Whatever a user writes, checking it ends, and twice with the same.
func FuzzResource(f *testing.F) {
	for _, pattern := range []string{"testdata/valid/*.yaml", "testdata/mistakes/*.yaml"} {
		files, err := filepath.Glob(pattern)
		require.NoError(f, err)
		require.NotEmpty(f, files)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(f, err)
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var unread diag.Problems
		document := template.Written("template.yaml", source.Parse("template.yaml", text, &unread), len(text), &unread)
		var first, second diag.Problems
		schema.Check([]*template.Document{document}, &first)
		schema.Check([]*template.Document{document}, &second)
		require.Equal(t, first.Sorted(), second.Sorted())
		for _, p := range first.Sorted() {
			require.NotEmpty(t, p.Rule)
			require.NotEmpty(t, p.Text)
			require.NotEmpty(t, p.Hint)
			require.Equal(t, "template.yaml", p.Place.File)
		}
	})
}
