package cfn

import "strings"

// ReferenceKind tells what a reference points at.
type ReferenceKind int

// The kinds of reference.
const (
	ToValue     ReferenceKind = iota // Ref: a resource, parameter or pseudo parameter
	ToAttribute                      // GetAtt: an attribute of a resource
	ToCondition                      // Condition, and the first item of If
	ToMapping                        // FindInMap
)

// Reference is one name that a value uses.
type Reference struct {
	Kind      ReferenceKind
	ID        string // logical id, condition, mapping, or pseudo parameter such as "AWS::Region"
	Attribute string // of ToAttribute; empty when an intrinsic computes it
}

// References lists what a value refers to, in the order of the text and with
// repetitions: every Ref and GetAtt, the ${…} of every Sub except its own
// variables, and the conditions and mappings by name. value is anything that a
// template may hold. Late values are the template's: for a whole resource pass
// its Template.ResourceTree.
func References(value any) []Reference {
	var f finder
	f.value(Tree(value))
	return f.found
}

// References lists what the whole template refers to (see the function
// References), section by section.
func (t *Template) References() []Reference {
	var f finder
	for i := range t.Conditions {
		f.value(Tree(t.Conditions[i].Expr))
	}
	for _, r := range t.Resources {
		entry := t.ResourceTree(r)
		f.condition(entry)
		f.value(entry)
	}
	for i := range t.Outputs {
		entry := t.Outputs[i].Tree()
		f.condition(entry)
		f.value(entry)
	}
	return f.found
}

type finder struct{ found []Reference }

// condition finds the attribute Condition of a resource or output.
func (f *finder) condition(entry any) {
	if m, ok := entry.(Map); ok {
		if name := scalarText(m.Get(fnCondition)); name != "" {
			f.add(ToCondition, name, "")
		}
	}
}

func (f *finder) add(kind ReferenceKind, id, attribute string) {
	f.found = append(f.found, Reference{kind, id, attribute})
}

func (f *finder) value(x any) {
	switch x := x.(type) {
	case string:
		if i, ok := Decode(x); ok {
			f.intrinsic(i)
		}
	case []any:
		for _, item := range x {
			f.value(item)
		}
	case Map:
		for _, e := range x {
			f.value(e.Value)
		}
	}
}

func (f *finder) intrinsic(i Intrinsic) {
	list, _ := i.Argument.([]any)
	switch {
	case i.Name == fnRef && !IsIntrinsic(scalarText(i.Argument)):
		f.add(ToValue, scalarText(i.Argument), "")
		return
	case i.Name == fnCondition:
		f.add(ToCondition, scalarText(i.Argument), "")
		return
	case i.Name == fnSub:
		f.sub(i.Argument)
		return
	case len(list) == 0:
		f.value(i.Argument)
		return
	}
	switch first := scalarText(list[0]); {
	case IsIntrinsic(first), first == "":
	case i.Name == fnGetAtt:
		attribute := scalarText(list[1])
		if IsIntrinsic(attribute) {
			attribute = ""
		}
		f.add(ToAttribute, first, attribute)
	case i.Name == fnIf:
		f.add(ToCondition, first, "")
	case i.Name == fnFindInMap:
		f.add(ToMapping, first, "")
	}
	f.value(list)
}

func (f *finder) sub(argument any) {
	text := scalarText(argument)
	var vars Map
	if list, ok := argument.([]any); ok && len(list) == 2 {
		text = scalarText(list[0])
		vars, _ = list[1].(Map)
	}
	for name := range Placeholders(text) {
		if vars.Has(name) {
			continue
		}
		if id, attribute, dotted := strings.Cut(name, "."); dotted {
			f.add(ToAttribute, id, attribute)
		} else {
			f.add(ToValue, name, "")
		}
	}
	for _, e := range vars {
		f.value(e.Value)
	}
}

// Has reports whether the mapping has the key.
func (m Map) Has(key string) bool {
	for _, e := range m {
		if e.Key == key {
			return true
		}
	}
	return false
}

// Placeholders yields the names inside ${…} of Sub's text, ${!…} excepted.
func Placeholders(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for {
			_, rest, found := strings.Cut(text, "${")
			if !found {
				return
			}
			name, after, closed := strings.Cut(rest, "}")
			if !closed {
				return
			}
			text = after
			if !strings.HasPrefix(name, "!") && !yield(strings.TrimSpace(name)) {
				return
			}
		}
	}
}
