package estate

import (
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// instance is a stack of which the values are being computed.
type instance struct {
	*Stack
	maker    *maker
	sections *sections
	parent   *instance
	nesting  int               // which of the parent's resources it is
	path     string            // names it in its symbols
	given    map[string]string // the parameters of a root
	children map[string]*instance

	parameters []lazy[any]
	conditions []lazy[verdict]
	resources  []lazy[*Resource]
	outputs    []lazy[string]
}

// lazy is a value that is computed when it is first asked for.
type lazy[T any] struct {
	value T
	state byte
}

const (
	fresh = iota
	underway
	settled
)

// get computes the value, or returns otherwise where it is asked for by its own
// computation.
func (l *lazy[T]) get(compute func() T, circle func() T) T {
	switch l.state {
	case settled:
		return l.value
	case underway:
		return circle()
	}
	l.state = underway
	l.value = compute()
	l.state = settled
	return l.value
}

// within reports whether a document is that of the stack or of one that nests it. None can
// be deployed that nests itself.
func (i *instance) within(d *template.Document) bool {
	for ; i != nil; i = i.parent {
		if i.Document == d {
			return true
		}
	}
	return false
}

// below names something of the stack in its symbols.
func (i *instance) below(name string) string { return i.path + "/" + name }

func (s *Stack) arn(service, resource string) string {
	return "arn:" + string(s.Partition) + ":" + service + ":" + s.Region + ":" + s.Account + ":" + resource
}

func (i *instance) circle(kind string, e *template.Entry) {
	i.maker.problems.Addf("circular-reference", e.Place, "remove one of the references that lead back to it",
		"%s %s of %s is made of itself", kind, diag.Quote(e.Name), i.Document.Path)
}

// parameter is the value of a parameter: a text, or a list of them.
func (i *instance) parameter(n int) any {
	e := &i.Document.Parameters[n]
	return i.parameters[n].get(func() any {
		return i.typed(e, i.argument(e))
	}, func() any {
		i.circle("the parameter", e)
		return i.unknown(e.Name)
	})
}

// argument is the text that a parameter is given, or its default.
func (i *instance) argument(e *template.Entry) string {
	if text, ok := i.passed(e.Name); ok {
		return text
	}
	if x := attribute(e, "Default"); x != nil {
		return i.text(x)
	}
	i.maker.problems.Addf("missing-parameter", e.Place, "give it a value, or write a Default",
		"the parameter %s of %s has no value in account %s, %s", diag.Quote(e.Name), i.Document.Path, symbol.Show(i.Account), symbol.Show(i.Region))
	return i.unknown(e.Name)
}

// passed is what a parameter is given by whoever deploys the stack.
func (i *instance) passed(name string) (text string, ok bool) {
	if i.parent == nil {
		text, ok = i.given[name]
		return text, ok
	}
	nesting := i.parent.resource(i.nesting)
	if nesting == nil { // a circle, which is reported
		return i.unknown(name), true
	}
	arguments, _ := nesting.Properties.Get("Parameters").(cfn.Map)
	return textOf(arguments.Get(name)), arguments.Has(name)
}

// typed is what a Ref to a parameter gives: its text, the items of a list, or what
// Systems Manager stores by that name, which nobody knows here.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
func (i *instance) typed(e *template.Entry, text string) any {
	typ := template.Text(attribute(e, "Type"))
	switch {
	case strings.HasPrefix(typ, "AWS::SSM::Parameter::Value<"):
		return i.stored("{{resolve:ssm:" + text + "}}")
	case typ != "CommaDelimitedList" && !strings.HasPrefix(typ, "List<"):
		return text
	case text == "":
		return []any{}
	}
	var list []any
	for _, item := range split(text, ",") {
		list = append(list, strings.TrimSpace(item))
	}
	return list
}

// pseudo is a pseudo parameter.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
func (i *instance) pseudo(name string) (value any, ok bool) {
	switch name {
	case "AWS::AccountId":
		return i.Account, true
	case "AWS::Region":
		return i.Region, true
	case "AWS::Partition":
		return string(i.Partition), true
	case "AWS::URLSuffix":
		return i.Partition.Suffix(), true
	case "AWS::StackName":
		return i.Name, true
	case "AWS::StackId":
		return i.ARN, true
	case "AWS::NotificationARNs":
		return []any{}, true
	case "AWS::NoValue":
		return absent{}, true
	}
	return nil, false
}

// resource is a resource with its values, or nil where it does not exist.
func (i *instance) resource(n int) *Resource {
	e := &i.Document.Resources[n]
	return i.resources[n].get(func() *Resource {
		if e.Type() == "" || i.holds(conditionOf(e)) == no {
			return nil
		}
		r := &Resource{Stack: i.Stack, ID: e.Name, Type: e.Type(), Entry: e}
		properties, _ := i.value(e.Properties())
		r.Properties, _ = properties.(cfn.Map)
		i.identify(r)
		return r
	}, func() *Resource {
		i.circle("the resource", e)
		return nil
	})
}

// output is the value of an output.
func (i *instance) output(n int) string {
	e := &i.Document.Outputs[n]
	return i.outputs[n].get(func() string {
		return i.text(attribute(e, "Value"))
	}, func() string {
		i.circle("the output", e)
		return i.unknown("Outputs." + e.Name)
	})
}

// outputNamed is the value of an output of a nested stack, for the stack that nests it.
func (i *instance) outputNamed(name string) (string, bool) {
	n, ok := i.sections.outputs[name]
	if !ok || !i.exists() || i.holds(conditionOf(&i.Document.Outputs[n])) == no {
		return "", false
	}
	return i.output(n), true
}

// exists reports whether a stack is there: those that nest it may do so under a
// condition.
func (i *instance) exists() bool {
	for ; i.parent != nil; i = i.parent {
		if i.parent.holds(conditionOf(&i.parent.Document.Resources[i.nesting])) == no {
			return false
		}
	}
	return true
}
