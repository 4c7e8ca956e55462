package build

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// python packs the packages that the project asks for, and the folder over them.
func python(ctx context.Context, s *site) error {
	dir, file, ok := s.nearest(requirementFiles()...)
	switch {
	case ok:
		if err := s.installPython(ctx, dir, file); err != nil {
			return err
		}
	case s.declaresPackages():
		return s.failure("pyproject.toml names packages, and nothing says which versions",
			"run `uv lock`, `poetry lock` or `pdm lock`, or write a requirements.txt, and commit it")
	}
	return s.packFolder(bytecode)
}

// bytecode names what Python writes for one version and machine.
func bytecode(name string) bool { return path.Base(name) == "__pycache__" }

// requirement is a file that says which packages a function needs, and the command that
// makes a requirements file of it; none where pip reads it itself.
type requirement struct {
	file   string
	name   string
	args   []string // %s stands for the requirements file to be written
	stdout bool     // it is what the command prints
}

var requirements = []requirement{
	{file: "requirements.txt"},
	{file: "pylock.toml"}, // https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-r
	// https://docs.astral.sh/uv/concepts/projects/sync/#exporting-the-lockfile
	{file: "uv.lock", name: "uv", args: []string{"export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--format", "requirements-txt", "--output-file", "%s"}},
	// https://github.com/python-poetry/poetry-plugin-export
	{file: "poetry.lock", name: "poetry", args: []string{"export", "--no-interaction", "--format", "requirements.txt", "--output", "%s"}},
	// https://pdm-project.org/latest/reference/cli/#export
	{file: "pdm.lock", name: "pdm", args: []string{"export", "--prod", "--format", "requirements", "--output", "%s"}},
	// https://pipenv.pypa.io/en/latest/commands.html#requirements
	{file: "Pipfile.lock", name: "pipenv", args: []string{"requirements"}, stdout: true},
}

func requirementFiles() []string {
	var names []string
	for _, r := range requirements {
		names = append(names, r.file)
	}
	return names
}

// declaresPackages reports whether a pyproject.toml near the function has dependencies.
func (s *site) declaresPackages() bool {
	dir, _, ok := s.nearest("pyproject.toml")
	return ok && listsPackages(s.read(path.Join(dir, "pyproject.toml")))
}

// emptyDependencies is a list of dependencies without any.
var emptyDependencies = regexp.MustCompile(`^dependencies\s*=\s*\[\s*\]`)

// listsPackages reports whether a project names packages that it needs, as
// project.dependencies or as Poetry does. The text is searched, not parsed.
//
// https://packaging.python.org/en/latest/specifications/pyproject-toml/#dependencies-optional-dependencies
// https://python-poetry.org/docs/pyproject/#dependencies
func listsPackages(text string) bool {
	section := ""
	for rest := text; rest != ""; _, rest, _ = strings.Cut(rest, "\n") {
		line, _, _ := strings.Cut(rest, "\n")
		line = strings.TrimSpace(line)
		key, _, assigns := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		switch {
		case strings.HasPrefix(line, "["):
			section = line
		case !assigns || strings.HasPrefix(line, "#"):
		case section == "[project]" && key == "dependencies":
			return !emptyDependencies.MatchString(strings.TrimLeft(rest, " \t"))
		case section == "[tool.poetry.dependencies]" && key != "python":
			return true
		}
	}
	return false
}

func (s *site) installPython(ctx context.Context, dir, file string) error {
	if file == "requirements.txt" && !asksForPackages(s.read(path.Join(dir, file))) {
		return nil
	}
	list := s.on(path.Join(dir, file))
	for _, r := range requirements {
		if r.file == file && r.name != "" {
			list = filepath.Join(s.dir, "requirements.txt")
			if err := s.export(ctx, r, dir, list); err != nil {
				return err
			}
		}
	}
	installer := s.pip
	if file == "uv.lock" { // who locks with uv has it
		installer = s.uv
	}
	if _, err := s.run(ctx, installer(list, s.on(dir))); err != nil {
		return err
	}
	return s.forgetInstaller()
}

// export makes a requirements file of a lock file.
func (s *site) export(ctx context.Context, r requirement, dir, list string) error {
	p := program{name: r.name, dir: s.on(dir)}
	for _, arg := range r.args {
		p.args = append(p.args, strings.ReplaceAll(arg, "%s", list))
	}
	out, err := s.run(ctx, p)
	if err != nil || !r.stdout {
		return err
	}
	return write(list, out)
}

// asksForPackages reports whether a requirements file holds more than comments.
func asksForPackages(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return true
		}
	}
	return false
}

// pip installs wheels for Lambda's Python on its Linux, whatever runs here. What has no
// wheel would have to be compiled on this machine, for this machine.
//
// https://docs.aws.amazon.com/lambda/latest/dg/python-package.html#python-package-native-libraries
// https://pip.pypa.io/en/stable/cli/pip_install/
func (s *site) pip(list, dir string) program {
	args := []string{
		"-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet", "--no-compile", "--no-warn-script-location",
		"--target", s.out.Name(), "--requirement", list,
		"--only-binary=:all:", "--implementation", "cp", "--python-version", s.pythonVersion(),
	}
	for _, tag := range s.manylinux() {
		args = append(args, "--platform", tag)
	}
	return program{name: "python3", args: args, dir: dir, env: []string{"PYTHONDONTWRITEBYTECODE=1"}, hints: map[string]string{
		"No module named pip":               "install pip: https://pip.pypa.io/en/stable/installation/",
		"No matching distribution found":    noWheel,
		"Could not find a version":          noWheel,
		"requirements must have their hash": "pin every package with its hashes, or none",
		"Invalid requirement":               "pip reads pylock.toml from version 26.1 on",
	}}
}

// https://docs.astral.sh/uv/reference/cli/#uv-pip-install
func (s *site) uv(list, dir string) program {
	return program{name: "uv", dir: dir, args: []string{
		"pip", "install", "--quiet", "--no-progress", "--link-mode", "copy", "--target", s.out.Name(), "--requirement", list, "--no-deps",
		"--only-binary", ":all:", "--python-version", s.pythonVersion(),
		"--python-platform", s.uvPlatform(),
	}, hints: map[string]string{"no wheels": noWheel, "No solution found": noWheel}}
}

func (s *site) uvPlatform() string {
	glibc := s.glibc()
	if glibc < 28 {
		glibc = 17 // uv knows none between the two
	}
	return fmt.Sprintf("%s-manylinux_2_%d", architectures[s.fn.Architecture.Value].python, glibc)
}

const noWheel = "a package must have a wheel for Lambda's Python and architecture, or for any; for one that has to be compiled write the steps under `build` in function.yaml, or make the function a container image"

// pythonVersion is 3.14 for python3.14.
func (s *site) pythonVersion() string { return strings.TrimPrefix(s.fn.Runtime.Value, "python") }

// glibc is the minor version of the runtime's glibc: 2.26 in Amazon Linux 2, 2.34 in
// Amazon Linux 2023.
//
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-supported
// https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html
func (s *site) glibc() int {
	switch s.pythonVersion() {
	case "3.8", "3.9", "3.10", "3.11":
		return 26
	}
	return 34
}

// manylinux are the tags of the wheels that run on the runtime's glibc, the newest
// first. Not every pip takes an older tag to be meant by a newer one.
//
// https://peps.python.org/pep-0600/
func (s *site) manylinux() []string {
	machine := architectures[s.fn.Architecture.Value].python
	var tags []string
	for minor := s.glibc(); minor >= 17; minor-- {
		tags = append(tags, fmt.Sprintf("manylinux_2_%d_%s", minor, machine))
	}
	return append(tags, "manylinux2014_"+machine)
}

// forgetInstaller removes what installers write about this machine: programs that begin
// with the path of its Python, caches, and what packages' records say of either.
//
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/
func (s *site) forgetInstaller() error {
	for _, name := range []string{"bin", ".lock"} {
		if err := s.out.RemoveAll(name); err != nil {
			return fmt.Errorf("removing %s: %w", name, err)
		}
	}
	err := fs.WalkDir(s.out.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && bytecode(name):
			if err := s.out.RemoveAll(name); err != nil {
				return err
			}
			return fs.SkipDir
		case path.Ext(path.Dir(name)) != ".dist-info":
			return nil
		}
		return s.forgetInRecord(name)
	})
	if err != nil {
		return fmt.Errorf("cleaning the installed packages: %w", err)
	}
	return nil
}

// machineFiles are files about an installation on this machine.
var machineFiles = []string{"direct_url.json", "uv_cache.json", "uv_build.json"}

func (s *site) forgetInRecord(name string) error {
	for _, file := range machineFiles {
		if path.Base(name) == file {
			return s.out.Remove(name)
		}
	}
	if path.Base(name) != "RECORD" {
		return nil
	}
	data, err := s.out.ReadFile(name)
	if err != nil {
		return err
	}
	var kept bytes.Buffer
	for line := range bytes.Lines(data) {
		if !aboutMachine(string(line)) {
			kept.Write(line)
		}
	}
	return s.out.WriteFile(name, kept.Bytes(), 0o644)
}

// aboutMachine reports a line of a RECORD that is about a file which is not packed.
func aboutMachine(line string) bool {
	file, _, _ := strings.Cut(line, ",")
	if strings.HasPrefix(file, "../../bin/") || strings.HasPrefix(file, "bin/") || strings.Contains(file, "__pycache__/") {
		return true
	}
	for _, name := range machineFiles {
		if path.Base(file) == name {
			return true
		}
	}
	return false
}
