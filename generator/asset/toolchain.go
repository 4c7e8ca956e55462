package asset

import (
	"path"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
)

// Toolchain turns a function's files into an archive or an image.
type Toolchain string

// The toolchains.
const (
	Node       Toolchain = "node"       // JavaScript as it is, with its packages
	TypeScript Toolchain = "typescript" // bundled from the handler's module
	Bundle     Toolchain = "bundle"     // JavaScript that imports from outside of its folder, bundled in the same way
	Python     Toolchain = "python"
	Go         Toolchain = "go"
	Java       Toolchain = "java"
	DotNet     Toolchain = "dotnet"
	Ruby       Toolchain = "ruby"
	Rust       Toolchain = "rust"
	Custom     Toolchain = "custom" // a bootstrap that is already there
	Docker     Toolchain = "docker"
)

// A Governor is a set of files that rule a function's build from a folder above
// its own.
type Governor struct {
	// Names are looked for in the function's folder, then upwards; where one is
	// found, all that lie beside it count and the search ends.
	Names []string
	// With are files that count when they lie beside what was found above.
	With []string
	// If restricts the governor to functions whose own folder holds one of these.
	If []string
	// Every makes the search go on to the project's root, whatever it finds.
	Every bool
}

// toolchains holds what digests need to know of each toolchain.
//
// Add one to a revision when the same files would build into something else than
// before: another compiler flag, another default of an installer, another layout
// of the archive. Every function of that toolchain then gets a new digest and is
// built again. Do not touch it for a change that leaves archives as they are.
var toolchains = map[Toolchain]struct {
	revision  int
	compiled  bool // a build starts from Recipe.Entry
	governors []Governor
}{
	Node:       {revision: 1, governors: nodeGovernors},
	TypeScript: {revision: 1, compiled: true, governors: append([]Governor{{Names: []string{"tsconfig.json"}}}, nodeGovernors...)},
	Bundle:     {revision: 1, compiled: true, governors: nodeGovernors},
	Python:     {revision: 1, governors: pythonGovernors},
	Go:         {revision: 1, compiled: true}, // its modules are followed by import
	Java:       {revision: 1, governors: javaGovernors},
	DotNet:     {revision: 1, compiled: true, governors: dotnetGovernors},
	Ruby:       {revision: 1, governors: rubyGovernors},
	Rust:       {revision: 1, compiled: true, governors: rustGovernors},
	Custom:     {revision: 1},
	Docker:     {revision: 1, compiled: true}, // a build sees its context only
}

// https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json
// https://pnpm.io/workspaces
var nodeGovernors = []Governor{
	{
		Names: []string{"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"},
		With:  []string{"package.json", ".npmrc", ".yarnrc.yml", ".yarnrc", "pnpm-workspace.yaml"},
	},
	{Names: []string{"package.json"}}, // says whether .js is a module
}

// https://docs.astral.sh/uv/concepts/projects/workspaces/
var pythonGovernors = []Governor{{
	Names: []string{"requirements.txt", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"},
	With:  []string{"pyproject.toml", "Pipfile", "poetry.toml", "uv.toml", "constraints.txt"},
}}

// https://docs.gradle.org/current/userguide/settings_file_basics.html
// https://maven.apache.org/guides/introduction/introduction-to-the-pom.html#project-inheritance
var javaGovernors = []Governor{
	{Names: []string{"pom.xml"}, If: []string{"pom.xml"}, Every: true},
	{Names: []string{".mvn/maven.config", ".mvn/jvm.config", ".mvn/extensions.xml"}, If: []string{"pom.xml"}, Every: true},
	{
		If:    []string{"build.gradle", "build.gradle.kts"},
		Names: []string{"settings.gradle", "settings.gradle.kts"},
		With: []string{
			"build.gradle", "build.gradle.kts", "gradle.properties", "gradle.lockfile", "buildscript-gradle.lockfile",
			"gradle/libs.versions.toml", "gradle/verification-metadata.xml", "gradle/wrapper/gradle-wrapper.properties",
		},
	},
}

// https://learn.microsoft.com/visualstudio/msbuild/customize-by-directory
// https://learn.microsoft.com/nuget/consume-packages/configuring-nuget-behavior
var dotnetGovernors = []Governor{
	{Names: []string{"Directory.Build.props"}},
	{Names: []string{"Directory.Build.targets"}},
	{Names: []string{"Directory.Build.rsp"}},
	{Names: []string{"Directory.Packages.props"}},
	{Names: []string{"packages.lock.json"}},
	{Names: []string{"global.json"}},
	{Names: []string{"nuget.config", "NuGet.config", "NuGet.Config"}, Every: true},
}

// https://bundler.io/guides/gemfile.html
var rubyGovernors = []Governor{
	{Names: []string{"Gemfile.lock", "gems.locked"}, With: []string{"Gemfile", "gems.rb", ".bundle/config"}},
	{Names: []string{"Gemfile", "gems.rb"}},
}

// https://doc.rust-lang.org/cargo/reference/workspaces.html
var rustGovernors = []Governor{
	{Names: []string{"Cargo.toml"}, With: []string{"Cargo.lock"}, Every: true},
	{Names: []string{"rust-toolchain.toml", "rust-toolchain"}},
	{Names: []string{".cargo/config.toml", ".cargo/config"}, Every: true},
}

// lockFiles are the names of files that say which versions of packages a build takes.
var lockFiles = []string{
	"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb",
	"requirements.txt", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml",
	"go.sum", "Cargo.lock", "Gemfile.lock", "gems.locked",
	"gradle.lockfile", "buildscript-gradle.lockfile", "packages.lock.json",
}

// Governors are the files that may rule a build from above the function's folder.
func (t Toolchain) Governors() []Governor { return toolchains[t].governors }

func (t Toolchain) compiles() bool { return toolchains[t].compiled }

// ToolchainOf is the toolchain that builds a function with this package type,
// runtime and entry, which is relative to the function's folder. Among the runtimes
// that say nothing of the language (provided.*) the entry decides; where it is not
// known, has tells of a file name at the folder's top whether it is there.
func ToolchainOf(packageType model.PackageType, runtime, entry string, has func(name string) bool) Toolchain {
	if packageType == model.Image {
		return Docker
	}
	if strings.HasPrefix(runtime, "nodejs") {
		return nodeToolchain(entry, has)
	}
	for _, t := range []Toolchain{Python, Java, DotNet, Ruby} {
		if strings.HasPrefix(runtime, string(t)) {
			return t
		}
	}
	switch ext := path.Ext(entry); {
	case ext == ".go":
		return Go
	case ext == ".rs", path.Base(entry) == "Cargo.toml":
		return Rust
	case entry == "bootstrap":
		return Custom
	case ext == ".csproj", ext == ".fsproj":
		return DotNet // compiled ahead of time
	case ext == ".java", ext == ".kt":
		return Java // a native image
	case entry != "":
		return Custom
	case has("Cargo.toml"):
		return Rust
	case has("go.mod"), has("main.go"):
		return Go
	}
	return Custom
}

func nodeToolchain(entry string, has func(string) bool) Toolchain {
	switch path.Ext(entry) {
	case ".ts", ".mts", ".cts", ".tsx":
		return TypeScript
	case "":
		if has("tsconfig.json") {
			return TypeScript
		}
	}
	return Node
}
