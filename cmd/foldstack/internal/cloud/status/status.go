package status

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// Subject is what is asked about.
type Subject struct {
	Project  *model.Project
	Targets  []model.Target
	Bases    []generator.Base
	Compared bool // there is a tree to compare with: the project has no problems

	nested         []generator.Nested
	orchestrations int
}

// About asks about some environments of a project and what they need; about all where
// none is named.
func About(result *generator.Result, environments []string) *Subject {
	s := &Subject{Project: result.Project, Compared: len(result.Problems) == 0, Bases: result.Bases, nested: result.Nested, orchestrations: 1}
	if !s.Compared {
		s.Bases = generator.BaseStacks(result.Project)
	}
	if len(environments) > 0 {
		s.Bases = slices.DeleteFunc(slices.Clone(s.Bases), func(b generator.Base) bool {
			return b.Environment != "" && !slices.Contains(environments, b.Environment)
		})
	}
	for _, t := range result.Project.Targets() {
		if len(environments) == 0 || slices.Contains(environments, t.Environment) {
			s.Targets = append(s.Targets, t)
		}
	}
	for _, n := range s.nested {
		s.orchestrations = max(s.orchestrations, n.Orchestration)
	}
	return s
}

// Status is what is deployed.
type Status struct {
	Pipeline Pipeline
	Bases    []Base   // in the order in which they are deployed
	Targets  []Target // in the order of promotion; each orchestration of one by itself

	subject *Subject
}

// Reading is a look at AWS, which takes a while.
type Reading struct {
	subject  *Subject
	accounts *cloud.Accounts
	done     atomic.Int64
}

// Of makes ready to look.
func Of(subject *Subject, accounts *cloud.Accounts) *Reading {
	return &Reading{subject: subject, accounts: accounts}
}

// Progress is how many of all stacks have been looked at.
func (r *Reading) Progress() (done, all int) {
	return int(r.done.Load()), len(r.subject.Bases) + len(r.subject.Targets)*r.subject.orchestrations
}

// Read looks at everything. What could not be read says so at its place; an error tells
// that nothing could.
func (r *Reading) Read(ctx context.Context) (*Status, error) {
	s := &Status{subject: r.subject}
	for _, b := range r.subject.Bases {
		s.Bases = append(s.Bases, baseOf(b))
	}
	for _, t := range r.subject.Targets {
		for n := range r.subject.orchestrations {
			s.Targets = append(s.Targets, r.subject.targetOf(t, n+1))
		}
	}
	reads := []func(){func() { s.Pipeline = r.pipeline(ctx) }}
	for i := range s.Bases {
		reads = append(reads, func() { r.base(ctx, &s.Bases[i]); r.done.Add(1) })
	}
	for i := range s.Targets {
		reads = append(reads, func() { r.target(ctx, &s.Targets[i]); r.done.Add(1) })
	}
	// What fails says so at its place.
	_ = cloud.Each(ctx, len(reads), func(i int) error { reads[i](); return nil })
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	s.trace()
	return s, s.unread()
}

// trace says by which run each target was deployed.
func (s *Status) trace() {
	for i := range s.Targets {
		t := &s.Targets[i]
		t.Run = s.Pipeline.deployed[t.place()]
	}
}

// unread is why nothing could be read, if nothing could.
func (s *Status) unread() error {
	if s.Pipeline.Err == nil {
		return nil
	}
	for _, stack := range s.stacks() {
		if stack.Err == nil {
			return nil
		}
	}
	return s.Pipeline.Err
}

// stacks are all that were looked at.
func (s *Status) stacks() []*Stack {
	var list []*Stack
	for i := range s.Bases {
		list = append(list, &s.Bases[i].Stack)
	}
	for i := range s.Targets {
		list = append(list, &s.Targets[i].Stack)
	}
	return list
}
