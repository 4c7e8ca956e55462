package proof

import (
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/policy"
)

// positive reports whether an operator lets pass what its values say, and nothing else.
// ForAllValues lets a request pass that has no value at all.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func positive(operator string) bool {
	o := strings.ToLower(operator)
	return !strings.Contains(o, "not") && !strings.HasPrefix(o, "null") && !strings.HasPrefix(o, "forallvalues:")
}

// holds reports whether a request meets one value of a condition.
func holds(c *authz.Condition, value int, q *question) bool {
	if _, present := contextOf(q)[strings.ToLower(c.Key)]; !present {
		return false
	}
	s := authz.Statement{
		Effect: policy.Allow, Actions: []string{"*"},
		Conditions: []authz.Condition{{Operator: c.Operator, Key: c.Key, Values: c.Values[value : value+1]}},
	}
	return s.Matches(&q.request)
}

// contextOf is what a request carries, with what AWS adds to it.
func contextOf(q *question) authz.Context {
	known := authz.Known(&q.request)
	for key, values := range q.request.Context {
		known[key] = values
	}
	return known
}

// allows reports whether a condition's value is no wider than what a demand has, or than
// the leeway that it gives.
func allows(c *authz.Condition, value string, q *question) bool {
	key := strings.ToLower(c.Key)
	for _, d := range q.demands {
		for _, wide := range q.widest(d, key) {
			if authz.Includes(wide, value) || key == principalKey && authz.Includes(wide, inAccount(value, arn.Account(wide))) {
				return true
			}
		}
	}
	return false
}

// widest are the values of a key that a condition may have for a demand.
func (q *question) widest(d *demand.Demand, key string) []string {
	var list []string
	values, own := d.Context[key]
	if !own {
		values = contextOf(q)[key]
	}
	if leeway, ok := d.Leeway[key]; ok {
		for _, v := range leeway {
			list = append(list, q.here(v))
		}
		return list
	}
	for _, v := range values {
		list = append(list, q.opened(withoutDigest(v)))
	}
	return list
}

// principalKey is by which a statement that names an account names a role in it.
const principalKey = "aws:principalarn"

// inAccount is the ARN pattern of a role with an account for its asterisk: the principal
// beside it says which accounts are meant.
func inAccount(pattern, account string) string {
	a, ok := arn.Parse(pattern)
	if !ok || a.Account != "*" {
		return pattern
	}
	a.Account = account
	return a.String()
}
