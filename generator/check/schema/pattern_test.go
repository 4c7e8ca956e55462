package schema

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAPatternInAnotherDialectMatchesAsItSays(t *testing.T) {
	for _, tt := range []struct{ pattern, yes, no string }{
		{`^[a-z]+$`, "abc", "a1"},
		{`^[a-z]+$`, "abc\n", "abc\n\n"},
		{`^(?!aws:)[a-z:]+$`, "team:aws:", "aws:team"},
		{`^(?!aws:)(?!rds:)[a-z:]+$`, "a", "rds:a"},
		{`^(?=.{3,5}$)[a-z]+$`, "abc", "abcdef"},
		{`^(?!(a|b)\(\)$)[a-z()]+$`, "c()", "b()"},
		{`^[a-z.]*(?<!\.)$`, "a.b", "a.b."},
		{`^[a-z]+(?![\s\S])`, "abc", "abc "},
		{`^[\u0020-\u007E]{1,2048}$`, "~ ", "é"},
		{`^[\u0020-\uD7FF\uD800\uDC00-\uDBFF\uDFFF]*$`, "a\U0001F600", "\t"},
		{`^[a-z\_]{3,4000}$`, strings.Repeat("_", 5000), "aa"},
		{`^([a-z]{2000})$`, strings.Repeat("a", 1500), "aa"},
		{`^(?!x)a|b$`, "xb", "c"},
		{`a(?!b)c`, "ac", "ab"},
	} {
		p := &pattern{text: tt.pattern}
		assert.True(t, p.matches(tt.yes), "%s on %q", tt.pattern, tt.yes)
		assert.False(t, p.matches(tt.no), "%s on %q", tt.pattern, tt.no)
	}
}

func TestAPatternBeyondGosEngineForbidsNothing(t *testing.T) {
	p := &pattern{text: `^(a|b)\1$`}
	assert.True(t, p.matches("anything"))
}

func FuzzPattern(f *testing.F) {
	for _, text := range []string{`^(?!aws:)[a-z]+$`, `(?<!a)$`, `[`, `(?=`, `\`, `^(?!((a)`, `[^]]{1,2000}`, `a{1,99999999999999999999}`} {
		f.Add(text, "text")
	}
	f.Fuzz(func(_ *testing.T, text, s string) {
		p := &pattern{text: text}
		p.matches(s)
		p.format()
	})
}
