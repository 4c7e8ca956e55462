package scan

import (
	"crypto/sha256"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/scan/tree"
)

// golang follows the imports of Go code through the project. Modules and packages
// that many functions share are read once.
//
// It covers more than one build needs: every file of an imported package, whatever
// its build constraints say, but not its tests, which no other package compiles.
type golang struct {
	tree     *tree.Tree
	problems *diag.Problems
	scopes   tree.Memo[*goScope]   // by folder
	packages tree.Memo[*goPackage] // by folder
}

func newGolang(t *tree.Tree, problems *diag.Problems) *golang {
	return &golang{tree: t, problems: problems}
}

// goScope is what decides, for the code in a folder, where an import path lies.
type goScope struct {
	module string       // folder of the nearest go.mod; empty without one
	files  []*tree.File // go.mod, go.sum, go.work and the like, of every module in it
	roots  []goRoot     // longest path first
}

// goRoot is a module in the project.
type goRoot struct {
	path string
	dir  string
}

// goPackage is a folder of Go files.
type goPackage struct {
	files   []*tree.File // without tests, with what they embed
	imports []string
}

// inputs are the files outside of a function's folder that its Go code is built
// from.
func (g *golang) inputs(f folder) []*tree.File {
	scope := g.scope(f.dir)
	if scope == nil {
		return nil
	}
	files := slices.Clone(scope.files)
	seen := map[string]bool{}
	var follow func(imports []string)
	follow = func(imports []string) {
		for _, path := range imports {
			dir, ok := scope.find(path)
			if !ok || seen[dir] {
				continue
			}
			seen[dir] = true
			if p := g.read(dir); p != nil {
				files = append(files, p.files...)
				follow(p.imports)
			}
		}
	}
	for _, file := range f.files {
		if isGoSource(file.Path) {
			follow(goImports(file.Data))
		}
	}
	return files
}

// isGoSource reports whether other code may be compiled with the file.
func isGoSource(file string) bool {
	return strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go")
}

// goImports are the import paths of a file, also of one that does not parse to its
// end.
func goImports(data []byte) []string {
	file, _ := parser.ParseFile(token.NewFileSet(), "", data, parser.ImportsOnly|parser.SkipObjectResolution)
	if file == nil {
		return nil
	}
	imports := make([]string, 0, len(file.Imports))
	for _, i := range file.Imports {
		if path, err := strconv.Unquote(i.Path.Value); err == nil {
			imports = append(imports, path)
		}
	}
	return imports
}

// find is the folder of an import path, when it lies in the project.
func (s *goScope) find(importPath string) (string, bool) {
	for _, root := range s.roots {
		if importPath == root.path {
			return root.dir, true
		}
		if rest, ok := strings.CutPrefix(importPath, root.path+"/"); ok {
			return path.Join(root.dir, rest), true
		}
	}
	return "", false
}

// goPackageFiles are the endings of the files that belong to a package.
//
// https://pkg.go.dev/cmd/go#hdr-File_types
var goPackageFiles = []string{
	".go", ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx",
	".f", ".F", ".for", ".f90", ".s", ".S", ".sx", ".swig", ".swigcxx", ".syso",
}

func (g *golang) read(dir string) *goPackage {
	return g.packages.Get(dir, func() *goPackage {
		folder := g.tree.Folder(dir)
		if folder == nil {
			return nil
		}
		p := &goPackage{}
		for _, e := range folder.Entries {
			if e.Kind != tree.Regular || e.Skip != "" || !slices.Contains(goPackageFiles, path.Ext(e.Name)) || strings.HasSuffix(e.Name, "_test.go") {
				continue
			}
			file := g.tree.Read(tree.Join(dir, e.Name))
			p.files = append(p.files, file)
			if isGoSource(e.Name) {
				p.imports = append(p.imports, goImports(file.Data)...)
				p.files = append(p.files, g.embedded(dir, file.Data)...)
			}
		}
		slices.Sort(p.imports)
		p.imports = slices.Compact(p.imports)
		return p
	})
}

// embedded are the files that the //go:embed lines of a file name. Hidden files
// in an embedded folder are taken too, whether or not the pattern says all:.
//
// https://pkg.go.dev/embed#hdr-Directives
func (g *golang) embedded(dir string, data []byte) []*tree.File {
	var patterns []string
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), "//go:embed"); ok {
			patterns = append(patterns, embedPatterns(rest)...)
		}
	}
	slices.Sort(patterns)
	var files []*tree.File
	for _, pattern := range slices.Compact(patterns) {
		files = append(files, g.matching(dir, pattern)...)
	}
	return files
}

// embedPatterns are the words of a //go:embed line; quotes hold spaces.
func embedPatterns(line string) []string {
	var patterns []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		word := line
		if quoted, err := strconv.QuotedPrefix(line); err == nil {
			word, line = quoted, line[len(quoted):]
			word, _ = strconv.Unquote(word)
		} else if i := strings.IndexAny(line, " \t"); i >= 0 {
			word, line = line[:i], line[i:]
		} else {
			line = ""
		}
		patterns = append(patterns, strings.TrimPrefix(word, "all:"))
	}
	return patterns
}

// matching are the tracked files of a pattern of path.Match, which never crosses a
// slash; a folder that matches stands for all files in it.
func (g *golang) matching(dir, pattern string) []*tree.File {
	name, rest, deeper := strings.Cut(pattern, "/")
	folder := g.tree.Folder(dir)
	if folder == nil {
		return nil
	}
	var files []*tree.File
	for _, e := range folder.Entries {
		if ok, _ := path.Match(name, e.Name); e.Skip != "" || !ok && name != "." {
			continue
		}
		at := tree.Join(dir, e.Name)
		switch {
		case deeper && e.Kind == tree.Dir:
			files = append(files, g.matching(at, rest)...)
		case deeper:
		case e.Kind == tree.Dir:
			g.tree.Walk(at, func(path string, e tree.Entry) {
				if e.Skip == "" {
					files = append(files, g.tree.Read(path))
				}
			})
		default:
			files = append(files, g.tree.Read(at))
		}
	}
	return files
}

// scope finds the module that a folder belongs to; nil where none lies in the
// project.
func (g *golang) scope(dir string) *goScope {
	module := g.nearest(dir, "go.mod")
	if module == "" {
		return nil
	}
	return g.scopes.Get(module, func() *goScope {
		s := &goScope{module: module}
		g.addModule(s, module, true)
		if work := g.nearest(module, "go.work"); work != "" {
			g.addWorkspace(s, work)
		}
		slices.SortFunc(s.roots, func(a, b goRoot) int { return len(b.path) - len(a.path) })
		return s
	})
}

// nearest is the folder, at dir or above it, that holds a file of that name.
func (g *golang) nearest(dir, name string) string {
	for ; ; dir = parent(dir) {
		if e := g.tree.Entry(tree.Join(dir, name)); e != nil && e.Kind == tree.Regular {
			return dir
		}
		if dir == "." {
			return ""
		}
	}
}

// add adds a file of the scope, if it is there, and returns its bytes.
func (g *golang) add(s *goScope, path string) []byte {
	if e := g.tree.Entry(path); e == nil || e.Kind != tree.Regular {
		return nil
	}
	file := g.tree.Read(path)
	s.files = append(s.files, file)
	return file.Data
}

// addModule adds the module in a folder. Of the replacements only those of main
// modules count.
func (g *golang) addModule(s *goScope, dir string, main bool) {
	if slices.ContainsFunc(s.roots, func(r goRoot) bool { return r.dir == dir }) {
		return
	}
	mod := parseGoDirectives(g.add(s, tree.Join(dir, "go.mod")))
	s.roots = append(s.roots, goRoot{mod.module, dir})
	if !main {
		return
	}
	g.add(s, tree.Join(dir, "go.sum"))
	g.addVendor(s, dir)
	g.addReplaced(s, tree.Join(dir, "go.mod"), mod)
}

func (g *golang) addReplaced(s *goScope, file string, d goDirectives) {
	for _, r := range d.replace {
		to, inside := joinInProject(parent(file), r.dir)
		if !inside {
			g.problems.Addf("outside-project", diag.Place{File: file, Line: r.line}, "move the module into the project, or require a published version",
				"the module %s is replaced by %s, outside of the project: the pipeline would not have it", r.module, r.dir)
			continue
		}
		// The code imports it by the name that is replaced.
		s.roots = append(s.roots, goRoot{r.module, to})
		g.add(s, tree.Join(to, "go.mod"))
	}
}

func (g *golang) addWorkspace(s *goScope, dir string) {
	file := tree.Join(dir, "go.work")
	work := parseGoDirectives(g.add(s, file))
	g.add(s, tree.Join(dir, "go.work.sum"))
	g.addVendor(s, dir)
	for _, use := range work.uses {
		if to, inside := joinInProject(dir, use); inside {
			g.addModule(s, to, true)
		}
	}
	g.addReplaced(s, file, work)
}

// addVendor adds a folder of vendored modules as one input: it changes together
// with go.mod, and listing its files for each function would cost more than it
// tells.
func (g *golang) addVendor(s *goScope, dir string) {
	vendor := tree.Join(dir, "vendor")
	if g.add(s, tree.Join(vendor, "modules.txt")) == nil {
		return
	}
	h := sha256.New()
	g.tree.Walk(vendor, func(path string, e tree.Entry) {
		if e.Skip == "" {
			file := g.tree.Read(path)
			h.Write([]byte(path[len(vendor):] + "\x00"))
			h.Write(file.Sum[:])
		}
	})
	s.files = append(s.files, &tree.File{Path: vendor, Sum: [sha256.Size]byte(h.Sum(nil))})
}

// joinInProject is a relative path from a folder; inside is false where it leaves
// the project.
func joinInProject(dir, rel string) (joined string, inside bool) {
	if path.IsAbs(rel) {
		return "", false
	}
	joined = path.Join(dir, rel)
	return joined, joined != ".." && !strings.HasPrefix(joined, "../")
}
