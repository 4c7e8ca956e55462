package diff_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/diff"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

// state is a template that is deployed to two targets by itself.
func state(t testing.TB, yaml string) diff.State {
	t.Helper()
	var problems diag.Problems
	d := template.Written("stack.yaml", source.Parse("stack.yaml", []byte(yaml), &problems), len(yaml), &problems)
	require.Empty(t, problems.Sorted())
	s := diff.State{Units: map[*template.Document]diff.Unit{d: {Kind: diff.UserStack, Name: "stack", Data: []byte(yaml)}}}
	for _, target := range []model.Target{{Environment: "dev", Account: "222222222222", Region: "eu-central-1"}, {Environment: "dev", Account: "333333333333", Region: "eu-central-1"}} {
		s.Targets = append(s.Targets, target)
		s.Targeted = append(s.Targeted, diff.Cell{Environment: target.Environment, Cell: estate.Cell{
			Account: target.Account, Region: target.Region,
			Roots: []estate.Root{{Document: d, Name: "shop", Partition: model.Commercial, Account: target.Account, Region: target.Region}},
		}})
	}
	return s
}

// between is what becomes of the stack; nil where nothing does.
func between(t testing.TB, before, after string) *diff.Place {
	t.Helper()
	report := diff.Compare(state(t, before), state(t, after))
	if len(report.Stacks) == 0 {
		return nil
	}
	require.Len(t, report.Stacks, 1)
	require.Len(t, report.Stacks[0].Places, 1)
	require.Len(t, report.Stacks[0].Places[0].Targets, 2, "both targets are one class")
	return &report.Stacks[0].Places[0]
}

// resource is what becomes of one; nil where nothing does.
func resource(p *diff.Place, id string) *diff.Resource {
	if p == nil {
		return nil
	}
	for i := range p.Resources {
		if p.Resources[i].ID == id {
			return &p.Resources[i]
		}
	}
	return nil
}

// with is a template with a word in it replaced by another.
func with(template string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(template)
}

func textOf(value *string) string {
	if value == nil {
		return "nothing"
	}
	return *value
}
