package schema

import (
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
)

// kindsOf is what a value is or, where it is a function, what it results in, and
// how to name it; 0 where nothing is known.
func (c *checker) kindsOf(v any) (kinds, string) {
	switch v := v.(type) {
	case nil, error:
		return 0, ""
	case cfn.Map:
		return object, "a mapping"
	case []any:
		return array, "a list"
	case string:
		if cfn.IsIntrinsic(v) {
			i, ok := cfn.Decode(v)
			if !ok {
				return 0, ""
			}
			got, _ := c.result(i)
			return got, describe(i) + ", which is " + called(got)
		}
	}
	s, _ := literal(v)
	return scalar, diag.Quote(s)
}

// called names the kind of a result.
func called(k kinds) string {
	switch k {
	case array:
		return "a list"
	case object:
		return "a mapping"
	}
	return "text"
}

// describe shows a function as a user writes it, without long arguments.
func describe(i cfn.Intrinsic) string {
	tag := "!" + strings.TrimPrefix(i.Name, "Fn::")
	if i.Name == "Fn::GetAtt" {
		if id, attribute := operandsOf(i); attribute != "" && !cfn.IsIntrinsic(id) && !cfn.IsIntrinsic(attribute) {
			return tag + " " + id + "." + attribute
		}
	}
	if s, ok := i.Argument.(string); ok && !cfn.IsIntrinsic(s) && len(s) <= 60 {
		return tag + " " + s
	}
	return tag
}

// operandsOf are the name in a Ref, or the name and the attribute in a GetAtt.
func operandsOf(i cfn.Intrinsic) (id, attribute string) {
	if list, ok := i.Argument.([]any); ok && len(list) == 2 {
		id, _ = literal(list[0])
		attribute, _ = literal(list[1])
		return id, attribute
	}
	id, _ = literal(i.Argument)
	return id, ""
}

// result is the kind of what a function results in, 0 where that is not known,
// and its schema where it is an attribute.
func (c *checker) result(i cfn.Intrinsic) (kinds, *node) {
	switch i.Name {
	case "Ref":
		id, _ := operandsOf(i)
		return c.names.kindOf(id), nil
	case "Fn::GetAtt":
		n := c.names.attribute(operandsOf(i))
		return n.wanted(), n
	case "Fn::Sub", "Fn::Join", "Fn::Base64", "Fn::ToJsonString", "Fn::ImportValue", "Fn::GetStackOutput":
		return str, nil
	case "Fn::Split", "Fn::GetAZs", "Fn::Cidr":
		return array, nil
	case "Fn::Length":
		return integer, nil
	case "Fn::FindInMap":
		return scalar | array, nil
	case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition":
		return boolean, nil
	case "Fn::If":
		return c.kindsOfBranches(i.Argument), nil
	}
	return 0, nil
}

func (c *checker) kindsOfBranches(argument any) kinds {
	_, then, otherwise, ok := branches(argument)
	if !ok {
		return 0
	}
	a, _ := c.kindsOf(then)
	b, _ := c.kindsOf(otherwise)
	if a == 0 || b == 0 {
		return 0
	}
	return a | b
}

// branches are the parts of an If.
func branches(argument any) (condition string, then, otherwise any, ok bool) {
	list, _ := argument.([]any)
	if len(list) != 3 {
		return "", nil, nil, false
	}
	condition, _ = literal(list[0])
	return condition, list[1], list[2], true
}
