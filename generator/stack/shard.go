package stack

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// What one orchestration holds. A nested stack is one of the resources of the
// orchestration, and its resources count for the operation that deploys them all.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const (
	maxStacks    = model.MaxResources
	maxOperation = model.MaxOperation
)

// How full, in percent, an orchestration may be. While everything fits into
// unlisted the lock file says nothing, so that a folder can be added without
// generating; a new component goes where filled leaves room for the others to
// grow; what is there may grow to the limits.
const (
	unlisted = 50
	filled   = 80
	full     = 100
)

// load is how much of the limits something uses up.
type load struct{ stacks, resources int }

func (l load) plus(m load) load { return load{l.stacks + m.stacks, l.resources + m.resources} }

func (l load) fits(percent int) bool {
	return l.stacks*100 <= maxStacks*percent && l.resources*100 <= maxOperation*percent
}

func (l load) String() string {
	return fmt.Sprintf("%d stacks with %d resources", l.stacks, l.resources)
}

// component is what must stay in one orchestration, because outputs reach only
// inside one.
type component struct {
	members []*Child // by name
	load    load
	shard   int // where its members are; 0 for nowhere yet
}

// place decides which orchestration each child is in.
func place(links *Links, children []*Child, lock Lock, problems *diag.Problems) (map[string]int, Lock) {
	parts := components(links, children)
	var total load
	for _, c := range parts {
		total = total.plus(c.load)
	}
	placed := map[string]int{}
	switch {
	case len(lock.Places) == 0 && total.fits(full) && (total.fits(unlisted) || lock.Present || len(parts) == 1):
		for _, c := range children {
			placed[c.Name] = 1
		}
	case len(lock.Places) == 0 && lock.Present && all(parts, func(c *component) bool { return c.load.fits(full) }):
		problems.Addf("lock-ambiguous", diag.Place{File: LockFile}, "generate once with fewer new functions, so that the file lists what is deployed; or remove the file when nothing is",
			"the project needs several orchestrations now (%s), and %s does not say which functions are deployed already", total, LockFile)
		return everything(children), lock
	default:
		distribute(links, parts, lock, placed, problems)
	}
	next := Lock{Present: true}
	if len(lock.Places) > 0 || !total.fits(unlisted) {
		next.Places = placed
	}
	return placed, next
}

func everything(children []*Child) map[string]int {
	placed := map[string]int{}
	for _, c := range children {
		placed[c.Name] = 1
	}
	return placed
}

// distribute leaves what is locked where it is and puts the rest, component by
// component in the order of names, where there is room.
func distribute(links *Links, parts []*component, lock Lock, placed map[string]int, problems *diag.Problems) {
	loads := map[int]load{}
	for _, c := range parts {
		c.shard = home(links, c, lock, problems)
		if c.shard > 0 {
			loads[c.shard] = loads[c.shard].plus(c.load)
		}
	}
	for _, number := range sorted(loads) {
		if !loads[number].fits(full) {
			problems.Addf("orchestration-full", diag.Place{File: LockFile}, "remove the lines of some functions from the file: they move to another orchestration, which deletes their stacks and makes them again",
				"orchestration %d holds %s, and CloudFormation takes %d with %d", number, loads[number], maxStacks, maxOperation)
		}
	}
	for _, c := range parts {
		if c.shard == 0 {
			c.shard = firstWithRoom(loads, c)
			loads[c.shard] = loads[c.shard].plus(c.load)
			c.checkSize(links, problems)
		}
		for _, m := range c.members {
			placed[m.Name] = c.shard
		}
	}
}

// home is the orchestration in which a component's members are already.
func home(links *Links, c *component, lock Lock, problems *diag.Problems) int {
	shard := 0
	for _, m := range c.members {
		number := lock.Places[m.Name]
		if number > 0 && (shard == 0 || number < shard) {
			shard = number
		}
	}
	for _, m := range c.members {
		for _, r := range links.nodes[m.Name].sortedUses() {
			from, to := lock.Places[m.Name], lock.Places[r.Stack]
			if from > 0 && to > 0 && from != to {
				problems.Addf("output-across", r.Place, "pass the value another way, or remove the lines of both from "+LockFile+": they move together, which deletes the stacks that move and makes them again",
					"%s is in orchestration %d and %s in orchestration %d, and outputs reach only inside one", m.Name, from, r.Stack, to)
			}
		}
	}
	return shard
}

func firstWithRoom(loads map[int]load, c *component) int {
	for number := 1; ; number++ {
		there, used := loads[number]
		if !used || there.plus(c.load).fits(filled) {
			return number
		}
	}
}

// checkSize reports a component that no orchestration holds, and where it can be
// cut: at the outputs that most others take.
func (c *component) checkSize(links *Links, problems *diag.Problems) {
	if c.load.fits(full) {
		return
	}
	hub, takers := c.hub(links)
	problems.Addf("component-too-large", c.members[0].Place,
		"cut it where most hold on: "+strconv.Itoa(takers)+" of them take outputs of "+hub+"; hand those over by a parameter in Parameter Store or by a name, or move a part into a project of its own",
		"%s are tied together by outputs, from %s to %s, and one orchestration takes %d with %d",
		c.load, c.members[0].Name, c.members[len(c.members)-1].Name, maxStacks, maxOperation)
}

// hub is the member whose outputs most others take.
func (c *component) hub(links *Links) (name string, takers int) {
	count := map[string]int{}
	for _, m := range c.members {
		of := map[string]bool{}
		for _, r := range links.nodes[m.Name].sortedUses() {
			of[r.Stack] = true
		}
		for stack := range of {
			count[stack]++
		}
	}
	for _, stack := range sorted(count) {
		if count[stack] > takers {
			name, takers = stack, count[stack]
		}
	}
	return name, takers
}

func all[T any](list []T, holds func(T) bool) bool {
	return !slices.ContainsFunc(list, func(x T) bool { return !holds(x) })
}

// components are the sets of children that outputs tie together, by their first
// name.
func components(links *Links, children []*Child) []*component {
	root := map[string]string{}
	var find func(name string) string
	find = func(name string) string {
		if root[name] == name {
			return name
		}
		root[name] = find(root[name])
		return root[name]
	}
	for _, c := range children {
		root[c.Name] = c.Name
	}
	for _, c := range children {
		for _, r := range links.nodes[c.Name].sortedUses() {
			if _, known := root[r.Stack]; known {
				a, b := find(c.Name), find(r.Stack)
				root[max(a, b)] = min(a, b)
			}
		}
	}
	return gather(children, find)
}

func gather(children []*Child, find func(string) string) []*component {
	byRoot := map[string]*component{}
	var list []*component
	byName := slices.SortedFunc(slices.Values(children), func(a, b *Child) int { return cmp.Compare(a.Name, b.Name) })
	for _, child := range byName {
		c := byRoot[find(child.Name)]
		if c == nil {
			c = &component{}
			byRoot[find(child.Name)] = c
			list = append(list, c)
		}
		c.members = append(c.members, child)
		c.load = c.load.plus(load{1, child.Resources + 1})
	}
	return list
}
