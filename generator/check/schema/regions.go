package schema

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

// absence is a type that a region does not have.
type absence struct {
	region source.Field[string]
	typ    string
}

// regions reports types that do not exist in a region where a template is deployed:
// once for each place at which the region stands, whatever number of templates has
// the type. A resource with a condition may be one that such a region never has.
func regions(documents []*template.Document, problems *diag.Problems) {
	reported := map[absence]bool{}
	for _, d := range documents {
		if len(d.Regions) == 0 {
			continue
		}
		for _, e := range d.Resources {
			entry, _ := e.Value.(cfn.Map)
			if entry.Has("Condition") {
				continue
			}
			for _, region := range d.Regions {
				a := absence{region, e.Type()}
				if ExistsIn(a.typ, region.Value) || slices.Contains(d.Unchecked, a.typ) || reported[a] || schemaOf(a.typ).retired() {
					continue
				}
				reported[a] = true
				problems.Add(diag.Problem{
					Rule: "type-not-in-region", Place: region.Place,
					Text:  a.typ + " does not exist in " + region.Value + ", where " + d.Path + " is deployed",
					Hint:  "write `only: {regions: […]}` for what needs it, or choose another region",
					Notes: []diag.Note{{Place: e.At("Type"), Text: "needed here"}},
				})
			}
		}
	}
}

// ExistsIn reports whether a type exists in a region. Of a type or a region that the
// data does not know, it is true.
func ExistsIn(typ, region string) bool {
	d := embeddedData()
	if strings.HasPrefix(typ, "Custom::") {
		typ = custom
	}
	e := d.entries[typ]
	bit, known := d.regions[region]
	return e == nil || !known || e.absent>>bit&1 == 0
}
