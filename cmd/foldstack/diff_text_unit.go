package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/diff"
	"github.com/foldstack/foldstack/generator/model"
)

// change prints what becomes of a unit.
func (d *diffPrinter) change(c diff.Change) {
	d.begin(signs[c.Action], unitTitle(c))
	if len(c.Places) == 0 {
		fmt.Fprintln(&d.text, "  only in targets that come or go")
	}
	type group struct {
		where []string
		lines []diffLine
	}
	var groups []*group
	for _, p := range c.Places {
		lines := placeLines(p)
		i := slices.IndexFunc(groups, func(g *group) bool { return slices.Equal(g.lines, lines) })
		if i < 0 {
			i = len(groups)
			groups = append(groups, &group{lines: lines})
		}
		groups[i].where = append(groups[i].where, d.where(p))
	}
	for _, g := range groups {
		fmt.Fprintln(&d.text, "  "+diag.Visible(strings.Join(g.where, ", ")))
		d.lines("    ", g.lines)
	}
}

func unitTitle(c diff.Change) string {
	switch c.Kind {
	case diff.Function, diff.API, diff.Base:
		return c.Name
	case diff.UserStack, diff.Orchestration:
	}
	return string(c.Kind) + " " + c.Name
}

// where is the environment of a place, and its targets where they are not all.
func (d *diffPrinter) where(p diff.Place) string {
	var targets []string
	for _, t := range p.Targets {
		targets = append(targets, t.Account+" "+t.Region)
	}
	list := diag.Some(targets)
	if p.Environment == "" {
		return "account " + list
	}
	if e := d.after.Environment(p.Environment); e != nil && (len(p.Targets) < d.kept(e)) && !isBase(p, e) {
		return p.Environment + " (" + list + ")"
	}
	return p.Environment
}

// kept is how many targets of an environment both sides have.
func (d *diffPrinter) kept(e *model.Environment) int {
	n := 0
	before := d.before.Targets()
	for _, t := range e.Targets() {
		n += one(slices.Contains(before, t))
	}
	return n
}

// isBase reports whether a place is every account of an environment, each in the region
// of the base stacks.
func isBase(p diff.Place, e *model.Environment) bool {
	return len(p.Targets) == len(e.Accounts) && !slices.ContainsFunc(p.Targets, func(t diff.Target) bool { return t.Region != e.Regions[0].Value })
}

func placeLines(p diff.Place) []diffLine {
	var lines []diffLine
	if p.Code != nil {
		lines = append(lines, diffLine{"~", "code", shortDigest(p.Code.Before) + " → " + shortDigest(p.Code.After)})
	}
	for _, r := range p.Resources {
		lines = append(lines, resourceLines(r, p)...)
	}
	for _, g := range p.Grants {
		lines = append(lines, diffLine{grantSign(g), g.Subject, grantText(g)})
	}
	if len(lines) > 0 {
		return lines
	}
	switch {
	case p.Action == diff.Added:
		return []diffLine{{"+", "stack", "is new"}}
	case p.Action == diff.Removed:
		return []diffLine{{"-", "stack", "is deployed no longer; what is there stays"}}
	case p.Version:
		return []diffLine{{"~", "version", "a new one of the same: another environment changes"}}
	}
	return nil
}

func shortDigest(digest *string) string {
	const shown = 12
	if digest == nil {
		return "nothing"
	}
	return (*digest)[:min(shown, len(*digest))]
}
