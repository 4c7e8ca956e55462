package ignore

import (
	"path"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMatchReturnsTheLastRuleThatSpeaksOfAPath(t *testing.T) {
	rules := Parse([]byte("# logs\n*.log\r\n\n!keep.log\n"))
	rule := rules.Match("a/x.log", false)
	require.NotNil(t, rule)
	assert.Equal(t, Rule{Line: 2, Text: "*.log"}, Rule{Line: rule.Line, Text: rule.Text, Negated: rule.Negated})
	rule = rules.Match("keep.log", false)
	require.NotNil(t, rule)
	assert.Equal(t, Rule{Line: 4, Text: "!keep.log", Negated: true}, Rule{Line: rule.Line, Text: rule.Text, Negated: rule.Negated})
	assert.Nil(t, rules.Match("x.txt", false))
	assert.Nil(t, (*Rules)(nil).Match("x", false))
}

// git itself needs more than ten minutes for the first of these.
func TestNoPatternTakesLong(t *testing.T) {
	for _, pattern := range []string{
		strings.Repeat("a*", 40) + "b",
		"x/" + strings.Repeat("**/a*", 40) + "/b",
		strings.Repeat("[a-z]*", 40) + "?1",
	} {
		name := "x/" + strings.Repeat("a", 2000) + "/" + strings.Repeat("a/", 500) + strings.Repeat("a", 250)
		start := time.Now()
		assert.Nil(t, Parse([]byte(pattern)).Match(name, false))
		assert.Less(t, time.Since(start), time.Second, pattern)
	}
}

// Whatever the bytes, reading and matching end, and a pattern that is a plain
// path matches itself and nothing beside it.
func FuzzMatch(f *testing.F) {
	for _, seed := range []string{"*.log", "!a/**/b", "[[:alpha:]]", "[a", `\`, "/a/", "a**/b", "\xef\xbb\xbfx", "a b  ", "***", "[]-a]", `[\]`, "[[:", "[[:a", "**/**/**"} {
		f.Add(seed, "a/b.log")
		f.Add("x\n"+seed+"\r\n!y", "[a")
	}
	f.Fuzz(func(t *testing.T, rules, name string) {
		for _, dir := range []bool{false, true} {
			rule := Parse([]byte(rules)).Match(name, dir)
			if rule != nil {
				lines := strings.Split(strings.TrimPrefix(rules, "\xef\xbb\xbf"), "\n")
				require.LessOrEqual(t, rule.Line, len(lines))
				assert.Contains(t, lines[rule.Line-1], rule.Text)
			}
		}
		if name == "" || strings.ContainsAny(name, "*?[\\!#\n\r\x00") || name != strings.TrimSpace(name) || path.Clean("/"+name) != "/"+name {
			return
		}
		plain := Parse([]byte("/" + name))
		assert.NotNil(t, plain.Match(name, false))
		assert.Nil(t, plain.Match(name+"x", false))
		assert.Nil(t, plain.Match("x/"+name, false))
	})
}

func BenchmarkMatch(b *testing.B) {
	rules := Parse([]byte("node_modules/\n*.log\n*.py[cod]\n.env\n.env.*\n!.env.example\n/dist/\n**/coverage/\n.cache\n*.tsbuildinfo\n"))
	for b.Loop() {
		rules.Match("functions/orders/index.js", false)
	}
}
