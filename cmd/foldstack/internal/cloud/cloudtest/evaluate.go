package cloudtest

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/template"
)

// scope is what the names of a template stand for while its stack is at work.
type scope struct {
	server    *Server
	stack     *stack
	document  *template.Document
	values    map[string]string    // of parameters
	resources map[string]*resource // those that are there, by their logical ids
}

// nothing is AWS::NoValue.
type nothing struct{}

// evaluate is what a value of a template comes to: a text, a list, a mapping or a bool.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
func (c *scope) evaluate(value any) (any, error) {
	switch v := value.(type) {
	case string:
		if i, ok := cfn.Decode(v); ok {
			return c.call(i)
		}
		return v, nil
	case cfn.Plain:
		return string(v), nil
	case []any:
		return c.items(v)
	case cfn.Map:
		return c.mapping(v)
	}
	return fmt.Sprint(value), nil
}

func (c *scope) items(list []any) (any, error) {
	items := []any{}
	for _, item := range list {
		v, err := c.evaluate(item)
		if err != nil {
			return nil, err
		}
		if v != (nothing{}) {
			items = append(items, v)
		}
	}
	return items, nil
}

func (c *scope) mapping(m cfn.Map) (any, error) {
	entries := map[string]any{}
	for _, e := range m {
		v, err := c.evaluate(e.Value)
		if err != nil {
			return nil, err
		}
		if v != (nothing{}) {
			entries[e.Key] = v
		}
	}
	return entries, nil
}

// text is what a value comes to where that is one.
func (c *scope) text(value any) (string, error) {
	v, err := c.evaluate(value)
	if err != nil {
		return "", err
	}
	text, ok := v.(string)
	if !ok {
		return "", invalid("Template error: %v is no string", v)
	}
	return text, nil
}

func (c *scope) call(i cfn.Intrinsic) (any, error) {
	arguments, _ := i.Argument.([]any)
	switch i.Name {
	case "Ref":
		return c.ref(template.Text(i.Argument))
	case "Fn::GetAtt":
		return c.attribute(template.Text(arguments[0]), template.Text(arguments[1]))
	case "Fn::Sub":
		return c.substitute(i.Argument)
	case "Fn::ImportValue":
		return c.imported(i.Argument)
	case "Fn::Base64":
		text, err := c.text(i.Argument)
		return base64.StdEncoding.EncodeToString([]byte(text)), err
	case "Condition":
		return c.condition(template.Text(i.Argument))
	case "Fn::If":
		holds, err := c.condition(template.Text(arguments[0]))
		if err != nil {
			return nil, err
		}
		if holds {
			return c.evaluate(arguments[1])
		}
		return c.evaluate(arguments[2])
	}
	operands, err := c.items(arguments)
	if err != nil {
		return nil, err
	}
	list, _ := operands.([]any)
	if i.Name == "Fn::FindInMap" {
		return c.find(list)
	}
	if function := functions[i.Name]; function != nil {
		return function(list)
	}
	return nil, invalid("the stand-in for AWS does not know %s", i.Name)
}

// functions of operands that are evaluated.
var functions = map[string]func([]any) (any, error){
	"Fn::Equals": func(o []any) (any, error) { return fmt.Sprint(o[0]) == fmt.Sprint(o[1]), nil },
	"Fn::Not":    func(o []any) (any, error) { return o[0] != true, nil },
	"Fn::And":    func(o []any) (any, error) { return !slices.Contains(o, any(false)), nil },
	"Fn::Or":     func(o []any) (any, error) { return slices.Contains(o, any(true)), nil },
	"Fn::Join": func(o []any) (any, error) {
		list, _ := o[1].([]any)
		return strings.Join(texts(list), fmt.Sprint(o[0])), nil
	},
	"Fn::Select": func(o []any) (any, error) {
		index, err := strconv.Atoi(fmt.Sprint(o[0]))
		list, _ := o[1].([]any)
		if err != nil || index < 0 || index >= len(list) {
			return nil, invalid("Template error: Fn::Select cannot select nonexistent value at index %v", o[0])
		}
		return list[index], nil
	},
	"Fn::Split": func(o []any) (any, error) {
		var list []any
		for part := range strings.SplitSeq(fmt.Sprint(o[1]), fmt.Sprint(o[0])) {
			list = append(list, part)
		}
		return list, nil
	},
}

func texts(list []any) []string {
	var all []string
	for _, item := range list {
		all = append(all, fmt.Sprint(item))
	}
	return all
}

// ref is what Ref gives: of a parameter its value, of a resource its physical id.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
func (c *scope) ref(name string) (any, error) {
	switch name {
	case "AWS::AccountId":
		return c.stack.account, nil
	case "AWS::Region":
		return c.stack.region, nil
	case "AWS::Partition":
		return partition(c.stack.region), nil
	case "AWS::URLSuffix":
		return suffix(c.stack.region), nil
	case "AWS::StackName":
		return c.stack.name, nil
	case "AWS::StackId":
		return c.stack.id, nil
	case "AWS::NoValue":
		return nothing{}, nil
	}
	if value, ok := c.values[name]; ok {
		return value, nil
	}
	if r := c.resources[name]; r != nil {
		return r.physicalID, nil
	}
	return nil, invalid("Template format error: Unresolved resource dependencies [%s] in the Resources block of the template", name)
}

// attribute is what Fn::GetAtt gives.
func (c *scope) attribute(name, attribute string) (any, error) {
	r := c.resources[name]
	if r == nil {
		return c.ref(name)
	}
	if output, ok := strings.CutPrefix(attribute, "Outputs."); ok && r.nested != nil {
		for _, o := range r.nested.planned {
			if o.OutputKey == output {
				return o.OutputValue, nil
			}
		}
		return nil, invalid("Template error: %s has no output %s", name, output)
	}
	return r.attribute(c.stack.place, attribute), nil
}

// substitute is Fn::Sub. ${!Name} is the text ${Name}.
func (c *scope) substitute(argument any) (any, error) {
	text := template.Text(argument)
	own := map[string]any{}
	if list, ok := argument.([]any); ok {
		text = template.Text(list[0])
		given, err := c.evaluate(list[1])
		if err != nil {
			return nil, err
		}
		own, _ = given.(map[string]any)
	}
	if i, ok := argument.(string); ok && text == "" {
		text = i
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return b.String(), nil
		}
		value, err := c.placeholder(strings.TrimSpace(name), own)
		if err != nil {
			return nil, err
		}
		b.WriteString(value)
		text = after
	}
}

func (c *scope) placeholder(name string, own map[string]any) (string, error) {
	if literal, ok := strings.CutPrefix(name, "!"); ok {
		return "${" + literal + "}", nil
	}
	if value, ok := own[name]; ok {
		return fmt.Sprint(value), nil
	}
	id, attribute, dotted := strings.Cut(name, ".")
	value, err := c.ref(name)
	if dotted {
		value, err = c.attribute(id, attribute)
	}
	return fmt.Sprint(value), err
}

// noExport is the reason where what a template imports is not exported.
type noExport struct{ name string }

func (n noExport) Error() string { return "No export named " + n.name + " found." }

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-importvalue.html
func (c *scope) imported(argument any) (any, error) {
	name, err := c.text(argument)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(c.stack.imports, name) {
		c.stack.imports = append(c.stack.imports, name)
	}
	for _, s := range c.server.formation.there(c.stack.place) {
		outputs := s.outputs
		if s.root == c.stack.root { // the same operation makes both
			outputs = s.planned
		}
		for _, o := range outputs {
			if o.ExportName == name {
				return o.OutputValue, nil
			}
		}
	}
	return nil, noExport{name}
}

// condition reports whether a condition of the template holds.
func (c *scope) condition(name string) (bool, error) {
	e := template.Find(c.document.Conditions, name)
	if e == nil {
		return false, invalid("Template format error: Unresolved condition %s", name)
	}
	value, err := c.evaluate(e.Value)
	return value == true, err
}

func (c *scope) find(operands []any) (any, error) {
	names := texts(operands)
	if e := template.Find(c.document.Mappings, names[0]); e != nil {
		rows, _ := e.Value.(cfn.Map)
		row, _ := rows.Get(names[1]).(cfn.Map)
		if value := row.Get(names[2]); value != nil {
			return c.evaluate(value)
		}
	}
	return nil, invalid("Template error: Unable to get mapping for %s", strings.Join(names, "::"))
}

func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

func suffix(region string) string {
	if partition(region) == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}
