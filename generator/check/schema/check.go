package schema

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/parallel"
	"github.com/foldstack/foldstack/generator/template"
)

// Check holds every parameter, resource and output of the documents against its
// schema and adds what is wrong to problems.
func Check(documents []*template.Document, problems *diag.Problems) {
	parallel.Each(len(documents), func(i int) { document(documents[i], problems) })
	regions(documents, problems)
}

// document checks one template. A macro of the user's own makes anything of what
// stands there, so that nothing can be said before.
func document(d *template.Document, problems *diag.Problems) {
	for _, transform := range d.Transforms {
		if !strings.HasPrefix(transform, "AWS::") {
			return
		}
	}
	c := &checker{names: names{d}, budget: work}
	for _, section := range []struct {
		entries []template.Entry
		check   func(*checker, template.Entry)
	}{
		{d.Parameters, (*checker).parameter},
		{d.Resources, (*checker).resource},
		{d.Outputs, (*checker).output},
	} {
		for _, e := range section.entries {
			if strings.HasPrefix(e.Name, "Fn::") { // a loop or a transform makes entries
				continue
			}
			c.begin()
			section.check(c, e)
			for _, f := range c.unique() {
				problems.Add(f.problem(e))
			}
		}
	}
}

func (c *checker) parameter(e template.Entry) {
	c.entry(sections().parameter, "the parameter", e)
}

func (c *checker) output(e template.Entry) {
	c.references(e.Value)
	c.entry(sections().output, "the output", e)
}

// resource checks a resource: its attributes, and its properties against the schema
// of its type.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
func (c *checker) resource(e template.Entry) {
	c.references(e.Value)
	c.entry(sections().resource, "the resource", e)
	entry, _ := e.Value.(cfn.Map)
	typ := e.Type()
	if entry == nil || typ == "" || slices.Contains(c.names.Unchecked, typ) || !c.exists(typ) {
		return
	}
	if c.typ = schemaOf(typ); c.typ == nil {
		return
	}
	c.noun, c.name = "", typ
	if c.typ.retired() {
		c.push("Type")
		c.report("retired-type", "choose another service", "the service of "+typ+" was shut down on "+c.typ.Lifecycle.Date)
		c.pop()
	}
	if condition, ok := literal(entry.Get("Condition")); ok {
		c.assume(condition, true)
	}
	c.push("Properties")
	c.properties(entry.Get("Properties"))
	c.pop()
}

// entry checks an entry of a section against what is the same for all of them.
func (c *checker) entry(t *resourceType, noun string, e template.Entry) {
	c.typ, c.noun, c.name = t, noun, e.Name
	c.value(&t.node, e.Value)
}

// schemaOf is the schema that a type is checked against; nil for one that is not
// checked.
func schemaOf(typ string) *resourceType {
	if strings.HasPrefix(typ, "Custom::") {
		typ = custom
	}
	return embeddedData().resource(typ)
}

// Exists reports whether there can be a type of that name. Nobody knows the types of
// others (Org::Service::Resource), modules, custom resources, and those of SAM.
func Exists(typ string) bool {
	switch {
	case embeddedData().entries[typ] != nil, strings.HasSuffix(typ, "::MODULE"), strings.HasPrefix(typ, sam):
		return true
	case strings.HasPrefix(typ, "Custom::"):
		return len(typ) > len("Custom::")
	}
	parts := strings.Split(typ, "::")
	return len(parts) == 3 && !slices.Contains(parts, "") && !strings.EqualFold(parts[0], "AWS")
}

// sam begins the types that a transform turns into others.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html
const sam = "AWS::Serverless::"

// exists reports a type that does not exist, or not in this template.
func (c *checker) exists(typ string) bool {
	c.push("Type")
	defer c.pop()
	switch {
	case strings.HasPrefix(typ, sam) && !c.names.transformed("AWS::Serverless-"):
		c.report("unknown-type", "write the resources that SAM would make of it, or make it a function of this project",
			typ+" is a type of SAM, and the template declares no transform")
		return false
	case Exists(typ):
		return true
	}
	hint := "did you mean AWS::" + typ + "?"
	if embeddedData().entries["AWS::"+typ] == nil {
		hint = suggestion(typ, embeddedData().names, "see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html")
	}
	c.report("unknown-type", hint, "there is no resource type "+diag.Quote(typ))
	return false
}
