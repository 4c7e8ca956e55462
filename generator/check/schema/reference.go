package schema

import (
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
)

// references checks what every function in a value refers to and is given. The
// path is that of the value.
func (c *checker) references(v any) {
	switch v := v.(type) {
	case string:
		if !cfn.IsIntrinsic(v) || v == cfn.NoValue || c.spend() {
			return
		}
		if i, ok := cfn.Decode(v); ok {
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
	case "Ref":
		id, _ := literal(i.Argument)
		c.ref(id)
		return
	case "Fn::GetAtt":
		c.getAtt(list)
		return
	case "Fn::Sub":
		c.sub(i.Argument)
		return
	case "Fn::Join":
		c.operand(list, 1, array)
		if len(list) == 2 {
			if items, ok := list[1].([]any); ok {
				c.push("1")
				c.scalars(items)
				c.pop()
			}
		}
	case "Fn::Split":
		c.operand(list, 1, scalar)
	case "Fn::Select":
		c.operand(list, 0, scalar)
		c.operand(list, 1, array)
		c.selected(list)
	case "Fn::FindInMap":
		c.mapping(list)
	case "Fn::Base64", "Fn::ImportValue":
		c.operands([]any{i.Argument}, scalar, i.Name)
	}
	if strings.HasPrefix(i.Name, loop) {
		return
	}
	c.references(i.Argument)
}

// operand checks the kind of one operand of a function.
func (c *checker) operand(list []any, i int, want kinds) {
	if i < len(list) {
		c.push(strconv.Itoa(i))
		c.operands(list[i:i+1], want, c.path[len(c.path)-2])
		c.pop()
	}
}

func (c *checker) scalars(items []any) {
	for i, item := range items {
		c.push(strconv.Itoa(i))
		c.operands([]any{item}, scalar, "Fn::Join")
		c.pop()
	}
}

func (c *checker) operands(values []any, want kinds, function string) {
	for _, v := range values {
		got, what := c.kindsOf(v)
		if got != 0 && !want.accepts(got) {
			need := "text"
			if want == array {
				need = "a list"
			}
			c.report("wrong-type", "write "+need+" there", function+" takes "+need+" here, not "+what)
		}
	}
}

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
	return scalar, quote(s)
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
	switch argument := i.Argument.(type) {
	case string:
		if !cfn.IsIntrinsic(argument) && len(argument) <= 60 {
			return tag + " " + argument
		}
	case []any:
		if i.Name == "Fn::GetAtt" && len(argument) == 2 {
			id, _ := literal(argument[0])
			attribute, ok := literal(argument[1])
			if ok && !cfn.IsIntrinsic(attribute) {
				return tag + " " + id + "." + attribute
			}
		}
	}
	return tag
}

// result is the kind of what a function results in, 0 where that is not known,
// and its schema where it is an attribute.
func (c *checker) result(i cfn.Intrinsic) (kinds, *node) {
	switch i.Name {
	case "Ref":
		id, _ := literal(i.Argument)
		return c.kindOfName(id), nil
	case "Fn::GetAtt":
		list, _ := i.Argument.([]any)
		n := c.attributeOf(list)
		return n.wanted(), n
	case "Fn::Sub", "Fn::Join", "Fn::Base64", "Fn::ToJsonString", "Fn::ImportValue":
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

// kindOfName is what Ref of a name gives; 0 where nothing is known.
func (c *checker) kindOfName(id string) kinds {
	if k, ok := pseudo[id]; ok {
		return k
	}
	if c.names == nil {
		return 0
	}
	if typ, ok := c.names.Parameters[id]; ok {
		return kindOfParameter(typ)
	}
	if _, ok := c.names.Resources[id]; ok {
		return str
	}
	return 0
}

// attributeOf is the schema of the attribute that a GetAtt names, or nil.
func (c *checker) attributeOf(list []any) *node {
	if c.names == nil || len(list) != 2 {
		return nil
	}
	id, _ := literal(list[0])
	attribute, _ := literal(list[1])
	t := schemaOf(c.names.Resources[id])
	if t == nil {
		return nil
	}
	n, _ := t.attribute(attribute)
	return n
}

// ref checks a name that Ref or Sub uses.
func (c *checker) ref(id string) {
	if c.names == nil || id == "" {
		return
	}
	if _, ok := pseudo[id]; ok {
		return
	}
	if strings.HasPrefix(id, "AWS::") {
		c.report("unknown-reference", suggestion(id, sortedKeys(pseudo), "see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html"),
			"there is no pseudo parameter "+id)
		return
	}
	_, isParameter := c.names.Parameters[id]
	if _, ok := c.names.Resources[id]; ok || isParameter || c.names.Open {
		return
	}
	c.report("unknown-reference", suggestion(id, c.names.values(), "name a resource or a parameter of this template"),
		"the template has no resource and no parameter "+id)
}

// suggestion is the hint for a name that does not exist.
func suggestion(name string, candidates []string, otherwise string) string {
	if best, ok := diag.Suggest(name, candidates); ok {
		return "did you mean " + best + "?"
	}
	return otherwise
}

func (c *checker) getAtt(list []any) {
	if c.names == nil || len(list) != 2 {
		return
	}
	id, _ := literal(list[0])
	attribute, _ := literal(list[1])
	if cfn.IsIntrinsic(attribute) {
		c.references(attribute)
		attribute = ""
	}
	c.attribute(id, attribute)
}

// attribute checks an attribute that GetAtt or Sub uses; an empty one is computed.
func (c *checker) attribute(id, attribute string) {
	if c.names == nil || c.names.Open && c.names.Resources[id] == "" {
		return
	}
	typ, ok := c.names.Resources[id]
	if !ok {
		hint := suggestion(id, sortedKeys(c.names.Resources), "name a resource of this template")
		if _, isParameter := c.names.Parameters[id]; isParameter {
			hint = id + " is a parameter, which has no attributes: write !Ref " + id
		}
		c.report("unknown-reference", hint, "the template has no resource "+id)
		return
	}
	t := schemaOf(typ)
	if t == nil || attribute == "" {
		return
	}
	if _, ok := t.attribute(attribute); !ok {
		c.report("unknown-attribute", t.otherAttribute(attribute), id+" has no attribute "+attribute+"; it is a resource of type "+typ)
	}
}

// otherAttribute is the hint for an attribute that a type does not have.
func (t *resourceType) otherAttribute(name string) string {
	attributes := sortedKeys(t.attributes)
	switch {
	case len(t.anyBelow) > 0:
		return "write " + t.anyBelow[0] + "NAME, as in Outputs.TableName"
	case len(attributes) == 0:
		return "it has no attributes at all; !Ref gives its name or id"
	}
	return suggestion(name, attributes, "it has "+some(attributes))
}

// sub checks the names in the text of Fn::Sub, and its variables.
func (c *checker) sub(argument any) {
	text, _ := literal(argument)
	var variables cfn.Map
	if list, ok := argument.([]any); ok && len(list) == 2 {
		text, _ = literal(list[0])
		variables, _ = list[1].(cfn.Map)
	}
	for name := range placeholders(text) {
		if has(variables, name) {
			continue
		}
		id, attribute, dotted := strings.Cut(name, ".")
		if !dotted {
			c.ref(id)
		} else {
			c.attribute(id, attribute)
		}
		c.substituted(name, id, attribute, dotted)
	}
	c.push("1")
	for _, e := range variables {
		c.push(e.Key)
		c.operands([]any{e.Value}, scalar, "Fn::Sub")
		c.references(e.Value)
		c.pop()
	}
	c.pop()
}

// substituted checks that what a name stands for is text.
func (c *checker) substituted(name, id, attribute string, dotted bool) {
	var got kinds
	if dotted {
		got = c.attributeOf([]any{id, attribute}).wanted()
	} else {
		got = c.kindOfName(id)
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

func has(m cfn.Map, key string) bool {
	for _, e := range m {
		if e.Key == key {
			return true
		}
	}
	return false
}

// placeholders yields the names inside ${…} of Sub's text, ${!…} excepted.
func placeholders(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for {
			_, rest, found := strings.Cut(text, "${")
			if !found {
				return
			}
			name, after, closed := strings.Cut(rest, "}")
			if !closed {
				return
			}
			text = after
			if name = strings.TrimSpace(name); name != "" && name[0] != '!' && !yield(name) {
				return
			}
		}
	}
}

// selected checks that a literal index lies in a literal list.
func (c *checker) selected(list []any) {
	if len(list) != 2 {
		return
	}
	s, _ := literal(list[0])
	items, isList := list[1].([]any)
	index, err := strconv.Atoi(s)
	switch {
	case cfn.IsIntrinsic(s) || c.path == nil:
	case err != nil || index < 0:
		c.report("wrong-type", "write the position of the item, from 0", "Fn::Select takes the position of an item, not "+quote(s))
	case isList && index >= len(items):
		c.report("out-of-range", "write a position from 0 to "+strconv.Itoa(max(0, len(items)-1)),
			"Fn::Select takes item "+strconv.Itoa(index)+" of a list that ends at "+strconv.Itoa(len(items)-1))
	}
}

// mapping checks the names that a FindInMap gives as literals.
func (c *checker) mapping(list []any) {
	if c.names == nil || len(list) < 3 || c.names.Open {
		return
	}
	name, ok := literal(list[0])
	if !ok || cfn.IsIntrinsic(name) {
		return
	}
	rows, ok := c.names.Mappings[name]
	if !ok {
		c.report("unknown-mapping", suggestion(name, sortedKeys(c.names.Mappings), "name an entry of the section Mappings"), "the template has no mapping "+name)
		return
	}
	if len(list) > 3 { // a default stands in for what is missing
		return
	}
	top, _ := literal(list[1])
	second, _ := literal(list[2])
	if top == "" || cfn.IsIntrinsic(top) {
		c.secondKey(name, second, rows)
		return
	}
	row, ok := rows.Get(top).(cfn.Map)
	if !ok {
		c.report("unknown-mapping", suggestion(top, keysOf(rows), "it has "+some(keysOf(rows))), "the mapping "+name+" has no key "+top)
		return
	}
	if second != "" && !cfn.IsIntrinsic(second) && !has(row, second) {
		c.report("unknown-mapping", suggestion(second, keysOf(row), "it has "+some(keysOf(row))), "the mapping "+name+" has no key "+second+" below "+top)
	}
}

// secondKey checks a key that no row of a mapping has.
func (c *checker) secondKey(name, second string, rows cfn.Map) {
	if second == "" || cfn.IsIntrinsic(second) {
		return
	}
	var keys []string
	for _, e := range rows {
		row, ok := e.Value.(cfn.Map)
		if !ok || has(row, second) {
			return
		}
		keys = append(keys, keysOf(row)...)
	}
	c.report("unknown-mapping", suggestion(second, keys, "write a key that stands below the first one"), "no row of the mapping "+name+" has a key "+second)
}

func keysOf(m cfn.Map) []string {
	keys := make([]string, len(m))
	for i, e := range m {
		keys[i] = e.Key
	}
	return keys
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
