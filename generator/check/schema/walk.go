package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
)

// checker holds the entries of one template against their schemas, one by one.
type checker struct {
	names names
	typ   *resourceType
	noun  string // "the parameter"; empty where name is a type
	name  string // of what is checked

	path  []string
	fixed []fix // what is known of conditions where the walk is
	found []finding

	trials  int  // above 0 while only the verdict counts, not the finding
	faults  int  // what a trial found
	unknown bool // whether a trial met something that only a deployment tells
	budget  int  // what is left of work
}

// begin makes the checker ready for the next entry.
func (c *checker) begin() {
	*c = checker{names: c.names, path: c.path[:0], fixed: c.fixed[:0], found: c.found[:0], budget: c.budget}
}

// label names what is checked, for messages.
func (c *checker) label() string {
	if c.noun == "" {
		return c.name
	}
	return c.noun + " " + c.name
}

// work is how many values and schemas are met at most in one template, several times
// what 1 MB of real resources takes. What lies behind is not checked.
const work = 2_000_000

// spend takes from the budget and reports whether nothing is left.
func (c *checker) spend(n int) bool {
	if c.budget < 0 {
		return true
	}
	c.budget -= n
	return c.budget < 0
}

func (c *checker) push(step string) { c.path = append(c.path, step) }
func (c *checker) pop()             { c.path = c.path[:len(c.path)-1] }

// properties checks the Properties of the resource as a whole.
func (c *checker) properties(v any) {
	switch v := v.(type) {
	case nil:
		c.object(&c.typ.node, nil)
	case cfn.Map:
		c.object(&c.typ.node, v)
		if c.typ.Taggable {
			c.value(&sections().tags.node, v)
		}
		for _, path := range c.typ.readOnly {
			c.readOnly(v, path)
		}
	default:
		c.value(&c.typ.node, v)
	}
}

// readOnly reports a property that only CloudFormation sets.
func (c *checker) readOnly(v any, path []string) {
	switch v := v.(type) {
	case []any:
		if path[0] == "*" && len(path) > 1 {
			for i, item := range v {
				c.push(strconv.Itoa(i))
				c.readOnly(item, path[1:])
				c.pop()
			}
		}
	case cfn.Map:
		if !v.Has(path[0]) {
			return
		}
		c.push(path[0])
		defer c.pop()
		if len(path) > 1 {
			c.readOnly(v.Get(path[0]), path[1:])
			return
		}
		c.reportKey("read-only-property", "leave it out; !GetAtt reads it", path[0]+" of "+c.label()+" is set by CloudFormation and cannot be given")
	}
}

// value checks a value against a schema, which may be nil.
func (c *checker) value(n *node, v any) {
	if n == nil || c.spend(1) {
		return
	}
	switch v := v.(type) {
	case nil, error: // was reported where it came about
		c.unknown = true
	case cfn.Map:
		c.object(n, v)
	case []any:
		c.list(n, v)
	case string:
		if cfn.IsIntrinsic(v) {
			c.intrinsic(n, v)
			return
		}
		c.scalar(n, v, v)
	default:
		if s, ok := literal(v); ok {
			c.scalar(n, v, s)
		}
	}
}

// further checks a value against the schemas that a schema consists of.
func (c *checker) further(n *node, v any) {
	c.value(n.target, v)
	for _, part := range n.AllOf {
		c.value(part, v)
	}
	if len(n.AnyOf) > 0 {
		c.anyOf(n, v)
	}
	if len(n.OneOf) > 0 {
		c.oneOf(n, v)
	}
	if n.Not != nil {
		c.not(n, v)
	}
	if n.If != nil {
		c.ifThen(n, v)
	}
}

// wrongType reports what a value is where something else is wanted.
func (c *checker) wrongType(want kinds, what string) {
	c.report("wrong-type", "write "+want.String(), c.subject()+" is "+what+", where "+want.String()+" is needed")
}

func (c *checker) list(n *node, list []any) {
	if n.Kinds != 0 && n.Kinds&array == 0 {
		c.wrongType(n.Kinds, "a list")
		return
	}
	c.count(n, list)
	for i, item := range list {
		schema := n.Items
		if i < len(n.Prefix) {
			schema = n.Prefix[i]
		}
		if schema == nil {
			continue
		}
		c.push(strconv.Itoa(i))
		c.value(schema, item)
		c.pop()
	}
	c.further(n, list)
}

func (c *checker) object(n *node, m cfn.Map) {
	if n.Kinds != 0 && n.Kinds&object == 0 {
		c.wrongType(n.Kinds, "a mapping")
		return
	}
	for _, e := range m {
		c.property(n, e)
	}
	if n.grouped {
		c.groups(n, m)
	}
	for _, name := range sortedKeys(n.Dependencies) {
		if m.Has(name) {
			c.value(n.Dependencies[name], m)
		}
	}
	c.further(n, m)
}

// property checks one property of an object.
func (c *checker) property(n *node, e cfn.Entry) {
	c.push(e.Key)
	defer c.pop()
	schema, known := n.Properties[e.Key]
	if known {
		c.value(schema, e.Value)
	}
	for i := range n.keyed {
		if k := &n.keyed[i]; k.pattern.matches(e.Key) {
			known = true
			c.value(k.node, e.Value)
		}
	}
	if known || !bool(n.Closed) || e.Key == "Fn::Transform" || strings.HasPrefix(e.Key, loop) || c.onTrial() {
		return
	}
	const guessing = 100 // what it costs to find out what was meant
	if !c.spend(guessing) {
		c.unknownProperty(n, e.Key)
	}
}

// unknownProperty reports a property that a schema does not have. The path leads to
// it.
func (c *checker) unknownProperty(n *node, key string) {
	owner := c.label()
	if parent := dotted(c.path[:len(c.path)-1]); parent != "" {
		owner = parent + " of " + owner
	}
	c.reportKey("unknown-property", c.meant(n, key), owner+" has no property "+key)
}

// meant is the hint for a property that a schema does not have.
func (c *checker) meant(n *node, key string) string {
	known := sortedKeys(n.Properties)
	if len(known) == 0 && len(n.keyed) > 0 {
		return "write a key that matches " + n.keyed[0].pattern.text
	}
	if i := slices.IndexFunc(known, func(name string) bool { return strings.EqualFold(name, key) }); i >= 0 {
		return "write " + known[i] + ": letter case counts"
	}
	if below := below(n, key); below != "" {
		return "it belongs in " + below
	}
	if best, ok := diag.Suggest(key, known); ok {
		return "did you mean " + best + "?"
	}
	if c.typ.Properties[key] != nil && len(c.path) > 2 {
		return "it belongs directly in the properties of " + c.label()
	}
	if len(known) > 0 && len(known) <= 12 {
		return "it has " + sentence(known, "and")
	}
	return ""
}

// below is the property of a schema in which one of that name would be right.
func below(n *node, key string) string {
	for _, name := range sortedKeys(n.Properties) {
		child := n.Properties[name].resolved()
		if child != nil && child.Properties[key] != nil && child.wanted()&object != 0 {
			return name
		}
	}
	return ""
}
