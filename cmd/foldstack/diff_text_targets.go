package main

import (
	"slices"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diff"
)

func (d *diffPrinter) targets(t diff.Targets) {
	var lines []diffLine
	for _, target := range t.Added {
		lines = append(lines, diffLine{"+", target.Environment + " " + target.Account + " " + target.Region, "everything is created there"})
	}
	for _, target := range t.Removed {
		lines = append(lines, diffLine{"-", target.Environment + " " + target.Account + " " + target.Region, "is deployed to no longer; what is there stays"})
	}
	d.section("targets", lines)
}

func (d *diffPrinter) stages(st diff.Stages) {
	var lines []diffLine
	for _, stage := range st.Added {
		lines = append(lines, diffLine{"+", stage, ""})
	}
	for _, stage := range st.Removed {
		lines = append(lines, diffLine{"-", stage, ""})
	}
	d.section("stages of the pipeline", lines)
}

// deploys names the base stacks that a person has to deploy, and where.
func (d *diffPrinter) deploys(list []diff.Deploy) {
	var lines []diffLine
	for _, b := range list {
		text := b.Template + " in account " + b.Account + ", " + b.Region
		switch {
		case b.Action == diff.Removed:
			text += ": nothing uses it any more"
		case b.Action == diff.Changed && d.updatesItself(b.Stack):
			text += ": the pipeline updates it by itself"
		}
		lines = append(lines, diffLine{signs[b.Action], b.Stack, text})
	}
	d.section("base stacks to deploy", lines)
}

func (d *diffPrinter) updatesItself(name string) bool {
	return slices.ContainsFunc(generator.BaseStacks(d.after), func(b generator.Base) bool { return b.Name == name && b.UpdatesItself })
}
