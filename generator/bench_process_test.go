//go:build unix

package generator

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkProcess is what a person waits for: the built command, from its start to
// its end. Beside it stands the start alone, which every run of any command pays.
func BenchmarkProcess(b *testing.B) {
	command := compiled(b)
	b.Run("start", func(b *testing.B) {
		processes(b, 1, func(int) *exec.Cmd { return exec.Command(command, "version") })
	})
	for _, n := range sizes {
		root := madeProject(b, n)
		in := func(args ...string) *exec.Cmd {
			cmd := exec.Command(command, args...)
			cmd.Dir = root
			return cmd
		}
		b.Run(fmt.Sprintf("first/%d", n), func(b *testing.B) {
			processes(b, n, func(run int) *exec.Cmd { return in("generate", "--quiet", "--out", fmt.Sprintf("made/%d", run)) })
		})
		b.Run(fmt.Sprintf("again/%d", n), func(b *testing.B) {
			require.NoError(b, in("generate", "--quiet").Run())
			processes(b, n, func(int) *exec.Cmd { return in("generate", "--quiet") })
		})
		b.Run(fmt.Sprintf("check/%d", n), func(b *testing.B) {
			processes(b, n, func(int) *exec.Cmd { return in("check", "--quiet") })
		})
	}
}

// compiled is the command as its users have it.
func compiled(b *testing.B) string {
	command := filepath.Join(b.TempDir(), "foldstack")
	output, err := exec.Command("go", "build", "-o", command, "../cmd/foldstack").CombinedOutput()
	require.NoError(b, err, "%s", output)
	return command
}

// processes runs a command again and again and reports the CPU time of each.
func processes(b *testing.B, functions int, command func(run int) *exec.Cmd) {
	record := cpuRecord{}
	for b.Loop() {
		cmd := command(record.runs)
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		record.add(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime())
	}
	record.report(b, functions)
}
