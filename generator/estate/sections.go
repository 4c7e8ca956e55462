package estate

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/template"
)

// sections finds the entries of a document by name. It is made once for all instances
// of the document.
type sections struct {
	parameters, mappings, conditions, resources, outputs map[string]int
}

func (m *maker) sectionsOf(d *template.Document) *sections {
	s := m.sections[d]
	if s == nil {
		s = &sections{byName(d.Parameters), byName(d.Mappings), byName(d.Conditions), byName(d.Resources), byName(d.Outputs)}
		m.sections[d] = s
	}
	return s
}

func byName(entries []template.Entry) map[string]int {
	if len(entries) == 0 {
		return nil
	}
	index := make(map[string]int, len(entries))
	for n := range entries {
		if _, taken := index[entries[n].Name]; !taken {
			index[entries[n].Name] = n
		}
	}
	return index
}

// attribute is what an entry says under a key.
func attribute(e *template.Entry, key string) any {
	m, _ := e.Value.(cfn.Map)
	return m.Get(key)
}

// conditionOf is the name of the condition of a resource or output, or "".
func conditionOf(e *template.Entry) string { return template.Text(attribute(e, "Condition")) }
