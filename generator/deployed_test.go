package generator

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/template"
)

func TestEveryTemplateSaysWhereItIsDeployed(t *testing.T) {
	set, err := shippedSet()
	require.NoError(t, err)
	got := map[string][]string{}
	for _, d := range set.documents {
		for _, p := range d.Deployed {
			place := []string{p.Account, p.Region}
			for _, value := range p.Parameters {
				place = append(place, value)
			}
			got[d.Path] = append(got[d.Path], strings.Join(place, " "))
		}
	}
	assert.Equal(t, map[string][]string{
		orchestrationFile: {
			"222222222222 eu-central-1 dev",
			"333333333333 eu-central-1 prod", "333333333333 us-east-1 prod",
			"444444444444 eu-central-1 prod", "444444444444 us-east-1 prod",
		},
		pipelineFile: {"111111111111 eu-central-1"},
		toolingFile:  {"111111111111 eu-central-1"},
		regionFile:   {"111111111111 us-east-1"},
		targetFile:   {"222222222222 eu-central-1 dev", "333333333333 eu-central-1 prod", "444444444444 eu-central-1 prod"},
	}, got)
}

// Functions may have the names of the orchestration's parameters, whose ids they cannot have.
func TestEveryNestedStackIsKnownByItsResource(t *testing.T) {
	files := shippedInput(t)
	for _, name := range []string{"environment", "asset-bucket", "foo_bar"} {
		files["functions/"+name+"/index.mjs"] = "export const handler = async () => null;\n"
	}
	set, err := generate(t.Context(), written(t, files))
	require.NoError(t, err)
	for _, d := range set.documents {
		if d.Path != orchestrationFile {
			continue
		}
		assert.Len(t, d.Resources, 10)
		assert.Len(t, d.Children, 10)
		for id, child := range d.Children {
			assert.NotNil(t, child, id)
			assert.NotNil(t, template.Find(d.Resources, id), id)
		}
	}
}
