package tree

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// toolFolders are made by tools and are no code, whether or not an ignore file
// names them. Folders that hold settings of tools (.cargo, .mvn, .yarn) are code,
// and so is dist: what a tool wrote there is ignored, what was committed is meant.
var toolFolders = map[string]string{
	"node_modules":       "installed packages",
	"bower_components":   "installed packages",
	"__pycache__":        "Python's compiled files",
	"__pypackages__":     "installed packages",
	".venv":              "a virtual environment",
	"venv":               "a virtual environment",
	".tox":               "a test tool's environments",
	".nox":               "a test tool's environments",
	".pytest_cache":      "a test tool's cache",
	".mypy_cache":        "a type checker's cache",
	".ruff_cache":        "a linter's cache",
	".ipynb_checkpoints": "a notebook's checkpoints",
	".nyc_output":        "a test tool's output",
	".gradle":            "a build tool's cache",
	".aws-sam":           "a build tool's output",
	".serverless":        "a build tool's output",
	".foldstack":         "foldstack's own store of what it built",
	".terraform":         "a deployment tool's state",
	".svn":               "a version control system's files",
	".hg":                "a version control system's files",
}

// builtFolders have names that a user may use too: they are made by a tool where
// its manifest stands beside them.
var builtFolders = map[string][]string{
	"target": {"Cargo.toml", "pom.xml", "build.sbt"},
	"build":  {"build.gradle", "build.gradle.kts"},
	"bin":    {"*.csproj", "*.fsproj", "*.vbproj"},
	"obj":    {"*.csproj", "*.fsproj", "*.vbproj"},
}

// environments are further names that people give to virtual environments; what
// tells is the file pyvenv.cfg in them.
//
// https://docs.python.org/3/library/venv.html
var environments = []string{"env", ".env", "ENV", "virtualenv"}

// siblings are the entries of one folder.
type siblings []fs.DirEntry

func (s siblings) has(pattern string) bool {
	if suffix, ok := strings.CutPrefix(pattern, "*"); ok {
		return slices.ContainsFunc(s, func(e fs.DirEntry) bool { return strings.HasSuffix(e.Name(), suffix) })
	}
	_, ok := slices.BinarySearchFunc(s, pattern, func(e fs.DirEntry, name string) int { return strings.Compare(e.Name(), name) })
	return ok
}

// toolFolder says what a folder is that a tool made.
func toolFolder(onDisk, name string, beside siblings) string {
	if what, ok := toolFolders[name]; ok {
		return "a tool's folder: " + what
	}
	for _, manifest := range builtFolders[name] {
		if beside.has(manifest) {
			return "a tool's folder: the build output beside " + manifest
		}
	}
	if slices.Contains(environments, name) {
		if _, err := os.Lstat(filepath.Join(onDisk, "pyvenv.cfg")); err == nil {
			return "a tool's folder: a virtual environment"
		}
	}
	return ""
}

// left reports whether a file of that name is left behind by an operating system
// or an editor. Users list these in git's configuration of their own machine,
// which the pipeline does not have.
func left(name string) bool {
	switch name {
	case ".DS_Store", "Thumbs.db", "desktop.ini":
		return true
	}
	return strings.HasSuffix(name, "~") || strings.HasPrefix(name, ".#") ||
		strings.HasPrefix(name, ".") && len(name) > 5 && strings.HasSuffix(name[:len(name)-1], ".sw")
}
