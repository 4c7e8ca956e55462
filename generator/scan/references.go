package scan

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/scan/tree"
)

// A reference is how manifests and sources of one kind name files and folders
// outside of their own folder. The text is searched, not parsed: what is found too much only makes
// a digest move more often. What leads out of the project is left out, because the
// pipeline has no more than the project.
//
// Packages that manifests name without a path are found in npm's workspaces
// (workspace.go) and nowhere else (uv's workspaces, Gradle and Maven modules);
// `include:` names their folders.
type reference struct {
	names   []string              // patterns of path.Match for the file's name
	texts   []*regexp.Regexp      // the first group is a path relative to the file's folder
	search  func([]byte) []string // finds such paths in the place of texts, where speed matters
	resolve func(string) []string // what the text may mean; nil: itself
}

var references = []reference{
	{
		names: []string{"package.json"}, // https://docs.npmjs.com/cli/v11/configuring-npm/package-json#local-paths
		texts: expressions(`"(?:file|link|portal):([^"]+)"`),
	},
	{
		names:  []string{"*.js", "*.mjs", "*.cjs", "*.jsx", "*.ts", "*.mts", "*.cts", "*.tsx"}, // https://nodejs.org/api/esm.html#import-specifiers
		search: importedPaths,
	},
	{
		names: []string{"*.rb"}, // https://docs.ruby-lang.org/en/3.4/Kernel.html#method-i-require_relative
		texts: expressions(`\brequire_relative\s*\(?\s*["']([^"'\n]+)["']`),
	},
	{
		names:   []string{"tsconfig.json", "tsconfig.*.json"}, // https://www.typescriptlang.org/tsconfig/#extends
		texts:   expressions(`"extends"\s*:\s*"(\.[^"]*)"`, `"path"\s*:\s*"(\.[^"]*)"`, `[\[,]\s*"(\.\.?/[^"]*)"`),
		resolve: tsconfig,
	},
	{
		names: []string{"requirements*.txt", "constraints*.txt"}, // https://pip.pypa.io/en/stable/reference/requirements-file-format/
		texts: expressions(`(?m)^[ \t]*(?:-r|--requirement|-c|--constraint|-e|--editable)[ \t=]*([^\s#;\[]+)`, `(?m)^[ \t]*(\.\.?/[^\s#;\[]*)`),
	},
	{
		// https://docs.astral.sh/uv/concepts/projects/dependencies/#path
		// https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html#specifying-path-dependencies
		names: []string{"pyproject.toml", "Pipfile", "Cargo.toml"},
		texts: expressions(`(?m)^[^#\n]*\bpath\s*=\s*["']([^"'\n]+)["']`),
	},
	{
		names:   []string{"*.csproj", "*.fsproj", "*.vbproj"}, // https://learn.microsoft.com/visualstudio/msbuild/common-msbuild-project-items
		texts:   expressions(`<ProjectReference\s[^>]*Include\s*=\s*"([^"]+)"`, `<[A-Z]\w*\s[^>]*(?:Include|Project)\s*=\s*"([^"]+)"`),
		resolve: msbuild,
	},
	{
		names:   []string{"Directory.*.props", "Directory.*.targets"},
		texts:   expressions(`<Import\s[^>]*Project\s*=\s*"([^"]+)"`),
		resolve: msbuild,
	},
	{
		names: []string{"Gemfile", "gems.rb"}, // https://bundler.io/man/gemfile.5.html#PATH
		texts: expressions(`(?m)^[^#\n]*\bpath(?::|\s*=>)?\s*\(?["']([^"'\n]+)["']`),
	},
	{
		names: []string{"*.gradle", "*.gradle.kts"}, // https://docs.gradle.org/current/userguide/composite_builds.html
		texts: expressions(`["'](\.\.?/[^"'\n$]*)["']`),
	},
	{
		names: []string{"pom.xml"}, // https://maven.apache.org/pom.html#inheritance
		texts: expressions(`<relativePath>\s*([^<\s]+)\s*</relativePath>`),
	},
}

func expressions(list ...string) []*regexp.Regexp {
	compiled := make([]*regexp.Regexp, len(list))
	for i, e := range list {
		compiled[i] = regexp.MustCompile(e)
	}
	return compiled
}

// tsconfig lets the ending of a configuration out, and names folders by patterns.
func tsconfig(p string) []string { return []string{p + ".json", folderOf(p)} }

// msbuild writes a path of MSBuild with slashes. A project that is referred to
// stands for its folder, because it compiles whatever lies there.
func msbuild(p string) []string {
	var found []string
	for p := range strings.SplitSeq(strings.ReplaceAll(p, `\`, "/"), ";") {
		p = strings.TrimPrefix(p, "$(MSBuildThisFileDirectory)")
		p = folderOf(strings.TrimPrefix(p, "$(MSBuildProjectDirectory)/"))
		if strings.HasSuffix(p, "proj") {
			p = path.Dir(p)
		}
		found = append(found, p)
	}
	return found
}

// folderOf is the folder that a pattern begins with, or a path as it is.
func folderOf(p string) string {
	if i := strings.IndexByte(p, '*'); i >= 0 {
		return p[:strings.LastIndexByte(p[:i], '/')+1]
	}
	return p
}

// references are the paths that a file refers to.
func (s *scanner) references(file *tree.File) []string {
	if len(file.Data) == 0 {
		return nil
	}
	name := path.Base(file.Path)
	for _, r := range referencesByEnding[path.Ext(name)] {
		for _, pattern := range r.names {
			if ok, _ := path.Match(pattern, name); ok {
				return s.referred.Get(file.Path, func() []string { return r.find(file) })
			}
		}
	}
	return nil
}

// referencesByEnding spares most files any comparison.
var referencesByEnding = func() map[string][]*reference {
	index := map[string][]*reference{}
	for i := range references {
		for _, name := range references[i].names {
			ending := path.Ext(name)
			if !slices.Contains(index[ending], &references[i]) {
				index[ending] = append(index[ending], &references[i])
			}
		}
	}
	return index
}()

func (r *reference) find(file *tree.File) []string {
	dir := parent(file.Path)
	var found []string
	for _, text := range r.written(file.Data) {
		meant := []string{text}
		if r.resolve != nil {
			meant = r.resolve(text)
		}
		for _, p := range meant {
			if strings.ContainsAny(p, "$:") {
				continue
			}
			if p, inside := joinInProject(dir, p); inside && p != dir {
				found = append(found, p)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// written are the paths as a file writes them.
func (r *reference) written(data []byte) []string {
	if r.search != nil {
		return r.search(data)
	}
	var found []string
	for _, text := range r.texts {
		for _, m := range text.FindAllSubmatch(data, -1) {
			found = append(found, string(m[1]))
		}
	}
	return found
}

// importedPaths are the relative paths behind from, import and require.
func importedPaths(data []byte) []string {
	var found []string
	for at := 0; ; {
		next := bytes.Index(data[at:], []byte("./"))
		if next < 0 {
			return found
		}
		start := at + next
		at = start + len("./")
		if start > 0 && data[start-1] == '.' {
			start--
		}
		if start == 0 || data[start-1] != '"' && data[start-1] != '\'' || !importing(data[:start-1]) {
			continue
		}
		if length := bytes.IndexAny(data[start:], "\"'\n"); length > 0 {
			found = append(found, string(data[start:start+length]))
		}
	}
}

// importing reports whether a quoted text behind these bytes is imported.
func importing(before []byte) bool {
	before = bytes.TrimRight(before, " \t\r\n(")
	for _, word := range []string{"from", "import", "require"} {
		if bytes.HasSuffix(before, []byte(word)) {
			return true
		}
	}
	return false
}
