package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/parallel"
)

func noEnv(string) string { return "" }

// project makes a project and enters it.
func project(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"foldstack.yaml": `project: shop
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/shop, branch: main}
environments:
  dev: {accounts: ["222222222222"], regions: [eu-central-1]}
`,
		"functions/hello/index.mjs": "export const handler = async () => null;\n",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
	}
}

type broken struct{ panics bool }

func (b broken) Write([]byte) (int, error) {
	if b.panics {
		panic("nobody is there")
	}
	return 0, errors.New("nobody is there")
}

func TestDataThatCannotBePrintedIsAFailure(t *testing.T) {
	project(t)
	for _, args := range [][]string{
		{"version"}, {"list"}, {"list", "--json"}, {"generate", "--check"}, {"generate", "--check", "--json"}, {"generate"}, {"generate", "--json"},
	} {
		var stderr bytes.Buffer
		assert.Equal(t, exitCannot, run(args, broken{}, &stderr, noEnv), args)
		assert.Contains(t, stderr.String(), "foldstack: error: ", args)
		assert.Contains(t, stderr.String(), ": nobody is there\n", args)
	}
}

func TestAPanicIsOurBugAndSaysSo(t *testing.T) {
	var stderr bytes.Buffer
	assert.Equal(t, exitCannot, run([]string{"version"}, broken{panics: true}, &stderr, noEnv))
	assert.True(t, strings.HasPrefix(stderr.String(),
		"foldstack: error: a bug in foldstack, not in your files: nobody is there (please report it)\n"), stderr.String())
	assert.Contains(t, stderr.String(), "goroutine ", "whoever reports it needs the stack")
}

// What is done at the same time breaks elsewhere than it is recovered from.
func TestAPanicShowsTheStackOnWhichItHappened(t *testing.T) {
	assert.Equal(t, "goroutine 7", string(stackOf(&parallel.Panic{Value: "nobody is there", Stack: []byte("goroutine 7")})))
	assert.Contains(t, string(stackOf("nobody is there")), "stackOf")
}

// aTerminal is a character device, and that is what counts as one.
func aTerminal(t *testing.T) *os.File {
	t.Helper()
	file, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { file.Close() })
	return file
}

func TestOnlyATerminalIsPainted(t *testing.T) {
	pipe, err := os.Create(filepath.Join(t.TempDir(), "pipe"))
	require.NoError(t, err)
	defer pipe.Close()
	for name, c := range map[string]struct {
		env                      map[string]string
		stdout, stderr           bool // are terminals
		paint, talk, interactive bool
	}{
		"both":               {nil, true, true, true, true, true},
		"neither":            {nil, false, false, false, false, false},
		"stdout in a pipe":   {nil, false, true, false, true, true},
		"stderr in a pipe":   {nil, true, false, true, false, false},
		"NO_COLOR":           {map[string]string{"NO_COLOR": "1"}, true, true, false, false, true},
		"NO_COLOR is empty":  {map[string]string{"NO_COLOR": ""}, true, true, true, true, true},
		"a terminal of 1970": {map[string]string{"TERM": "dumb"}, true, true, false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			stdout, stderr := pipe, pipe
			if c.stdout {
				stdout = aTerminal(t)
			}
			if c.stderr {
				stderr = aTerminal(t)
			}
			s := newSession(stdout, stderr, func(key string) string { return c.env[key] })
			assert.Equal(t, []bool{c.paint, c.talk, c.interactive}, []bool{s.paint, s.paintTalk, s.interactive})
		})
	}
}

func TestPaintAddsColoursAndNothingElse(t *testing.T) {
	project(t)
	// Everything is done once, and once more in paint after its traces are gone.
	said := func(paint bool) string {
		var b bytes.Buffer
		for _, args := range [][]string{{"list"}, {"genrate"}, {"generate", "--check"}, {"generate"}, {"generate"}} {
			s := &session{stdout: &b, stderr: &b, watched: true, paint: paint, paintTalk: paint}
			s.execute(args)
		}
		require.NoError(t, os.RemoveAll("out"))
		require.NoError(t, os.Remove("foldstack.lock"))
		return b.String()
	}
	plainText, paintedText := said(false), said(true)
	assert.NotContains(t, plainText, "\x1b")
	for _, color := range []string{red, green, cyan, dim, plain} {
		assert.Contains(t, paintedText, color)
	}
	assert.Equal(t, plainText, unpainted(paintedText))
}

func TestATerminalObeysNothingThatStandsInFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no file of Windows has such a name")
	}
	project(t)
	const obeyed = "\x1b[2J\x1b]0;title\a\u202e\u200b"
	var b bytes.Buffer
	execute := func(args ...string) {
		s := &session{stdout: &b, stderr: &b, watched: true}
		s.execute(args)
	}
	execute("generate")
	removed := "functions/" + obeyed + ".yaml"
	manifest, err := os.ReadFile("out/manifest.json")
	require.NoError(t, err)
	entry, err := json.Marshal(map[string]string{"path": removed, "source": obeyed})
	require.NoError(t, err)
	for name, text := range map[string]string{
		"out/manifest.json":                         strings.Replace(string(manifest), "\"files\": [", "\"files\": ["+string(entry)+",", 1),
		"out/" + removed:                            obeyed + "\n",
		"out/functions/hello.yaml":                  "\t" + obeyed + "\n",
		"functions/" + obeyed + ".txt":              "",
		"broken/foldstack.yaml":                     "",
		"broken/functions/" + obeyed + "/index.mjs": "export const handler = async () => null;\n",
		"named/foldstack.yaml":                      "project: \u202e\u200b\n",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
	}
	config, err := os.ReadFile("foldstack.yaml")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile("broken/foldstack.yaml", config, 0o666))
	execute("list", "--verbose")
	execute("generate", "--check")
	execute("generate")
	execute("list", "--verbose", "--config", "broken")
	execute("list", "--config", "broken")
	execute("check", "--config", "named")
	execute("check", "--config", obeyed)
	execute(obeyed)
	execute("check", obeyed)
	execute("check", "--"+obeyed)
	execute("check", "--format", obeyed)
	said := b.String()
	assert.Contains(t, said, `\x1b[2J`)
	assert.Contains(t, said, `+++ /dev/null`)
	assert.Contains(t, said, "-\t\\x1b", "a tab of a patch stays")
	assert.Equal(t, -1, strings.IndexFunc(said, func(r rune) bool { return strings.ContainsRune("\x1b\a\u202e\u200b", r) }), "%q", said)
}

func unpainted(text string) string {
	return strings.NewReplacer(red, "", green, "", yellow, "", cyan, "", dim, "", plain, "").Replace(text)
}

func TestTheVersionIsThatOfTheModuleOrOfTheCommit(t *testing.T) {
	settings := func(revision, modified string) []debug.BuildSetting {
		return []debug.BuildSetting{{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: revision}, {Key: "vcs.modified", Value: modified}}
	}
	for want, info := range map[string]*debug.BuildInfo{
		"unknown":                       nil,
		"(devel)":                       {Main: debug.Module{Version: "(devel)"}},
		"v1.2.3":                        {Main: debug.Module{Version: "v1.2.3"}, Settings: settings("0123456789abcdef", "false")},
		"commit 0123456789ab":           {Main: debug.Module{Version: "(devel)"}, Settings: settings("0123456789abcdef", "false")},
		"commit 0123456789ab, modified": {Settings: settings("0123456789abcdef", "true")},
	} {
		assert.Equal(t, want, version(info))
	}
}

func TestCounts(t *testing.T) {
	assert.Equal(t, []string{"0 files", "1 file", "2 files"}, []string{count(0, "file"), count(1, "file"), count(2, "file")})
}

func TestEveryFlagThatTakesNoTextSaysWhatItTakes(t *testing.T) {
	text := []string{"string", "stringArray", "stringSlice"}
	for _, c := range newSession(io.Discard, io.Discard, noEnv).rootCommand().Commands() {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !slices.Contains(text, f.Value.Type()) {
				assert.Contains(t, valueKinds, f.Value.Type(), "%s --%s", c.Name(), f.Name)
			}
		})
	}
}

func TestTheHelpOfEveryCommandFitsIntoItsColumns(t *testing.T) {
	commands := [][]string{nil}
	for _, c := range (&session{}).rootCommand().Commands() {
		commands = append(commands, []string{c.Name()})
	}
	require.Greater(t, len(commands), 10)
	for _, command := range commands {
		var stdout bytes.Buffer
		require.Equal(t, exitFine, run(append(command, "--help"), &stdout, io.Discard, noEnv))
		for line := range strings.Lines(stdout.String()) {
			assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")), 100, "%v: %s", command, line)
		}
	}
}
