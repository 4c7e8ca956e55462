package parallel_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/parallel"
)

func TestEachNumberIsDoneOnceOnAnyNumberOfThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, threads := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(threads)
		for _, n := range []int{0, 1, 2, 1000} {
			times := make([]int, n)
			parallel.Each(n, func(i int) { times[i]++ })
			assert.NotContains(t, times, 0, "%d threads", threads)
			assert.NotContains(t, times, 2, "%d threads", threads)
		}
	}
}

// Whoever calls can recover and say whose fault it is, on any number of threads.
func TestAPanicComesToTheCallerWithItsStack(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, threads := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(threads)
		caught := panicOf(func() {
			parallel.Each(10, func(int) { parallel.Each(10, breaks) })
		})
		assert.Equal(t, "3 is broken", fmt.Sprint(caught), "%d threads", threads)
		if threads > 1 {
			p, ok := caught.(*parallel.Panic)
			require.True(t, ok)
			assert.Contains(t, string(p.Stack), "parallel_test.breaks", "where it happened")
		}
	}
}

func breaks(i int) {
	if i == 3 {
		panic("3 is broken")
	}
}

func panicOf(do func()) (p any) {
	defer func() { p = recover() }()
	do()
	return nil
}
