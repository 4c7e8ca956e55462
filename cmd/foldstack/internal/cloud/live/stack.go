package live

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

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
	Templates   []string // what it was deployed from, and what its change sets would deploy
	Nested      []*stacks.Stack
}

// Spot is where the stack lies.
func (s *Stack) Spot() Spot { return Spot{s.Place.Account, s.Place.Region} }

// stacksAtOnce is how many stacks of a spot are read at once.
const stacksAtOnce = 4

// Look finds the stacks of a project in all spots, by account, region and name.
func Look(ctx context.Context, accounts *cloud.Accounts, project string, spots []Spot) ([]*Stack, error) {
	found := make([][]*Stack, len(spots))
	err := cloud.Each(ctx, len(spots), func(i int) (err error) {
		found[i], err = lookInto(ctx, accounts, project, spots[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	all := slices.Concat(found...)
	slices.SortFunc(all, func(a, b *Stack) int {
		return cmp.Or(cmp.Compare(a.Place.Account, b.Place.Account), cmp.Compare(a.Place.Region, b.Place.Region), cmp.Compare(a.Name, b.Name))
	})
	return all, nil
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

// rooted puts nested stacks below their roots.
func rooted(place *stacks.Place, project string, there []*stacks.Stack) []*Stack {
	var roots []*Stack
	byID := map[string]*Stack{}
	for _, s := range there {
		if s.Root == "" {
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
func (s *Stack) read(ctx context.Context, project string) error {
	if !s.Reviewed() {
		text, err := s.Place.Template(ctx, s.ID)
		if err != nil {
			return err
		}
		s.Templates = append(s.Templates, text)
	}
	proposed, err := s.Place.Proposed(ctx, s.ID)
	if err != nil {
		return err
	}
	s.Templates = append(s.Templates, proposed...)
	s.Ours = slices.ContainsFunc(s.Templates, func(text string) bool { return writtenFor(text) == project })
	return nil
}

// another reports a stack of a project whose name begins with that of this one.
func (s *Stack) another(project string) bool {
	return !s.Ours && slices.ContainsFunc(s.Templates, func(text string) bool { return writtenFor(text) != "" })
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
