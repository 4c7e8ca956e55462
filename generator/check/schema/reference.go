package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
)

// references checks what every function in a value is given, and that the
// attributes it names exist. The path is that of the value.
func (c *checker) references(v any) {
	switch v := v.(type) {
	case string:
		if !cfn.IsIntrinsic(v) || v == cfn.NoValue || c.spend(1) {
			return
		}
		if i, ok := cfn.Decode(v); ok && !strings.HasPrefix(i.Name, loop) {
			c.push(i.Name)
			c.function(i)
			c.pop()
		}
	case []any:
		for i, item := range v {
			c.push(strconv.Itoa(i))
			c.references(item)
			c.pop()
		}
	case cfn.Map:
		for _, e := range v {
			if !strings.HasPrefix(e.Key, loop) {
				c.push(e.Key)
				c.references(e.Value)
				c.pop()
			}
		}
	}
}

// loop begins the key of a Fn::ForEach, in which names are made up as it runs.
const loop = "Fn::ForEach::"

func (c *checker) function(i cfn.Intrinsic) {
	list, _ := i.Argument.([]any)
	switch i.Name {
	case "Ref", "Condition":
		return
	case "Fn::GetAtt":
		c.getAtt(list)
		return
	case "Fn::Sub":
		c.sub(i.Argument)
		return
	case "Fn::Join":
		c.operand(i.Name, list, 1, array)
		c.joined(list)
	case "Fn::Split":
		c.operand(i.Name, list, 1, scalar)
	case "Fn::Select":
		c.operand(i.Name, list, 0, scalar)
		c.operand(i.Name, list, 1, array)
		c.selected(list)
	case "Fn::Base64", "Fn::ImportValue":
		c.takes(i.Name, i.Argument, scalar)
	}
	c.references(i.Argument)
}

// operand checks the kind of one operand of a function.
func (c *checker) operand(function string, list []any, i int, want kinds) {
	if i < len(list) {
		c.push(strconv.Itoa(i))
		c.takes(function, list[i], want)
		c.pop()
	}
}

// joined checks the items that Fn::Join joins.
func (c *checker) joined(list []any) {
	if len(list) != 2 {
		return
	}
	items, _ := list[1].([]any)
	c.push("1")
	for i := range items {
		c.operand("Fn::Join", items, i, scalar)
	}
	c.pop()
}

// takes checks the kind of a value that a function is given.
func (c *checker) takes(function string, v any, want kinds) {
	got, what := c.kindsOf(v)
	if got == 0 || want.accepts(got) {
		return
	}
	need := "text"
	if want == array {
		need = "a list"
	}
	c.report("wrong-type", "write "+need+" there", function+" takes "+need+" here, not "+what)
}

func (c *checker) getAtt(list []any) {
	if len(list) != 2 {
		return
	}
	id, _ := literal(list[0])
	attribute, _ := literal(list[1])
	if cfn.IsIntrinsic(id) || cfn.IsIntrinsic(attribute) {
		c.references(list)
		return
	}
	c.attribute(id, attribute)
}

// attribute reports an attribute that GetAtt or Sub uses and the resource does not
// have. Whether there is such a resource is another rule's affair.
func (c *checker) attribute(id, attribute string) {
	typ := c.names.resource(id)
	t := schemaOf(typ)
	if t == nil {
		return
	}
	if _, ok := t.attribute(attribute); !ok {
		c.report("unknown-attribute", t.otherAttribute(attribute), id+" has no attribute "+attribute+"; it is a resource of type "+typ)
	}
}

// otherAttribute is the hint for an attribute that a type does not have.
func (t *resourceType) otherAttribute(name string) string {
	attributes := sortedKeys(t.attributes)
	slices.SortStableFunc(attributes, func(a, b string) int { return strings.Count(a, ".") - strings.Count(b, ".") })
	switch {
	case len(t.anyBelow) > 0:
		return "write " + t.anyBelow[0] + "NAME, as in Outputs.TableName"
	case len(attributes) == 0:
		return "it has no attributes at all; !Ref gives its name or id"
	}
	return suggestion(name, attributes, "it has "+diag.Some(attributes))
}

// suggestion is the hint for a name that does not exist.
func suggestion(name string, candidates []string, otherwise string) string {
	if best, ok := diag.Suggest(name, candidates); ok {
		return "did you mean " + best + "?"
	}
	return otherwise
}

// sub checks the names in the text of Fn::Sub, and its variables.
func (c *checker) sub(argument any) {
	text, _ := literal(argument)
	var variables cfn.Map
	if list, ok := argument.([]any); ok && len(list) == 2 {
		text, _ = literal(list[0])
		variables, _ = list[1].(cfn.Map)
	}
	for name := range cfn.Placeholders(text) {
		if !variables.Has(name) {
			c.substituted(name)
		}
	}
	c.push("1")
	for _, e := range variables {
		c.push(e.Key)
		c.takes("Fn::Sub", e.Value, scalar)
		c.references(e.Value)
		c.pop()
	}
	c.pop()
}

// substituted checks that what a name in the text of Fn::Sub stands for is text.
func (c *checker) substituted(name string) {
	id, attribute, dotted := strings.Cut(name, ".")
	got := c.names.kindOf(id)
	if dotted {
		c.attribute(id, attribute)
		got = c.names.attribute(id, attribute).wanted()
	}
	if got == 0 || scalar.accepts(got) {
		return
	}
	hint := "Fn::Sub puts text into text"
	if got == array {
		hint = "join the list first, with !Join"
	}
	c.report("wrong-type", hint, "${"+name+"} stands in a text, and it is "+called(got))
}

// selected checks that a literal index lies in a literal list.
func (c *checker) selected(list []any) {
	if len(list) != 2 {
		return
	}
	s, ok := literal(list[0])
	if !ok || cfn.IsIntrinsic(s) {
		return
	}
	items, isList := list[1].([]any)
	index, err := strconv.Atoi(s)
	switch {
	case err != nil || index < 0:
		c.report("wrong-type", "write the position of the item, from 0", "Fn::Select takes the position of an item, not "+diag.Quote(s))
	case isList && index >= len(items):
		c.report("out-of-range", "write a position from 0 to "+strconv.Itoa(max(0, len(items)-1)),
			"Fn::Select takes item "+strconv.Itoa(index)+" of a list that ends at "+strconv.Itoa(len(items)-1))
	}
}
