package authz

import (
	"fmt"
	"slices"
	"strings"
)

// quantifier is the set operator that an operator is prefixed with.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
type quantifier uint8

const (
	single quantifier = iota
	forAnyValue
	forAllValues
)

// condition is one operator and key, read once.
type condition struct {
	written    *Condition
	key        string // in lower case
	operator   operator
	quantifier quantifier
	ifExists   bool
	existence  bool     // the operator is Null
	absent     [2]bool  // of Null: it asks for the key to be there, to be absent
	want       []wanted // one for each value
}

// wanted is one value of a condition: a test, or the pattern that it is made of for
// each request.
type wanted struct {
	test    test
	unbound *pattern
}

// readCondition reads a condition, and says what is wrong in it.
func readCondition(written *Condition, variables bool) (condition, error) {
	c := condition{written: written, key: strings.ToLower(written.Key)}
	name := written.Operator
	if rest, ok := strings.CutPrefix(name, "ForAnyValue:"); ok {
		name, c.quantifier = rest, forAnyValue
	} else if rest, ok := strings.CutPrefix(name, "ForAllValues:"); ok {
		name, c.quantifier = rest, forAllValues
	}
	if name == "Null" {
		return c, c.readNull()
	}
	name, c.ifExists = strings.CutSuffix(name, "IfExists")
	o, ok := operators[name]
	if !ok {
		return c, unknownOperator(written.Operator)
	}
	c.operator = o
	meaning := o.syntax
	if !variables {
		meaning &^= references
	}
	for _, value := range written.Values {
		p := parsePattern(value, meaning)
		if p.unbound {
			c.want = append(c.want, wanted{unbound: &p})
			continue
		}
		test, ok := o.prepare(&p)
		if !ok {
			return c, fmt.Errorf("the condition %s on %s wants %s, not %q", written.Operator, written.Key, o.wants, value)
		}
		c.want = append(c.want, wanted{test: test})
	}
	return c, nil
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null
func (c *condition) readNull() error {
	c.existence = true
	for _, value := range c.written.Values {
		absent, ok := readBool(value)
		if !ok {
			return fmt.Errorf("the condition Null on %s wants true or false, not %q", c.written.Key, value)
		}
		if absent {
			c.absent[1] = true
		} else {
			c.absent[0] = true
		}
	}
	return nil
}

// holds decides a condition.
//
// A key that is not there misses, and a negated operator is met by it. Of a set without
// members everything is true that is said of all of them, and nothing of any.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (c *condition) holds(r *call) outcome {
	values, present := r.values(c.key)
	switch {
	case c.existence:
		if present && !empty(values) {
			return outcomeOf(c.absent[0])
		}
		return outcomeOf(c.absent[1])
	case !present && c.ifExists:
		return met
	case c.quantifier == forAllValues:
		if !present || empty(values) {
			return met
		}
		all := met
		for _, value := range values {
			all = min(all, c.compare(r, value))
		}
		return all
	case c.quantifier == forAnyValue:
		if !present || empty(values) {
			return missed
		}
		some := missed
		for _, value := range values {
			some = max(some, c.compare(r, value))
		}
		return some
	case !present || len(values) == 0:
		return outcomeOf(c.operator.negated)
	case len(values) > 1:
		return open // AWS asks for a set operator here and does not say what happens without one
	default:
		return c.compare(r, values[0])
	}
}

// empty reports whether a key has no value that counts: AWS calls a set of an empty
// text a null data set.
func empty(values []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return v != "" })
}

// compare holds one value of the request against those of the condition: one of them
// is enough, and none of them may fit a negated operator.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html
func (c *condition) compare(r *call, value string) outcome {
	fits := missed
	for i := range c.want {
		w := &c.want[i]
		t := w.test
		if w.unbound != nil {
			bound, ok := w.unbound.bind(r)
			if !ok {
				continue
			}
			if t, ok = c.operator.prepare(&bound); !ok {
				continue
			}
		}
		if fits = max(fits, t(value)); fits == met {
			break
		}
	}
	if c.operator.negated {
		return met - fits
	}
	return fits
}

func unknownOperator(name string) error {
	return fmt.Errorf("no condition operator is called %s", name)
}
