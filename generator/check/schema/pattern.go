package schema

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// pattern is a regular expression of a schema, compiled when it is first needed.
//
// The schemas speak the dialects of Java and ECMAScript. Go's engine takes nine of
// ten as they are, and its time grows with the text alone. The rest is taken apart:
// a lookahead at the beginning, or a lookbehind at the end, is a condition of its
// own, and what Go's engine cannot do otherwise is left out, so that the pattern
// matches more than it should and never less.
type pattern struct {
	text string

	once  sync.Once
	parts []part

	formatOnce sync.Once
	ofFormat   string // see format
}

// part is one condition of a pattern: that it is found, or that it is not.
type part struct {
	*regexp.Regexp
	absent bool
}

func (p *pattern) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &p.text) }

// matches reports whether the pattern is found in s. As in Java, its end may lie
// before a line's end that ends the text.
func (p *pattern) matches(s string) bool {
	p.once.Do(func() { p.parts = partsOf(p.text) })
	line, cut := strings.CutSuffix(s, "\n")
	return p.found(s) || cut && p.found(line)
}

func (p *pattern) found(s string) bool {
	for _, part := range p.parts {
		if part.MatchString(s) == part.absent {
			return false
		}
	}
	return true
}

// partsOf compiles a pattern; one that is beyond Go's engine even in part has none.
func partsOf(text string) []part {
	if whole, err := regexp.Compile(text); err == nil {
		return []part{{whole, false}}
	}
	a := apart{text: dialect.Replace(unicode4.ReplaceAllString(text, `\x{$1}`))}
	a.take()
	whole, err := regexp.Compile(boundless(a.kept.String()))
	if err != nil {
		return nil
	}
	return append(a.parts, part{whole, false})
}

// unicode4 is how a pattern names a character by its number.
var unicode4 = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// dialect turns what Go writes in another way.
var dialect = strings.NewReplacer(
	`\Z`, `\z`, `(?![\s\S])`, `\z`,
	`[\p{Print}&&[^|:/]]`, `[ -.0-9;-{}~]`, `\p{Graph}`, `!-~`, `[\p{Print}]`, `[ -~]`, `\p{Print}`, `[ -~]`,
	`\_`, `_`,
	`\x{D800}\x{DC00}-\x{DBFF}\x{DFFF}`, beyond, `\x{D800}\x{DBFF}-\x{DC00}\x{DFFF}`, beyond, `\x{D800}-\x{DFFF}`, beyond,
)

// beyond is the range of characters that Java writes as two surrogates.
const beyond = `\x{10000}-\x{10FFFF}`

// repetition is a bound of a repetition, or the number of a character.
var repetition = regexp.MustCompile(`(\\x)?\{(\d+)(,(\d*))?\}`)

// boundless takes the upper bound away from repetitions past the 1,000 that Go's
// engine counts to.
func boundless(text string) string {
	const most = 1000
	return repetition.ReplaceAllStringFunc(text, func(bounds string) string {
		match := repetition.FindStringSubmatch(bounds)
		least, _ := strconv.Atoi(match[2]) // digits; a number too large stays above most
		upper, _ := strconv.Atoi(match[4])
		if match[1] != "" || least <= most && upper <= most {
			return bounds
		}
		return "{" + strconv.Itoa(min(least, most)) + ",}"
	})
}

// apart takes the lookarounds out of a pattern.
type apart struct {
	text  string
	kept  strings.Builder // what is left of text
	parts []part
}

func (a *apart) take() {
	whole := !alternatives(a.text) // what stands at its ends holds for all of it
	begun := false                 // ^ was met, and nothing but it and lookaheads
	inside := false                // something else was met
	for rest := a.text; rest != ""; {
		if mark, body, after, ok := lookaround(rest); ok {
			switch {
			case whole && begun && !inside && mark == "(?=":
				a.add(boundless("^(?:"+body+")"), false)
			case whole && begun && !inside && mark == "(?!":
				a.add("^(?:"+body+")", true)
			case whole && mark == "(?<!" && after == "$":
				a.add("(?:"+body+")$", true)
			}
			rest = after
			continue
		}
		next := rest[:token(rest)]
		if next == "^" || next == `\A` {
			begun = true
		} else {
			inside = true
		}
		a.kept.WriteString(next)
		rest = rest[len(next):]
	}
}

// add keeps a condition that Go's engine can do.
func (a *apart) add(text string, absent bool) {
	if re, err := regexp.Compile(text); err == nil {
		a.parts = append(a.parts, part{re, absent})
	}
}

// lookaround splits a text that begins with one.
func lookaround(text string) (mark, body, rest string, ok bool) {
	for _, mark := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
		if inside, found := strings.CutPrefix(text, mark); found {
			if end := closing(inside); end >= 0 {
				return mark, inside[:end], inside[end+1:], true
			}
		}
	}
	return "", "", "", false
}

// closing is where the parenthesis closes that was opened before text, or -1.
func closing(text string) int {
	depth := 0
	for i := 0; i < len(text); i += token(text[i:]) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

// alternatives reports whether a | stands outside of all parentheses.
func alternatives(text string) bool {
	depth := 0
	for i := 0; i < len(text); i += token(text[i:]) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			depth--
		case '|':
			if depth == 0 {
				return true
			}
		}
	}
	return false
}

// token is the length of the escape, the character class or the byte that text
// begins with.
func token(text string) int {
	switch {
	case text[0] == '\\' && len(text) > 1:
		return 2
	case text[0] != '[':
		return 1
	}
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == ']' && i > 1 && text[:i] != "[^":
			return i + 1
		}
	}
	return 1
}
