package stack

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/event"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// Links is who takes which output of whom.
type Links struct {
	project *model.Project
	nodes   map[string]*node
	names   []string // of the nodes, sorted
}

// node is one nested stack of the project as others see it.
type node struct {
	name     string
	place    diag.Place
	function *model.Function // one of function and stack, or neither for the API
	stack    *model.Stack
	only     []model.Only
	outputs  []string                   // what can be taken; nil where it is not known
	uses     map[string]event.Reference // what it takes: the first place of each
	taken    map[string]bool            // its outputs that somebody takes
}

// what the node is, for messages.
func (n *node) what() string {
	switch {
	case n.function != nil:
		return "the function " + n.name
	case n.stack != nil:
		return "the stack " + n.name
	}
	return "the HTTP API"
}

// Resolve reads every `!Output` of the project and reports those that cannot be.
func Resolve(project *model.Project, problems *diag.Problems) *Links {
	l := &Links{project: project, nodes: map[string]*node{}}
	l.addNodes(problems)
	for _, name := range l.names {
		n := l.nodes[name]
		checkOnly(project, n, problems)
		l.readUses(n, problems)
		for _, r := range n.sortedUses() {
			l.check(n, r, problems)
		}
	}
	l.checkCycles(problems)
	return l
}

// addNodes makes a node of everything that is nested.
func (l *Links) addNodes(problems *diag.Problems) {
	var routed []model.Only
	for i := range l.project.Functions {
		fn := &l.project.Functions[i]
		l.add(&node{name: fn.Name, place: fn.Place, function: fn, only: restrictions(fn.Only), outputs: functionOutputs(fn)}, problems)
		if len(routes(fn)) > 0 {
			routed = append(routed, fn.Only)
		}
	}
	for i := range l.project.Stacks {
		s := &l.project.Stacks[i]
		l.add(&node{name: s.Name, place: s.Place, stack: s, only: restrictions(s.Only), outputs: keys(s.Template, "Outputs")}, problems)
	}
	if routed != nil {
		l.add(&node{name: event.APIStack, place: l.project.Place, only: union(routed), outputs: apiOutputs}, problems)
	}
	slices.Sort(l.names)
}

func (l *Links) add(n *node, problems *diag.Problems) {
	other, taken := l.nodes[n.name]
	switch {
	case n.name == event.APIStack && (n.function != nil || n.stack != nil):
		problems.Addf("reserved-name", n.place, "give it another name", "%q is the name of the project's shared HTTP API", n.name)
		return
	case taken:
		problems.Add(diag.Problem{
			Rule: "duplicate-name", Place: n.place,
			Text: n.what() + " has the name of another stack", Hint: "rename one of the two",
			Notes: []diag.Note{{Place: other.place, Text: other.what()}},
		})
		return
	}
	n.uses, n.taken = map[string]event.Reference{}, map[string]bool{}
	l.nodes[n.name] = n
	l.names = append(l.names, n.name)
}

// readUses collects what a node takes.
func (l *Links) readUses(n *node, problems *diag.Problems) {
	var references []event.Reference
	read := func(tree *source.Node) {
		checkTags(tree, "", problems)
		references = append(references, event.References(tree)...)
	}
	if n.stack != nil {
		for _, pair := range n.stack.Parameters {
			read(pair.Value)
		}
	}
	if fn := n.function; fn != nil {
		for _, tree := range trees(fn) {
			read(tree)
		}
		for _, e := range events(fn) {
			checkTags(e.Node(), "", problems)
			references = append(references, e.Uses()...)
		}
	}
	for _, r := range references {
		if _, known := n.uses[r.String()]; !known {
			n.uses[r.String()] = r
		}
	}
}

// trees are what a user wrote of a function that may hold tags, its events apart.
func trees(fn *model.Function) []*source.Node {
	var list []*source.Node
	for _, v := range fn.Environment {
		list = append(list, v.Value)
	}
	for _, o := range fn.Overrides {
		for _, v := range o.Variables {
			list = append(list, v.Value)
		}
	}
	for _, vpc := range fn.VPCs() {
		list = append(list, vpc.Value.IDs()...)
	}
	for _, p := range fn.Permissions {
		list = append(list, p.On...)
	}
	if fn.Resources != nil {
		list = append(list, fn.Resources.Root)
	}
	return list
}

// events are the function's events as package event made them.
func events(fn *model.Function) []event.Event {
	list := make([]event.Event, 0, len(fn.Events))
	for _, e := range fn.Events {
		if e, ok := e.(event.Event); ok {
			list = append(list, e)
		}
	}
	return list
}

// unknowable are the functions that CloudFormation evaluates while it makes a
// nested change set, when the output of another stack is not yet known.
var unknowable = map[string]string{
	"!Select": "Fn::Select", "Fn::Select": "Fn::Select",
	"!Split": "Fn::Split", "Fn::Split": "Fn::Split",
	"!FindInMap": "Fn::FindInMap", "Fn::FindInMap": "Fn::FindInMap",
	"Conditions": "a condition",
}

// checkTags reports each malformed `!Output`, and each that stands where a nested
// change set breaks.
func checkTags(n *source.Node, inside string, problems *diag.Problems) {
	if n == nil {
		return
	}
	if name, ok := unknowable[n.Tag]; ok {
		inside = name
	}
	if n.Tag == event.OutputTag {
		if _, ok := event.ParseReference(n); !ok {
			problems.Addf("output-form", n.Place, "write the name of a function or stack, a dot and its output: !Output orders.TableName", "!Output does not name an output")
		} else if inside != "" {
			problems.Addf("output-inside", n.Place, "take an output that already is the value you need", "the output of another stack cannot stand in %s, which is evaluated before that output is known", inside)
		}
	}
	for _, item := range n.Items {
		checkTags(item, inside, problems)
	}
	for _, pair := range n.Pairs {
		within := inside
		if name, ok := unknowable[pair.Key.Text]; ok {
			within = name
		}
		checkTags(pair.Value, within, problems)
	}
}

// check reports what is wrong with one reference of n.
func (l *Links) check(n *node, r event.Reference, problems *diag.Problems) {
	provider, ok := l.nodes[r.Stack]
	switch {
	case r.Stack == n.name:
		problems.Addf("output-of-itself", r.Place, "use !Ref or !GetAtt on what is in resources.yaml", "%s takes its own output %s", n.what(), r.Output)
	case !ok:
		problems.Addf("unknown-output", r.Place, meant(r.Stack, l.names, "the name before the dot is that of a function or of a stack in foldstack.yaml"),
			"there is no function or stack called %q", r.Stack)
	case provider.outputs != nil && !slices.Contains(provider.outputs, r.Output):
		problems.Addf("unknown-output", r.Place, meant(r.Output, provider.outputs, "it has "+strings.Join(provider.outputs, ", ")),
			"%s has no output called %q", provider.what(), r.Output)
	default:
		provider.taken[r.Output] = true
		l.checkTargets(n, provider, r, problems)
	}
}

// checkTargets reports a provider that is not everywhere where its user is.
func (l *Links) checkTargets(user, provider *node, r event.Reference, problems *diag.Problems) {
	for _, t := range l.project.Targets() {
		if exists(user.only, t) && !exists(provider.only, t) {
			problems.Addf("output-not-everywhere", r.Place, "widen `only` of "+provider.name+" or narrow that of "+user.name,
				"%s takes an output of %s, which does not exist in %s of the environment %s", user.what(), provider.what(), t.Region, t.Environment)
			return
		}
	}
}

// sortedUses are what a node takes, by name. What has no node of its own, because
// another has its name, takes nothing.
func (n *node) sortedUses() []event.Reference {
	if n == nil {
		return nil
	}
	list := make([]event.Reference, 0, len(n.uses))
	for _, r := range n.uses {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b event.Reference) int { return strings.Compare(a.String(), b.String()) })
	return list
}

// checkCycles reports every way in which stacks wait for each other.
func (l *Links) checkCycles(problems *diag.Problems) {
	done := map[string]bool{}
	var path []string
	var visit func(n *node)
	visit = func(n *node) {
		path = append(path, n.name)
		for _, r := range n.sortedUses() {
			if r.Stack == n.name || l.nodes[r.Stack] == nil {
				continue
			}
			if i := slices.Index(path, r.Stack); i >= 0 {
				problems.Addf("output-cycle", r.Place, "remove one of the outputs, or move what they share into a stack of its own",
					"stacks take outputs of each other in a circle: %s", strings.Join(append(slices.Clone(path[i:]), r.Stack), " -> "))
			} else if !done[r.Stack] {
				visit(l.nodes[r.Stack])
			}
		}
		path = path[:len(path)-1]
		done[n.name] = true
	}
	for _, name := range l.names {
		if !done[name] {
			visit(l.nodes[name])
		}
	}
}

// keys are the keys of a section of a user's template, sorted; nil where there
// is no template to look into.
func keys(template *source.Node, section string) []string {
	if template == nil {
		return nil
	}
	list := []string{}
	if s := template.Get(section); s != nil {
		for _, pair := range s.Pairs {
			list = append(list, pair.Key.Text)
		}
	}
	slices.Sort(list)
	return list
}

// parameterName is the parameter that carries an output into another stack. Where
// the word between the two parts occurs in one of them, a digest keeps pairs of
// names apart.
func parameterName(r event.Reference) string {
	const between = "Output"
	name := model.LogicalID(r.Stack) + between + r.Output
	if strings.Count(name, between) > 1 {
		name += shortDigest(r.String())
	}
	return name
}

// meant guesses which of the candidates a misspelt word is.
func meant(word string, candidates []string, otherwise string) string {
	if guess, ok := diag.Suggest(word, candidates); ok {
		return "did you mean " + guess + "?"
	}
	return otherwise
}
