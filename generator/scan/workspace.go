package scan

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/scan/tree"
	"github.com/foldstack/foldstack/generator/source"
)

const (
	nodeManifest  = "package.json"
	pnpmWorkspace = "pnpm-workspace.yaml"
)

// workspacePackages are the folders of the packages that a package.json names and
// that lie in its workspace.
//
// https://docs.npmjs.com/cli/v11/using-npm/workspaces
func (s *scanner) workspacePackages(file *tree.File) []string {
	if path.Base(file.Path) != nodeManifest {
		return nil
	}
	return s.members.Get(file.Path, func() []string { return s.dependenciesInWorkspace(file) })
}

func (s *scanner) dependenciesInWorkspace(file *tree.File) []string {
	packages := s.workspaceAround(parent(file.Path))
	if len(packages) == 0 {
		return nil
	}
	var manifest struct {
		Dependencies, DevDependencies, OptionalDependencies, PeerDependencies map[string]any
	}
	_ = json.Unmarshal(file.Data, &manifest) // what is no manifest names nothing
	var found []string
	for _, named := range []map[string]any{
		manifest.Dependencies, manifest.DevDependencies, manifest.OptionalDependencies, manifest.PeerDependencies,
	} {
		for name := range named {
			if dir, ok := packages[name]; ok {
				found = append(found, dir)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// workspaceAround is the nearest workspace at a folder or above it: the folders of
// its packages by their names.
func (s *scanner) workspaceAround(dir string) map[string]string {
	for at := dir; ; at = parent(at) {
		if packages := s.workspaces.Get(at, func() map[string]string { return s.workspace(at) }); len(packages) > 0 || at == "." {
			return packages
		}
	}
}

// workspace is the packages of the workspace whose root a folder is.
func (s *scanner) workspace(dir string) map[string]string {
	packages := map[string]string{}
	for _, pattern := range s.workspacePatterns(dir) {
		pattern, inside := joinInProject(dir, strings.TrimSuffix(pattern, "/"))
		if !inside || !doublestar.ValidatePattern(pattern) {
			continue
		}
		base, _ := splitPattern(pattern)
		s.tree.Walk(base, func(file string, e tree.Entry) {
			folder := parent(file)
			if e.Skip != "" || path.Base(file) != nodeManifest || !doublestar.MatchUnvalidated(pattern, folder) {
				return
			}
			var manifest struct{ Name string }
			_ = json.Unmarshal(s.data(file), &manifest) // what is no manifest has no name
			if manifest.Name != "" {
				packages[manifest.Name] = folder
			}
		})
	}
	return packages
}

// workspacePatterns are those that npm and Yarn read from package.json, as a list
// or under packages, and pnpm from its own file. What they except is left in.
//
// https://pnpm.io/pnpm-workspace_yaml
func (s *scanner) workspacePatterns(dir string) []string {
	var patterns []string
	var manifest struct{ Workspaces json.RawMessage }
	if json.Unmarshal(s.data(tree.Join(dir, nodeManifest)), &manifest) == nil && json.Unmarshal(manifest.Workspaces, &patterns) != nil {
		var nested struct{ Packages []string }
		_ = json.Unmarshal(manifest.Workspaces, &nested) // another form declares no workspace
		patterns = nested.Packages
	}
	if data := s.data(tree.Join(dir, pnpmWorkspace)); data != nil {
		var unread diag.Problems // it is pnpm's file, and pnpm reports them
		if list := source.Parse(path.Join(dir, pnpmWorkspace), data, &unread).Get("packages"); list != nil {
			for _, item := range list.Items {
				patterns = append(patterns, item.Text)
			}
		}
	}
	return slices.DeleteFunc(patterns, func(p string) bool { return strings.HasPrefix(p, "!") })
}

// data is what a tracked file holds; nil where there is none.
func (s *scanner) data(path string) []byte {
	if e := s.tree.Entry(path); e == nil || e.Kind != tree.Regular || e.Skip != "" {
		return nil
	}
	return s.tree.Read(path).Data
}
