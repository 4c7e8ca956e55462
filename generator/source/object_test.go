package source

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
)

// opened decodes doc with decode and returns what was complained about, one
// problem a line.
func opened(t *testing.T, doc string, decode func(o *Object)) string {
	t.Helper()
	var problems diag.Problems
	root := Parse("f.yaml", []byte(doc), &problems)
	require.Empty(t, problems.Sorted())
	decode(Open(root, "the function", &problems))
	var lines []string
	for _, p := range problems.Sorted() {
		lines = append(lines, fmt.Sprintf("%s: %s: %s (%s)", p.Place, p.Rule, p.Text, p.Hint))
	}
	return strings.Join(lines, "\n")
}

func TestValuesRememberWhereTheyStand(t *testing.T) {
	said := opened(t, "name: 0123\nsize: 512\non: true\nkind: b\nlist: [x, 0456]\none: z\n", func(o *Object) {
		at := func(line, column int) diag.Place { return diag.Place{File: "f.yaml", Line: line, Column: column} }
		assert.Equal(t, Field[string]{Value: "0123", Place: at(1, 7), Set: true}, o.Text("name"))
		assert.Equal(t, Field[int]{Value: 512, Place: at(2, 7), Set: true}, o.Int("size", 128, 10240))
		assert.Equal(t, Field[bool]{Value: true, Place: at(3, 5), Set: true}, o.Bool("on"))
		assert.Equal(t, Field[string]{Value: "b", Place: at(4, 7), Set: true}, o.OneOf("kind", "a", "b"))
		assert.Equal(t, Field[[]string]{Value: []string{"x", "0456"}, Place: at(5, 7), Set: true}, o.Texts("list"))
		assert.Equal(t, []Field[string]{{Value: "x", Place: at(5, 8), Set: true}, {Value: "0456", Place: at(5, 11), Set: true}}, o.Fields("list"))
		assert.Equal(t, Field[[]string]{Value: []string{"z"}, Place: at(6, 6), Set: true}, o.Texts("one"))
		assert.Equal(t, at(1, 1), o.Place())
		assert.Equal(t, at(6, 6), o.PlaceOf("one"))
		assert.Equal(t, at(1, 1), o.PlaceOf("other"))
		assert.True(t, o.Has("one"))
		assert.False(t, o.Has("two"))
		o.Done()
	})
	assert.Empty(t, said)
}

func TestWhatIsAbsentIsNotSetAndNoProblem(t *testing.T) {
	for _, doc := range []string{"", "{}", "~"} {
		said := opened(t, doc, func(o *Object) {
			assert.Equal(t, 7, o.Int("a", 1, 2).Or(7))
			assert.Equal(t, "x", o.Text("b").Or("x"))
			assert.False(t, o.Bool("c").Set)
			assert.False(t, o.OneOf("d", "x").Set)
			assert.False(t, o.Texts("e").Set)
			assert.Nil(t, o.Fields("e"))
			assert.Nil(t, o.Value("f"))
			assert.Empty(t, o.List("g"))
			assert.Empty(t, o.Entries("h"))
			o.Open("i", "the inner thing").Done()
			o.Done()
		})
		assert.Empty(t, said, "%q", doc)
	}
}

func TestAnEmptyListIsSetAndAnEmptyKeyHoldsNoItems(t *testing.T) {
	said := opened(t, "a: []\nb:\nc:\n", func(o *Object) {
		assert.Equal(t, Field[[]string]{Value: []string{}, Place: diag.Place{File: "f.yaml", Line: 1, Column: 4}, Set: true}, o.Texts("a"))
		assert.Empty(t, o.List("b"))
		assert.Empty(t, o.Entries("c"))
	})
	assert.Empty(t, said)
}

func TestWrongKindsSayWhatWasExpectedAndFound(t *testing.T) {
	doc := "list: [a]\nmap: {a: b}\nnothing:\nref: !Ref x\ntext: abc\nmixed: [a, [b], !Ref c]\n"
	for _, c := range []struct {
		decode func(o *Object)
		want   string
	}{
		{func(o *Object) { o.Text("list") }, "f.yaml:1:7: wrong-kind: list of the function must be text, not a list ()"},
		{func(o *Object) { o.Int("map", 1, 5) }, "f.yaml:2:6: wrong-kind: map of the function must be a whole number from 1 to 5, not a mapping ()"},
		{func(o *Object) { o.Bool("nothing") }, "f.yaml:3:9: wrong-kind: nothing of the function must be true or false, not nothing (write a value, or remove the key)"},
		{func(o *Object) { o.Text("ref") }, "f.yaml:4:6: wrong-kind: ref of the function must be text, not !Ref (write the value itself; quotes make a text of what begins with !)"},
		{func(o *Object) { o.OneOf("list", "a", "b") }, "f.yaml:1:7: wrong-kind: list of the function must be one of a, b, not a list ()"},
		{func(o *Object) { o.Texts("map") }, "f.yaml:2:6: wrong-kind: map of the function must be a text or a list of texts, not a mapping ()"},
		{func(o *Object) { assert.Equal(t, []string{"a"}, o.Texts("mixed").Value) }, "f.yaml:6:12: wrong-kind: each item of mixed of the function must be text, not a list ()\nf.yaml:6:17: wrong-kind: each item of mixed of the function must be text, not !Ref (write the value itself; quotes make a text of what begins with !)"},
		{func(o *Object) { o.Entries("text") }, "f.yaml:5:7: wrong-kind: text of the function must be a mapping of keys to values, not \"abc\" (write its keys, each with a colon)"},
		{func(o *Object) { o.Open("text", "the queue").Done() }, "f.yaml:5:7: wrong-kind: the queue must be a mapping of keys to values, not \"abc\" (write its keys, each with a colon)"},
	} {
		assert.Equal(t, c.want, opened(t, doc, c.decode))
	}
}

func TestIntTakesDecimalDigitsOnly(t *testing.T) {
	for _, c := range []struct{ written, hint string }{
		{"0512", "write 512"},
		{"512MB", "write 512"},
		{"512mib", "write 512"},
		{"900 seconds", "write 900"},
		{"15m", "write the number alone, in the unit of the key"},
		{"24h", "write the number alone, in the unit of the key"},
		{"1 GB", "write the number alone, in the unit of the key"},
		{"512 MB", "write 512"},
		{"1_000", "write 1000"},
		{"512.0", "write 512"},
		{"+512", "write 512"},
		{"0x200", ""},
		{"1e3", ""},
		{"512.5", ""},
		{"abc", ""},
		{"127", ""},
		{"10241", ""},
		{"-512", ""},
		{"99999999999999999999", ""},
		{`""`, ""},
		{"12:30:45", ""},
	} {
		said := opened(t, "memory: "+c.written+"\n", func(o *Object) { assert.False(t, o.Int("memory", 128, 10240).Set) })
		want := fmt.Sprintf("f.yaml:1:9: wrong-value: memory of the function must be a whole number from 128 to 10240, not %q (%s)", strings.Trim(c.written, `"`), c.hint)
		assert.Equal(t, want, said)
	}
	for written, want := range map[string]int{"128": 128, "10240": 10240, `"512"`: 512} {
		assert.Empty(t, opened(t, "memory: "+written, func(o *Object) { assert.Equal(t, want, o.Int("memory", 128, 10240).Value) }))
	}
	assert.Empty(t, opened(t, "n: -5", func(o *Object) { assert.Equal(t, -5, o.Int("n", -10, 0).Value) }))
}

func TestBoolAndOneOfSuggest(t *testing.T) {
	assert.Equal(t, `f.yaml:1:4: wrong-value: a of the function must be true or false, not "yes" (write true)`, opened(t, "a: yes", func(o *Object) { o.Bool("a") }))
	assert.Equal(t, `f.yaml:1:4: wrong-value: a of the function must be true or false, not "1" ()`, opened(t, "a: 1", func(o *Object) { o.Bool("a") }))
	assert.Empty(t, opened(t, "a: False", func(o *Object) {
		assert.Equal(t, Field[bool]{Place: diag.Place{File: "f.yaml", Line: 1, Column: 4}, Set: true}, o.Bool("a"))
	}))
	assert.Equal(t, `f.yaml:1:4: wrong-value: a of the function must be one of x86_64, arm64, not "arm46" (did you mean arm64?)`, opened(t, "a: arm46", func(o *Object) { o.OneOf("a", "x86_64", "arm64") }))
}

func TestUnknownKeysComeInTheOrderOfTheFile(t *testing.T) {
	said := opened(t, "zebra: 1\nmemroy: 2\nhandler: 3\nTimeout: 4\n", func(o *Object) {
		o.Text("handler")
		o.Int("memory", 1, 2)
		o.Known("timeout")
		o.Done()
	})
	assert.Equal(t, `f.yaml:1:1: unknown-key: the function has no key "zebra" (it knows handler, memory, timeout)
f.yaml:2:1: unknown-key: the function has no key "memroy" (did you mean memory?)
f.yaml:4:1: unknown-key: the function has no key "Timeout" (did you mean timeout?)`, said)
}

func TestMissingKeysAndOwnProblemsHavePlaces(t *testing.T) {
	said := opened(t, "a:\n  b: 1\n", func(o *Object) {
		inner := o.Open("a", "the queue")
		inner.Require("queue", "write the name of a queue")
		inner.Require("b", "unused")
		inner.Problemf("odd", "b", "a hint", "%s is odd", "b")
		inner.Problemf("odd", "", "", "all of it is odd")
		o.Open("missing", "the topic").Require("topic", "")
	})
	assert.Equal(t, `f.yaml:1:1: missing-key: the topic needs the key topic ()
f.yaml:2:3: missing-key: the queue needs the key queue (write the name of a queue)
f.yaml:2:3: odd: all of it is odd ()
f.yaml:2:6: odd: b is odd (a hint)`, said)
}

func TestListTakesASingleValueAndTaggedOnesAsItems(t *testing.T) {
	opened(t, "a: x\nb: [x, y]\nc: {k: v}\nd: !If [a, b, c]\n", func(o *Object) {
		assert.Len(t, o.List("a"), 1)
		assert.Len(t, o.List("b"), 2)
		assert.Equal(t, Mapping, o.List("c")[0].Kind)
		require.Len(t, o.List("d"), 1)
		assert.Equal(t, "!If", o.List("d")[0].Tag)
		assert.Equal(t, "k", o.Entries("c")[0].Key.Text)
	})
}
