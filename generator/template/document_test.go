package template_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

// A resource of ours stands where the function does, and the parts of it that a user
// wrote stand where they are written, as deep as they go.
func TestAPartThatAUserWroteHasItsOwnPlace(t *testing.T) {
	var problems diag.Problems
	value := source.Parse("function.yaml", []byte("environment:\n  URL: !Sub\n    - https://${Host}\n    - {Host: !Ref Api}\n"), &problems).Get("environment").Get("URL")
	require.NotNil(t, value)
	r := &cfn.Resource{ID: "Function", Raw: cfn.Map{{Key: "Type", Value: "AWS::Lambda::Function"}}, Origin: diag.Place{File: "function.yaml"}}
	r.Note(value, "Properties", "Environment", "Variables", "URL")
	d := template.Of("out/a.yaml", diag.Place{}, &cfn.Template{Resources: []*cfn.Resource{r}}, 0, nil)
	for want, path := range map[string][]string{
		"function.yaml":      {"Properties", "Environment", "Variables", "LEVEL"},
		"function.yaml:2:8":  {"Properties", "Environment", "Variables", "URL"},
		"function.yaml:4:14": {"Properties", "Environment", "Variables", "URL", "1", "Host"},
	} {
		assert.Equal(t, want, d.Resources[0].At(path...).String())
	}
}
