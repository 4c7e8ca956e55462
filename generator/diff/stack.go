package diff

import (
	"reflect"
	"slices"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/check/schema"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/stack"
)

const nestedType = "AWS::CloudFormation::Stack"

// stackPair is a stack on either side; nil where it is not.
type stackPair struct {
	unit          Unit
	before, after *estate.Stack
	left          bool // nothing deploys it any more, and it stays as it is
	pairs         []*pair
}

// pairsOf puts the stacks of two estates together by their names and, of nested ones, by
// the logical ids that lead to them. Of a stack that is deployed by itself no longer,
// nothing is deleted.
func pairsOf(before, after *estate.Estate) []*stackPair {
	var list []*stackPair
	byPath := map[string]*stackPair{}
	pairAt := func(s *estate.Stack) *stackPair {
		path := pathOf(s)
		if byPath[path] == nil {
			byPath[path] = &stackPair{}
			list = append(list, byPath[path])
		}
		return byPath[path]
	}
	for _, s := range after.Stacks {
		pairAt(s).after = s
	}
	roots := map[string]bool{}
	for _, s := range after.Stacks {
		roots[s.Name] = roots[s.Name] || s.Parent == nil
	}
	for _, s := range before.Stacks {
		if left := !roots[rootOf(s).Name]; !left || s.Parent == nil {
			p := pairAt(s)
			p.before, p.left = s, left
		}
	}
	return list
}

// name is what the stack is told under: its unit, or of an orchestration its own name.
func (s *stackPair) name() name {
	if s.unit.Kind != Orchestration {
		return name{s.unit.Kind, s.unit.Name}
	}
	if s.after != nil {
		return name{Orchestration, shown(s.after.Name)}
	}
	return name{Orchestration, shown(s.before.Name)}
}

func rootOf(s *estate.Stack) *estate.Stack {
	for s.Parent != nil {
		s = s.Parent
	}
	return s
}

func pathOf(s *estate.Stack) string {
	if s.Nesting == nil {
		return s.Name
	}
	return pathOf(s.Parent) + "/" + s.Nesting.ID
}

// resources are those of both sides by their logical ids, with what changes.
func (s *stackPair) resources() []*pair {
	if s.left {
		return nil
	}
	old := map[string]*pair{}
	if s.before != nil {
		for _, r := range s.before.Resources {
			if !nests(r) {
				old[r.ID] = &pair{before: r}
			}
		}
	}
	if s.after != nil {
		for _, r := range s.after.Resources {
			if nests(r) {
				continue
			}
			p := old[r.ID]
			if p == nil {
				p = &pair{}
			}
			p.after = r
			delete(old, r.ID)
			s.pairs = append(s.pairs, p)
		}
	}
	if s.before != nil {
		for _, r := range s.before.Resources {
			if p := old[r.ID]; p != nil {
				s.pairs = append(s.pairs, p)
			}
		}
	}
	for _, p := range s.pairs {
		p.compare()
	}
	return s.pairs
}

// nests reports whether a resource is a stack whose resources are known: they are
// compared, and its template and parameters with them.
func nests(r *estate.Resource) bool {
	return r.Type == nestedType && r.Stack.Document.Children[r.ID] != nil
}

func newResource(action Action, r *estate.Resource) *Resource {
	return &Resource{Action: action, ID: r.ID, Type: r.Type, Name: shown(r.Name()), Properties: []Property{}}
}

// compare finds what becomes of the resource itself.
func (p *pair) compare() {
	switch {
	case p.before == nil:
		p.change = newResource(Added, p.after)
	case p.after == nil:
		p.change = newResource(Removed, p.before)
		p.change.LosesData = losesData(p.before, nil)
	case p.before.Type != p.after.Type:
		p.change = newResource(Replaced, p.after)
		p.change.Refused = Retyped
		p.change.Properties = append(p.change.Properties, Property{Path: "Type", Values: values(p.before.Type, p.after.Type), Replaces: true})
		p.judge()
	default:
		p.compareProperties()
	}
}

func (p *pair) compareProperties() {
	r := newResource(Changed, p.after)
	for _, d := range differences(p.before.Properties, p.after.Properties) {
		property := Property{Path: pathText(d.path), Policy: d.policy}
		if !d.policy {
			property.Values = values(d.before, d.after)
		}
		r.add(property, schema.ReplacementOf(r.Type, names(d.path)))
	}
	for _, name := range attributes {
		if before, after := attribute(p.before, name), attribute(p.after, name); !equal(before, after) {
			r.add(Property{Path: name, Values: values(before, after)}, schema.InPlace)
		}
	}
	if len(r.Properties) > 0 {
		p.change = r
		p.judge()
	}
}

// tell tells what becomes of the stack.
func (s *stackPair) tell(place *Place, digests Values) {
	found := len(place.Resources)
	told := false
	for _, p := range s.pairs {
		if p.change == nil {
			continue
		}
		told = true
		r := *p.change
		if s.unit.Kind == Function && place.absorbs(p, &r, digests) {
			continue
		}
		place.Resources = append(place.Resources, r)
	}
	if told && s.after != nil { // what a role that goes may do no longer needs no telling
		place.Grants = append(place.Grants, moved(grantsOf(s.before), grantsOf(s.after))...)
	}
	switch {
	case place.Action != "":
		place.Action = Changed
	case s.before == nil:
		place.Action = Added
	case s.after == nil:
		place.Action = Removed
	case len(place.Resources) > found || len(place.Grants) > 0 || place.Version || place.Code != nil:
		place.Action = Changed
	}
}

// absorbs notes what becomes of the version and the code of a function, and takes it out
// of what is told of its resources. It reports whether nothing is left to tell.
func (p *Place) absorbs(of *pair, r *Resource, digests Values) bool {
	if _, ok := stack.VersionDigest(r.ID); ok && r.Type == "AWS::Lambda::Version" && r.Action != Changed {
		p.Version = p.Version || r.Action == Added
		return true
	}
	if of.before == nil || of.after == nil {
		return false
	}
	r.Properties = slices.DeleteFunc(slices.Clone(r.Properties), func(property Property) bool {
		switch r.ID + " " + property.Path {
		case stack.AliasID + " FunctionVersion":
			return true
		case stack.FunctionID + " Code.S3Key", stack.FunctionID + " Code.ImageUri":
			if digests.Before == nil || digests.After == nil || *digests.Before == *digests.After {
				return false
			}
			p.Code = &digests
			return true
		case stack.FunctionID + " Description":
			return described(of.before) == described(of.after)
		}
		return false
	})
	for i := range r.Properties {
		if property := &r.Properties[i]; r.ID == stack.FunctionID && property.Path == "Description" {
			property.Values = values(described(of.before), described(of.after))
		}
	}
	return len(r.Properties) == 0
}

func described(r *estate.Resource) string {
	return stack.Described(text(r.Properties.Get("Description")))
}

// same reports whether the same becomes of a unit in two places of one environment.
func same(a, b Place) bool {
	a.Targets, b.Targets = nil, nil
	return reflect.DeepEqual(a, b)
}

// readStages notes the stages of a pipeline.
func (c *comparison) readStages(p *pair) {
	stages := func(r *estate.Resource) []string {
		var list []string
		if r != nil && r.Type == "AWS::CodePipeline::Pipeline" {
			for _, item := range items(r.Properties.Get("Stages")) {
				stage, _ := item.(cfn.Map)
				list = append(list, shown(text(stage.Get("Name"))))
			}
		}
		return list
	}
	c.stages.before = append(c.stages.before, stages(p.before)...)
	c.stages.after = append(c.stages.after, stages(p.after)...)
}
