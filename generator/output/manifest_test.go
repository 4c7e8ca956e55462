package output

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAManifestThatCannotBeReadIsAProblem(t *testing.T) {
	for name, c := range map[string]struct{ data, text string }{
		"no JSON":        {"files:\n- a\n", "invalid character"},
		"empty":          {"", "unexpected end"},
		"newer":          {`{"version": 2, "files": []}`, "its version is 2 and this foldstack knows version 1"},
		"no version":     {`{}`, "its version is 0"},
		"outside":        {`{"version": 1, "files": [{"path": "../foldstack.yaml"}]}`, `it lists "../foldstack.yaml", which is no path inside this folder`},
		"absolute":       {`{"version": 1, "files": [{"path": "/etc/passwd"}]}`, `it lists "/etc/passwd"`},
		"the folder":     {`{"version": 1, "files": [{"path": "."}]}`, `it lists "."`},
		"itself":         {`{"version": 1, "files": [{"path": "manifest.json"}]}`, `it lists "manifest.json"`},
		"backslash":      {`{"version": 1, "files": [{"path": "..\\x"}]}`, `which is no path`},
		"conflict, torn": {"<<<<<<< HEAD\n{\"path\": \"a\n=======\n>>>>>>> theirs\n", "invalid character"},
	} {
		t.Run(name, func(t *testing.T) {
			root := project(t, tree{"out/manifest.json": c.data, "foldstack.yaml": "precious"})
			problems := problemsOf(t, Folder{Root: root, Path: "out"}, two)
			require.Len(t, problems, 1)
			assert.Equal(t, "manifest-unreadable", problems[0].Rule)
			assert.Equal(t, diag.Place{File: "out/manifest.json"}, problems[0].Place)
			assert.Contains(t, problems[0].Text, c.text)
			assert.Equal(t, "precious", onDisk(t, root)["foldstack.yaml"])
		})
	}
}

func TestGeneratingAgainSolvesAMergeConflict(t *testing.T) {
	root := project(t, nil)
	apply(t, root, tree{"out/a.yaml": "a", "out/ours.yaml": "ours"})
	ours, err := os.ReadFile(filepath.Join(root, "out/manifest.json"))
	require.NoError(t, err)
	apply(t, root, tree{"out/a.yaml": "a", "out/theirs.yaml": "theirs"})
	theirs, err := os.ReadFile(filepath.Join(root, "out/manifest.json"))
	require.NoError(t, err)
	tree{
		"out/ours.yaml":     "ours",
		"out/a.yaml":        "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> theirs\n",
		"out/manifest.json": "<<<<<<< HEAD\n" + string(ours) + "=======\n" + string(theirs) + ">>>>>>> theirs\n",
	}.write(t, root)

	merged := tree{"out/a.yaml": "a+b", "out/ours.yaml": "ours", "out/theirs.yaml": "THEIRS"}
	apply(t, root, merged)

	assert.Equal(t, tree{"out/": "", "out/a.yaml": "a+b", "out/ours.yaml": "ours", "out/theirs.yaml": "THEIRS"}, onDisk(t, root))
	assert.Equal(t, Summary{Unchanged: 4}, plan(t, root, merged).Summary())
}

func FuzzAManifestIsReadAsItWasWritten(f *testing.F) {
	f.Add("functions/a.yaml", "functions/a")
	f.Add("\xb4", "no UTF-8")
	f.Add("\u2028<>&\"\\", "\x00\xff")
	f.Fuzz(func(t *testing.T, path, source string) {
		m := manifest{path: {Path: path, Sum: sumOf(nil), Source: source}}
		read, err := readManifest(m.render())
		if err != nil {
			return // no path inside the folder
		}
		if !utf8.ValidString(path) || !utf8.ValidString(source) { // JSON cannot hold it
			return
		}
		require.Equal(t, m, read)
		require.Equal(t, string(m.render()), string(read.render()))
	})
}

func FuzzNoManifestReachesOutOfItsFolder(f *testing.F) {
	f.Add([]byte(`{"version": 1, "files": [{"path": "../x"}]}`))
	f.Add([]byte("<<<<<<< a\n{\"path\": \"/x\"},\n=======\n{\"path\": \"a/../b\"}\n>>>>>>> b\n"))
	f.Add([]byte(`{"version": 1, "files": [{"path": "a/b.yaml", "sha256": "x", "source": "y"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := readManifest(data)
		if err != nil {
			return
		}
		for p := range m {
			require.True(t, filepath.IsLocal(p), "%q", p)
			require.NotEqual(t, ".", p)
		}
	})
}
