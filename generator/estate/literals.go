package estate

import (
	"maps"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/parallel"
	"github.com/foldstack/foldstack/generator/template"
)

// literals finds in documents what tells one account or region from others.
type literals struct {
	words map[string]bool // the accounts and regions that are asked for
	of    map[*template.Document]*mentions
}

// mentions is what a document and those that it nests say of accounts and regions.
type mentions struct {
	number int
	words  map[string]bool // those that a text names, as a whole or by a pattern such as eu-*
	cuts   map[string]bool // the separators at which texts are cut
	global bool            // it makes the same in every region, and nothing that belongs to one
}

// tells reports whether a document treats an account or region unlike others.
func (m *mentions) tells(word string) bool {
	if m.words[word] {
		return true
	}
	for separator := range m.cuts {
		if strings.Contains(word, separator) {
			return true
		}
	}
	return false
}

// in reads a document with what it nests, once.
func (l *literals) in(d *template.Document) *mentions {
	if m := l.of[d]; m != nil {
		return m
	}
	m := &mentions{number: len(l.of), words: map[string]bool{}, cuts: map[string]bool{}, global: isGlobal(d)}
	l.of[d] = m
	documents := whole(d)
	parts := make([]mentions, len(documents))
	parallel.Each(len(documents), func(i int) {
		parts[i] = mentions{words: map[string]bool{}, cuts: map[string]bool{}}
		r := mentionReader{asked: l.words, found: &parts[i]}
		r.document(documents[i])
	})
	for i := range parts {
		maps.Copy(m.words, parts[i].words)
		maps.Copy(m.cuts, parts[i].cuts)
	}
	return m
}

// whole is a document with all that it nests, each once.
func whole(d *template.Document) []*template.Document {
	var list []*template.Document
	met := map[*template.Document]bool{nil: true}
	var add func(d *template.Document)
	add = func(d *template.Document) {
		if met[d] {
			return
		}
		met[d] = true
		list = append(list, d)
		for _, child := range d.Children {
			add(child)
		}
	}
	add(d)
	return list
}

// isGlobal reports whether a document has nothing that belongs to a region: roles and
// policies, made without a look at where the stack is.
func isGlobal(d *template.Document) bool {
	if d == nil || len(d.Children) > 0 {
		return false
	}
	for n := range d.Resources {
		if !strings.HasPrefix(d.Resources[n].Type(), "AWS::IAM::") {
			return false
		}
	}
	local := false
	for _, section := range [][]template.Entry{d.Parameters, d.Mappings, d.Conditions, d.Resources, d.Outputs} {
		for n := range section {
			local = local || tellsRegion(section[n].Value)
		}
	}
	return !local
}

// tellsRegion reports whether a value has to do with the region of its stack.
func tellsRegion(x any) bool {
	switch x := x.(type) {
	case string:
		if cfn.IsIntrinsic(x) {
			f, _ := cfn.Decode(x)
			return f.Name == "Fn::GetAZs" || f.Name == "Fn::ImportValue" || tellsRegion(f.Argument)
		}
		return strings.Contains(x, "AWS::Region") || strings.Contains(x, "AWS::StackId")
	case []any:
		return slices.ContainsFunc(x, tellsRegion)
	case cfn.Map:
		return slices.ContainsFunc(x, func(e cfn.Entry) bool { return e.Key == "Export" || tellsRegion(e.Value) })
	}
	return false
}
