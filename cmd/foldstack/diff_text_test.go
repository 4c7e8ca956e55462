package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diff"
	"github.com/foldstack/foldstack/generator/model"
)

// shownDiff prints a place of a function.
func shownDiff(t *testing.T, paint bool, place diff.Place) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	s := &session{stdout: &stdout, stderr: &stderr, paint: paint}
	side := side{Name: "a", result: &generator.Result{Project: &model.Project{}}}
	report := &diff.Report{Functions: []diff.Change{{Kind: diff.Function, Name: "orders", Action: diff.Changed, Places: []diff.Place{place}}}}
	require.NoError(t, s.diffText(side, side, report))
	return stdout.String()
}

func TestWhatBecomesOfAResourceIsTold(t *testing.T) {
	property := diff.Property{Path: "Name", Values: diff.Values{Before: ptr("a"), After: ptr("b")}}
	for _, c := range []struct {
		resource diff.Resource
		want     []string
	}{
		{diff.Resource{Action: diff.Changed, Properties: []diff.Property{property}}, []string{"~ Thing  Name: a → b"}},
		{diff.Resource{Action: diff.Changed, Properties: []diff.Property{{Path: "Name", Values: diff.Values{After: ptr("")}}}}, []string{`~ Thing  Name: nothing → ""`}},
		{diff.Resource{Action: diff.Changed, Properties: []diff.Property{{Path: "Stage", Values: diff.Values{After: ptr(strings.Repeat("x", 100))}}}}, []string{"~ Thing  Stage: is added"}},
		{diff.Resource{Action: diff.Changed, Properties: []diff.Property{{Path: "Stage", Values: diff.Values{Before: ptr(strings.Repeat("x", 100))}}}}, []string{"~ Thing  Stage: is removed"}},
		{diff.Resource{Action: diff.Changed, Properties: []diff.Property{{Path: "Role", Follows: "Role"}}}, []string{"~ Thing  Role: follows Role"}},
		{diff.Resource{Action: diff.Changed, Properties: []diff.Property{{Path: "Document", Policy: true}}}, []string{"~ Thing  Document: written otherwise, and grants the same"}},
		{diff.Resource{Action: diff.Changed, Maybe: true, Properties: []diff.Property{property}}, []string{"~ Thing  Name: a → b", "~        may be replaced: the values decide"}},
		{
			diff.Resource{Action: diff.Changed, Maybe: true, LosesData: true, Properties: []diff.Property{property}},
			[]string{"~ Thing  Name: a → b", "~        may be replaced, and then its data is lost: the values decide"},
		},
		{diff.Resource{Action: diff.Replaced, Properties: []diff.Property{property}}, []string{"! Thing  Name: a → b", "!        is replaced"}},
		{diff.Resource{Action: diff.Replaced, LosesData: true, Properties: []diff.Property{property}}, []string{"! Thing  Name: a → b", "!        is replaced, and its data is lost"}},
		{
			diff.Resource{Action: diff.Replaced, Refused: diff.Named, Name: "jobs", Properties: []diff.Property{property}},
			[]string{"! Thing  Name: a → b", "!        CloudFormation refuses to replace what keeps its name, jobs: give it another, or another logical id"},
		},
		{
			diff.Resource{Action: diff.Replaced, Refused: diff.Retyped, Properties: []diff.Property{property}},
			[]string{"! Thing  Name: a → b", "!        CloudFormation refuses another type under the same logical id: give it another"},
		},
		{diff.Resource{Action: diff.Removed, Type: "T", Name: "jobs", LosesData: true}, []string{"- Thing  T jobs: its data is lost"}},
		{diff.Resource{Action: diff.Added, Type: "T", Name: "jobs-…"}, []string{"+ Thing  T"}},
	} {
		c.resource.ID = "Thing"
		place := diff.Place{Environment: "dev", Action: diff.Changed, Resources: []diff.Resource{c.resource}}
		assert.Equal(t, "~ orders\n  dev\n    "+strings.Join(c.want, "\n    ")+"\n", shownDiff(t, false, place))
	}
}

func TestAGrantIsToldByWhatItWidens(t *testing.T) {
	grant := diff.Grant{Subject: "Role", Action: diff.Added, Widens: true, Effect: "Allow", Actions: []string{"s3:GetObject"}, Resources: []string{"a", "b"}}
	for want, change := range map[string]func(*diff.Grant){
		"+ Role  may s3:GetObject on a, b":                    func(*diff.Grant) {},
		"~ Role  may s3:GetObject on a, b":                    func(g *diff.Grant) { g.Widens = false },
		"- Role  may no longer s3:GetObject on a, b":          func(g *diff.Grant) { g.Widens, g.Action = false, diff.Removed },
		"- Role  may not s3:GetObject on a, b":                func(g *diff.Grant) { g.Widens, g.Effect = false, "Deny" },
		"+ Role  is no longer denied s3:GetObject on a, b":    func(g *diff.Grant) { g.Action, g.Effect = diff.Removed, "Deny" },
		"+ Role  lambda may s3:GetObject on a, b if Bool x y": func(g *diff.Grant) { g.Principals, g.Condition = []string{"lambda"}, "Bool x y" },
		"+ Role  has the policy arn:p":                        func(g *diff.Grant) { g.Policy = "arn:p" },
		"- Role  has no longer the policy arn:p":              func(g *diff.Grant) { g.Policy, g.Action, g.Widens = "arn:p", diff.Removed, false },
		"+ Role  may 1, 2, 3, 4, 5 and 2 more on a, b":        func(g *diff.Grant) { g.Actions = strings.Split("1234567", "") },
	} {
		g := grant
		change(&g)
		place := diff.Place{Environment: "dev", Action: diff.Changed, Grants: []diff.Grant{g}}
		assert.Equal(t, "~ orders\n  dev\n    "+want+"\n", shownDiff(t, false, place))
	}
}

func TestADifferenceInColoursSaysTheSame(t *testing.T) {
	place := diff.Place{
		Environment: "dev", Action: diff.Changed, Code: &diff.Values{Before: ptr("a"), After: ptr("b")},
		Resources: []diff.Resource{{ID: "Thing", Action: diff.Removed, Type: "T\x1b[31m"}},
	}
	plain, colours := shownDiff(t, false, place), shownDiff(t, true, place)
	assert.NotContains(t, plain, "\x1b")
	assert.Contains(t, colours, red+"-"+"\x1b[0m")
	assert.Equal(t, plain, strings.NewReplacer(red, "", green, "", yellow, "", "\x1b[0m", "").Replace(colours))
}
