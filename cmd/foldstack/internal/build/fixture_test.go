package build

import (
	"archive/zip"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/build/archive"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/lambdatest"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// toolchain makes the tests run that need more than Go: what of npm, node, python3 and
// so on is missing fails them.
var toolchain = flag.Bool("toolchains", false, "also build with npm and pip, and run what was built with node and python3")

func TestMain(m *testing.M) {
	if played := filepath.Base(os.Args[0]); os.Getenv(actorsVariable) != "" && actors[played] != nil {
		os.Exit(play(played, os.Args[1:]))
	}
	os.Exit(m.Run())
}

const config = `project: shop
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/shop, branch: main}
build: {privileged: true}
environments:
  dev: {accounts: ["222222222222"], regions: [eu-central-1]}
`

// project writes a project and returns its folder. Files that end in .sh and those
// called bootstrap, mvnw or gradlew are executable.
func project(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	if files["foldstack.yaml"] == "" {
		files = maps.Clone(files)
		files["foldstack.yaml"] = config
	}
	for name, text := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		mode := os.FileMode(0o644)
		if filepath.Ext(name) == ".sh" || slices.Contains([]string{"bootstrap", "mvnw", "gradlew"}, filepath.Base(name)) {
			mode = 0o755
		}
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			require.NoError(t, os.Symlink(target, file))
			continue
		}
		require.NoError(t, os.WriteFile(file, []byte(text), mode))
	}
	return root
}

// functions are those of a project without problems.
func functions(t *testing.T, root string) []model.Function {
	t.Helper()
	result, err := generator.Check(t.Context(), generator.Options{Root: root})
	require.NoError(t, err)
	require.Empty(t, result.Problems)
	return result.Project.Functions
}

// run plans and builds a project.
func run(t *testing.T, root string) []Outcome {
	t.Helper()
	plan, err := NewPlan(t.Context(), Options{Root: root, Functions: functions(t, root)})
	require.NoError(t, err)
	outcomes, err := Runner{Root: root, Jobs: 2}.Run(t.Context(), plan)
	require.NoError(t, err)
	return outcomes
}

// built is the only function's outcome and the texts of its archive, without the stamp.
func built(t *testing.T, root string) (Outcome, map[string]string) {
	t.Helper()
	outcomes := run(t, root)
	require.Len(t, outcomes, 1)
	if f := outcomes[0].Failure; f != nil {
		require.Fail(t, f.Error(), "%s\n%s\n%s", f.Command, f.Output, f.Hint)
	}
	files := contents(t, root, outcomes[0].Key)
	require.Equal(t, outcomes[0].Function.Digest, files[archive.Stamp])
	delete(files, archive.Stamp)
	return outcomes[0], files
}

// failed is why the only function could not be built.
func failed(t *testing.T, root string) *Failure {
	t.Helper()
	outcomes := run(t, root)
	require.Len(t, outcomes, 1)
	require.NotNil(t, outcomes[0].Failure, "it was built")
	require.NoFileExists(t, filepath.Join(root, Folder, outcomes[0].Key))
	return outcomes[0].Failure
}

// contents are the files of an archive in the store.
func contents(t *testing.T, root, key string) map[string]string {
	t.Helper()
	r, err := zip.OpenReader(filepath.Join(root, Folder, key))
	require.NoError(t, err)
	defer r.Close()
	files := map[string]string{}
	for _, f := range r.File {
		rc, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(rc)
		require.NoError(t, err)
		files[f.Name] = string(text)
	}
	return files
}

func names(files map[string]string) []string { return slices.Sorted(maps.Keys(files)) }

// invoke sends what was built one event, and returns the answer and what it printed.
func invoke(t *testing.T, root string, o Outcome, event string, env ...string) (answer, printed string) {
	t.Helper()
	function := lambdatest.Function{Runtime: o.Function.Runtime.Value, Handler: o.Function.Handler.Value}
	return lambdatest.Invoke(t, filepath.Join(root, Folder, o.Key), function, event, env...)
}
