package event

import (
	"bytes"
	"encoding/json"

	"github.com/foldstack/foldstack/generator/source"
)

// toJSON writes a tree as compact JSON. A plain scalar that is a JSON number,
// boolean or null stays one; every other scalar is a string. A tag is written as
// its text, so that the result measures a tree that holds references.
func toJSON(n *source.Node) []byte {
	var b bytes.Buffer
	writeJSON(&b, n)
	return b.Bytes()
}

func writeJSON(b *bytes.Buffer, n *source.Node) {
	switch n.Kind {
	case source.Null:
		b.WriteString("null")
	case source.Scalar:
		if n.Plain && n.Tag == "" && json.Valid([]byte(n.Text)) {
			b.WriteString(n.Text)
			return
		}
		writeString(b, n.Text)
	case source.Sequence:
		b.WriteByte('[')
		for i, item := range n.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, item)
		}
		b.WriteByte(']')
	case source.Mapping:
		b.WriteByte('{')
		for i, pair := range n.Pairs {
			if i > 0 {
				b.WriteByte(',')
			}
			writeString(b, pair.Key.Text)
			b.WriteByte(':')
			writeJSON(b, pair.Value)
		}
		b.WriteByte('}')
	}
}

func writeString(b *bytes.Buffer, s string) {
	encoder := json.NewEncoder(b)
	encoder.SetEscapeHTML(false) // a pattern's < and > count as one character
	_ = encoder.Encode(s)        // a string always encodes, into memory
	b.Truncate(b.Len() - 1)      // the encoder's newline
}

// tagged returns the first node of a tree that has a tag, or nil.
func tagged(n *source.Node) *source.Node {
	var found *source.Node
	Walk(n, func(n *source.Node) {
		if found == nil && n.Tag != "" {
			found = n
		}
	})
	return found
}
