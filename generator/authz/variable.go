package authz

import "strings"

// parseReference reads the policy variable that a text begins with, and its width,
// which is 0 where the text holds none. ${*}, ${?} and ${$} are these characters.
//
// In a Resource element they stand behind the fifth colon only.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func parseReference(text string) (token, int) {
	body := text[len("${"):]
	end := strings.IndexAny(body, "},")
	if end < 0 {
		return token{}, 0
	}
	key := strings.TrimSpace(body[:end])
	if body[end] == '}' {
		width := len("${") + end + 1
		switch key {
		case "":
			return token{}, 0
		case "*", "?", "$":
			return token{text: key}, width
		}
		return token{kind: variable, text: strings.ToLower(key)}, width
	}
	rest := strings.TrimLeft(body[end+1:], " ")
	quoted, after, closed := strings.Cut(strings.TrimPrefix(rest, "'"), "'")
	tail := strings.TrimLeft(after, " ")
	if key == "" || !closed || !strings.HasPrefix(rest, "'") || !strings.HasPrefix(tail, "}") {
		return token{}, 0
	}
	return token{kind: variable, text: strings.ToLower(key), fallback: quoted, optional: true}, len(text) - len(tail) + 1
}

// bind puts the request's values in the place of variables. It fails where one has no
// value; a key with several values has none that a variable could stand for.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (p *pattern) bind(c *call) (pattern, bool) {
	if !p.unbound {
		return *p, true
	}
	bound := pattern{written: p.written, tokens: make([]token, len(p.tokens))}
	for i, t := range p.tokens {
		if t.kind == variable {
			value, ok := c.variable(t.text)
			if !ok {
				if !t.optional {
					return pattern{}, false
				}
				value = t.fallback
			}
			t = token{text: value}
		}
		bound.tokens[i] = t
	}
	return bound, true
}
