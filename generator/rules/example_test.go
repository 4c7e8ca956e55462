package rules

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
)

// base is what an example need not say: the keys of foldstack.yaml that every
// project has.
var base = []struct{ key, text string }{
	{"project", "project: shop\n"},
	{"tooling", "tooling: {account: \"111111111111\", region: eu-central-1}\n"},
	{"source", "source: {provider: github, repository: acme/shop, branch: main}\n"},
	{"environments", "environments: {dev: {accounts: [\"222222222222\"], regions: [eu-central-1]}}\n"},
}

const code = "export const handler = async () => null;\n"

// shown keeps what was printed about the bad example of each rule, by id.
var shown sync.Map

func TestEveryExampleShowsItsRule(t *testing.T) {
	for _, e := range entries() {
		t.Run(e.ID, func(t *testing.T) {
			t.Parallel()
			if test := e.value("shown by"); test != "" {
				assert.Empty(t, e.files(), "an example and a test that takes its place")
				file, text := testOf(t, test)
				assert.Contains(t, text, e.ID, "%s does not speak of the rule", file)
				return
			}
			bad, sources := e.run(t, "bad")
			shown.Store(e.ID, printed(t, bad, sources))
			assert.Equal(t, []string{e.ID}, broken(bad), "what bad breaks:\n%s", printed(t, bad, nil))
			good, _ := e.run(t, "good")
			assert.Equal(t, "", printed(t, good, nil), "what good breaks")
		})
	}
}

func TestEveryEntryIsWellFormed(t *testing.T) {
	keys := []string{"group", "whole", "link", "executable", "shown by"}
	for _, e := range entries() {
		for key := range e.head {
			assert.Contains(t, keys, key, e.ID)
		}
		assert.True(t, slices.ContainsFunc(groups, func(g group) bool { return g.name == e.value("group") }), "%s has the group %q", e.ID, e.value("group"))
		assert.Regexp(t, `^\S.*\.$`, e.Text, e.ID)
		for _, f := range e.files() {
			assert.Regexp(t, `\n$`, string(f.Data), "%s: %s", e.ID, f.Name)
		}
	}
}

// testOf is the file of a test, from the module's root, and its text.
func testOf(t *testing.T, test string) (file, text string) {
	t.Helper()
	folder, name, ok := strings.Cut(test, ".")
	require.True(t, ok, "test by: FOLDER.TEST")
	tests, err := filepath.Glob(filepath.Join("..", "..", folder, "*_test.go"))
	require.NoError(t, err)
	for _, path := range tests {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		if strings.Contains(string(data), "\nfunc "+name+"(t *testing.T) {") {
			return folder + "/" + filepath.Base(path), string(data)
		}
	}
	require.Fail(t, "there is no test "+test)
	return "", ""
}

func (e entry) files() []txtar.File { return txtar.Parse(e.archive).Files }

// run makes one of the two projects and returns what is wrong with it.
func (e entry) run(t *testing.T, side string) ([]diag.Problem, *diag.Sources) {
	t.Helper()
	files := map[string]string{}
	for _, f := range e.files() {
		if name, ok := e.on(side, f.Name); ok {
			files[name] = string(f.Data)
		}
	}
	if e.value("whole") != "yes" {
		complete(files)
	}
	root := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(root, filepath.FromSlash(name)), text)
	}
	e.decorate(t, root, side)
	run := generator.Check
	if e.value("group") == "output" {
		run = generator.Generate
	}
	result, err := run(t.Context(), generator.Options{Root: root})
	require.NoError(t, err)
	return result.Problems, result.Sources
}

// on is the name of a file or link in a project; not every one is part of both.
func (e entry) on(side, name string) (string, bool) {
	if rest, ok := strings.CutPrefix(name, side+"/"); ok {
		return rest, true
	}
	return name, !strings.HasPrefix(name, "bad/") && !strings.HasPrefix(name, "good/")
}

// decorate makes what an archive cannot hold.
func (e entry) decorate(t *testing.T, root, side string) {
	for _, link := range e.head["link"] {
		name, target, _ := strings.Cut(link, " -> ")
		if name, ok := e.on(side, name); ok {
			name = filepath.Join(root, filepath.FromSlash(name))
			require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
			require.NoError(t, os.Symlink(target, name))
		}
	}
	for _, name := range e.head["executable"] {
		if name, ok := e.on(side, name); ok {
			require.NoError(t, os.Chmod(filepath.Join(root, filepath.FromSlash(name)), 0o755))
		}
	}
}

// complete adds to the files of an example what it does not say.
func complete(files map[string]string) {
	const config = "foldstack.yaml"
	for _, b := range base {
		if !regexp.MustCompile(`(?m)^` + b.key + `:`).MatchString(files[config]) {
			files[config] += b.text
		}
	}
	functions := false
	for name := range files {
		functions = functions || strings.HasPrefix(name, "functions/")
		if base := path.Base(name); base == "function.yaml" || base == "resources.yaml" {
			if dir := path.Dir(name); !hasCode(files, dir) {
				files[dir+"/index.mjs"] = code
			}
		}
	}
	if !functions {
		files["functions/orders/index.mjs"] = code
	}
}

func hasCode(files map[string]string, dir string) bool {
	for name := range files {
		if strings.HasPrefix(name, dir+"/") && path.Ext(name) != ".yaml" {
			return true
		}
	}
	return false
}

func write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), fs.FileMode(0o755)))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}

// broken are the ids of problems, each once.
func broken(problems []diag.Problem) []string {
	var list []string
	for _, p := range problems {
		list = append(list, p.Rule)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func printed(t *testing.T, problems []diag.Problem, sources *diag.Sources) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, diag.WriteText(&b, problems, sources, false))
	return b.String()
}
