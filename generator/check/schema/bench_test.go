package schema_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/check/schema"
)

// A function's template as the shipped project has it, once the schemas are loaded.
func BenchmarkFunctionTemplate(b *testing.B) {
	text, err := os.ReadFile("../../../out/functions/certificate-watch.yaml")
	require.NoError(b, err)
	tree, _ := read(b, "template.yaml", text)
	resources := tree.Get("Resources").(cfn.Map)
	b.ReportMetric(float64(len(resources)), "resources")
	for b.Loop() {
		names := schema.NamesIn(tree)
		for _, e := range resources {
			if found := schema.Resource(e.Value.(cfn.Map), names); len(found) > 0 {
				b.Fatal(found)
			}
		}
	}
}
