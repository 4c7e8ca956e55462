//go:build unix

package output

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain is also the process that the tests below kill: with the variable set, it
// applies the files that stdin holds and ends itself by SIGKILL at that step.
func TestMain(m *testing.M) {
	at, _ := strconv.ParseInt(os.Getenv("FOLDSTACK_TEST_KILL_AT"), 10, 64)
	if at == 0 {
		os.Exit(m.Run())
	}
	var count atomic.Int64
	step = func(string) {
		if count.Add(1) == at {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // another goroutine must not go on
		}
	}
	var files tree
	var problems diag.Problems
	if err := json.NewDecoder(os.Stdin).Decode(&files); err != nil {
		panic(err)
	}
	p, err := Compare(Folder{Root: os.Getenv("FOLDSTACK_TEST_ROOT"), Path: "out"}, rendered(files), &problems)
	if err != nil || p == nil {
		panic(fmt.Sprint(err, problems.Sorted()))
	}
	if _, err := p.Apply(); err != nil {
		panic(err)
	}
}

// applyAndDie applies files in another process that is killed at a step; it reports
// whether there were that many steps.
func applyAndDie(t *testing.T, root string, files tree, at int) (killed bool) {
	t.Helper()
	stdin, err := json.Marshal(files)
	require.NoError(t, err)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "FOLDSTACK_TEST_KILL_AT="+strconv.Itoa(at), "FOLDSTACK_TEST_ROOT="+root)
	cmd.Stdin = strings.NewReader(string(stdin))
	out, err := cmd.CombinedOutput()
	if err == nil {
		return false
	}
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	require.True(t, ok && status.Signaled() && status.Signal() == syscall.SIGKILL, "%v\n%s", err, out)
	return true
}

func TestAKilledRunLeavesEveryFileOldOrNewAndTheNextOneFinishes(t *testing.T) {
	mine := tree{"out/mine.txt": "mine", "out/gone/mine.txt": "mine", "foldstack.yaml": "project"}
	old := tree{
		"out/same.yaml": "same", "out/changed.yaml": strings.Repeat("old ", 5000), "out/gone/stale.yaml": "stale",
		"out/folder/stale.yaml": "stale", "foldstack.lock": "old lock",
	}
	now := tree{
		"out/same.yaml": "same", "out/changed.yaml": strings.Repeat("new ", 6000), "out/new/one.yaml": "one",
		"out/new/two.yaml": "two", "foldstack.lock": "new lock",
	}
	steps := 0
	for at := 1; ; at++ {
		root := project(t, mine)
		apply(t, root, old)
		if !applyAndDie(t, root, now, at) {
			break
		}
		steps++
		for p, data := range onDisk(t, root) {
			switch {
			case strings.HasSuffix(p, "/"), isTemporary(filepath.Base(p)):
			case mine[p] != "":
				assert.Equal(t, mine[p], data, "%s after a kill at step %d", p, at)
			default:
				assert.Contains(t, []string{old[p], now[p]}, data, "%s after a kill at step %d", p, at)
			}
		}
		for p := range now {
			if old[p] != "" {
				assert.FileExists(t, filepath.Join(root, p), "%s is gone after a kill at step %d", p, at)
			}
		}
		then, other := now, old // half of the time, the user goes back instead
		if at%2 == 0 {
			then, other = old, now
		}
		apply(t, root, then)
		assert.Empty(t, temporaries(t, root), "after a kill at step %d", at)
		files := onDisk(t, root)
		for p, data := range then {
			assert.Equal(t, data, files[p], "%s after a kill at step %d", p, at)
		}
		for p := range other {
			if then[p] == "" {
				assert.NotContains(t, files, p, "after a kill at step %d", at)
			}
		}
		for p, data := range mine {
			assert.Equal(t, data, files[p], "%s after a kill at step %d", p, at)
		}
		assert.Zero(t, plan(t, root, then).Summary().Changed(), "after a kill at step %d", at)
	}
	assert.GreaterOrEqual(t, steps, 20, "the test saw too few steps")
}

func TestAFirstRunThatIsKilledCanBeRepeated(t *testing.T) {
	for at := 1; ; at++ {
		root := project(t, nil)
		if !applyAndDie(t, root, two, at) {
			break
		}
		apply(t, root, two)
		assert.Equal(t, tree{
			"foldstack.lock": "lock\n", "out/": "", "out/functions/": "", "out/functions/a.yaml": "a\n",
			"out/functions/b.yaml": "b\n", "out/pipeline.yaml": "pipeline\n",
		}, onDisk(t, root), "after a kill at step %d", at)
	}
}

func TestLeftoversGoEvenWhereNothingElseChanges(t *testing.T) {
	root := project(t, nil)
	apply(t, root, two)
	tree{
		"out/functions/.foldstack-0123456789abcdef.tmp": "half", ".foldstack-fedcba9876543210.tmp": "half",
		".foldstack-mine.tmp": "mine", "out/.foldstack-0123456789ABCDEF.tmp": "mine", "out/foldstack-0123456789abcdef.tmp": "mine",
	}.write(t, root)
	p := apply(t, root, two)
	assert.Zero(t, p.Summary().Changed())
	files := onDisk(t, root)
	assert.NotContains(t, files, "out/functions/.foldstack-0123456789abcdef.tmp")
	assert.NotContains(t, files, ".foldstack-fedcba9876543210.tmp")
	assert.Equal(t, "mine", files[".foldstack-mine.tmp"])
	assert.Equal(t, "mine", files["out/.foldstack-0123456789ABCDEF.tmp"])
	assert.Equal(t, "mine", files["out/foldstack-0123456789abcdef.tmp"])
}

func TestTwoRunsDoNotWriteAtTheSameTime(t *testing.T) {
	root := project(t, nil)
	apply(t, root, two)
	other, err := os.OpenRoot(root)
	require.NoError(t, err)
	defer other.Close()
	unlock, err := lock(other, "out")
	require.NoError(t, err)

	changed := plan(t, root, tree{"out/pipeline.yaml": "changed"})
	_, err = changed.Apply()
	require.EqualError(t, err, "another foldstack is writing to out; try again when it is done")
	assert.Equal(t, "pipeline\n", onDisk(t, root)["out/pipeline.yaml"])

	unlock()
	_, err = changed.Apply()
	require.NoError(t, err)
}

func TestAFailureLeavesNoTemporaryFileAndTheNextRunFinishes(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere")
	}
	root := project(t, nil)
	apply(t, root, two)
	folder := filepath.Join(root, "out/functions")
	require.NoError(t, os.Chmod(folder, 0o555))
	changed := tree{"out/functions/a.yaml": "A", "out/functions/c.yaml": "C"}
	_, err := plan(t, root, changed).Apply()
	require.ErrorContains(t, err, "writing out/functions/")
	require.NoError(t, os.Chmod(folder, 0o777))
	assert.Empty(t, temporaries(t, root))
	apply(t, root, changed)
	assert.Equal(t, "A", onDisk(t, root)["out/functions/a.yaml"])
}
