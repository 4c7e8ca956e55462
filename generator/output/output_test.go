package output

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tree is a project on disk, by slash path.
type tree map[string]string

func project(t *testing.T, files tree) string {
	t.Helper()
	root := t.TempDir()
	files.write(t, root)
	return root
}

func (files tree) write(t *testing.T, root string) {
	t.Helper()
	for p, data := range files {
		name := filepath.Join(root, filepath.FromSlash(p))
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		require.NoError(t, os.WriteFile(name, []byte(data), 0o666))
	}
}

// onDisk reads everything below root but the manifest; folders end in a slash.
func onDisk(t *testing.T, root string) tree {
	t.Helper()
	files := tree{}
	require.NoError(t, filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		rel, _ := filepath.Rel(root, name)
		p := filepath.ToSlash(rel)
		switch {
		case p == "." || p == "out/manifest.json":
		case d.IsDir():
			files[p+"/"] = ""
		case d.Type().IsRegular():
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			files[p] = string(data)
		}
		return nil
	}))
	return files
}

// rendered makes output files; each is made from functions/<its name>.
func rendered(files tree) []File {
	var list []File
	for p, data := range files {
		base := filepath.Base(p)
		list = append(list, File{Path: p, Data: []byte(data), Source: "functions/" + strings.TrimSuffix(base, filepath.Ext(base))})
	}
	return list
}

func plan(t *testing.T, root string, files tree) *Plan {
	t.Helper()
	var problems diag.Problems
	p, err := Compare(Folder{Root: root, Path: "out"}, rendered(files), &problems)
	require.NoError(t, err)
	require.Empty(t, problems.Sorted())
	return p
}

func apply(t *testing.T, root string, files tree) *Plan {
	t.Helper()
	p := plan(t, root, files)
	_, err := p.Apply()
	require.NoError(t, err)
	return p
}

// kinds is what a plan does, by path.
func kinds(p *Plan) map[string]Kind {
	m := map[string]Kind{}
	for _, c := range p.Changes() {
		m[c.Path] = c.Kind
	}
	return m
}

func problemsOf(t *testing.T, folder Folder, files tree) []diag.Problem {
	t.Helper()
	var problems diag.Problems
	p, err := Compare(folder, rendered(files), &problems)
	require.NoError(t, err)
	require.Nil(t, p, "there must be no plan where there are problems")
	require.NotEmpty(t, problems.Sorted())
	return problems.Sorted()
}

var two = tree{"out/functions/a.yaml": "a\n", "out/functions/b.yaml": "b\n", "out/pipeline.yaml": "pipeline\n", "foldstack.lock": "lock\n"}

func TestTheFirstRunCreatesEveryFile(t *testing.T) {
	root := project(t, nil)
	p := plan(t, root, two)
	assert.Empty(t, onDisk(t, root), "a plan writes nothing")

	summary, err := p.Apply()
	require.NoError(t, err)
	assert.Equal(t, Summary{Created: 5}, summary)
	assert.Equal(t, tree{
		"foldstack.lock": "lock\n", "out/": "", "out/functions/": "", "out/functions/a.yaml": "a\n",
		"out/functions/b.yaml": "b\n", "out/pipeline.yaml": "pipeline\n",
	}, onDisk(t, root))
}

func TestTheManifestListsWhatIsOwned(t *testing.T) {
	root := project(t, nil)
	apply(t, root, tree{"out/functions/a.yaml": "a\n", "out/<&>.yaml": "", "foldstack.lock": "lock\n"})
	data, err := os.ReadFile(filepath.Join(root, "out/manifest.json"))
	require.NoError(t, err)
	assert.Equal(t, `{
  "comment": "Written by foldstack; do not edit. It lists the files of this folder that foldstack owns and may overwrite or remove.",
  "version": 1,
  "files": [
    {"path": "<&>.yaml", "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "source": "functions/<&>"},
    {"path": "functions/a.yaml", "sha256": "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7", "source": "functions/a"}
  ]
}
`, string(data))
}

func TestASecondRunTouchesNothing(t *testing.T) {
	root := project(t, nil)
	apply(t, root, two)
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	var names []string
	require.NoError(t, filepath.WalkDir(root, func(name string, _ fs.DirEntry, err error) error {
		names = append(names, name)
		return err
	}))
	for _, name := range names {
		require.NoError(t, os.Chtimes(name, old, old))
	}

	p := apply(t, root, two)

	assert.Equal(t, Summary{Unchanged: 5}, p.Summary())
	for _, name := range names {
		info, err := os.Stat(name)
		require.NoError(t, err)
		assert.True(t, old.Equal(info.ModTime()), "%s was touched", name)
	}
}

func TestAChangedSetIsUpdatedCreatedAndRemoved(t *testing.T) {
	root := project(t, nil)
	apply(t, root, two)

	p := apply(t, root, tree{"out/functions/a.yaml": "A\n", "out/pipeline.yaml": "pipeline\n", "out/new.yaml": "new\n", "foldstack.lock": "LOCK\n"})

	assert.Equal(t, map[string]Kind{
		"foldstack.lock": Updated, "out/functions/a.yaml": Updated, "out/functions/b.yaml": Removed,
		"out/manifest.json": Updated, "out/new.yaml": Created, "out/pipeline.yaml": Unchanged,
	}, kinds(p))
	assert.Equal(t, Summary{Created: 1, Updated: 3, Unchanged: 1, Removed: 1}, p.Summary())
	assert.Equal(t, tree{
		"foldstack.lock": "LOCK\n", "out/": "", "out/functions/": "", "out/functions/a.yaml": "A\n",
		"out/new.yaml": "new\n", "out/pipeline.yaml": "pipeline\n",
	}, onDisk(t, root))
	assert.Equal(t, Summary{Unchanged: 5}, plan(t, root, tree{"out/functions/a.yaml": "A\n", "out/pipeline.yaml": "pipeline\n", "out/new.yaml": "new\n", "foldstack.lock": "LOCK\n"}).Summary())
}

func TestAnEmptiedFolderIsRemovedAndOneThatHoldsMoreIsNot(t *testing.T) {
	root := project(t, nil)
	apply(t, root, tree{"out/x.yaml": "", "out/one/deep/a.yaml": "a", "out/two/b.yaml": "b"})
	tree{"out/two/mine.txt": "mine"}.write(t, root)

	apply(t, root, tree{"out/x.yaml": ""})

	assert.Equal(t, tree{"out/": "", "out/x.yaml": "", "out/two/": "", "out/two/mine.txt": "mine"}, onDisk(t, root))
}

func TestOtherPeoplesFilesAreLeftAlone(t *testing.T) {
	root := project(t, tree{"out/README.md": "mine", "out/functions/notes.txt": "mine"})
	apply(t, root, two)
	apply(t, root, tree{"out/pipeline.yaml": "p"})
	files := onDisk(t, root)
	assert.Equal(t, "mine", files["out/README.md"])
	assert.Equal(t, "mine", files["out/functions/notes.txt"])
}

func TestAFileThatTheManifestDoesNotListIsNeverOverwritten(t *testing.T) {
	root := project(t, tree{"out/functions/a.yaml": "mine", "out/functions/b.yaml": "also mine"})
	problems := problemsOf(t, Folder{Root: root, Path: "out"}, two)
	assert.Equal(t, []diag.Problem{
		{
			Rule: "not-ours", Place: diag.Place{File: "out/functions/a.yaml"},
			Text: "foldstack would write out/functions/a.yaml, but out/manifest.json does not list this file, so it may not be overwritten",
			Hint: "move it away; or remove it, if foldstack wrote it once",
		},
		{
			Rule: "not-ours", Place: diag.Place{File: "out/functions/b.yaml"},
			Text: "foldstack would write out/functions/b.yaml, but out/manifest.json does not list this file, so it may not be overwritten",
			Hint: "move it away; or remove it, if foldstack wrote it once",
		},
	}, problems)
	assert.Equal(t, tree{"out/": "", "out/functions/": "", "out/functions/a.yaml": "mine", "out/functions/b.yaml": "also mine"}, onDisk(t, root))
}

func TestALostManifestIsMadeAgainWhereTheFilesAreWhatFoldstackWrites(t *testing.T) {
	root := project(t, nil)
	apply(t, root, two)
	require.NoError(t, os.Remove(filepath.Join(root, "out/manifest.json")))
	p := apply(t, root, two)
	assert.Equal(t, Summary{Created: 1, Unchanged: 4}, p.Summary())
	assert.Equal(t, Created, kinds(p)["out/manifest.json"])
	assert.Equal(t, Summary{Removed: 2, Updated: 1, Unchanged: 2}, plan(t, root, tree{"out/functions/a.yaml": "a\n", "foldstack.lock": "lock\n"}).Summary())
}

func TestAFileThatAppearsBetweenPlanAndApplyIsNotOverwritten(t *testing.T) {
	root := project(t, nil)
	p := plan(t, root, two)
	tree{"out/functions/a.yaml": "mine"}.write(t, root)
	_, err := p.Apply()
	require.ErrorContains(t, err, "writing out/functions/a.yaml: a file appeared there in the meantime")
	assert.Equal(t, "mine", onDisk(t, root)["out/functions/a.yaml"])
	assert.Empty(t, temporaries(t, root))
}

func TestAnOwnedFileThatSomebodyEditedIsWrittenAgain(t *testing.T) {
	root := project(t, nil)
	apply(t, root, two)
	tree{"out/functions/a.yaml": "edited", "out/functions/b.yaml": "edited"}.write(t, root)

	p := apply(t, root, tree{"out/functions/a.yaml": "a\n", "out/pipeline.yaml": "new pipeline\n", "foldstack.lock": "lock\n"})

	edited := map[string]bool{}
	for _, c := range p.Changes() {
		edited[c.Path] = c.Edited
	}
	assert.Equal(t, map[string]bool{
		"foldstack.lock": false, "out/functions/a.yaml": true, "out/functions/b.yaml": true,
		"out/manifest.json": false, "out/pipeline.yaml": false,
	}, edited)
	assert.Equal(t, Updated, kinds(p)["out/functions/a.yaml"])
	assert.Equal(t, "a\n", onDisk(t, root)["out/functions/a.yaml"])
}

func TestAnOwnedFileThatSomebodyRemovedIsWrittenAgain(t *testing.T) {
	root := project(t, nil)
	apply(t, root, two)
	require.NoError(t, os.RemoveAll(filepath.Join(root, "out/functions")))
	p := apply(t, root, two)
	assert.Equal(t, Summary{Created: 2, Unchanged: 3}, p.Summary())
	assert.Equal(t, "a\n", onDisk(t, root)["out/functions/a.yaml"])
}

func TestAWrongOutputFolderIsRefused(t *testing.T) {
	inputs := []string{"functions", "services/orders/functions"}
	for name, c := range map[string]struct{ path, text string }{
		"the project":         {".", "the output folder is the project itself"},
		"the project, said":   {"./", "the output folder is the project itself"},
		"above the project":   {"../elsewhere", `the output folder "../elsewhere" does not lie in the project`},
		"absolute":            {"/tmp/out", `the output folder "/tmp/out" does not lie in the project`},
		"out and in again":    {"a/../../project/out", `the output folder "a/../../project/out" does not lie in the project`},
		"the functions":       {"functions", `the output folder "functions" is also input`},
		"holds the functions": {"services/orders", `the output folder "services/orders" holds the input "services/orders/functions"`},
		"in the functions":    {"functions/out", `the output folder "functions/out" lies in the input "functions"`},
	} {
		t.Run(name, func(t *testing.T) {
			root := project(t, tree{"functions/a/index.mjs": "code"})
			said := diag.Place{File: "foldstack.yaml", Line: 3, Column: 9}
			problems := problemsOf(t, Folder{Root: root, Path: c.path, Place: said, Inputs: inputs}, tree{"out/a.yaml": "a"})
			require.Len(t, problems, 1)
			assert.Equal(t, "output-folder", problems[0].Rule)
			assert.Equal(t, said, problems[0].Place)
			assert.Equal(t, c.text, problems[0].Text)
			assert.Equal(t, tree{"functions/": "", "functions/a/": "", "functions/a/index.mjs": "code"}, onDisk(t, root))
		})
	}
}

func TestAnOutputFolderWhoseNameBeginsLikeAnInputIsFine(t *testing.T) {
	var problems diag.Problems
	p, err := Compare(Folder{Root: t.TempDir(), Path: "functions-out", Inputs: []string{"functions"}}, nil, &problems)
	require.NoError(t, err)
	assert.NotNil(t, p)
	assert.Empty(t, problems.Sorted())
}

func TestLinksAreNotWrittenThrough(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	elsewhere := t.TempDir()
	tree{"victim": "precious", "functions/a.yaml": "precious"}.write(t, elsewhere)
	for name, c := range map[string]struct {
		link, target, file, rule string
	}{
		"the output folder":         {"out", elsewhere, "out", "output-link"},
		"a folder in it":            {"out/functions", filepath.Join(elsewhere, "functions"), "out/functions", "output-link"},
		"a folder inside the root":  {"out/functions", "../elsewhere", "out/functions", "output-link"},
		"a file in it":              {"out/functions/a.yaml", filepath.Join(elsewhere, "victim"), "out/functions/a.yaml", "output-link"},
		"a link that leads nowhere": {"out/functions/a.yaml", "nowhere", "out/functions/a.yaml", "output-link"},
		"the manifest":              {"out/manifest.json", filepath.Join(elsewhere, "victim"), "out/manifest.json", "output-link"},
		"a file at the root":        {"foldstack.lock", filepath.Join(elsewhere, "victim"), "foldstack.lock", "output-link"},
	} {
		t.Run(name, func(t *testing.T) {
			root := project(t, tree{"elsewhere/x": "precious"})
			link := filepath.Join(root, filepath.FromSlash(c.link))
			require.NoError(t, os.MkdirAll(filepath.Dir(link), 0o777))
			require.NoError(t, os.Symlink(c.target, link))
			problems := problemsOf(t, Folder{Root: root, Path: "out"}, two)
			require.Len(t, problems, 1)
			assert.Equal(t, c.rule, problems[0].Rule)
			assert.Equal(t, diag.Place{File: c.file}, problems[0].Place)
			assert.Equal(t, tree{"victim": "precious", "functions/": "", "functions/a.yaml": "precious"}, onDisk(t, elsewhere))
		})
	}
}

func TestAProjectReachedThroughALinkIsFine(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	root := project(t, nil)
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(root, link))
	apply(t, link, two)
	assert.Equal(t, "a\n", onDisk(t, root)["out/functions/a.yaml"])
}

func TestAThingOfTheWrongKindIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		files            tree
		place, rule, txt string
	}{
		"out is a file":          {tree{"out": "x"}, "out", "output-blocked", "out is a file, and foldstack needs a folder of that name"},
		"a folder is a file":     {tree{"out/functions": "x"}, "out/functions", "output-blocked", "out/functions is a file, and foldstack needs a folder of that name"},
		"a file is a folder":     {tree{"out/functions/a.yaml/x": "x"}, "out/functions/a.yaml", "output-blocked", "out/functions/a.yaml is a folder"},
		"the manifest is folder": {tree{"out/manifest.json/x": "x"}, "out/manifest.json", "output-blocked", "out/manifest.json is a folder"},
	} {
		t.Run(name, func(t *testing.T) {
			root := project(t, c.files)
			problems := problemsOf(t, Folder{Root: root, Path: "out"}, two)
			require.Len(t, problems, 1)
			assert.Equal(t, c.rule, problems[0].Rule)
			assert.Equal(t, diag.Place{File: c.place}, problems[0].Place)
			assert.Equal(t, c.txt, problems[0].Text)
			assert.NotEmpty(t, problems[0].Hint)
		})
	}
}

func TestTwoFilesOnOnePathAreABug(t *testing.T) {
	var problems diag.Problems
	_, err := Compare(Folder{Root: t.TempDir(), Path: "out"}, []File{
		{Path: "out/functions/a.yaml", Source: "functions/web/a"}, {Path: "out/functions/a.yaml", Source: "functions/jobs/a"},
	}, &problems)
	var bug diag.Bug
	require.ErrorAs(t, err, &bug)
	assert.ErrorContains(t, err, "out/functions/a.yaml was rendered from functions/web/a and from functions/jobs/a")
}

func TestAPathThatNoStageMayRenderIsABug(t *testing.T) {
	for _, p := range []string{"", ".", "out", "out/manifest.json", "../x", "/x", "out//x", `out\x`} {
		var problems diag.Problems
		_, err := Compare(Folder{Root: t.TempDir(), Path: "out"}, []File{{Path: p, Source: "s"}}, &problems)
		var bug diag.Bug
		require.ErrorAs(t, err, &bug, "%q", p)
	}
	var problems diag.Problems
	_, err := Compare(Folder{Root: t.TempDir(), Path: "out"}, []File{{Path: "out/a"}, {Path: "out/a/b"}}, &problems)
	require.ErrorContains(t, err, "out/a is both a file and a folder")
}

var sensitive = tree{"out/foo-bar.yaml": "1", "out/foo_bar.yaml": "2", "out/FooBar.yaml": "3", "out/foobar.yaml": "4"}

func TestNamesThatDifferByLetterCaseStandSideBySide(t *testing.T) {
	root := project(t, tree{"foldstack.yaml": ""})
	if found, _ := os.OpenRoot(root); foldsCase(found, ".") {
		t.Skip("this file system ignores letter case")
	}
	apply(t, root, sensitive)
	assert.Equal(t, tree{
		"foldstack.yaml": "", "out/": "", "out/foo-bar.yaml": "1", "out/foo_bar.yaml": "2", "out/FooBar.yaml": "3", "out/foobar.yaml": "4",
	}, onDisk(t, root))
}

// ignoresCase stands for a file system that does.
func ignoresCase(*os.Root, string) bool { return true }

func TestNamesThatAreOneFileWhereLetterCaseIsIgnoredAreAProblem(t *testing.T) {
	var problems diag.Problems
	p, err := compare(Folder{Root: t.TempDir(), Path: "out"}, rendered(sensitive), ignoresCase, &problems)
	require.NoError(t, err)
	assert.Nil(t, p)
	require.Len(t, problems.Sorted(), 1)
	assert.Equal(t, "letter-case", problems.Sorted()[0].Rule)
	assert.Equal(t, "out/FooBar.yaml and out/foobar.yaml are one file on this file system, which ignores letter case", problems.Sorted()[0].Text)
}

func TestAChangeOfLetterCaseKeepsTheFileWhereLetterCaseIsIgnored(t *testing.T) {
	root := project(t, nil)
	apply(t, root, tree{"out/FooBar.yaml": "old"})
	var problems diag.Problems
	p, err := compare(Folder{Root: root, Path: "out"}, rendered(tree{"out/foobar.yaml": "new"}), ignoresCase, &problems)
	require.NoError(t, err)
	require.Empty(t, problems.Sorted())
	assert.Equal(t, map[string]Kind{"out/foobar.yaml": Updated, "out/manifest.json": Updated}, kinds(p))
	_, err = p.Apply()
	require.NoError(t, err)
	assert.Equal(t, tree{"out/": "", "out/foobar.yaml": "new"}, onDisk(t, root))
	assert.Equal(t, Summary{Unchanged: 2}, plan(t, root, tree{"out/foobar.yaml": "new"}).Summary())
}

func TestSomebodyElsesFileOfAnotherLetterCaseIsNotOverwritten(t *testing.T) {
	root := project(t, tree{"out/FooBar.yaml": "mine"})
	var problems diag.Problems
	_, err := compare(Folder{Root: root, Path: "out"}, rendered(tree{"out/foobar.yaml": "new"}), ignoresCase, &problems)
	require.NoError(t, err)
	require.Len(t, problems.Sorted(), 1)
	assert.Equal(t, "not-ours", problems.Sorted()[0].Rule)
	assert.Equal(t, "out/FooBar.yaml", problems.Sorted()[0].Place.File)
}

func TestTheDifferenceIsAPatch(t *testing.T) {
	root := project(t, nil)
	apply(t, root, tree{"out/a.yaml": "one\ntwo\nthree\n", "out/b.yaml": "gone\n", "out/c.yaml": "same\n", "out/empty.yaml": ""})
	before := onDisk(t, root)
	p := plan(t, root, tree{"out/a.yaml": "one\n2\nthree\n", "out/c.yaml": "same\n", "out/d.yaml": "no newline"})
	var names []string
	for _, f := range p.Files() {
		names = append(names, f.Path)
	}
	assert.Equal(t, []string{"out/a.yaml", "out/c.yaml", "out/d.yaml", "out/manifest.json"}, names)
	var b bytes.Buffer
	require.NoError(t, p.Diff(&b))
	patch, _, found := strings.Cut(b.String(), "--- a/out/manifest.json\n")
	assert.True(t, found, "the manifest is part of the patch")
	assert.Equal(t, `--- a/out/a.yaml
+++ b/out/a.yaml
@@ -1,3 +1,3 @@
 one
-two
+2
 three
--- a/out/b.yaml
+++ /dev/null
@@ -1 +0,0 @@
-gone
--- /dev/null
+++ b/out/d.yaml
@@ -0,0 +1 @@
+no newline
\ No newline at end of file
--- a/out/empty.yaml
+++ /dev/null
`, patch)
	assert.Equal(t, before, onDisk(t, root), "a difference writes nothing")
}

func TestNothingToDoIsAnEmptyDifference(t *testing.T) {
	root := project(t, nil)
	apply(t, root, two)
	var b bytes.Buffer
	require.NoError(t, plan(t, root, two).Diff(&b))
	assert.Empty(t, b.String())
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, fs.ErrClosed }

func TestADifferenceThatCannotBeWrittenIsAnError(t *testing.T) {
	require.ErrorIs(t, plan(t, project(t, nil), two).Diff(brokenPipe{}), fs.ErrClosed)
}

func TestAManyFoldedSetIsComparedAndWrittenWhole(t *testing.T) {
	files := manyFiles(1000)
	root := t.TempDir()
	applyFiles(t, root, files)
	var problems diag.Problems
	p, err := Compare(Folder{Root: root, Path: "out"}, files, &problems)
	require.NoError(t, err)
	assert.Equal(t, Summary{Unchanged: 1001}, p.Summary())
}

func TestFilesHaveOrdinaryPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no permission bits there")
	}
	root := project(t, tree{"by-hand": ""})
	apply(t, root, two)
	want, err := os.Stat(filepath.Join(root, "by-hand"))
	require.NoError(t, err)
	for _, p := range []string{"out/functions/a.yaml", "out/manifest.json", "foldstack.lock"} {
		info, err := os.Stat(filepath.Join(root, p))
		require.NoError(t, err)
		assert.Equal(t, want.Mode(), info.Mode(), p)
	}
}

func temporaries(t *testing.T, root string) []string {
	t.Helper()
	var found []string
	for p := range onDisk(t, root) {
		if isTemporary(filepath.Base(p)) {
			found = append(found, p)
		}
	}
	return found
}

func TestGitAppliesTheDifference(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("no git here")
	}
	root := project(t, nil)
	apply(t, root, tree{"out/a.yaml": "one\ntwo\n", "out/b.yaml": "gone\n"})
	p := plan(t, root, tree{"out/a.yaml": "one\n2\n", "out/new/c.yaml": "new\n"})
	var patch bytes.Buffer
	require.NoError(t, p.Diff(&patch))
	cmd := exec.Command(git, "apply", "-p1")
	cmd.Dir, cmd.Stdin = root, &patch
	cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(root))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Zero(t, plan(t, root, tree{"out/a.yaml": "one\n2\n", "out/new/c.yaml": "new\n"}).Summary().Changed())
}
