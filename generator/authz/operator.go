package authz

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/symbol"
)

// outcome is what a comparison ends with. Where the symbol of a value that nobody knows
// meets something else the answer is open: neither met nor missed.
type outcome uint8

const (
	missed outcome = iota
	open
	met
)

func outcomeOf(ok bool) outcome {
	if ok {
		return met
	}
	return missed
}

// test compares a request's value with one value of a condition.
type test func(text string) outcome

// operator is one condition operator without its prefix and suffix.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
type operator struct {
	negated bool
	syntax  syntax // what has a meaning in its values
	prepare func(p *pattern) (test, bool)
	wants   string // what its values must be, for people
}

var operators = map[string]operator{
	"StringEquals":              {syntax: references, prepare: equalText},
	"StringNotEquals":           {syntax: references, prepare: equalText, negated: true},
	"StringEqualsIgnoreCase":    {syntax: references, prepare: equalFold},
	"StringNotEqualsIgnoreCase": {syntax: references, prepare: equalFold, negated: true},
	"StringLike":                {syntax: references | wildcards, prepare: likeText},
	"StringNotLike":             {syntax: references | wildcards, prepare: likeText, negated: true},

	"NumericEquals":            numeric(func(a, b float64) bool { return a == b }, false),
	"NumericNotEquals":         numeric(func(a, b float64) bool { return a == b }, true),
	"NumericLessThan":          numeric(func(a, b float64) bool { return a < b }, false),
	"NumericLessThanEquals":    numeric(func(a, b float64) bool { return a <= b }, false),
	"NumericGreaterThan":       numeric(func(a, b float64) bool { return a > b }, false),
	"NumericGreaterThanEquals": numeric(func(a, b float64) bool { return a >= b }, false),

	"DateEquals":            date(func(order int) bool { return order == 0 }, false),
	"DateNotEquals":         date(func(order int) bool { return order == 0 }, true),
	"DateLessThan":          date(func(order int) bool { return order < 0 }, false),
	"DateLessThanEquals":    date(func(order int) bool { return order <= 0 }, false),
	"DateGreaterThan":       date(func(order int) bool { return order > 0 }, false),
	"DateGreaterThanEquals": date(func(order int) bool { return order >= 0 }, false),

	"Bool":         {syntax: references, prepare: equalBool, wants: "true or false"},
	"BinaryEquals": {prepare: equalText},
	"IpAddress":    {prepare: withinNetwork, wants: "an IP address or network"},
	"NotIpAddress": {prepare: withinNetwork, wants: "an IP address or network", negated: true},

	"ArnEquals":    {syntax: references | wildcards, prepare: likeARN},
	"ArnLike":      {syntax: references | wildcards, prepare: likeARN},
	"ArnNotEquals": {syntax: references | wildcards, prepare: likeARN, negated: true},
	"ArnNotLike":   {syntax: references | wildcards, prepare: likeARN, negated: true},
}

// unless is what a comparison of texts that differ ends with.
func unless(a, b string) outcome {
	if symbol.In(a) || symbol.In(b) {
		return open
	}
	return missed
}

func equalText(p *pattern) (test, bool) {
	want, ok := p.plain()
	return func(text string) outcome {
		if text == want {
			return met
		}
		return unless(text, want)
	}, ok
}

func equalFold(p *pattern) (test, bool) {
	want, ok := p.plain()
	return func(text string) outcome {
		if text == want {
			return met
		}
		if o := unless(text, want); o == open {
			return open
		}
		return outcomeOf(strings.EqualFold(text, want))
	}, ok
}

func likeText(p *pattern) (test, bool) {
	return func(text string) outcome {
		if p.matches(text) {
			return met
		}
		return unless(text, p.written)
	}, true
}

// likeARN compares part by part; the last one holds whatever colons are left. What has
// fewer parts is no ARN.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
func likeARN(p *pattern) (test, bool) {
	want, ok := p.parts()
	return func(text string) outcome {
		a, is := arn.Parse(text)
		if !ok || !is {
			return open
		}
		for i, part := range [...]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource} {
			if !want[i].matches(part) {
				return unless(text, p.written)
			}
		}
		return met
	}, true
}

// parts cuts the pattern of an ARN at its first five colons.
func (p *pattern) parts() ([6]pattern, bool) {
	var parts [6]pattern
	n := 0
	for _, t := range p.tokens {
		for t.kind == literal && n < 5 {
			colon := symbol.IndexByte(t.text, ':')
			if colon < 0 {
				break
			}
			if colon > 0 {
				parts[n].tokens = append(parts[n].tokens, token{text: t.text[:colon]})
			}
			n, t.text = n+1, t.text[colon+1:]
		}
		if t.kind != literal || t.text != "" {
			parts[n].tokens = append(parts[n].tokens, t)
		}
	}
	return parts, n == 5
}

// readAs makes a test of values that mean something else than their text says.
func readAs[T any](p *pattern, read func(string) (T, bool), compare func(value, want T) bool) (test, bool) {
	written, plain := p.plain()
	want, ok := read(written)
	return func(text string) outcome {
		value, known := read(text)
		switch {
		case ok && known:
			return outcomeOf(compare(value, want))
		case text == written && symbol.In(text):
			return met
		default:
			return open
		}
	}, plain && (ok || symbol.In(written))
}

func numeric(compare func(value, want float64) bool, negated bool) operator {
	return operator{negated: negated, wants: "a number", prepare: func(p *pattern) (test, bool) { return readAs(p, readNumber, compare) }}
}

func readNumber(text string) (float64, bool) {
	if strings.Trim(text, "+-.0123456789eE") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

func date(compare func(order int) bool, negated bool) operator {
	return operator{negated: negated, wants: "a date", prepare: func(p *pattern) (test, bool) {
		return readAs(p, readDate, func(value, want time.Time) bool { return compare(value.Compare(want)) })
	}}
}

// https://www.w3.org/TR/NOTE-datetime
var dateForms = []string{"2006", "2006-01", "2006-01-02", "2006-01-02T15:04Z07:00", time.RFC3339Nano}

func readDate(text string) (time.Time, bool) {
	for _, form := range dateForms {
		if t, err := time.Parse(form, text); err == nil {
			return t, true
		}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(seconds, 0), err == nil
}

func equalBool(p *pattern) (test, bool) {
	return readAs(p, readBool, func(value, want bool) bool { return value == want })
}

func readBool(text string) (value, ok bool) {
	switch {
	case strings.EqualFold(text, "true"):
		return true, true
	case strings.EqualFold(text, "false"):
		return false, true
	}
	return false, false
}

func withinNetwork(p *pattern) (test, bool) {
	return readAs(p, readNetwork, func(value, want netip.Prefix) bool {
		return want.Bits() <= value.Bits() && want.Contains(value.Addr())
	})
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
func readNetwork(text string) (netip.Prefix, bool) {
	if strings.Contains(text, "/") {
		network, err := netip.ParsePrefix(text)
		return network, err == nil
	}
	address, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(address, address.BitLen()), true
}
