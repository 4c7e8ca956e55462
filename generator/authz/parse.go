package authz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/policy"
)

// Parse reads a policy document: a tree of string, bool, int, float64, nil, []any and
// cfn.Map, in which texts may hold symbols. It reports all that is wrong in the
// document; of a statement that nobody can understand an empty one remains, which is
// about nothing.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
func Parse(kind Kind, name string, tree, source any) (*Policy, []error) {
	r := reader{kind: kind}
	document := r.object(tree, "a policy")
	r.known(document, "Version", "Id", "Statement")
	version := r.version(document.Get("Version"))
	var statements []Statement
	list, isList := document.Get("Statement").([]any)
	if !isList && document.Get("Statement") != nil {
		list = []any{document.Get("Statement")}
	}
	if len(list) == 0 && len(r.errors) == 0 {
		r.report("the policy has no Statement")
	}
	for i, tree := range list {
		before := len(r.errors)
		r.where = "statement " + strconv.Itoa(i+1) + ": "
		s := r.statement(tree, version)
		if len(r.errors) > before {
			s = Statement{}
		}
		statements = append(statements, s)
	}
	return New(kind, name, version, statements, source), r.errors
}

// reader gathers what is wrong.
type reader struct {
	kind   Kind
	where  string
	errors []error
}

func (r *reader) report(format string, args ...any) {
	r.errors = append(r.errors, fmt.Errorf("%s%s", r.where, fmt.Sprintf(format, args...)))
}

func (r *reader) object(tree any, what string) cfn.Map {
	m, ok := tree.(cfn.Map)
	if !ok {
		r.report("%s is a map", what)
	}
	return m
}

// known reports the keys that nobody reads, and those that are there twice.
func (r *reader) known(m cfn.Map, keys ...string) {
	seen := map[string]bool{}
	for _, e := range m {
		if !slices.Contains(keys, e.Key) {
			r.report("%s is no element of a policy", e.Key)
		}
		if seen[e.Key] {
			r.report("%s stands there twice", e.Key)
		}
		seen[e.Key] = true
	}
}

// older is the version that a document without one has.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
const older = "2008-10-17"

func (r *reader) version(tree any) string {
	switch tree {
	case nil, older:
		return older
	case policy.Version:
		return policy.Version
	}
	r.report("Version is %s or %s", policy.Version, older)
	return policy.Version
}

func (r *reader) statement(tree any, version string) Statement {
	m := r.object(tree, "a statement")
	r.known(m, "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
	s := Statement{Effect: policy.Effect(r.text(m.Get("Effect"), "Effect"))}
	if m.Get("Sid") != nil {
		s.Sid = r.text(m.Get("Sid"), "Sid")
	}
	if s.Effect != policy.Allow && s.Effect != policy.Deny {
		r.report("Effect is Allow or Deny")
	}
	s.Principals, s.NotPrincipals = r.principals(m, "Principal"), r.principals(m, "NotPrincipal")
	s.Actions, s.NotActions = r.actions(m, "Action"), r.actions(m, "NotAction")
	s.Resources, s.NotResources = r.texts(m.Get("Resource"), "Resource"), r.texts(m.Get("NotResource"), "NotResource")
	s.Conditions = r.conditions(m.Get("Condition"), version == policy.Version)
	r.elements(m)
	return s
}

// elements holds the parts against the kind of policy: who is meant, what is done and,
// unless the policy is attached to it, on what.
func (r *reader) elements(m cfn.Map) {
	has := func(key string) bool { return m.Get(key) != nil }
	for _, key := range []string{"Principal", "Action", "Resource"} {
		if has(key) && has("Not"+key) {
			r.report("it has both %s and Not%[1]s", key)
		}
	}
	if !has("Action") && !has("NotAction") {
		r.report("it has no Action")
	}
	named, resource := has("Principal") || has("NotPrincipal"), has("Resource") || has("NotResource")
	switch {
	case r.kind.OfResource() && !named:
		r.report("it has no Principal, which the statement of a %s needs", r.kind)
	case !r.kind.OfResource() && named:
		r.report("it has a Principal, but a statement of this kind (%s) is about whoever its policy is attached to", r.kind)
	}
	switch {
	case r.kind == Trust && resource:
		r.report("it has a Resource, but the statement of a %s is about its role", r.kind)
	case !r.kind.OfResource() && !resource:
		r.report("it has no Resource")
	}
}

func (r *reader) text(tree any, what string) string {
	switch v := tree.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	r.report("%s is a text", what)
	return ""
}

// texts is a list, or the only text of one.
func (r *reader) texts(tree any, what string) []string {
	list, ok := tree.([]any)
	switch {
	case tree == nil:
		return nil
	case !ok:
		return []string{r.text(tree, what)}
	case len(list) == 0:
		r.report("%s is empty", what)
	}
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = r.text(v, what)
	}
	return texts
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func (r *reader) actions(m cfn.Map, key string) []string {
	actions := r.texts(m.Get(key), key)
	for _, action := range actions {
		if action != "*" && !strings.Contains(action, ":") {
			r.report("the action %s names no service", action)
		}
	}
	return actions
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (r *reader) principals(m cfn.Map, key string) []Principals {
	tree := m.Get(key)
	if tree == nil {
		return nil
	}
	if tree == "*" {
		return []Principals{{Type: "*", Value: "*"}}
	}
	var all []Principals
	kinds := r.object(tree, key+" other than \"*\"")
	for _, e := range kinds {
		if !slices.Contains([]string{"AWS", "Service", "Federated", "CanonicalUser"}, e.Key) {
			r.report("%s is no kind of %s: AWS, Service, Federated and CanonicalUser are", e.Key, key)
		}
		for _, value := range r.texts(e.Value, key) {
			if value != "*" && strings.ContainsAny(value, "*?") {
				r.report("the principal %s has a wildcard, which only stands alone: name the account and add a condition on aws:PrincipalArn", value)
			}
			all = append(all, Principals{Type: e.Key, Value: value})
		}
	}
	if len(all) == 0 {
		r.report("%s is empty", key)
	}
	return all
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
func (r *reader) conditions(tree any, variables bool) []Condition {
	if tree == nil {
		return nil
	}
	var all []Condition
	for _, operator := range r.object(tree, "Condition") {
		for _, key := range r.object(operator.Value, "what stands under "+operator.Key) {
			c := Condition{Operator: operator.Key, Key: key.Key, Values: r.texts(key.Value, operator.Key+" "+key.Key)}
			if _, err := readCondition(&c, variables); err != nil {
				r.report("%s", err)
			}
			all = append(all, c)
		}
	}
	return all
}
