package scan

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/foldstack/foldstack/generator/asset"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/scan/tree"
	"github.com/foldstack/foldstack/generator/source"
)

// inputs are the files that a function's build depends on.
type inputs struct {
	scan  *scanner
	own   string // the function's folder
	files map[string]model.Input
	paths map[string]bool // what path was called with: many links may point at one folder

	// importsOutside tells that JavaScript in the folder imports a file outside of
	// it, which an archive of the folder would not hold.
	importsOutside bool
}

// inputs collects them. Every step adds what it finds and the files that this leads
// to; a file counts once.
func (s *scanner) inputs(f folder, fn *model.Function, toolchain asset.Toolchain, node *source.Node) *inputs {
	in := &inputs{scan: s, own: f.dir, files: make(map[string]model.Input, len(f.files)), paths: map[string]bool{}}
	for _, file := range f.files {
		in.file(file)
	}
	in.include(fn, node)
	if toolchain == asset.Go {
		for _, file := range s.golang.inputs(f) {
			in.file(file)
		}
	}
	for _, g := range toolchain.Governors() {
		in.governed(f.dir, g)
	}
	return in
}

// isJavaScript reports whether a file is a module of JavaScript.
func isJavaScript(file string) bool {
	switch path.Ext(file) {
	case ".js", ".mjs", ".cjs", ".jsx":
		return true
	}
	return false
}

// isOutside reports whether a path that was followed led to a file outside of the
// function's folder.
func (in *inputs) isOutside(path string) bool {
	if strings.HasPrefix(path, in.own+"/") {
		return false
	}
	for _, ending := range append([]string{"", "/index.js", "/package.json"}, endings...) {
		if _, ok := in.files[path+ending]; ok {
			return true
		}
	}
	return false
}

// sorted are the inputs by path, without what shapes the template alone.
func (in *inputs) sorted() []model.Input {
	delete(in.files, tree.Join(in.own, FunctionFile))
	delete(in.files, tree.Join(in.own, ResourcesFile))
	list := make([]model.Input, 0, len(in.files))
	for _, file := range in.files {
		list = append(list, file)
	}
	slices.SortFunc(list, func(a, b model.Input) int { return strings.Compare(a.Path, b.Path) })
	return list
}

// file adds a file, and what it leads to: what a link points at, and what a
// manifest or a source refers to.
func (in *inputs) file(file *tree.File) {
	if _, done := in.files[file.Path]; done {
		return
	}
	in.files[file.Path] = model.Input{Path: file.Path, Size: file.Size, Executable: file.Executable, Sum: file.Sum}
	if file.Link != "" {
		in.link(file)
		return
	}
	ownScript := isJavaScript(file.Path) && strings.HasPrefix(file.Path, in.own+"/")
	for _, r := range in.scan.references(file) {
		in.path(r)
		in.importsOutside = in.importsOutside || ownScript && in.isOutside(r)
	}
	for _, r := range in.scan.workspacePackages(file) {
		in.path(r)
	}
}

// path adds a file, or every file in a folder.
func (in *inputs) path(path string) {
	switch {
	case strings.HasPrefix(path, in.own+"/"):
		return // what git would track of it is among the function's own files
	case path == ".", path == in.own, strings.HasPrefix(in.own, path+"/"):
		return // a folder around the function: the other functions in it are no inputs
	}
	if in.paths[path] {
		return
	}
	in.paths[path] = true
	switch e := in.scan.tree.Entry(path); {
	case e == nil:
		in.linkOnTheWay(path)
		in.module(path)
	case e.Kind == tree.Dir:
		in.module(path)
		in.scan.tree.Walk(path, func(path string, e tree.Entry) {
			if e.Skip == "" {
				in.file(in.scan.tree.Read(path))
			}
		})
	default:
		in.file(in.scan.tree.Read(path))
	}
}

// endings are those that imports let out, and builtFrom those of what TypeScript makes
// of a file, by which its imports name it.
//
// https://www.typescriptlang.org/docs/handbook/modules/reference.html#file-extension-substitution
var (
	endings   = []string{".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx", ".json", ".rb"}
	builtFrom = map[string][]string{".js": {".ts", ".tsx"}, ".jsx": {".tsx"}, ".mjs": {".mts"}, ".cjs": {".cts"}}
)

// module adds the files that are imported by a path which is no file itself.
func (in *inputs) module(path string) {
	add := func(path string) {
		if e := in.scan.tree.Entry(path); e != nil && e.Kind == tree.Regular && e.Skip == "" {
			in.file(in.scan.tree.Read(path))
		}
	}
	for _, ending := range endings {
		add(path + ending)
	}
	for built, sources := range builtFrom {
		if module, ok := strings.CutSuffix(path, built); ok {
			for _, ending := range sources {
				add(module + ending)
			}
		}
	}
}

// include adds the files that function.yaml names. A pattern that is the path of a
// folder stands for all files in it.
func (in *inputs) include(fn *model.Function, node *source.Node) {
	for _, written := range fn.Include {
		place := placeOf(node, "include", written, fn.Place)
		pattern, inside := inProject(written)
		switch {
		case !inside || pattern == ".":
			in.scan.Problems.Addf("outside-project", place, "name files by their path from "+ConfigFile, "include: %s does not stay inside the project", written)
			continue
		case !doublestar.ValidatePattern(pattern):
			in.scan.Problems.Addf("malformed-pattern", place, "see https://github.com/bmatcuk/doublestar#patterns", "include: %s is no pattern", written)
			continue
		}
		matches := in.scan.matches(pattern)
		if len(matches) == 0 {
			in.scan.Problems.Addf("no-included-files", place, "patterns begin at the project's root, and files that git ignores do not count", "include: %s matches no file that git would track%s", written, in.scan.whyNoFile(pattern))
		}
		for _, path := range matches {
			in.file(in.scan.tree.Read(path))
		}
	}
}

// placeOf is where a text stands in the list at a key, as near as it can be told.
func placeOf(node *source.Node, key, text string, otherwise diag.Place) diag.Place {
	value := node.Get(key)
	if value == nil {
		return otherwise
	}
	for _, item := range value.Items {
		if item.Text == text {
			return item.Place
		}
	}
	return value.Place
}

// whyNoFile explains it for the part of a pattern that is a path.
func (s *scanner) whyNoFile(pattern string) string {
	base, _ := splitPattern(pattern)
	if why := s.tree.Why(base); why != "" {
		return ": " + why
	}
	return ""
}

// matches are the tracked files that a pattern matches, found once however many
// functions include it.
func (s *scanner) matches(pattern string) []string {
	return s.included.Get(pattern, func() []string {
		base, rest := splitPattern(pattern)
		var found []string
		switch e := s.tree.Entry(base); {
		case rest == "" && e != nil && e.Kind != tree.Dir:
			return []string{base}
		case rest == "":
			rest, pattern = "**", pattern+"/**"
		}
		s.tree.Walk(base, func(path string, e tree.Entry) {
			if e.Skip == "" && doublestar.MatchUnvalidated(pattern, path) {
				found = append(found, path)
			}
		})
		return found
	})
}

// governed adds the files that rule the build from the folders above.
func (in *inputs) governed(dir string, g asset.Governor) {
	t := in.scan.tree
	present := func(dir string, names []string) (found []*tree.File) {
		for _, name := range names {
			path := tree.Join(dir, name)
			if e := t.Entry(path); e != nil && e.Kind == tree.Regular {
				found = append(found, t.Read(path))
			}
		}
		return found
	}
	if len(g.If) > 0 && len(present(dir, g.If)) == 0 {
		return
	}
	for at := dir; ; at = parent(at) {
		found := present(at, g.Names)
		if len(found) > 0 && at != dir {
			for _, file := range append(found, present(at, g.With)...) {
				in.file(file)
			}
		}
		if len(found) > 0 && !g.Every || at == "." {
			return
		}
	}
}
