package authz

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Suggestion is what would let a request pass, as far as the policies of one kind go.
type Suggestion struct {
	Policy    *Policy          // where to add it; nil where there is none yet
	Extend    *Statement       // the statement that lacks only the action, and may have it; nil for a statement of its own
	Statement policy.Statement // the least that is enough
}

func (e *evaluation) suggest(kind Kind, near *Report, policies []*Policy) *Suggestion {
	s := &Suggestion{Statement: e.least(kind)}
	switch {
	case near != nil:
		s.Policy = near.Statement.Policy
	case len(policies) > 0:
		s.Policy = policies[0]
	}
	if near != nil && len(near.Statement.Actions) > 0 && e.mayGrow(near.Statement) {
		if missed := near.Missed(); len(missed) == 1 && missed[0].Name == "action" {
			s.Extend = near.Statement
		}
	}
	return s
}

// mayGrow reports whether a statement can have the action of the request as well. One
// that grants something on everything would grant that on everything, too; what limits
// grants nothing, and the policy of a resource is about that alone.
func (e *evaluation) mayGrow(s *Statement) bool {
	return s.Policy.Kind != Identity || e.call.Resource == "*" || len(s.Resources) > 0 && !slices.Contains(s.Resources, "*")
}

// least is the narrowest statement that allows the request.
func (e *evaluation) least(kind Kind) policy.Statement {
	s := policy.Statement{Effect: policy.Allow, Actions: []string{e.call.Action}}
	if kind != Trust {
		s.Resources = []string{e.call.Resource}
	}
	if kind.OfResource() {
		e.name(&s)
	}
	for _, n := range narrowing {
		if strings.HasPrefix(n.Key, "aws:Source") && e.call.caller.identity != service {
			continue
		}
		if values, ok := e.call.values(strings.ToLower(n.Key)); ok && len(values) == 1 {
			s.Conditions = append(s.Conditions, policy.Condition{Operator: n.Operator, Key: n.Key, Values: slices.Clone(values)})
		}
	}
	return s
}

// name names a user or role by its account and a condition: that works before the role
// exists, and after it was made again.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
func (e *evaluation) name(s *policy.Statement) {
	who := &e.call.caller
	a, ok := arn.Parse(who.ARN)
	switch {
	case who.identity == service:
		s.Principal.Services = []string{who.Service}
	case !ok || who.identity == root:
		s.Principal.AWS = []string{who.ARN}
	default:
		s.Principal.AWS = []string{"arn:" + a.Partition + ":iam::" + a.Account + ":root"}
		s.Conditions = append(s.Conditions, policy.Condition{Operator: "ArnEquals", Key: "aws:PrincipalArn", Values: []string{who.ARN}})
	}
}

// narrowing are the keys without which a grant could be misused.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
var narrowing = []policy.Condition{
	{Operator: "StringEquals", Key: "iam:PassedToService"},
	{Operator: "StringEquals", Key: "iam:PermissionsBoundary"},
	{Operator: "ArnLike", Key: "aws:SourceArn"},
	{Operator: "StringEquals", Key: "aws:SourceAccount"},
}

// String is the suggestion in words, and the statement as YAML.
func (s *Suggestion) String() string {
	if s.Extend != nil {
		return "add " + s.Statement.Actions[0] + " to the actions of that statement\n"
	}
	where := "add a policy with the statement:\n"
	if s.Policy != nil {
		where = "add a statement to " + s.Policy.Name + ":\n"
	}
	return where + statementText(&s.Statement)
}

func statementText(s *policy.Statement) string {
	var b strings.Builder
	line := func(indent, key, value string) { b.WriteString("  " + indent + key + ": " + quoted(value) + "\n") }
	line("", "Effect", string(s.Effect))
	for _, named := range []struct {
		kind   string
		values []string
	}{{"AWS", s.Principal.AWS}, {"Service", s.Principal.Services}} {
		for _, value := range named.values {
			b.WriteString("  Principal:\n")
			line("  ", named.kind, value)
		}
	}
	line("", "Action", s.Actions[0])
	for _, resource := range s.Resources {
		line("", "Resource", resource)
	}
	if len(s.Conditions) > 0 {
		b.WriteString("  Condition:\n")
	}
	operator := ""
	for _, c := range s.Conditions {
		if c.Operator != operator {
			b.WriteString("    " + c.Operator + ":\n")
			operator = c.Operator
		}
		line("    ", c.Key, c.Values[0])
	}
	return b.String()
}

// quoted is a text as YAML wants it: an account id and an asterisk mean something else
// without quotes.
func quoted(text string) string {
	text = symbol.Show(text)
	if text == "*" || strings.Trim(text, "0123456789") == "" {
		return "'" + text + "'"
	}
	return text
}
