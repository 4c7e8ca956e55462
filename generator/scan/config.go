package scan

import (
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
func (s *scanner) readConfig() {
	if s.Config == "" {
		s.Config = filepath.Join(s.Root, ConfigFile)
	}
	if s.Root == "" {
		s.Root = filepath.Dir(s.Config)
	}
	name := s.configName()
	data, present := tree.ReadDocument(name, s.Config, s.Problems)
	switch {
	case !present:
		hint := example
		if _, err := os.Lstat(strings.TrimSuffix(s.Config, ".yaml") + ".yml"); err == nil {
			hint = "rename " + strings.TrimSuffix(name, ".yaml") + ".yml to " + name
		}
		s.Problems.Addf("no-project", diag.Place{File: name}, hint, "there is no %s here", name)
		return
	case data == nil:
		return
	}
	s.addSource(name, data)
	before := s.Problems.Empty()
	node := source.Parse(name, data, s.Problems)
	if node == nil {
		if before && s.Problems.Empty() {
			s.Problems.Addf("no-project", diag.Place{File: name}, example, "%s is empty", name)
		}
		return
	}
	checkDynamic(node, s.Problems)
	s.node, s.project = node, decodeProject(node, name, s.Problems)
	if len(s.Functions) > 0 {
		s.project.Patterns = s.Functions
	}
	if s.Output != "" {
		s.project.Output, s.project.OutputPlace = s.Output, s.project.Place
	}
	s.project.Output = path.Clean(filepath.ToSlash(s.project.Output))
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
