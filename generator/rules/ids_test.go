package rules

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An id of a rule is a literal that is given to something called rule or Rule: a
// parameter, a field or a constant. What else is given to one must itself be called
// so, and since the field of diag.Problem is, no id can escape.
type ids struct {
	set      *token.FileSet
	reporter map[string]map[string]int // folder and function → which of its parameters is called rule
	plain    map[string]bool           // those of them that are no methods, by folder/function
	found    map[string]bool
	faults   []string
}

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)

func TestEveryRuleIsInTheCatalogueAndNothingElse(t *testing.T) {
	var listed []string
	for _, e := range entries() {
		listed = append(listed, e.ID)
	}
	found, faults := idsBelow(t, "../..")
	assert.Empty(t, faults)
	assert.Empty(t, without(found, listed), "ids in the sources without a file in the catalogue")
	assert.Empty(t, without(listed, found), "files in the catalogue whose id is in no source")
}

func TestNoIdEscapesTheSearch(t *testing.T) {
	found, faults := idsBelow(t, "testdata/ids")
	assert.Equal(t, []string{"by-argument", "by-constant", "by-field", "by-method"}, found)
	assert.Equal(t, []string{
		"ids.go:29: a value called rule must be a literal id or itself be called rule",
		"ids.go:30: a value called rule must be a literal id or itself be called rule",
		"ids.go:31: Not A Rule is not in kebab-case",
		"ids.go:32: report takes a rule and must be called where it is named",
		"ids.go:33: addAll takes a rule and must be called where it is named",
		"ids.go:35: a value called rule must be a literal id or itself be called rule",
		"ids.go:36: write the keys of a struct that has the field rule",
		"ids.go:37: write the keys of a struct that has the field rule",
	}, faults)
}

// without is a list without the items of another.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(item string) bool { return slices.Contains(other, item) })
}

// idsBelow finds the ids in all Go files below a folder that are no tests, sorted.
func idsBelow(t *testing.T, root string) (found, faults []string) {
	t.Helper()
	s := &ids{set: token.NewFileSet(), reporter: map[string]map[string]int{}, plain: map[string]bool{}, found: map[string]bool{}}
	parsed := map[string][]*ast.File{}
	require.NoError(t, filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		if d.IsDir() {
			if name != root && (d.Name() == "testdata" || d.Name() == "functions" || strings.HasPrefix(d.Name(), ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") {
			file, err := parser.ParseFile(s.set, name, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			parsed[filepath.Dir(name)] = append(parsed[filepath.Dir(name)], file)
		}
		return nil
	}))
	for folder, files := range parsed {
		s.reporters(folder, files)
	}
	for folder, files := range parsed {
		s.search(folder, files)
	}
	slices.Sort(s.faults)
	return slices.Sorted(maps.Keys(s.found)), s.faults
}

// reporters notes the functions of a package that take a rule. The exported ones are
// noted for all packages, under no folder.
func (s *ids) reporters(folder string, files []*ast.File) {
	for _, file := range files {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			at := slices.Index(names(f.Type.Params), "rule")
			if at < 0 {
				continue
			}
			s.plain[folder+"/"+f.Name.Name] = f.Recv == nil
			for _, scope := range scopes(folder, f.Name.Name) {
				if s.reporter[scope] == nil {
					s.reporter[scope] = map[string]int{}
				}
				if before, there := s.reporter[scope][f.Name.Name]; there && before != at {
					s.fault(f.Pos(), "another %s takes its rule elsewhere", f.Name.Name)
				}
				s.reporter[scope][f.Name.Name] = at
			}
		}
	}
}

func scopes(folder, name string) []string {
	if ast.IsExported(name) {
		return []string{folder, ""}
	}
	return []string{folder}
}

// search looks at every place of a package that something called rule is given a value.
func (s *ids) search(folder string, files []*ast.File) {
	structs := withRule(files)
	for _, file := range files {
		constants := s.constants(file)
		called := map[ast.Node]bool{} // and what only declares a name
		var parameters []string
		ast.Inspect(file, func(n ast.Node) bool {
			given := func(v ast.Expr) { s.given(v, append(constants, parameters...)) }
			switch n := n.(type) {
			case *ast.FuncDecl:
				called[n.Name] = true
				parameters = names(n.Type.Params)
			case *ast.CallExpr:
				called[n.Fun] = true
				if at, ok := s.takesRule(folder, nameOf(n.Fun)); ok && at < len(n.Args) {
					given(n.Args[at])
				}
			case *ast.SelectorExpr:
				if _, ok := s.takesRule(folder, n.Sel.Name); ok && !called[n] {
					s.fault(n.Pos(), "%s takes a rule and must be called where it is named", n.Sel.Name)
				}
				called[n.Sel] = true
			case *ast.Ident:
				if s.plain[folder+"/"+n.Name] && !called[n] {
					s.fault(n.Pos(), "%s takes a rule and must be called where it is named", n.Name)
				}
			case *ast.KeyValueExpr:
				if key := nameOf(n.Key); strings.EqualFold(key, "rule") && !isStruct(n.Value) {
					given(n.Value)
				}
			case *ast.AssignStmt:
				for i, left := range n.Lhs {
					if field, ok := left.(*ast.SelectorExpr); ok && strings.EqualFold(field.Sel.Name, "rule") && i < len(n.Rhs) {
						given(n.Rhs[i])
					}
				}
			case *ast.CompositeLit:
				s.keyed(n, structs)
			}
			return true
		})
	}
}

func (s *ids) takesRule(folder, name string) (int, bool) {
	if at, ok := s.reporter[folder][name]; ok {
		return at, true
	}
	at, ok := s.reporter[""][name]
	return at, ok
}

// given takes a value for something called rule.
func (s *ids) given(value ast.Expr, rules []string) {
	switch v := value.(type) {
	case *ast.BasicLit:
		id, err := strconv.Unquote(v.Value)
		if err == nil && kebab.MatchString(id) {
			s.found[id] = true
		} else {
			s.fault(v.Pos(), "%s is not in kebab-case", id)
		}
		return
	case *ast.Ident:
		if v.Name == "rule" && slices.Contains(rules, "rule") {
			return
		}
	case *ast.SelectorExpr:
		if strings.EqualFold(v.Sel.Name, "rule") {
			return
		}
	}
	s.fault(value.Pos(), "a value called rule must be a literal id or itself be called rule")
}

// isStruct tells a rule from its id.
func isStruct(value ast.Expr) bool {
	_, ok := value.(*ast.CompositeLit)
	return ok
}

// constants are the constants of a file that are called rule.
func (s *ids) constants(file *ast.File) []string {
	var list []string
	ast.Inspect(file, func(n ast.Node) bool {
		d, ok := n.(*ast.GenDecl)
		if !ok || d.Tok != token.CONST {
			return true
		}
		for _, spec := range d.Specs {
			v := spec.(*ast.ValueSpec)
			for i, name := range v.Names {
				if name.Name == "rule" {
					s.given(v.Values[i], nil)
					list = append(list, name.Name)
				}
			}
		}
		return true
	})
	return list
}

func (s *ids) fault(at token.Pos, format string, args ...any) {
	p := s.set.Position(at)
	s.faults = append(s.faults, fmt.Sprintf("%s:%d: ", filepath.Base(p.Filename), p.Line)+fmt.Sprintf(format, args...))
}
