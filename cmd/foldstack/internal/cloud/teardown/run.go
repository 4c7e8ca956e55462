package teardown

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
)

// Event is something that happened to a step.
type Event struct {
	*Step
	Resource *stacks.Event // of its stack; nil when the step has ended
}

// stepsAtOnce is how many steps are done side by side.
const stepsAtOnce = 16

// Run does the steps, those of a phase side by side, and tells of what happens, one event
// after the other. Where a step fails, the others of its phase come to their end, and no
// further phase begins; another plan goes on from there.
func (p *Plan) Run(ctx context.Context, tell func(Event)) error {
	var lock sync.Mutex
	serially := func(e Event) {
		lock.Lock()
		defer lock.Unlock()
		tell(e)
	}
	for phase := range phases {
		if err := p.run(ctx, phase, serially); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) run(ctx context.Context, phase Phase, tell func(Event)) error {
	failures := make([]error, len(p.Steps))
	var group errgroup.Group
	group.SetLimit(stepsAtOnce)
	for i, step := range p.Steps {
		if step.Phase != phase {
			continue
		}
		group.Go(func() error {
			failures[i] = step.do(ctx, func(e stacks.Event) { tell(Event{step, &e}) })
			step.Done = failures[i] == nil
			tell(Event{Step: step})
			return nil
		})
	}
	_ = group.Wait() // the failures are in their list
	return cloud.Interrupted(ctx, errors.Join(failures...))
}
