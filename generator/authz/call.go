package authz

import (
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
)

// call is a request, read once.
type call struct {
	Request
	caller  caller
	target  arn.ARN
	owner   string
	action  string // in lower case
	bounded bool   // the caller has a permissions boundary

	one [1]string
}

func newCall(r *Request) *call { return new(call).of(r) }

// of makes the call one of another request.
func (c *call) of(r *Request) *call {
	*c = call{Request: *r, caller: callerOf(r.Principal), action: strings.ToLower(r.Action)}
	c.target, _ = arn.Parse(r.Resource)
	switch {
	case r.Owner != "":
		c.owner = r.Owner
	case c.target.Account != "":
		c.owner = c.target.Account
	default:
		c.owner = c.caller.account
	}
	return c
}

// values are those of a key in lower case. They hold until the next question.
func (c *call) values(key string) ([]string, bool) {
	if values, ok := c.Context[key]; ok {
		return values, true
	}
	value, ok := c.derived(key)
	c.one[0] = value
	return c.one[:], ok
}

// variable is the one value of a key.
func (c *call) variable(key string) (string, bool) {
	if values, ok := c.Context[key]; ok {
		if len(values) != 1 {
			return "", false
		}
		return values[0], true
	}
	return c.derived(key)
}

// assumes and unlocks tell the two resources whose own policy must let everybody in.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
func (c *call) assumes() bool { return isRole(c.target) && strings.HasPrefix(c.action, "sts:") }

func (c *call) unlocks() bool { return isKey(c.target) && strings.HasPrefix(c.action, "kms:") }

// isRole reports whether a resource is a role, which its trust policy guards.
func isRole(a arn.ARN) bool { return a.Service == "iam" && strings.HasPrefix(a.Resource, "role/") }

// isKey reports whether a resource is a KMS key, which its key policy guards.
func isKey(a arn.ARN) bool { return a.Service == "kms" && strings.HasPrefix(a.Resource, "key/") }

// OwnerOf is the account that owns the resource of a request.
func OwnerOf(r *Request) string { return newCall(r).owner }
