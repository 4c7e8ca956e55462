package cfn_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func BenchmarkRenderAFunction(b *testing.B) {
	template := functionTemplate()
	text, err := template.Render()
	require.NoError(b, err)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := template.Render(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuildAndRenderAFunction(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := functionTemplate().Render(); err != nil {
			b.Fatal(err)
		}
	}
}
