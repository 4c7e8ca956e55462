package authz_test

import (
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
)

// sort is a kind of key: what keys there are, and what values have to do with each other.
type sort struct {
	keys      []string
	many      bool // the keys hold several values
	values    []string
	patterns  []string
	operators []string
}

// The keys are AWS's own: the judge leaves out what it does not know of an action.
var sorts = []sort{
	{
		keys:      []string{"aws:PrincipalTag/team", "aws:PrincipalOrgID", "aws:UserAgent", "aws:SourceVpc"},
		values:    []string{"blue", "Blue", "green", "blue-green", "o-1", "a*"},
		patterns:  []string{"blue", "green", "b*", "?lue", "*", "*-*", "BLUE", "${aws:PrincipalTag/team}", "${aws:username}", "${aws:PrincipalTag/team, 'green'}", "a${*}"},
		operators: []string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike", "BinaryEquals"},
	},
	{
		keys: []string{"aws:TagKeys", "aws:CalledVia", "aws:PrincipalOrgPaths"}, many: true,
		values:    []string{"blue", "green", "cloudformation.amazonaws.com", "o-1/r-1/ou-1/", ""},
		patterns:  []string{"blue", "green", "b*", "*.amazonaws.com", "o-1/*", "?lue", "BLUE", ""},
		operators: []string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"},
	},
	{
		keys:      []string{"aws:MultiFactorAuthAge"},
		values:    []string{"0", "10", "300", "10.5"},
		patterns:  []string{"10", "300", "10.0", "-1", "11"},
		operators: []string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
	},
	{
		keys:      []string{"aws:CurrentTime", "aws:TokenIssueTime"},
		values:    []string{"2026-01-02T03:04:05Z", "2026-06-01T00:00:00Z", "2025-12-31T23:59:59Z"},
		patterns:  []string{"2026-01-02T03:04:05Z", "2026-06-01T00:00:00Z", "2026-01-02T04:04:05+01:00", "2026-01-01"},
		operators: []string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
	},
	{
		keys:      []string{"aws:SecureTransport", "aws:MultiFactorAuthPresent", "aws:ViaAWSService"},
		values:    []string{"true", "false"},
		patterns:  []string{"true", "false", "True"},
		operators: []string{"Bool"},
	},
	{
		keys:      []string{"aws:SourceIp", "aws:VpcSourceIp"},
		values:    []string{"203.0.113.7", "203.0.114.1", "2001:db8::1", "10.1.2.3"},
		patterns:  []string{"203.0.113.0/24", "203.0.113.7", "0.0.0.0/0", "2001:DB8::/32", "10.0.0.0/8", "203.0.113.7/32"},
		operators: []string{"IpAddress", "NotIpAddress"},
	},
	{
		keys:      []string{"aws:SourceArn", "aws:PrincipalArn"},
		values:    []string{"arn:aws:sns:eu-central-1:111111111111:news", "arn:aws:s3:::shop", "arn:aws:lambda:eu-central-1:111111111111:function:a:b"},
		patterns:  []string{"arn:aws:sns:*:111111111111:news", "arn:aws:s3:::*", "arn:aws:lambda:*:*:function:*", "arn:aws:*:b", "arn:aws:iam::*:role/*", "arn:aws:s3:::sho?", "arn:aws:iam::${aws:PrincipalAccount}:*"},
		operators: []string{"ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "StringLike", "StringNotLike"},
	},
	{
		keys:      []string{"aws:PrincipalAccount", "aws:SourceAccount", "aws:ResourceAccount"},
		values:    []string{ours, theirs},
		patterns:  []string{ours, theirs, "*"},
		operators: []string{"StringEquals", "StringNotEquals", "StringLike"},
	},
}

// given are the keys that follow from the request: a context that says something else
// of them would be no request that AWS makes.
var given = []string{"aws:PrincipalArn", "aws:PrincipalAccount", "aws:ResourceAccount"}

func (d dice) context() authz.Context {
	context := authz.Context{}
	for _, s := range sorts {
		for _, key := range s.keys {
			if !d.often() || contains(given, key) {
				continue
			}
			values := []string{}
			if !s.many {
				values = append(values, oneOf(d, s.values...))
			}
			for s.many && d.often() && len(values) < 3 {
				values = append(values, oneOf(d, s.values...))
			}
			if s.many && d.IntN(8) == 0 {
				values = []string{""}
			}
			context[strings.ToLower(key)] = values
		}
	}
	return context
}

func contains(all []string, text string) bool {
	for _, other := range all {
		if other == text {
			return true
		}
	}
	return false
}

func (a author) condition() authz.Condition {
	s := oneOf(a.dice, sorts...)
	c := authz.Condition{Key: oneOf(a.dice, s.keys...), Operator: oneOf(a.dice, s.operators...)}
	if a.rarely() {
		c.Key = strings.ToUpper(c.Key)
	}
	if a.IntN(12) == 0 {
		c.Operator, c.Values = "Null", []string{oneOf(a.dice, "true", "false")}
		return c
	}
	pattern := func() string { return oneOf(a.dice, s.patterns...) }
	if values := a.context[strings.ToLower(c.Key)]; len(values) > 0 && a.often() {
		pattern = func() string { return oneOf(a.dice, oneOf(a.dice, values...), oneOf(a.dice, s.patterns...)) }
	}
	c.Values = a.some(pattern)
	if a.IntN(4) == 0 {
		c.Operator += "IfExists"
	}
	if s.many || a.IntN(20) == 0 {
		c.Operator = oneOf(a.dice, "ForAllValues:", "ForAnyValue:") + c.Operator
	}
	return c
}
