package estate

import (
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
)

// absent is the value of AWS::NoValue: what holds it goes without.
type absent struct{}

// maxText bounds a text: resources can be named by each other, each twice.
const maxText = 1 << 16

// value is a tree without functions. Where nothing in it had to be computed it is the
// tree itself, and changed is false.
func (i *instance) value(x any) (value any, changed bool) {
	switch x := x.(type) {
	case nil, bool, int, float64:
		return x, false
	case string:
		if cfn.IsIntrinsic(x) {
			return i.call(x), true
		}
		return i.literal(x)
	case cfn.Plain:
		text, _ := i.literal(string(x))
		return text, true
	case []any:
		return i.list(x)
	case cfn.Map:
		return i.mapping(x)
	}
	return nil, true // an error in the place of a value
}

func (i *instance) list(list []any) (any, bool) {
	var out []any
	for n, item := range list {
		value, changed := i.value(item)
		if changed && out == nil {
			out = append(make([]any, 0, len(list)), list[:n]...)
		}
		if _, gone := value.(absent); out != nil && !gone {
			out = append(out, value)
		}
	}
	if out == nil {
		return list, false
	}
	return out, true
}

func (i *instance) mapping(m cfn.Map) (any, bool) {
	var out cfn.Map
	for n, e := range m {
		value, changed := i.value(e.Value)
		if strings.HasPrefix(e.Key, "Fn::") { // a loop or a macro among other keys
			value, changed = i.unknown(e.Key), true
		}
		if changed && out == nil {
			out = append(make(cfn.Map, 0, len(m)), m[:n]...)
		}
		if _, gone := value.(absent); out != nil && !gone {
			out = append(out, cfn.Entry{Key: e.Key, Value: value})
		}
	}
	if out == nil {
		return m, false
	}
	return out, true
}

// literal is a text in which dynamic references, which only the deployment resolves,
// are symbols.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
func (i *instance) literal(text string) (value string, changed bool) {
	if !strings.Contains(text, "{{resolve:") {
		return text, false
	}
	pieces := split(text, "{{resolve:")
	var b strings.Builder
	b.WriteString(pieces[0])
	for _, piece := range pieces[1:] {
		reference := split(piece, "}}")
		if len(reference) == 1 { // it is never closed
			b.WriteString("{{resolve:" + piece)
			continue
		}
		b.WriteString(i.stored("{{resolve:" + reference[0] + "}}"))
		b.WriteString(strings.Join(reference[1:], "}}"))
	}
	return b.String(), true
}

// text is a value as the text that CloudFormation makes of it.
func (i *instance) text(x any) string {
	value, _ := i.value(x)
	return textOf(value)
}

// textOf is a value without functions as text. A list is what it was before its commas
// were read.
func textOf(x any) string {
	switch x := x.(type) {
	case string:
		return x
	case bool:
		return strconv.FormatBool(x)
	case int:
		return strconv.Itoa(x)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case []any:
		texts := make([]string, len(x))
		for n := range x {
			texts[n] = textOf(x[n])
		}
		return strings.Join(texts, ",")
	}
	return ""
}

// at follows keys into a tree.
func at(x any, path ...string) any {
	for _, step := range path {
		m, _ := x.(cfn.Map)
		x = m.Get(step)
	}
	return x
}
