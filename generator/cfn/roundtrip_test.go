package cfn_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// same says where a value that was read back differs from the one that was
// written; it is empty when they are the same tree.
func same(path string, want any, n *yaml.Node) string {
	switch want := want.(type) {
	case string:
		if i, ok := cfn.Decode(want); ok {
			return sameIntrinsic(path, i, n)
		}
		if !isText(n) || n.Value != want || strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
			return fmt.Sprintf("%s: wrote text %q, read %s %q", path, want, n.Tag, n.Value)
		}
	case cfn.Plain:
		if n.Kind != yaml.ScalarNode || n.Value != string(want) {
			return fmt.Sprintf("%s: wrote plain %q, read %s %q", path, want, n.Tag, n.Value)
		}
	case bool:
		if n.ShortTag() != "!!bool" || n.Value != strconv.FormatBool(want) {
			return fmt.Sprintf("%s: wrote %v, read %s %q", path, want, n.Tag, n.Value)
		}
	case int:
		if n.ShortTag() != "!!int" || n.Value != strconv.Itoa(want) {
			return fmt.Sprintf("%s: wrote %v, read %s %q", path, want, n.Tag, n.Value)
		}
	case float64:
		var got float64
		if err := n.Decode(&got); err != nil || got != want {
			return fmt.Sprintf("%s: wrote %v, read %s %q", path, want, n.Tag, n.Value)
		}
	case []any:
		if n.Kind != yaml.SequenceNode || len(n.Content) != len(want) {
			return fmt.Sprintf("%s: wrote a list of %d, read %s with %d", path, len(want), n.Tag, len(n.Content))
		}
		for i, item := range want {
			if s := same(fmt.Sprintf("%s[%d]", path, i), item, n.Content[i]); s != "" {
				return s
			}
		}
	case cfn.Map:
		if n.Kind != yaml.MappingNode || len(n.Content) != 2*len(want) {
			return fmt.Sprintf("%s: wrote a mapping of %d, read %s with %d", path, len(want), n.Tag, len(n.Content)/2)
		}
		for i, e := range want {
			if s := same(path+".key", e.Key, n.Content[2*i]); s != "" {
				return s
			}
			if s := same(path+"."+e.Key, e.Value, n.Content[2*i+1]); s != "" {
				return s
			}
		}
	}
	return ""
}

// sameIntrinsic takes the short and the long form.
func sameIntrinsic(path string, want cfn.Intrinsic, n *yaml.Node) string {
	text, isText := want.Argument.(string)
	if want.Name == "Fn::Sub" && isText && !strings.Contains(text, "${") {
		return same(path, text, n) // there is nothing to fill in
	}
	argument := *n
	switch {
	case n.Tag == "!"+strings.TrimPrefix(want.Name, "Fn::"):
		argument.Tag = map[yaml.Kind]string{yaml.ScalarNode: "", yaml.SequenceNode: "!!seq", yaml.MappingNode: "!!map"}[n.Kind]
	case n.Kind == yaml.MappingNode && n.Tag == "!!map" && len(n.Content) == 2 && n.Content[0].Value == want.Name:
		argument = *n.Content[1]
	default:
		return fmt.Sprintf("%s: wrote %s, read %s %q", path, want.Name, n.Tag, n.Value)
	}
	if want.Name == "Fn::GetAtt" && argument.Kind == yaml.ScalarNode {
		list := want.Argument.([]any)
		return same(path+"."+want.Name, fmt.Sprintf("%s.%s", list...), &argument)
	}
	return same(path+"."+want.Name, want.Argument, &argument)
}

// forest grows trees out of bytes, so that a fuzzer can steer it.
type forest struct {
	bytes []byte
	left  int // nodes that may still be made
}

func (f *forest) next(n int) int {
	if len(f.bytes) == 0 {
		return 0
	}
	b := int(f.bytes[0])
	f.bytes = f.bytes[1:]
	return b % n
}

func (f *forest) text() string {
	if n := f.next(256); n < len(tricky) {
		return tricky[n]
	}
	n := min(f.next(40), len(f.bytes))
	s := strings.ReplaceAll(string(f.bytes[:n]), "\x00", "0")
	f.bytes = f.bytes[n:]
	return strings.ToValidUTF8(s, "?")
}

func (f *forest) name() string { return "N" + strconv.Itoa(f.next(9)) }

func (f *forest) value(depth int) any {
	f.left--
	if depth <= 0 || f.left <= 0 {
		return f.text()
	}
	switch f.next(16) {
	case 0, 1, 2:
		return f.text()
	case 3:
		return f.next(2) == 1
	case 4:
		return f.next(256) - 128
	case 5:
		return float64(f.next(256)) / 8
	case 6:
		return cfn.Plain([]string{"0123", "no", "1.10", "~", "12:30:45", "a b", "x", "-1"}[f.next(8)])
	case 7, 8:
		return f.list(depth)
	case 9, 10:
		return f.mapping(depth)
	default:
		return f.intrinsic(depth)
	}
}

func (f *forest) list(depth int) []any {
	list := make([]any, f.next(5))
	for i := range list {
		list[i] = f.value(depth - 1)
	}
	return list
}

func (f *forest) mapping(depth int) cfn.Map {
	m := cfn.Map{{Key: "first", Value: f.value(depth - 1)}} // so that no mapping is a function
	for i := range f.next(4) {
		m = append(m, cfn.Entry{Key: f.text() + "#" + strconv.Itoa(i), Value: f.value(depth - 1)})
	}
	return m
}

func (f *forest) intrinsic(depth int) string {
	switch f.next(12) {
	case 0, 1:
		return cfn.Ref(f.name())
	case 2:
		return cfn.GetAtt(f.name(), f.name())
	case 3, 4:
		return cfn.Sub("${A}" + f.text())
	case 5:
		return cfn.Sub(f.text()+"${B}", cfn.Entry{Key: "B", Value: f.value(depth - 1)})
	case 6:
		return cfn.If(f.name(), f.value(depth-1), f.value(depth-1))
	case 7:
		return cfn.Join(f.text(), f.list(depth)...)
	case 8:
		return cfn.ImportValue(f.intrinsic(depth - 1))
	case 9:
		return cfn.Call("Fn::Base64", f.value(depth-1))
	case 10:
		return cfn.Call("Fn::GetAtt", []any{f.name(), f.intrinsic(depth - 1)})
	default:
		return cfn.Call("Fn::ToJsonString", f.value(depth-1))
	}
}

func checkTree(t testing.TB, data []byte) {
	f := forest{bytes: data, left: 200}
	want := f.value(6)
	got := metadata(t, want)
	require.Empty(t, same("Value", want, got))
}

func TestAnyTreeIsReadBackAsItWasWritten(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		data := make([]byte, 400)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		checkTree(t, data)
	}
}

func TestTheComparisonSeesADifference(t *testing.T) {
	for _, c := range []struct{ wrote, instead any }{
		{"1", 1},
		{1, "1"},
		{true, "true"},
		{"a", "b"},
		{cfn.Ref("A"), "A"},
		{"A", cfn.Ref("A")},
		{cfn.Ref("A"), cfn.Ref("B")},
		{cfn.Ref("A"), cfn.Sub("${A}")},
		{[]any{"a"}, []any{}},
		{cfn.Map{{Key: "a", Value: 1}}, cfn.Map{{Key: "a", Value: 2}}},
		{cfn.GetAtt("A", "B"), cfn.GetAtt("A", "C")},
		{"a\n", "a"},
		{cfn.Join(",", "a"), cfn.Join(",", 1)},
	} {
		require.NotEmpty(t, same("", c.wrote, metadata(t, c.instead)), "%q and %q", c.wrote, c.instead)
	}
}

func FuzzRender(f *testing.F) {
	f.Add([]byte{9, 0, 3, 1, 2})
	f.Add([]byte(strings.Repeat("\x0b\x06\x07\x08\x05", 20)))
	for i, s := range tricky {
		f.Add(append([]byte{byte(i), 255, 30}, s...))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkTree(t, data) })
}
