package cloudtest

import (
	"fmt"
	"slices"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/template"
)

// export plans the end of an operation, by which the outputs are there.
func (o *change) export(s *stack, status, said string) (reason string) {
	outputs, err := o.scope(s).outputs()
	if err != nil {
		return message(err)
	}
	if export, user := o.server.formation.exportUser(s, outputs); export != "" {
		return fmt.Sprintf("Export %s cannot be updated as it is in use by %s", export, user)
	}
	for _, other := range o.server.formation.there(s.place) {
		for _, there := range other.planned {
			if other != s && slices.ContainsFunc(outputs, func(o output) bool { return o.ExportName != "" && o.ExportName == there.ExportName }) {
				return fmt.Sprintf("Export with name %s is already exported by stack %s", there.ExportName, other.name)
			}
		}
	}
	s.planned = outputs
	o.tellStack(s, status, said, func() { s.outputs = outputs })
	return ""
}

// outputs are what the template puts out.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
func (c *scope) outputs() ([]output, error) {
	var all []output
	for i := range c.document.Outputs {
		e := &c.document.Outputs[i]
		if name := attributeOf(e, "Condition"); name != "" {
			if holds, err := c.condition(name); err != nil || !holds {
				if err != nil {
					return nil, err
				}
				continue
			}
		}
		entry, _ := e.Value.(cfn.Map)
		value, err := c.text(entry.Get("Value"))
		if err != nil {
			return nil, err
		}
		o := output{OutputKey: e.Name, OutputValue: value}
		if export, ok := entry.Get("Export").(cfn.Map); ok {
			if o.ExportName, err = c.text(export.Get("Name")); err != nil {
				return nil, err
			}
		}
		all = append(all, o)
	}
	return all, nil
}

// imports are looked for before anything is made.
func (o *change) imports(c *scope, entries []*template.Entry) error {
	var values []any
	for _, e := range entries {
		values = append(values, e.Value)
	}
	for _, e := range c.document.Outputs {
		values = append(values, e.Value)
	}
	return c.eachImport(values)
}

// eachImport evaluates every Fn::ImportValue in a value.
func (c *scope) eachImport(value any) error {
	switch v := value.(type) {
	case string:
		i, ok := cfn.Decode(v)
		if !ok {
			return nil
		}
		if i.Name == "Fn::ImportValue" {
			_, err := c.imported(i.Argument)
			return err
		}
		return c.eachImport(i.Argument)
	case []any:
		for _, item := range v {
			if err := c.eachImport(item); err != nil {
				return err
			}
		}
	case cfn.Map:
		for _, e := range v {
			if err := c.eachImport(e.Value); err != nil {
				return err
			}
		}
	}
	return nil
}
