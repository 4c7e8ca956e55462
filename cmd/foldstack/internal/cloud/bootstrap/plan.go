package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// Options say which of the base stacks, and how.
type Options struct {
	Targets bool     // the target stacks alone
	Only    []string // of those the ones of these environments and accounts; none is all
	NoWait  bool     // not for a connection
	Sets    Sets     // of the target stacks, instead of one by one
}

// Action is what is to be done about a stack.
type Action string

// The actions.
const (
	Create  Action = "create"
	Replace Action = "replace" // its creation was rolled back: what is left of it goes first
	Update  Action = "update"
	Follow  Action = "follow" // somebody is at work on it; what remains is done then
	Keep    Action = "keep"   // it is as it should be
	Leave   Action = "leave"  // the pipeline updates it
)

// Step is a stack and what is to be done about it.
type Step struct {
	generator.Base
	Units   []string // organizational units, where a stack set makes it in their accounts
	Phase   int      // counts from one: those of the same are done at the same time
	Action  Action
	Seeding Seeding
	Status  string // of the stack that is there, or empty
	Caller  string // who does it

	Outcome stacks.Outcome // of a run, where something was done
	Err     error          // of a run

	site  site
	there *stacks.Stack
}

// site is where a stack is deployed: one place, or the accounts of a stack set.
type site interface {
	Stack(ctx context.Context, name string) (*stacks.Stack, error)
	Deploy(ctx context.Context, d stacks.Deployment, tell func(stacks.Event)) (stacks.Outcome, error)
	Stuck(s *stacks.Stack) error
}

// Pending reports a step in which something is done.
func (s *Step) Pending() bool { return s.Action != Keep && s.Action != Leave }

// Plan is what has to be done, in its order.
type Plan struct {
	Steps      []*Step
	Connection *Connection // that the pipeline waits for, or nil

	project  *model.Project
	accounts *cloud.Accounts
	options  Options
	tooling  *stacks.Stack // as it was found, or nil
	key      string        // its id, where the tooling stack has made it
}

// Pending are the steps in which something is done.
func (p *Plan) Pending() []*Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s *Step) bool { return !s.Pending() })
}

// Look finds what there is to do. Everything that is in the way comes at once, as errors
// that are joined: accounts that cannot be entered, regions that are not enabled, stacks
// that take no update.
func Look(ctx context.Context, accounts *cloud.Accounts, project *model.Project, bases []generator.Base, o Options) (*Plan, error) {
	p := &Plan{project: project, accounts: accounts, options: o}
	chosen, err := o.Choose(bases)
	if err != nil {
		return nil, err
	}
	for _, b := range chosen {
		p.Steps = append(p.Steps, &Step{Base: b, Units: o.Sets.Of(b.Environment)})
	}
	p.gather()
	for _, look := range []func(context.Context) error{p.enter, p.checkRegions, p.find} {
		if err := look(ctx); err != nil {
			return nil, cloud.Interrupted(ctx, err)
		}
	}
	p.order()
	p.number()
	return p, cloud.Interrupted(ctx, p.lookAtConnection(ctx))
}

// Choose picks the base stacks that are meant.
func (o Options) Choose(bases []generator.Base) ([]generator.Base, error) {
	if !o.Targets && len(o.Only) == 0 {
		return bases, nil
	}
	chosen := slices.DeleteFunc(slices.Clone(bases), func(b generator.Base) bool {
		meant := len(o.Only) == 0 || slices.Contains(o.Only, b.Environment) || slices.Contains(o.Only, b.Account)
		return b.Environment == "" || !meant
	})
	if len(chosen) == 0 {
		return nil, cloud.Hinted(errors.New("no target account has a stack"), "an environment needs accounts and regions: see `environments` in foldstack.yaml")
	}
	return chosen, nil
}

// gather makes one step of the target stacks of an environment that a stack set makes.
func (p *Plan) gather() {
	var steps []*Step
	for _, s := range p.Steps {
		if s.Units == nil {
			steps = append(steps, s)
			continue
		}
		if !slices.ContainsFunc(steps, func(other *Step) bool { return other.Units != nil && other.Environment == s.Environment }) {
			s.Account = p.options.Sets.Account
			steps = append(steps, s)
		}
	}
	p.Steps = steps
}

// enter signs in to every account.
func (p *Plan) enter(ctx context.Context) error {
	return p.accounts.All(ctx, p.places())
}

// places are the accounts in which something is looked at or done. The tooling account
// is one: the key is there.
func (p *Plan) places() []string {
	list := []string{p.project.Tooling.Account}
	for _, s := range p.Steps {
		if !slices.Contains(list, s.Account) {
			list = append(list, s.Account)
		}
	}
	return list
}

// find compares the stacks that are there with those that should be.
func (p *Plan) find(ctx context.Context) error {
	if err := p.findKey(ctx); err != nil {
		return err
	}
	return cloud.Each(ctx, len(p.Steps), func(i int) error {
		err := p.findStep(ctx, p.Steps[i])
		p.Steps[i].Seeding = p.Steps[i].seeding()
		return err
	})
}

func (p *Plan) findStep(ctx context.Context, s *Step) error {
	session, err := p.accounts.Session(ctx, s.Account)
	if err != nil {
		return err
	}
	place := stacks.In(session, s.Region)
	s.Caller, s.site = session.Caller, place
	if s.Units != nil {
		s.site = newSet(session, s, p.project)
	}
	if err := p.fits(s); err != nil {
		return err
	}
	if s.there, err = p.stack(ctx, s); err != nil {
		return err
	}
	if s.there == nil && s.Environment != "" && s.Units == nil {
		if err := s.findInSet(ctx, place); err != nil {
			return err
		}
	}
	if s.there == nil {
		s.Action = Create
		return nil
	}
	s.Status = s.there.Status
	s.Action = s.decide(p.key)
	return errors.Join(s.site.Stuck(s.there), s.ofSet())
}

// stack is what is there of a step. The tooling stack is looked at once: were it finished
// between two looks, it would be as it should be, and its key unknown.
func (p *Plan) stack(ctx context.Context, s *Step) (*stacks.Stack, error) {
	if s.Name == model.ToolingStack(p.project.Name) {
		return p.tooling, nil
	}
	return s.site.Stack(ctx, s.Name)
}

// findInSet finds the stack that a stack set has made instead.
func (s *Step) findInSet(ctx context.Context, place *stacks.Place) error {
	all, err := place.All(ctx)
	if i := slices.IndexFunc(all, func(made *stacks.Stack) bool { return made.Set() == s.Name }); i >= 0 {
		s.there = all[i]
	}
	return err
}

// ofSet fails where something would be done to a stack that a stack set has made.
func (s *Step) ofSet() error {
	if !s.Pending() || s.there == nil || s.there.Set() == "" {
		return nil
	}
	return cloud.Hinted(fmt.Errorf("the stack %s in account %s, %s, is of a stack set, and is stale", s.there.Name, s.Account, s.Region),
		"run `foldstack bootstrap` with the --stackset that it was made with")
}

// findKey finds the tooling stack, and takes the id of the key from it.
func (p *Plan) findKey(ctx context.Context) error {
	session, err := p.accounts.Session(ctx, p.project.Tooling.Account)
	if err != nil {
		return err
	}
	name := model.ToolingStack(p.project.Name)
	if p.tooling, err = stacks.In(session, p.project.Tooling.Region).Stack(ctx, name); err != nil {
		return err
	}
	lacks := "is not there"
	if p.tooling != nil {
		lacks, p.key = "is not complete", p.tooling.Outputs[generator.BaseKey]
	}
	if p.key == "" && !p.first(generator.Base{Name: name}) {
		return cloud.Hinted(
			fmt.Errorf("the stack %s in account %s, %s, %s, and has the key of all others", name, session.Account, p.project.Tooling.Region, lacks),
			"run `foldstack bootstrap` without --targets and --only first",
		)
	}
	return nil
}

// first reports whether a stack is among the steps.
func (p *Plan) first(b generator.Base) bool {
	return slices.ContainsFunc(p.Steps, func(s *Step) bool { return s.Name == b.Name })
}

// decide is what is to be done about a stack, given the id of the key.
func (s *Step) decide(key string) Action {
	switch {
	case s.Status == string(types.StackStatusReviewInProgress):
		return Create
	case s.Status == string(types.StackStatusRollbackComplete):
		return Replace
	case s.UpdatesItself && (strings.HasPrefix(s.Status, "UPDATE_") || !s.there.InProgress()):
		return Leave
	case s.there.InProgress():
		return Follow
	case s.there.Outputs[generator.BaseDigest] == s.Digest && maps.Equal(s.there.Parameters, s.Parameters(key)):
		return Keep
	}
	return Update
}

// order puts the pipeline before the tooling stack where that takes back a connection
// that the pipeline uses: an export in use cannot go.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
func (p *Plan) order() {
	first, last := p.Steps[0], p.Steps[len(p.Steps)-1]
	if first.there == nil || first.there.Outputs[generator.BaseConnection] == "" || first.Makes("CodeConnections") || last.Action != Leave {
		return
	}
	last.Action = Update
	p.Steps = append([]*Step{last}, p.Steps[:len(p.Steps)-1]...)
}

// number tells steps that are done at the same time, those that need nothing but the
// key, from others.
func (p *Plan) number() {
	for i, s := range p.Steps {
		switch {
		case i == 0:
			s.Phase = 1
		case s.NeedsKey && p.Steps[i-1].NeedsKey:
			s.Phase = p.Steps[i-1].Phase
		default:
			s.Phase = p.Steps[i-1].Phase + 1
		}
	}
}
