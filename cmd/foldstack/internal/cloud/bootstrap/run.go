package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// Watcher is told how a run goes, of one thing after the other.
type Watcher interface {
	Begun(s *Step)
	Event(s *Step, e stacks.Event)
	Ended(s *Step)         // with its outcome or error
	Waiting(c *Connection) // until somebody authorises it
}

// Run carries the plan out. Where a stack fails, those beside it come to their end, and
// those behind it are not begun. Who interrupts leaves CloudFormation at work.
func (p *Plan) Run(ctx context.Context, w Watcher) error {
	w = &serial{watcher: w}
	for phase := 1; phase <= p.Steps[len(p.Steps)-1].Phase; phase++ {
		steps := slices.DeleteFunc(slices.Clone(p.Steps), func(s *Step) bool { return s.Phase != phase })
		if err := cloud.Each(ctx, len(steps), func(i int) error { return p.carryOut(ctx, steps[i], w) }); err != nil {
			return err
		}
	}
	return nil
}

// carryOut does what is to be done about a stack, by what is known now: another key
// makes those stale that were not.
func (p *Plan) carryOut(ctx context.Context, s *Step, w Watcher) error {
	if s.Action == Keep {
		s.Action = s.decide(p.key)
	}
	if !s.Pending() {
		return nil
	}
	if err := s.ofSet(); err != nil {
		return err
	}
	if s.UpdatesItself && (s.Action == Create || s.Action == Replace) {
		if err := p.await(ctx, w.Waiting); err != nil {
			return err
		}
	}
	w.Begun(s)
	s.Err = cloud.Interrupted(ctx, p.deploy(ctx, s, w))
	w.Ended(s)
	return s.Err
}

func (p *Plan) deploy(ctx context.Context, s *Step, w Watcher) error {
	tell := func(e stacks.Event) { w.Event(s, e) }
	url, begun, err := p.deposit(ctx, s, tell)
	if err != nil {
		return leftOver(err)
	}
	outcome, err := s.site.Deploy(ctx, stacks.Deployment{Name: s.Name, Template: s.Template, URL: url, Parameters: s.Parameters(p.key)}, tell)
	if err != nil {
		return leftOver(err)
	}
	if s.Outcome = outcome; begun {
		s.Outcome = stacks.Created
	}
	if s.Name != model.ToolingStack(p.project.Name) {
		return nil
	}
	return p.takeKey(ctx, s)
}

// takeKey reads what the tooling stack puts out for the others.
func (p *Plan) takeKey(ctx context.Context, s *Step) error {
	var err error
	if s.there, err = s.site.Stack(ctx, s.Name); err != nil {
		return err
	}
	if s.there != nil {
		p.key = s.there.Outputs[generator.BaseKey]
	}
	if p.key == "" {
		return cloud.Hinted(fmt.Errorf("the stack %s in account %s, %s, has no output %s", s.Name, s.Account, s.Region, generator.BaseKey),
			"somebody else deploys or deletes it at this time: run it again")
	}
	return nil
}

// leftOver tells what to do about a name that is taken: base stacks keep their keys,
// buckets and repositories when they are deleted.
func leftOver(err error) error {
	var failure cloud.Failure
	if !errors.As(err, &failure) || !strings.Contains(err.Error(), "already exists") {
		return err
	}
	return cloud.Hinted(err, "what an earlier stack kept bears that name: remove it by `foldstack teardown`, or import it, as docs/bootstrap.md says; then run it again")
}

// serial tells a watcher of one thing after the other.
type serial struct {
	lock    sync.Mutex
	watcher Watcher
}

func (s *serial) Begun(step *Step)                 { s.tell(func() { s.watcher.Begun(step) }) }
func (s *serial) Event(step *Step, e stacks.Event) { s.tell(func() { s.watcher.Event(step, e) }) }
func (s *serial) Ended(step *Step)                 { s.tell(func() { s.watcher.Ended(step) }) }
func (s *serial) Waiting(c *Connection)            { s.tell(func() { s.watcher.Waiting(c) }) }

func (s *serial) tell(what func()) {
	s.lock.Lock()
	defer s.lock.Unlock()
	what()
}
