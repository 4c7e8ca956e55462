package tree

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
)

func keepAll(string) int64 { return MaxKept }

func open(t *testing.T, root string, options Options) (*Tree, *diag.Problems) {
	var problems diag.Problems
	tree, err := Open(root, options, &problems)
	require.NoError(t, err)
	return tree, &problems
}

// skipped maps the paths that are no part of the project to the reasons.
func skipped(tree *Tree) map[string]string {
	reasons := map[string]string{}
	tree.Walk(".", func(path string, e Entry) {
		if e.Skip != "" {
			reasons[path] = e.Skip
		}
	})
	return reasons
}

func TestFoldersOfToolsAreNoCode(t *testing.T) {
	root := t.TempDir()
	writeFiles(t, root, map[string]string{
		".gitignore":              "*.log\n",
		"node_modules/x/index.js": "",
		"a/node_modules/x.js":     "",
		"a/__pycache__/x.pyc":     "",
		"a/.venv/bin/python":      "",
		"a/env/pyvenv.cfg":        "",
		"b/env/settings.py":       "",
		"rust/Cargo.toml":         "",
		"rust/target/debug/x":     "",
		"java/pom.xml":            "",
		"java/target/x.class":     "",
		"plain/target/index.js":   "",
		"net/Shop.csproj":         "",
		"net/bin/x.dll":           "",
		"net/obj/x.json":          "",
		"plain/bin/run.sh":        "",
		"plain/obj/x.o":           "",
		"plain/dist/index.js":     "",
		"plain/.cargo/config":     "",
		"plain/.DS_Store":         "",
		"plain/a.py~":             "",
		"plain/.a.py.swp":         "",
		"plain/x.log":             "",
		"out/manifest.json":       "",
		"functions/out/index.js":  "",
	})
	tree, problems := open(t, root, Options{Output: "out"})
	assert.Equal(t, map[string]string{
		"node_modules":    "a tool's folder: installed packages",
		"a/node_modules":  "a tool's folder: installed packages",
		"a/__pycache__":   "a tool's folder: Python's compiled files",
		"a/.venv":         "a tool's folder: a virtual environment",
		"a/env":           "a tool's folder: a virtual environment",
		"rust/target":     "a tool's folder: the build output beside Cargo.toml",
		"java/target":     "a tool's folder: the build output beside pom.xml",
		"net/bin":         "a tool's folder: the build output beside *.csproj",
		"net/obj":         "a tool's folder: the build output beside *.csproj",
		"plain/.DS_Store": "left behind by the operating system or an editor",
		"plain/a.py~":     "left behind by the operating system or an editor",
		"plain/.a.py.swp": "left behind by the operating system or an editor",
		"plain/x.log":     "ignored by .gitignore:1 (*.log)",
		"out":             "the output folder",
	}, skipped(tree))
	assert.NotNil(t, tree.Entry("plain/target/index.js"))
	assert.NotNil(t, tree.Entry("plain/.cargo/config"))
	assert.NotNil(t, tree.Entry("functions/out/index.js"))
	assert.Nil(t, tree.Entry("a/node_modules/x.js"), "nothing is found in a folder that is skipped")
	assert.Nil(t, tree.Folder("rust/target/debug"))
	assert.True(t, problems.Empty())
}

func TestLinksAreTextAndNeverFollowed(t *testing.T) {
	root := t.TempDir()
	outside := t.TempDir()
	writeFiles(t, outside, map[string]string{"secret": "s"})
	writeFiles(t, root, map[string]string{"a/x": "1", "b/link": "text"})
	for link, text := range map[string]string{"a/loop": "../a", "a/up": "../..", "a/away": outside, "a/file": "x", "a/dangling": "nowhere"} {
		require.NoError(t, os.Symlink(text, filepath.Join(root, link)))
	}
	tree, problems := open(t, root, Options{Keep: keepAll})
	var paths []string
	tree.Walk(".", func(path string, e Entry) { paths = append(paths, path) })
	assert.Equal(t, []string{"a/away", "a/dangling", "a/file", "a/loop", "a/up", "a/x", "b/link"}, paths)
	assert.Nil(t, tree.Entry("a/loop/x"), "no path leads through a link")
	assert.Nil(t, tree.Entry("a/away/secret"))

	file := tree.Read("a/file")
	assert.Equal(t, "x", file.Link)
	assert.Nil(t, file.Data)
	assert.Equal(t, sha256.Sum256([]byte("\x00x")), file.Sum)
	assert.False(t, file.Executable)
	assert.NotEqual(t, sha256.Sum256([]byte("x")), file.Sum, "a link differs from a file that holds its text")
	assert.True(t, problems.Empty())
}

func TestOnlyTheOwnersExecutableBitCounts(t *testing.T) {
	root := t.TempDir()
	writeFiles(t, root, map[string]string{"a": "", "b": "", "c": ""})
	require.NoError(t, os.Chmod(filepath.Join(root, "a"), 0o700))
	require.NoError(t, os.Chmod(filepath.Join(root, "b"), 0o611))
	require.NoError(t, os.Chmod(filepath.Join(root, "c"), 0o466))
	tree, _ := open(t, root, Options{})
	assert.True(t, tree.Read("a").Executable)
	assert.False(t, tree.Read("b").Executable)
	assert.False(t, tree.Read("c").Executable)
}

func TestEachFileIsReadOnce(t *testing.T) {
	root := t.TempDir()
	writeFiles(t, root, map[string]string{"a/x": "first"})
	tree, problems := open(t, root, Options{Keep: keepAll})
	var wait sync.WaitGroup
	files := make([]*File, 16)
	for i := range files {
		wait.Go(func() { files[i] = tree.Read("a/x") })
	}
	wait.Wait()
	writeFiles(t, root, map[string]string{"a/x": "second", "a/y": ""})
	for _, f := range append(files, tree.Read("a/x")) {
		assert.Same(t, files[0], f)
	}
	assert.Equal(t, "first", string(files[0].Data))

	assert.NotNil(t, tree.Entry("a/y"), "a folder that nobody listed before")
	writeFiles(t, root, map[string]string{"a/z": ""})
	assert.Nil(t, tree.Entry("a/z"), "and is not listed again")
	assert.True(t, problems.Empty())
}

func TestBytesAreKeptOnlyAsFarAsAsked(t *testing.T) {
	root := t.TempDir()
	big := strings.Repeat("x", 1000)
	writeFiles(t, root, map[string]string{"a.go": big, "b.py": big, "c.png": big, "empty.py": ""})
	tree, _ := open(t, root, Options{Keep: func(path string) int64 {
		return map[string]int64{".go": 1000, ".py": 999}[filepath.Ext(path)]
	}})
	assert.Equal(t, big, string(tree.Read("a.go").Data))
	assert.Nil(t, tree.Read("b.py").Data)
	assert.Nil(t, tree.Read("c.png").Data)
	assert.NotNil(t, tree.Read("empty.py").Data, "an empty file is kept too")
	for _, path := range []string{"a.go", "b.py", "c.png"} {
		f := tree.Read(path)
		assert.Equal(t, sha256.Sum256([]byte(big)), f.Sum, path)
		assert.EqualValues(t, 1000, f.Size, path)
	}
}

func texts(problems *diag.Problems) []string {
	var list []string
	for _, p := range problems.Sorted() {
		list = append(list, p.Place.String()+": "+p.Text)
	}
	return list
}

func TestADocumentThatCannotBeUsedIsReported(t *testing.T) {
	root := t.TempDir()
	writeFiles(t, root, map[string]string{
		".gitignore":               "local.yaml\n",
		"good.yaml":                "a: 1",
		"local.yaml":               "a: 1",
		"folder/function.yaml/key": "",
		"huge.yaml":                strings.Repeat("#", MaxKept+1),
	})
	require.NoError(t, os.Symlink("good.yaml", filepath.Join(root, "link.yaml")))
	tree, problems := open(t, root, Options{})
	data, ok := tree.Document("good.yaml")
	assert.True(t, ok)
	assert.Equal(t, "a: 1", string(data))
	_, ok = tree.Document("none.yaml")
	assert.False(t, ok)
	_, ok = tree.Document("../none.yaml")
	assert.False(t, ok)
	for _, path := range []string{"local.yaml", "folder/function.yaml", "huge.yaml", "link.yaml"} {
		data, ok := tree.Document(path)
		assert.True(t, ok, path)
		assert.Nil(t, data, path)
	}
	assert.Equal(t, []string{
		"folder/function.yaml: function.yaml is a folder",
		"huge.yaml: huge.yaml has 1048577 bytes; more than 1048576 are not read",
		"link.yaml: link.yaml is a link, and links are not followed",
		"local.yaml: local.yaml is ignored by .gitignore:1 (local.yaml)",
	}, texts(problems))
}

func TestAFileThatVanishesIsAProblemThatNamesNoMachine(t *testing.T) {
	root := t.TempDir()
	writeFiles(t, root, map[string]string{"a/x": "", "b/y": ""})
	tree, problems := open(t, root, Options{})
	require.NotNil(t, tree.Entry("a/x"))
	require.NotNil(t, tree.Entry("b"))
	require.NoError(t, os.RemoveAll(filepath.Join(root, "a")))
	require.NoError(t, os.RemoveAll(filepath.Join(root, "b")))
	assert.True(t, tree.Read("a/x").Failed)
	assert.Empty(t, tree.Folder("b").Entries)
	assert.Equal(t, []string{
		"a/x: the file cannot be read: no such file or directory",
		"b: the folder cannot be read: no such file or directory",
	}, texts(problems))
	assert.Equal(t, "unreadable-file", problems.Sorted()[0].Rule)
}

func TestAnIgnoreFileThatIsALinkIsNotFollowed(t *testing.T) {
	root := t.TempDir()
	writeFiles(t, root, map[string]string{"rules": "x\n", "x": ""})
	require.NoError(t, os.Symlink("rules", filepath.Join(root, ".gitignore")))
	tree, _ := open(t, root, Options{})
	assert.NotNil(t, tree.Entry("x"))
}

func TestNamesThatAreNoTextAreFoundToo(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems refuse such names")
	}
	root := t.TempDir()
	writeFiles(t, root, map[string]string{"\xff/\xfe": "1", "a\nb": "2"})
	tree, problems := open(t, root, Options{Keep: keepAll})
	var paths []string
	tree.Walk(".", func(path string, e Entry) { paths = append(paths, path) })
	assert.Equal(t, []string{"a\nb", "\xff/\xfe"}, paths)
	assert.Equal(t, "1", string(tree.Read("\xff/\xfe").Data))
	assert.True(t, problems.Empty())
}

func TestAProjectMustBeAFolder(t *testing.T) {
	root := t.TempDir()
	writeFiles(t, root, map[string]string{"file": ""})
	_, err := Open(filepath.Join(root, "none"), Options{}, nil)
	assert.ErrorContains(t, err, "opening the project's folder")
	_, err = Open(filepath.Join(root, "file"), Options{}, nil)
	assert.ErrorContains(t, err, "is no folder")
}

func TestWhyNothingIsThere(t *testing.T) {
	root := t.TempDir()
	writeFiles(t, root, map[string]string{".gitignore": "x\n", "a/x/y": "", "a/f": "", "node_modules/y": ""})
	require.NoError(t, os.Symlink("a", filepath.Join(root, "link")))
	tree, _ := open(t, root, Options{})
	for path, want := range map[string]string{
		".": "", "a": "", "a/f": "", "link": "",
		"b/c/d":          "there is no b",
		"a/b":            "there is no a/b",
		"a/x/y":          "a/x is ignored by .gitignore:1 (x)",
		"node_modules/y": "node_modules is a tool's folder: installed packages",
		"link/f":         "link is a link",
		"a/f/g":          "f is a file",
		"../x":           "it leads out of the project",
	} {
		assert.Equal(t, want, tree.Why(path), path)
	}
}

func TestNoPathLeadsOutOfTheProject(t *testing.T) {
	root := t.TempDir()
	writeFiles(t, root, map[string]string{"project/a": "", "secret": ""})
	tree, _ := open(t, filepath.Join(root, "project"), Options{})
	for _, path := range []string{"../secret", "a/../../secret", "/etc/passwd", "", "./a", "a/", "a//b", ".."} {
		assert.Nil(t, tree.Entry(path), path)
		assert.Nil(t, tree.Folder(path), path)
	}
	assert.NotNil(t, tree.Entry("a"))
}

func FuzzAWayThroughLinksEndsInTheProjectOrIsSaidToLeaveIt(f *testing.F) {
	for _, text := range []string{"a", "../x", "/etc", "up/../..", "in/../a", "circle", "dir//./b", "..", ".", "", "//", "out/x", "\xff", "dir/../../p/dir"} {
		f.Add(text)
	}
	around := f.TempDir()
	root := filepath.Join(around, "p")
	require.NoError(f, os.MkdirAll(filepath.Join(root, "dir", "deep"), 0o755))
	for at, text := range map[string]string{"up": "dir/..", "in": "dir/deep", "circle": "circle", "out": "..", "dir/in": "../in/../deep"} {
		require.NoError(f, os.Symlink(text, filepath.Join(root, filepath.FromSlash(at))))
	}
	tr, err := Open(root, Options{}, &diag.Problems{})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text string) {
		end, inside := tr.Follow("dir", text)
		if inside && !valid(end) {
			t.Fatalf("%q ends at %q", text, end)
		}
		real, err := filepath.EvalSymlinks(filepath.Join(root, "dir") + "/" + text)
		if err != nil || text == "" || strings.HasPrefix(text, "/") {
			return
		}
		if real, err = filepath.EvalSymlinks(real); err != nil {
			return
		}
		rel, err := filepath.Rel(tr.root, real)
		if err != nil || !filepath.IsLocal(rel) {
			if inside {
				t.Fatalf("%q leads to %s, not to %q", text, real, end)
			}
			return
		}
		if inside && filepath.ToSlash(rel) != end {
			t.Fatalf("%q ends at %q, not at %q", text, rel, end)
		}
	})
}
