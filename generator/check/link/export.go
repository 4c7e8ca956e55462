package link

import (
	"slices"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// exported is the name of an export in one account and region, where it is unique.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
type exported struct{ account, region, name string }

// export is an output that is exported, or is where a condition holds of which
// nobody knows.
type export struct {
	place   diag.Place
	certain bool
}

// exports checks that no place has two exports of one name, and that every import of
// a generated template finds its export. What a user's template imports may come
// from a stack that foldstack does not know.
func (s *set) exports() {
	made := map[exported]export{}
	var names []string
	for _, d := range s.documents {
		for i := range d.Outputs {
			names = append(names, d.export(&d.Outputs[i], made)...)
		}
	}
	for _, d := range s.documents {
		for _, i := range d.imports {
			if i.ours {
				d.imported(i, made, names)
			}
		}
	}
}

// export notes in which places an output is exported under which name.
func (d *document) export(output *template.Entry, made map[exported]export) []string {
	value, when := at(output.Value, "Export", "Name"), whenThere(output)
	if value == nil {
		return nil
	}
	var names []string
	places := d.root().Deployed
	for i := range places {
		p := &places[i]
		r := d.in(p)
		name, ok := r.known(value)
		if !ok || r.exists() == no || r.every(when) == no {
			continue
		}
		key, this := exported{p.Account, p.Region, name}, export{output.Place, d.reached(i, when)}
		first, taken := made[key]
		if taken && first.certain && this.certain {
			d.set.report("duplicate-export", output.At("Export", "Name"), "the export "+diag.Quote(name)+" is made twice"+inPlace(&template.Deployment{Account: p.Account, Region: p.Region}), "give it another name, for example one with ${Environment} or ${AWS::StackName} in it",
				diag.Note{Place: first.place, Text: "the other one"})
			return names
		}
		if !first.certain {
			made[key] = this
		}
		names = append(names, name)
	}
	return names
}

// imported reports an import that nothing exports in a place where it is needed.
func (d *document) imported(by imported, made map[exported]export, names []string) {
	places := d.root().Deployed
	for i := range places {
		p := &places[i]
		name, ok := d.in(p).known(by.export)
		if !ok || !d.reached(i, by.when) {
			continue
		}
		if _, ok := made[exported{p.Account, p.Region, name}]; !ok {
			hint := meant(name, names, "add it to the outputs of a template that is deployed there")
			if slices.Contains(names, name) {
				hint = "it is exported elsewhere, and an import finds what is in its own account and region"
			}
			d.set.report("unknown-import", by.place, d.Path+" imports "+diag.Quote(name)+", and nothing exports that in account "+p.Account+", "+p.Region, hint)
			return
		}
	}
}
