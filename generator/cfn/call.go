package cfn

import (
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
)

// This file writes intrinsics: on one line where that is short enough, in the
// short form where YAML allows it. A node has one tag, so that a function directly
// inside a function leaves the long form to the outer one.

// width is the column past which a list is not written on one line.
const width = 100

// shortTags are the functions that have a short form.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
var shortTags = map[string]string{
	fnRef: "!Ref", fnCondition: "!Condition", fnGetAtt: "!GetAtt", fnSub: "!Sub",
	fnFindInMap: "!FindInMap", fnIf: "!If", fnJoin: "!Join", fnSelect: "!Select", fnSplit: "!Split",
	fnImportValue: "!ImportValue", fnEquals: "!Equals", fnAnd: "!And", fnOr: "!Or", fnNot: "!Not",
	"Fn::Base64": "!Base64", "Fn::Cidr": "!Cidr", "Fn::GetAZs": "!GetAZs", macroFunction: "!Transform",
}

// intrinsic writes an encoded intrinsic in its short form, where it has one.
func (w *writer) intrinsic(s string, indent int, at place) {
	if mark, text, ok := leafOf(s); ok {
		w.leaf(mark, text, indent)
		w.buf = append(w.buf, '\n')
		return
	}
	i, ok := Decode(s)
	if !ok {
		w.fail(diag.Bugf("a damaged intrinsic, perhaps joined with text: %q", s))
		return
	}
	w.call(i, indent, at)
}

// leaf writes the tag and text of a Ref, GetAtt or Sub.
func (w *writer) leaf(mark byte, text string, indent int) {
	switch mark {
	case markRef:
		w.buf = append(w.buf, " !Ref "...)
	case markGetAtt:
		w.buf = append(w.buf, " !GetAtt "...)
	case markSub:
		w.buf = append(w.buf, ' ')
		if strings.Contains(text, "${") {
			w.buf = append(w.buf, "!Sub "...)
		}
	}
	w.scalar(text, indent, inBlock)
}

func (w *writer) call(i Intrinsic, indent int, at place) {
	tag := shortTags[i.Name]
	if s, ok := i.Argument.(string); ok && IsIntrinsic(s) {
		tag = "" // a node has one tag
	}
	if list, ok := i.Argument.([]any); ok && w.callOnOneLine(i.Name, tag, list) {
		return
	}
	if tag == "" || i.Name == fnGetAtt {
		w.begin(indent, at, true)
		w.entry(i.Name, i.Argument, indent)
		return
	}
	w.buf = append(w.buf, ' ')
	w.buf = append(w.buf, tag...)
	w.value(i.Argument, indent, afterKey)
}

// callOnOneLine writes a function of a list in one line, if that is short enough.
func (w *writer) callOnOneLine(name, tag string, list []any) bool {
	if tag == "" || name == fnGetAtt || name == fnSub {
		return false
	}
	start := len(w.buf)
	w.buf = append(w.buf, ' ')
	w.buf = append(w.buf, tag...)
	w.buf = append(w.buf, ' ')
	if w.flow(list) && w.column() <= width {
		w.buf = append(w.buf, '\n')
		return true
	}
	w.buf = w.buf[:start]
	return false
}

// column is the number of bytes in the last line.
func (w *writer) column() int {
	n := 0
	for i := len(w.buf) - 1; i >= 0 && w.buf[i] != '\n'; i-- {
		n++
	}
	return n
}

// flow writes a value in flow style, without the blank before it. It reports
// false for what does not belong on one line; what it wrote is then of no use.
func (w *writer) flow(x any) bool {
	switch x := x.(type) {
	case string:
		return w.flowText(x)
	case Plain:
		if strings.Contains(string(x), "\n") {
			return false
		}
		w.plainScalar(string(x), 0, inFlow)
	case bool:
		w.buf = strconv.AppendBool(w.buf, x)
	case int:
		w.buf = strconv.AppendInt(w.buf, int64(x), 10)
	case []any:
		w.buf = append(w.buf, '[')
		for i, item := range x {
			if i > 0 {
				w.buf = append(w.buf, ", "...)
			}
			if !w.flow(item) {
				return false
			}
		}
		w.buf = append(w.buf, ']')
	default:
		return false
	}
	return true
}

func (w *writer) flowText(s string) bool {
	if !IsIntrinsic(s) {
		if strings.Contains(s, "\n") {
			return false
		}
		w.scalar(s, 0, inFlow)
		return true
	}
	i, ok := Decode(s)
	if !ok {
		return false
	}
	tag := shortTags[i.Name]
	switch {
	case tag == "":
		return false
	case s[1] == markCall:
		list, isList := i.Argument.([]any)
		text, isText := i.Argument.(string)
		if !isList && (!isText || IsIntrinsic(text)) || i.Name == fnGetAtt || i.Name == fnSub {
			return false
		}
		w.buf = append(w.buf, tag...)
		w.buf = append(w.buf, ' ')
		if isText {
			return w.flowText(text)
		}
		return w.flow(list)
	}
	_, text, _ := leafOf(s)
	if strings.Contains(text, "\n") {
		return false
	}
	if i.Name != fnSub || strings.Contains(text, "${") {
		w.buf = append(w.buf, tag...)
		w.buf = append(w.buf, ' ')
	}
	w.scalar(text, 0, inFlow)
	return true
}
