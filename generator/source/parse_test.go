package source

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
)

// said parses doc and returns the problems, one a line.
func said(doc string) string {
	var problems diag.Problems
	Parse("f.yaml", []byte(doc), &problems)
	var lines []string
	for _, p := range problems.Sorted() {
		line := p.Place.String() + ": " + p.Rule + ": " + p.Text
		for _, n := range p.Notes {
			line += fmt.Sprintf(" (%s: %s)", n.Place, n.Text)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func parsed(t *testing.T, doc string) *Node {
	t.Helper()
	var problems diag.Problems
	n := Parse("f.yaml", []byte(doc), &problems)
	require.Empty(t, problems.Sorted())
	return n
}

func TestWhatIsRefusedIsExplainedAtItsPlace(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		// no text
		{"a: b\x00\n", "f.yaml:1:5: yaml-control-character: a NUL byte is no text"},
		{"\xff\xfea\x00:\x00", "f.yaml: yaml-encoding: the file is not UTF-8 but looks like UTF-16"},
		{"a\x00:\x00 \x00b\x00", "f.yaml: yaml-encoding: the file is not UTF-8 but looks like UTF-16"},
		{"é: \xff\n", "f.yaml:1:4: yaml-encoding: the byte 0xff is not UTF-8"},
		{"a: b\nc: \x1b[0m\n", "f.yaml:2:4: yaml-control-character: the control character U+001B is not allowed"},
		{"a: \u0085x\n", "f.yaml:1:4: yaml-control-character: the control character U+0085 is not allowed"},
		{"a: b\rc: d\n", "f.yaml:1:5: yaml-control-character: a carriage return stands alone"},
		{"a: x\u2028y\n", "f.yaml:1:5: yaml-control-character: the invisible character U+2028 is not allowed: readers of YAML take it differently"},
		{"a: b\n\ufeffc: d\n", "f.yaml:2:1: yaml-control-character: the invisible character U+FEFF is not allowed: readers of YAML take it differently"},
		{"\x7fELF\x02\x01\x01\x00\x00", "f.yaml:1:1: yaml-control-character: the control character U+007F is not allowed"},
		// what Git leaves of a merge
		{"a: b\n<<<<<<< HEAD\nc: d\n=======\nc: e\n>>>>>>> topic\n", "f.yaml:2:1: yaml-merge-conflict: a merge left a conflict here that nobody has resolved"},
		{"<<<<<<< HEAD\r\na: b\r\n=======\r\n>>>>>>> topic\r\n", "f.yaml:1:1: yaml-merge-conflict: a merge left a conflict here that nobody has resolved"},
		// escapes
		{`a: "b\0"`, `f.yaml:1:6: yaml-syntax: the escape \0 makes a control character, which is not allowed`},
		{`a: "\x00"`, `f.yaml:1:5: yaml-syntax: the escape \x00 makes a control character, which is not allowed`},
		{`a: "\u0000"`, `f.yaml:1:5: yaml-syntax: the escape \u0000 makes a control character, which is not allowed`},
		{`a: "\U00000000"`, `f.yaml:1:5: yaml-syntax: the escape \U00000000 makes a control character, which is not allowed`},
		{`a: "\e[0m"`, `f.yaml:1:5: yaml-syntax: the escape \e makes a control character, which is not allowed`},
		{`a: "\xzz"`, `f.yaml:1:5: yaml-syntax: \x needs 2 hexadecimal digits`},
		{`a: "\ud800"`, `f.yaml:1:5: yaml-syntax: this escape is no character`},
		{`a: "\udc00"`, `f.yaml:1:5: yaml-syntax: \udc00 is no character`},
		{`a: "\UFFFFFFFF"`, `f.yaml:1:5: yaml-syntax: \UFFFFFFFF is no character`},
		{`a: "\d"`, `f.yaml:1:6: yaml-syntax: this is no escape of YAML`},
		// more than one document, directives, complex keys
		{"a: b\n---\nc: d\n", "f.yaml:2:1: yaml-unsupported: a second document begins; a file holds one"},
		{"---\n---\n", "f.yaml:2:1: yaml-unsupported: a second document begins; a file holds one"},
		{"a: b\n...\nc: d\n", "f.yaml:3:1: yaml-unsupported: the document has ended, but something follows"},
		{"%YAML 1.2\n---\na: b\n", "f.yaml:1:1: yaml-unsupported: directives such as %YAML are not read"},
		{"? a\n: b\n", "f.yaml:1:1: yaml-unsupported: keys introduced by ? are not read"},
		{"a: {? b : c}\n", "f.yaml:1:5: yaml-unsupported: keys introduced by ? are not read"},
		{"a: {[b]: c}\n", "f.yaml:1:8: yaml-unsupported: a list or mapping cannot be a key"},
		{"a: &x b\n*x : c\n", "f.yaml:2:4: yaml-unsupported: an alias cannot be a key"},
		{": b\n", "f.yaml:1:1: yaml-syntax: a colon without a key"},
		{"a: {b\n c: d}\n", "f.yaml:2:2: yaml-syntax: the text of line 1 goes on here, but a key must stand in one line"},
		{"'a\n b': c\n", "f.yaml:2:2: yaml-syntax: the text of line 1 goes on here, but a key must stand in one line"},
		// tags
		{"a: !Sub\nb: 1\n", "f.yaml:1:4: yaml-empty-tag: the tag !Sub stands without a value"},
		{"a: !Sub\nb: !Ref\n", "f.yaml:1:4: yaml-empty-tag: the tag !Sub stands without a value\nf.yaml:2:4: yaml-empty-tag: the tag !Ref stands without a value"},
		{"a: !Sub", "f.yaml:1:4: yaml-empty-tag: the tag !Sub stands without a value"},
		{"- !x\n- b\n", "f.yaml:1:3: yaml-empty-tag: the tag !x stands without a value"},
		{"a: [!Ref]\n", "f.yaml:1:5: yaml-empty-tag: the tag !Ref stands without a value"},
		{"a: [!Ref , b]\n", "f.yaml:1:5: yaml-empty-tag: the tag !Ref stands without a value"},
		{"a: &x\nb: 1\n", "f.yaml:1:4: yaml-empty-tag: an anchor stands without a value"},
		{"a: !!str b\n", "f.yaml:1:4: yaml-unsupported: the tag !!str is not read"},
		{"a: !<tag:x> b\n", "f.yaml:1:4: yaml-syntax: !<tag:x> is no tag"},
		{"a: ! b\n", "f.yaml:1:4: yaml-syntax: ! is no tag"},
		{"!x a: b\n", "f.yaml:1:1: yaml-unsupported: a key cannot have the tag !x"},
		{"- &x a: b\n", "f.yaml:1:3: yaml-unsupported: a key cannot have an anchor"},
		{"a: {!x b}\n", "f.yaml:1:5: yaml-unsupported: a key cannot have a tag or an anchor, nor be an alias"},
		{"a: !x !y b\n", "f.yaml:1:7: yaml-syntax: a value cannot have the tag !x and the tag !y"},
		{"a: !x - b\n", "f.yaml:1:7: yaml-syntax: a list cannot begin behind the tag !x"},
		{"a: !x\tb\n", "f.yaml:1:4: yaml-syntax: a tab follows the tag !x"},
		// aliases and merges
		{"a: *x\nb: *y\n", "f.yaml:1:4: yaml-unknown-alias: nothing above is marked &x\nf.yaml:2:4: yaml-unknown-alias: nothing above is marked &y"},
		{"a: *x\nb: &x c\n", "f.yaml:1:4: yaml-unknown-alias: nothing above is marked &x"},
		{"a: &x [*x]\n", "f.yaml:1:8: yaml-unknown-alias: *x would contain itself"},
		{"a: &x b\nc: !y *x\n", "f.yaml:2:7: yaml-syntax: an alias cannot have the tag !y"},
		{"a: &x b\nc: {<<: *x}\n", "f.yaml:2:9: yaml-syntax: << merges a mapping, or a list of mappings, not \"b\""},
		{"a: *\n", "f.yaml:1:4: yaml-syntax: the name of an anchor has letters, digits, - and _"},
		{"a: *.js\n", "f.yaml:1:4: yaml-syntax: the name of an anchor has letters, digits, - and _"},
		// duplicate keys, all of them
		{"a: 1\nb: 2\na: 3\nb: 4\n", "f.yaml:3:1: duplicate-key: the key \"a\" is there twice (f.yaml:1:1: the first one)\nf.yaml:4:1: duplicate-key: the key \"b\" is there twice (f.yaml:2:1: the first one)"},
		{"a: {b: 1, 'b': 2}\n", "f.yaml:1:11: duplicate-key: the key \"b\" is there twice (f.yaml:1:5: the first one)"},
		{"1: a\n\"1\": b\n", "f.yaml:2:1: duplicate-key: the key \"1\" is there twice (f.yaml:1:1: the first one)"},
		// syntax
		{"a:\nmemory\nb: c\n", "f.yaml:2:1: yaml-syntax: this belongs to nothing"},
		{"a: b\n c: d\n", "f.yaml:2:2: yaml-syntax: the text of line 1 goes on here, but a key must stand in one line"},
		{"a:\n    b: 1\n  c: 2\n", "f.yaml:3:3: yaml-syntax: this belongs to nothing"},
		{"a: b: c\n", "f.yaml:1:4: yaml-syntax: a second colon makes a mapping where none can begin"},
		{"a: [b\n", "f.yaml:1:4: yaml-syntax: a [ is never closed"},
		{"a: {b: c\n", "f.yaml:1:4: yaml-syntax: a { is never closed"},
		{"a: ]\n", "f.yaml:1:4: yaml-syntax: a ] closes nothing"},
		{"a: 'x\n", "f.yaml:1:4: yaml-syntax: a quote is never closed"},
		{"é: \"x\n\n", "f.yaml:1:4: yaml-syntax: a quote is never closed"},
		{"a:\n\tb: c\n", "f.yaml:2:2: yaml-syntax: a tab stands where YAML wants spaces"},
		{"a: @x\n", "f.yaml:1:4: yaml-syntax: a text cannot begin with @"},
		{"a: %x\n", "f.yaml:1:4: yaml-syntax: a text cannot begin with % here"},
		{"a: [b}]\n", "f.yaml:1:5: yaml-syntax: this cannot be read for certain"},
		{"a: [,]\n", "f.yaml:1:5: yaml-syntax: nothing stands before this comma"},
		{"a: [b,,c]\n", "f.yaml:1:7: yaml-syntax: nothing stands before this comma"},
		{"a: {x:}\n", "f.yaml:1:6: yaml-syntax: readers of YAML take this colon differently"},
		{"a: b\n- c\n", "f.yaml:2:1: yaml-syntax: a key and a colon are missing here"},
		{"|\n", ""},
		{"a: |x\n  b\n", "f.yaml:1:4: yaml-syntax: this header of a block of text is not understood"},
		{"a: - b\n", "f.yaml:1:4: yaml-syntax: a list cannot begin behind a key"},
		{"a: 'x' y\n", "f.yaml:1:8: yaml-syntax: this belongs to nothing"},
	} {
		assert.Equal(t, c.want, said(c.doc), "%q", c.doc)
	}
}

func TestEmptyDocumentsHaveNoTree(t *testing.T) {
	for _, doc := range []string{"", "\n", "# nothing\n", "---\n", "---\n# nothing\n...\n", "\ufeff", "\t\n"} {
		assert.Nil(t, parsed(t, doc), "%q", doc)
	}
	assert.Equal(t, Null, parsed(t, "~\n").Kind, "a null that is written is a value")
}

func TestScalarsKeepTheAuthorsText(t *testing.T) {
	root := parsed(t, "account: 012345678901\nquoted: '1'\nblock: |\n  1\nnull: ~\nnothing:\ntagged: !Ref ~\n")
	assert.Equal(t, &Node{Kind: Scalar, Place: diag.Place{File: "f.yaml", Line: 1, Column: 10}, Text: "012345678901", Plain: true}, root.Get("account"))
	assert.Equal(t, &Node{Kind: Scalar, Place: diag.Place{File: "f.yaml", Line: 2, Column: 9}, Text: "1"}, root.Get("quoted"))
	assert.Equal(t, &Node{Kind: Scalar, Place: diag.Place{File: "f.yaml", Line: 3, Column: 8}, Text: "1\n"}, root.Get("block"))
	assert.Equal(t, &Node{Kind: Null, Place: diag.Place{File: "f.yaml", Line: 5, Column: 7}, Text: "~", Plain: true}, root.Get("null"))
	assert.Equal(t, Null, root.Get("nothing").Kind)
	assert.Equal(t, 6, root.Get("nothing").Place.Line)
	assert.Equal(t, &Node{Kind: Scalar, Tag: "!Ref", Place: diag.Place{File: "f.yaml", Line: 7, Column: 9}, Text: "~", Plain: true}, root.Get("tagged"))
	assert.Equal(t, Scalar, root.Pairs[3].Key.Kind, "a key called null is a key")
}

func TestPlacesCountRunesAndIgnoreTheByteOrderMark(t *testing.T) {
	for _, c := range []struct {
		doc, key     string
		line, column int
	}{
		{"\ufeffa: b\n", "a", 1, 4},
		{"é: ü\n", "é", 1, 4},
		{"世: {界: x, a: b}\n", "世", 1, 4},
		{"a: b   \n", "a", 1, 4},
		{"a: b   # c\n", "a", 1, 4},
		{"a: b  \n  c\n", "a", 1, 4},
		{"a:\r\n  b\r\n", "a", 2, 3},
		{"a: # c\n  b\n", "a", 2, 3},
		{"a: x\n  - y\n", "a", 1, 4},
		{"a: \"b\n\n  c\"\n", "a", 1, 4},
		{"a: !Ref b\n", "a", 1, 4},
		{"a:\n  !Sub\n  - b\n", "a", 2, 3},
		{"a:\n- b\n", "a", 2, 1},
		{"a:\n  b: c\n", "a", 2, 3},
		{"b: &x y\na: *x\n", "a", 2, 4},
		{"a: |\n  x\nb: &x y\n", "b", 3, 7},
		{"a: >2\n    x\nb: c\n", "b", 3, 4},
		{"a: {x: b:c:d, y: 'z'}\n", "a", 1, 4},
	} {
		got := parsed(t, c.doc).Get(c.key)
		require.NotNil(t, got, "%q", c.doc)
		assert.Equal(t, diag.Place{File: "f.yaml", Line: c.line, Column: c.column}, got.Place, "%q", c.doc)
	}
	flow := parsed(t, "a: {é: b:c:d, y: !Ref A::B, z: 'w'}\n").Get("a")
	assert.Equal(t, []int{8, 18, 32}, []int{flow.Pairs[0].Value.Place.Column, flow.Pairs[1].Value.Place.Column, flow.Pairs[2].Value.Place.Column})
}

func TestAnAliasStandsAtItsOwnPlace(t *testing.T) {
	root := parsed(t, "a: &x {b: c}\nd: *x\n")
	alias := root.Get("d")
	assert.Equal(t, diag.Place{File: "f.yaml", Line: 2, Column: 4}, alias.Place)
	assert.Equal(t, diag.Place{File: "f.yaml", Line: 1, Column: 11}, alias.Get("b").Place, "what it holds stays where it was written")
	assert.NotSame(t, root.Get("a").Get("b"), alias.Get("b"), "a copy, so that nobody changes one through the other")
}

func TestSizeAndDepthAreLimited(t *testing.T) {
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 9 {
		bomb += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), i)
	}
	deepAliases := "a0: &a0 x\n"
	for i := range 150 {
		deepAliases += fmt.Sprintf("a%d: &a%d [*a%d]\n", i+1, i+1, i)
	}
	nested := ""
	for i := range 150 {
		nested += strings.Repeat(" ", i) + "a:\n"
	}
	long := strings.Repeat("k", 1000)
	paths := ""
	for i := range 90 {
		paths += strings.Repeat(" ", i) + long + ":\n"
	}
	paths += strings.Repeat(strings.Repeat(" ", 90)+"- a\n", 9000)
	var wide strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&wide, "%d:\n", i)
	}
	for _, c := range []struct{ name, doc, want string }{
		{"size", strings.Repeat("# comment\n", 110_000), "f.yaml: yaml-too-large: the file has 1100000 bytes; at most 1048576 are read"},
		{"brackets", "a: " + strings.Repeat("[", 1_000_000), "yaml-too-deep: lists and mappings nest more than 100 levels deep"},
		{"braces", strings.Repeat("{a: ", 200_000), "yaml-too-deep"},
		{"dashes", strings.Repeat("- ", 500_000), "yaml-too-deep"},
		{"indentation", nested, "yaml-too-deep"},
		{"tags", "a: " + strings.Repeat("!a ", 300_000), "a value cannot have the tag !a and the tag !a"},
		{"anchors", "a: " + strings.Repeat("&a ", 300_000), "a value cannot have an anchor and an anchor"},
		{"aliases", bomb, "yaml-too-large: aliases make this file larger than 20000 values"},
		{"deep aliases", deepAliases, "yaml-too-deep: aliases make lists and mappings nest more than 100 levels deep"},
		{"long key", strings.Repeat("k", 2000) + ": a\n", "f.yaml:1:1: yaml-too-large: a key has 2000 characters; at most 1024 are read"},
		{"long paths", paths, "yaml-too-large: mappings with very long keys, or very many, cannot be read"},
		{"wide", wide.String(), "yaml-too-large: mappings with very long keys, or very many, cannot be read"},
		{"empty values", strings.Repeat("- a:\n", 80_000), "yaml-too-large: mappings with very long keys, or very many, cannot be read"},
		{"empty entries", "[" + strings.Repeat("{a},", 80_000) + "]", "yaml-too-large: mappings with very long keys, or very many, cannot be read"},
		{"empty values in a line", "[" + strings.Repeat("a: ,", 80_000) + "]", "yaml-too-large: mappings with very long keys, or very many, cannot be read"},
		{"a tag", "!" + strings.Repeat("a", 1_000_000) + " b", "f.yaml:1:1: yaml-too-large: a tag has 1000001 bytes; at most 100 are read"},
		{"arrows", "a: " + strings.Repeat("<", 1_000_000), "yaml-too-large: lines with many tabs or < are too long to be read"},
		{"tabs", "a: \"" + strings.Repeat("\t", 1_000_000) + "\"", "yaml-too-large: lines with many tabs or < are too long to be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			assert.Contains(t, said(c.doc), c.want)
			assert.Less(t, time.Since(start), 20*time.Second)
		})
	}
}

func TestAnAliasThatIsReportedIsNotReportedAgainByItsMerge(t *testing.T) {
	assert.Equal(t, "f.yaml:1:9: yaml-unknown-alias: nothing above is marked &b", said("a: {<<: *b}\n"))
	assert.Equal(t, "f.yaml:1:10: yaml-unknown-alias: nothing above is marked &b", said("a: {<<: [*b]}\n"))
}

func TestLargeOrdinaryFilesAreRead(t *testing.T) {
	var doc strings.Builder
	doc.WriteString("Resources:\n")
	for i := range 2500 {
		fmt.Fprintf(&doc, "  Queue%d:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: !Sub 'q-${AWS::Region}', VisibilityTimeout: 30}\n    # comment\n", i)
	}
	assert.Len(t, parsed(t, doc.String()).Get("Resources").Pairs, 2500)
	assert.Len(t, parsed(t, strings.Repeat("- a:\n", 5_000)).Items, 5_000)
	assert.Len(t, parsed(t, "["+strings.Repeat("{a},", 5_000)+"]").Items, 5_000)
	assert.Len(t, parsed(t, "["+strings.Repeat("é,", 200_000)+"]").Items, 200_000)
	assert.Len(t, parsed(t, "- "+strings.Repeat("世", 300_000)).Items, 1)
	text := "a: |\n" + strings.Repeat("  some text of a template [[ {{ << \t\n", 20_000)
	assert.Len(t, parsed(t, text).Get("a").Text, len("some text of a template [[ {{ << \t\n")*20_000)
}

// FuzzParse wants no panic, no control character in the tree and every place
// within the file.
func FuzzParse(f *testing.F) {
	for _, doc := range accepted {
		f.Add([]byte(doc))
	}
	for _, doc := range []string{"a: \"\\0\"", "a: \"\\x00\\u0000\"", "a: &x [*x]", "? a", "a: !x", "\xff\xfe", "a: {b:}", "a: |9\n x", "- !x &y", "<<: <<", "a: \"\\ud83d\\ude00\""} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var problems diag.Problems
		root := Parse("f.yaml", data, &problems)
		lines := bytes.Split(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("\n"))
		within := func(p diag.Place) {
			if p.Line == 0 {
				return
			}
			if p.Line > len(lines)+1 || p.Line <= len(lines) && p.Column > utf8.RuneCount(lines[p.Line-1])+2 || p.Column < 1 {
				t.Fatalf("%q: %s is not in the file", data, p)
			}
		}
		for _, p := range problems.Sorted() {
			within(p.Place)
			if strings.Contains(p.Text, "the YAML parser cannot") {
				t.Logf("%q: %s", data, p.Text)
			}
		}
		walk(root, func(n *Node) {
			within(n.Place)
			if i := strings.IndexFunc(n.Text, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }); i >= 0 || !utf8.ValidString(n.Text) {
				t.Fatalf("%q: the tree holds %q", data, n.Text)
			}
			if strings.ContainsRune(n.Tag, 0) {
				t.Fatalf("%q: the tree holds the tag %q", data, n.Tag)
			}
		})
	})
}

func walk(n *Node, visit func(*Node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, item := range n.Items {
		walk(item, visit)
	}
	for _, p := range n.Pairs {
		visit(p.Key)
		walk(p.Value, visit)
	}
}

func BenchmarkParse(b *testing.B) {
	data := []byte(typical)
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		var problems diag.Problems
		if Parse("f.yaml", data, &problems) == nil {
			b.Fatal(problems.Sorted())
		}
	}
}
