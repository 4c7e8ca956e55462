//go:build unix

package generator

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
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

// docs/performance.md says how to run these and what they showed. Set TMPDIR to a
// memory disk to measure foldstack and not the disk.

// sizes are the numbers of functions.
var sizes = []int{10, 100, 1000, 5000}

// eachSize runs a benchmark on a project of every size.
func eachSize(b *testing.B, run func(b *testing.B, root string, functions int)) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) { run(b, madeProject(b, n), n) })
	}
}

// measured runs op until the clock of the benchmark is content, and reports the CPU
// time of all threads: the mean, the best run, and the best per function. On a
// machine that others use too, the best says most.
func measured(b *testing.B, functions int, op func()) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command does
	b.ReportAllocs()
	record := cpuRecord{}
	for b.Loop() {
		before := cpuTime(b)
		op()
		record.add(cpuTime(b) - before)
	}
	record.report(b, functions)
}

// cpuRecord is the CPU time of some runs.
type cpuRecord struct {
	runs       int
	total, min time.Duration
}

func (r *cpuRecord) add(used time.Duration) {
	if r.runs == 0 || used < r.min {
		r.min = used
	}
	r.runs++
	r.total += used
}

func (r *cpuRecord) report(b *testing.B, functions int) {
	milliseconds := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }
	b.ReportMetric(milliseconds(r.total)/float64(r.runs), "cpu-ms/op")
	b.ReportMetric(milliseconds(r.min), "best-cpu-ms")
	b.ReportMetric(1000*milliseconds(r.min)/float64(functions), "cpu-µs/function")
}

func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkFloor walks, reads, hashes and writes the same files, and does nothing
// else: what no generator of them can pass.
func BenchmarkFloor(b *testing.B) {
	eachSize(b, func(b *testing.B, root string, n int) {
		files := generated(b, root).Files
		next := newFolders(b)
		measured(b, n, func() {
			if err := readAndHash(root); err != nil {
				b.Fatal(err)
			}
			if err := writeAll(next(), files); err != nil {
				b.Fatal(err)
			}
		})
	})
}

func readAndHash(root string) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		sha256.Sum256(data)
		return err
	})
}

func writeAll(root string, files []output.File) error {
	made := map[string]bool{}
	for i := range files {
		file := filepath.Join(root, files[i].Path)
		if dir := filepath.Dir(file); !made[dir] {
			made[dir] = true
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return err
			}
		}
		if err := os.WriteFile(file, files[i].Data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// newFolders makes another empty folder at each call.
func newFolders(b *testing.B) func() string {
	parent, count := b.TempDir(), 0
	return func() string {
		count++
		dir := filepath.Join(parent, fmt.Sprint(count))
		if err := os.Mkdir(dir, 0o777); err != nil {
			b.Fatal(err)
		}
		return dir
	}
}

// BenchmarkScan is the first stage: walk, read, hash, detect, decode.
func BenchmarkScan(b *testing.B) {
	eachSize(b, func(b *testing.B, root string, n int) {
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

// BenchmarkRender is the second stage: typed templates and their bytes.
func BenchmarkRender(b *testing.B) {
	eachSize(b, func(b *testing.B, root string, n int) {
		project := scanned(b, root)
		measured(b, n, func() {
			if r := built(b, project); len(r.files) < n {
				b.Fatal("only", len(r.files), "files")
			}
		})
	})
}

func built(tb testing.TB, project *model.Project) *rendering {
	r := &rendering{project: project, problems: &diag.Problems{}}
	if complete, err := r.build(tb.Context(), stack.Lock{}); err != nil || !complete {
		tb.Fatal(err, r.problems.Sorted())
	}
	return r
}

// BenchmarkCheck is the third stage: every rule, on the project and on its templates.
func BenchmarkCheck(b *testing.B) {
	eachSize(b, func(b *testing.B, root string, n int) {
		project := scanned(b, root)
		documents := built(b, project).documents
		measured(b, n, func() {
			problems := &diag.Problems{}
			check.Project(project, problems)
			check.Templates(documents, problems)
			if !problems.Empty() {
				b.Fatal(problems.Sorted())
			}
		})
	})
}

// BenchmarkWrite is the last stage, into a new folder each time.
func BenchmarkWrite(b *testing.B) {
	eachSize(b, func(b *testing.B, root string, n int) {
		files := generated(b, root).Files
		next := newFolders(b)
		measured(b, n, func() {
			if plan := compared(b, next(), files); plan.Summary().Created <= n {
				b.Fatal("not everything was new")
			} else if _, err := plan.Apply(); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// BenchmarkCompare is the last stage where everything is written already.
func BenchmarkCompare(b *testing.B) {
	eachSize(b, func(b *testing.B, root string, n int) {
		result := generated(b, root)
		_, err := result.Plan.Apply()
		require.NoError(b, err)
		measured(b, n, func() {
			if changed := compared(b, root, result.Files).Summary().Changed(); changed != 0 {
				b.Fatal(changed, "files changed")
			}
		})
	})
}

func compared(b *testing.B, root string, files []output.File) *output.Plan {
	problems := &diag.Problems{}
	plan, err := output.Compare(output.Folder{Root: root, Path: "out"}, files, problems)
	if err != nil || plan == nil {
		b.Fatal(err, problems.Sorted())
	}
	return plan
}

// BenchmarkGenerate is all stages, into a new folder each time.
func BenchmarkGenerate(b *testing.B) {
	eachSize(b, func(b *testing.B, root string, n int) {
		count := 0
		measured(b, n, func() {
			count++
			result, err := Generate(b.Context(), Options{Root: root, Output: fmt.Sprintf("made/%d", count)})
			if err != nil || len(result.Problems) > 0 {
				b.Fatal(err, result.Problems)
			}
			if _, err := result.Plan.Apply(); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// BenchmarkGenerateAgain is all stages where nothing changed.
func BenchmarkGenerateAgain(b *testing.B) {
	eachSize(b, func(b *testing.B, root string, n int) {
		_, err := generated(b, root).Plan.Apply()
		require.NoError(b, err)
		measured(b, n, func() {
			if changed := generated(b, root).Plan.Summary().Changed(); changed != 0 {
				b.Fatal(changed, "files changed")
			}
		})
	})
}

func generated(tb testing.TB, root string) *Result {
	tb.Helper()
	result, err := Generate(tb.Context(), Options{Root: root})
	require.NoError(tb, err)
	require.Empty(tb, result.Problems)
	return result
}
