package teardown

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/live"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// Choice is what to remove. Its zero value is everything.
type Choice struct {
	Only    string // the functions and target stacks of that environment or account
	Orphans bool   // what left the configuration

	// Orchestrations is how many each target has: those with higher numbers have left.
	Orchestrations int
	// Accounts and Regions are further ones to look into.
	Accounts, Regions []string
	// KeyWait is how many days KMS waits before it deletes a key, from 7 to 30.
	KeyWait int
	// Templates are those of the working tree, which need not be read elsewhere.
	Templates []generator.Asset
}

// Phase is when a step is done: after all of the phases before it.
type Phase int

// The phases.
const (
	functions Phase = iota
	pipeline
	targets
	contents
	replicaKeys
	primaryKey
	regions
	tooling
	buckets
	phases
)

// Step is one thing to remove.
type Step struct {
	Phase           Phase
	What            string
	Name            string
	Account, Region string
	Status          string // of a stack
	Left            bool   // it left the configuration
	Done            bool

	do func(ctx context.Context, tell func(stacks.Event)) error
}

// IsKey reports a key, which KMS deletes later.
func (s *Step) IsKey() bool { return s.Phase == replicaKeys || s.Phase == primaryKey }

// Plan is what to remove, in order, and what is not removed.
type Plan struct {
	Steps  []*Step
	Kept   []Resource    // what users' templates retain
	Needed []Needed      // target stacks that stay
	Sets   []*live.Stack // target stacks that stay, because a stack set would make them again
	Others []*live.Stack // that are called as ours are and were not written by foldstack
}

// Resource is one that outlives its stack.
type Resource struct{ Stack, Type, ID, Account, Region string }

// Needed is a target stack that stays because another stack needs its role.
type Needed struct{ Target, By *live.Stack }

// look is what Look knows.
type look struct {
	accounts *cloud.Accounts
	project  *model.Project
	choice   Choice
	spots    []live.Spot
	plan     *Plan
}

// Look finds what there is of a project, and plans what to do. It changes nothing.
func Look(ctx context.Context, accounts *cloud.Accounts, project *model.Project, choice Choice) (*Plan, error) {
	l := &look{accounts: accounts, project: project, choice: choice, plan: &Plan{}}
	l.spots = l.chosenSpots()
	found, err := live.Look(ctx, accounts, project.Name, l.spots)
	if err != nil {
		return nil, err
	}
	var chosen []*live.Stack
	for _, s := range found {
		switch {
		case !s.Ours && l.configured(s):
			return nil, disguised(s)
		case !s.Ours:
			l.plan.Others = append(l.plan.Others, s)
		case !l.chosen(s):
		case s.Set() != "":
			l.plan.Sets = append(l.plan.Sets, s)
		default:
			chosen = append(chosen, s)
		}
	}
	chosen = l.withoutNeeded(found, chosen)
	for _, s := range chosen {
		l.add(l.stackStep(s))
	}
	if l.plan.Kept, err = kept(ctx, chosen, choice.Templates); err != nil {
		return nil, err
	}
	if err := l.storage(ctx); err != nil {
		return nil, err
	}
	if err := l.keys(ctx, chosen); err != nil {
		return nil, err
	}
	l.plan.sort()
	return l.plan, nil
}

// disguised refuses to go on where a stack has the name and the place of one of ours, and
// another template: whatever it is may need what would be removed.
func disguised(s *live.Stack) error {
	return cloud.Hinted(
		fmt.Errorf("the stack %s in account %s, %s, has the name of one of this project, and foldstack did not write its template", s.Name, s.Place.Account, s.Place.Region),
		"look at what it is; where it is not needed, delete it by hand, and run this again",
	)
}

// chosenSpots are those that the choice concerns, so that no other account has to be
// entered. An account or environment that was chosen need not be one of the configuration.
func (l *look) chosenSpots() []live.Spot {
	only, further := l.choice.Only, l.choice.Accounts
	chosen := func(string) bool { return true }
	switch e := l.project.Environment(only); {
	case e != nil:
		chosen = func(account string) bool {
			return slices.Contains(further, account) || slices.ContainsFunc(e.Accounts, func(a source.Field[string]) bool { return a.Value == account })
		}
	case accountID.MatchString(only):
		further = append([]string{only}, further...)
		chosen = func(account string) bool { return account == only }
	}
	return slices.DeleteFunc(live.Spots(l.project, further, l.choice.Regions), func(spot live.Spot) bool { return !chosen(spot.Account) })
}

// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// chosen reports a stack that is to be removed.
func (l *look) chosen(s *live.Stack) bool {
	if l.choice.Orphans && l.configured(s) {
		return false
	}
	if l.choice.Only == "" {
		return true
	}
	ofTarget := s.Kind == live.Orchestration || s.Kind == live.Target
	return ofTarget && (s.Environment == l.choice.Only || s.Place.Account == l.choice.Only)
}

// configured reports a stack that the configuration asks for.
func (l *look) configured(s *live.Stack) bool {
	if s.Kind == live.Orchestration {
		target := model.Target{Environment: s.Environment, Account: s.Place.Account, Region: s.Place.Region}
		return slices.Contains(l.project.Targets(), target) && l.numbered(s)
	}
	return slices.ContainsFunc(generator.BaseStacks(l.project), func(b generator.Base) bool {
		return b.Name == s.Name && b.Account == s.Place.Account && b.Region == s.Place.Region
	})
}

// numbered reports an orchestration that is one of those that each target has.
func (l *look) numbered(s *live.Stack) bool {
	for i := range max(l.choice.Orchestrations, 1) {
		if s.Name == model.OrchestrationStack(l.project.Name, s.Environment, strconv.Itoa(i+1)) {
			return true
		}
	}
	return false
}

// withoutNeeded leaves out target stacks whose role another stack needs that is not
// chosen.
func (l *look) withoutNeeded(found, chosen []*live.Stack) []*live.Stack {
	var list []*live.Stack
	for _, s := range chosen {
		by := slices.IndexFunc(found, func(other *live.Stack) bool { return needs(other, s) && !slices.Contains(chosen, other) })
		if by < 0 {
			list = append(list, s)
		} else {
			l.plan.Needed = append(l.plan.Needed, Needed{s, found[by]})
		}
	}
	return list
}

// needs reports an orchestration that CloudFormation deletes by the role of a target
// stack: of its environment in its account, in whichever region.
func needs(s, target *live.Stack) bool {
	return target.Kind == live.Target && s.Kind == live.Orchestration && s.Environment == target.Environment && s.Place.Account == target.Place.Account
}
