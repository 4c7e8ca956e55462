package scan

import (
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// parallel calls do with every number below n, on as many goroutines as Go runs
// threads. It stops early only when the scan is cancelled.
func (s *scanner) parallel(n int, do func(int)) error {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			if err := s.context.Err(); err != nil {
				return err
			}
			do(i)
		}
		return s.context.Err()
	}
	// Each goroutine takes many numbers: its stack grows once, not once a number.
	var next atomic.Int64
	g, ctx := errgroup.WithContext(s.context)
	for range workers {
		g.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if err := ctx.Err(); err != nil || i >= n {
					return err
				}
				do(i)
			}
		})
	}
	return g.Wait()
}
