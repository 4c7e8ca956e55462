package diff

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// unknown stands for what only the deployment tells.
const unknown = "…"

// shown is a text for people. Account and region of a class keep their names.
func shown(text string) string {
	return symbol.Map(text, func(name string) string {
		if estate.IsPlace(name) {
			return "<" + name + ">"
		}
		return unknown
	})
}

// values are two values as texts. What differs only in something unknown is told by what
// that is.
func values(before, after any) Values {
	v := Values{valueText(before, shown), valueText(after, shown)}
	if v.Before != nil && v.After != nil && *v.Before == *v.After {
		return Values{valueText(before, symbol.Show), valueText(after, symbol.Show)}
	}
	return v
}

// valueText is a value as text: a scalar as it is, anything else as JSON.
func valueText(x any, show func(string) string) *string {
	if x == nil {
		return nil
	}
	if text, ok := scalar(x); ok {
		text = show(text)
		return &text
	}
	var b strings.Builder
	writeJSON(&b, x, show)
	text := b.String()
	return &text
}

// scalar is the text of a scalar, as CloudFormation reads it: 256 and "256" are the same.
func scalar(x any) (text string, ok bool) {
	switch x := x.(type) {
	case string:
		return x, true
	case cfn.Plain:
		return string(x), true
	case bool:
		return strconv.FormatBool(x), true
	case int:
		return strconv.Itoa(x), true
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), true
	}
	return "", false
}

func writeJSON(b *strings.Builder, x any, show func(string) string) {
	separate := func(n int) {
		if n > 0 {
			b.WriteString(", ")
		}
	}
	switch x := x.(type) {
	case cfn.Map:
		b.WriteByte('{')
		for n, e := range x {
			separate(n)
			b.WriteString(quoted(show(e.Key)) + ": ")
			writeJSON(b, e.Value, show)
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for n, item := range x {
			separate(n)
			writeJSON(b, item, show)
		}
		b.WriteByte(']')
	case string:
		b.WriteString(quoted(show(x)))
	case nil:
		b.WriteString("null")
	default:
		text, _ := scalar(x)
		b.WriteString(show(text))
	}
}

func quoted(text string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // of a text it cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}
