package parallel_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"

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
