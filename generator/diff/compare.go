package diff

import (
	"cmp"
	"maps"
	"slices"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
)

// Compare tells what a deployment of one state would change of another.
func Compare(before, after State) *Report {
	c := &comparison{before: before, after: after, changes: map[name]*Change{}}
	c.cells(before.Targeted, after.Targeted)
	c.cells(before.Bases, after.Bases)
	c.comeAndGo()
	report := &Report{
		Functions: []Change{}, Stacks: []Change{},
		Targets:    targets(before.Targets, after.Targets),
		Stages:     Stages{missing(c.stages.before, c.stages.after), missing(c.stages.after, c.stages.before)},
		BaseStacks: deployed(before, after),
	}
	for _, n := range slices.SortedFunc(maps.Keys(c.changes), name.compare) {
		change := c.changes[n]
		c.order(change)
		if n.kind == Function {
			report.Functions = append(report.Functions, *change)
		} else {
			report.Stacks = append(report.Stacks, *change)
		}
	}
	for function := range after.Digests {
		if c.changes[name{Function, function}] == nil {
			report.Unchanged++
		}
	}
	return report
}

// name is what tells units apart.
type name struct {
	kind Kind
	name string
}

func (n name) compare(other name) int {
	return cmp.Or(cmp.Compare(slices.Index(kinds, n.kind), slices.Index(kinds, other.kind)), cmp.Compare(n.name, other.name))
}

// comparison collects what changes.
type comparison struct {
	before, after State
	changes       map[name]*Change
	stages        struct{ before, after []string }
}

// spot is where a cell is.
type spot struct{ environment, stack, account, region string }

func spotOf(c Cell) spot { return spot{c.Environment, c.Stack, c.Account, c.Region} }

// cells compares the stacks of the places that both states have.
func (c *comparison) cells(before, after []Cell) {
	was := map[spot]Cell{}
	for _, cell := range before {
		was[spotOf(cell)] = cell
	}
	type origin struct{ stack, account, region string }
	type joint struct {
		environment string
		first       int // how many stacks come from the first state
	}
	var cells []estate.Cell
	joints := map[origin]joint{}
	for _, cell := range after {
		old, ok := was[spotOf(cell)]
		roots := slices.Concat(old.Roots, cell.Roots)
		if !ok || len(roots) == 0 {
			continue
		}
		cells = append(cells, estate.Cell{Account: cell.Account, Region: cell.Region, Roots: roots})
		joints[origin{roots[0].Name, cell.Account, cell.Region}] = joint{cell.Environment, len(old.Roots)}
	}
	for _, class := range estate.Classes(cells) {
		m := class.Members[0]
		j := joints[origin{m.Roots[0].Name, m.Account, m.Region}]
		c.class(j.environment, class, j.first)
	}
}

// class compares the first stacks of a class with the others.
func (c *comparison) class(environment string, class estate.Class, first int) {
	var problems diag.Problems // of which the templates had none when they were checked
	before, after := estate.Of(class.Roots[:first], &problems), estate.Of(class.Roots[first:], &problems)
	pairs := pairsOf(before, after)
	targets := make([]Target, len(class.Members))
	for i, m := range class.Members {
		targets[i] = Target{m.Account, m.Region}
	}
	var resources []*pair
	for _, s := range pairs {
		s.unit = c.unit(s)
		resources = append(resources, s.resources()...)
	}
	follow(resources)
	for _, r := range resources {
		c.readStages(r)
	}
	places := map[name]*Place{}
	for _, s := range pairs {
		n := s.name()
		if places[n] == nil {
			places[n] = &Place{Environment: environment, Targets: targets, Resources: []Resource{}, Grants: []Grant{}}
		}
		s.tell(places[n], Values{digest(c.before, s.unit), digest(c.after, s.unit)})
	}
	for n, place := range places {
		if place.Action != "" {
			c.add(n, *place)
		}
	}
}

func (c *comparison) unit(s *stackPair) Unit {
	if s.after != nil {
		return c.after.Units[s.after.Document]
	}
	return c.before.Units[s.before.Document]
}

func digest(s State, u Unit) *string {
	if digest, ok := s.Digests[u.Name]; ok && u.Kind == Function {
		return &digest
	}
	return nil
}

// add adds what becomes of a unit in some targets to where the same becomes of it.
func (c *comparison) add(n name, place Place) {
	change := c.changes[n]
	if change == nil {
		change = &Change{Kind: n.kind, Name: n.name, Action: Changed, Places: []Place{}}
		c.changes[n] = change
	}
	for i := range change.Places {
		if same(change.Places[i], place) {
			change.Places[i].Targets = append(slices.Clip(change.Places[i].Targets), place.Targets...)
			return
		}
	}
	change.Places = append(change.Places, place)
}

// comeAndGo names the functions that come and go, also those that do so with all of
// their targets.
func (c *comparison) comeAndGo() {
	for _, side := range []struct {
		in, out State
		action  Action
	}{{c.after, c.before, Added}, {c.before, c.after, Removed}} {
		for function := range side.in.Digests {
			if _, ok := side.out.Digests[function]; ok {
				continue
			}
			n := name{Function, function}
			if c.changes[n] == nil {
				c.changes[n] = &Change{Kind: Function, Name: function, Places: []Place{}}
			}
			c.changes[n].Action = side.action
		}
	}
	for n, change := range c.changes {
		if n.kind != Function && !slices.ContainsFunc(change.Places, func(p Place) bool { return p.Action != change.Places[0].Action }) {
			change.Action = change.Places[0].Action
		}
	}
}

// order puts places in the order of promotion, and targets as the project names them.
func (c *comparison) order(change *Change) {
	rank := map[string]int{}
	for i, t := range c.after.Targets {
		if _, ok := rank[t.Environment]; !ok && t.Environment != "" {
			rank[t.Environment] = i + 1
		}
	}
	slices.SortStableFunc(change.Places, func(a, b Place) int { return cmp.Compare(rank[a.Environment], rank[b.Environment]) })
}

// targets are those that come and go.
func targets(before, after []model.Target) Targets {
	list := func(from, to []model.Target) []EnvironmentTarget {
		all := []EnvironmentTarget{}
		for _, t := range missing(to, from) {
			all = append(all, EnvironmentTarget{t.Environment, Target{t.Account, t.Region}})
		}
		return all
	}
	return Targets{list(after, before), list(before, after)}
}

// missing are the items of another list that a list lacks; never nil.
func missing[T comparable](list, other []T) []T {
	have := make(map[T]bool, len(list))
	for _, item := range list {
		have[item] = true
	}
	rest := []T{}
	for _, item := range other {
		if !have[item] {
			rest = append(rest, item)
		}
	}
	return rest
}
