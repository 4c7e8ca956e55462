package estate

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
)

// json is a tree as JSON text.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ToJsonString.html
func (i *instance) json(x any) string {
	value, _ := i.value(x)
	var b bytes.Buffer
	writeJSON(&b, value)
	return b.String()
}

func writeJSON(b *bytes.Buffer, x any) {
	switch x := x.(type) {
	case []any:
		b.WriteByte('[')
		for n := range x {
			if n > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, x[n])
		}
		b.WriteByte(']')
	case cfn.Map:
		b.WriteByte('{')
		for n, e := range x {
			if n > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, e.Key)
			b.WriteByte(':')
			writeJSON(b, e.Value)
		}
		b.WriteByte('}')
	case string:
		writeText(b, x)
	case bool, int, float64, nil:
		text, _ := json.Marshal(x) // of these types it cannot fail but for a number that no template holds
		b.Write(text)
	}
}

// writeText writes a text with its symbols as they are.
func writeText(b *bytes.Buffer, text string) {
	var quoted bytes.Buffer
	e := json.NewEncoder(&quoted)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err == nil {
		b.WriteString(controls.Replace(strings.TrimSuffix(quoted.String(), "\n")))
	}
}

var controls = strings.NewReplacer(`\u0001`, "\x01", `\u0002`, "\x02")
