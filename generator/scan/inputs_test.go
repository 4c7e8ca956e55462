package scan

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// A digestCase is a project in which the function f is looked at. Every file is one
// of three: it moves the digest of f ("covered"), it does not ("free"), or it is
// foldstack.yaml.
type digestCase struct {
	name    string
	covered map[string]string
	free    map[string]string
}

func (c digestCase) files() map[string]string {
	files := maps.Clone(c.covered)
	maps.Copy(files, c.free)
	return files
}

var digestCases = []digestCase{
	{
		name: "a folder",
		covered: map[string]string{
			"functions/f/index.mjs":           javascript,
			"functions/f/lib/deep/util.mjs":   "export const x = 1;\n",
			"functions/f/test/x.test.mjs":     "",
			"functions/f/README.md":           "",
			"functions/f/data.json":           "{}",
			"functions/f/.npmrc":              "",
			"functions/f/.config/settings":    "",
			"functions/f/.gitignore":          "*.log\ndist/\n!keep.log\n",
			"functions/f/keep.log":            "",
			"functions/f/src/a/function.yaml": "data\n",
		},
		free: map[string]string{
			"functions/f/function.yaml":     "memory: 512\n",
			"functions/f/resources.yaml":    "Resources: {}\n",
			"functions/f/debug.log":         "",
			"functions/f/dist/index.js":     "",
			"functions/f/node_modules/x.js": "",
			"functions/f/.DS_Store":         "",
			"functions/g/index.mjs":         javascript,
			"functions/README.md":           "",
			"README.md":                     "",
			"go.mod":                        "module example.com/m\n",
			"requirements.txt":              "",
			"out/functions/f.yaml":          "",
		},
	},
	{
		name: "included files",
		covered: map[string]string{
			"functions/f/index.mjs":      javascript,
			"schemas/orders/a.json":      "{}",
			"schemas/orders/deep/b.json": "{}",
			"shared/lib/a.mjs":           "",
			"shared/lib/b/c.txt":         "",
			"one.txt":                    "",
		},
		free: map[string]string{
			"functions/f/function.yaml": "include: [\"schemas/**/*.json\", ./shared/lib, one.txt, \"functions/f/*\"]\n",
			".gitignore":                "secret.json\n",
			"schemas/orders/a.yaml":     "",
			"schemas/secret.json":       "{}",
			"shared/a.mjs":              "",
			"two.txt":                   "",
		},
	},
	{
		name: "a lock file above a Node function",
		covered: map[string]string{
			"functions/f/index.mjs": javascript,
			"pnpm-lock.yaml":        "",
			"pnpm-workspace.yaml":   "",
			"package.json":          "{}",
			".npmrc":                "",
		},
		free: map[string]string{"uv.lock": "", "Gemfile.lock": "", "tsconfig.json": "{}", "functions/g/package-lock.json": "{}"},
	},
	{
		name: "the nearest lock file above a Node function",
		covered: map[string]string{
			"functions/f/index.mjs":       javascript,
			"functions/package-lock.json": "{}",
			"functions/package.json":      "{}",
		},
		free: map[string]string{"package-lock.json": "{}", "package.json": "{}", ".npmrc": ""},
	},
	{
		name: "a Node function with a lock file of its own",
		covered: map[string]string{
			"functions/f/index.mjs":         javascript,
			"functions/f/package.json":      `{"dependencies": {"shared": "file:../../packages/shared", "x": "1.0.0"}}`,
			"functions/f/package-lock.json": "{}",
			"packages/shared/index.js":      "",
			"packages/shared/lib/x.js":      "",
		},
		free: map[string]string{"package-lock.json": "{}", "package.json": "{}", "packages/other/index.js": ""},
	},
	{
		name: "a Node function that imports what lies beside it",
		covered: map[string]string{
			"functions/f/src/index.ts": "import { q } from '../../shared/db.js';\nimport \"./own\";\nconst t = require(\"../../texts\");\nexport const handler = async () => (await import('../../late')).x;\n",
			"functions/f/src/own.ts":   "",
			"functions/shared/db.ts":   "export * from './pool';\n",
			"functions/shared/pool.ts": "",
			"functions/texts/index.js": "",
			"functions/texts/de.json":  "{}",
			"functions/late.mjs":       "",
		},
		free: map[string]string{"functions/shared/mail.ts": "import './pool';\n", "functions/f/function.yaml": "", "functions/shared/db.rb": ""},
	},
	{
		name: "a Ruby function that requires what lies beside it",
		covered: map[string]string{
			"functions/f/app.rb":     "require_relative '../shared/db'\nrequire 'json'\ndef lambda_handler(event:, context:)\nend\n",
			"functions/shared/db.rb": "",
		},
		free: map[string]string{"functions/shared/mail.rb": ""},
	},
	{
		name: "a Node function in a workspace of npm",
		covered: map[string]string{
			"functions/f/index.mjs":        javascript,
			"functions/f/package.json":     `{"name": "f", "dependencies": {"@acme/shared": "*"}, "devDependencies": {"@acme/types": "*", "x": "1.0.0"}}`,
			"packages/shared/package.json": `{"name": "@acme/shared", "dependencies": {"log": "*"}}`,
			"packages/shared/index.js":     "",
			"packages/log/package.json":    `{"name": "log"}`,
			"packages/log/lib/index.js":    "",
			"types/package.json":           `{"name": "@acme/types"}`,
			"types/index.d.ts":             "",
			"package.json":                 `{"workspaces": ["functions/*", "packages/*", "./types/", "../outside", "[", "!packages/old"]}`,
			"package-lock.json":            "{}",
		},
		free: map[string]string{"packages/other/package.json": `{"name": "other"}`, "functions/g/package.json": `{"name": "g", "dependencies": {"f": "*"}}`, "packages/broken/package.json": "{"},
	},
	{
		name: "a Node function in a workspace of pnpm, with the root's manifest",
		covered: map[string]string{
			"functions/f/index.mjs":           javascript,
			"package.json":                    `{"dependencies": {"shared": "workspace:*"}, "workspaces": {"nohoist": []}}`,
			"pnpm-lock.yaml":                  "",
			"pnpm-workspace.yaml":             "packages:\n  - libraries/**\n",
			"libraries/a/shared/package.json": `{"name": "shared"}`,
			"libraries/a/shared/index.js":     "",
		},
		free: map[string]string{"libraries/b/package.json": `{"name": "b"}`},
	},
	{
		name: "a TypeScript function",
		covered: map[string]string{
			"functions/f/src/index.ts":    "export const handler = async () => 1;\n",
			"functions/f/tsconfig.json":   `{"extends": "../../config/tsconfig.node", "references": [{"path": "../../packages/types"}]}`,
			"config/tsconfig.node.json":   `{"extends": ["./tsconfig.strict.json", "../base/tsconfig.json", "@acme/base"]}`,
			"base/tsconfig.json":          "{}",
			"config/tsconfig.strict.json": `{"compilerOptions": {"paths": {"@shared/*": ["../shared/*"]}}}`,
			"shared/x/y.ts":               "",
			"packages/types/index.ts":     "",
			"yarn.lock":                   "",
			"package.json":                "{}",
		},
		free: map[string]string{"tsconfig.json": "{}", "config/tsconfig.web.json": "{}"},
	},
	{
		name: "a TypeScript function without a configuration of its own",
		covered: map[string]string{
			"functions/f/index.ts": "export const handler = async () => 1;\n",
			"tsconfig.json":        `{"extends": "./tsconfig.base.json"}`,
			"tsconfig.base.json":   "{}",
		},
		free: map[string]string{"jsconfig.json": "{}"},
	},
	{
		name: "a Python function",
		covered: map[string]string{
			"functions/f/app.py":           python,
			"functions/f/requirements.txt": "-r ../../base/requirements.txt\n--constraint=../../constraints.txt\n-e ../../libs/money # ours\n../../libs/tax[extra]\nboto3==1.0\n",
			"base/requirements.txt":        "-r deeper.txt\n",
			"base/deeper.txt":              "",
			"constraints.txt":              "",
			"libs/money/money/__init__.py": "",
			"libs/tax/tax.py":              "",
		},
		free: map[string]string{"requirements.txt": "", "uv.lock": "", "libs/other/x.py": "", "package-lock.json": "{}"},
	},
	{
		name: "a Python function in a workspace",
		covered: map[string]string{
			"functions/f/app.py":         python,
			"functions/f/pyproject.toml": "[tool.uv.sources]\nmoney = { path = \"../../libs/money\", editable = true }\n# x = { path = \"../../libs/other\" }\n",
			"uv.lock":                    "",
			"pyproject.toml":             "",
			"libs/money/money.py":        "",
		},
		free: map[string]string{"libs/other/x.py": ""},
	},
	{
		name: "a Go function",
		covered: map[string]string{
			"go.mod":                    "module example.com/m\n\nreplace (\n\texample.com/lib => ./libs/lib // local\n\texample.com/far v1.0.0 => example.com/near v1.1.0\n)\n",
			"go.sum":                    "",
			"functions/f/main.go":       strings.Replace(golangMain, "import ", "import (\n\t_ \"example.com/m/internal/a\"\n\t_ \"example.com/lib/sub\"\n)\nimport ", 1),
			"functions/f/main_test.go":  "package main\n\nimport _ \"example.com/m/internal/onlytests\"\n",
			"internal/a/a.go":           "package a\n\nimport (\n\t\"embed\"\n\tb \"example.com/m/internal/b\"\n)\n\n//go:embed assets/*.txt \"with space.txt\" all:tree `raw`\nvar files embed.FS\n",
			"internal/a/a_windows.go":   "//go:build windows\n\npackage a\n\nimport _ \"example.com/m/internal/windows\"\n",
			"internal/a/fast.s":         "",
			"internal/a/assets/one.txt": "",
			"internal/a/with space.txt": "",
			"internal/a/tree/deep/x":    "",
			"internal/a/tree/.hidden":   "",
			"internal/a/raw":            "",
			"internal/b/b.go":           "package b\n\nimport _ \"example.com/m/internal/a\"\n", // a cycle ends
			"internal/windows/w.go":     "package windows\n",
			"libs/lib/go.mod":           "module example.com/lib\n\nreplace example.com/x => ../x\n",
			"libs/lib/sub/sub.go":       "package sub\n\nimport _ \"example.com/lib\"\n",
			"libs/lib/lib.go":           "package lib\n\nthis does not parse",
		},
		free: map[string]string{
			"internal/a/a_test.go":       "package a\n",
			"internal/a/assets/two.json": "",
			"internal/a/notes.md":        "",
			"internal/a/sub/sub.go":      "package sub\n",
			"internal/c/c.go":            "package c\n",
			"internal/onlytests/t.go":    "package onlytests\n",
			"libs/lib/other/other.go":    "package other\n",
			"libs/lib/go.sum":            "",
			"libs/x/go.mod":              "module example.com/x\n",
			"main.go":                    "package m\n",
			"functions/g/main.go":        golangMain,
			"package-lock.json":          "{}",
		},
	},
	{
		name: "a Go function with a module of its own in a workspace",
		covered: map[string]string{
			"go.work":             "go 1.26\n\nuse (\n\t./functions/f\n\t\"./libs/money\"\n)\nreplace example.com/tax v1.2.3 => ./libs/tax\n",
			"go.work.sum":         "",
			"functions/f/go.mod":  "module f\n",
			"functions/f/go.sum":  "",
			"functions/f/main.go": strings.Replace(golangMain, "import ", "import _ \"example.com/money\"\nimport _ \"example.com/tax\"\nimport ", 1),
			"libs/money/go.mod":   "module example.com/money\n",
			"libs/money/go.sum":   "",
			"libs/money/m.go":     "package money\n",
			"libs/tax/go.mod":     "module example.com/tax\n",
			"libs/tax/t.go":       "package tax\n",
		},
		free: map[string]string{"go.mod": "module root\n", "libs/money/sub/x.go": "package sub\n", "libs/other/go.mod": "module other\n"},
	},
	{
		name: "a Go function with vendored modules",
		covered: map[string]string{
			"go.mod":                       "module example.com/m\n",
			"functions/f/main.go":          golangMain,
			"vendor/modules.txt":           "",
			"vendor/example.com/x/x.go":    "package x\n",
			"vendor/example.com/x/LICENSE": "",
		},
		free: map[string]string{"internal/x.go": "package internal\n"},
	},
	{
		name: "an image",
		covered: map[string]string{
			"functions/f/Dockerfile":    "FROM public.ecr.aws/lambda/python:3.13\nCOPY . .\nCMD [\"app.handler\"]\n",
			"functions/f/.dockerignore": "tests\n",
			"functions/f/app.py":        python,
			"functions/f/tests/x.py":    "",
		},
		free: map[string]string{"requirements.txt": "", "go.mod": "module m\n", "Dockerfile": ""},
	},
	{
		name: "a Ruby function",
		covered: map[string]string{
			"functions/f/app.rb":  "def handler(event:, context:)\n  1\nend\n",
			"Gemfile":             "gem 'money', path: 'gems/money'\n# gem 'x', path: 'gems/other'\n",
			"Gemfile.lock":        "",
			"gems/money/money.rb": "",
		},
		free: map[string]string{"gems/other/x.rb": "", "yarn.lock": ""},
	},
	{
		name: "a Rust function",
		covered: map[string]string{
			"functions/f/Cargo.toml":  "[package]\nname = \"f\"\n[dependencies]\nlambda_runtime = \"1\"\nmoney = { path = \"../../crates/money\" }\n",
			"functions/f/src/main.rs": "use lambda_runtime::{service_fn, Error};\n#[tokio::main]\nasync fn main() -> Result<(), Error> {\n    lambda_runtime::run(service_fn(handler)).await\n}\n",
			"crates/money/Cargo.toml": "[package]\nname = \"money\"\n[dependencies]\ntax = { path = \"../tax\" }\n",
			"crates/money/src/lib.rs": "",
			"crates/tax/src/lib.rs":   "",
			"Cargo.toml":              "[workspace]\nmembers = [\"functions/*\"]\n",
			"Cargo.lock":              "",
			"rust-toolchain.toml":     "",
			".cargo/config.toml":      "",
		},
		free: map[string]string{"crates/other/src/lib.rs": "", "functions/f/target/debug/f": "", "go.mod": "module m\n"},
	},
	{
		name: "a .NET function",
		covered: map[string]string{
			"functions/f/F.csproj":     "<Project>\n  <ItemGroup>\n    <ProjectReference Include=\"..\\..\\libs\\Money\\Money.csproj\" />\n    <Compile Include=\"..\\..\\common\\**\\*.cs\" />\n  </ItemGroup>\n</Project>\n",
			"functions/f/Function.cs":  "using Amazon.Lambda.Core;\nnamespace F;\npublic class Function { public string FunctionHandler(string input, ILambdaContext context) => input; }\n",
			"libs/Money/Money.csproj":  "<Project><ItemGroup><ProjectReference Include=\"../Tax/Tax.csproj\" /></ItemGroup></Project>\n",
			"libs/Money/Money.cs":      "",
			"libs/Tax/Tax.csproj":      "<Project/>\n",
			"libs/Tax/Tax.cs":          "",
			"common/deep/Common.cs":    "",
			"Directory.Build.props":    "<Project><Import Project=\"$(MSBuildThisFileDirectory)eng/versions.props\" /></Project>\n",
			"eng/versions.props":       "<Project/>",
			"Directory.Packages.props": "<Project/>",
			"global.json":              "{}",
			"nuget.config":             "",
		},
		free: map[string]string{"libs/Other/Other.cs": "", "libs/Money/bin/Debug/Money.dll": "", "functions/f/obj/project.assets.json": "{}"},
	},
	{
		name: "a Java function",
		covered: map[string]string{
			"functions/f/pom.xml":                     "<project><parent><relativePath>../../parent/pom.xml</relativePath></parent></project>",
			"functions/f/src/main/java/shop/App.java": "package shop;\nimport com.amazonaws.services.lambda.runtime.RequestHandler;\npublic class App implements RequestHandler<String, String> { public String handleRequest(String in, com.amazonaws.services.lambda.runtime.Context c) { return in; } }\n",
			"parent/pom.xml":                          "<project/>",
			"pom.xml":                                 "<project/>",
			".mvn/maven.config":                       "",
		},
		free: map[string]string{"functions/f/target/f.jar": "", "settings.gradle": "", "build.gradle": ""},
	},
	{
		name: "what links point at",
		covered: map[string]string{
			"functions/f/index.mjs": javascript,
			"functions/f/one.mjs":   "-> ../../shared/one.mjs",
			"functions/f/lib":       "-> ../../shared/lib",
			"functions/f/own":       "-> index.mjs",
			"functions/f/dangling":  "-> none",
			"functions/f/loop":      "-> loop",
			"functions/f/around":    "-> ../../functions",
			"functions/f/here":      "-> .",
			"functions/f/through":   "-> ../../shared/alias/x.mjs",
			"shared/one.mjs":        "-> two.mjs",
			"shared/two.mjs":        "",
			"shared/lib/a/b.mjs":    "",
			"shared/alias":          "-> real",
			"shared/real/x.mjs":     "",
		},
		free: map[string]string{"shared/three.mjs": "", "functions/g/index.mjs": javascript},
	},
}

func digestOf(t *testing.T, root string) model.Function {
	p, problems := scan(t, root)
	require.Empty(t, texts(problems))
	i := slices.IndexFunc(p.Functions, func(fn model.Function) bool { return fn.Name == "f" })
	require.GreaterOrEqual(t, i, 0, "no function f: %v", reasons(p))
	require.Len(t, p.Functions[i].Digest, 64)
	return p.Functions[i]
}

func TestADigestMovesWithEveryFileThatItCoversAndWithNoOther(t *testing.T) {
	for _, c := range digestCases {
		t.Run(c.name, func(t *testing.T) {
			root := project(t, c.files())
			before := digestOf(t, root)
			var inputs []string
			for _, in := range before.Inputs {
				inputs = append(inputs, in.Path)
			}
			assert.True(t, slices.IsSorted(inputs), inputs)
			for path, content := range c.files() {
				_, covered := c.covered[path]
				vendored := strings.HasPrefix(path, "vendor/") && path != "vendor/modules.txt"
				assert.Equal(t, covered && !vendored, slices.Contains(inputs, path), "is %s an input?", path)

				change(t, root, path, content)
				after := digestOf(t, root)
				assert.Equal(t, covered, before.Digest != after.Digest, "does %s move the digest?", path)
				writeFile(t, root, path, content)
			}
			assert.Equal(t, before, digestOf(t, root), "all changes were taken back")
		})
	}
}

// change changes a file in a way that its readers do not mind.
func change(t *testing.T, root, path, content string) {
	switch ext := filepath.Ext(path); {
	case strings.HasPrefix(content, "-> "):
		content += "/."
	case filepath.Base(path) == "function.yaml" && strings.HasPrefix(content, "memory"):
		content = "memory: 640\n"
	case strings.HasPrefix(filepath.Base(path), ".gitignore"), ext == ".yaml", ext == ".py", ext == ".rb", ext == ".toml", ext == ".txt":
		content += "\n# changed\n"
	case ext == ".csproj", ext == ".props", ext == ".xml":
		content += "<!-- changed -->"
	case ext == ".json":
		content += "\n"
	default:
		content += "\n// changed\n"
	}
	writeFile(t, root, path, content)
}

func TestTheExecutableBitMovesADigest(t *testing.T) {
	root := project(t, map[string]string{"functions/f/index.mjs": javascript, "functions/f/run.sh": "echo"})
	before := digestOf(t, root)
	require.NoError(t, os.Chmod(filepath.Join(root, "functions/f/run.sh"), 0o640))
	assert.Equal(t, before.Digest, digestOf(t, root).Digest, "other bits do not count")
	require.NoError(t, os.Chmod(filepath.Join(root, "functions/f/run.sh"), 0o755))
	assert.NotEqual(t, before.Digest, digestOf(t, root).Digest)
}

func TestWhatIsSaidOfABuildMovesADigestAndWhatIsSaidOfAFunctionDoesNot(t *testing.T) {
	digest := func(yaml string) string {
		return digestOf(t, project(t, map[string]string{
			"functions/f/app.py": python + "\ndef other(event, context):\n    return 2\n", "functions/f/function.yaml": yaml,
		})).Digest
	}
	base := digest("handler: app.handler\n")
	assert.Equal(t, base, digest("handler: app.other\nmemory: 1024\ntimeout: 3\n"))
	assert.NotEqual(t, base, digest("handler: app.handler\nruntime: python3.13\n"))
	assert.NotEqual(t, base, digest("handler: app.handler\narchitecture: x86_64\n"))
	assert.NotEqual(t, base, digest("handler: app.handler\nbuild: {before: make}\n"))
	assert.NotEqual(t, digest("handler: app.handler\nbuild: {before: make}\n"), digest("handler: app.handler\nbuild: {command: make}\n"))
}

// /var/task holds the function's folder alone, so that `../` leads nowhere there.
func TestJavaScriptThatImportsFromOutsideOfItsFolderIsBundled(t *testing.T) {
	toolchain := func(files map[string]string) string {
		files["lib/shared.mjs"], files["lib/package.json"] = "export const a = 1;\n", `{"name": "lib"}`
		fn := digestOf(t, project(t, files))
		assert.Equal(t, "index.mjs", fn.Entry)
		return fn.Toolchain
	}
	handler := "export const handler = async () => 1;\n"
	assert.Equal(t, "node", toolchain(map[string]string{"functions/f/index.mjs": handler}))
	assert.Equal(t, "node", toolchain(map[string]string{"functions/f/index.mjs": "import './a.mjs';\n" + handler, "functions/f/a.mjs": ""}))
	assert.Equal(t, "node", toolchain(map[string]string{"functions/f/index.mjs": handler, "functions/f/package.json": `{"dependencies": {"lib": "file:../../lib"}}`}), "npm copies what is installed")
	assert.Equal(t, "bundle", toolchain(map[string]string{"functions/f/index.mjs": "import '../../lib/shared.mjs';\n" + handler}))
	assert.Equal(t, "bundle", toolchain(map[string]string{"functions/f/index.mjs": "import './a.mjs';\n" + handler, "functions/f/a.mjs": "import '../../lib/shared';\n"}))
}

func TestABuildOfOnesOwnMayMakeTheHandlersFile(t *testing.T) {
	fn := digestOf(t, project(t, map[string]string{
		"functions/f/main.coffee":   "",
		"functions/f/function.yaml": "runtime: nodejs24.x\nhandler: main.handler\nbuild: {before: coffee -c main.coffee}\n",
	}))
	assert.Equal(t, model.Steps{Before: "coffee -c main.coffee"}, fn.Steps)
}

// A bundle holds what its entry imports, so another entry is another archive.
func TestTheModuleThatABundleStartsFromMovesADigest(t *testing.T) {
	digest := func(handler string) string {
		return digestOf(t, project(t, map[string]string{
			"functions/f/a.ts": "export const handler = async () => 1;\n", "functions/f/b.ts": "export const handler = async () => 2;\n",
			"functions/f/function.yaml": "handler: " + handler + "\n",
		})).Digest
	}
	assert.NotEqual(t, digest("a.handler"), digest("b.handler"))
}

func TestAFunctionThatMovesToAnotherGroupKeepsItsDigest(t *testing.T) {
	// A link to the root differs in its text by how deep it lies, so that the moved
	// function has none.
	at := func(dir string) string {
		return digestOf(t, project(t, map[string]string{
			"package-lock.json": "{}",
			dir + "/index.mjs":  javascript,
			dir + "/lib/a.mjs":  "x",
			dir + "/run.sh":     "#!/bin/sh\n",
			dir + "/link":       "-> index.mjs",
		})).Digest
	}
	want := at("functions/f")
	assert.Equal(t, want, at("functions/one/f"))
	assert.Equal(t, want, at("functions/two/f"))

	grouped := func(group string) string {
		return digestOf(t, project(t, map[string]string{
			"functions/" + group + "/package-lock.json": "{}",
			"functions/" + group + "/f/index.mjs":       javascript,
		})).Digest
	}
	assert.Equal(t, grouped("one"), grouped("two"), "a group that is renamed with its lock file")
}

func TestALinkAndAFileWithItsTextDiffer(t *testing.T) {
	link := digestOf(t, project(t, map[string]string{"functions/f/index.mjs": javascript, "functions/f/x": "-> nowhere"}))
	file := digestOf(t, project(t, map[string]string{"functions/f/index.mjs": javascript, "functions/f/x": "nowhere"}))
	assert.NotEqual(t, link.Digest, file.Digest)
}

func TestWhatLeavesTheProjectIsReported(t *testing.T) {
	outside := t.TempDir()
	writeFile(t, outside, "secret", "s")
	root := project(t, map[string]string{
		"functions/a/index.mjs":     javascript,
		"functions/a/absolute":      "-> " + outside + "/secret",
		"functions/a/up":            "-> ../../../x",
		"functions/a/function.yaml": "include:\n  - schemas/*.json\n  - ../x\n  - \"a[\"\n  - .\n",
		"functions/b/main.go":       golangMain,
		"go.mod":                    "module m\n\nreplace x => ../x\nreplace y => /y\n",
	})
	p, problems := scan(t, root)
	assert.Equal(t, []string{
		"functions/a/absolute: the link points at " + outside + "/secret, outside of the project: the pipeline would not have it",
		"functions/a/function.yaml:2:5: include: schemas/*.json matches no file that git would track: there is no schemas",
		"functions/a/function.yaml:3:5: include: ../x does not stay inside the project",
		"functions/a/function.yaml:4:5: include: a[ is no pattern",
		"functions/a/function.yaml:5:5: include: . does not stay inside the project",
		"functions/a/up: the link points at ../../../x, outside of the project: the pipeline would not have it",
		"go.mod:3: the module x is replaced by ../x, outside of the project: the pipeline would not have it",
		"go.mod:4: the module y is replaced by /y, outside of the project: the pipeline would not have it",
	}, texts(problems))
	for _, fn := range p.Functions {
		for _, in := range fn.Inputs {
			assert.NotContains(t, in.Path, "secret")
		}
	}
}

func TestGoCodeWithoutAModuleIsReported(t *testing.T) {
	_, problems := scan(t, project(t, map[string]string{"functions/f/main.go": golangMain}))
	assert.Equal(t, []string{"functions/f: no go.mod lies in functions/f or above it in the project"}, texts(problems))
}

func TestALinkToTheHandlerIsReadThrough(t *testing.T) {
	fn := digestOf(t, project(t, map[string]string{"functions/f/app.py": "-> ../../shared/app.py", "shared/app.py": "-> real.py", "shared/real.py": python}))
	assert.Equal(t, "app.handler", fn.Handler.Value)
}

// Modules and packages that many functions share are read once, so that a problem in
// them is reported once.
func TestSharedModulesAreReadOnce(t *testing.T) {
	files := map[string]string{"go.mod": "module m\n\nreplace x => ../x\n", "shared/s.go": "package shared\n"}
	for _, name := range []string{"a", "b", "c", "d"} {
		files["functions/"+name+"/main.go"] = strings.Replace(golangMain, "import ", "import _ \"m/shared\"\nimport ", 1)
	}
	root := project(t, files)
	var problems diag.Problems
	p, err := Scan(t.Context(), Options{Root: root, Problems: &problems})
	require.NoError(t, err)
	assert.Len(t, problems.Sorted(), 1)
	for _, fn := range p.Functions {
		assert.True(t, slices.ContainsFunc(fn.Inputs, func(in model.Input) bool { return in.Path == "shared/s.go" }), fn.Name)
	}
}
