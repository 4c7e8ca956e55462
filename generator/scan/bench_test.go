package scan

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
)

// many is a project of n functions of three small files each, in Node, Python and
// Go by turns.
func many(b *testing.B, n int) string {
	files := map[string]string{
		"go.mod":     "module example.com/m\n",
		"go.sum":     "",
		".gitignore": "node_modules/\n*.log\n*.py[cod]\n.env\n.env.*\n!.env.example\n/dist/\n**/coverage/\n.cache\n*.tsbuildinfo\n",
	}
	for i := range n {
		dir := fmt.Sprintf("functions/function-%05d/", i)
		files[dir+"function.yaml"] = fmt.Sprintf("memory: %d\ntimeout: 10\nenvironment:\n  LEVEL: info\nevents:\n  - schedule: rate(5 minutes)\n", 128+i%512)
		switch i % 3 {
		case 0:
			files[dir+"index.mjs"] = fmt.Sprintf("import { x } from './lib.mjs';\n// %d\n%s", i, javascript)
			files[dir+"lib.mjs"] = "export const x = 1;\n"
		case 1:
			files[dir+"app.py"] = fmt.Sprintf("# %d\nimport json\n\n%s", i, python)
			files[dir+"requirements.txt"] = "boto3==1.40.0\n"
		case 2:
			files[dir+"main.go"] = fmt.Sprintf("// %d\n%s", i, golangMain)
			files[dir+"util.go"] = "package main\n\nfunc double(x int) int { return 2 * x }\n"
		}
	}
	return project(b, files)
}

func BenchmarkScan(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			root := many(b, n)
			b.ReportAllocs()
			for b.Loop() {
				var problems diag.Problems
				p, err := Scan(context.Background(), Options{Root: root, Problems: &problems, Sources: &diag.Sources{}})
				require.NoError(b, err)
				require.Empty(b, problems.Sorted())
				require.Len(b, p.Functions, n)
			}
		})
	}
}

// BenchmarkFloor walks, reads and hashes the same files and does nothing else.
func BenchmarkFloor(b *testing.B) {
	for _, n := range []int{1000, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			root := many(b, n)
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
					if err != nil || !e.Type().IsRegular() {
						return err
					}
					data, err := os.ReadFile(path)
					sha256.Sum256(data)
					return err
				}))
			}
		})
	}
}

// A folder of very many files is one task for all threads.
func BenchmarkOneFolderOfManyFiles(b *testing.B) {
	files := map[string]string{"functions/f/app.py": python}
	for i := range 20_000 {
		files[fmt.Sprintf("functions/f/data/%05d.json", i)] = "{}"
	}
	root := project(b, files)
	b.ReportAllocs()
	for b.Loop() {
		var problems diag.Problems
		p, err := Scan(context.Background(), Options{Root: root, Problems: &problems})
		require.NoError(b, err)
		require.Len(b, p.Functions[0].Inputs, 20_001)
	}
}
