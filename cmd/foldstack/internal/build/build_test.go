package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/build/archive"
	"github.com/foldstack/foldstack/generator"
)

func TestWhatIsIncludedLiesUnderItsPathFromTheRoot(t *testing.T) {
	_, holds := built(t, project(t, map[string]string{
		"functions/f/index.ts": js, "functions/f/pages/a.html": "a", "functions/f/pages/b.html": "b", "schemas/s.json": "{}", "schemas/deep/t.json": "{}", "other/o": "",
		"functions/f/function.yaml": "include: [schemas, functions/f/pages/a.html]\n",
	}))
	assert.Equal(t, []string{"index.js", "pages/a.html", "schemas/deep/t.json", "schemas/s.json"}, names(holds))
}

func TestALinkIsPackedAsWhatItPointsAt(t *testing.T) {
	_, holds := built(t, project(t, map[string]string{
		"functions/f/index.mjs": js, "functions/f/shared": "-> ../../lib", "functions/f/again.txt": "-> index.mjs", "lib/tax.mjs": "export const tax = 1;\n",
	}))
	assert.Equal(t, map[string]string{"index.mjs": js, "again.txt": js, "shared/tax.mjs": "export const tax = 1;\n"}, holds)
}

func TestAFileThatChangedSinceItWasHashedEndsTheBuild(t *testing.T) {
	root := project(t, map[string]string{"functions/f/index.mjs": js, "functions/g/index.mjs": "// g\n" + js, "functions/h/index.mjs": "// h\n" + js})
	plan, err := NewPlan(t.Context(), Options{Root: root, Functions: functions(t, root)})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(root, "functions/f/index.mjs"), []byte(js+js), 0o644))
	require.NoError(t, os.Remove(filepath.Join(root, "functions/g/index.mjs")))
	outcomes, err := Runner{Root: root, Jobs: 2}.Run(t.Context(), plan)
	require.NoError(t, err)
	require.Len(t, outcomes, 3)
	assert.Equal(t, "functions/f/index.mjs changed while the functions were being built", outcomes[0].Failure.Text)
	assert.Equal(t, "functions/g/index.mjs changed while the functions were being built", outcomes[1].Failure.Text)
	assert.Nil(t, outcomes[2].Failure)
}

func TestTheUsersStepsRunAroundTheToolchainOrInItsPlace(t *testing.T) {
	steps := func(yaml string) map[string]string {
		_, holds := built(t, project(t, map[string]string{"functions/f/index.mjs": js, "functions/f/function.yaml": yaml, "lib/a": "a", "lib/b": "b"}))
		return holds
	}
	assert.Equal(t, map[string]string{"index.mjs": js, "made": "before\n"}, steps("build: {before: echo before > made}\n"))
	assert.Equal(t, map[string]string{"late": "after\n"}, steps("build:\n  after: |\n    echo after > late\n    rm index.mjs\n"))
	assert.Equal(t, map[string]string{"only": "f nodejs24.x arm64\n"},
		steps("build: {command: 'echo $FOLDSTACK_FUNCTION $FOLDSTACK_RUNTIME $FOLDSTACK_ARCHITECTURE > $FOLDSTACK_OUT/only'}\n"))
	assert.Equal(t, map[string]string{"a": "a", "lib/a": "a"}, steps("include: lib/a\nbuild: {command: 'cp ../../lib/* $FOLDSTACK_OUT'}\n"), "it sees what is included and nothing else")
}

func TestTheUsersFoldersStayAsTheyAre(t *testing.T) {
	root := project(t, map[string]string{"functions/f/index.mjs": js, "functions/f/function.yaml": "build: {before: 'echo > made; rm index.mjs; echo > index.mjs'}\n"})
	built(t, root)
	entries, err := os.ReadDir(filepath.Join(root, "functions/f"))
	require.NoError(t, err)
	require.Len(t, entries, 2)
	data, err := os.ReadFile(filepath.Join(root, "functions/f/index.mjs"))
	require.NoError(t, err)
	assert.Equal(t, js, string(data))
}

func TestAStepThatFailsShowsItsOutputByPathsOfTheProject(t *testing.T) {
	f := failed(t, project(t, map[string]string{
		"functions/f/index.mjs": js, "functions/f/function.yaml": "build:\n  before: |\n    echo at $PWD/x\n    cat missing >&2 || true\n    exit 3\n    echo never\n",
	}))
	assert.Equal(t, "the step `before` failed: exit status 3", f.Text)
	assert.Equal(t, "functions/f", f.Dir)
	assert.Contains(t, f.Command, "exit 3\necho never")
	assert.Contains(t, f.Output, "at functions/f/x\n")
	assert.Contains(t, f.Output, "No such file")
	assert.Contains(t, f.Hint, "`include` names further files")
}

func TestABuildThatLeavesNothingToStartIsRefused(t *testing.T) {
	for yaml, text := range map[string]string{
		"runtime: nodejs24.x\nhandler: a.handler\nbuild: {command: 'true'}\n":                                 "the build left no files",
		"runtime: provided.al2023\nhandler: bootstrap\nbuild: {command: 'echo > $FOLDSTACK_OUT/bootstrap'}\n": "the build left no executable file bootstrap, which provided.al2023 starts",
	} {
		f := failed(t, project(t, map[string]string{"functions/f/main.zig": "", "functions/f/function.yaml": yaml}))
		assert.Equal(t, text, f.Text)
	}
	f := failed(t, project(t, map[string]string{"functions/f/Dockerfile": "FROM scratch\n", "functions/f/function.yaml": "dockerfile: Dockerfile\nbuild: {command: 'true'}\n"}))
	assert.Equal(t, "the build left no OCI image layout", f.Text)
}

func TestAnArchiveThatLambdaWouldNotUnpackIsRefused(t *testing.T) {
	f := failed(t, project(t, map[string]string{
		"functions/f/index.mjs": js, "functions/f/function.yaml": "build: {after: 'dd if=/dev/null of=large bs=1 seek=262144001'}\n",
	}))
	assert.Contains(t, f.Text, "262144000 bytes that Lambda unpacks")
	assert.Contains(t, f.Hint, "container image")
}

func TestALinkThatLeavesTheArchiveIsRefused(t *testing.T) {
	f := failed(t, project(t, map[string]string{
		"functions/f/index.mjs": js, "functions/f/function.yaml": "build: {before: ln -s /etc/passwd users}\n",
	}))
	assert.Equal(t, "functions/f/users is a link to /etc/passwd, which is not among the files", f.Text)
}

func TestOneFailureKeepsNoOtherFunctionFromBeingBuilt(t *testing.T) {
	outcomes := run(t, project(t, map[string]string{
		"functions/a/index.mjs": "// a\n" + js, "functions/a/function.yaml": "build: {before: exit 1}\n", "functions/b/index.mjs": js,
		"functions/c/index.mjs": "// c\n" + js, "functions/c/function.yaml": "build: {before: exit 2}\n",
	}))
	require.Len(t, outcomes, 3)
	assert.Equal(t, "a: the step `before` failed: exit status 1", outcomes[0].Failure.Error())
	assert.Nil(t, outcomes[1].Failure)
	assert.Equal(t, "c: the step `before` failed: exit status 2", outcomes[2].Failure.Error())
}

// An end by Ctrl-C takes the programs with it, and those that they started, and leaves
// nothing in the store.
func TestABuildThatIsInterruptedEndsItsProgramsAndLeavesNothing(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there a program is ended alone")
	}
	began := filepath.Join(t.TempDir(), "began")
	root := project(t, map[string]string{
		"functions/f/index.mjs":     js,
		"functions/f/function.yaml": "build:\n  before: |\n    sleep 600 &\n    echo $! > " + began + ".part\n    mv " + began + ".part " + began + "\n    wait\n",
	})
	t.Setenv("TMPDIR", t.TempDir())
	plan, err := NewPlan(t.Context(), Options{Root: root, Functions: functions(t, root)})
	require.NoError(t, err)
	ctx, cancel := context.WithCancelCause(t.Context())
	ended := make(chan error)
	go func() {
		_, err := Runner{Root: root, Jobs: 1}.Run(ctx, plan)
		ended <- err
	}()
	var child int
	require.Eventually(t, func() bool {
		data, err := os.ReadFile(began)
		if err == nil {
			_, err = fmt.Sscan(string(data), &child)
		}
		return err == nil
	}, time.Minute, time.Millisecond)
	interrupt := errors.New("interrupt")
	cancel(interrupt)
	require.ErrorIs(t, <-ended, interrupt)
	require.Eventually(t, func() bool { return !alive(child) }, time.Minute, time.Millisecond, "its child goes on")
	for _, dir := range []string{filepath.Join(root, Folder, "functions"), filepath.Join(root, Folder, "staging"), os.Getenv("TMPDIR")} {
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		assert.Empty(t, entries, dir)
	}
}

func TestAProgramMayLeaveAnotherBehindAndThatOneIsEnded(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there a program is ended alone")
	}
	file := filepath.Join(t.TempDir(), "pid")
	built(t, project(t, map[string]string{"functions/f/index.mjs": js, "functions/f/function.yaml": "build: {before: 'sleep 600 & echo $! > " + file + "'}\n"}))
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var left int
	_, err = fmt.Sscan(string(data), &left)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return !alive(left) }, time.Minute, time.Millisecond)
}

func TestWhatAKilledRunLeftIsRemovedAndWhatAnotherRunWorksOnIsNot(t *testing.T) {
	root := project(t, map[string]string{"functions/f/index.mjs": js})
	killed, busy := filepath.Join(root, Folder, "staging", "1"), filepath.Join(root, Folder, "staging", "2")
	for _, dir := range []string{killed, busy} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "image-3"), 0o755))
	}
	held, err := lock(busy)
	require.NoError(t, err)
	defer held.Close()
	built(t, root)
	assert.NoDirExists(t, killed)
	assert.DirExists(t, busy)
}

func TestGitPassesByTheStore(t *testing.T) {
	root := project(t, map[string]string{"functions/f/index.mjs": js})
	built(t, root)
	data, err := os.ReadFile(filepath.Join(root, Folder, ".gitignore"))
	require.NoError(t, err)
	assert.Equal(t, "*\n", string(data))

	// Nor do patterns find anything in it.
	require.NoError(t, os.WriteFile(filepath.Join(root, "functions/f/function.yaml"), []byte("include: '**/*.zip'\n"), 0o644))
	result, err := generator.Check(t.Context(), generator.Options{Root: root})
	require.NoError(t, err)
	require.Len(t, result.Problems, 1)
	assert.Equal(t, "no-included-files", result.Problems[0].Rule)
}

// Trouble with the machine is no failure of a function.
func TestAStoreThatCannotBeMadeIsAnError(t *testing.T) {
	root := project(t, map[string]string{"functions/f/index.mjs": js, Folder: "a file"})
	fns := functions(t, root)
	_, err := NewPlan(t.Context(), Options{Root: root, Functions: fns})
	require.ErrorContains(t, err, "reading the local store")
	_, err = Runner{Root: root, Jobs: 1}.Run(t.Context(), Plan{{Function: &fns[0], Key: Key(&fns[0]), State: Missing}})
	require.ErrorContains(t, err, "making the local store")
}

func TestTheStampMovesWithTheDigestWhereTheCodeIsTheSame(t *testing.T) {
	files := map[string]string{"functions/f/index.ts": js, "functions/f/README.md": "one"}
	first := project(t, files)
	one, _ := built(t, first)
	files["functions/f/README.md"] = "two"
	second := project(t, files)
	two, _ := built(t, second)
	assert.NotEqual(t, one.Key, two.Key)
	a, b := contents(t, first, one.Key), contents(t, second, two.Key)
	assert.Equal(t, a["index.js"], b["index.js"])
	assert.NotEqual(t, a[archive.Stamp], b[archive.Stamp])
}
