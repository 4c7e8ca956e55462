package link

import (
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// walker goes through one entry of a template and knows where it is.
type walker struct {
	d        *document
	entry    *template.Entry
	path     []string
	position *position
	resource int       // the index of the resource that it is in, or -1
	early    string    // what around it is evaluated while a nested change set is made
	when     []literal // what holds here: the entry's condition and the branches of Fn::If; never written to
	loops    int       // how many loops are around it
	metadata bool      // in what a resource says about itself, which nothing is known to wait for
	guesses  int       // how often it guessed what was meant
}

// walk looks up every name in a document.
func (d *document) walk() {
	w := &walker{d: d, path: make([]string, 0, 16)}
	w.section(d.Parameters, inParameter, (*walker).value)
	w.section(d.Mappings, inMapping, (*walker).value)
	w.early = "a condition"
	w.section(d.Conditions, inCondition, (*walker).value)
	w.early = ""
	w.section(d.Outputs, inValue, (*walker).output)
	for i := range d.Resources {
		w.enter(&d.Resources[i], inValue)
		w.resource = i
		w.entity(d.Resources[i].Value, (*walker).attribute)
	}
}

func (w *walker) enter(e *template.Entry, p *position) {
	w.entry, w.position, w.resource, w.path, w.when = e, p, -1, w.path[:0], whenThere(e)
}

func (w *walker) section(entries []template.Entry, p *position, visit func(*walker, any)) {
	for i := range entries {
		w.enter(&entries[i], p)
		if strings.HasPrefix(entries[i].Name, loop) {
			w.loop(entries[i].Value, visit)
			continue
		}
		visit(w, entries[i].Value)
	}
}

// place is where the user wrote what the walker is at.
func (w *walker) place() diag.Place { return w.entry.At(w.path...) }

// ours reports whether no user wrote what the walker is at, nor what asked for it.
func (w *walker) ours() bool { return w.place() == w.d.Place }

func (w *walker) report(rule, text, hint string) {
	w.d.set.report(rule, w.place(), text, hint)
}

// at visits what lies one step below.
func (w *walker) at(key string, visit func()) {
	w.path = append(w.path, key)
	visit()
	w.path = w.path[:len(w.path)-1]
}

// under visits what lies where other functions are allowed.
func (w *walker) under(p *position, visit func()) {
	before := w.position
	w.position = p
	visit()
	w.position = before
}

func (w *walker) step(key string, x any) {
	w.path = append(w.path, key)
	w.value(x)
	w.path = w.path[:len(w.path)-1]
}

// entity visits the keys of a resource, of an output, or of what a loop repeats.
func (w *walker) entity(x any, visit func(w *walker, key string, value any)) {
	m, ok := x.(cfn.Map)
	switch {
	case strings.HasPrefix(w.entry.Name, loop) && !ok:
		w.loop(x, func(w *walker, x any) { w.entity(x, visit) })
	case !ok:
		w.value(x)
	}
	for i := range m {
		visit(w, m[i].Key, m[i].Value)
	}
}

// attribute visits one attribute of a resource.
func (w *walker) attribute(key string, x any) {
	switch key {
	case "Type":
		w.under(inType, func() { w.step(key, x) })
	case "Condition":
		w.named(key, x)
	case "DependsOn":
		w.dependsOn(x)
	case "DeletionPolicy", "UpdateReplacePolicy":
		w.under(inPolicy, func() { w.step(key, x) })
	case "Metadata":
		w.metadata = true
		w.step(key, x)
		w.metadata = false
	default:
		w.step(key, x)
	}
}

// output visits an entry of Outputs.
func (w *walker) output(x any) {
	w.entity(x, func(w *walker, key string, x any) {
		switch key {
		case "Condition":
			w.named(key, x)
		case "Description":
			w.under(inOutputText, func() { w.step(key, x) })
		case "Export":
			w.under(inExport, func() { w.step(key, x) })
		default:
			w.step(key, x)
		}
	})
}

// named is the attribute Condition: the name of one.
func (w *walker) named(key string, x any) {
	name, ok := scalar(x)
	if !ok {
		w.under(inName, func() { w.step(key, x) })
		return
	}
	w.at(key, func() { w.conditionNamed(name) })
}

// dependsOn is a logical id or a list of them.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
func (w *walker) dependsOn(x any) {
	w.at("DependsOn", func() {
		items, isList := x.([]any)
		if !isList {
			w.dependency(x)
			return
		}
		for i := range items {
			w.at(strconv.Itoa(i), func() { w.dependency(items[i]) })
		}
	})
}

func (w *walker) dependency(x any) {
	id, ok := scalar(x)
	if !ok {
		w.under(inDependsOn, func() { w.value(x) })
		return
	}
	if i := w.resourceNamed(id, "DependsOn"); i >= 0 {
		w.d.edges = append(w.d.edges, edge{w.resource, i, w.place(), w.when, true})
	}
}

// value visits any value.
func (w *walker) value(x any) {
	switch x := x.(type) {
	case string:
		if i, ok := function(x); ok {
			w.function(i)
		}
	case []any:
		for i := range x {
			w.step(strconv.Itoa(i), x[i])
		}
	case cfn.Map:
		for i := range x {
			if strings.HasPrefix(x[i].Key, loop) {
				w.at(x[i].Key, func() { w.loop(x[i].Value, (*walker).value) })
				continue
			}
			w.step(x[i].Key, x[i].Value)
		}
	}
}

// loop visits what a Fn::ForEach repeats, in which its variable is a name.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
func (w *walker) loop(argument any, visit func(*walker, any)) {
	if !w.extends("Fn::ForEach") {
		return
	}
	items, ok := argument.([]any)
	if !ok || len(items) != 3 {
		return
	}
	w.step("1", items[1])
	w.loops++
	w.at("2", func() {
		repeated, _ := items[2].(cfn.Map)
		for i := range repeated {
			w.at(repeated[i].Key, func() { visit(w, repeated[i].Value) })
		}
	})
	w.loops--
}

// extends reports a function that AWS::LanguageExtensions would add.
func (w *walker) extends(name string) bool {
	if w.d.extended || w.d.macros {
		return true
	}
	hint := "add `Transform: AWS::LanguageExtensions` to the template"
	if !w.d.set.others {
		hint += "; resources.yaml cannot have it, a template under `stacks` can"
	}
	w.report("missing-transform", name+" needs a transform", hint)
	return false
}

// function visits an intrinsic.
func (w *walker) function(i cfn.Intrinsic) {
	if !w.allowed(i.Name) {
		return
	}
	items, _ := i.Argument.([]any)
	switch {
	case computesName(i.Name, i.Argument, items):
		if w.extends(i.Name + " of a name that a function makes") {
			w.value(i.Argument)
		}
	case i.Name == "Ref":
		w.ref(template.Text(i.Argument))
	case i.Name == "Condition":
		w.conditionNamed(template.Text(i.Argument))
	case i.Name == "Fn::GetAtt" && len(items) == 2:
		id, _ := scalar(items[0])
		attribute, _ := scalar(items[1])
		w.getAtt(id, attribute)
		w.step("1", items[1])
	case i.Name == "Fn::Sub":
		w.sub(i.Argument)
	case i.Name == "Fn::If" && len(items) == 3:
		w.branches(items)
	case i.Name == "Fn::FindInMap" && len(items) >= 3:
		w.findInMap(items)
	case i.Name == "Fn::ImportValue":
		w.importValue(i.Argument)
	case strings.HasPrefix(i.Name, loop):
		w.loop(i.Argument, (*walker).value)
	case i.Name == "Fn::Select" || i.Name == "Fn::Split":
		w.evaluatedEarly(i.Name, func() { w.value(i.Argument) })
	default:
		w.value(i.Argument)
	}
}

// computesName reports whether a function makes the name of what is referred to.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-getatt.html
func computesName(function string, argument any, items []any) bool {
	switch {
	case function == "Fn::GetAtt" && len(items) == 2:
		argument = items[0]
	case function != "Ref":
		return false
	}
	_, literal := scalar(argument)
	return !literal
}

// evaluatedEarly visits what CloudFormation evaluates while it makes a nested change
// set, when the outputs of other stacks are not yet known.
//
// https://github.com/aws-cloudformation/cfn-language-discussion/issues/152
func (w *walker) evaluatedEarly(name string, visit func()) {
	before := w.early
	w.early = name
	visit()
	w.early = before
}

// allowed reports a function where CloudFormation takes none or not this one.
func (w *walker) allowed(name string) bool {
	p := w.position
	section, misplaced := elsewhere[name]
	switch {
	case strings.HasPrefix(name, loop), w.d.macros:
		return true
	case extensions[name] && !w.extends(name):
		return false
	case p.allowed != nil && !p.allowed[name]:
		w.report("function-not-allowed", name+" cannot stand in "+p.name, p.hint)
		return false
	case p.allowed == nil && misplaced:
		w.report("function-not-allowed", name+" belongs into the section "+section+" and cannot stand in a value", misplacedHints[section])
		return false
	}
	return true
}

// branches visits Fn::If: each branch under what makes CloudFormation take it.
func (w *walker) branches(items []any) {
	name, isText := scalar(items[0])
	w.at("0", func() {
		switch {
		case isText:
			w.conditionNamed(name)
		case !w.d.macros:
			w.report("function-not-allowed", "the first operand of Fn::If is the name of a condition, not a function", misplacedHints["Conditions"])
		}
	})
	before := w.when
	for i, holds := range []bool{true, false} {
		w.when = append(before[:len(before):len(before)], literal{name, holds})
		w.step(strconv.Itoa(i+1), items[i+1])
	}
	w.when = before
}
