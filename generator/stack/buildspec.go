package stack

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"text/template"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/templates"
)

// BuildspecPath is the path of the build project's commands in the output folder.
const BuildspecPath = "buildspec/build.yml"

var buildspecs = template.Must(template.New("").
	Funcs(template.FuncMap{"command": yamlScalar, "path": yamlScalar, "scalar": yamlScalar}).
	ParseFS(templates.Buildspec, "buildspec/*.yml"))

// Buildspec is the text of out/buildspec/build.yml: the commands of the build
// project, with the project's own way to start foldstack in them.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
func Buildspec(p *model.Project) ([]byte, error) {
	if !model.IsCommand(p.Tool) {
		return nil, diag.Bugf("%q starts no build, and nobody has said so", p.Tool)
	}
	filled, err := buildspecs.Clone()
	if err != nil {
		return nil, diag.Bugf("cloning the buildspecs: %v", err)
	}
	filled.Funcs(template.FuncMap{
		"command": func(arguments string) string { return yamlScalar(p.Tool + " " + arguments) },
		"path":    func(file string) string { return yamlScalar(outputPath(p, file)) },
		"scalar":  yamlScalar,
	})
	var text bytes.Buffer
	if err := filled.ExecuteTemplate(&text, "build.yml", p.Source.Folder); err != nil {
		return nil, diag.Bugf("filling in build.yml: %v", err)
	}
	return text.Bytes(), nil
}

// sourcePath is the path of a file of the output folder in what the source gives.
func sourcePath(p *model.Project, file string) string {
	return path.Join(p.Source.Folder, outputPath(p, file))
}

// outputPath is the path of a file of the output folder in what the build gives.
func outputPath(p *model.Project, file string) string {
	return strings.TrimSuffix(p.Output, "/") + "/" + file
}

// plainScalar is text that every YAML reader takes for itself without quotes: words of
// letters, digits and a few signs that mean nothing to YAML, the first beginning
// with a letter, two words at least, so that it is no number, boolean or null.
var plainScalar = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./@+=-]*( [A-Za-z0-9_./@+=-]+)+$`)

// yamlScalar is one line of printable text as a YAML scalar. A single-quoted one
// has no escapes but the doubled quote.
//
// https://yaml.org/spec/1.2.2/#732-single-quoted-style
func yamlScalar(text string) string {
	if plainScalar.MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}
