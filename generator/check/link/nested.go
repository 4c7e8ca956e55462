package link

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// nested holds the stacks that a document nests against what it gives them and what
// it takes of them.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
func (d *document) nested() {
	for i := range d.Resources {
		if child := d.children[i]; child != nil {
			d.published(&d.Resources[i], child)
			d.pass(&d.Resources[i], child)
		}
	}
	for _, t := range d.taken {
		child := d.children[t.stack]
		if child.outputs.use(t.output) < 0 && !child.open {
			d.set.report("unknown-output", t.place, child.Path+" has no output "+diag.Quote(t.output), meant(t.output, child.outputs.names(), "it has "+diag.Some(child.outputs.names())))
		}
	}
}

// published checks that a nested stack is made from its own template as it is now.
func (d *document) published(stack *template.Entry, child *document) {
	url, _ := at(stack.Properties(), "TemplateURL").(string)
	if !strings.Contains(url, child.Key) { // whatever function holds the text
		d.set.report("unknown-file", stack.At("Properties", "TemplateURL"), stack.Name+" of "+d.Path+" is not read from "+child.Key+", under which its template "+child.Path+" is published", "end its TemplateURL in that key")
	}
}

// pass checks what a nested stack is given.
func (d *document) pass(stack *template.Entry, child *document) {
	given := at(stack.Properties(), "Parameters")
	arguments, ok := given.(cfn.Map)
	if given != nil && !ok {
		return
	}
	for i := range arguments {
		name, place := arguments[i].Key, stack.At("Properties", "Parameters", arguments[i].Key)
		if child.parameters.find(name) < 0 {
			d.set.report("unknown-parameter", place, child.Path+" has no parameter "+diag.Quote(name), meant(name, child.parameters.names(), "it has "+diag.Some(child.parameters.names())))
			continue
		}
		d.passValue(arguments[i].Value, child, name, place)
	}
	for i := range child.Parameters {
		p := &child.Parameters[i]
		if !arguments.Has(p.Name) && child.parameters.get(p.Name).Get("Default") == nil {
			d.set.report("missing-parameter", stack.At("Properties", "Parameters"), stack.Name+" is not given the parameter "+p.Name+" of "+child.Path+", which has no default", "pass a value",
				diag.Note{Place: p.Place, Text: "the parameter"})
		}
	}
}

// passValue checks one value: of a literal and of a parameter of the parent, whether
// the child takes it; of another stack's output, whether the child can wait for it.
func (d *document) passValue(value any, child *document, name string, place diag.Place) {
	definition := child.parameters.get(name)
	if d.isOutput(value) {
		if !d.set.others { // they may be deployed without a nested change set, in which all is known by then
			d.passOutput(child, name, definition, place)
		}
		return
	}
	if !constrained(definition) {
		return
	}
	for _, v := range child.variousOf(name) {
		if why := misfit(definition, v); why != "" {
			d.set.report("parameter-value", place, child.Path+" takes no "+diag.Quote(v)+" for its parameter "+name+": "+why, "pass another value, or change the parameter")
		}
	}
}

// isOutput reports whether a value is the output of a nested stack.
func (d *document) isOutput(value any) bool {
	for _, r := range cfn.References(value) {
		if i := d.resources.find(r.ID); r.Kind == cfn.ToAttribute && i >= 0 && strings.HasPrefix(r.Attribute, "Outputs.") {
			return true
		}
	}
	return false
}

// constraints are what makes CloudFormation look at a parameter's value while it
// makes a nested change set, when the output of another stack is not yet known.
var constraints = []string{"AllowedPattern", "AllowedValues", "MaxLength", "MaxValue", "MinLength", "MinValue"}

// constrained reports whether a parameter may refuse a value, which most do not: those
// of functions take any text.
func constrained(definition cfn.Map) bool {
	return template.Text(definition.Get("Type")) != "String" || slices.ContainsFunc(constraints, definition.Has)
}

func (d *document) passOutput(child *document, name string, definition cfn.Map, place diag.Place) {
	if typ := template.Text(definition.Get("Type")); typ != "String" {
		d.set.report("output-parameter", place, "the output of another stack cannot be given to a parameter of the type "+typ, "make "+name+" of "+child.Path+" a String")
	}
	for _, c := range constraints {
		if definition.Has(c) {
			d.set.report("output-parameter", place, "the output of another stack cannot be given to a parameter with "+c+": it is not yet known when the change set is made", "remove "+c+" from "+name+" of "+child.Path)
		}
	}
	if i := slices.IndexFunc(child.evaluated, func(e evaluated) bool { return e.parameter == name }); i >= 0 {
		e := child.evaluated[i]
		d.set.report("output-inside", e.place, "the output of another stack cannot stand in "+e.inside+", which is evaluated before that output is known, and "+name+" is one", "take an output that already is the value you need",
			diag.Note{Place: place, Text: "here it is passed"})
	}
}
