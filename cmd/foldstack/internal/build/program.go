package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Failure is why a function could not be built, for its author.
type Failure struct {
	Function string
	Text     string // what happened
	Command  string // that failed; empty where none did
	Dir      string // in which it ran: slash path in the project
	Output   string // what it printed
	Hint     string
}

func (f *Failure) Error() string { return f.Function + ": " + f.Text }

func (s *site) failure(text, hint string) *Failure {
	return &Failure{Function: s.fn.Name, Text: text, Hint: hint}
}

// program is a program to run.
type program struct {
	name  string
	step  string // of function.yaml that it runs; empty: none
	args  []string
	dir   string            // on this machine
	env   []string          // beside the environment of this process
	hints map[string]string // what to do, by what the output contains
	data  bool              // its stdout is for programs, and says nothing to people
}

// installed says, for each program that toolchains start, where it comes from.
var installed = map[string]string{
	"go":      "install Go: https://go.dev/doc/install",
	"npm":     "install Node.js, which brings npm: https://nodejs.org/en/download",
	"pnpm":    "install pnpm: https://pnpm.io/installation",
	"yarn":    "install Yarn: https://yarnpkg.com/getting-started/install",
	"bun":     "install Bun: https://bun.sh/docs/installation",
	"python3": "install Python 3 with pip: https://www.python.org/downloads/",
	"uv":      "install uv: https://docs.astral.sh/uv/getting-started/installation/",
	"poetry":  "install Poetry and its export plugin: https://python-poetry.org/docs/#installation",
	"pdm":     "install PDM: https://pdm-project.org/latest/#installation",
	"pipenv":  "install Pipenv: https://pipenv.pypa.io/en/latest/installation.html",
	"cargo":   "install Rust: https://www.rust-lang.org/tools/install",
	"dotnet":  "install the .NET SDK: https://dotnet.microsoft.com/download",
	"mvn":     "install Maven, or commit its wrapper: https://maven.apache.org/wrapper/",
	"gradle":  "install Gradle, or commit its wrapper: https://docs.gradle.org/current/userguide/gradle_wrapper.html",
	"bundle":  "install Ruby, which brings Bundler: https://www.ruby-lang.org/en/downloads/",
	"docker":  "install Docker with buildx: https://docs.docker.com/engine/install/",
	"sh":      "the steps under `build` in function.yaml are for a POSIX shell",
}

// grace is how long a program that was told to end may take to do so, and how long one
// that has ended is waited for when what it left behind still holds its output.
const grace = 3 * time.Second

// run runs a program to its end and returns what it wrote to stdout. When it fails, or
// is not there, the error is a [Failure].
func (s *site) run(ctx context.Context, p program) ([]byte, error) {
	if !strings.ContainsRune(p.name, filepath.Separator) {
		if _, err := exec.LookPath(p.name); err != nil {
			return nil, s.failure(p.name+" is not installed", installed[p.name])
		}
	}
	cmd := exec.CommandContext(ctx, p.name, p.args...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "PWD="+p.dir)
	cmd.Env = append(cmd.Env, p.env...)
	cmd.WaitDelay = grace
	endTogether(cmd)
	var stdout bytes.Buffer
	var all journal
	cmd.Stdout, cmd.Stderr = io.MultiWriter(&stdout, &all), &all
	if p.data {
		cmd.Stdout = &stdout
	}
	err := cmd.Run()
	endRest(cmd)
	if errors.Is(err, exec.ErrWaitDelay) && cmd.ProcessState.Success() {
		err = nil
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("building %s: %w", s.fn.Name, context.Cause(ctx))
	case err == nil:
		return stdout.Bytes(), nil
	case !errors.As(err, &exit):
		return nil, s.failure(fmt.Sprintf("%s could not be started: %v", p.name, err), "")
	}
	return nil, s.failed(p, exit, all.buffer.String())
}

// journal keeps what a program writes to stdout and to stderr, each by a goroutine of
// its own.
type journal struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (j *journal) Write(data []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.buffer.Write(data)
}

func (s *site) failed(p program, exit *exec.ExitError, output string) *Failure {
	f := s.failure(filepath.Base(p.name)+" failed: "+exit.Error(), "")
	f.Command = strings.Join(append([]string{filepath.Base(p.name)}, quoted(p.args)...), " ")
	if p.step != "" {
		f.Text, f.Command = "the step `"+p.step+"` failed: "+exit.Error(), strings.TrimSpace(p.args[len(p.args)-1])
	}
	f.Output, f.Command = s.forPeople(output), s.forPeople(f.Command)
	if dir, err := filepath.Rel(s.tree.Name(), p.dir); err == nil && filepath.IsLocal(dir) {
		f.Dir = filepath.ToSlash(dir)
	}
	for _, text := range slices.Sorted(maps.Keys(p.hints)) {
		if strings.Contains(output, text) {
			f.Hint = p.hints[text]
			break
		}
	}
	return f
}

// forPeople names files on the site by their paths in the project.
func (s *site) forPeople(text string) string {
	text = strings.ReplaceAll(text, s.tree.Name()+string(filepath.Separator), "")
	return strings.TrimRight(strings.ReplaceAll(text, s.tree.Name(), "."), "\n")
}

func quoted(args []string) []string {
	list := make([]string, len(args))
	for i, arg := range args {
		list[i] = arg
		if strings.ContainsAny(arg, " \t\n'\"$*;&|<>()`\\") || arg == "" {
			list[i] = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
		}
	}
	return list
}
