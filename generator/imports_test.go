package generator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/foldstack/foldstack/"

// below lists, for every package of the module, those that it may import. The data
// goes one way, and so do these; nothing imports cmd.
var below = map[string][]string{
	"cmd/foldstack": {
		"cmd/foldstack/internal/build", "cmd/foldstack/internal/cloud", "cmd/foldstack/internal/cloud/bootstrap", "cmd/foldstack/internal/cloud/gc",
		"cmd/foldstack/internal/cloud/live", "cmd/foldstack/internal/cloud/stacks", "cmd/foldstack/internal/cloud/status", "cmd/foldstack/internal/cloud/store",
		"cmd/foldstack/internal/cloud/teardown", "generator", "generator/asset", "generator/authz", "generator/diag", "generator/diff", "generator/model",
		"generator/output", "generator/parallel", "generator/proof", "generator/rules", "generator/source",
	},
	"cmd/foldstack/internal/build":           {"cmd/foldstack/internal/build/archive", "generator/asset", "generator/model"},
	"cmd/foldstack/internal/build/archive":   {"generator/model"},
	"cmd/foldstack/internal/cloud":           {},
	"cmd/foldstack/internal/cloud/bootstrap": {"cmd/foldstack/internal/cloud", "cmd/foldstack/internal/cloud/stacks", "generator", "generator/model"},
	"cmd/foldstack/internal/cloud/gc":        {"cmd/foldstack/internal/cloud", "cmd/foldstack/internal/cloud/live", "cmd/foldstack/internal/cloud/store", "generator", "generator/model"},
	"cmd/foldstack/internal/cloud/live": {
		"cmd/foldstack/internal/cloud", "cmd/foldstack/internal/cloud/stacks", "generator", "generator/arn", "generator/cfn", "generator/diag", "generator/estate",
		"generator/model", "generator/source", "generator/template",
	},
	"cmd/foldstack/internal/cloud/teardown": {
		"cmd/foldstack/internal/cloud", "cmd/foldstack/internal/cloud/live", "cmd/foldstack/internal/cloud/stacks", "cmd/foldstack/internal/cloud/store",
		"generator", "generator/diag", "generator/model", "generator/source",
	},
	"cmd/foldstack/internal/cloud/stacks": {"cmd/foldstack/internal/cloud"},
	"cmd/foldstack/internal/cloud/status": {
		"cmd/foldstack/internal/cloud", "cmd/foldstack/internal/cloud/stacks", "generator", "generator/diag", "generator/model", "generator/source", "generator/stack",
	},
	"cmd/foldstack/internal/cloud/store":              {"cmd/foldstack/internal/cloud", "generator", "generator/model"},
	"cmd/foldstack/internal/cloud/cloudtest":          {"generator/cfn", "generator/diag", "generator/model", "generator/source", "generator/template"}, // for tests
	"cmd/foldstack/internal/cloud/cloudtest/delivery": {"cmd/foldstack/internal/cloud/cloudtest", "generator", "generator/model"},                       // for tests
	"cmd/foldstack/internal/endtoend":                 {},
	"cmd/foldstack/internal/lambdatest":               {},
	"generator": {
		"generator/authz", "generator/cfn", "generator/check", "generator/demand", "generator/demand/handler", "generator/diag", "generator/diff", "generator/estate",
		"generator/model", "generator/output", "generator/parallel", "generator/proof", "generator/scan", "generator/scan/tree", "generator/source", "generator/stack",
		"generator/survey", "generator/symbol", "generator/template",
	},
	"generator/scan": {
		"generator/asset", "generator/diag", "generator/event", "generator/model", "generator/parallel", "generator/scan/detect",
		"generator/scan/tree", "generator/source",
	},
	"generator/scan/detect": {"generator/diag", "generator/model"},
	"generator/scan/tree":   {"generator/diag", "generator/scan/ignore"},
	"generator/scan/ignore": {},
	"generator/stack": {
		"generator/asset", "generator/cfn", "generator/check/schema", "generator/diag", "generator/event", "generator/model", "generator/policy",
		"generator/policy/ceiling", "generator/policy/handler", "generator/source", "templates",
	},
	"generator/template":    {"generator/cfn", "generator/diag", "generator/model", "generator/policy", "generator/source"},
	"generator/symbol":      {},
	"generator/parallel":    {},
	"generator/arn":         {"generator/symbol"},
	"generator/estate":      {"generator/arn", "generator/cfn", "generator/diag", "generator/model", "generator/parallel", "generator/source", "generator/symbol", "generator/template"},
	"generator/authz":       {"generator/arn", "generator/cfn", "generator/policy", "generator/symbol"},
	"generator/authz/judge": {"generator/authz", "generator/symbol"},
	"generator/demand": {
		"generator/arn", "generator/authz", "generator/cfn", "generator/demand/handler", "generator/diag", "generator/estate", "generator/model", "generator/source",
		"generator/symbol", "generator/template",
	},
	"generator/demand/handler": {"generator/arn", "generator/authz", "generator/cfn", "generator/estate", "generator/model", "generator/symbol"},
	"generator/proof": {
		"generator/arn", "generator/authz", "generator/cfn", "generator/demand", "generator/diag", "generator/estate", "generator/model", "generator/parallel", "generator/policy",
		"generator/symbol", "generator/template",
	},
	"generator/diff": {
		"generator/authz", "generator/cfn", "generator/check/schema", "generator/diag", "generator/estate", "generator/model", "generator/stack",
		"generator/symbol", "generator/template",
	},
	"generator/check": {
		"generator/cfn", "generator/check/link", "generator/check/quota", "generator/check/schema", "generator/template", "generator/diag",
		"generator/estate", "generator/model", "generator/parallel", "generator/policy", "generator/policy/ceiling", "generator/policy/handler", "generator/source",
	},
	"generator/check/link":           {"generator/arn", "generator/cfn", "generator/template", "generator/diag", "generator/model", "generator/symbol"},
	"generator/check/quota":          {"generator/cfn", "generator/template", "generator/diag", "generator/model", "generator/policy"},
	"generator/check/schema":         {"generator/cfn", "generator/template", "generator/diag", "generator/parallel", "generator/source"},
	"generator/check/schema/extract": {"generator/model"},
	"generator/survey": {
		"generator/cfn", "generator/diag", "generator/model", "generator/scan/tree", "generator/source", "generator/symbol", "generator/template",
	},
	"generator/output":         {"generator/diag"},
	"generator/rules":          {"generator/diag"},
	"generator/event":          {"generator/cfn", "generator/diag", "generator/model", "generator/policy", "generator/source"},
	"generator/asset":          {"generator/diag", "generator/model"},
	"generator/policy":         {"generator/cfn", "generator/diag", "generator/model"},
	"generator/policy/ceiling": {"generator/model", "generator/policy", "generator/source"},
	"generator/policy/handler": {"generator/cfn", "generator/model", "generator/policy"},
	"generator/cfn":            {"generator/diag", "generator/source"},
	"generator/model":          {"generator/diag", "generator/source"},
	"generator/source":         {"generator/diag"},
	"generator/diag":           {},
	"templates":                {},
}

// owners lists, for a library, the packages that may know it.
var owners = map[string][]string{
	"github.com/agnivade/levenshtein":        {"generator/diag"},
	"github.com/aws/aws-lambda-go":           {"functions"},
	"github.com/aws/aws-sdk-go-v2":           {"cmd/foldstack/internal/cloud"},
	"github.com/aws/smithy-go":               {"cmd/foldstack/internal/cloud"},
	"github.com/awslabs/goformation/v7":      {"generator/cfn", "generator/event", "generator/policy", "generator/stack"},
	"github.com/aymanbagabas/go-udiff":       {"generator/output"},
	"github.com/bmatcuk/doublestar/v4":       {"cmd/foldstack/internal/build", "generator", "generator/scan"},
	"github.com/evanw/esbuild":               {"cmd/foldstack/internal/build"},
	"github.com/goccy/go-yaml":               {"generator/source"},
	"github.com/google/go-containerregistry": {"cmd/foldstack/internal/cloud"},
	"github.com/klauspost/compress":          {"cmd/foldstack/internal/build/archive"},
	"github.com/sabhiram/go-gitignore":       {"generator/scan"},
	"github.com/spf13/cobra":                 {"cmd/foldstack"},
	"github.com/spf13/pflag":                 {"cmd/foldstack"},
	"golang.org/x/sync":                      {"cmd/foldstack/internal/build", "cmd/foldstack/internal/cloud", "generator/output"},
}

// reasons lists the packages of the standard library that would break a promise of
// the generator, and who may import them nevertheless.
var reasons = []struct {
	library, why string
	except       []string
}{
	{"net", "generating is offline", nil},
	{"net/http", "generating is offline", nil},
	{"os/exec", "generating runs nothing", []string{"generator/authz/judge"}},              // for tests
	{"time", "no clock enters the output", []string{"generator/authz", "generator/event"}}, // read the times that users write
	{"math/rand", "no randomness enters the output", nil},
	{"math/rand/v2", "no randomness enters the output", []string{"generator/output"}}, // temporary names
	{"crypto/rand", "no randomness enters the output", nil},
	{"os/user", "no host enters the output", nil},
	{"unsafe", "types are there to be kept", nil},
}

// imports is what a Go file imports.
type imports struct {
	file  string // slash path relative to the module
	paths []string
}

func (i imports) pkg() string  { return path.Dir(i.file) }
func (i imports) isTest() bool { return strings.HasSuffix(i.file, "_test.go") }

func everyImport(t *testing.T) []imports {
	t.Helper()
	var all []imports
	set := token.NewFileSet()
	require.NoError(t, filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		if d.IsDir() && (d.Name() == "testdata" || d.Name() != ".." && strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(set, name, nil, parser.ImportsOnly)
		require.NoError(t, err)
		all = append(all, imports{strings.TrimPrefix(filepath.ToSlash(name), "../"), pathsOf(t, file)})
		return nil
	}))
	require.Greater(t, len(all), 50, "the walk found too few files")
	return all
}

func pathsOf(t *testing.T, file *ast.File) []string {
	var paths []string
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		paths = append(paths, p)
	}
	return paths
}

func TestImportsPointOneWay(t *testing.T) {
	seen := map[string]bool{}
	for _, file := range everyImport(t) {
		if file.isTest() || strings.HasPrefix(file.file, "functions/") {
			continue
		}
		seen[file.pkg()] = true
		allowed, known := below[file.pkg()]
		assert.True(t, known, "%s is a package of which this test does not know what it may import", file.pkg())
		for _, p := range file.paths {
			if own, ok := strings.CutPrefix(p, module); ok {
				assert.Contains(t, allowed, own, "%s may not import it", file.file)
			}
		}
	}
	for pkg := range below {
		assert.True(t, seen[pkg], "there is no package %s", pkg)
	}
}

// The table above could itself run in circles.
func TestTheAllowedImportsHaveNoCircle(t *testing.T) {
	var visit func(pkg string, trail []string)
	visit = func(pkg string, trail []string) {
		require.NotContains(t, trail, pkg, "a circle")
		for _, next := range below[pkg] {
			visit(next, append(slices.Clone(trail), pkg))
		}
	}
	for pkg := range below {
		visit(pkg, nil)
	}
}

func TestNothingImportsACommandButItsOwnParts(t *testing.T) {
	for _, file := range everyImport(t) {
		if strings.HasPrefix(file.file, "cmd/") {
			continue // Go itself refuses what lies in another's internal
		}
		for _, p := range file.paths {
			assert.False(t, strings.HasPrefix(p, module+"cmd/"), "%s imports %s", file.file, p)
		}
	}
}

func TestALibraryIsKnownToItsOwnersOnly(t *testing.T) {
	for _, file := range everyImport(t) {
		if file.isTest() {
			continue
		}
		for _, p := range file.paths {
			if first, _, _ := strings.Cut(p, "/"); !strings.Contains(first, ".") || strings.HasPrefix(p, module) {
				continue
			}
			assert.True(t, slices.ContainsFunc(ownersOf(p), func(owner string) bool {
				return file.pkg() == owner || owner != "generator" && strings.HasPrefix(file.pkg(), owner+"/")
			}), "%s imports %s", file.file, p)
		}
	}
}

func ownersOf(p string) []string {
	for library, pkgs := range owners {
		if p == library || strings.HasPrefix(p, library+"/") {
			return pkgs
		}
	}
	return nil
}

// goformation's root package links every resource there is: 17 MB.
func TestNobodyImportsTheRootOfGoformation(t *testing.T) {
	const root = "github.com/awslabs/goformation/v7"
	for _, file := range everyImport(t) {
		for _, p := range file.paths {
			assert.NotContains(t, []string{root, root + "/cloudformation"}, p, file.file)
		}
	}
}

func TestTheGeneratorImportsNothingThatBreaksAPromise(t *testing.T) {
	for _, file := range everyImport(t) {
		if file.isTest() || !strings.HasPrefix(file.file, "generator/") {
			continue
		}
		for _, reason := range reasons {
			for _, p := range file.paths {
				if p == reason.library {
					assert.Contains(t, reason.except, file.pkg(), "%s imports %s, but %s", file.file, p, reason.why)
				}
			}
		}
	}
}

func TestNoPackageIsCalledAfterNothing(t *testing.T) {
	for _, file := range everyImport(t) {
		assert.NotContains(t, []string{"util", "utils", "helper", "helpers", "common", "misc", "shared"}, path.Base(file.pkg()), file.file)
	}
}
