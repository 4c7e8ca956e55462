package scan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/scan/tree"
	"github.com/foldstack/foldstack/generator/source"
)

// example is the least that a project needs.
const example = `begin with

    project: my-project
    tooling: {account: "111111111111", region: eu-central-1}
    environments:
      dev: {accounts: ["222222222222"]}

and put a function into functions/NAME/`

// readConfig reads foldstack.yaml. project stays nil where that cannot be used.
func (s *scanner) readConfig() error {
	if s.Config == "" {
		s.Config = filepath.Join(s.Root, ConfigFile)
	}
	if s.Root == "" {
		s.Root = filepath.Dir(s.Config)
	}
	name := s.configName()
	data, err := readSmall(s.Config)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		hint := example
		if _, err := os.Lstat(strings.TrimSuffix(s.Config, ".yaml") + ".yml"); err == nil {
			hint = "rename " + strings.TrimSuffix(name, ".yaml") + ".yml to " + name
		}
		s.Problems.Addf("no-project", diag.Place{File: name}, hint, "there is no %s here", name)
		return nil
	case err != nil:
		return fmt.Errorf("reading the project: %w", err)
	}
	s.addSource(name, data)
	before := s.Problems.Empty()
	node := source.Parse(name, data, s.Problems)
	if node == nil {
		if before && s.Problems.Empty() {
			s.Problems.Addf("no-project", diag.Place{File: name}, example, "%s is empty", name)
		}
		return nil
	}
	s.node, s.project = node, decodeProject(node, name, s.Problems)
	if len(s.Functions) > 0 {
		s.project.Patterns = s.Functions
	}
	if s.Output != "" {
		s.project.Output = s.Output
	}
	s.project.Output = path.Clean(filepath.ToSlash(s.project.Output))
	return nil
}

// readSmall reads a file of at most tree.MaxKept bytes; what is no file is not
// opened.
func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file", path)
	case info.Size() > tree.MaxKept:
		return nil, fmt.Errorf("%s has %d bytes; more than %d are not read", path, info.Size(), tree.MaxKept)
	}
	return os.ReadFile(path)
}

// configName is foldstack.yaml as messages name it: relative to the root.
func (s *scanner) configName() string {
	root, err1 := filepath.Abs(s.Root)
	config, err2 := filepath.Abs(s.Config)
	rel, err3 := filepath.Rel(root, config)
	if err1 != nil || err2 != nil || err3 != nil || !filepath.IsLocal(rel) {
		return filepath.Base(s.Config)
	}
	return filepath.ToSlash(rel)
}
