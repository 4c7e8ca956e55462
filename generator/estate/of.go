package estate

import (
	"fmt"
	"slices"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// maxStacks bounds what is instantiated: templates that nest two each double with every
// level. An account may have 2,000 in a region.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const maxStacks = 40_000

// Of instantiates the roots, everything that they nest, and the stacks that their stack
// sets deploy. What is wrong with them is added to problems; the estate is then what
// remains.
func Of(roots []Root, problems *diag.Problems) *Estate {
	return of(append(slices.Clip(roots), instancesOf(roots)...), problems)
}

func of(roots []Root, problems *diag.Problems) *Estate {
	m := &maker{problems: problems, sections: map[*template.Document]*sections{}}
	m.plant(roots)
	e := &Estate{byARN: map[string]*Resource{}, byType: map[string][]*Resource{}}
	for _, root := range m.roots {
		root.finish(e)
	}
	return e
}

// maker instantiates the stacks of one estate. Nothing is computed before it is asked
// for: a parameter may come from a resource that comes last, and an import from a root
// that was given last.
type maker struct {
	problems *diag.Problems
	sections map[*template.Document]*sections
	roots    []*instance
	stacks   int
	exports  map[place]exports
}

// place is an account and a region.
type place struct{ account, region string }

// plant makes the instances, without any values.
func (m *maker) plant(roots []Root) {
	paths := pathsOf(roots)
	for n := range roots {
		r := &roots[n]
		stack := &Stack{
			Name: r.Name, Document: r.Document, Partition: r.Partition, Account: r.Account, Region: r.Region, Set: r.Set,
			Parameters: make(map[string]string, len(r.Document.Parameters)),
		}
		if stack.Partition == "" {
			stack.Partition = partitionOf(r.Region)
		}
		root := m.instance(stack, nil, paths[n])
		root.given = r.Parameters
		m.roots = append(m.roots, root)
	}
}

func partitionOf(region string) model.Partition {
	if partition, ok := model.PartitionOf(region); ok {
		return partition
	}
	return model.Commercial
}

// instance makes the instance of a stack and of those that it nests.
func (m *maker) instance(stack *Stack, parent *instance, path string) *instance {
	m.stacks++
	d := stack.Document
	i := &instance{
		Stack: stack, maker: m, sections: m.sectionsOf(d), parent: parent, path: path,
		parameters: make([]lazy[any], len(d.Parameters)), conditions: make([]lazy[verdict], len(d.Conditions)),
		resources: make([]lazy[*Resource], len(d.Resources)), outputs: make([]lazy[string], len(d.Outputs)),
	}
	stack.ARN = i.arn("cloudformation", "stack/"+stack.Name+"/"+symbol.New(i.path+".StackId"))
	if len(d.Children) == 0 {
		return i
	}
	i.children = make(map[string]*instance, len(d.Children))
	for n := range d.Resources {
		id := d.Resources[n].Name
		child := d.Children[id]
		if child == nil || d.Resources[n].Type() != stackType || !m.nests(i, &d.Resources[n], child) {
			continue
		}
		i.children[id] = m.instance(&Stack{
			Name: generated(stack.Name, id, symbol.New(i.below(id)), stackNameLimit), Document: child, Partition: stack.Partition,
			Account: stack.Account, Region: stack.Region, Parent: stack,
			Parameters: make(map[string]string, len(child.Parameters)),
		}, i, i.below(id))
		i.children[id].nesting = n
	}
	return i
}

// nests reports whether a stack can nest a document, and says why it cannot.
func (m *maker) nests(i *instance, e *template.Entry, child *template.Document) bool {
	switch {
	case i.within(child):
		m.problems.Addf("estate-circle", e.Place, "remove one of the stacks that nest each other", "%s nests itself by its resource %s", child.Path, diag.Quote(e.Name))
		return false
	case m.stacks == maxStacks:
		m.stacks++ // it is told once
		m.problems.Addf("too-many-stacks", e.Place, "nest fewer stacks in those that are nested many times", "the stack %s of %s is one of more than %d", diag.Quote(e.Name), i.Document.Path, maxStacks)
		return false
	case m.stacks > maxStacks:
		return false
	}
	return true
}

// finish computes what nobody asked for, and hands a stack and those that it nests to
// the estate.
func (i *instance) finish(e *Estate) {
	e.Stacks = append(e.Stacks, i.Stack)
	for n := range i.Document.Parameters {
		i.Stack.Parameters[i.Document.Parameters[n].Name] = textOf(i.parameter(n))
	}
	i.Stack.Resources = make([]*Resource, 0, len(i.resources))
	for n := range i.resources {
		if r := i.resource(n); r != nil {
			i.Stack.Resources = append(i.Stack.Resources, r)
			e.add(r)
		}
	}
	i.Stack.Declared = i.declared()
	i.Stack.Outputs = make(map[string]string, len(i.outputs))
	for n := range i.outputs {
		if i.holds(conditionOf(&i.Document.Outputs[n])) != no {
			i.Stack.Outputs[i.Document.Outputs[n].Name] = i.output(n)
		}
	}
	for _, r := range i.Stack.Resources {
		if child := i.children[r.ID]; child != nil {
			child.Nesting = r
			child.finish(e)
		}
	}
}

func (e *Estate) add(r *Resource) {
	e.byType[r.Type] = append(e.byType[r.Type], r)
	if _, taken := e.byARN[r.ARN]; !taken && r.ARN != "" {
		e.byARN[r.ARN] = r
	}
}

// pathsOf are the names by which the symbols of roots are told apart: that of the
// stack, with its account and region where stacks have the same name.
func pathsOf(roots []Root) []string {
	times := map[string]int{}
	for n := range roots {
		times[roots[n].Name]++
	}
	paths := make([]string, len(roots))
	met := map[string]int{}
	for n := range roots {
		r := &roots[n]
		path := symbol.Show(r.Name)
		if times[r.Name] > 1 {
			path = symbol.Show(fmt.Sprintf("%s in %s %s", r.Name, r.Account, r.Region))
		}
		met[path]++
		if met[path] > 1 {
			path = fmt.Sprintf("%s, %d", path, met[path])
		}
		paths[n] = path
	}
	return paths
}
