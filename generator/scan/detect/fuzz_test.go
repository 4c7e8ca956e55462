package detect_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/scan/detect"
)

// fuzzFile fuzzes what one file of a folder holds; beside are the files that the
// language needs to be looked at. The seeds are the files of testdata with one of
// the extensions.
func fuzzFile(f *testing.F, name string, beside []detect.File, extensions ...string) {
	archives, err := filepath.Glob("testdata/*.txtar")
	require.NoError(f, err)
	for _, path := range archives {
		archive, err := txtar.ParseFile(path)
		require.NoError(f, err)
		for _, file := range archive.Files {
			if slices.ContainsFunc(extensions, func(e string) bool { return strings.HasSuffix(file.Name, e) }) {
				f.Add(file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkFolder(t, append([]detect.File{{Path: name, Data: data, Executable: true}}, beside...))
	})
}

// checkFolder holds what is true of every folder.
func checkFolder(t *testing.T, files []detect.File) {
	slices.SortFunc(files, func(a, b detect.File) int { return strings.Compare(a.Path, b.Path) })
	folder := detect.Folder{Dir: dir, Files: files}
	var problems, again diag.Problems
	code := detect.Look(folder, detect.Said{})
	result := detect.Function(folder, detect.Said{}, &problems)

	require.Equal(t, code, detect.Look(folder, detect.Said{}))
	require.Equal(t, result, detect.Function(folder, detect.Said{}, &again))
	require.Equal(t, problems.Sorted(), again.Sorted())

	switch {
	case !code.Found:
		require.NotEmpty(t, code.Reason)
		require.False(t, problems.Empty(), "not found, yet Function had nothing to say")
	case result.Package == model.Image:
		require.NotEmpty(t, result.Dockerfile)
	case problems.Empty():
		require.NotEmpty(t, result.Runtime.Value)
		require.NotEmpty(t, result.Handler.Value)
		require.NotEmpty(t, result.Entry)
		require.NotEmpty(t, result.Handler.Evidence)
		require.False(t, strings.ContainsAny(result.Handler.Value, " \n\t"))
	}
	for _, p := range problems.Sorted() {
		require.NotEmpty(t, p.Rule)
		require.NotEmpty(t, p.Text)
		require.NotEmpty(t, p.Hint)
		require.True(t, strings.HasPrefix(p.Place.File, dir))
	}
}

func FuzzNode(f *testing.F) { fuzzFile(f, "index.js", nil, ".js", ".mjs", ".cjs") }

func FuzzTypeScript(f *testing.F) {
	fuzzFile(f, "src/index.ts", []detect.File{{Path: "src/other.ts", Data: []byte("export const x = 1")}}, ".ts")
}

func FuzzPackageJSON(f *testing.F) {
	f.Add([]byte(`{"main": "../x", "engines": {"node": ">=20 <23 || 18 - 22"}, "volta": {"node": "22.1.0"}}`))
	fuzzFile(f, "package.json", []detect.File{{Path: "index.js", Data: []byte("exports.handler = x")}}, "package.json")
}

func FuzzPython(f *testing.F) { fuzzFile(f, "app.py", nil, ".py") }

func FuzzPyproject(f *testing.F) {
	fuzzFile(f, "pyproject.toml", []detect.File{{Path: "app.py", Data: []byte("def handler(event, context): pass")}}, ".toml", "Pipfile")
}

func FuzzGo(f *testing.F) {
	fuzzFile(f, "main.go", []detect.File{{Path: "go.mod", Data: []byte("module x")}}, ".go")
}

func FuzzJava(f *testing.F) {
	fuzzFile(f, "src/main/java/a/A.java", []detect.File{{Path: "pom.xml", Data: []byte("<release>21</release>")}}, ".java")
}

func FuzzKotlin(f *testing.F) { fuzzFile(f, "src/main/kotlin/A.kt", nil, ".kt") }

func FuzzDotnet(f *testing.F) {
	fuzzFile(f, "Function.cs", []detect.File{{Path: "A.csproj", Data: []byte("<TargetFramework>net10.0</TargetFramework>")}}, ".cs")
}

func FuzzFSharp(f *testing.F) {
	fuzzFile(f, "Function.fs", []detect.File{{Path: "A.fsproj", Data: []byte("<TargetFramework>net10.0</TargetFramework>")}}, ".fs")
}

func FuzzProject(f *testing.F) {
	fuzzFile(f, "A.csproj", []detect.File{{Path: "F.cs", Data: []byte("public class A { public int B(int c, ILambdaContext d) => c; }")}}, ".csproj")
}

func FuzzRuby(f *testing.F) { fuzzFile(f, "app.rb", nil, ".rb") }

func FuzzRust(f *testing.F) {
	fuzzFile(f, "Cargo.toml", []detect.File{{Path: "src/main.rs", Data: []byte("fn main() {}")}}, "Cargo.toml")
}

func FuzzDockerfile(f *testing.F) {
	fuzzFile(f, "Dockerfile", []detect.File{{Path: "app.py", Data: []byte("def handler(event, context): pass")}}, "Dockerfile")
}

func FuzzBootstrap(f *testing.F) { fuzzFile(f, "bootstrap", nil, "bootstrap") }

// FuzzPaths fuzzes where files lie and what the handler says.
func FuzzPaths(f *testing.F) {
	f.Add("src/index.js", "src/index.handler", "nodejs24.x")
	f.Add("a b/..//__init__.py", "a.b/c.d", "python3.14")
	f.Add("src/bin/x.rs", "..", "provided")
	f.Add("app/src/main/kotlin/A.kt", "a::b", "java25")
	f.Fuzz(func(t *testing.T, path, handler, runtime string) {
		files := []detect.File{
			{Path: path, Data: []byte("exports.handler = x\ndef handler(event, context):\n  pass\n")},
			{Path: "settings.gradle"},
		}
		checkFolder(t, files)
		for _, said := range []detect.Said{{Handler: handler}, {Runtime: runtime}, {Handler: handler, Runtime: runtime}, {Dockerfile: path}} {
			var problems diag.Problems
			said.Place = diag.Place{File: dir + "/function.yaml"}
			r := detect.Function(detect.Folder{Dir: dir, Files: files}, said, &problems)
			if said.Handler != "" {
				assert.Equal(t, said.Handler, r.Handler.Value, "what was said is taken")
			}
			if said.Runtime != "" {
				assert.Equal(t, said.Runtime, r.Runtime.Value, "what was said is taken")
			}
		}
	})
}

// TestHostileSourceIsReadInLinearTime repeats what makes a reader look ahead.
func TestHostileSourceIsReadInLinearTime(t *testing.T) {
	pieces := map[string][]string{
		"index.js": {
			"(", "{", "`${", "export {", "export const a: ", "let a ", "function a ", "async function ", "exports.a = (",
			"exports.a = function ", "import {", "/", "/*", "<", "module.exports = {", "export default (", "const {",
		},
		"app.py":      {"(", "def a(", "def a\n", "'''", "\\", "def handler(a,", "from a import b\n", "handler = (\n", "#", "def a[\n"},
		"main.go":     {"package main\nimport (", "import a ", "import lambda.", "`", "/*", "package main;"},
		"A.java":      {"class A ", "class A<", "handleRequest(", "class A { handleRequest(", "package a.", "abstract "},
		"A.kt":        {"class A : ", "class A(", "/*", "object "},
		"F.cs":        {"Lambda public class A { a(", "public a() ", "class A { [a] ", "[Lambda(", "namespace a", "@\"", "#", "$\"\"\""},
		"F.fs":        {"type ", "member a ILambdaContext\n", "//"},
		"app.rb":      {"def a(\n", "class A\n", "module A; class B\n", "<<~A", "def self.a(context", "=begin\n"},
		"Cargo.toml":  {"[", "lambda_runtime", "[dependencies]\na=", "\""},
		"Dockerfile":  {"FROM a AS a\n", "FROM ${a}\n", "RUN \\\n", "ARG a=${a}\n", "RUN <<A\n", "#"},
		"pom.xml":     {"<release>", "<target>1"},
		".nvmrc":      {">", "1.", "1 - ", "||"},
		"A.csproj":    {"<TargetFramework>", ";net8.0"},
		"bootstrap":   {"#!"},
		"x/package.x": {"x"},
	}
	beside := []detect.File{
		{Path: "A.csproj"},
		{Path: "index.js", Data: []byte("exports.handler = x")},
		{Path: "src/main/java/A.java", Data: []byte("class A implements RequestHandler {}")},
	}
	for name, list := range pieces {
		for _, piece := range list {
			requireLinear(t, func(size int) {
				data := []byte(strings.Repeat(piece, size/len(piece)))
				if name == "app.rb" {
					data = append(data, "context"...)
				}
				files := append([]detect.File{{Path: name, Data: data}}, beside...)
				slices.SortStableFunc(files, func(a, b detect.File) int { return strings.Compare(a.Path, b.Path) })
				files = slices.CompactFunc(files, func(a, b detect.File) bool { return a.Path == b.Path })
				detect.Look(detect.Folder{Dir: dir, Files: files}, detect.Said{Runtime: ""})
				var problems diag.Problems
				detect.Function(detect.Folder{Dir: dir, Files: files}, detect.Said{}, &problems)
			}, "%s: %q", name, piece)
		}
	}
}

// requireLinear compares how long eight times the input takes with how long the input
// does, on whatever machine: three times more than linear is allowed for noise, and
// what is quadratic takes eight times more. The best of a few runs counts.
func requireLinear(t *testing.T, run func(size int), format string, args ...any) {
	t.Helper()
	const size, noise = 1 << 16, 200 * time.Millisecond
	timed := func(size int) time.Duration {
		begin := time.Now()
		run(size)
		return time.Since(begin)
	}
	most := 24*min(timed(size), timed(size)) + noise
	best := timed(8 * size)
	for again := 0; again < 2 && best > most; again++ {
		best = min(best, timed(8*size))
	}
	require.LessOrEqual(t, best, most, append([]any{format}, args...)...)
}
