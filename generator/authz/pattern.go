package authz

import (
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/symbol"
)

// Matches reports whether a pattern of a Resource element matches an ARN. An asterisk
// stands for any characters, a question mark for one. Within the first five parts of
// an ARN both stop at a colon, unless the asterisk ends its part.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func Matches(pattern, text string) bool {
	p := parsePattern(pattern, inResource)
	return p.matches(text)
}

// MatchesSome reports whether a pattern of a Resource element matches one of some ARNs.
func MatchesSome(pattern string, arns iter.Seq[string]) bool {
	p := parsePattern(pattern, inResource)
	for arn := range arns {
		if p.matches(arn) {
			return true
		}
	}
	return false
}

// MatchesAction reports whether a pattern of an Action element matches an action, for
// which upper and lower case are the same.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func MatchesAction(pattern, action string) bool {
	p := parsePattern(strings.ToLower(pattern), wildcards)
	return p.matches(strings.ToLower(action))
}

// syntax is what has a meaning in a text of a policy.
type syntax uint8

const (
	wildcards  syntax = 1 << iota // * and ?
	segments                      // the parts of an ARN bound them
	references                    // ${…}, of an ARN in its last part only
	literally  syntax = 0
	inResource        = wildcards | segments
)

type tokenKind uint8

const (
	literal     tokenKind = iota
	one                   // ?
	many                  // *
	segmentOne            // ? that is no colon
	segmentMany           // * without a colon
	variable              // ${key}
)

type token struct {
	kind     tokenKind
	text     string // of a literal; of a variable its key in lower case
	fallback string // of a variable
	optional bool   // a variable has a fallback
}

// pattern is a text of a policy, read once.
type pattern struct {
	written string
	tokens  []token
	unbound bool // it has variables
}

func parsePattern(text string, s syntax) pattern {
	p := pattern{written: text}
	arn := s&segments != 0 && strings.HasPrefix(text, "arn:")
	part, from := 0, 0
	flush := func(to int) {
		if to > from {
			p.tokens = append(p.tokens, token{text: text[from:to]})
		}
	}
	for i := 0; i < len(text); {
		bounded := arn && part < 5
		switch c := text[i]; {
		case s&wildcards != 0 && c == '*':
			flush(i)
			for i < len(text) && text[i] == '*' {
				i++
			}
			kind := many
			if bounded && i < len(text) && text[i] != ':' {
				kind = segmentMany
			}
			p.tokens = append(p.tokens, token{kind: kind})
			from = i
		case s&wildcards != 0 && c == '?':
			flush(i)
			i++
			kind := one
			if bounded {
				kind = segmentOne
			}
			p.tokens = append(p.tokens, token{kind: kind})
			from = i
		case s&references != 0 && !bounded && strings.HasPrefix(text[i:], "${"):
			t, width := parseReference(text[i:])
			if width == 0 {
				i++
				continue
			}
			flush(i)
			p.unbound = p.unbound || t.kind == variable
			p.tokens = append(p.tokens, t)
			i += width
			from = i
		default:
			if c == ':' {
				part++
			}
			i += step(text[i:])
		}
	}
	flush(len(text))
	return p
}

// plain is the text that the pattern is when nothing in it has a meaning.
func (p *pattern) plain() (string, bool) {
	switch len(p.tokens) {
	case 0:
		return "", true
	case 1:
		return p.tokens[0].text, p.tokens[0].kind == literal
	}
	var b strings.Builder
	for _, t := range p.tokens {
		if t.kind != literal {
			return "", false
		}
		b.WriteString(t.text)
	}
	return b.String(), true
}

// begin is the literal that every match begins with.
func (p *pattern) begin() string {
	if len(p.tokens) > 0 && p.tokens[0].kind == literal {
		return p.tokens[0].text
	}
	return ""
}

// isPrefix reports whether the pattern is a literal and then anything.
func (p *pattern) isPrefix() bool {
	return len(p.tokens) == 2 && p.tokens[0].kind == literal && p.tokens[1].kind == many
}

// matches compares from left to right. Of the places to which it may return after a
// mismatch the last asterisk is enough: what an earlier one could take, the last can
// take as well. One that stops at colons gives up there, and then the last one that
// does not has its turn.
func (p *pattern) matches(text string) bool {
	type place struct{ token, text int }
	none := place{token: -1}
	wide, narrow, at := none, none, place{}
	for {
		if at.token == len(p.tokens) {
			if at.text == len(text) {
				return true
			}
		} else {
			t := &p.tokens[at.token]
			switch t.kind {
			case many:
				if at.token+1 == len(p.tokens) {
					return true
				}
				at.token++
				wide, narrow = at, none
				continue
			case segmentMany:
				at.token++
				narrow = at
				continue
			default:
				if n, ok := t.take(text[at.text:]); ok {
					at = place{at.token + 1, at.text + n}
					continue
				}
			}
		}
		switch {
		case narrow != none && narrow.text < len(text) && text[narrow.text] != ':':
			narrow.text += step(text[narrow.text:])
			at = narrow
		case wide != none && wide.text < len(text):
			wide.text += step(text[wide.text:])
			at, narrow = wide, none
		default:
			return false
		}
	}
}

// take is how much of the text a token that is no asterisk stands for.
func (t *token) take(text string) (int, bool) {
	switch t.kind {
	case literal:
		return len(t.text), strings.HasPrefix(text, t.text)
	case one, segmentOne:
		known := text != "" && symbol.Width(text) == 0
		return step(text), known && (t.kind == one || text[0] != ':')
	default:
		return 0, false
	}
}

// step is the width of the character or the symbol that a text begins with.
func step(text string) int {
	if text == "" {
		return 0
	}
	if text[0] >= utf8.RuneSelf {
		_, n := utf8.DecodeRuneInString(text)
		return n
	}
	if n := symbol.Width(text); n > 0 {
		return n
	}
	return 1
}
