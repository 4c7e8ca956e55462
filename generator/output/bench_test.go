package output

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/stretchr/testify/require"
)

func manyFiles(n int) []File {
	files := make([]File, n)
	body := make([]byte, 2600) // what a small function's template weighs
	for i := range body {
		body[i] = 'a' + byte(i%26)
	}
	for i := range files {
		name := fmt.Sprintf("fn-%05d", i)
		files[i] = File{Path: "out/functions/" + name + ".yaml", Data: append([]byte(name+"\n"), body...), Source: "functions/" + name}
	}
	return files
}

// BenchmarkFloor writes the same files and does nothing else.
func BenchmarkFloor(b *testing.B) {
	files := manyFiles(1000)
	for b.Loop() {
		dir := b.TempDir()
		require.NoError(b, os.MkdirAll(filepath.Join(dir, "out/functions"), 0o777))
		for i := range files {
			if err := os.WriteFile(filepath.Join(dir, files[i].Path), files[i].Data, 0o666); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkApply(b *testing.B) {
	files := manyFiles(1000)
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			applyFiles(b, b.TempDir(), files)
		}
	})
	b.Run("again", func(b *testing.B) {
		dir := b.TempDir()
		applyFiles(b, dir, files)
		for b.Loop() {
			applyFiles(b, dir, files)
		}
	})
}

func applyFiles(tb testing.TB, dir string, files []File) {
	var problems diag.Problems
	plan, err := Compare(Folder{Root: dir, Path: "out"}, files, &problems)
	require.NoError(tb, err)
	require.Empty(tb, problems.Sorted())
	_, err = plan.Apply()
	require.NoError(tb, err)
}
