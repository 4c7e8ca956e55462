package schema

import (
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
)

// Names is what the names of one template stand for.
type Names struct {
	Parameters map[string]string  // type by name
	Resources  map[string]string  // type by logical id
	Mappings   map[string]cfn.Map // rows by name
	Open       bool               // a transform, module or loop adds names that nobody can know before
}

// NamesOf are the names of a template of ours.
func NamesOf(t *cfn.Template) *Names {
	n := &Names{
		Parameters: make(map[string]string, len(t.Parameters)),
		Resources:  make(map[string]string, len(t.Resources)),
		Mappings:   make(map[string]cfn.Map, len(t.Mappings)),
	}
	for i := range t.Parameters {
		p := &t.Parameters[i]
		n.Parameters[p.Name] = p.Type
		if p.Type == "" {
			n.Parameters[p.Name] = "String"
		}
	}
	for _, r := range t.Resources {
		n.resource(r.ID, r.Type())
	}
	for i := range t.Mappings {
		m := &t.Mappings[i]
		if m.Raw != nil {
			rows, _ := m.Raw.(cfn.Map)
			n.Mappings[m.Name] = rows
			continue
		}
		rows := make(cfn.Map, len(m.Rows))
		for j, row := range m.Rows {
			rows[j] = cfn.Entry{Key: row.Key, Value: row.Values}
		}
		n.Mappings[m.Name] = rows
	}
	return n
}

// NamesIn are the names of a template that is a tree, such as a user's.
func NamesIn(template cfn.Map) *Names {
	n := &Names{Parameters: map[string]string{}, Resources: map[string]string{}, Mappings: map[string]cfn.Map{}}
	n.Open = template.Get("Transform") != nil
	for _, e := range section(template, "Parameters") {
		n.Parameters[e.Key] = entryType(e.Value)
	}
	for _, e := range section(template, "Resources") {
		n.resource(e.Key, entryType(e.Value))
		n.Open = n.Open || strings.HasPrefix(e.Key, "Fn::")
	}
	for _, e := range section(template, "Mappings") {
		rows, ok := e.Value.(cfn.Map)
		n.Open = n.Open || !ok || strings.HasPrefix(e.Key, "Fn::")
		n.Mappings[e.Key] = rows
	}
	return n
}

func (n *Names) resource(id, typ string) {
	n.Resources[id] = typ
	n.Open = n.Open || strings.HasSuffix(typ, "::MODULE")
}

func section(template cfn.Map, name string) cfn.Map {
	m, _ := template.Get(name).(cfn.Map)
	return m
}

func entryType(entry any) string {
	m, _ := entry.(cfn.Map)
	s, _ := literal(m.Get("Type"))
	return s
}

// values lists everything that Ref can name.
func (n *Names) values() []string {
	return append(sortedKeys(n.Parameters), sortedKeys(n.Resources)...)
}

// pseudo are the pseudo parameters with the kind of each.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
var pseudo = map[string]kinds{
	"AWS::AccountId": str, "AWS::NotificationARNs": array, "AWS::NoValue": anyKind, "AWS::Partition": str,
	"AWS::Region": str, "AWS::StackId": str, "AWS::StackName": str, "AWS::URLSuffix": str,
}

// kindOfParameter is what a Ref to a parameter of a type gives.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
func kindOfParameter(typ string) kinds {
	if strings.Contains(typ, "List<") || strings.Contains(typ, "CommaDelimitedList") {
		return array
	}
	return str
}
