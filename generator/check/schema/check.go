package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
)

// Resource checks one resource. The entry is its tree, with Type, Condition and
// Properties, as [cfn.Template.ResourceTree] or [cfn.FromNode] make it. With nil for
// names, nothing is said of references.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
func Resource(entry cfn.Map, names *Names) []Finding {
	c := &checker{names: names, budget: work, path: make([]string, 0, 16)}
	typ, ok := literal(entry.Get("Type"))
	if !ok || cfn.IsIntrinsic(typ) {
		c.push("Type")
		c.report("unknown-type", "write a type such as AWS::SQS::Queue", "the resource has no type")
		return c.found
	}
	properties := entry.Get("Properties")
	c.push("Properties")
	c.references(properties)
	c.pop()
	if !c.exists(typ) {
		return c.found
	}
	c.typ = schemaOf(typ)
	if c.typ == nil {
		return c.found
	}
	c.label = typ
	if c.typ.Lifecycle.Status == "shutdown" {
		c.push("Type")
		c.report("retired-type", "choose another service", "the service of "+typ+" was shut down on "+c.typ.Lifecycle.Date)
		c.pop()
	}
	if condition, ok := literal(entry.Get("Condition")); ok {
		c.fixed = append(c.fixed, fix{condition, true})
	}
	c.push("Properties")
	c.properties(properties)
	return c.unique()
}

// schemaOf is the schema that a type is checked against; nil for one that is not
// checked.
func schemaOf(typ string) *resourceType {
	if strings.HasPrefix(typ, "Custom::") {
		typ = custom
	}
	return embeddedData().resource(typ)
}

// exists reports a type that cannot exist. Types of others (Org::Service::Resource),
// modules, and SAM's where a transform is declared, are taken as they are.
func (c *checker) exists(typ string) bool {
	parts := strings.Split(typ, "::")
	switch {
	case Known(typ), strings.HasPrefix(typ, "Custom::") && len(typ) > len("Custom::"), strings.HasSuffix(typ, "::MODULE"):
		return true
	case strings.HasPrefix(typ, "AWS::Serverless::"):
		if c.names != nil && c.names.Open {
			return true
		}
		c.path = []string{"Type"}
		c.report("unknown-type", "write the resources that SAM would make of it, or make it a function of this project",
			typ+" is a type of SAM, and the template declares no transform")
		return false
	case len(parts) == 3 && !slices.Contains(parts, "") && !strings.EqualFold(parts[0], "AWS"):
		return true
	}
	c.path = []string{"Type"}
	hint := suggestion(typ, embeddedData().names, "")
	if hint == "" {
		hint = suggestion("AWS::"+typ, embeddedData().names, "see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html")
	}
	c.report("unknown-type", hint, "there is no resource type "+quote(typ))
	return false
}

// checker holds one resource against its schema.
type checker struct {
	names *Names
	typ   *resourceType
	label string // the type as its author wrote it

	path  []string
	fixed []fix // what is known of conditions where the walk is
	found []Finding

	trials  int  // above 0 while only the verdict counts, not the finding
	faults  int  // what a trial found
	unknown bool // whether a trial met something that only a deployment tells
	budget  int  // what is left of work
}

// work is how many values and schemas are met at most with one resource, which
// holds 1 MB at most. What lies behind is not checked.
const work = 2_000_000

// spend takes from the budget and reports whether nothing is left.
func (c *checker) spend() bool {
	c.budget--
	return c.budget < 0
}

func (c *checker) push(step string) { c.path = append(c.path, step) }
func (c *checker) pop()             { c.path = c.path[:len(c.path)-1] }

func (c *checker) report(rule, hint, text string) {
	if c.trials > 0 {
		c.faults++
		return
	}
	if hint == "" {
		hint = page(c.label)
	}
	c.found = append(c.found, Finding{Path: slices.Clone(c.path), Rule: rule, Text: text, Hint: hint})
}

// unique is what was found without repetition: two schemas may say the same.
func (c *checker) unique() []Finding {
	if len(c.found) < 2 {
		return c.found
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(c.found, func(f Finding) bool {
		key := strings.Join(f.Path, "\x00") + "\x00" + f.Text
		if seen[key] {
			return true
		}
		seen[key] = true
		return false
	})
}

// properties checks the Properties of the resource as a whole.
func (c *checker) properties(v any) {
	switch v := v.(type) {
	case nil:
		c.object(&c.typ.node, nil)
	case cfn.Map:
		c.object(&c.typ.node, v)
		if c.typ.Taggable {
			c.value(tagged(), v)
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
		if !has(v, path[0]) {
			return
		}
		c.push(path[0])
		defer c.pop()
		if len(path) > 1 {
			c.readOnly(v.Get(path[0]), path[1:])
			return
		}
		c.report("read-only-property", "leave it out; !GetAtt reads it", path[0]+" of "+c.label+" is set by CloudFormation and cannot be given")
	}
}

// value checks a value against a schema, which may be nil.
func (c *checker) value(n *node, v any) {
	if n == nil || c.spend() {
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
	c.report("wrong-type", "write "+want.String(), subject(c.path)+" is "+what+", where "+want.String()+" is needed")
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
		c.property(n, m, e)
	}
	if n.grouped {
		c.groups(n, m)
	}
	for _, name := range sortedKeys(n.Dependencies) {
		if has(m, name) {
			c.value(n.Dependencies[name], m)
		}
	}
	c.further(n, m)
}

// property checks one property of an object.
func (c *checker) property(n *node, m cfn.Map, e cfn.Entry) {
	schema, known := n.Properties[e.Key]
	if known {
		c.push(e.Key)
		c.value(schema, e.Value)
		c.pop()
	}
	for i := range n.keyed {
		if k := &n.keyed[i]; k.pattern.matches(e.Key) {
			known = true
			c.push(e.Key)
			c.value(k.node, e.Value)
			c.pop()
		}
	}
	if known || !bool(n.Closed) || e.Key == "Fn::Transform" || strings.HasPrefix(e.Key, loop) {
		return
	}
	c.push(e.Key)
	if c.trials > 0 {
		c.faults++
	} else {
		c.unknownProperty(n, e.Key)
	}
	c.pop()
}

// unknownProperty reports a property that a schema does not have. The path leads to
// it.
func (c *checker) unknownProperty(n *node, key string) {
	known := sortedKeys(n.Properties)
	owner := c.label
	if parent := names(c.path[:len(c.path)-1]); parent != "" {
		owner = parent + " of " + c.label
	}
	text := owner + " has no property " + key
	if len(n.keyed) > 0 && len(known) == 0 {
		c.report("unknown-property", "write a key that matches "+n.keyed[0].pattern.text, text)
		return
	}
	for _, name := range known {
		if strings.EqualFold(name, key) {
			c.report("unknown-property", "write "+name+": letter case counts", text)
			return
		}
	}
	hint := ""
	if below := c.below(n, key); below != "" {
		hint = "it belongs in " + below
	} else if best, ok := diag.Suggest(key, known); ok {
		hint = "did you mean " + best + "?"
	} else if c.typ.Properties[key] != nil && len(c.path) > 2 {
		hint = "it belongs directly in the properties of " + c.label
	} else if len(known) > 0 && len(known) <= 12 {
		hint = "it has " + sentence(known, "and")
	}
	c.report("unknown-property", hint, text)
}

// below is the property of a schema in which one of that name would be right.
func (c *checker) below(n *node, key string) string {
	for _, name := range sortedKeys(n.Properties) {
		child := n.Properties[name]
		for depth := 0; child != nil && child.target != nil && depth < 10; depth++ {
			child = child.target
		}
		if child != nil && child.Properties[key] != nil && child.wanted()&object != 0 {
			return name
		}
	}
	return ""
}
