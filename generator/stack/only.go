package stack

import (
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// A list of model.Only means the targets that one of them includes; an empty list
// means all targets.

func restricts(o model.Only) bool { return len(o.Environments) > 0 || len(o.Regions) > 0 }

func texts(fields []source.Field[string]) []string {
	var list []string
	for _, f := range fields {
		list = append(list, f.Value)
	}
	return list
}

func restrictions(o model.Only) []model.Only {
	if restricts(o) {
		return []model.Only{o}
	}
	return nil
}

// union is where at least one of several things exists.
func union(list []model.Only) []model.Only {
	seen := map[string]bool{}
	var distinct []model.Only
	for _, o := range list {
		if !restricts(o) {
			return nil
		}
		key := strings.Join(texts(o.Environments), ",") + ";" + strings.Join(texts(o.Regions), ",")
		if !seen[key] {
			seen[key] = true
			distinct = append(distinct, o)
		}
	}
	return distinct
}

// In reports whether a child exists in a target.
func (c *Child) In(t model.Target) bool { return exists(c.Only, t) }

func exists(list []model.Only, t model.Target) bool {
	if len(list) == 0 {
		return true
	}
	for _, o := range list {
		if o.Includes(t) {
			return true
		}
	}
	return false
}

// environments are those in which something exists, in the order of promotion.
func environments(project *model.Project, list []model.Only) []string {
	var names []string
	for i := range project.Environments {
		for _, t := range project.Environments[i].Targets() {
			if exists(list, t) {
				names = append(names, t.Environment)
				break
			}
		}
	}
	return names
}

// checkOnly reports names that nobody knows, and a selection of nothing.
func checkOnly(project *model.Project, n *node, problems *diag.Problems) {
	if n.function == nil && n.stack == nil || len(project.Environments) == 0 { // which is told once
		return
	}
	regions := map[string]bool{}
	for _, t := range project.Targets() {
		regions[t.Region] = true
	}
	for _, o := range n.only {
		known := true
		for _, f := range o.Environments {
			if project.Environment(f.Value) == nil {
				known = false
				problems.Addf("unknown-environment", f.Place, meant(f.Value, environments(project, nil), "the environments are "+strings.Join(environments(project, nil), ", ")), "foldstack.yaml has no environment %q", f.Value)
			}
		}
		for _, f := range o.Regions {
			if !regions[f.Value] {
				known = false
				problems.Addf("unknown-region", f.Place, meant(f.Value, sorted(regions), "the regions of the environments are "+strings.Join(sorted(regions), ", ")), "no environment has the region %q", f.Value)
			}
		}
		if known && environments(project, n.only) == nil {
			problems.Addf("only-nothing", o.Place, "name environments and regions that have a target in common", "`only` of %s selects no target", n.what())
		}
	}
}

// condition is the expression that holds where something exists, or nil where it
// exists in every target.
func condition(project *model.Project, list []model.Only) any {
	everywhere := true
	for _, t := range project.Targets() {
		everywhere = everywhere && exists(list, t)
	}
	if everywhere {
		return nil
	}
	var alternatives []any
	for _, o := range list {
		var both []any
		if either := anyOf(cfn.Ref(environmentParameter), texts(o.Environments)); either != nil {
			both = append(both, either)
		}
		if either := anyOf(cfn.Region, texts(o.Regions)); either != nil {
			both = append(both, either)
		}
		alternatives = append(alternatives, cfn.And(both...))
	}
	return cfn.Or(alternatives...)
}

func anyOf(value string, names []string) any {
	if len(names) == 0 {
		return nil
	}
	var equal []any
	for _, name := range names {
		equal = append(equal, cfn.Equals(value, name))
	}
	return cfn.Or(equal...)
}
