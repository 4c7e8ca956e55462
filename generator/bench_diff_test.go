package generator

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkDiff compares a project with itself but for one function, both of which have
// been generated.
func BenchmarkDiff(b *testing.B) {
	eachSize(b, func(b *testing.B, root string, n int) {
		before, err := Check(b.Context(), Options{Root: root})
		require.NoError(b, err)
		require.NoError(b, os.WriteFile(filepath.Join(root, "functions/fn-0001/app.py"), []byte("def lambda_handler(event, context):\n    return 1\n"), 0o666))
		after, err := Check(b.Context(), Options{Root: root})
		require.NoError(b, err)
		require.Empty(b, after.Problems)
		measured(b, n, func() { require.Len(b, Compare(before, after).Functions, 1) })
	})
}
