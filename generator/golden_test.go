package generator_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/output"
)

var (
	update = flag.Bool("update", false, "rewrite the golden files")
	keep   = flag.String("keep", "", "write the whole output of every golden project to this folder")
)

// made are golden projects whose folders a test makes, because there are too
// many of them or because a disk that folds case could not hold them. Of their
// output only what is not a function's own template is kept; the manifest holds
// the digests of the rest.
var made = map[string]func(t *testing.T, root string){
	large: func(t *testing.T, root string) {
		for i := range 1200 {
			write(t, root, fmt.Sprintf("functions/worker-%04d/index.mjs", i), "export const handler = async () => 'done';\n")
		}
	},
	"names": func(t *testing.T, root string) {
		for _, name := range []string{"foo-bar", "foo_bar", "FooBar", "foobar", "true", "null", "0123", "1e3", "1_000", "A", "-x-", "UPPER_SNAKE"} {
			write(t, root, "functions/"+name+"/app.py", "def lambda_handler(event, context):\n    return event\n")
			write(t, root, "functions/"+name+"/function.yaml", "events:\n  - http: GET /"+name+"\n  - sqs: {queue: \""+name+"\"}\n")
		}
	},
}

func TestGoldenProjects(t *testing.T) {
	entries, err := os.ReadDir("testdata")
	require.NoError(t, err)
	for _, entry := range entries {
		t.Run(entry.Name(), func(t *testing.T) {
			golden := filepath.Join("testdata", entry.Name())
			root := inputs(t, golden)
			if make := made[entry.Name()]; make != nil {
				make(t, root)
			}
			want := files(t, golden)
			got := generated(t, root)
			if *keep != "" {
				for path, data := range got {
					write(t, filepath.Join(*keep, entry.Name()), path, string(data))
				}
			}
			if made[entry.Name()] != nil {
				for path := range got {
					if strings.HasPrefix(path, "out/functions/") {
						delete(got, path)
					}
				}
			}
			if *update {
				replace(t, golden, want, got)
				return
			}
			compare(t, want, got)
		})
	}
}

// The repository's own functions are a golden project too.
func TestTheShippedOutputIsFresh(t *testing.T) {
	result, err := generator.Generate(t.Context(), generator.Options{Root: ".."})
	require.NoError(t, err)
	require.Empty(t, text(result))
	for _, change := range result.Plan.Changes() {
		assert.Equal(t, output.Unchanged, change.Kind, "%s is stale: run `make generate`", change.Path)
	}
}

// inputs copies a golden project without its output.
func inputs(t *testing.T, golden string) string {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.CopyFS(root, os.DirFS(golden)))
	require.NoError(t, os.RemoveAll(filepath.Join(root, "out")))
	return root
}

// generated renders a project and returns its files by path.
func generated(t testing.TB, root string) map[string][]byte {
	t.Helper()
	result, err := generator.Generate(t.Context(), generator.Options{Root: root})
	require.NoError(t, err)
	require.Empty(t, text(result))
	rendered := map[string][]byte{}
	for _, file := range result.Plan.Files() {
		rendered[file.Path] = file.Data
	}
	return rendered
}

func text(result *generator.Result) string {
	var b bytes.Buffer
	_ = diag.WriteText(&b, result.Problems, result.Sources, false)
	return b.String()
}

// files reads what a golden project keeps: its output and its lock.
func files(t *testing.T, golden string) map[string][]byte {
	t.Helper()
	kept := map[string][]byte{}
	err := filepath.WalkDir(golden, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		relative, err := filepath.Rel(golden, path)
		if err != nil {
			return err
		}
		if slash := filepath.ToSlash(relative); strings.HasPrefix(slash, "out/") || slash == "foldstack.lock" {
			kept[slash], err = os.ReadFile(path)
		}
		return err
	})
	require.NoError(t, err)
	return kept
}

func compare(t *testing.T, want, got map[string][]byte) {
	t.Helper()
	for _, path := range sorted(want) {
		if _, ok := got[path]; !ok {
			t.Errorf("nothing makes the golden file %s any more", path)
		}
	}
	for _, path := range sorted(got) {
		assert.Equal(t, string(want[path]), string(got[path]), path)
	}
}

func replace(t *testing.T, golden string, want, got map[string][]byte) {
	t.Helper()
	for path := range want {
		if _, ok := got[path]; !ok {
			require.NoError(t, os.Remove(filepath.Join(golden, path)))
		}
	}
	for path, data := range got {
		if !bytes.Equal(want[path], data) {
			write(t, golden, path, string(data))
		}
	}
}

func sorted(files map[string][]byte) []string {
	paths := make([]string, 0, len(files))
	for path := range files {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

func write(t testing.TB, root, path, data string) {
	t.Helper()
	file := filepath.Join(root, filepath.FromSlash(path))
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(data), 0o644))
}
