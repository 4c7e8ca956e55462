package teardown

import (
	"context"
	"slices"
	"sync"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
)

// Event is something that happened to a step.
type Event struct {
	*Step
	Resource *stacks.Event // of its stack; nil when the step has ended
}

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
	steps := slices.DeleteFunc(slices.Clone(p.Steps), func(s *Step) bool { return s.Phase != phase })
	return cloud.Each(ctx, len(steps), func(i int) error {
		step := steps[i]
		err := step.do(ctx, func(e stacks.Event) { tell(Event{step, &e}) })
		step.Done = err == nil
		tell(Event{Step: step})
		return err
	})
}
