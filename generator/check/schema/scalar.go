package schema

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
)

// scalar checks a literal v, of which s is the text.
func (c *checker) scalar(n *node, v any, s string) {
	c.spend(len(s) / 100) // so that a long text is not matched again and again
	dynamic := strings.Contains(s, "{{resolve:")
	switch {
	case n.Kinds != 0 && n.Kinds&scalar == 0:
		c.wrongType(n.Kinds, shown(v, s))
		return
	case dynamic: // what it resolves to is known at deployment
		c.unknown = true
		return
	case !(n.Kinds & scalar).holds(v, s):
		c.wrongScalar(n.Kinds, v, s)
		return
	}
	if !n.strict || c.listed(n, s) && c.ranged(n, s) && c.measured(n, s) && c.formed(n, s) {
		c.further(n, v)
	}
}

// shown names a literal for messages.
func shown(v any, s string) string {
	switch v := v.(type) {
	case bool:
		return s
	case int, float64:
		return "the number " + s
	case cfn.Plain:
		if isBoolean(v, s) {
			return s
		}
		if _, ok := parseNumber(s); ok {
			return "the number " + s
		}
	}
	return "the text " + diag.Quote(s)
}

// wrongScalar reports a literal of another type.
func (c *checker) wrongScalar(want kinds, v any, s string) {
	hint := "write " + want.String()
	if bare := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ% "); want&(integer|number) != 0 && bare != s && bare != "" {
		if _, ok := parseNumber(bare); ok {
			hint = "write " + bare + ": the unit is fixed"
		}
	}
	c.report("wrong-type", hint, c.subject()+" is "+shown(v, s)+", where "+want.String()+" is needed")
}

// listed reports whether a literal is one of those that are allowed. Like the checks
// that follow it, it says what is wrong.
func (c *checker) listed(n *node, s string) bool {
	switch {
	case len(n.Enum) > 0 && !n.Enum.has(s, false):
		c.notListed(n.Enum, s)
	case len(n.EnumAnyCase) > 0 && !n.EnumAnyCase.has(s, true):
		c.notListed(n.EnumAnyCase, s)
	case n.Const != nil && !(texts{*n.Const}).has(s, false):
		c.notListed(texts{*n.Const}, s)
	default:
		return true
	}
	return false
}

func (c *checker) notListed(allowed texts, s string) {
	if c.onTrial() {
		return
	}
	candidates := make([]string, len(allowed))
	for i, t := range allowed {
		candidates[i] = string(t)
	}
	hint := "it is one of " + diag.Some(candidates)
	if len(candidates) == 1 {
		hint = "write " + candidates[0]
	} else if close := near(s, candidates); len(close) > 0 {
		hint = "did you mean " + sentence(close, "or") + "?"
	}
	c.report("value-not-allowed", hint, c.subject()+" cannot be "+diag.Quote(s))
}

// ranged checks the value of a number. A text that is none is not looked at.
func (c *checker) ranged(n *node, s string) bool {
	if n.Minimum == nil && n.Maximum == nil && n.Above == nil && n.Below == nil && n.MultipleOf == nil {
		return true
	}
	f, ok := parseNumber(s)
	bound := ""
	switch {
	case !ok:
	case n.Minimum != nil && f < *n.Minimum:
		bound = "and the least is " + show(*n.Minimum)
	case n.Maximum != nil && f > *n.Maximum:
		bound = "and the most is " + show(*n.Maximum)
	case n.Above != nil && f <= *n.Above:
		bound = "and it must be more than " + show(*n.Above)
	case n.Below != nil && f >= *n.Below:
		bound = "and it must be less than " + show(*n.Below)
	case n.MultipleOf != nil && !multiple(f, *n.MultipleOf):
		bound = "and it must be a multiple of " + show(*n.MultipleOf)
	}
	if bound == "" {
		return true
	}
	hint := ""
	if n.Minimum != nil && n.Maximum != nil {
		hint = "write a number from " + show(*n.Minimum) + " to " + show(*n.Maximum)
	}
	c.report("out-of-range", hint, c.subject()+" is "+s+", "+bound)
	return false
}

// multiple reports whether f is a multiple of step, as far as binary fractions tell.
func multiple(f, step float64) bool {
	times := f / step
	return math.Abs(times-math.Round(times)) < 1e-6
}

func show(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// measured checks the length of a text, and its pattern.
func (c *checker) measured(n *node, s string) bool {
	switch {
	case n.MinLength != nil && utf8.RuneCountInString(s) < *n.MinLength:
		c.report("out-of-range", "", c.subject()+" has "+counted(utf8.RuneCountInString(s), "character")+", and the least is "+strconv.Itoa(*n.MinLength))
	case n.MaxLength != nil && utf8.RuneCountInString(s) > *n.MaxLength:
		c.report("out-of-range", "", c.subject()+" has "+counted(utf8.RuneCountInString(s), "character")+", and the most is "+strconv.Itoa(*n.MaxLength))
	case n.Pattern != nil && !n.Pattern.matches(s):
		c.report("pattern-mismatch", "", c.subject()+" is "+diag.Quote(s)+", which does not match "+n.Pattern.text)
	default:
		return true
	}
	return false
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "y") {
		return strconv.Itoa(n) + " " + strings.TrimSuffix(noun, "y") + "ies"
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
