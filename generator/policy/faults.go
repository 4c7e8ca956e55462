package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
)

// operators are the condition operators without prefix and suffix.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var operators = []string{
	"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
	"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
	"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
	"Bool", "BinaryEquals", "IpAddress", "NotIpAddress",
	"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null",
}

// Faults says what is wrong with a document by IAM's grammar, one text for each
// fault; a good document has none. A condition key that no service knows is not
// seen: IAM takes it and never matches it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
func Faults(d Document) []string {
	var faults []string
	if len(d.Statements) == 0 {
		faults = append(faults, "the document has no statement")
	}
	sids := map[string]bool{}
	for i, s := range d.Statements {
		if s.Sid != "" && sids[s.Sid] {
			faults = append(faults, fmt.Sprintf("statement %d: the Sid %s is used twice", i+1, s.Sid))
		}
		sids[s.Sid] = true
		for _, fault := range s.faults() {
			faults = append(faults, fmt.Sprintf("statement %d: %s", i+1, fault))
		}
	}
	return faults
}

func (s *Statement) faults() []string {
	var faults []string
	check := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Sprintf(format, args...))
		}
	}
	check(strings.ContainsFunc(s.Sid, notAlphanumeric), "the Sid %q holds more than letters and digits", s.Sid)
	check(s.Effect != "" && s.Effect != Allow && s.Effect != Deny, "the effect is %q", s.Effect)
	check((len(s.Actions) == 0) == (len(s.NotActions) == 0), "it needs one of Action and NotAction")
	check(len(s.Resources) > 0 && len(s.NotResources) > 0, "it has both Resource and NotResource")
	check(!s.Principal.IsZero() && !s.NotPrincipal.IsZero(), "it has both Principal and NotPrincipal")
	for _, action := range slices.Concat(s.Actions, s.NotActions) {
		check(!isAction(action), "%q is no action", action)
	}
	for _, c := range s.Conditions {
		check(!isOperator(c.Operator), "%q is no condition operator", c.Operator)
		check(c.Key == "", "a condition %s has no key", c.Operator)
		check(len(c.Values) == 0, "the condition %s on %s has no value", c.Operator, c.Key)
	}
	for _, text := range s.texts() {
		check(strings.ContainsFunc(text, notAllowed), "%q holds a character that IAM refuses", text)
	}
	return faults
}

// texts are the literals of a statement whose characters matter.
func (s *Statement) texts() []string {
	texts := slices.Concat(s.Resources, s.NotResources,
		s.Principal.AWS, s.Principal.Services, s.NotPrincipal.AWS, s.NotPrincipal.Services)
	for _, c := range s.Conditions {
		texts = append(append(texts, c.Key), c.Values...)
	}
	return slices.DeleteFunc(texts, cfn.IsIntrinsic)
}

// isAction reports whether s is "*" or service:name, in which * and ? stand for
// characters.
func isAction(s string) bool {
	service, name, found := strings.Cut(s, ":")
	if !found {
		return s == "*"
	}
	return service != "" && name != "" &&
		!strings.ContainsFunc(service, func(r rune) bool { return notAlphanumeric(r) && r != '-' }) &&
		!strings.ContainsFunc(name, func(r rune) bool { return notAlphanumeric(r) && r != '*' && r != '?' })
}

func isOperator(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "ForAllValues:"), "ForAnyValue:")
	return slices.Contains(operators, s) || slices.Contains(operators, strings.TrimSuffix(s, "IfExists")) && s != "NullIfExists"
}

func notAlphanumeric(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9')
}

// notAllowed: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
func notAllowed(r rune) bool {
	return r > 0xff || r < ' ' && r != '\t' && r != '\n' && r != '\r'
}
