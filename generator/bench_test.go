//go:build unix

package generator

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/output"
	"github.com/foldstack/foldstack/generator/scan"
	"github.com/foldstack/foldstack/generator/stack"
)

// Set TMPDIR to a memory disk to measure foldstack and not the disk.

// sizes are the numbers of functions.
var sizes = []int{10, 100, 1000, 5000}

const benchProject = `project: bench
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/bench, branch: main}
environments:
  dev:
    accounts: ["222222222222"]
    regions: [eu-central-1]
  prod:
    accounts: ["333333333333", "444444444444"]
    regions: [eu-central-1, us-east-1]
    approval: {notify: [ops@example.com]}
defaults: {memory: 256, timeout: 30, logRetention: 30}
`

// kinds are the functions that a project repeats: two files each, as real ones have.
var kinds = []map[string]string{
	{
		"index.mjs": "import { respond } from './respond.mjs';\nexport const handler = async (event) => respond(event);\n",
		"function.yaml": `environment:
  LEVEL: info
events:
  - schedule: rate(5 minutes)
environments:
  prod: {memory: 1024}
`,
	},
	{
		"app.py": "import json\n\n\ndef lambda_handler(event, context):\n    return {\"statusCode\": 200, \"body\": json.dumps(event)}\n",
		"function.yaml": `timeout: 60
events:
  - sqs: {queue: jobs-%d, batchSize: 10}
`,
	},
	{
		"index.js":     "exports.handler = async () => ({ statusCode: 204 });\n",
		"package.json": "{\"name\": \"plain\", \"private\": true}\n",
	},
}

func benchTree(tb testing.TB, functions int) string {
	tb.Helper()
	root := tb.TempDir()
	require.NoError(tb, os.WriteFile(filepath.Join(root, "foldstack.yaml"), []byte(benchProject), 0o666))
	for i := range functions {
		dir := filepath.Join(root, "functions", fmt.Sprintf("fn-%04d", i))
		require.NoError(tb, os.MkdirAll(dir, 0o777))
		for name, text := range kinds[i%len(kinds)] {
			if strings.Contains(text, "%d") {
				text = fmt.Sprintf(text, i)
			}
			require.NoError(tb, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666))
		}
	}
	return root
}

func generated(tb testing.TB, root string) *Result {
	tb.Helper()
	result, err := Generate(tb.Context(), Options{Root: root})
	require.NoError(tb, err)
	require.Empty(tb, result.Problems)
	return result
}

// eachSize runs a benchmark for every size and reports its CPU time beside its own.
func eachSize(b *testing.B, run func(b *testing.B, functions int)) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) { run(b, n) })
	}
}

// measured runs op until the clock of the benchmark is content.
func measured(b *testing.B, functions int, op func()) {
	b.ReportAllocs()
	before := cpuTime(b)
	for b.Loop() {
		op()
	}
	used := cpuTime(b) - before
	b.ReportMetric(float64(used.Milliseconds())/float64(b.N), "cpu-ms/op")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(functions), "µs/function")
}

func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkFloor walks, reads, hashes and writes the same files, and does nothing
// else: what no generator of them can pass.
func BenchmarkFloor(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		root := benchTree(b, n)
		files := generated(b, root).Files
		out := b.TempDir()
		for i := range files {
			require.NoError(b, os.MkdirAll(filepath.Dir(filepath.Join(out, files[i].Path)), 0o777))
		}
		measured(b, n, func() {
			readAndHash(b, root)
			for i := range files {
				if err := os.WriteFile(filepath.Join(out, files[i].Path), files[i].Data, 0o666); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

func readAndHash(b *testing.B, root string) {
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		sha256.Sum256(data)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkScan is the first stage: walk, read, hash, detect, decode.
func BenchmarkScan(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		root := benchTree(b, n)
		measured(b, n, func() { scanned(b, root) })
	})
}

func scanned(tb testing.TB, root string) *model.Project {
	problems := &diag.Problems{}
	project, err := scan.Scan(tb.Context(), scan.Options{Root: root, Problems: problems, Sources: &diag.Sources{}})
	require.NoError(tb, err)
	require.Empty(tb, problems.Sorted())
	return project
}

// BenchmarkCheck is the second stage.
func BenchmarkCheck(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		project := scanned(b, benchTree(b, n))
		measured(b, n, func() {
			problems := &diag.Problems{}
			check.Project(project, problems)
			if !problems.Empty() {
				b.Fatal(problems.Sorted())
			}
		})
	})
}

// BenchmarkRender is the third stage: typed templates, and their bytes.
func BenchmarkRender(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		project := scanned(b, benchTree(b, n))
		measured(b, n, func() {
			problems := &diag.Problems{}
			files, err := render(b.Context(), project, stack.Lock{}, problems)
			if err != nil || !problems.Empty() || len(files) < n {
				b.Fatal(err, problems.Sorted())
			}
		})
	})
}

// BenchmarkWrite is the last stage, into a new folder each time.
func BenchmarkWrite(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		files := generated(b, benchTree(b, n)).Files
		parent, count := b.TempDir(), 0
		measured(b, n, func() {
			root := filepath.Join(parent, fmt.Sprint(count))
			count++
			if err := os.Mkdir(root, 0o777); err != nil {
				b.Fatal(err)
			}
			compareAndApply(b, root, files)
		})
	})
}

// BenchmarkCompare is the last stage where everything is written already.
func BenchmarkCompare(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		root := benchTree(b, n)
		files := generated(b, root).Files
		compareAndApply(b, root, files)
		measured(b, n, func() { compareAndApply(b, root, files) })
	})
}

func compareAndApply(b *testing.B, root string, files []output.File) {
	problems := &diag.Problems{}
	plan, err := output.Compare(output.Folder{Root: root, Path: "out"}, files, problems)
	if err != nil || plan == nil {
		b.Fatal(err, problems.Sorted())
	}
	if _, err := plan.Apply(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkGenerate is everything, into a new folder each time.
func BenchmarkGenerate(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		root, count := benchTree(b, n), 0
		measured(b, n, func() {
			count++
			result, err := Generate(b.Context(), Options{Root: root, Output: fmt.Sprintf("out-%d", count)})
			if err != nil || len(result.Problems) > 0 {
				b.Fatal(err, result.Problems)
			}
			if _, err := result.Plan.Apply(); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// BenchmarkGenerateAgain is everything where nothing changed.
func BenchmarkGenerateAgain(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		root := benchTree(b, n)
		_, err := generated(b, root).Plan.Apply()
		require.NoError(b, err)
		measured(b, n, func() {
			if changed := generated(b, root).Plan.Summary().Changed(); changed != 0 {
				b.Fatal(changed, "files changed")
			}
		})
	})
}
