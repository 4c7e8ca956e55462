package scan

import (
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/scan/tree"
)

func TestGoModAndGoWorkAreReadAsFarAsTheyNameFolders(t *testing.T) {
	d := parseGoDirectives([]byte(`// a module
module "example.com/m" // quoted

go 1.26
require example.com/x v1.0.0
replace example.com/a => ./a
replace example.com/b v1.0.0 => ../b // why
replace example.com/c => example.com/d v1.0.0
replace (
	example.com/e => /e
	// example.com/f => ./f
	"example.com/g" => ` + "`./with space`" + `

	example.com/h v1.0.0 => .
)
use ./one
use (
	./two // comment
	.
)
exclude (
	example.com/x v1.0.1
)
`))
	assert.Equal(t, goDirectives{
		module: "example.com/m",
		uses:   []string{"./one", "./two", "."},
		replace: []goReplace{
			{"example.com/a", "./a", 6},
			{"example.com/b", "../b", 7},
			{"example.com/e", "/e", 10},
			{"example.com/g", "./with space", 12},
			{"example.com/h", ".", 14},
		},
	}, d)
	assert.Equal(t, "m", parseGoDirectives([]byte("module (\n\tm\n)\n")).module)
	assert.Equal(t, "m", parseGoDirectives([]byte("\r\nmodule m//x\r\n")).module)
}

func FuzzGoDirectives(f *testing.F) {
	for _, seed := range []string{"module m", "replace a => ./b", "replace (\n a v1 => ../b // x\n)", "use (\n./a\n\"b c\"\n)", "module `x", "use\t(", ")", "replace => ./x", "module m (", "\x00", "use \"\\"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := parseGoDirectives(data)
		for _, r := range d.replace {
			require.True(t, isGoPath(r.dir))
			require.NotEmpty(t, r.module)
			require.Positive(t, r.line)
			require.LessOrEqual(t, r.line, strings.Count(string(data), "\n")+1)
		}
	})
}

func TestEmbedPatternsHoldSpacesInQuotesOnly(t *testing.T) {
	assert.Equal(t, []string{"a.txt", "dir/*.html", "b c", "d", "raw one", "e"}, embedPatterns(" a.txt\tdir/*.html \"b c\" all:d `raw one` \"all:e\" "))
	assert.Empty(t, embedPatterns("  "))
	assert.Equal(t, []string{`"open`, "x"}, embedPatterns(`"open x`))
}

// Go source may hold anything: reading it ends, and what is embedded never leads out
// of the project.
func FuzzGoSource(f *testing.F) {
	f.Add([]byte(golangMain))
	f.Add([]byte("package a\nimport \"embed\"\n//go:embed ../x ../../y / /etc/passwd . * all:. \"\"\nvar x embed.FS\n"))
	f.Add([]byte("package a\nimport (\n\"a\"; b \"c\"; . `d`\n"))
	f.Add([]byte("import"))
	root := project(f, map[string]string{"a/a.go": "", "a/b/c": "", "x": ""})
	t, err := tree.Open(root, tree.Options{Keep: keep}, nil)
	require.NoError(f, err)
	g := newGolang(t, nil)
	f.Fuzz(func(t *testing.T, data []byte) {
		goImports(data)
		for _, file := range g.embedded("a", data) {
			require.True(t, strings.HasPrefix(file.Path, "a/"), file.Path)
		}
	})
}

// Manifests are searched as text: whatever they hold, what is found is a path in
// the project.
func FuzzReferences(f *testing.F) {
	for _, name := range []string{"package.json", "tsconfig.json", "requirements.txt", "Cargo.toml", "F.csproj", "Directory.Build.props", "Gemfile", "settings.gradle", "pom.xml"} {
		for _, c := range digestCases {
			for file, content := range c.covered {
				if path.Base(file) == name {
					f.Add(name, []byte(content))
				}
			}
		}
	}
	f.Add("F.csproj", []byte(`<Compile Include="..\..\..\..\x.cs;..\y;*;;C:\z" />`))
	f.Add("tsconfig.json", []byte(`{"extends": "../../../../x", "paths": ["..", "./*"]}`))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		s := &scanner{}
		for _, p := range s.references(&tree.File{Path: "functions/f/" + strings.ReplaceAll(name, "/", "_"), Data: data}) {
			require.False(t, path.IsAbs(p), p)
			require.Equal(t, path.Clean(p), p)
			require.NotEqual(t, "..", p)
			require.False(t, strings.HasPrefix(p, "../"), p)
		}
	})
}
