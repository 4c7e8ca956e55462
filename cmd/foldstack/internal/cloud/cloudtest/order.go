package cloudtest

import (
	"maps"
	"slices"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/template"
)

// active are the resources of the template whose conditions hold, each after those
// that it depends on.
func (c *scope) active() ([]*template.Entry, error) {
	waiting := map[string]*template.Entry{}
	for i := range c.document.Resources {
		e := &c.document.Resources[i]
		if name := attributeOf(e, "Condition"); name != "" {
			holds, err := c.condition(name)
			if err != nil {
				return nil, err
			}
			if !holds {
				continue
			}
		}
		waiting[e.Name] = e
	}
	var sorted []*template.Entry
	for len(waiting) > 0 {
		ready := slices.DeleteFunc(slices.Sorted(maps.Keys(waiting)), func(name string) bool {
			return slices.ContainsFunc(dependencies(waiting[name]), func(other string) bool { return waiting[other] != nil })
		})
		if len(ready) == 0 {
			return nil, invalid("Circular dependency between resources: %v", slices.Sorted(maps.Keys(waiting)))
		}
		for _, name := range ready {
			sorted = append(sorted, waiting[name])
		}
		for _, name := range ready {
			delete(waiting, name)
		}
	}
	return sorted, nil
}

// attributeOf is an attribute of a resource beside its properties.
func attributeOf(e *template.Entry, name string) string {
	m, _ := e.Value.(cfn.Map)
	return template.Text(m.Get(name))
}

// dependencies are the names that a resource refers to, and those that DependsOn lists.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
func dependencies(e *template.Entry) []string {
	var names []string
	for _, r := range cfn.References(e.Value) {
		names = append(names, r.ID)
	}
	m, _ := e.Value.(cfn.Map)
	switch on := m.Get("DependsOn").(type) {
	case []any:
		for _, item := range on {
			names = append(names, template.Text(item))
		}
	default:
		names = append(names, template.Text(on))
	}
	return names
}
