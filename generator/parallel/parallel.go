package parallel

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Each calls do with every number below n, on as many goroutines as Go runs threads, and
// returns when all calls have. Where one panics, so does Each, when the others are done:
// nobody else can recover from what happens on a goroutine of its own.
func Each(n int, do func(int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	// Each goroutine takes many numbers: its stack grows once, not once a number.
	var next atomic.Int64
	var group sync.WaitGroup
	var first atomic.Pointer[Panic]
	for range workers {
		group.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					first.CompareAndSwap(nil, caught(p))
				}
			}()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	group.Wait()
	if p := first.Load(); p != nil {
		panic(p)
	}
}

// Panic is what Each panics with: what a call did, and the stack on which it did.
type Panic struct {
	Value any
	Stack []byte
}

func (p *Panic) String() string { return fmt.Sprint(p.Value) }

// caught is a panic of a call, which may have come by another Each.
func caught(p any) *Panic {
	if inner, ok := p.(*Panic); ok {
		return inner
	}
	return &Panic{p, debug.Stack()}
}
