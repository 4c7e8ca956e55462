package authz

import (
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/stretchr/testify/assert"
)

// holds decides a condition, given as "operator key: value or value", in a context.
func holds(t *testing.T, text string, context Context) outcome {
	t.Helper()
	head, list, _ := strings.Cut(text, ": ")
	operator, key, _ := strings.Cut(head, " ")
	written := Condition{Operator: operator, Key: key, Values: strings.Split(list, " or ")}
	c, err := readCondition(&written, true)
	assert.NoError(t, err)
	return c.holds(newCall(&Request{Principal: Principal{ARN: theUser}, Resource: theObject, Context: context}))
}

func TestConditionsHoldAsIAMDocumentsThem(t *testing.T) {
	key := func(values ...string) Context { return Context{"aws:x": values} }
	arn := key("arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt")
	secret := symbol.New("secret")
	for _, c := range []struct {
		condition string
		context   Context
		want      outcome
	}{
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
		{"StringEquals aws:x: a", key("a"), met},
		{"StringEquals aws:x: a", key("A"), missed},
		{"StringEquals AWS:X: b or a", key("a"), met},
		{"StringEquals aws:x: a*", key("ab"), missed},
		{"StringEquals aws:x: a*", key("a*"), met},
		{"StringNotEquals aws:x: a or b", key("c"), met},
		{"StringNotEquals aws:x: a or b", key("b"), missed},
		{"StringEqualsIgnoreCase aws:x: ABC", key("abC"), met},
		{"StringNotEqualsIgnoreCase aws:x: ABC", key("abC"), missed},
		{"StringLike aws:x: a?c*", key("abcde"), met},
		{"StringLike aws:x: a", key("ab"), missed},
		{"StringNotLike aws:x: b* or a*", key("ab"), missed},
		{"StringLike aws:x:  or home/", key(""), met},

		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric
		{"NumericEquals aws:x: 10", key("10.0"), met},
		{"NumericNotEquals aws:x: 10", key("11"), met},
		{"NumericLessThan aws:x: 10", key("9.5"), met},
		{"NumericLessThanEquals aws:x: 10", key("10"), met},
		{"NumericLessThanEquals aws:x: 10", key("11"), missed},
		{"NumericGreaterThan aws:x: 10", key("10"), missed},
		{"NumericGreaterThanEquals aws:x: -10", key("-10"), met},
		{"NumericEquals aws:x: 10", key("ten"), open},
		{"NumericNotEquals aws:x: 10", key("ten"), open},

		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
		{"DateGreaterThan aws:x: 2020-01-01T00:00:01Z", key("2020-01-02T00:00:00Z"), met},
		{"DateGreaterThan aws:x: 2020-01-01", key("1577836800"), missed},
		{"DateGreaterThanEquals aws:x: 2020-01-01", key("1577836800"), met},
		{"DateEquals aws:x: 2020-01-01T01:00+01:00", key("2020-01-01T00:00:00Z"), met},
		{"DateNotEquals aws:x: 2020", key("2020-01-01"), missed},
		{"DateLessThan aws:x: 2020-06", key("2020-05-31"), met},
		{"DateLessThanEquals aws:x: 2020-06-01", key("2020-06-01T00:00:00.001Z"), missed},

		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Boolean
		{"Bool aws:x: false", key("false"), met},
		{"Bool aws:x: true", key("TRUE"), met},
		{"Bool aws:x: false", key("true"), missed},
		{"BinaryEquals aws:x: QmluYXJ5", key("QmluYXJ5"), met},
		{"BinaryEquals aws:x: QmluYXJ5", key("QmluYXJ6"), missed},

		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
		{"IpAddress aws:x: 203.0.113.0/24 or 2001:DB8:1234:5678::/64", key("203.0.113.7"), met},
		{"IpAddress aws:x: 203.0.113.0/24 or 2001:DB8:1234:5678::/64", key("2001:db8:1234:5678::1"), met},
		{"IpAddress aws:x: 203.0.113.7", key("203.0.113.8"), missed},
		{"IpAddress aws:x: 203.0.113.7", key("203.0.113.7"), met},
		{"IpAddress aws:x: 10.1.0.0/16", key("10.1.0.0/8"), missed},
		{"NotIpAddress aws:x: 203.0.113.0/24", key("203.0.114.1"), met},
		{"NotIpAddress aws:x: 203.0.113.0/24", key("203.0.113.1"), missed},

		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
		{"StringLike aws:x: arn:aws:someservice:*:111122223333:finance/*", arn, met},
		{"ArnLike aws:x: arn:aws:someservice:*:111122223333:finance/*", arn, missed},
		{"ArnEquals aws:x: arn:aws:someservice:*:9*9:store/*", arn, met},
		{"ArnNotEquals aws:x: arn:aws:someservice:*:9*9:store/*", arn, missed},
		{"ArnNotLike aws:x: arn:aws:someservice:*:9*8:store/*", arn, met},
		{"ArnLike aws:x: arn:aws:s3:::b", key("b"), open},
		{"ArnNotLike aws:x: arn:aws:s3:*", arn, open},

		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
		{"StringEquals aws:x: a", nil, missed},
		{"StringNotEquals aws:x: a", nil, met},
		{"NumericNotEquals aws:x: 1", nil, met},
		{"ArnNotLike aws:x: arn:aws:s3:::b", nil, met},
		{"NotIpAddress aws:x: 203.0.113.0/24", nil, met},
		{"Bool aws:x: false", nil, missed},
		{"BoolIfExists aws:x: false", nil, met},
		{"StringEqualsIfExists aws:x: a", nil, met},
		{"StringEqualsIfExists aws:x: a", key("b"), missed},
		{"StringNotEqualsIfExists aws:x: a", nil, met},
		{"Null aws:x: true", nil, met},
		{"Null aws:x: false", nil, missed},
		{"Null aws:x: true", key("a"), missed},
		{"Null aws:x: false", key("a"), met},
		{"Null aws:x: true or false", key("a"), met},
		{"Null aws:x: true", key(), met},

		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
		{"ForAllValues:StringEquals aws:x: a or b or c", key("a", "b"), met},
		{"ForAllValues:StringEquals aws:x: a or b", key("a", "z"), missed},
		{"ForAllValues:StringEquals aws:x: a", nil, met},
		{"ForAllValues:StringEquals aws:x: a", key(), met},
		{"ForAllValues:StringEquals aws:x: a", key(""), met},
		{"ForAllValues:StringNotLike aws:x: a*", key("b", "c"), met},
		{"ForAllValues:StringNotLike aws:x: a*", key("b", "ac"), missed},
		{"ForAnyValue:StringEquals aws:x: a or b", key("z", "b"), met},
		{"ForAnyValue:StringEquals aws:x: a or b", key("z"), missed},
		{"ForAnyValue:StringEquals aws:x: a", nil, missed},
		{"ForAnyValue:StringNotEquals aws:x: a", nil, missed},
		{"ForAnyValue:StringNotEquals aws:x: a", key("a", "b"), met},
		{"ForAnyValue:StringNotEquals aws:x: a or b", key("a", "b"), missed},
		{"ForAnyValue:StringEqualsIfExists aws:x: a", nil, met},
		{"ForAnyValue:StringEquals aws:x: a", key(""), missed},
		{"StringEquals aws:x: a", key("a", "b"), open},
		{"StringNotEquals aws:x: c", key("a", "b"), open},

		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
		{"StringEquals aws:x: ${aws:username}", key("carlos"), met},
		{"StringLike aws:x: home/${aws:UserName}/*", key("home/carlos/1"), met},
		{"StringEquals aws:x: ${aws:PrincipalTag/team}", key("a"), missed},
		{"StringNotEquals aws:x: ${aws:PrincipalTag/team}", key("a"), met},
		{"StringEquals aws:x: team-${aws:PrincipalTag/team, 'company-wide'}", key("team-company-wide"), met},
		{"ArnLike aws:x: arn:aws:s3:::${aws:username}-*", key("arn:aws:s3:::carlos-1"), met},
		{"StringLike aws:x: a${*}c", key("abc"), missed},
		{"StringLike aws:x: a${*}${?}${$}", key("a*?$"), met},
		{"StringEquals aws:x: ${", key("${"), met},
		{"StringEquals aws:x: ${}", key("${}"), met},
		{"StringLike aws:x: ${aws:y}", Context{"aws:x": {"ab"}, "aws:y": {"a*"}}, missed},
		{"StringEquals aws:x: ${aws:y}", Context{"aws:x": {"a"}, "aws:y": {"a", "b"}}, missed},
		{"Bool aws:x: ${aws:y}", Context{"aws:x": {"true"}, "aws:y": {"true"}}, met},

		{"StringEquals aws:x: " + secret, key(secret), met},
		{"StringNotEquals aws:x: " + secret, key(secret), missed},
		{"StringNotEquals aws:x: " + secret, key("a"), open},
		{"StringNotEqualsIgnoreCase aws:x: a", key(secret), open},
		{"NumericNotEquals aws:x: 1", key(secret), open},
		{"NumericEquals aws:x: " + secret, key(secret), met},
		{"DateLessThan aws:x: 2020", key(secret), open},
		{"Bool aws:x: false", key(secret), open},
		{"NotIpAddress aws:x: 203.0.113.0/24", key(secret), open},
		{"ArnNotLike aws:x: arn:aws:iam::1:role/*", key("arn:aws:iam::" + secret + ":role/a"), open},
		{"ForAllValues:StringNotEquals aws:x: a", key("b", secret), open},
		{"ForAnyValue:StringNotEquals aws:x: a", key("b", secret), met},
		{"Null aws:x: false", key(secret), met},
	} {
		assert.Equal(t, c.want, holds(t, c.condition, c.context), "%s in %q", c.condition, c.context)
	}
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
func TestTheOlderVersionKnowsNoVariables(t *testing.T) {
	r := Request{Principal: Principal{ARN: theUser}, Action: "s3:GetObject", Resource: "arn:aws:s3:::home/carlos"}
	for version, want := range map[string]bool{"2012-10-17": true, "2008-10-17": false, "": false} {
		s := Statement{Effect: "Allow", Actions: []string{"s3:*"}, Resources: []string{"arn:aws:s3:::home/${aws:username}"}}
		p := New(Identity, "", version, []Statement{s}, nil)
		assert.Equal(t, want, p.Statements[0].Matches(&r), version)
		literally := r
		literally.Resource = "arn:aws:s3:::home/${aws:username}"
		assert.Equal(t, !want, p.Statements[0].Matches(&literally), version)
	}
}

func TestAResourceWithAVariableWithoutAValueMatchesNothing(t *testing.T) {
	allowed := func(element string) bool {
		c := Case{Request: reads(theRole, here), Identity: attached(t, `{'Effect':'Allow','Action':'s3:*',`+element+`}`)}
		return Evaluate(&c).Verdict == Allowed
	}
	assert.False(t, allowed(`'Resource':'arn:aws:s3:::shop/orders/1${aws:username}'`))
	assert.True(t, allowed(`'Resource':['arn:aws:s3:::shop/${aws:username}','arn:aws:s3:::shop/*']`))
	assert.True(t, allowed(`'NotResource':'arn:aws:s3:::shop/${aws:username}'`))
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func TestWhatFollowsFromARequestIsInItsContext(t *testing.T) {
	queue := "arn:aws:sqs:eu-central-1:222222222222:q"
	for _, c := range []struct {
		r    Request
		want Context
	}{
		{Request{Principal: Principal{ARN: theRole, Session: "s"}, Resource: queue}, Context{
			"aws:principalarn": {theRole}, "aws:principalaccount": {here}, "aws:principaltype": {"AssumedRole"},
			"aws:principalisawsservice": {"false"}, "aws:resourceaccount": {elsewhere}, "aws:requestedregion": {"eu-central-1"},
		}},
		{Request{Principal: Principal{ARN: theRoot}, Action: "KMS:Decrypt", Resource: "arn:aws:kms:us-east-1:222222222222:key/k"}, Context{
			"aws:principalarn": {theRoot}, "aws:principalaccount": {here}, "aws:principaltype": {"Account"}, "aws:principalisawsservice": {"false"},
			"aws:resourceaccount": {elsewhere}, "aws:requestedregion": {"us-east-1"}, "kms:calleraccount": {here},
		}},
		{Request{Principal: Principal{ARN: theUser}, Resource: "*"}, Context{
			"aws:principalarn": {theUser}, "aws:principalaccount": {here}, "aws:principaltype": {"User"},
			"aws:principalisawsservice": {"false"}, "aws:username": {"carlos"},
		}},
		{Request{Principal: Principal{Service: "s3.amazonaws.com", Account: here}, Resource: queue}, Context{
			"aws:principalisawsservice": {"true"}, "aws:principalservicename": {"s3.amazonaws.com"},
			"aws:sourceaccount": {here}, "aws:resourceaccount": {elsewhere}, "aws:requestedregion": {"eu-central-1"},
		}},
		{Request{Principal: Principal{ARN: theRoot}, Resource: theObject, Owner: here}, Context{
			"aws:principalarn": {theRoot}, "aws:principalaccount": {here}, "aws:principaltype": {"Account"},
			"aws:principalisawsservice": {"false"}, "aws:resourceaccount": {here},
		}},
	} {
		assert.Equal(t, c.want, Known(&c.r))
	}
	told := Request{Principal: Principal{ARN: theRole}, Resource: queue, Context: Context{"aws:principalarn": {theUser}}}
	values, _ := newCall(&told).values("aws:principalarn")
	assert.Equal(t, []string{theUser}, values, "what the context says goes before")
}
