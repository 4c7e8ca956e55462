package live

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"golang.org/x/sync/errgroup"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// Kind is what a stack is for.
type Kind string

// The kinds, as people are told of them.
const (
	Orchestration Kind = "functions"
	Pipeline      Kind = "pipeline"
	Target        Kind = "target"
	Region        Kind = "region"
	Tooling       Kind = "tooling"
)

// Stack is one that nothing nests.
type Stack struct {
	*stacks.Stack
	Place       *stacks.Place
	Kind        Kind
	Environment string   // of functions and targets
	Ours        bool     // foldstack wrote its template, for this project
	Deployed    string   // the template that it was deployed from; empty where it has none
	Proposed    []string // those that its change sets would deploy
	Nested      []*stacks.Stack
}

// Templates are what it was deployed from, and what it may be deployed from next.
func (s *Stack) Templates() []string {
	if s.Deployed == "" {
		return s.Proposed
	}
	return append([]string{s.Deployed}, s.Proposed...)
}

// Spot is where the stack lies.
func (s *Stack) Spot() Spot { return Spot{s.Place.Account, s.Place.Region} }

// stacksAtOnce is how many stacks of a spot are read at once.
const stacksAtOnce = 4

// Found are the stacks of a project, and the spots into which somebody has looked.
type Found struct {
	Stacks []*Stack // by account, region and name
	Spots  []Spot

	// Accounts and Regions are those that nobody named, that have left the configuration
	// and that the tooling account still serves. When its stacks are gone nobody knows them.
	Accounts, Regions []string
}

// Find finds the stacks of a project: in the spots of its configuration, in those beside
// it, and in those that the deployed stacks of the tooling account still serve.
func Find(ctx context.Context, accounts *cloud.Accounts, p *model.Project, where Where) (*Found, error) {
	spots := Spots(p, where)
	there, err := Look(ctx, accounts, p.Name, spots)
	if err != nil {
		return nil, err
	}
	found := &Found{}
	found.Accounts, found.Regions = served(p, there)
	found.Accounts = slices.DeleteFunc(found.Accounts, func(a string) bool { return slices.Contains(where.Accounts, a) || where.leavesOut(a) })
	found.Regions = slices.DeleteFunc(found.Regions, func(r string) bool { return slices.Contains(where.Regions, r) })
	where.Accounts = slices.Concat(where.Accounts, found.Accounts)
	where.Regions = slices.Concat(where.Regions, found.Regions)
	further := slices.DeleteFunc(Spots(p, where), func(s Spot) bool { return slices.Contains(spots, s) })
	left, err := look(ctx, accounts, p.Name, further, func(s Spot, err error) error { return leftBehind(p, s, err) })
	if err != nil {
		return nil, err
	}
	found.Stacks, found.Spots = sorted(append(there, left...)), append(spots, further...)
	return found, nil
}

// leftBehind says of a spot that cannot be looked into why somebody wants to.
func leftBehind(p *model.Project, s Spot, err error) error {
	what, without := "the account "+s.Account, s.Account
	if configured(p, s.Account) {
		what, without = "the region "+s.Region, s.Account+"/"+s.Region
	}
	return cloud.Hinted(
		fmt.Errorf("%s has left foldstack.yaml, and the tooling account still serves it: %w", what, err),
		strings.TrimPrefix(cloud.HintOf(err)+"; where nobody can look any more, as after an account was closed, `--without "+without+"` does without", "; "),
	)
}

// Look finds the stacks of a project in all spots.
func Look(ctx context.Context, accounts *cloud.Accounts, project string, spots []Spot) ([]*Stack, error) {
	return look(ctx, accounts, project, spots, func(_ Spot, err error) error { return err })
}

func look(ctx context.Context, accounts *cloud.Accounts, project string, spots []Spot, explain func(Spot, error) error) ([]*Stack, error) {
	found := make([][]*Stack, len(spots))
	err := cloud.Each(ctx, len(spots), func(i int) (err error) {
		if found[i], err = lookInto(ctx, accounts, project, spots[i]); err != nil {
			return explain(spots[i], err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return sorted(slices.Concat(found...)), nil
}

// sorted brings stacks into the order of their accounts, regions and names.
func sorted(all []*Stack) []*Stack {
	slices.SortFunc(all, func(a, b *Stack) int {
		return cmp.Or(cmp.Compare(a.Place.Account, b.Place.Account), cmp.Compare(a.Place.Region, b.Place.Region), cmp.Compare(a.Name, b.Name))
	})
	return all
}

func lookInto(ctx context.Context, accounts *cloud.Accounts, project string, spot Spot) ([]*Stack, error) {
	session, err := accounts.Session(ctx, spot.Account)
	if err != nil {
		return nil, err
	}
	place := stacks.In(session, spot.Region)
	there, err := place.All(ctx)
	if err != nil {
		return nil, err
	}
	there = slices.DeleteFunc(there, func(s *stacks.Stack) bool { return !strings.HasPrefix(named(s), project+"-") })
	roots := rooted(place, project, there)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(stacksAtOnce)
	for _, root := range roots {
		group.Go(func() error { return root.read(ctx, project) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(roots, func(s *Stack) bool { return s.another(project) }), nil
}

// rooted puts nested stacks below their roots. What an update could not delete is nobody's
// any more: it stands by itself.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
func rooted(place *stacks.Place, project string, there []*stacks.Stack) []*Stack {
	var roots []*Stack
	byID, statuses := map[string]*Stack{}, map[string]string{}
	for _, s := range there {
		statuses[s.ID] = s.Status
	}
	for _, s := range there {
		left := s.Status == string(types.StackStatusDeleteFailed) && !strings.HasPrefix(statuses[s.Root], "DELETE_")
		if s.Root == "" || left {
			root := &Stack{Stack: s, Place: place}
			root.Kind, root.Environment = classify(project, s)
			roots, byID[s.ID] = append(roots, root), root
		}
	}
	for _, s := range there {
		if root := byID[s.Root]; root != nil {
			root.Nested = append(root.Nested, s)
		}
	}
	return roots
}

// named is the name that a stack would have where no stack set made it.
func named(s *stacks.Stack) string { return cmp.Or(s.Set(), s.Name) }

// classify tells by its name what a stack is for. No environment may be called as the
// stacks of the tooling account are.
func classify(project string, s *stacks.Stack) (kind Kind, environment string) {
	name := named(s)
	switch name {
	case model.PipelineStack(project):
		return Pipeline, ""
	case model.RegionStack(project):
		return Region, ""
	case model.ToolingStack(project):
		return Tooling, ""
	}
	environment = s.Parameters[generator.EnvironmentParameter]
	if environment == "" { // as of a stack that was never made
		environment = strings.TrimSuffix(further.ReplaceAllString(name[len(project)+1:], ""), model.TargetStack("", "")[1:])
	}
	if name == model.TargetStack(project, environment) {
		return Target, environment
	}
	return Orchestration, environment
}

// further is what the name of a further orchestration ends in.
var further = regexp.MustCompile(`-[0-9]+$`)

// read reads what the stack was deployed from, and what it may be deployed from next.
func (s *Stack) read(ctx context.Context, project string) (err error) {
	if s.Deployed, err = s.deployed(ctx); err != nil {
		return err
	}
	if s.Proposed, err = s.Place.Proposed(ctx, s.ID); err != nil {
		return err
	}
	s.Ours = slices.ContainsFunc(s.Templates(), func(text string) bool { return writtenFor(text) == project })
	return nil
}

// deployed is the template of the stack. One under review has none; whether one has whose
// creation was rolled back is not documented, nor whether it is empty then or an error.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html
func (s *Stack) deployed(ctx context.Context) (string, error) {
	if s.Reviewed() {
		return "", nil
	}
	text, err := s.Place.Template(ctx, s.ID)
	if s.Empty() && cloud.IsCode(err, "ValidationError") {
		return "", nil
	}
	return text, err
}

// Husk reports a stack that holds nothing, and of which no template is left that could
// say who made it.
func (s *Stack) Husk() bool { return s.Empty() && len(s.Templates()) == 0 }

// another reports a stack of a project whose name begins with that of this one.
func (s *Stack) another(project string) bool {
	return !s.Ours && slices.ContainsFunc(s.Templates(), func(text string) bool { return writtenFor(text) != "" })
}

// writtenFor is the project for which foldstack wrote a template, or empty.
func writtenFor(text string) string {
	if m := header.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

var header = regexp.MustCompile(`^# ([a-z0-9-]+): generated by foldstack from `)

// Settled reports a stack on which nobody is at work and which no operation has left
// half way.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func (s *Stack) Settled() bool {
	return !s.InProgress() && !halfway[s.Status]
}

// halfway are states out of which CloudFormation may still go back to templates that
// nothing names any more.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html
var halfway = map[string]bool{"UPDATE_FAILED": true, "UPDATE_ROLLBACK_FAILED": true, "IMPORT_ROLLBACK_FAILED": true}

// RolledBack reports a stack that went back to what it was before.
func (s *Stack) RolledBack() bool { return strings.Contains(s.Status, "ROLLBACK") }
