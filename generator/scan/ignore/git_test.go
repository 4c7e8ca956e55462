package ignore

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "ask the installed git for every expectation and rewrite testdata")

// A gitCase is an ignore file and what git makes of some files beside it.
//
// In testdata a case is a line "= name", the rules, and the files: "+" before one
// that git would track, "-" before one that it ignores. Rules that an editor or a
// reader would not see as they are stand in Go's quotes.
type gitCase struct {
	name  string
	rules []string
	paths []string
	kept  map[string]bool
}

func readCases(t *testing.T, file string) []*gitCase {
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var cases []*gitCase
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		mark, text, _ := strings.Cut(line, " ")
		switch mark {
		case "", "#":
		case "=":
			cases = append(cases, &gitCase{name: text, kept: map[string]bool{}})
		case "+", "-":
			c := cases[len(cases)-1]
			c.paths = append(c.paths, text)
			c.kept[text] = mark == "+"
		case "rule":
			c := cases[len(cases)-1]
			if rule, err := strconv.Unquote(text); err == nil {
				text = rule
			}
			c.rules = append(c.rules, text)
		default:
			t.Fatalf("%s: cannot read the line %q", file, line)
		}
	}
	return cases
}

func writeCases(t *testing.T, file, head string, cases []*gitCase) {
	var b strings.Builder
	b.WriteString(head)
	for _, c := range cases {
		fmt.Fprintf(&b, "\n= %s\n", c.name)
		for _, rule := range c.rules {
			if quoted := strconv.QuoteToASCII(rule); quoted != `"`+rule+`"` || rule == "" || strings.HasSuffix(rule, " ") {
				rule = quoted
			}
			fmt.Fprintf(&b, "rule %s\n", rule)
		}
		for _, path := range c.paths {
			mark := "-"
			if c.kept[path] {
				mark = "+"
			}
			fmt.Fprintf(&b, "%s %s\n", mark, path)
		}
	}
	require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o644))
}

// askGit fills kept with what git would track.
func (c *gitCase) askGit(t *testing.T) {
	dir := t.TempDir()
	git := func(args ...string) string {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "git %v: %s", args, out)
		return string(out)
	}
	git("init", "--quiet")
	for _, path := range c.paths {
		full := filepath.Join(dir, path)
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
		require.NoError(t, os.WriteFile(full, nil, 0o644))
	}
	exclude := filepath.Join(dir, ".git", "info", "exclude")
	require.NoError(t, os.MkdirAll(filepath.Dir(exclude), 0o755))
	require.NoError(t, os.WriteFile(exclude, []byte(strings.Join(c.rules, "\n")), 0o644))
	tracked := map[string]bool{}
	for path := range strings.SplitSeq(git("ls-files", "--others", "--exclude-standard", "-z"), "\x00") {
		tracked[path] = true
	}
	for _, path := range c.paths {
		c.kept[path] = tracked[path]
	}
}

// keeps applies rules to a file and the folders above it, outermost first.
func keeps(rules *Rules, path string) bool {
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		if rule := rules.Match(path[:i], i < len(path)); rule != nil && !rule.Negated {
			return false
		}
	}
	return true
}

const (
	casesHead  = "# What git makes of these rules; go test -run Git -update asks it again.\n"
	randomHead = "# Rules and files made at random, and what git makes of them; go test -run Git -update makes them again.\n"
)

func TestVerdictsAreThoseOfGit(t *testing.T) {
	for _, file := range []string{"testdata/cases.txt", "testdata/random.txt"} {
		if *update {
			cases, head := randomCases(), randomHead
			if file == "testdata/cases.txt" {
				cases, head = readCases(t, file), casesHead
			}
			for _, c := range cases {
				c.askGit(t)
			}
			writeCases(t, file, head, cases)
		}
		cases := readCases(t, file)
		require.NotEmpty(t, cases)
		for _, c := range cases {
			rules := Parse([]byte(strings.Join(c.rules, "\n")))
			for _, path := range c.paths {
				assert.Equal(t, c.kept[path], keeps(rules, path), "%s: %s: %q: is %s tracked?", file, c.name, c.rules, path)
			}
		}
	}
}

// randomCases makes short rules over few letters, so that many of them match.
func randomCases() []*gitCase {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	piece := func() string {
		return pick("a", "a", "b", "b", "c", "ab", "*", "*", "**", "?", "/", "/", "/**/", "**/", "/**", "[ab]", "[!a]", "[^b]", "[a-c]", "[]a]", "[a-]", "[[:alpha:]]", `\a`, `\*`, "a*", "*b", ".", "***", "[a/b]", "{a,b}")
	}
	var cases []*gitCase
	for n := range 400 {
		c := &gitCase{name: strconv.Itoa(n), kept: map[string]bool{}}
		for range 1 + random.IntN(3) {
			rule := pick("", "", "", "!", "/", "!/")
			for range 1 + random.IntN(4) {
				rule += piece()
			}
			c.rules = append(c.rules, rule+pick("", "", "", "/"))
		}
		seen := map[string]bool{}
		for len(c.paths) < 8 {
			// Files end in a digit and folders do not, so that none is both.
			path := ""
			for range random.IntN(4) {
				path += pick("a", "b", "c", "ab", "ba", "abc", "a.b", "*") + "/"
			}
			path += pick("a", "b", "c", "ab", "", "*") + pick("0", "1", "b0")
			if !seen[path] {
				seen[path] = true
				c.paths = append(c.paths, path)
			}
		}
		cases = append(cases, c)
	}
	return cases
}
