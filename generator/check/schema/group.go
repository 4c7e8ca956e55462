package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
)

// fault is what a rule on the properties of an object finds wrong.
type fault struct {
	key        string // the property that must not be there; empty for one that is missing
	rule, text string
	hint       string
}

// groups checks the rules that look at which properties of an object are there.
//
// Conditions decide that. With every assignment of truth to the conditions that
// stand in the object, a fault is reported when one value of one condition brings it
// about whatever the others are: two conditions may exclude each other, but each
// holds and does not hold somewhere.
func (c *checker) groups(n *node, m cfn.Map) {
	conditions := c.conditionsIn(m)
	if len(conditions) == 0 {
		for _, f := range c.faultsOf(n, presence{m, c}) {
			c.fault(f)
		}
		return
	}
	const most = 6
	if len(conditions) > most {
		c.unknown = true
		return
	}
	all := 1 << len(conditions)
	if c.spend(all * len(m)) {
		return
	}
	found := map[fault][]int{} // the assignments that have it
	var order []fault
	before := len(c.fixed)
	for assignment := range all {
		for bit, condition := range conditions {
			c.fixed = append(c.fixed, fix{condition, assignment>>bit&1 == 1})
		}
		for _, f := range c.faultsOf(n, presence{m, c}) {
			if found[f] == nil {
				order = append(order, f)
			}
			found[f] = append(found[f], assignment)
		}
		c.forget(before)
	}
	for _, f := range order {
		switch {
		case c.trials > 0 && len(found[f]) < all:
			c.unknown = true
		case len(found[f]) == all:
			c.fault(f)
		default:
			if why := cause(conditions, found[f]); why != "" {
				f.text += why
				c.fault(f)
			}
		}
	}
}

// cause names the one value of one condition with which every assignment has a
// fault.
func cause(conditions []string, assignments []int) string {
	half := 1 << len(conditions) / 2
	for bit, condition := range conditions {
		for value, word := range []string{"does not hold", "holds"} {
			n := 0
			for _, a := range assignments {
				if a>>bit&1 == value {
					n++
				}
			}
			if n == half {
				return ", where the condition " + condition + " " + word
			}
		}
	}
	return ""
}

func (c *checker) fault(f fault) {
	if f.key != "" {
		c.push(f.key)
		defer c.pop()
	}
	c.reportKey(f.rule, f.hint, f.text)
}

// conditionsIn lists the conditions that decide which properties of an object are
// there, those excepted of which the value is known.
func (c *checker) conditionsIn(m cfn.Map) []string {
	var conditions []string
	var visit func(v any)
	visit = func(v any) {
		argument, ok := ifArgument(v)
		if !ok {
			return
		}
		condition, then, otherwise, ok := branches(argument)
		if !ok {
			return
		}
		if _, known := c.known(condition); !known && !slices.Contains(conditions, condition) {
			conditions = append(conditions, condition)
		}
		visit(then)
		visit(otherwise)
	}
	for _, e := range m {
		visit(e.Value)
	}
	return conditions
}

// ifArgument is the argument of a value that is an If.
func ifArgument(v any) (any, bool) {
	s, ok := v.(string)
	if !ok || !strings.HasPrefix(s, ifPrefix) {
		return nil, false
	}
	i, ok := cfn.Decode(s)
	return i.Argument, ok && i.Name == "Fn::If"
}

// ifPrefix begins every encoded If, which spares decoding anything else.
var ifPrefix = func() string {
	s := cfn.If("", "", "")
	return s[:strings.Index(s, "Fn::If")+len("Fn::If")]
}()

// presence tells which properties of an object are there, by what is known of
// conditions.
type presence struct {
	m cfn.Map
	c *checker
}

func (p presence) has(key string) bool {
	for _, e := range p.m {
		if e.Key == key {
			return p.stands(e.Value)
		}
	}
	return false
}

// stands reports whether a value is there at all.
func (p presence) stands(v any) bool {
	for v != any(cfn.NoValue) {
		argument, ok := ifArgument(v)
		if !ok {
			return true
		}
		condition, then, otherwise, ok := branches(argument)
		if !ok {
			return true
		}
		v = otherwise
		if holds, known := p.c.known(condition); known && holds {
			v = then
		}
	}
	return false
}

func (p presence) count() int {
	n := 0
	for _, e := range p.m {
		if p.stands(e.Value) {
			n++
		}
	}
	return n
}

// of lists which of the names are there.
func (p presence) of(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !p.has(name) })
}

// faultsOf applies the rules to one set of properties. A mapping with a transform or a
// loop in it is not judged.
func (c *checker) faultsOf(n *node, p presence) []fault {
	for _, e := range p.m {
		if strings.HasPrefix(e.Key, "Fn::") {
			c.unknown = true
			return nil
		}
	}
	var faults []fault
	for _, name := range n.Required {
		if !p.has(name) && !c.misspelt(n, p.m, name) {
			faults = append(faults, fault{rule: "missing-property", text: c.owner() + " requires " + name, hint: "add " + name})
		}
	}
	if names := n.RequiredOr; len(names) > 0 && len(p.of(names)) == 0 {
		faults = append(faults, fault{rule: "missing-property", text: c.owner() + " requires one of " + sentence(names, "and"), hint: "add one of them"})
	}
	faults = append(faults, c.exclusive(n.RequiredXor, p)...)
	for _, name := range sortedKeys(n.Needs) {
		for _, other := range n.Needs[name] {
			if p.has(name) && !p.has(other) {
				faults = append(faults, fault{rule: "missing-property", text: c.owner() + " requires " + other + " where it has " + name, hint: "add " + other + ", or leave " + name + " out"})
			}
		}
	}
	for _, name := range sortedKeys(n.Excludes) {
		for _, other := range n.Excludes[name] {
			if name < other || !slices.Contains(n.Excludes[other], name) {
				if p.has(name) && p.has(other) {
					faults = append(faults, fault{key: other, rule: "excluded-property", text: other + " cannot stand beside " + name, hint: "leave one of them out"})
				}
			}
		}
	}
	return append(faults, c.propertyCount(n, p)...)
}

// misspelt reports whether a property is there under a name that is reported as
// unknown, with a hint to the right one.
func (c *checker) misspelt(n *node, m cfn.Map, name string) bool {
	return bool(n.Closed) && !c.spend(len(m)) && slices.ContainsFunc(m, func(e cfn.Entry) bool {
		meant, ok := diag.Suggest(e.Key, []string{name})
		return ok && meant == name && n.Properties[e.Key] == nil
	})
}

// exclusive applies the rule that exactly one of the names is there.
func (c *checker) exclusive(names []string, p presence) []fault {
	if len(names) == 0 {
		return nil
	}
	switch there := p.of(names); len(there) {
	case 0:
		return []fault{{rule: "missing-property", text: c.owner() + " requires one of " + sentence(names, "and"), hint: "add exactly one of them"}}
	case 1:
		return nil
	default:
		return []fault{{key: there[1], rule: "excluded-property", text: there[1] + " cannot stand beside " + there[0], hint: "leave one of them out"}}
	}
}

func (c *checker) propertyCount(n *node, p presence) []fault {
	if n.MinProperties == nil && n.MaxProperties == nil {
		return nil
	}
	count := p.count()
	switch {
	case n.MinProperties != nil && count < *n.MinProperties:
		return []fault{{rule: "out-of-range", text: c.owner() + " has " + counted(count, "property") + ", and the least is " + strconv.Itoa(*n.MinProperties)}}
	case n.MaxProperties != nil && count > *n.MaxProperties:
		return []fault{{rule: "out-of-range", text: c.owner() + " has " + counted(count, "property") + ", and the most is " + strconv.Itoa(*n.MaxProperties)}}
	}
	return nil
}

// owner names the object at the path.
func (c *checker) owner() string {
	if len(c.path) <= 1 {
		return c.label()
	}
	return c.subject()
}
