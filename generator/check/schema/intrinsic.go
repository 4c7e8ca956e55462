package schema

import (
	"github.com/foldstack/foldstack/generator/cfn"
)

// intrinsic checks a function that stands where a schema holds.
func (c *checker) intrinsic(n *node, s string) {
	if s == cfn.NoValue {
		return
	}
	i, ok := cfn.Decode(s)
	if !ok { // reported when it is rendered
		c.unknown = true
		return
	}
	if i.Name == "Fn::If" {
		c.branches(n, i.Argument)
		return
	}
	got, attribute := c.result(i)
	want := n.wanted()
	if got != 0 && !want.accepts(got) {
		c.wrongResult(want, got, i)
		return
	}
	if i.Name == "Fn::FindInMap" && c.inMapping(n, i.Argument) {
		return
	}
	if c.trials > 0 {
		c.unknown = c.unknown || got == 0 || n.looks()
		return
	}
	c.formats(n, i, attribute)
}

// looks reports whether a schema looks at more than the type.
func (n *node) looks() bool {
	return n.strict || n.target != nil || len(n.OneOf)+len(n.AnyOf)+len(n.AllOf) > 0 || n.Not != nil || n.If != nil ||
		n.wanted()&str == 0 && n.wanted()&scalar != 0
}

func (c *checker) wrongResult(want, got kinds, i cfn.Intrinsic) {
	if c.onTrial() {
		return
	}
	hint := "write " + want.String()
	if want == array && got&scalar != 0 {
		hint = "write a list with this as its item"
	} else if got == array && want&scalar != 0 {
		hint = "take one item with !Select, or join them with !Join"
	}
	c.report("wrong-type", hint, c.subject()+" is "+describe(i)+", which is "+called(got)+", where "+want.String()+" is needed")
}

// branches checks both branches of an If where it stands; one that cannot be taken
// there is left out.
func (c *checker) branches(n *node, argument any) {
	condition, then, otherwise, ok := branches(argument)
	if !ok {
		c.unknown = true
		return
	}
	c.push("Fn::If")
	holds, known := c.known(condition)
	faults, wrong, taken := c.faults, 0, 0
	for _, b := range []struct {
		step  string
		holds bool
		value any
	}{{"1", true, then}, {"2", false, otherwise}} {
		if known && holds != b.holds {
			continue
		}
		taken++
		before := c.faults
		c.push(b.step)
		assumed := c.assume(condition, b.holds)
		c.value(n, b.value)
		c.forget(assumed)
		c.pop()
		if c.faults > before {
			wrong++
		}
	}
	if 0 < wrong && wrong < taken { // a trial does not know which branch it is
		c.faults = faults
		c.unknown = true
	}
	c.pop()
}

// inMapping checks every value that a FindInMap can find, and reports whether that
// settled it.
func (c *checker) inMapping(n *node, argument any) bool {
	list, _ := argument.([]any)
	if len(list) != 3 {
		return false
	}
	mapping, _ := literal(list[0])
	top, _ := literal(list[1])
	second, _ := literal(list[2])
	if second == "" || cfn.IsIntrinsic(second) || top == "" {
		return false
	}
	rows := c.names.mapping(mapping)
	faults, candidates := c.faults, 0
	for _, e := range rows {
		if !cfn.IsIntrinsic(top) && e.Key != top {
			continue
		}
		if row, ok := e.Value.(cfn.Map); ok && row.Has(second) {
			candidates++
			c.candidate(n, mapping, e.Key, second, row.Get(second))
		}
	}
	if c.trials > 0 && c.faults > faults && candidates > 1 { // wrong for some key only
		c.faults = faults
		c.unknown = true
	}
	return candidates > 0
}

// candidate checks a value of a mapping; what is wrong says where it comes from.
func (c *checker) candidate(n *node, mapping, top, second string, v any) {
	before := len(c.found)
	c.value(n, v)
	for i := before; i < len(c.found); i++ {
		c.found[i].text += " (" + second + " of " + top + " in the mapping " + mapping + ")"
	}
}
