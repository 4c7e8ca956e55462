package link

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// root is the stack that nests a document, or that nests that one: the one that is
// deployed by itself.
func (d *document) root() *document {
	for d.parent != nil {
		d = d.parent
	}
	return d
}

// alone reports whether nobody here knows who deploys a document: those that go with
// it could not be built.
func (d *document) alone() bool { return d.parent == nil && len(d.Deployed) == 0 }

// nowhere is the place of a template of which nobody knows where it is deployed.
var nowhere = []template.Deployment{{}}

// places are where the document is deployed.
func (d *document) places() []template.Deployment {
	if places := d.root().Deployed; len(places) > 0 {
		return places
	}
	return nowhere
}

// unknown stands in a text for what is not known. User text has no NUL.
const unknown = "\x00"

// maxSteps bounds how far one value is followed: conditions can name each other in
// circles, and each other many times.
const maxSteps = 2000

// reader reads the values of a document as they are in one place.
type reader struct {
	d     *document
	place *template.Deployment
}

func (d *document) in(place *template.Deployment) reader {
	d.set.steps = maxSteps
	return reader{d, place}
}

// spent takes a step, and reports whether there are none left.
func (r reader) spent() bool {
	r.d.set.steps--
	return r.d.set.steps < 0
}

// text is what a value is, with an unknown in the place of what only the deployment
// can tell.
func (r reader) text(x any) string {
	if text, ok := scalar(x); ok {
		return text
	}
	i, ok := function(x)
	if !ok || r.spent() {
		return unknown
	}
	items, _ := i.Argument.([]any)
	switch {
	case i.Name == "Ref":
		return r.named(template.Text(i.Argument))
	case i.Name == "Fn::Sub":
		return r.sub(i.Argument)
	case i.Name == "Fn::Join" && len(items) == 2:
		return r.join(items)
	case i.Name == "Fn::FindInMap" && len(items) == 3:
		return r.lookup(items)
	case i.Name == "Fn::If" && len(items) == 3:
		switch r.holds(template.Text(items[0])) {
		case yes:
			return r.text(items[1])
		case no:
			return r.text(items[2])
		}
	}
	return unknown
}

// known is what a value is, if all of it is known.
func (r reader) known(x any) (string, bool) {
	text := r.text(x)
	return text, known(text)
}

// named is the value of a parameter or a pseudo parameter.
func (r reader) named(name string) string {
	switch name {
	case "AWS::AccountId":
		return orUnknown(r.place.Account)
	case "AWS::Region":
		return orUnknown(r.place.Region)
	case "AWS::Partition", "AWS::URLSuffix":
		return ofPartition(r.place.Region, name)
	}
	definition := r.d.parameters.get(name)
	stored := strings.HasPrefix(template.Text(definition.Get("Type")), "AWS::SSM::Parameter::Value<")
	if definition == nil || stored || r.spent() {
		return unknown
	}
	if given, ok := r.given(name); ok {
		return given
	}
	if value, ok := scalar(definition.Get("Default")); ok && !r.d.alone() {
		return value
	}
	return unknown
}

// ofPartition is a pseudo parameter that every region of a partition has alike.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
func ofPartition(region, name string) string {
	partition, known := model.PartitionOf(region)
	switch {
	case !known:
		return unknown
	case name == "AWS::Partition":
		return string(partition)
	}
	return partition.Suffix()
}

func orUnknown(text string) string {
	if text == "" {
		return unknown
	}
	return text
}

// given is what a parameter is given by the stack that nests this one, or where it
// is deployed.
func (r reader) given(name string) (string, bool) {
	if r.d.parent == nil {
		value, ok := r.place.Parameters[name]
		if symbol.In(value) {
			value = unknown
		}
		return value, ok
	}
	value, ok := r.d.argument(name)
	if !ok {
		return "", false
	}
	r.d = r.d.parent
	return r.text(value), true
}

// argument is the value that the parent passes to a parameter.
func (d *document) argument(name string) (any, bool) {
	arguments, _ := at(d.parent.Resources[d.nesting].Properties(), "Parameters").(cfn.Map)
	return arguments.Get(name), arguments.Has(name)
}

func (r reader) sub(argument any) string {
	text, variables := subText(argument)
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			b.WriteString(text)
			return b.String()
		}
		text = after
		b.WriteString(before)
		switch {
		case strings.HasPrefix(name, "!"):
			b.WriteString("${" + name[1:] + "}")
		case variables.Has(name):
			b.WriteString(r.text(variables.Get(name)))
		default:
			b.WriteString(r.named(name))
		}
	}
}

func (r reader) join(items []any) string {
	separator, ok := scalar(items[0])
	list, isList := items[1].([]any)
	if !ok || !isList {
		return unknown
	}
	texts := make([]string, len(list))
	for i := range list {
		texts[i] = r.text(list[i])
	}
	return strings.Join(texts, separator)
}

func (r reader) lookup(items []any) string {
	row, _ := r.d.mappings.get(r.text(items[0])).Get(r.text(items[1])).(cfn.Map)
	value, ok := scalar(row.Get(r.text(items[2])))
	if !ok {
		return unknown
	}
	return value
}

// values are the texts that a value has in all places where the document's stack is,
// if it is a literal or a Ref; literal tells which. The list is empty where one of
// them is not known.
func (d *document) values(x any) (list []string, literal bool) {
	if text, ok := scalar(x); ok {
		return []string{text}, true
	}
	i, ok := function(x)
	if !ok || i.Name != "Ref" {
		return nil, false
	}
	return d.variousOf(template.Text(i.Argument)), false
}

// variousOf are the values of a parameter in all places. A parameter that only hands
// on one of the parent's has the same ones, where the stack is wherever its parent is.
func (d *document) variousOf(name string) []string {
	if d.parent != nil && d.parameters.find(name) >= 0 && condition(&d.parent.Resources[d.nesting]) == "" {
		value, ok := d.argument(name)
		if i, isRef := function(value); ok && isRef && i.Name == "Ref" {
			return d.parent.variousOf(template.Text(i.Argument))
		}
	}
	list, ok := d.variety[name]
	if !ok {
		list = d.distinct(name)
		if d.variety == nil {
			d.variety = map[string][]string{}
		}
		d.variety[name] = list
	}
	return list
}

func (d *document) distinct(name string) []string {
	var list []string
	places := d.places()
	for i := range places {
		r := d.in(&places[i])
		if r.exists() == no {
			continue
		}
		text := r.named(name)
		if !known(text) {
			return nil
		}
		if !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}
