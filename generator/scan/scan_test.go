package scan

import (
	"context"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

const minimal = `project: shop
tooling: {account: "111111111111", region: eu-central-1}
environments:
  dev: {accounts: ["222222222222"]}
`

const (
	javascript = "export const handler = async () => 1;\n"
	python     = "def handler(event, context):\n    return 1\n"
	golangMain = "package main\n\nimport \"github.com/aws/aws-lambda-go/lambda\"\n\nfunc main() { lambda.Start(func() {}) }\n"
)

// write makes files below root. A content "-> text" makes a link, one that begins
// with "#!" an executable file.
func write(t testing.TB, root string, files map[string]string) {
	paths := slices.Sorted(maps.Keys(files))
	// The order in which files come into a folder may not matter.
	rand.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
	for _, path := range paths {
		writeFile(t, root, path, files[path])
	}
}

func writeFile(t testing.TB, root, path, content string) {
	full := filepath.Join(root, filepath.FromSlash(path))
	require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
	_ = os.Remove(full)
	if text, ok := strings.CutPrefix(content, "-> "); ok {
		require.NoError(t, os.Symlink(text, full))
		return
	}
	mode := os.FileMode(0o644)
	if strings.HasPrefix(content, "#!") {
		mode = 0o755
	}
	require.NoError(t, os.WriteFile(full, []byte(content), mode))
}

// project makes a project with the least of a foldstack.yaml, unless files has one.
func project(t testing.TB, files map[string]string) string {
	root := t.TempDir()
	if _, ok := files[ConfigFile]; !ok {
		writeFile(t, root, ConfigFile, minimal)
	}
	write(t, root, files)
	return root
}

func scan(t testing.TB, root string) (*model.Project, []diag.Problem) {
	var problems diag.Problems
	p, err := Scan(context.Background(), Options{Root: root, Problems: &problems, Sources: &diag.Sources{}})
	require.NoError(t, err)
	return p, problems.Sorted()
}

// texts are problems as one reads them.
func texts(problems []diag.Problem) []string {
	var list []string
	for _, p := range problems {
		list = append(list, p.Place.String()+": "+p.Text)
	}
	return list
}

func dirs(p *model.Project) []string {
	var list []string
	for _, fn := range p.Functions {
		list = append(list, fn.Dir)
	}
	return list
}

func reasons(p *model.Project) map[string]string {
	list := map[string]string{}
	for _, s := range p.Skipped {
		list[s.Path] = s.Reason
	}
	return list
}

func TestAFolderWithCodeIsAFunctionAndAnythingElseIsSkippedWithItsReason(t *testing.T) {
	root := project(t, map[string]string{
		".gitignore":                        "/functions/ignored\n*.log\n",
		"functions/hello/index.mjs":         javascript,
		"functions/worker/src/app.py":       python,
		"functions/said/function.yaml":      "runtime: python3.13\nhandler: lib/deep.run\n",
		"functions/said/lib/deep.py":        "run = print\n",
		"functions/orders/README.md":        "a group",
		"functions/orders/package.json":     "{}",
		"functions/orders/create/index.mjs": javascript,
		"functions/orders/cancel/index.mjs": javascript,
		"functions/orders/shared/sum.mjs":   "export const sum = 1;\n",
		"functions/orders/_lib/index.mjs":   javascript,
		"functions/orders/tests/index.mjs":  javascript,
		"functions/readme/README.md":        "later",
		"functions/library/util.py":         "def add(a, b):\n    return a + b\n",
		"functions/manifest/package.json":   "{}",
		"functions/_shared/index.mjs":       javascript,
		"functions/.hidden/index.mjs":       javascript,
		"functions/ignored/index.mjs":       javascript,
		"functions/node_modules/x/index.js": javascript,
		"functions/package.json":            "{}",
		"functions/link":                    "-> hello",
		"functions/debug.log":               "",
		"functions/.DS_Store":               "",
	})
	require.NoError(t, os.MkdirAll(filepath.Join(root, "functions/empty/inner"), 0o755))
	p, problems := scan(t, root)
	assert.Empty(t, texts(problems))
	assert.Equal(t, []string{"functions/orders/cancel", "functions/orders/create", "functions/hello", "functions/said", "functions/worker"}, dirs(p))
	assert.Equal(t, "orders", p.Functions[0].Group)
	assert.Equal(t, "", p.Functions[2].Group)
	got := reasons(p)
	for path, want := range map[string]string{
		"functions/orders/README.md":    "a file beside the functions' folders",
		"functions/orders/package.json": "a file beside the functions' folders",
		"functions/orders/_lib":         "its name begins with _",
		"functions/orders/tests":        "holds tests, by its name",
		"functions/_shared":             "its name begins with _",
		"functions/.hidden":             "its name begins with .",
		"functions/ignored":             "ignored by .gitignore:1 (/functions/ignored)",
		"functions/node_modules":        "a tool's folder: installed packages",
		"functions/package.json":        "a file beside the functions' folders",
		"functions/link":                "a link: links are not followed",
		"functions/debug.log":           "ignored by .gitignore:2 (*.log)",
		"functions/.DS_Store":           "left behind by the operating system or an editor",
		"functions/empty":               "an empty folder",
	} {
		assert.Equal(t, want, got[path], path)
		delete(got, path)
	}
	// The words for these are those of package detect.
	assert.ElementsMatch(t, []string{"functions/orders/shared", "functions/readme", "functions/library", "functions/manifest"}, slices.Collect(maps.Keys(got)))
	for path, reason := range got {
		assert.NotEmpty(t, reason, path)
	}
}

func TestEveryLegalNameWorksAndOthersNameTheRule(t *testing.T) {
	files := map[string]string{}
	legal := []string{"foo-bar", "foo_bar", "FooBar", "foobar", "FOO_BAR", "true", "0123", "1e3", "null", "-", strings.Repeat("x", 64)}
	for _, name := range legal {
		files["functions/"+name+"/index.mjs"] = javascript
	}
	p, problems := scan(t, project(t, files))
	assert.Empty(t, texts(problems))
	assert.Len(t, p.Functions, len(legal))

	files = map[string]string{}
	for _, name := range []string{"foo bar", "foo.bar", "füñ", strings.Repeat("x", 65)} {
		files["functions/"+name+"/index.mjs"] = javascript
	}
	_, problems = scan(t, project(t, files))
	const rule = " is no name for a function: Lambda takes 1 to 64 of a-z, A-Z, 0-9, - and _"
	assert.Equal(t, []string{
		`functions/foo bar: "foo bar"` + rule,
		`functions/foo.bar: "foo.bar"` + rule,
		`functions/füñ: "füñ"` + rule,
		"functions/" + strings.Repeat("x", 65) + `: "` + strings.Repeat("x", 65) + `"` + rule,
	}, ordered(texts(problems)))
}

func ordered(list []string) []string {
	slices.SortFunc(list, func(a, b string) int {
		return strings.Compare(strings.ReplaceAll(a, "ü", "v"), strings.ReplaceAll(b, "ü", "v"))
	})
	return list
}

func TestOneNameInTwoGroupsIsAnErrorAtBothPlaces(t *testing.T) {
	p, problems := scan(t, project(t, map[string]string{
		"functions/a/list/index.mjs": javascript,
		"functions/b/list/app.py":    python,
		"functions/list/app.py":      python,
		"functions/b/other/app.py":   python,
	}))
	require.Len(t, problems, 1)
	assert.Equal(t, "duplicate-name", problems[0].Rule)
	assert.Equal(t, "functions/a/list: 3 functions are called list", texts(problems)[0])
	assert.Equal(t, []diag.Note{
		{Place: diag.Place{File: "functions/b/list"}, Text: "the same name again"},
		{Place: diag.Place{File: "functions/list"}, Text: "the same name again"},
	}, problems[0].Notes)
	assert.Equal(t, []string{"functions/a/list", "functions/b/other"}, dirs(p))
}

func TestAFunctionThatLiesTooDeepIsAnError(t *testing.T) {
	_, problems := scan(t, project(t, map[string]string{
		"functions/a/index.mjs":                   javascript,
		"functions/a/inner/function.yaml":         "",
		"functions/a/_inner/function.yaml":        "",
		"functions/a/testdata/function.yaml":      "",
		"functions/group/b/index.mjs":             javascript,
		"functions/group/team/c/function.yaml":    "",
		"functions/group/team/c/index.mjs":        javascript,
		"functions/group/team2/looks/index.mjs":   javascript,
		"functions/group/b/node_modules/x/app.py": python,
	}))
	assert.Equal(t, []string{
		"functions/a/inner/function.yaml: functions/a/inner lies too deep to be a function",
		"functions/group/team/c/function.yaml: functions/group/team/c lies too deep to be a function",
	}, texts(problems))
}

func TestPatternsFindTheFoldersOfFunctions(t *testing.T) {
	files := map[string]string{
		ConfigFile:                                minimal + "functions: [\"services/*/functions\", services/shop/functions, \"{lib,tool}s/fn\"]\nexclude: [\"**/old-*\", draft, services/blog/functions/off]\n",
		"services/shop/functions/a/index.mjs":     javascript,
		"services/shop/functions/old-b/index.mjs": javascript,
		"services/shop/functions/draft/index.mjs": javascript,
		"services/blog/functions/c/index.mjs":     javascript,
		"services/blog/functions/off/index.mjs":   javascript,
		"services/blog/functions/g/d/index.mjs":   javascript,
		"services/blog/functions/g/old-d/app.py":  python,
		"services/blog/other/e/index.mjs":         javascript,
		"tools/fn/f/index.mjs":                    javascript,
		"functions/z/index.mjs":                   javascript,
	}
	p, problems := scan(t, project(t, files))
	assert.Empty(t, texts(problems))
	assert.Equal(t, []string{"services/shop/functions/a", "services/blog/functions/c", "services/blog/functions/g/d", "tools/fn/f"}, dirs(p))
	assert.Equal(t, map[string]string{
		"services/shop/functions/old-b":   "excluded by **/old-*",
		"services/shop/functions/draft":   "excluded by draft",
		"services/blog/functions/off":     "excluded by services/blog/functions/off",
		"services/blog/functions/g/old-d": "excluded by **/old-*",
	}, reasons(p))

	files[ConfigFile] = minimal + "functions: \"**/functions\"\n"
	files["services/.cache/functions/x/index.mjs"] = javascript
	files["services/shop/functions/a/functions/y/index.mjs"] = javascript
	p, problems = scan(t, project(t, files))
	assert.Empty(t, texts(problems))
	assert.NotContains(t, dirs(p), "services/.cache/functions/x")
	assert.NotContains(t, dirs(p), "services/shop/functions/a/functions/y", "what lies in a function belongs to it")
	assert.Contains(t, dirs(p), "services/shop/functions/a")
	assert.Contains(t, dirs(p), "functions/z")
}

func TestAPatternThatFindsNothingIsAnError(t *testing.T) {
	_, problems := scan(t, project(t, map[string]string{
		ConfigFile:   minimal + "functions: [functions, \"no*\", ../x, \"a[\", /abs]\nexclude: [\"{\"]\n",
		".gitignore": "/functions\n", "functions/a/index.mjs": javascript,
	}))
	assert.Equal(t, []string{
		"foldstack.yaml:5:13: functions: functions matches no folder that git would track: functions is ignored by .gitignore:1 (/functions)",
		"foldstack.yaml:5:24: functions: no* matches no folder that git would track",
		"foldstack.yaml:5:31: functions: ../x leads out of the project",
		"foldstack.yaml:5:37: functions: a[ is no pattern",
		"foldstack.yaml:5:43: functions: /abs leads out of the project",
		"foldstack.yaml:6:11: exclude: { is no pattern",
	}, texts(problems))
	for files, why := range map[string]string{"none": "there is no functions", "file": "functions is a file", "link": "functions is a link", "output": "functions is the output folder"} {
		root := project(t, map[string]map[string]string{
			"none":   {"x": ""},
			"file":   {"functions": ""},
			"link":   {"functions": "-> lambdas", "lambdas/a/index.mjs": javascript},
			"output": {ConfigFile: minimal + "output: functions\n", "functions/a/index.mjs": javascript},
		}[files])
		_, problems := scan(t, root)
		assert.Equal(t, []string{"foldstack.yaml:1:1: functions: functions matches no folder that git would track: " + why}, texts(problems))
	}
	_, problems = scan(t, project(t, map[string]string{"functions/README.md": ""}))
	assert.Equal(t, []string{"foldstack.yaml:1:1: there is no function in functions"}, texts(problems))
}

func TestAGroupOfExcludedFunctionsSaysSo(t *testing.T) {
	p, problems := scan(t, project(t, map[string]string{
		ConfigFile:                      minimal + "exclude: [\"*/old\", \"functions/legacy/**\"]\n",
		"functions/group/old/index.mjs": javascript,
		"functions/legacy/a/index.mjs":  javascript,
		"functions/a/index.mjs":         javascript,
	}))
	assert.Empty(t, texts(problems))
	assert.Equal(t, map[string]string{"functions/group/old": "excluded by */old", "functions/legacy": "excluded by functions/legacy/**"}, reasons(p))
}

func TestTheProjectsRootMayHoldTheFunctions(t *testing.T) {
	p, problems := scan(t, project(t, map[string]string{
		ConfigFile:          minimal + "functions: .\n",
		"hello/index.mjs":   javascript,
		"out/old/index.mjs": javascript,
		"group/a/index.mjs": javascript,
	}))
	assert.Empty(t, texts(problems))
	assert.Equal(t, []string{"group/a", "hello"}, dirs(p))
	assert.Equal(t, map[string]string{ConfigFile: "a file beside the functions' folders", "out": "the output folder"}, reasons(p))
}

func TestAHostThatIsNamedBringsItsImage(t *testing.T) {
	for said, want := range map[string]model.Build{
		"":                                 {Type: model.ArmHost, Image: "aws/codebuild/amazonlinux-aarch64-standard:3.0"},
		"build: {type: LINUX_CONTAINER}\n": {Type: model.X86Host, Image: "aws/codebuild/amazonlinux-x86_64-standard:5.0"},
		"build: {image: my/image:1}\n":     {Type: model.ArmHost, Image: "my/image:1"},
		"build: {type: LINUX_CONTAINER, image: i}": {Type: model.X86Host, Image: "i"},
	} {
		p, problems := scan(t, project(t, map[string]string{ConfigFile: minimal + said, "functions/a/index.mjs": javascript}))
		assert.Empty(t, texts(problems), said)
		assert.Equal(t, want, model.Build{Type: p.Build.Type, Image: p.Build.Image}, said)
	}
}

func TestAProjectInGovCloudBuildsAndRunsOnX86(t *testing.T) {
	p, problems := scan(t, project(t, map[string]string{
		ConfigFile:              strings.Replace(minimal, "eu-central-1", "us-gov-west-1", 1) + "source: {provider: s3}\n",
		"functions/a/index.mjs": javascript,
	}))
	assert.Empty(t, texts(problems))
	assert.Equal(t, model.X86Host, p.Build.Type)
	assert.Equal(t, "x86_64", p.Functions[0].Architecture.Value)
}

func TestWithoutAUsableProjectFileThereIsNoProject(t *testing.T) {
	for _, c := range []struct{ name, content, want, hint string }{
		{"", "", "foldstack.yaml: there is no foldstack.yaml here", "project: my-project"},
		{"foldstack.yml", minimal, "foldstack.yaml: there is no foldstack.yaml here", "rename foldstack.yml to foldstack.yaml"},
		{ConfigFile, "", "foldstack.yaml: foldstack.yaml is empty", "project: my-project"},
	} {
		root := t.TempDir()
		if c.name != "" {
			writeFile(t, root, c.name, c.content)
		}
		p, problems := scan(t, root)
		assert.Nil(t, p)
		require.Equal(t, []string{c.want}, texts(problems))
		assert.Contains(t, problems[0].Hint, c.hint)
	}
	root := t.TempDir()
	writeFile(t, root, ConfigFile, "a: [")
	p, problems := scan(t, root)
	assert.Nil(t, p)
	assert.NotEmpty(t, problems)
	require.NoError(t, os.Remove(filepath.Join(root, ConfigFile)))
	require.NoError(t, os.Mkdir(filepath.Join(root, ConfigFile), 0o755))
	p, problems = scan(t, root)
	assert.Nil(t, p)
	assert.Equal(t, []string{"foldstack.yaml: foldstack.yaml is a folder"}, texts(problems))
}

// The example that a newcomer is shown must be a project.
func TestTheExampleInTheHintIsAProject(t *testing.T) {
	_, rest, ok := strings.Cut(example, "begin with\n")
	require.True(t, ok)
	rest, _, ok = strings.Cut(rest, "\nand put")
	require.True(t, ok)
	_, problems := scan(t, project(t, map[string]string{
		ConfigFile:                 unindent(rest),
		"functions/NAME/index.mjs": javascript,
	}))
	assert.Empty(t, texts(problems))
}

func unindent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimPrefix(line, "    "))
	}
	return b.String()
}

func TestOptionsReplaceWhatTheFileSays(t *testing.T) {
	root := project(t, map[string]string{
		"conf/shop.yaml":          minimal + "functions: none\noutput: none\n",
		"functions/a/index.mjs":   javascript,
		"generated/x/index.mjs":   javascript,
		"functions/b/index.mjs":   javascript,
		"functions/gen/index.mjs": javascript,
	})
	var problems diag.Problems
	p, err := Scan(context.Background(), Options{
		Root: root, Config: filepath.Join(root, "conf", "shop.yaml"),
		Functions: []string{"functions"}, Output: "functions/gen", Problems: &problems,
	})
	require.NoError(t, err)
	assert.Empty(t, texts(problems.Sorted()))
	assert.Equal(t, "conf/shop.yaml", p.Place.File)
	assert.Equal(t, []string{"functions/a", "functions/b"}, dirs(p))
	assert.Equal(t, "functions/gen", p.Output)
}

func TestMisnamedAndUnusableFilesAreReported(t *testing.T) {
	root := project(t, map[string]string{
		".gitignore":                         "functions/d/function.yaml\n",
		"functions/a/index.mjs":              javascript,
		"functions/a/function.yml":           "memory: 1024\n",
		"functions/b/index.mjs":              javascript,
		"functions/b/resources.yml":          "",
		"functions/b/function.yaml/x":        "",
		"functions/c/index.mjs":              javascript,
		"functions/c/function.yaml":          "-> ../shared.yaml",
		"functions/shared.yaml":              "memory: 1024\n",
		"functions/d/index.mjs":              javascript,
		"functions/d/function.yaml":          "memory: 1024\n",
		"functions/e/function.yml":           "runtime: python3.13\n",
		"functions/e/lib/not-found-alone.py": "x = 1\n",
	})
	_, problems := scan(t, root)
	got := texts(problems)
	for _, want := range []string{
		"functions/a/function.yml: foldstack does not read function.yml",
		"functions/b/resources.yml: foldstack does not read resources.yml",
		"functions/b/function.yaml: function.yaml is a folder",
		"functions/c/function.yaml: function.yaml is a link, and links are not followed",
		"functions/d/function.yaml: function.yaml is ignored by .gitignore:1 (functions/d/function.yaml)",
		"functions/e/function.yml: foldstack does not read function.yml",
	} {
		assert.Contains(t, got, want)
	}
}

func TestStacksAreReadFromTheProject(t *testing.T) {
	template := "Resources:\n  T:\n    Type: AWS::SQS::Queue\n"
	p, problems := scan(t, project(t, map[string]string{
		ConfigFile:              minimal + "stacks:\n  tables: stacks/./tables.yaml\n  none: none.yaml\n  away: ../away.yaml\n",
		"stacks/tables.yaml":    template,
		"functions/a/index.mjs": javascript,
	}))
	assert.Equal(t, []string{
		"foldstack.yaml:7:9: the template none.yaml of the stack none does not exist",
		"foldstack.yaml:8:9: the template ../away.yaml of the stack away lies outside of the project",
	}, texts(problems))
	byName := map[string]model.Stack{}
	for _, s := range p.Stacks {
		byName[s.Name] = s
	}
	assert.Equal(t, "stacks/tables.yaml", byName["tables"].File)
	assert.Equal(t, template, string(byName["tables"].Data))
	assert.NotNil(t, byName["tables"].Template.Get("Resources"))
}

func TestProblemsCanShowTheirLines(t *testing.T) {
	var problems diag.Problems
	var sources diag.Sources
	root := project(t, map[string]string{
		"functions/a/index.mjs":     javascript,
		"functions/a/function.yaml": "memroy: 1\n",
		"functions/b/one.mjs":       javascript,
		"functions/b/two.mjs":       javascript,
	})
	_, err := Scan(context.Background(), Options{Root: root, Problems: &problems, Sources: &sources})
	require.NoError(t, err)
	found := 0
	for _, p := range problems.Sorted() {
		places := []diag.Place{p.Place}
		for _, n := range p.Notes {
			places = append(places, n.Place)
		}
		for _, place := range places {
			if place.Line > 0 {
				_, ok := sources.Line(place.File, place.Line)
				assert.True(t, ok, place.String())
				found++
			}
		}
	}
	assert.GreaterOrEqual(t, found, 3, "the misspelt key and both handlers: %v", texts(problems.Sorted()))
}

func TestACancelledScanIsAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	root := project(t, map[string]string{"functions/a/index.mjs": javascript})
	_, err := Scan(ctx, Options{Root: root, Problems: &diag.Problems{}})
	assert.ErrorIs(t, err, context.Canceled)
}

func TestAScanWithoutACollectorIsOurBug(t *testing.T) {
	_, err := Scan(context.Background(), Options{Root: t.TempDir()})
	assert.ErrorAs(t, err, &diag.Bug{})
}

// shop is a project with a bit of everything, for the tests that compare scans.
func shop() map[string]string {
	return map[string]string{
		ConfigFile:                        minimal,
		"go.mod":                          "module example.com/shop\n",
		"go.sum":                          "",
		"internal/money/money.go":         "package money\n",
		"package-lock.json":               "{}",
		"functions/orders/a/index.mjs":    javascript,
		"functions/orders/a/link":         "-> ../shared.txt",
		"functions/orders/shared.txt":     "text",
		"functions/orders/b/app.py":       python,
		"functions/orders/b/run.sh":       "#!/bin/sh\n",
		"functions/orders/c/main.go":      strings.Replace(golangMain, "import ", "import _ \"example.com/shop/internal/money\"\nimport ", 1),
		"functions/orders/d/Dockerfile":   "FROM public.ecr.aws/lambda/python:3.13\nCOPY . .\nCMD [\"app.handler\"]\n",
		"functions/orders/d/app.py":       python,
		"functions/orders/README.md":      "",
		"functions/bad name/index.mjs":    javascript,
		"functions/library/x.py":          "x = 1\n",
		"functions/two/index.mjs":         javascript,
		"functions/two/app.py":            python,
		"functions/wrong/function.yaml":   "memory: many\ncolour: red\n",
		"functions/wrong/index.mjs":       javascript,
		"functions/include/app.py":        python,
		"functions/include/function.yaml": "include: [\"schemas/**/*.json\"]\n",
		"schemas/a/b.json":                "{}",
	}
}

func TestEqualTreesGiveEqualProjects(t *testing.T) {
	want, wantProblems := scan(t, project(t, shop()))
	require.NotEmpty(t, wantProblems)
	for _, threads := range []int{1, 2, 7} {
		before := runtime.GOMAXPROCS(threads)
		for range 3 {
			got, problems := scan(t, project(t, shop())) // in another folder, made in another order
			assert.Equal(t, want, got)
			assert.Equal(t, wantProblems, problems)
		}
		runtime.GOMAXPROCS(before)
	}
}

func TestAScanDependsOnNoWorkingFolder(t *testing.T) {
	root := project(t, shop())
	want, _ := scan(t, root)
	t.Chdir(root)
	got, _ := scan(t, ".")
	assert.Equal(t, want, got)
	t.Chdir(filepath.Join(root, "functions"))
	var problems diag.Problems
	got, err := Scan(context.Background(), Options{Config: filepath.Join("..", ConfigFile), Problems: &problems})
	require.NoError(t, err)
	assert.Equal(t, want, got)
}
