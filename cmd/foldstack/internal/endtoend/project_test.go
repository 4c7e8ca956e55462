package endtoend

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

// project is a project on somebody's machine.
type project struct {
	t    *testing.T
	root string
	path string // where foldstack is
}

// newProject builds foldstack and writes the project of testdata.
func newProject(t *testing.T) *project {
	t.Helper()
	p := &project{t, t.TempDir(), t.TempDir()}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", p.path, "./cmd/foldstack")
	build.Dir = repository
	said, err := build.CombinedOutput()
	require.NoError(t, err, string(said))
	archive, err := txtar.ParseFile("testdata/project.txtar")
	require.NoError(t, err)
	for _, f := range archive.Files {
		p.write(f.Name, strings.ReplaceAll(string(f.Data), "HOST", architecture))
	}
	p.git("init", "--quiet")
	return p
}

// architecture is this machine's, so that what is delivered runs here.
var architecture = map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]

func (p *project) write(name, text string) {
	p.t.Helper()
	file := filepath.Join(p.root, filepath.FromSlash(name))
	require.NoError(p.t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(p.t, os.WriteFile(file, []byte(text), 0o644))
}

func (p *project) read(name string) string {
	p.t.Helper()
	data, err := os.ReadFile(filepath.Join(p.root, filepath.FromSlash(name)))
	require.NoError(p.t, err)
	return string(data)
}

func (p *project) replace(name, old, replacement string) {
	p.t.Helper()
	text := p.read(name)
	require.Contains(p.t, text, old)
	p.write(name, strings.ReplaceAll(text, old, replacement))
}

func (p *project) remove(folder string) {
	p.t.Helper()
	require.NoError(p.t, os.RemoveAll(filepath.Join(p.root, filepath.FromSlash(folder))))
}

func (p *project) rename(from, to string) {
	p.t.Helper()
	target := filepath.Join(p.root, filepath.FromSlash(to))
	require.NoError(p.t, os.MkdirAll(filepath.Dir(target), 0o755))
	require.NoError(p.t, os.Rename(filepath.Join(p.root, filepath.FromSlash(from)), target))
}

// revision is a commit, and the archive of it that the pipeline gets.
type revision struct {
	commit  string
	archive []byte
}

// commit generates and commits, as a person does before pushing.
func (p *project) commit() revision {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), filepath.Join(p.path, "foldstack"), "generate")
	cmd.Dir = p.root
	said, err := cmd.CombinedOutput()
	require.NoError(p.t, err, string(said))
	return p.commitUngenerated()
}

// commitUngenerated is what somebody does who forgets to generate.
func (p *project) commitUngenerated() revision {
	p.t.Helper()
	p.git("add", "--all")
	p.git("commit", "--quiet", "--message", "Another version")
	return revision{strings.TrimSpace(p.git("rev-parse", "HEAD")), []byte(p.git("archive", "--format=zip", "HEAD"))}
}

// checkOut makes the files those of a revision.
func (p *project) checkOut(r revision) {
	p.t.Helper()
	p.git("checkout", "--quiet", "--detach", r.commit)
}

// git works on the project, whatever the settings of this machine and the hook that it may be run from.
func (p *project) git(args ...string) string {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), "git", append([]string{"-c", "user.name=Ada", "-c", "user.email=ada@example.com"}, args...)...)
	cmd.Dir = p.root
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.t.TempDir(), "GIT_CONFIG_NOSYSTEM=1"}
	var said strings.Builder
	cmd.Stderr = &said
	printed, err := cmd.Output()
	require.NoError(p.t, err, said.String())
	return string(printed)
}
