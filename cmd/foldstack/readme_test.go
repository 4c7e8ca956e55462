package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// notRun are the commands that pages show and this test does not run. They are shown
// without output.
var notRun = map[string]string{
	"git clone https://github.com/foldstack/foldstack && cd foldstack": "it needs the network; the copy stands for the clone",
	"make test": "it runs this test",
}

// What a console block shows is what happens: the commands of a chapter are run in a
// copy of this repository, in their order, and print what stands below them. There "…"
// stands for a part of a line, and alone on a line for any lines. With -update the
// output of a command that prints something else is rewritten; one with dots is left
// to the person who chose them.
func TestTheConsoleBlocksShowWhatHappens(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("the blocks are for a shell")
	}
	shown := map[string]bool{}
	for _, page := range written(t) {
		lines := read(t, page)
		steps := console(t, page, lines)
		for _, step := range steps {
			shown[step.command] = true
		}
		if fresh := replay(t, page, lines, steps); *update && len(steps) > 0 {
			require.NoError(t, os.WriteFile(filepath.Join(root, page), []byte(strings.Join(fresh, "\n")+"\n"), 0o644))
		}
	}
	for command := range notRun {
		assert.True(t, shown[command], "no page shows %q any more", command)
	}
}

// replay runs a page's commands and returns the page with what they print now.
func replay(t *testing.T, page string, lines []string, steps []step) (fresh []string) {
	t.Helper()
	s, at := &shell{page: page}, 0
	for i, step := range steps {
		where := fmt.Sprintf("%s:%d: `%s`", page, step.first, step.command)
		got := step.want
		if _, skip := notRun[step.command]; skip {
			assert.Empty(t, step.want, "%s is not run", where)
		} else {
			got = s.run(t, step)
			status := i+1 < len(steps) && steps[i+1].command == "echo $?"
			assert.True(t, s.code == 0 || status, "%s fails with %d, and the block does not show it", where, s.code)
		}
		dots := strings.Contains(strings.Join(step.want, ""), "…")
		if fits := matches(step.want, got); !fits && (dots || !*update) {
			assert.Equal(t, strings.Join(step.want, "\n"), strings.Join(got, "\n"), "%s prints something else (`make golden` rewrites it where it has no dots)", where)
			got = step.want
		} else if fits {
			got = step.want
		}
		fresh = append(append(fresh, lines[at:step.first]...), got...)
		at = step.first + len(step.want)
	}
	return append(fresh, lines[at:]...)
}

// step is a command and what it prints.
type step struct {
	chapter string
	command string
	first   int // index of the first line of output
	want    []string
}

var hereDocument = regexp.MustCompile(`<<-?\s*['"]?(\w+)['"]?`)

// console reads the commands of a page's console blocks. A here-document belongs to
// its command.
func console(t *testing.T, page string, lines []string) []step {
	t.Helper()
	fences, _ := fencesAndRows(t, lines)
	var steps []step
	for _, f := range fences {
		if f.language != "console" {
			continue
		}
		var s *step
		end := ""
		for i, line := range f.lines {
			command, isCommand := strings.CutPrefix(line, "$ ")
			switch {
			case end != "":
				s.command += "\n" + line
				s.first = f.first + i + 1
				if line == end {
					end = ""
				}
			case isCommand:
				steps = append(steps, step{chapter: f.chapter, command: command, first: f.first + i + 1})
				s = &steps[len(steps)-1]
				if m := hereDocument.FindStringSubmatch(command); m != nil {
					end = m[1]
				}
			default:
				require.NotNil(t, s, "%s:%d: a block begins with a command", page, f.first+1)
				s.want = append(s.want, line)
			}
		}
		require.Empty(t, end, "%s:%d: a here-document has no end", page, f.first)
	}
	return steps
}

// shell runs one command after the other in a copy of this repository.
type shell struct {
	page    string
	chapter string // for which the copy was made
	dir     string
	env     []string // of a page about AWS
	code    int      // of the last command
}

func (s *shell) run(t *testing.T, step step) []string {
	t.Helper()
	if s.dir == "" || s.chapter != step.chapter {
		*s = shell{page: s.page, chapter: step.chapter, dir: clone(t)}
		s.env = surroundings(t, s.page, s.dir)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", fmt.Sprintf("(exit %d)\n%s", s.code, step.command))
	cmd.Dir = s.dir
	cmd.Env = slices.Concat(os.Environ(), s.env, []string{"PWD=" + s.dir})
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err, step.command)
	}
	s.code = cmd.ProcessState.ExitCode()
	if len(out) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// matches reports whether the output is the one that a block shows.
func matches(want, got []string) bool {
	var pattern strings.Builder
	for _, line := range want {
		if line == "…" {
			pattern.WriteString(`(?:.*\n)*`)
			continue
		}
		parts := strings.Split(line, "…")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		pattern.WriteString(strings.Join(parts, `.*`) + `\n`)
	}
	text := ""
	for _, line := range got {
		text += line + "\n"
	}
	return regexp.MustCompile(`^` + pattern.String() + `$`).MatchString(text)
}

func TestDotsStandForTheRestOfALineOrForLines(t *testing.T) {
	got := []string{"a  b", "c", "d"}
	for _, want := range [][]string{{"a  b", "c", "d"}, {"a…", "c", "d"}, {"…", "d"}, {"a  b", "…"}, {"a  b", "…", "c", "d"}, {"…"}} {
		assert.True(t, matches(want, got), want)
	}
	for _, want := range [][]string{{"a  b", "c"}, {"a", "c", "d"}, {"…", "c"}, {"a.*b", "c", "d"}, nil} {
		assert.False(t, matches(want, got), want)
	}
	assert.True(t, matches(nil, nil))
}

// cloned is what a clone of this repository has and the blocks need.
var cloned = []string{"cmd", "generator", "templates", "functions", "out", "foldstack.yaml", "foldstack.lock", "go.mod", "go.sum", ".gitignore"}

// clone copies this repository without its tests.
func clone(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range cloned {
		err := filepath.WalkDir(filepath.Join(root, name), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			relative, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			target := filepath.Join(dir, relative)
			switch {
			case d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || d.Name() == "__pycache__"):
				return filepath.SkipDir
			case d.IsDir():
				return os.MkdirAll(target, 0o755)
			case strings.HasSuffix(path, "_test.go") && !strings.HasPrefix(relative, "functions"):
				return nil
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			return os.WriteFile(target, data, info.Mode().Perm())
		})
		require.NoError(t, err)
	}
	return dir
}
