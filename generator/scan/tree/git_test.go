package tree

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
)

var update = flag.Bool("update", false, "ask the installed git what it would track and rewrite testdata")

// repositories are trees whose files git was asked about. A path that ends in a
// slash in project is the folder that foldstack.yaml would lie in.
var repositories = []struct {
	name    string
	project string
	files   map[string]string
}{
	{"ignore files at every level", ".", map[string]string{
		".gitignore":               "*.log\n/top\nsecret/\n",
		"a.log":                    "",
		"top/x":                    "",
		"functions/top/x":          "",
		"functions/.gitignore":     "!keep.log\n*.tmp\nlocal/\n",
		"functions/keep.log":       "",
		"functions/drop.log":       "",
		"functions/a/index.js":     "",
		"functions/a/keep.log":     "",
		"functions/a/x.tmp":        "",
		"functions/a/.gitignore":   "*\n!.gitignore\n!src/\n!src/**\n",
		"functions/a/src/b/c.py":   "",
		"functions/a/src/x.tmp":    "",
		"functions/a/other/c.py":   "",
		"functions/b/secret/.env":  "",
		"functions/b/local/x":      "",
		"functions/b/local/y/z":    "",
		"functions/b/sub/secret":   "",
		"functions/b/.gitignore":   "/sub/*\n!/sub/secret\n",
		"functions/b/sub/other":    "",
		"functions/c/.gitignore":   "\n",
		"functions/c/deep/e/f/g.h": "",
	}},
	{"nothing inside an ignored folder is taken back in", ".", map[string]string{
		".gitignore":   "gen/\n",
		"gen/a":        "",
		"gen/b/c":      "",
		"x/.gitignore": "!gen/\n",
		"x/gen/a":      "",
		"x/y/gen/b":    "",
		"gen2/a":       "",
		"y/gen":        "",
		"z/.gitignore": "gen\n!gen\n",
		"z/gen/a":      "",
	}},
	{"a project below the repository's root", "services/shop", map[string]string{
		".gitignore":                             "*.log\n/services/shop/functions/drop\nfunctions/no\nservices/*/out\n",
		".git/info/exclude":                      "mine\n/services/shop/yours\n",
		"services/.gitignore":                    "!important.log\nshop/functions/gone/\n",
		"services/shop/a.log":                    "",
		"services/shop/important.log":            "",
		"services/shop/out/x":                    "",
		"services/shop/functions/drop/x":         "",
		"services/shop/functions/gone/x":         "",
		"services/shop/functions/no":             "",
		"services/shop/functions/a/functions/no": "",
		"services/shop/functions/a/mine":         "",
		"services/shop/yours":                    "",
		"services/shop/functions/yours":          "",
		"services/shop/functions/.gitignore":     "!mine\n",
		"services/shop/functions/b/index.mjs":    "",
		"services/shop/functions/b/odd\nname":    "",
		"services/shop/functions/b/ space ":      "",
	}},
	{"a project that the outer repository ignores", "tmp/copy", map[string]string{
		".gitignore":          "tmp/\n*.log\n",
		"tmp/copy/a.log":      "",
		"tmp/copy/b":          "",
		"tmp/copy/.gitignore": "c\n",
		"tmp/copy/c":          "",
	}},
}

func writeFiles(t *testing.T, root string, files map[string]string) {
	for path, content := range files {
		full := filepath.Join(root, filepath.FromSlash(path))
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
		require.NoError(t, os.WriteFile(full, []byte(content), 0o644))
	}
}

// gitTracks asks git which files below the project it would track. git has nothing
// to say about a project that it ignores as a whole: there it is asked from within.
func gitTracks(t *testing.T, root, project string) []string {
	dir := filepath.Join(root, project)
	git := func(args ...string) ([]byte, error) {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		return cmd.Output()
	}
	if _, err := git("check-ignore", "--quiet", "."); err == nil {
		_, err := git("init", "--quiet", ".")
		require.NoError(t, err)
		defer os.RemoveAll(filepath.Join(dir, ".git"))
	}
	out, err := git("ls-files", "--others", "--exclude-standard", "-z", ".")
	require.NoError(t, err)
	tracked := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	slices.Sort(tracked)
	return tracked
}

func tracked(t *testing.T, root string, problems *diag.Problems) []string {
	tree, err := Open(root, Options{}, problems)
	require.NoError(t, err)
	var paths []string
	tree.Walk(".", func(path string, e Entry) {
		if e.Skip == "" {
			paths = append(paths, path)
		}
	})
	slices.Sort(paths)
	return paths
}

func TestTheTreeHoldsWhatGitWouldTrack(t *testing.T) {
	const golden = "testdata/tracked.txt"
	var want strings.Builder
	for _, repository := range repositories {
		root := t.TempDir()
		writeFiles(t, root, repository.files)
		fmt.Fprintf(&want, "= %s\n", repository.name)
		if *update {
			cmd := exec.Command("git", "init", "--quiet", root)
			require.NoError(t, cmd.Run())
			writeFiles(t, root, repository.files) // git's own .git/info/exclude
			for _, path := range gitTracks(t, root, repository.project) {
				fmt.Fprintf(&want, "%q\n", path)
			}
		}
	}
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(want.String()), 0o644))
	}
	var got strings.Builder
	for _, repository := range repositories {
		root := t.TempDir()
		require.NoError(t, os.MkdirAll(filepath.Join(root, ".git"), 0o755))
		writeFiles(t, root, repository.files)
		var problems diag.Problems
		fmt.Fprintf(&got, "= %s\n", repository.name)
		for _, path := range tracked(t, filepath.Join(root, repository.project), &problems) {
			fmt.Fprintf(&got, "%q\n", path)
		}
		assert.Empty(t, problems.Sorted())
	}
	data, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(data), got.String())
}
