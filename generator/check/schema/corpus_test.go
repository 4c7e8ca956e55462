package schema_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/check/schema"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

// read makes a document of the text of a template.
func read(t testing.TB, name string, text []byte) *template.Document {
	t.Helper()
	var problems diag.Problems
	document := template.Written(name, source.Parse(name, text, &problems), len(text), &problems)
	require.Empty(t, problems.Sorted(), name)
	return document
}

// check is what is wrong with documents, a line for each.
func check(documents ...*template.Document) []string {
	var problems diag.Problems
	schema.Check(documents, &problems)
	var lines []string
	for _, p := range problems.Sorted() {
		lines = append(lines, p.Place.String()+": "+p.Rule+": "+p.Text+" ["+p.Hint+"]")
	}
	return lines
}

// templates is every template below the folders.
func templates(t testing.TB, folders ...string) []*template.Document {
	t.Helper()
	var documents []*template.Document
	for _, folder := range folders {
		require.NoError(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
				return err
			}
			text, err := os.ReadFile(path)
			if err == nil && strings.Contains("\n"+string(text), "\nResources:\n") {
				documents = append(documents, read(t, filepath.ToSlash(path), text))
			}
			return err
		}))
	}
	return documents
}

func TestNoTemplateThatFoldstackWritesHasAProblem(t *testing.T) {
	ours := templates(t, "../../../out", "../../testdata", "../../stack/testdata")
	require.Greater(t, len(ours), 60)
	assert.Empty(t, check(ours...))
}

func TestNoValidTemplateHasAProblem(t *testing.T) {
	valid := templates(t, "testdata/valid")
	require.GreaterOrEqual(t, len(valid), 25)
	for _, d := range valid {
		assert.Empty(t, check(d), d.Path)
	}
}
