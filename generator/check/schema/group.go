package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
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
		for _, f := range c.faultsOf(n, presence{m, c.fixed}) {
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
	found := map[fault][]int{} // the assignments that have it
	var order []fault
	for assignment := range all {
		fixed := slices.Clone(c.fixed)
		for bit, condition := range conditions {
			fixed = append(fixed, fix{condition, assignment>>bit&1 == 1})
		}
		for _, f := range c.faultsOf(n, presence{m, fixed}) {
			if found[f] == nil {
				order = append(order, f)
			}
			found[f] = append(found[f], assignment)
		}
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
	c.report(f.rule, f.hint, f.text)
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

// presence tells which properties of an object are there.
type presence struct {
	m     cfn.Map
	fixed []fix
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
		for _, f := range p.fixed {
			if f.condition == condition && f.holds {
				v = then
			}
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
		if !p.has(name) {
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
		return c.label
	}
	return subject(c.path)
}

// count checks how many items a list has, and whether they repeat. An item that a
// condition removes is counted on the side that does no harm.
func (c *checker) count(n *node, list []any) {
	if n.MinItems != nil || n.MaxItems != nil {
		least, most := c.bounds(list)
		switch {
		case n.MinItems != nil && most < *n.MinItems:
			c.report("out-of-range", "", subject(c.path)+" has "+counted(most, "item")+", and the least is "+strconv.Itoa(*n.MinItems))
		case n.MaxItems != nil && least > *n.MaxItems:
			c.report("out-of-range", "", subject(c.path)+" has "+counted(least, "item")+", and the most is "+strconv.Itoa(*n.MaxItems))
		case n.MinItems != nil && least < *n.MinItems, n.MaxItems != nil && most > *n.MaxItems:
			c.unknown = true
		}
	}
	if n.Unique || n.MaxUniqueItems != nil {
		c.repetition(n, list)
	}
	if len(n.UniqueKeys) > 0 {
		c.repeatedKeys(n.UniqueKeys, list)
	}
}

// bounds is how many items a list has at least and at most.
func (c *checker) bounds(list []any) (least, most int) {
	for _, item := range list {
		a, b := c.itemBounds(item)
		least += a
		most += b
	}
	return least, most
}

func (c *checker) itemBounds(item any) (least, most int) {
	if item == any(cfn.NoValue) {
		return 0, 0
	}
	argument, ok := ifArgument(item)
	if !ok {
		return 1, 1
	}
	condition, then, otherwise, ok := branches(argument)
	if !ok {
		return 0, 1
	}
	if holds, known := c.known(condition); known {
		if holds {
			return c.itemBounds(then)
		}
		return c.itemBounds(otherwise)
	}
	a, b := c.itemBounds(then)
	x, y := c.itemBounds(otherwise)
	return min(a, x), max(b, y)
}

func (c *checker) repetition(n *node, list []any) {
	seen := make(map[string]bool, len(list))
	for i, item := range list {
		if _, conditional := ifArgument(item); conditional || item == any(cfn.NoValue) {
			continue
		}
		key := string(canonical(nil, item))
		if seen[key] && n.Unique {
			c.push(strconv.Itoa(i))
			c.report("repeated-item", "leave it out", subject(c.path)+" stands in the list already")
			c.pop()
		}
		seen[key] = true
	}
	if n.MaxUniqueItems != nil && len(seen) > *n.MaxUniqueItems {
		c.report("out-of-range", "", subject(c.path)+" has "+counted(len(seen), "different item")+", and the most is "+strconv.Itoa(*n.MaxUniqueItems))
	}
}

// repeatedKeys reports an item that is equal to another one in the properties by
// which items are told apart.
func (c *checker) repeatedKeys(keys []string, list []any) {
	seen := map[string]bool{}
	for i, item := range list {
		m, _ := item.(cfn.Map)
		var id []byte
		for _, key := range keys {
			v := m.Get(key)
			if v == nil {
				id = nil
				break
			}
			id = canonical(id, v)
		}
		if id == nil {
			continue
		}
		if seen[string(id)] {
			c.push(strconv.Itoa(i))
			c.report("repeated-item", "give each item another "+sentence(keys, "and"), subject(c.path)+" has the same "+sentence(keys, "and")+" as another one")
			c.pop()
		}
		seen[string(id)] = true
	}
}

// canonical appends a form in which equal values are equal, whatever the order of
// their keys and however a scalar is written.
func canonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case []any:
		b = append(b, '[')
		for _, item := range v {
			b = append(canonical(b, item), ',')
		}
		return append(b, ']')
	case cfn.Map:
		entries := slices.Clone(v)
		slices.SortFunc(entries, func(x, y cfn.Entry) int { return strings.Compare(x.Key, y.Key) })
		b = append(b, '{')
		for _, e := range entries {
			b = append(strconv.AppendQuote(b, e.Key), ':')
			b = append(canonical(b, e.Value), ',')
		}
		return append(b, '}')
	}
	s, ok := literal(v)
	if !ok {
		return append(b, '?')
	}
	return strconv.AppendQuote(b, s)
}
