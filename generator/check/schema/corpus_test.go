package schema_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/check/schema"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
)

// read turns the text of a template into a tree.
func read(t testing.TB, name string, text []byte) (cfn.Map, *source.Node) {
	t.Helper()
	problems := &diag.Problems{}
	node := source.Parse(name, text, problems)
	require.Empty(t, problems.Sorted(), name)
	tree, ok := cfn.FromNode(node, nil, problems).(cfn.Map)
	require.Empty(t, problems.Sorted(), name)
	require.True(t, ok, name)
	return tree, node
}

// findings checks every resource of a template and puts the place before each.
func findings(template cfn.Map, node *source.Node) []string {
	names := schema.NamesIn(template)
	var all []string
	resources, _ := template.Get("Resources").(cfn.Map)
	for _, e := range resources {
		entry, _ := e.Value.(cfn.Map)
		for _, f := range schema.Resource(entry, names) {
			place := schema.Locate(node.Get("Resources").Get(e.Key), f.Path)
			all = append(all, place.String()+" "+e.Key+"/"+strings.Join(f.Path, "/")+" "+f.Rule+": "+f.Text+" ["+f.Hint+"]")
		}
	}
	return all
}

// corpus is every template that foldstack writes: the shipped output and that of
// the golden projects and of the golden stacks.
func corpus(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, root := range []string{"../../../out", "../../testdata", "../../stack/testdata"} {
		require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && filepath.Ext(path) == ".yaml" && !strings.Contains(path, "buildspec") {
				files = append(files, path)
			}
			return err
		}))
	}
	slices.Sort(files)
	return files
}

func TestNoTemplateOfOursHasAFinding(t *testing.T) {
	templates, resources := 0, 0
	for _, file := range corpus(t) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		if !strings.Contains("\n"+string(text), "\nResources:\n") {
			continue
		}
		tree, node := read(t, filepath.ToSlash(file), text)
		assert.Empty(t, findings(tree, node), file)
		templates++
		resources += len(tree.Get("Resources").(cfn.Map))
	}
	require.Greater(t, templates, 60)
	require.Greater(t, resources, 400)
	t.Logf("%d templates, %d resources", templates, resources)
}
