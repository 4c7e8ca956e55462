package link

import (
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// document is a template with what the rules find out about it.
type document struct {
	*template.Document
	set      *set
	parent   *document         // the stack that nests it, or nil
	nesting  int               // the index of its resource there
	children map[int]*document // the stacks that it nests, by the index of the resource

	parameters, mappings, conditions, resources, outputs section

	open     bool // a macro, a loop or a module may make names that nobody sees here
	macros   bool // a macro rewrites the template, and may add any function
	extended bool // AWS::LanguageExtensions is there

	edges     []edge // which resource refers to which
	imports   []imported
	taken     []taken
	evaluated []evaluated
	variety   map[string][]string // see variousOf
	truths    map[literal][]truth // see everywhere
}

// edge is one resource, or an output, that refers to a resource.
type edge struct {
	from, to int // indices of resources; from is -1 for an output
	place    diag.Place
	when     []literal // what holds where the reference stands
	loose    bool      // DependsOn, which skips what a condition leaves out
}

// taken is an output of a nested stack where something takes it.
type taken struct {
	stack  int // the index of its resource
	output string
	place  diag.Place
	when   []literal
}

// imported is the name of an export where something imports it.
type imported struct {
	export any
	place  diag.Place
	when   []literal
	ours   bool // no user wrote it
}

// evaluated is a parameter that stands where CloudFormation has to know its value
// while it makes a nested change set.
type evaluated struct {
	parameter, inside string
	place             diag.Place
}

// literal is a condition that holds, or that does not.
type literal struct {
	condition string
	holds     bool
}

// languageExtensions is the transform of AWS's that adds functions and names
// nothing by itself.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
const languageExtensions = "AWS::LanguageExtensions"

// loop begins the name of a Fn::ForEach, which the same transform adds.
const loop = "Fn::ForEach::"

// module ends the types that stand for resources of their own.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/modules.html
const module = "::MODULE"

func newDocument(s *set, t *template.Document) *document {
	d := &document{
		Document: t, set: s,
		parameters: newSection(t.Parameters), mappings: newSection(t.Mappings), conditions: newSection(t.Conditions),
		resources: newSection(t.Resources), outputs: newSection(t.Outputs),
	}
	for _, name := range t.Transforms {
		d.extended = d.extended || name == languageExtensions
		d.macros = d.macros || name != languageExtensions
	}
	d.open = d.macros
	for _, section := range [][]template.Entry{t.Mappings, t.Conditions, t.Resources, t.Outputs} {
		for i := range section {
			d.open = d.open || strings.HasPrefix(section[i].Name, "Fn::")
		}
	}
	for i := range t.Resources {
		d.open = d.open || strings.HasSuffix(t.Resources[i].Type(), module)
	}
	return d
}

// section finds the entries of one section by name, and remembers which were used.
type section struct {
	entries []template.Entry
	index   map[string]int // where there are many
	used    []bool
}

// few is the number of entries up to which looking at each is quickest.
const few = 12

func newSection(entries []template.Entry) section {
	s := section{entries: entries, used: make([]bool, len(entries))}
	if len(entries) > few {
		s.index = make(map[string]int, len(entries))
		for i := range entries {
			s.index[entries[i].Name] = i
		}
	}
	return s
}

// find is the index of an entry, or -1.
func (s *section) find(name string) int {
	if s.index != nil {
		if i, ok := s.index[name]; ok {
			return i
		}
		return -1
	}
	for i := range s.entries {
		if s.entries[i].Name == name {
			return i
		}
	}
	return -1
}

// use finds an entry that something names.
func (s *section) use(name string) int {
	i := s.find(name)
	if i >= 0 {
		s.used[i] = true
	}
	return i
}

func (s *section) names() []string {
	list := make([]string, len(s.entries))
	for i := range s.entries {
		list[i] = s.entries[i].Name
	}
	return list
}

// get is the definition of an entry; nil where there is none.
func (s *section) get(name string) cfn.Map {
	i := s.find(name)
	if i < 0 {
		return nil
	}
	m, _ := s.entries[i].Value.(cfn.Map)
	return m
}

// condition is the name of the condition of a resource or an output, or "".
func condition(e *template.Entry) string {
	m, _ := e.Value.(cfn.Map)
	return template.Text(m.Get("Condition"))
}

// whenThere is what holds where a resource or an output is.
func whenThere(e *template.Entry) []literal {
	if name := condition(e); name != "" {
		return []literal{{name, true}}
	}
	return nil
}

// isLogicalID reports whether a section of a template may have an entry of that name.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
func isLogicalID(name string) bool {
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return false
		}
	}
	return name != "" && len(name) <= 255
}

// names checks the names of the entries themselves.
func (d *document) names() {
	if d.macros {
		return
	}
	for _, entries := range [][]template.Entry{d.Parameters, d.Resources, d.Outputs} {
		for i := range entries {
			e := &entries[i]
			if !isLogicalID(e.Name) && !strings.HasPrefix(e.Name, "Fn::") {
				d.set.report("logical-id", e.Place, diag.Quote(e.Name)+" cannot be a name in a template", "use letters and digits only")
			}
		}
	}
	for i := range d.Resources {
		e := &d.Resources[i]
		if p := d.parameters.find(e.Name); p >= 0 {
			d.set.report("duplicate-name", e.Place, e.Name+" is the name of a resource and of a parameter, and !Ref could mean both", "rename one of the two",
				diag.Note{Place: d.Parameters[p].Place, Text: "the parameter"})
		}
	}
}

// unused reports what a generated template declares and does not use; users may.
func (d *document) unused() {
	if d.open || d.alone() {
		return
	}
	for _, s := range []struct {
		what string
		*section
	}{{"parameter", &d.parameters}, {"mapping", &d.mappings}, {"condition", &d.conditions}} {
		for i := range s.entries {
			if !s.used[i] && !s.entries[i].Written() {
				d.set.report("unused-entry", s.entries[i].Place, d.Path+" has a "+s.what+" "+s.entries[i].Name+" that nothing in it uses", "remove it")
			}
		}
	}
	if d.parent == nil {
		return
	}
	for i := range d.Outputs {
		m, _ := d.Outputs[i].Value.(cfn.Map)
		if !d.outputs.used[i] && !d.Outputs[i].Written() && m.Get("Export") == nil {
			d.set.report("unused-output", d.Outputs[i].Place, d.Path+" has an output "+d.Outputs[i].Name+" that nothing takes", "remove it: a stack holds 200 outputs")
		}
	}
}
