package build

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/asset"
	"github.com/foldstack/foldstack/generator/model"
)

const (
	js      = "export const handler = async () => 1;\n"
	py      = "def lambda_handler(event, context):\n    return 1\n"
	rb      = "def lambda_handler(event:, context:)\n  1\nend\n"
	npmLock = `{"lockfileVersion": 3}`
	needs   = `{"type": "module", "dependencies": {"left": "^1.0.0"}}`
	goMain  = "package main\n\nimport \"github.com/aws/aws-lambda-go/lambda\"\n\nfunc main() { lambda.Start(func() {}) }\n"
	rustLi  = "[package]\nname = \"worker\"\n[dependencies]\nlambda_runtime = \"1\"\n"
	javaLi  = "package shop;\npublic class Handler implements RequestHandler<String, String> {\n  public String handleRequest(String s, Context c) { return s; }\n}\n"
	csLi    = "namespace Shop;\npublic class Function { public string Handle(string s, ILambdaContext c) => s; }\n"
	manyly  = "--platform manylinux_2_34_aarch64 --platform manylinux_2_33_aarch64 --platform manylinux_2_32_aarch64 --platform manylinux_2_31_aarch64 --platform manylinux_2_30_aarch64 " +
		"--platform manylinux_2_29_aarch64 --platform manylinux_2_28_aarch64 --platform manylinux_2_27_aarch64 --platform manylinux_2_26_aarch64 --platform manylinux_2_25_aarch64 " +
		"--platform manylinux_2_24_aarch64 --platform manylinux_2_23_aarch64 --platform manylinux_2_22_aarch64 --platform manylinux_2_21_aarch64 --platform manylinux_2_20_aarch64 " +
		"--platform manylinux_2_19_aarch64 --platform manylinux_2_18_aarch64 --platform manylinux_2_17_aarch64 --platform manylinux2014_aarch64"
	pip = "python3 -m pip install --disable-pip-version-check --no-input --quiet --no-compile --no-warn-script-location --target OUT --requirement %s " +
		"--only-binary=:all: --implementation cp --python-version 3.14 " + manyly
	npm   = "npm ci --ignore-scripts --no-audit --no-fund --loglevel=error"
	npmOn = " --os=linux --libc=glibc --cpu=arm64"
)

var requests = []string{"requests-2.32.5.dist-info/RECORD", "requests/__init__.py"}

// Each toolchain's programs, as they are called, and what the archive then holds. TREE
// stands for the copy of the project, OUT for the archive's folder, SITE for what lies
// around them.
var toolchainCases = []struct {
	name  string
	files map[string]string // f/ stands for functions/f/
	calls []string          // "folder$ program arguments"
	env   []string          // of the last call
	holds []string
}{
	{
		"JavaScript without packages needs no program",
		map[string]string{"f/index.mjs": js, "f/package.json": `{"type": "module"}`, "f/data/a.json": "{}"},
		nil, nil,
		[]string{"data/a.json", "index.mjs", "package.json"},
	},
	{
		"npm installs what package-lock.json says, for Lambda's machine",
		map[string]string{"f/index.mjs": js, "f/package.json": needs, "f/package-lock.json": npmLock, "f/.npmrc": "fund=false\n"},
		[]string{"functions/f$ " + npm + " --omit=dev" + npmOn},
		[]string{"NODE_ENV="},
		[]string{"index.mjs", "node_modules/left/index.js", "package-lock.json", "package.json"},
	},
	{
		"packages that only development needs are not installed",
		map[string]string{"f/index.mjs": js, "f/package.json": `{"devDependencies": {"eslint": "9"}}`, "f/package-lock.json": npmLock},
		nil, nil,
		[]string{"index.mjs", "package-lock.json", "package.json"},
	},
	{
		"packages of a lock file above the folder are packed",
		map[string]string{"f/index.mjs": js, "package.json": needs, "package-lock.json": npmLock},
		[]string{".$ " + npm + " --omit=dev" + npmOn},
		nil,
		[]string{"index.mjs", "node_modules/left/index.js"},
	},
	{
		"pnpm",
		map[string]string{"f/index.mjs": js, "f/package.json": needs, "f/pnpm-lock.yaml": "lockfileVersion: '9.0'\n"},
		[]string{"functions/f$ pnpm install --frozen-lockfile --ignore-scripts --config.node-linker=hoisted --prod"},
		nil,
		[]string{"index.mjs", "node_modules/left/index.js", "package.json", "pnpm-lock.yaml"},
	},
	{
		"Yarn",
		map[string]string{"f/index.mjs": js, "f/package.json": needs, "f/yarn.lock": "# yarn lockfile v1\n"},
		[]string{"functions/f$ yarn install --frozen-lockfile --ignore-scripts --non-interactive --production"},
		nil,
		[]string{"index.mjs", "node_modules/left/index.js", "package.json", "yarn.lock"},
	},
	{
		"TypeScript without packages is bundled without a program",
		map[string]string{"f/src/index.ts": "import { one } from './one';\n" + js, "f/src/one.ts": "export const one: number = 1;\n"},
		nil, nil,
		[]string{"src/index.js"},
	},
	{
		"all packages of TypeScript are installed and what is used is bundled",
		map[string]string{"f/index.mts": "import 'left';\nexport const handler = async () => 1;\n", "f/package.json": needs, "f/package-lock.json": npmLock},
		[]string{"functions/f$ " + npm + npmOn},
		nil,
		[]string{"index.mjs"},
	},
	{
		"Python without packages needs no program",
		map[string]string{"f/app.py": py, "f/requirements.txt": "# none\n\n"},
		nil, nil,
		[]string{"app.py", "requirements.txt"},
	},
	{
		"pip installs wheels for Lambda's machine",
		map[string]string{"f/app.py": py, "f/requirements.txt": "requests==2.32.5\n"},
		[]string{"functions/f$ " + strings.Replace(pip, "%s", "TREE/functions/f/requirements.txt", 1)},
		nil,
		append([]string{"app.py", "requirements.txt"}, requests...),
	},
	{
		"the requirements of a folder above",
		map[string]string{"f/app.py": py, "requirements.txt": "requests==2.32.5\n"},
		[]string{".$ " + strings.Replace(pip, "%s", "TREE/requirements.txt", 1)},
		nil, append([]string{"app.py"}, requests...),
	},
	{
		"uv",
		map[string]string{"f/app.py": py, "f/uv.lock": "version = 1\n", "f/pyproject.toml": "[project]\nname = \"f\"\n"},
		[]string{
			"functions/f$ uv export --quiet --frozen --no-dev --no-emit-project --format requirements-txt --output-file SITE/requirements.txt",
			"functions/f$ uv pip install --quiet --no-progress --link-mode copy --target OUT --requirement SITE/requirements.txt --no-deps --only-binary :all: --python-version 3.14 --python-platform aarch64-manylinux_2_34",
		},
		nil, append([]string{"app.py", "pyproject.toml"}, append(requests, "uv.lock")...),
	},
	{
		"Poetry",
		map[string]string{"f/app.py": py, "f/poetry.lock": ""},
		[]string{"functions/f$ poetry export --no-interaction --format requirements.txt --output SITE/requirements.txt", "functions/f$ " + strings.Replace(pip, "%s", "SITE/requirements.txt", 1)},
		nil, append([]string{"app.py", "poetry.lock"}, requests...),
	},
	{
		"PDM",
		map[string]string{"f/app.py": py, "f/pdm.lock": ""},
		[]string{"functions/f$ pdm export --prod --format requirements --output SITE/requirements.txt", "functions/f$ " + strings.Replace(pip, "%s", "SITE/requirements.txt", 1)},
		nil, append([]string{"app.py", "pdm.lock"}, requests...),
	},
	{
		"Pipenv",
		map[string]string{"f/app.py": py, "f/Pipfile.lock": "{}"},
		[]string{"functions/f$ pipenv requirements", "functions/f$ " + strings.Replace(pip, "%s", "SITE/requirements.txt", 1)},
		nil, append([]string{"Pipfile.lock", "app.py"}, requests...),
	},
	{
		"Go",
		map[string]string{"f/main.go": goMain, "go.mod": "module example.com/shop\n\ngo 1.26\n"},
		[]string{"functions/f$ go build -trimpath -buildvcs=false -ldflags '-s -w -buildid=' -tags lambda.norpc -o OUT/bootstrap ./."},
		[]string{"CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64", "GOFLAGS="},
		[]string{"bootstrap"},
	},
	{
		"Go in a folder of its module's commands",
		map[string]string{"f/cmd/worker/main.go": goMain, "f/go.mod": "module example.com/f\n\ngo 1.26\n"},
		[]string{"functions/f$ go build -trimpath -buildvcs=false -ldflags '-s -w -buildid=' -tags lambda.norpc -o OUT/bootstrap ./cmd/worker"},
		nil,
		[]string{"bootstrap"},
	},
	{
		"Rust",
		map[string]string{"f/Cargo.toml": rustLi, "f/Cargo.lock": "", "f/src/bin/one.rs": "fn main() {}\n"},
		[]string{"functions/f$ cargo build --release --target aarch64-unknown-linux-musl --message-format json-render-diagnostics --target-dir SITE/target --locked"},
		[]string{"CARGO_PROFILE_RELEASE_STRIP=symbols", "CARGO_ENCODED_RUSTFLAGS=--remap-path-prefix=SITE=/build\x1f--remap-path-prefix=/home/cargo=/cargo"},
		[]string{"bootstrap"},
	},
	{
		".NET",
		map[string]string{"f/app.csproj": "<Project><TargetFramework>net10.0</TargetFramework></Project>", "f/Function.cs": csLi},
		[]string{"functions/f$ dotnet publish TREE/functions/f/app.csproj --nologo --disable-build-servers --configuration Release --runtime linux-arm64 --output OUT --self-contained false -p:Deterministic=true " +
			"-p:ContinuousIntegrationBuild=true -p:PathMap=TREE/=/build/ -p:DebugType=none -p:GenerateRuntimeConfigurationFiles=true"},
		nil,
		[]string{"app.dll", "bootstrap"},
	},
	{
		"Maven",
		map[string]string{"f/pom.xml": "<project/>", "f/src/main/java/shop/Handler.java": javaLi},
		[]string{"functions/f$ mvn --batch-mode --quiet -Dstyle.color=never -DskipTests -Dproject.build.outputTimestamp=1980-01-01T00:00:02Z package " +
			"org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory=OUT/lib"},
		nil,
		[]string{"META-INF/services/shop.Tax", "lib/gson.jar", "shop/Handler.class"},
	},
	{
		"Maven with a jar that holds all",
		map[string]string{"f/pom.xml": "<project><artifactId>maven-shade-plugin</artifactId></project>", "f/src/main/java/shop/Handler.java": javaLi},
		[]string{"functions/f$ mvn --batch-mode --quiet -Dstyle.color=never -DskipTests -Dproject.build.outputTimestamp=1980-01-01T00:00:02Z package"},
		nil,
		[]string{"META-INF/services/shop.Tax", "shop/Handler.class"},
	},
	{
		"Gradle",
		map[string]string{"f/build.gradle": "", "f/src/main/java/shop/Handler.java": javaLi},
		[]string{"functions/f$ gradle --no-daemon --console=plain --quiet --init-script SITE/libraries.gradle -PfoldstackLibraries=OUT/lib jar foldstackLibraries"},
		nil,
		[]string{"META-INF/services/shop.Tax", "lib/gson.jar", "shop/Handler.class"},
	},
	{
		"Ruby without gems needs no program",
		map[string]string{"f/app.rb": rb},
		nil, nil,
		[]string{"app.rb"},
	},
	{
		"Bundler",
		map[string]string{"f/app.rb": rb, "f/Gemfile": "gem 'rack'\n", "f/Gemfile.lock": ""},
		[]string{"functions/f$ bundle install --quiet"},
		[]string{"BUNDLE_GEMFILE=TREE/functions/f/Gemfile", "BUNDLE_PATH=TREE/functions/f/vendor/bundle", "BUNDLE_FROZEN=true", "BUNDLE_WITHOUT=development:test"},
		[]string{"Gemfile", "Gemfile.lock", "app.rb", "vendor/bundle/ruby/3.4.0/gems/rack/rack.rb"},
	},
	{
		"a bootstrap of one's own",
		map[string]string{"f/bootstrap": "#!/bin/sh\n", "f/lib/a.sh": ""},
		nil, nil,
		[]string{"bootstrap", "lib/a.sh"},
	},
}

var siteName = regexp.MustCompile(`(/[\w.+-]+)*/foldstack-\d+`)

// line is a call as a table shows it.
func (c called) line() string {
	dir := strings.TrimPrefix(siteName.ReplaceAllString(c.Dir, ""), "/tree")
	return strings.TrimPrefix(dir+"$ ", "/") + onSite(strings.Join(append([]string{c.Program}, quoted(c.Args)...), " "))
}

func onSite(text string) string {
	text = siteName.ReplaceAllString(text, "SITE")
	return strings.ReplaceAll(strings.ReplaceAll(text, "SITE/tree", "TREE"), "SITE/out", "OUT")
}

func TestEachToolchainCallsItsProgramAndPacksWhatItMakes(t *testing.T) {
	covered := map[string]bool{}
	for _, c := range toolchainCases {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("CARGO_HOME", "/home/cargo")
			calls := stage(t)
			files := map[string]string{}
			for name, text := range c.files {
				if rest, ok := strings.CutPrefix(name, "f/"); ok {
					name = "functions/f/" + rest
				}
				files[name] = text
			}
			outcome, holds := built(t, project(t, files))
			covered[outcome.Function.Toolchain] = true
			var lines []string
			for _, call := range calls() {
				lines = append(lines, call.line())
			}
			want := c.calls
			for i := range want {
				want[i] = strings.TrimPrefix(want[i], ".")
			}
			assert.Equal(t, want, lines)
			slices.Sort(c.holds)
			assert.Equal(t, c.holds, names(holds))
			for _, entry := range c.env {
				last := calls()[len(lines)-1]
				assert.Contains(t, onSite(strings.Join(last.Env, "\n"))+"\n", entry+"\n")
			}
		})
	}
	covered[string(asset.Bundle)], covered[string(asset.Docker)] = true, true // tests of their own
	for name := range toolchains {
		assert.True(t, covered[string(name)], "no case builds with %s", name)
	}
}

func TestAnImageIsBuiltByABuilderOfOurOwnAsAnOCILayout(t *testing.T) {
	calls := stage(t)
	root := project(t, map[string]string{
		"functions/f/Dockerfile": "FROM public.ecr.aws/lambda/python:3.14\nCOPY app.py ./\nCMD [\"app.handler\"]\n", "functions/f/app.py": py,
		"functions/f/function.yaml": "include: [schemas, functions/f/app.py]\n", "schemas/a.json": "{}",
	})
	outcomes := run(t, root)
	require.Len(t, outcomes, 1)
	require.Nil(t, outcomes[0].Failure)
	fn := outcomes[0].Function
	assert.Equal(t, "images/"+fn.Digest, outcomes[0].Key)
	assert.FileExists(t, filepath.Join(root, Folder, "images", fn.Digest, "index.json"))
	var lines []string
	for _, call := range calls() {
		lines = append(lines, regexp.MustCompile(`dest=\S+`).ReplaceAllString(call.line(), "dest=IMAGE"))
	}
	assert.Equal(t, []string{
		"functions/f$ docker buildx inspect foldstack",
		"functions/f$ docker buildx create --name foldstack --driver docker-container",
		"functions/f$ docker buildx build --builder foldstack --platform linux/arm64 --provenance=false --sbom=false --progress plain " +
			"--build-arg SOURCE_DATE_EPOCH=0 --label foldstack.digest=" + fn.Digest + " --output type=oci,tar=false,rewrite-timestamp=true,dest=IMAGE " +
			"--file TREE/functions/f/Dockerfile TREE/functions/f",
	}, lines)

	// Once more, in place of the one that is there.
	plan, err := NewPlan(t.Context(), Options{Root: root, Functions: functions(t, root), Force: true})
	require.NoError(t, err)
	_, err = Runner{Root: root, Jobs: 1}.Run(t.Context(), plan)
	require.NoError(t, err)
	assert.FileExists(t, filepath.Join(root, Folder, "images", fn.Digest, "index.json"))
}

func TestAProgramThatIsMissingIsNamedWithWhereItComesFrom(t *testing.T) {
	stage(t, "npm")
	f := failed(t, project(t, map[string]string{"functions/f/index.mjs": js, "functions/f/package.json": needs, "functions/f/package-lock.json": npmLock}))
	assert.Equal(t, "npm is not installed", f.Text)
	assert.Contains(t, f.Hint, "https://nodejs.org")
}

func TestEveryProgramThatATestPlaysHasAHintForWhoeverLacksIt(t *testing.T) {
	for name := range actors {
		assert.NotEmpty(t, installed[name], name)
	}
}

func TestPackagesWithoutALockFileAreRefused(t *testing.T) {
	stage(t)
	for name, files := range map[string]map[string]string{
		"package.json":   {"index.mjs": js, "package.json": needs},
		"pyproject.toml": {"app.py": py, "pyproject.toml": "[project]\nname = \"f\"\ndependencies = [\n  \"requests\",\n]\n"},
		"Gemfile":        {"app.rb": rb, "Gemfile": "gem 'rack'\n"},
		"Cargo.toml":     {"Cargo.toml": rustLi, "src/main.rs": "fn main() {}\n"},
	} {
		all := map[string]string{}
		for file, text := range files {
			all["functions/f/"+file] = text
		}
		f := failed(t, project(t, all))
		assert.Contains(t, f.Text+" "+f.Hint, "commit", name)
	}
}

func TestALockFileOfAYarnThatFoldstackDoesNotKnowIsRefused(t *testing.T) {
	stage(t)
	f := failed(t, project(t, map[string]string{"functions/f/index.mjs": js, "functions/f/package.json": needs, "functions/f/yarn.lock": "__metadata:\n  version: 8\n"}))
	assert.Contains(t, f.Text, "Yarn 2 or later")
}

func TestGemsOfAnotherRubyAreRefused(t *testing.T) {
	stage(t)
	f := failed(t, project(t, map[string]string{
		"functions/f/app.rb": rb, "functions/f/Gemfile": "", "functions/f/Gemfile.lock": "", "functions/f/function.yaml": "runtime: ruby3.3\n",
	}))
	assert.Equal(t, "the gems were installed by another Ruby than ruby3.3", f.Text)
}

func TestRubyThatTakesAFileOutsideOfItsFolderIsRefused(t *testing.T) {
	stage(t)
	files := map[string]string{"functions/f/app.rb": "require_relative '../../lib/tax'\n" + rb, "lib/tax.rb": ""}
	assert.Equal(t, "functions/f/app.rb takes ../../lib/tax, which lies outside of the function's folder", failed(t, project(t, files)).Text)

	files["functions/f/app.rb"], files["functions/f/tax.rb"] = "require_relative 'tax'\n"+rb, "-> ../../lib/tax.rb"
	_, holds := built(t, project(t, files))
	assert.Equal(t, []string{"app.rb", "tax.rb"}, names(holds))
}

// What two machines write differently is not packed.
func TestWhatInstallersWriteAboutThisMachineIsNotPacked(t *testing.T) {
	stage(t)
	_, holds := built(t, project(t, map[string]string{"functions/f/app.py": py, "functions/f/requirements.txt": "requests==2.32.5\n"}))
	assert.Equal(t, "requests/__init__.py,,\n", holds["requests-2.32.5.dist-info/RECORD"])
}

func TestPackagesOfAWorkspaceAreCopiedAndTheFunctionIsNot(t *testing.T) {
	stage(t)
	actors := filepath.Join(t.TempDir(), "npm")
	require.NoError(t, os.WriteFile(actors, []byte("#!/bin/sh\nPATH=/usr/bin:/bin\nmkdir -p node_modules/left\necho 1 > node_modules/left/index.js\n"+
		"ln -s ../functions/f node_modules/f\nln -s ../packages/tax node_modules/tax\n"), 0o755))
	t.Setenv("PATH", filepath.Dir(actors)+string(os.PathListSeparator)+os.Getenv("PATH"))
	_, holds := built(t, project(t, map[string]string{
		"package.json": `{"workspaces": ["functions/*", "packages/*"]}`, "package-lock.json": npmLock,
		"packages/tax/package.json": `{"name": "tax"}`, "packages/tax/index.js": "1",
		"functions/f/package.json": `{"name": "f", "dependencies": {"tax": "*", "left": "*"}}`, "functions/f/index.mjs": js,
	}))
	assert.Equal(t, []string{"index.mjs", "node_modules/left/index.js", "node_modules/tax/index.js", "node_modules/tax/package.json", "package.json"}, names(holds))
}

func TestWhatCargoTellsProgramsIsNotShownToPeople(t *testing.T) {
	stage(t)
	cargo := filepath.Join(t.TempDir(), "cargo")
	require.NoError(t, os.WriteFile(cargo, []byte("#!/bin/sh\necho '{\"reason\":\"build-finished\",\"success\":false}'\necho 'error: linker `cc` not found' >&2\nexit 101\n"), 0o755))
	t.Setenv("PATH", filepath.Dir(cargo)+string(os.PathListSeparator)+os.Getenv("PATH"))
	f := failed(t, project(t, map[string]string{
		"functions/f/Cargo.toml": rustLi, "functions/f/Cargo.lock": "", "functions/f/src/main.rs": "fn main() {}\n",
	}))
	assert.Equal(t, "error: linker `cc` not found", f.Output)
	assert.Contains(t, f.Hint, "needs a compiler")
}

func TestAProjectOfPythonIsSearchedForItsPackages(t *testing.T) {
	for text, want := range map[string]bool{
		"[project]\nname = \"f\"\n":                                                        false,
		"[project]\ndependencies = []\n":                                                   false,
		"[project]\ndependencies = [\n]\n":                                                 false,
		"[project]\nname = \"f\"\ndependencies = [\n  \"requests\",\n]\n":                  true,
		"[project]\ndependencies=[\"requests\"]\n":                                         true,
		"[tool.other]\ndependencies = [\"requests\"]\n":                                    false,
		"[tool.poetry.dependencies]\npython = \">=3.12\"\n":                                false,
		"[tool.poetry.dependencies]\npython = \">=3.12\"\nrequests = \"*\"\n":              true,
		"[tool.poetry.dependencies]\n# requests = 1\n[tool.poetry.scripts]\nrun = \"f\"\n": false,
	} {
		assert.Equal(t, want, listsPackages(text), text)
	}
}

func TestTheGlibcOfARuntimeSaysWhichWheelsFit(t *testing.T) {
	for runtime, want := range map[string]string{"python3.11": "manylinux_2_26_x86_64", "python3.14": "manylinux_2_34_x86_64"} {
		s := &site{fn: &model.Function{Runtime: model.Choice{Value: runtime}, Architecture: model.Choice{Value: "x86_64"}}}
		tags := s.manylinux()
		assert.Equal(t, want, tags[0])
		assert.Equal(t, "manylinux2014_x86_64", tags[len(tags)-1])
		assert.Equal(t, map[string]string{"python3.11": "x86_64-manylinux_2_17", "python3.14": "x86_64-manylinux_2_34"}[runtime], s.uvPlatform())
	}
}
