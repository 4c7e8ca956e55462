package ignore

import (
	"bytes"
	"strings"
)

// Rules are the rules of one ignore file.
type Rules struct {
	list []Rule
}

// Rule is one line of an ignore file.
type Rule struct {
	Line    int    // counts from 1
	Text    string // as written, without what git strips
	Negated bool   // takes back in what an earlier rule ignores

	dirOnly  bool
	anywhere bool // compared with the name alone, in every folder below
	shape    shape
	literal  string // of the shapes literal and suffix
	glob     glob   // of the shape wild
}

// A shape says how a rule is compared. Most rules need no pattern matching.
type shape uint8

const (
	literal shape = iota
	suffix
	wild
)

// Parse reads an ignore file. No line is an error: one that git cannot match
// matches nothing here either.
func Parse(data []byte) *Rules {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	rules := &Rules{}
	for n := 1; len(data) > 0; n++ {
		var line []byte
		line, data, _ = bytes.Cut(data, []byte("\n"))
		if rule, ok := parseRule(string(line)); ok {
			rule.Line = n
			rules.list = append(rules.list, rule)
		}
	}
	return rules
}

func parseRule(line string) (Rule, bool) {
	line = strings.TrimSuffix(line, "\r")
	line, _, _ = strings.Cut(line, "\x00") // git reads lines as C strings
	if strings.HasPrefix(line, "#") {
		return Rule{}, false
	}
	line = trimSpaces(line)
	rule := Rule{Text: line}
	pattern, negated := strings.CutPrefix(line, "!")
	rule.Negated = negated
	pattern, rule.dirOnly = strings.CutSuffix(pattern, "/")
	if pattern == "" {
		return Rule{}, false
	}
	rule.anywhere = !strings.Contains(pattern, "/")
	pattern = strings.TrimPrefix(pattern, "/")
	switch special := strings.IndexAny(pattern, `*?[\`); {
	case special < 0:
		rule.literal = pattern
	case rule.anywhere && special == 0 && pattern[0] == '*' && !strings.ContainsAny(pattern[1:], `*?[\`):
		rule.shape, rule.literal = suffix, pattern[1:]
	default:
		// git compares the part before the first wildcard first and then starts
		// afresh, so that ** behind it counts as if it began the pattern.
		rule.shape, rule.literal = wild, pattern[:special]
		rule.glob = compile(pattern[special:])
	}
	return rule, true
}

// trimSpaces cuts the spaces off the end that no backslash protects.
func trimSpaces(line string) string {
	end := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case ' ':
			continue
		case '\\':
			i++
		}
		end = min(i+1, len(line))
	}
	return line[:end]
}

// Match returns the last rule that matches, or nil. path is slash-separated and
// relative to the folder that holds the ignore file.
func (r *Rules) Match(path string, dir bool) *Rule {
	if r == nil {
		return nil
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	for i := len(r.list) - 1; i >= 0; i-- {
		if r.list[i].match(path, name, dir) {
			return &r.list[i]
		}
	}
	return nil
}

func (r *Rule) match(path, name string, dir bool) bool {
	if r.dirOnly && !dir {
		return false
	}
	if r.anywhere {
		path = name
	}
	switch r.shape {
	case literal:
		return path == r.literal
	case suffix:
		return strings.HasSuffix(path, r.literal)
	}
	rest, ok := strings.CutPrefix(path, r.literal)
	return ok && r.glob.match(rest)
}
