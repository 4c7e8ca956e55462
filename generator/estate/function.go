package estate

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// call is what an encoded intrinsic gives.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
func (i *instance) call(encoded string) any {
	f, _ := cfn.Decode(encoded)
	items, _ := f.Argument.([]any)
	switch {
	case f.Name == "Ref":
		return i.ref(i.text(f.Argument))
	case f.Name == "Fn::Sub":
		return i.composed(i.sub(f.Argument))
	case f.Name == "Fn::GetAtt" && len(items) == 2:
		return i.getAtt(i.text(items[0]), i.text(items[1]))
	case f.Name == "Fn::Join" && len(items) == 2:
		return i.composed(i.join(i.text(items[0]), items[1]))
	case f.Name == "Fn::Select" && len(items) == 2:
		return i.selected(i.text(items[0]), items[1])
	case f.Name == "Fn::Split" && len(items) == 2:
		return i.split(i.text(items[0]), i.text(items[1]))
	case f.Name == "Fn::If" && len(items) == 3:
		return i.chosen(items)
	case f.Name == "Fn::FindInMap" && len(items) >= 3:
		return i.found(items)
	case f.Name == "Fn::ImportValue":
		return i.imported(i.text(f.Argument))
	case f.Name == "Fn::GetAZs":
		return i.zones(i.text(f.Argument))
	case f.Name == "Fn::Base64":
		return base64Of(i.text(f.Argument))
	case f.Name == "Fn::Cidr" && len(items) >= 2:
		return i.cidr(items)
	case f.Name == "Fn::Length":
		return i.length(f.Argument)
	case f.Name == "Fn::ToJsonString":
		return i.composed(i.json(f.Argument))
	}
	return i.unknown(f.Name)
}

// composed is a text that a function put together, in which only now a dynamic reference
// may be complete.
func (i *instance) composed(text string) string {
	if len(text) > maxText {
		return i.unknown("a text that is too long")
	}
	text, _ = i.literal(text)
	return text
}

// ref is a pseudo parameter, a parameter, or what the type of a resource gives.
func (i *instance) ref(name string) any {
	if value, ok := i.pseudo(name); ok {
		return value
	}
	if n, ok := i.sections.parameters[name]; ok {
		return i.parameter(n)
	}
	if n, ok := i.sections.resources[name]; ok {
		if r := i.resource(n); r != nil {
			return r.Ref
		}
	}
	return i.unknown(name)
}

// getAtt is an attribute of a resource, or an output of a nested stack.
func (i *instance) getAtt(id, name string) any {
	if first, rest, dotted := strings.Cut(id, "."); dotted {
		id, name = first, rest+"."+name
	}
	if output, ok := strings.CutPrefix(name, "Outputs."); ok {
		return i.nested(id, output)
	}
	if n, ok := i.sections.resources[id]; ok {
		if r := i.resource(n); r != nil {
			return r.Attribute(name)
		}
	}
	return i.unknown(id + "." + name)
}

// nested is an output of a nested stack.
func (i *instance) nested(id, output string) any {
	if child := i.children[id]; child != nil {
		if value, ok := child.outputNamed(output); ok {
			return value
		}
	}
	return i.unknown(id + ".Outputs." + output)
}

// sub fills the placeholders of a text.
func (i *instance) sub(argument any) string {
	text, variables := template.Text(argument), cfn.Map(nil)
	if list, ok := argument.([]any); ok && len(list) == 2 {
		text = template.Text(list[0])
		variables, _ = list[1].(cfn.Map)
	}
	var b strings.Builder
	for b.Len() <= maxText {
		before, rest, found := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			b.WriteString(text)
			break
		}
		b.WriteString(before)
		b.WriteString(i.placeholder(strings.TrimSpace(name), variables))
		text = after
	}
	return b.String()
}

func (i *instance) placeholder(name string, variables cfn.Map) string {
	if literal, ok := strings.CutPrefix(name, "!"); ok {
		return "${" + literal + "}"
	}
	if variables.Has(name) {
		return i.text(variables.Get(name))
	}
	if id, attribute, dotted := strings.Cut(name, "."); dotted {
		return textOf(i.getAtt(id, attribute))
	}
	return textOf(i.ref(name))
}

// items are those of a list, which a function may give. Where nobody knows how many there
// are, there are none, and unknown is what the list is made of.
func (i *instance) items(x any) (items []any, unknown string) {
	value, _ := i.value(x)
	switch value := value.(type) {
	case []any:
		return value, ""
	case string:
		if open(value) {
			return nil, value
		}
		return []any{value}, ""
	}
	return nil, i.unknown("a list")
}

func (i *instance) join(separator string, list any) string {
	items, unknown := i.items(list)
	if unknown != "" {
		return i.made("the items of " + unknown)
	}
	var b strings.Builder
	for n, item := range items {
		if n > 0 {
			b.WriteString(separator)
		}
		b.WriteString(textOf(item))
		if b.Len() > maxText {
			break
		}
	}
	return b.String()
}

func (i *instance) selected(index string, list any) any {
	items, unknown := i.items(list)
	n, err := strconv.Atoi(index)
	switch {
	case unknown != "":
		return i.made("item " + index + " of " + unknown)
	case err != nil || n < 0 || n >= len(items):
		return i.unknown("item " + index + " of a list")
	}
	return items[n]
}

// split is the parts of a text. A symbol is no place to cut.
func (i *instance) split(separator, text string) any {
	if open(text) || separator == "" {
		return i.made("the parts of " + text)
	}
	parts := split(text, separator)
	list := make([]any, len(parts))
	for n := range parts {
		list[n] = parts[n]
	}
	return list
}

// made is the symbol of what a function makes of a text of which not enough is known.
// Equal texts give equal symbols.
func (i *instance) made(of string) string {
	if len(of) > maxText {
		return i.unknown("a text that is too long")
	}
	return symbol.New(symbol.Show(of) + mark)
}

// split cuts a text at a separator outside of symbols.
func split(text, separator string) []string {
	if !symbol.In(text) {
		return strings.Split(text, separator)
	}
	var parts []string
	start := 0
	for n := 0; n < len(text); {
		switch width := symbol.Width(text[n:]); {
		case width > 0:
			n += width
		case strings.HasPrefix(text[n:], separator):
			parts = append(parts, text[start:n])
			n += len(separator)
			start = n
		default:
			n++
		}
	}
	return append(parts, text[start:])
}

// chosen is the branch of Fn::If.
func (i *instance) chosen(items []any) any {
	branch := items[1]
	if i.holds(i.text(items[0])) == no {
		branch = items[2]
	}
	value, _ := i.value(branch)
	return value
}

// found is an entry of a mapping, or the default that the language extensions allow.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap-enhancements.html
func (i *instance) found(items []any) any {
	name, top, second := i.text(items[0]), i.text(items[1]), i.text(items[2])
	if n, ok := i.sections.mappings[name]; ok {
		row, _ := at(i.Document.Mappings[n].Value, top).(cfn.Map)
		if row.Has(second) {
			value, _ := i.value(row.Get(second))
			return value
		}
	}
	if len(items) == 4 {
		if otherwise, ok := items[3].(cfn.Map); ok && otherwise.Has("DefaultValue") {
			value, _ := i.value(otherwise.Get("DefaultValue"))
			return value
		}
	}
	return i.unknown(name + "." + top + "." + second)
}

// zones is the availability zones of a region: the letters behind its name are not the
// same for all accounts.
func (i *instance) zones(region string) any {
	if region == "" {
		region = i.Region
	}
	zones := make([]any, 3) // as many as a region has at the least
	for n := range zones {
		zones[n] = region + symbol.New("zone "+strconv.Itoa(n+1))
	}
	return zones
}

func base64Of(text string) string {
	if symbol.In(text) {
		return symbol.New("base64 of " + symbol.Show(text))
	}
	return base64.StdEncoding.EncodeToString([]byte(text))
}

// length is the number of items of a list.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-length.html
func (i *instance) length(x any) any {
	items, unknown := i.items(x)
	if unknown != "" {
		return i.made("the length of " + unknown)
	}
	return len(items)
}
