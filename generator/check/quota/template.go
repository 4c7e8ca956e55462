package quota

import (
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/template"
)

const divide = "divide it: a template under `stacks` in foldstack.yaml is a stack of its own"

// template measures the template as a whole.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
func (c *checker) template() {
	d := c.document
	for _, section := range []struct {
		what    string
		entries []template.Entry
		limit   int
	}{
		{"resources", d.Resources, model.MaxResources},
		{"parameters", d.Parameters, model.MaxParameters},
		{"mappings", d.Mappings, model.MaxMappings},
		{"outputs", d.Outputs, model.MaxOutputs},
	} {
		if n := len(section.entries); n > section.limit {
			c.atMost("template-size", section.entries[section.limit].Place, n, section.limit, divide, "%s has %d %s", d.Path, n, section.what)
		}
	}
	for i := range d.Mappings {
		c.mapping(&d.Mappings[i])
	}
	for i := range d.Parameters {
		c.parameterValue(&d.Parameters[i], field(d.Parameters[i].Value, "Default"), "the default of the parameter "+d.Parameters[i].Name, "Default")
	}
	c.atMost("template-size", d.Place, d.Bytes, model.MaxTemplate, divide, "%s has %d bytes", d.Path, d.Bytes)
	if n := len(template.Text(d.Description.Value)); n > 0 {
		c.atMost("template-size", d.Description.Place, n, model.MaxDescription, "shorten it", "the description of %s has %d bytes", d.Path, n)
	}
	c.dynamicReferences()
}

func (c *checker) mapping(e *template.Entry) {
	const hint = "divide the mapping"
	rows := entries(e.Value)
	if n := len(rows); n > model.MaxMappingKeys {
		c.atMost("template-size", e.At(rows[model.MaxMappingKeys].Key), n, model.MaxMappingKeys, hint, "the mapping %s has %d keys", e.Name, n)
	}
	for _, row := range rows {
		if n := len(entries(row.Value)); n > model.MaxMappingKeys {
			c.atMost("template-size", e.At(row.Key), n, model.MaxMappingKeys, hint, "the key %s of the mapping %s has %d values", row.Key, e.Name, n)
		}
	}
}

// nestedStack measures what is passed to a nested stack.
func (c *checker) nestedStack(e *template.Entry) {
	for _, p := range entries(field(e.Properties(), "Parameters")) {
		c.parameterValue(e, p.Value, "the parameter "+p.Key+" of "+e.Name, "Properties", "Parameters", p.Key)
	}
}

func (c *checker) parameterValue(e *template.Entry, value any, what string, path ...string) {
	n := least(value)
	if text := template.Text(value); text != "" {
		n = len(text)
	}
	c.atMost("template-size", e.At(path...), n, model.MaxParameterValue, "keep it in Parameter Store or in a file, and pass its name", "%s has %d bytes", what, n)
}

// operation counts what a deployment of a stack with nested ones touches at most.
func (c *checker) operation() {
	if len(c.document.Children) == 0 {
		return
	}
	n := resources(c.document)
	c.atMost("template-size", c.document.Place, n, model.MaxOperation,
		"move functions or stacks into another orchestration or project", "%s and what it nests have %d resources", c.document.Path, n)
}

func resources(d *template.Document) int {
	n := len(d.Resources)
	for _, child := range d.Children {
		if child != nil {
			n += resources(child)
		}
	}
	return n
}

// dynamicReferences counts those that differ.
func (c *checker) dynamicReferences() {
	seen := map[string]bool{}
	for _, section := range [][]template.Entry{c.document.Parameters, c.document.Resources, c.document.Outputs} {
		for i := range section {
			before := len(seen)
			collect(section[i].Value, seen)
			if n := len(seen); n > model.MaxDynamicReferences && before <= model.MaxDynamicReferences {
				c.atMost("template-size", section[i].Place, n, model.MaxDynamicReferences, divide, "%s has %d dynamic references up to here", c.document.Path, n)
			}
		}
	}
}

// dynamicReference begins one.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
const dynamicReference = "{{resolve:"

// collect adds the dynamic references of a tree.
func collect(tree any, seen map[string]bool) {
	switch t := tree.(type) {
	case string:
		switch {
		case !strings.Contains(t, dynamicReference): // nor has what is encoded in it
		case cfn.IsIntrinsic(t):
			i, _ := cfn.Decode(t)
			collect(i.Argument, seen)
		default:
			collectText(t, seen)
		}
	case cfn.Plain:
		collectText(string(t), seen)
	case []any:
		for _, item := range t {
			collect(item, seen)
		}
	case cfn.Map:
		for _, e := range t {
			collect(e.Value, seen)
		}
	}
}

func collectText(text string, seen map[string]bool) {
	for {
		_, rest, found := strings.Cut(text, dynamicReference)
		if !found {
			return
		}
		reference, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return
		}
		seen[reference] = true
		text = after
	}
}
