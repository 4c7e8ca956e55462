package schema

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/cfn"
)

// scalar checks a literal v, of which s is the text.
func (c *checker) scalar(n *node, v any, s string) {
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
	if n.strict {
		c.listed(n, s)
		c.ranged(n, s)
		c.measured(n, s)
		c.formed(n, s)
	}
	c.further(n, v)
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
	return "the text " + quote(s)
}

// wrongScalar reports a literal of another type.
func (c *checker) wrongScalar(want kinds, v any, s string) {
	hint := "write " + want.String()
	if bare := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ% "); want&(integer|number) != 0 && bare != s && bare != "" {
		if _, ok := parseNumber(bare); ok {
			hint = "write " + bare + ": the unit is fixed"
		}
	}
	c.report("wrong-type", hint, subject(c.path)+" is "+shown(v, s)+", where "+want.String()+" is needed")
}

// listed checks that a literal is one of those that are allowed.
func (c *checker) listed(n *node, s string) {
	switch {
	case len(n.Enum) > 0 && !n.Enum.has(s, false):
		c.notListed(n.Enum, s)
	case len(n.EnumAnyCase) > 0 && !n.EnumAnyCase.has(s, true):
		c.notListed(n.EnumAnyCase, s)
	case n.Const != nil && !(texts{*n.Const}).has(s, false):
		c.notListed(texts{*n.Const}, s)
	}
}

func (c *checker) notListed(allowed texts, s string) {
	if c.trials > 0 {
		c.faults++
		return
	}
	candidates := make([]string, len(allowed))
	for i, t := range allowed {
		candidates[i] = string(t)
	}
	hint := "it is one of " + some(candidates)
	if len(candidates) == 1 {
		hint = "write " + candidates[0]
	} else if close := near(s, candidates); len(close) > 0 {
		hint = "did you mean " + sentence(close, "or") + "?"
	}
	c.report("value-not-allowed", hint, subject(c.path)+" cannot be "+quote(s))
}

// ranged checks the value of a number. A text that is none is not looked at.
func (c *checker) ranged(n *node, s string) {
	if n.Minimum == nil && n.Maximum == nil && n.Above == nil && n.Below == nil && n.MultipleOf == nil {
		return
	}
	f, ok := parseNumber(s)
	if !ok {
		return
	}
	switch {
	case n.Minimum != nil && f < *n.Minimum:
		c.outOfRange(n, s, "and the least is "+show(*n.Minimum))
	case n.Maximum != nil && f > *n.Maximum:
		c.outOfRange(n, s, "and the most is "+show(*n.Maximum))
	case n.Above != nil && f <= *n.Above:
		c.outOfRange(n, s, "and it must be more than "+show(*n.Above))
	case n.Below != nil && f >= *n.Below:
		c.outOfRange(n, s, "and it must be less than "+show(*n.Below))
	case n.MultipleOf != nil && *n.MultipleOf != 0 && math.Mod(f, *n.MultipleOf) != 0:
		c.outOfRange(n, s, "and it must be a multiple of "+show(*n.MultipleOf))
	}
}

func (c *checker) outOfRange(n *node, s, bound string) {
	hint := ""
	if n.Minimum != nil && n.Maximum != nil {
		hint = "write a number from " + show(*n.Minimum) + " to " + show(*n.Maximum)
	}
	c.report("out-of-range", hint, subject(c.path)+" is "+s+", "+bound)
}

func show(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// measured checks the length of a text, and its pattern.
func (c *checker) measured(n *node, s string) {
	if n.MinLength != nil || n.MaxLength != nil {
		length := utf8.RuneCountInString(s)
		switch {
		case n.MinLength != nil && length < *n.MinLength:
			c.report("out-of-range", "", subject(c.path)+" has "+counted(length, "character")+", and the least is "+strconv.Itoa(*n.MinLength))
			return
		case n.MaxLength != nil && length > *n.MaxLength:
			c.report("out-of-range", "", subject(c.path)+" has "+counted(length, "character")+", and the most is "+strconv.Itoa(*n.MaxLength))
			return
		}
	}
	if n.Pattern != nil && !n.Pattern.matches(s) {
		if c.trials > 0 {
			c.faults++
			return
		}
		c.report("pattern-mismatch", "", subject(c.path)+" is "+quote(s)+", which does not match "+n.Pattern.text)
	}
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
