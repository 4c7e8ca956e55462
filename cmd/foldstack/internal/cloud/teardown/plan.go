package teardown

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
	Where   live.Where
	KeyWait int // how many days KMS waits before it deletes a key, from 7 to 30
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
	regionBuckets
	tooling
	toolingBuckets
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
	Others []*live.Stack // that are called as ours are, and of which nothing says that they are

	// Accounts and Regions have left the configuration and were found by deployed stacks
	// that may be gone when a plan is made again.
	Accounts, Regions []string
}

// Resource is one that outlives its stack.
type Resource struct{ Stack, Type, ID, Account, Region string }

// Needed is a target stack that stays because another stack needs its role.
type Needed struct{ Target, By *live.Stack }

// look is what Look knows.
type look struct {
	accounts *cloud.Accounts
	project  *model.Project
	highest  int // number of an orchestration of a target
	choice   Choice
	spots    []live.Spot
	found    []*live.Stack
	plan     *Plan
}

// Look finds what there is of a project, and plans what to do. It changes nothing. What the
// working tree holds need not be read elsewhere.
func Look(ctx context.Context, accounts *cloud.Accounts, tree *generator.Result, choice Choice) (*Plan, error) {
	found, err := live.Find(ctx, accounts, tree.Project, choice.where(tree.Project))
	if err != nil {
		return nil, err
	}
	l := &look{
		accounts: accounts, project: tree.Project, highest: orchestrations(tree), choice: choice,
		spots: found.Spots, found: found.Stacks, plan: &Plan{Accounts: found.Accounts, Regions: found.Regions},
	}
	var chosen []*live.Stack
	for _, s := range l.found {
		switch ours := l.ours(s); {
		case !ours && l.configured(s):
			return nil, disguised(s)
		case !ours:
			l.plan.Others = append(l.plan.Others, s)
		case !l.chosen(s):
		case s.Set() != "":
			l.plan.Sets = append(l.plan.Sets, s)
		default:
			chosen = append(chosen, s)
		}
	}
	chosen = l.withoutNeeded(chosen)
	for _, s := range chosen {
		l.add(l.stackStep(s))
	}
	if l.plan.Kept, err = kept(ctx, chosen, tree.Assets); err != nil {
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

// orchestrations is how many every target has.
func orchestrations(tree *generator.Result) int {
	n := 1
	for _, nested := range tree.Nested {
		n = max(n, nested.Orchestration)
	}
	return n
}

// disguised refuses to go on where a stack has the name and the place of one of ours, and
// another template: whatever it is may need what would be removed.
func disguised(s *live.Stack) error {
	return cloud.Hinted(
		fmt.Errorf("the stack %s in account %s, %s, has the name of one of this project, and foldstack did not write its template", s.Name, s.Place.Account, s.Place.Region),
		"look at what it is; where it is not needed, delete it by hand, and run this again",
	)
}

// ours reports a stack that foldstack made for this project. Where a creation that failed
// has left neither template nor resource, its name is taken for it: one of those that the
// configuration gives, or that a target stack of ours gives to its functions.
func (l *look) ours(s *live.Stack) bool {
	if s.Ours || !s.Husk() {
		return s.Ours
	}
	return l.configured(s) || l.named(s) && slices.ContainsFunc(l.found, func(target *live.Stack) bool { return target.Ours && needs(s, target) })
}

// named reports a stack with a name that the orchestrations of its environment have.
func (l *look) named(s *live.Stack) bool {
	first := model.OrchestrationStack(l.project.Name, s.Environment, "")
	number, further := strings.CutPrefix(s.Name, first+"-")
	_, err := strconv.Atoi(number)
	return s.Name == first || further && err == nil
}

// where leaves out the accounts that the choice does not concern, so that they need not
// be entered. An account or environment that was chosen need not be one of the
// configuration.
func (c Choice) where(p *model.Project) live.Where {
	where := c.Where
	switch e := p.Environment(c.Only); {
	case e != nil:
		where.Only = func(account string) bool {
			return slices.Contains(c.Where.Accounts, account) || slices.ContainsFunc(e.Accounts, func(a source.Field[string]) bool { return a.Value == account })
		}
	case accountID.MatchString(c.Only):
		where.Accounts = append([]string{c.Only}, where.Accounts...)
		where.Only = func(account string) bool { return account == c.Only }
	}
	return where
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
	for i := range l.highest {
		if s.Name == model.OrchestrationStack(l.project.Name, s.Environment, strconv.Itoa(i+1)) {
			return true
		}
	}
	return false
}

// withoutNeeded leaves out target stacks whose role another stack needs that is not
// chosen.
func (l *look) withoutNeeded(chosen []*live.Stack) []*live.Stack {
	var list []*live.Stack
	for _, s := range chosen {
		by := slices.IndexFunc(l.found, func(other *live.Stack) bool { return needs(other, s) && !slices.Contains(chosen, other) })
		if by < 0 {
			list = append(list, s)
		} else {
			l.plan.Needed = append(l.plan.Needed, Needed{s, l.found[by]})
		}
	}
	return list
}

// needs reports an orchestration that CloudFormation deletes by the role of a target
// stack: of its environment in its account, in whichever region.
func needs(s, target *live.Stack) bool {
	return target.Kind == live.Target && s.Kind == live.Orchestration && s.Environment == target.Environment && s.Place.Account == target.Place.Account
}
