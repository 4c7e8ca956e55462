package schema

import (
	"github.com/foldstack/foldstack/generator/cfn"
)

// fix is what is known of a condition.
type fix struct {
	condition string
	holds     bool
}

// followed is how deep conditions are followed into each other.
const followed = 10

// assume takes for known that a condition holds, or does not, with all that follows
// for the conditions in it. What it returns is for forget.
func (c *checker) assume(condition string, holds bool) (before int) {
	before = len(c.fixed)
	c.conclude(condition, holds, 0)
	return before
}

// forget takes back what was assumed.
func (c *checker) forget(before int) { c.fixed = c.fixed[:before] }

func (c *checker) conclude(condition string, holds bool, depth int) {
	c.fixed = append(c.fixed, fix{condition, holds})
	c.follow(c.names.condition(condition), holds, depth+1)
}

func (c *checker) follow(expression any, holds bool, depth int) {
	name, operands, ok := call(expression)
	if !ok || depth > followed || c.spend(1) {
		return
	}
	switch {
	case name == "Condition":
		id, _ := literal(operands[0])
		c.conclude(id, holds, depth)
	case name == "Fn::Not":
		c.follow(operands[0], !holds, depth+1)
	case name == "Fn::And" && holds, name == "Fn::Or" && !holds:
		for _, operand := range operands {
			c.follow(operand, holds, depth+1)
		}
	}
}

// known is what is known of a condition where the walk is.
func (c *checker) known(condition string) (holds, ok bool) { return c.settled(condition, 0) }

func (c *checker) settled(condition string, depth int) (holds, ok bool) {
	for _, f := range c.fixed {
		if f.condition == condition {
			return f.holds, true
		}
	}
	return c.truth(c.names.condition(condition), depth+1)
}

// truth is what is known of the expression of a condition.
func (c *checker) truth(expression any, depth int) (holds, ok bool) {
	name, operands, ok := call(expression)
	if !ok || depth > followed || c.spend(1) {
		return false, false
	}
	switch name {
	case "Condition":
		id, _ := literal(operands[0])
		return c.settled(id, depth)
	case "Fn::Not":
		holds, ok = c.truth(operands[0], depth+1)
		return !holds && ok, ok
	case "Fn::And":
		return c.every(operands, true, depth)
	case "Fn::Or":
		return c.every(operands, false, depth)
	case "Fn::Equals":
		return c.equal(operands)
	}
	return false, false
}

// every is what is known of an And, of which every operand must hold, or of an Or,
// of which every one must not for it not to.
func (c *checker) every(operands []any, hold bool, depth int) (holds, ok bool) {
	all := true
	for _, operand := range operands {
		holds, ok := c.truth(operand, depth+1)
		if ok && holds != hold {
			return !hold, true
		}
		all = all && ok
	}
	return hold && all, all
}

// equal is what is known of a comparison: of two literals, and of the same function
// that a condition which holds has compared with a literal.
func (c *checker) equal(operands []any) (holds, ok bool) {
	function, text, ok := compared(operands)
	switch {
	case !ok || cfn.IsIntrinsic(text):
		return false, false
	case !cfn.IsIntrinsic(function):
		return function == text, true
	}
	for _, f := range c.fixed {
		name, others, _ := call(c.names.condition(f.condition))
		if !f.holds || name != "Fn::Equals" {
			continue
		}
		if other, value, ok := compared(others); ok && other == function && !cfn.IsIntrinsic(value) {
			return value == text, true
		}
	}
	return false, false
}

// compared are the operands of Fn::Equals, a function before a literal.
func compared(operands []any) (a, b string, ok bool) {
	if len(operands) != 2 {
		return "", "", false
	}
	a, isText := literal(operands[0])
	b, ok = literal(operands[1])
	if cfn.IsIntrinsic(b) {
		a, b = b, a
	}
	return a, b, ok && isText
}

// call is the name of a function and what it is given, at least one operand.
func call(v any) (name string, operands []any, ok bool) {
	s, _ := v.(string)
	i, ok := cfn.Decode(s)
	if !ok {
		return "", nil, false
	}
	operands, isList := i.Argument.([]any)
	if !isList {
		operands = []any{i.Argument}
	}
	return i.Name, operands, len(operands) > 0
}
