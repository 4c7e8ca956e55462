package link

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// ref looks up what Ref, or ${…} of Sub, names.
func (w *walker) ref(id string) {
	d := w.d
	switch {
	case pseudo[id]:
	case d.parameters.use(id) >= 0:
		if w.early != "" {
			d.evaluated = append(d.evaluated, evaluated{id, w.early, w.place()})
		}
	case d.resources.find(id) >= 0:
		w.refer(d.resources.find(id))
	case strings.HasPrefix(id, "AWS::") && !d.macros:
		w.report("unknown-reference", "there is no pseudo parameter "+id, meant(id, sortedKeys(pseudo), "see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html"))
	case !w.unseen():
		w.report("unknown-reference", "the template has no resource and no parameter "+diag.Quote(id),
			w.rightName(id, "a resource or a parameter", func() []string { return append(d.parameters.names(), d.resources.names()...) }))
	}
}

// rightName is the hint for a name that the template does not have. What other stacks
// have is taken by !Output, and in a template that nests them by nothing else.
func (w *walker) rightName(id, what string, candidates func() []string) string {
	const output = "take what another stack has by !Output, as in !Output orders.TableName"
	switch {
	case w.d.Children != nil && !w.d.set.others:
		return output
	case w.d.set.others || w.entry.Written():
		return w.guess(id, "name "+what+" of this template", candidates)
	}
	return w.guess(id, "name "+what+" of this template, or "+output, candidates)
}

// unseen reports whether a name that nobody sees here may be made by what rewrites
// the template, or is by the loop that stands around it.
func (w *walker) unseen() bool { return w.d.open || w.loops > 0 }

// refer notes that what the walker is in refers to a resource.
func (w *walker) refer(to int) {
	if !w.position.resources && !w.d.macros {
		w.report("reference-not-allowed", "the resource "+w.d.Resources[to].Name+" cannot be referred to in "+w.position.name+", which is evaluated before there are resources", w.position.hint)
		return
	}
	if w.metadata || w.loops > 0 { // of what a loop makes, each has a condition of its own
		return
	}
	w.d.edges = append(w.d.edges, edge{from: w.resource, to: to, place: w.place(), when: w.when})
}

// resourceNamed looks up what must be a resource; it is -1 where there is none.
func (w *walker) resourceNamed(id, by string) int {
	d := w.d
	i := d.resources.find(id)
	switch {
	case i >= 0 || w.unseen():
	case d.parameters.find(id) >= 0 && by == "DependsOn":
		w.report("unknown-reference", id+" is a parameter, and DependsOn names resources", "remove it")
	case d.parameters.find(id) >= 0:
		w.report("unknown-reference", id+" is a parameter, which has no attributes", "write !Ref "+id)
	default:
		w.report("unknown-reference", "the template has no resource "+diag.Quote(id), w.rightName(id, "a resource", d.resources.names))
	}
	return i
}

// getAtt looks up a resource of which an attribute is read; an attribute that is
// computed is "".
func (w *walker) getAtt(id, attribute string) {
	i := w.resourceNamed(id, "Fn::GetAtt")
	if i < 0 {
		return
	}
	w.refer(i)
	if output, ok := strings.CutPrefix(attribute, "Outputs."); ok && w.d.children[i] != nil {
		w.d.taken = append(w.d.taken, taken{i, output, w.place(), w.when})
	}
}

// sub looks up the names in the text of Fn::Sub that are none of its own variables.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html
func (w *walker) sub(argument any) {
	text, variables := subText(argument)
	for name := range cfn.Placeholders(text) {
		if variables.Has(name) {
			continue
		}
		if id, attribute, dotted := strings.Cut(name, "."); dotted {
			w.getAtt(id, attribute)
		} else {
			w.ref(name)
		}
	}
	for i := range variables {
		name := variables[i].Key
		w.at("1", func() { w.step(name, variables[i].Value) })
		// CloudFormation takes it, so that only what is not a template of the user's is held to it.
		if w.ours() && !slices.Contains(slices.Collect(cfn.Placeholders(text)), name) {
			w.report("unused-variable", "the variable "+name+" of Fn::Sub does not stand in its text", "write ${"+name+"} in the text, or remove the variable")
		}
	}
}

// conditionNamed looks up a condition.
func (w *walker) conditionNamed(name string) {
	if w.d.conditions.use(name) < 0 && !w.unseen() {
		w.report("unknown-condition", "the template has no condition "+diag.Quote(name), w.guess(name, "name an entry of the section Conditions", w.d.conditions.names))
	}
}

// importValue looks at the name of an import, which no resource can make.
func (w *walker) importValue(name any) {
	w.d.imports = append(w.d.imports, imported{name, w.place(), w.when, w.ours()})
	p := inImport
	if !w.position.resources {
		p = w.position
	}
	w.under(p, func() { w.value(name) })
}

// findInMap looks up a mapping and its keys. What is only looked up under some
// condition need not be there where that does not hold.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-findinmap.html
func (w *walker) findInMap(items []any) {
	p := inLookup
	if w.d.extended || w.d.macros {
		p = inExtendedLookup
	}
	w.evaluatedEarly("Fn::FindInMap", func() {
		w.under(p, func() {
			for i, step := range []string{"0", "1", "2"} {
				w.step(step, items[i])
			}
		})
	})
	if len(items) == 4 { // what to take where a key is missing
		w.step("3", items[3])
	}
	name, ok := scalar(items[0])
	if !ok {
		return
	}
	i := w.d.mappings.use(name)
	if i < 0 {
		if !w.unseen() {
			w.report("unknown-mapping", "the template has no mapping "+diag.Quote(name), w.guess(name, "name an entry of the section Mappings", w.d.mappings.names))
		}
		return
	}
	if rows, ok := w.d.Mappings[i].Value.(cfn.Map); ok && len(items) == 3 && w.loops == 0 && !w.d.macros && !rows.Has(include) {
		w.keys(&w.d.Mappings[i], rows, items[1], items[2])
	}
}

// include stands among the keys of a mapping whose others are in another file.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html
const include = "Fn::Transform"

// keys looks up the keys of a mapping as far as they are known.
func (w *walker) keys(mapping *template.Entry, rows cfn.Map, top, second any) {
	column, known := scalar(second)
	tops, literal := w.d.values(top)
	if !literal && len(w.when) > 0 {
		return
	}
	for _, key := range tops {
		row, isRow := rows.Get(key).(cfn.Map)
		switch {
		case !rows.Has(key):
			w.at("1", func() {
				w.report("unknown-mapping", "the mapping "+mapping.Name+" has no key "+diag.Quote(key), w.guess(key, "it has "+diag.Some(keysOf(rows)), func() []string { return keysOf(rows) }))
			})
		case isRow && known && !row.Has(column) && !row.Has(include):
			w.at("2", func() {
				w.report("unknown-mapping", "the mapping "+mapping.Name+" has no key "+diag.Quote(column)+" below "+key, w.guess(column, "it has "+diag.Some(keysOf(row)), func() []string { return keysOf(row) }))
			})
		}
	}
	if len(tops) == 0 && known && !slices.ContainsFunc(rows, func(e cfn.Entry) bool {
		row, isRow := e.Value.(cfn.Map)
		return !isRow || row.Has(column) || row.Has(include)
	}) {
		w.at("2", func() {
			w.report("unknown-mapping", "no row of the mapping "+mapping.Name+" has a key "+diag.Quote(column), "write a key that stands below the first one")
		})
	}
}

// maxGuesses bounds the work on a template in which nothing is right.
const maxGuesses = 100

// guess guesses which of the candidates a misspelt name is.
func (w *walker) guess(name, otherwise string, candidates func() []string) string {
	if w.guesses++; w.guesses > maxGuesses {
		return otherwise
	}
	return meant(name, candidates(), otherwise)
}

func keysOf(m cfn.Map) []string {
	keys := make([]string, len(m))
	for i := range m {
		keys[i] = m[i].Key
	}
	return keys
}
