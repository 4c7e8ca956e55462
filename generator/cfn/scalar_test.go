package cfn_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/awslabs/goformation/v7/cloudformation/sns"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// tricky are texts that some YAML reads as something else, or not at all.
var tricky = []string{
	"true", "True", "no", "NO", "y", "N", "on", "Off", "null", "Null", "~", "nan", "none",
	"0", "0123", "0o17", "0x1F", "0b101", "1_000", "+1", "-1", "1.10", ".5", "5.", "1e3", "1E-3", ".inf", "-.INF", ".NaN", "1.2.3",
	"12:30", "12:30:45", "190:20:30.15", "2010-09-09", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5", "111111111111",
	"=", "<<", "-", "--", "---", "...", "?", "? a", ":", ": a", "- a", "-a", "?a", ":a",
	"a: b", "a:", "a :b", "a #b", "a#b", "#a", "a, b", "[a]", "{a}", "a]", "a}", ",a",
	"!Ref x", "!", "&a", "*", "*a", "|", ">", "%a", "@a", "`a`", "'a'", `"a"`, "it's", `say "it"`, `a\b`, `C:\path\`,
	" a", "a ", "  ", "\ta", "a\t", "a\tb", "a\rb", "a\r\nb", "\n", "a\n", "a\n\n", "\na", " a\nb", "a\n b", "a\n  \nb", "a\nb\n", "a\n\nb", "a\n\tb", "# a\nb", "--- a\nb",
	"grün", "日本語", "👩‍👩‍👧", "\u00a0", "a\u00a0b", "\u0085", "a\u2028b", "\ufeff", "\ufeffa", "\u202eevil", "\u0007", "\x7f", "\x1b[31m",
	"${AWS::Region}", "arn:${AWS::Partition}:iam::aws:policy/x", "GET /orders/{id}", "rate(5 minutes)", "cron(0 12 * * ? *)", "Ref", "Fn::Sub", "",
}

// yaml11 tells which plain scalars of YAML 1.1 are something else than text:
// the patterns of https://yaml.org/type/, bool and null in any letter case.
var yaml11 = regexp.MustCompile(`^(?:(?i:y|n|yes|no|true|false|on|off)` + // bool
	`|(?i:null)|~|` + // null, also the empty one
	`|<<|=` + // merge, value
	`|[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+` + // int
	`|[-+]?(?:[0-9][0-9_]*)?\.[0-9.]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?i:inf)|\.(?i:nan)` + // float
	`|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$`) // timestamp

// yaml12 is the core schema of https://yaml.org/spec/1.2.2/#103-core-schema.
var yaml12 = regexp.MustCompile(`^(?:null|Null|NULL|~||true|True|TRUE|false|False|FALSE` +
	`|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+` +
	`|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?(?:\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN)$`)

// isText reports whether every reader takes the scalar for text.
func isText(n *yaml.Node) bool {
	if n.Kind != yaml.ScalarNode {
		return false
	}
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle) != 0 {
		return true
	}
	return n.ShortTag() == "!!str" && !yaml11.MatchString(n.Value) && !yaml12.MatchString(n.Value)
}

// metadata renders a template with one value and reads that value back.
func metadata(t testing.TB, value any) *yaml.Node {
	t.Helper()
	template := &cfn.Template{}
	template.Add("Topic", &sns.Topic{}).Metadata = cfn.Map{{Key: "Value", Value: value}, {Key: "After", Value: "x"}}
	text, err := template.Render()
	require.NoError(t, err)
	var document yaml.Node
	require.NoError(t, yaml.Unmarshal(text, &document), string(text))
	m := get(get(get(document.Content[0], "Resources"), "Topic"), "Metadata")
	require.NotNil(t, m, string(text))
	require.Len(t, m.Content, 4, string(text))
	return get(m, "Value")
}

func get(n *yaml.Node, key string) *yaml.Node {
	if n == nil {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// checkText requires that a text comes back from every kind of place: as a
// value, a key, an item of a list, a variable's text of Sub and inside a list on
// one line.
func checkText(t testing.TB, s string) {
	t.Helper()
	n := metadata(t, s)
	assert.True(t, isText(n) && n.Value == s && n.Tag[0] == '!' && n.ShortTag() == "!!str", "value %q came back as %s %q", s, n.Tag, n.Value)

	n = metadata(t, cfn.Map{{Key: s, Value: "x"}, {Key: s + "2", Value: "x"}})
	require.Len(t, n.Content, 4)
	assert.True(t, isText(n.Content[0]) && n.Content[0].Value == s, "key %q came back as %q", s, n.Content[0].Value)

	n = metadata(t, []any{s, []any{s}})
	require.Len(t, n.Content, 2)
	assert.True(t, isText(n.Content[0]) && n.Content[0].Value == s, "item %q came back as %q", s, n.Content[0].Value)
	assert.True(t, isText(n.Content[1].Content[0]) && n.Content[1].Content[0].Value == s, "nested item %q came back as %q", s, n.Content[1].Content[0].Value)

	n = metadata(t, cfn.If("C", s, cfn.Sub("${A}"+s)))
	assert.Equal(t, "!If", n.Tag)
	require.Len(t, n.Content, 3)
	assert.True(t, isText(n.Content[1]) && n.Content[1].Value == s, "branch %q came back as %q", s, n.Content[1].Value)
	assert.Equal(t, "!Sub", n.Content[2].Tag)
	assert.Equal(t, "${A}"+s, n.Content[2].Value)
}

func TestTrickyTextsComeBackAsTheyWere(t *testing.T) {
	for _, s := range tricky {
		checkText(t, s)
	}
}

func TestOrdinaryTextsNeedNoQuotes(t *testing.T) {
	for _, s := range []string{
		"info", "src/index.handler", "nodejs24.x", "AWS::Lambda::Function", "arn:${AWS::Partition}:s3:::x", "s3:GetObject",
		"Takes orders, and more", "GET /orders/{id}", "rate(5 minutes)", "a-b_c", "/aws/lambda/x", "grün", "nothing", "yesterday", "128 MB", "1st", ".zip",
		"truely", "https://example.org/#a",
	} {
		n := metadata(t, s)
		assert.Zero(t, n.Style, "%q was quoted", s)
		assert.Equal(t, s, n.Value)
	}
}

func TestLinesAreWrittenAsABlockWhereTheBlockIsExact(t *testing.T) {
	for s, block := range map[string]bool{
		"a\nb": true, "a\nb\n": true, "a\n  b\n": true, "a\n\n\nb\n": true, "a: b\n# c\n": true, "a \nb\t": true, "日本\n語": true,
		" a\nb": false, "\na": false, "a\n\n": false, "a\n  \nb": false, "a\r\nb": false, "a\n\u0007": false, "\n": false,
	} {
		n := metadata(t, s)
		assert.Equal(t, s, n.Value)
		assert.Equal(t, block, n.Style == yaml.LiteralStyle, "%q", s)
	}
}

func TestReadableCharactersStayReadable(t *testing.T) {
	for _, s := range []string{"grün: 日本語 👩‍👩‍👧", "grün\n日本語"} {
		template := &cfn.Template{Description: s}
		text, err := template.Render()
		require.NoError(t, err)
		assert.Contains(t, string(text), "日本語")
	}
}

// Whoever hands such a template on may know of no other characters.
func TestATemplateInASCIIHasNoOthersAndReadsTheSame(t *testing.T) {
	for _, s := range tricky {
		template := &cfn.Template{ASCII: true, Header: []string{s}, Description: s}
		topic := template.Add("Topic", &sns.Topic{DisplayName: cfn.Ptr(s)})
		topic.Comment = s
		topic.Metadata = cfn.Map{{Key: "k" + s, Value: cfn.If("C", s, cfn.Sub("${A}"+s))}, {Key: "Plain", Value: cfn.Plain(s)}}
		text, err := template.Render()
		require.NoError(t, err)
		for _, c := range text {
			require.Less(t, c, byte(utf8.RuneSelf), "%q", text)
		}
		var document yaml.Node
		require.NoError(t, yaml.Unmarshal(text, &document), "%q", text)
		resource := get(get(document.Content[0], "Resources"), "Topic")
		if s != "" {
			assert.Equal(t, s, get(document.Content[0], "Description").Value)
		}
		assert.Equal(t, s, get(get(resource, "Properties"), "DisplayName").Value)
		branches := get(get(resource, "Metadata"), "k"+s)
		assert.Equal(t, []string{s, "${A}" + s}, []string{branches.Content[1].Value, branches.Content[2].Value})
		assert.Equal(t, s, get(get(resource, "Metadata"), "Plain").Value)
	}
}

func TestWhatIsASCIIAlreadyIsWrittenTheSameWay(t *testing.T) {
	for _, s := range tricky {
		if strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) {
			continue
		}
		whatever, err := (&cfn.Template{Header: []string{s}, Description: s}).Render()
		require.NoError(t, err)
		only, err := (&cfn.Template{ASCII: true, Header: []string{s}, Description: s}).Render()
		require.NoError(t, err)
		assert.Equal(t, string(whatever), string(only))
	}
}

func TestInvisibleCharactersAreEscaped(t *testing.T) {
	template := &cfn.Template{Description: "a\u202eb\u00a0c\ufeffd\U000e0001\u0085"}
	text, err := template.Render()
	require.NoError(t, err)
	assert.Contains(t, string(text), `Description: "a\u202Eb\xA0c\uFEFFd\U000E0001\x85"`)
}

func TestAPlainScalarStaysAsTheUserWroteIt(t *testing.T) {
	for _, s := range []string{"0123", "no", "1.10", "1_000", "12:30:45", "-1", "~", "true", "text", "2010-09-09", "<<"} {
		n := metadata(t, cfn.Plain(s))
		assert.Zero(t, n.Style, "%q was quoted", s)
		assert.Equal(t, s, n.Value)
	}
	for _, s := range []string{"a: b", "- a", "a #b", "a\nb", "[a"} {
		assert.Equal(t, s, metadata(t, cfn.Plain(s)).Value, "what cannot be plain is still the same text")
	}
}

func TestTextThatIsNotUTF8IsRefused(t *testing.T) {
	_, err := (&cfn.Template{Description: "a\xffb"}).Render()
	assert.ErrorContains(t, err, "not UTF-8")
}

func TestACommentCannotLeaveItsLine(t *testing.T) {
	for _, s := range []string{"a\nResources: {}", "a\rb", "a\u2028b", "a\u0085b", "a\x00b", "\xff", "\t# x"} {
		template := &cfn.Template{Header: []string{s}}
		template.Add("Topic", &sns.Topic{}).Comment = s
		text, err := template.Render()
		require.NoError(t, err)
		for line := range strings.SplitSeq(string(text), "\n") {
			if strings.Contains(line, "#") {
				assert.True(t, strings.HasPrefix(strings.TrimSpace(line), "#"), line)
			}
			assert.NotContains(t, line, "\u2028")
		}
		var document yaml.Node
		require.NoError(t, yaml.Unmarshal(text, &document), "%q", text)
		require.Len(t, document.Content[0].Content, 4, "%q", text)
	}
}

func FuzzScalar(f *testing.F) {
	for _, s := range tricky {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
			t.Skip("refused before it is written")
		}
		checkText(t, s)
	})
}
