package schema_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/check/schema"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// A thousand functions of the shipped project's shape, once the schemas are loaded.
func BenchmarkAThousandFunctions(b *testing.B) {
	text, err := os.ReadFile("../../../out/functions/certificate-watch.yaml")
	require.NoError(b, err)
	var documents []*template.Document
	for range 1000 {
		documents = append(documents, read(b, "template.yaml", text))
	}
	for b.Loop() {
		var problems diag.Problems
		if schema.Check(documents, &problems); !problems.Empty() {
			b.Fatal(problems.Sorted())
		}
	}
}
