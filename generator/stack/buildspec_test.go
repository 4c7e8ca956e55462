package stack_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/stack"
)

// buildspec is what CodeBuild reads.
type buildspec struct {
	Version string `yaml:"version"`
	Phases  map[string]struct {
		OnFailure string   `yaml:"on-failure"`
		Commands  []string `yaml:"commands"`
	} `yaml:"phases"`
	Artifacts struct {
		Files []string `yaml:"files"`
	} `yaml:"artifacts"`
}

func buildspecOf(t *testing.T, tool, output string) buildspec {
	t.Helper()
	p := usual()
	p.Tool, p.Output = tool, output
	text, err := stack.Buildspec(p)
	require.NoError(t, err)
	var b buildspec
	require.NoError(t, yaml.Unmarshal(text, &b), "%s", text)
	return b
}

func TestTheBuildIsThreeCommandsOfTheProjectsTool(t *testing.T) {
	b := buildspecOf(t, "go run ./cmd/foldstack", "deploy/out")
	assert.Equal(t, "0.2", b.Version)
	assert.Equal(t, []string{"go run ./cmd/foldstack generate --locked"}, b.Phases["pre_build"].Commands)
	assert.Equal(t, []string{"go run ./cmd/foldstack build --skip-published", "go run ./cmd/foldstack publish"}, b.Phases["build"].Commands)
	assert.Equal(t, []string{"deploy/out/**/*"}, b.Artifacts.Files)
}

// CodeBuild runs post_build after a failed build, and goes on behind a failed
// phase that does not say otherwise.
func TestAFailedBuildPublishesNothing(t *testing.T) {
	b := buildspecOf(t, "foldstack", "out")
	assert.NotContains(t, b.Phases, "post_build")
	for name, phase := range b.Phases {
		assert.Equal(t, "ABORT", phase.OnFailure, name)
	}
}

var toolSeeds = []string{
	"go tool foldstack", "go run ./cmd/foldstack", "npx foldstack@1 --config 'a b.yaml'", `bash -c "foldstack"`, "a: b", "a #b", "- x", "true", "~",
	"12", "*x", "&x y", "{a}", "[a]", "!tag x", "| x", "> x", "%x", "@x", "`x` y", "''", "\"", "\\", "x:", "ü ツ", "a\tb", "a\nb", "", " ", "\x00", "a\u2028b", "\ufeffx", "{{command}}",
}

func TestAToolThatIsNotOneLineStandsInNoBuildspec(t *testing.T) {
	for _, tool := range []string{"", "  ", "a\nb", "a\r", "a\tb", "a\x00", "a\u2028b", "a\u0085b", "\xff"} {
		p := usual()
		p.Tool = tool
		_, err := stack.Buildspec(p)
		assert.ErrorAs(t, err, &diag.Bug{}, "%q: the scan reports it", tool)
	}
}

func FuzzBuildspec(f *testing.F) {
	for _, tool := range toolSeeds {
		f.Add(tool, "out")
	}
	f.Add("foldstack", "it's: #1")
	f.Fuzz(func(t *testing.T, tool, output string) {
		if strings.ContainsFunc(output, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }) {
			t.Skip("scan refuses it")
		}
		if !model.IsCommand(tool) {
			return
		}
		b := buildspecOf(t, tool, output)
		assert.Equal(t, []string{tool + " generate --locked"}, b.Phases["pre_build"].Commands)
		assert.Equal(t, []string{tool + " build --skip-published", tool + " publish"}, b.Phases["build"].Commands)
		assert.Equal(t, []string{strings.TrimSuffix(output, "/") + "/**/*"}, b.Artifacts.Files)
	})
}
