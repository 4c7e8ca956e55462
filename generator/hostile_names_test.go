package generator_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// hostileNames are names of files and folders that mean something to a shell, to
// YAML, to CloudFormation, to a terminal or to a path.
var hostileNames = []string{
	"${AWS::Region}", "{{resolve:ssm:x}}", "#{variables.x}", "$(id)", "`id`", "'", `"`, "a\nb", "a: b", "- a", "&a", "*a", "!Ref", "<<", "%2e%2e",
	"\x1b[2J", "\u202ea", "a\u200bb", "a b", "a;b", "~a", "?", "[", "|", strings.Repeat("x", 255),
}

func TestANameIsText(t *testing.T) {
	names := append([]string{"\xff\xfe"}, hostileNames...)
	project := plainProject
	want := project.rendered(t)
	for _, name := range names {
		project = project.with(tree{"functions/f/" + name: "x"})
	}
	for file, data := range project.rendered(t) {
		assert.Equal(t, strings.Count(string(want[file]), "\n"), strings.Count(string(data), "\n"), "a name of a file enters %s", file)
	}
	project = plainProject
	for _, name := range names {
		project = project.with(tree{"functions/" + name + "/index.mjs": code[0]["index.mjs"]})
	}
	said := within(t, project.create(t, t.TempDir(), 1))
	for _, name := range names {
		assert.Contains(t, strings.Join(said, "\n"), fmt.Sprintf("functions/%s: %q is no name for a function", name, name))
	}
}

func TestANameOfTheOutputFolderMeansItself(t *testing.T) {
	for _, name := range append([]string{"-rf", "out/-x", "out/../..", "/out", "..", "out*", "a\\b", "$OUT"}, hostileNames...) {
		if strings.Trim(name, "x") == "" {
			continue // a name like others
		}
		config := plainProject["foldstack.yaml"] + fmt.Sprintf("output: %s\n", jsonText(t, name))
		said := within(t, plainProject.with(tree{"foldstack.yaml": config}).create(t, t.TempDir(), 1))
		if assert.NotEmpty(t, said, "%q", name) {
			assert.Regexp(t, `\[(output-folder|dynamic-reference|yaml-syntax)\]`, strings.Join(said, "\n"), "%q", name)
		}
	}
}

// CodePipeline replaces variables in the configuration of an action.
func TestABranchIsNoVariableOfThePipeline(t *testing.T) {
	for _, source := range []string{
		`{provider: github, repository: acme/p, branch: "#{x.y}"}`, `{provider: s3, bucket: "a#{x.y}"}`, `{provider: s3, key: "#{codepipeline.PipelineExecutionId}"}`,
	} {
		config := plainProject["foldstack.yaml"] + "source: " + source + "\n"
		said := within(t, plainProject.with(tree{"foldstack.yaml": config}).create(t, t.TempDir(), 1))
		assert.Contains(t, strings.Join(said, "\n"), "CodePipeline would take #{ in this text for a variable [pipeline-variable]", source)
	}
	function := tree{"functions/f/function.yaml": "description: \"#{x.y}\"\n"}
	assert.Contains(t, string(plainProject.with(function).rendered(t)["out/functions/f.yaml"]), "#{x.y}", "elsewhere it is text")
}
