package demand

import (
	"regexp"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

const (
	declaredPage = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html"
)

// Declaration is something that a user wants a role to be allowed, as it is written but
// without intrinsics: a role of a function has one for every entry of `permissions`.
type Declaration struct {
	Actions   []string // patterns
	Resources []string // patterns; none of them means all
	Context   authz.Context
	Place     diag.Place
}

// Declared are the requests that a user says will be made with a role: every declared
// action on every declared resource. They must pass the role's boundary as well, and no
// grant for them may be wider than the declaration.
//
// An asterisk of a declaration becomes a symbol of the request, so that only a grant
// that leaves the same place open allows it.
func Declared(role *estate.Resource, what string, declarations []Declaration) []Demand {
	var demands []Demand
	for _, d := range declarations {
		c := caller{principal: authz.Principal{ARN: role.ARN}, account: role.Stack.Account, step: atRunTime(what), cause: d.Place, page: declaredPage}
		resources := d.Resources
		if len(resources) == 0 {
			resources = []string{"*"}
		}
		for _, resource := range resources {
			on := declared(resource)
			for key, values := range d.Context {
				on = on.with(key, values...)
			}
			for _, action := range d.Actions {
				demands = append(demands, c.calls(what+" is declared to call "+action, on, opened(action))...)
			}
		}
	}
	return demands
}

// Declarations takes every statement of a role for declared, where nobody but its author
// can say what it is for: a hand-written template. Statements that deny or say what they
// are not about declare nothing.
func Declarations(policies []*authz.Policy, place diag.Place) []Declaration {
	var declarations []Declaration
	for _, p := range policies {
		for _, s := range p.Statements {
			context, possible := meeting(s.Conditions)
			if s.Effect == "Deny" || len(s.Actions) == 0 || len(s.Resources) == 0 || !possible {
				continue
			}
			declarations = append(declarations, Declaration{Actions: s.Actions, Resources: s.Resources, Context: context, Place: place})
		}
	}
	return declarations
}

// variable is a policy variable, whose value is in the request.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
var variable = regexp.MustCompile(`\$\{([^*?$}][^}]*)\}`)

// declared is the resource of a declaration: what its wildcards and variables stand for
// is only known to whoever calls.
func declared(pattern string) thing {
	if pattern == "*" {
		return everything()
	}
	t := thing{within: []string{pattern}}
	text := variable.ReplaceAllStringFunc(pattern, func(found string) string {
		key := variable.FindStringSubmatch(found)[1]
		value := symbol.New(key)
		t = t.with(strings.ToLower(key), value)
		return value
	})
	t.arn = opened(text)
	return t
}

// wildcards: a question mark stands for one character, and a symbol is none; nobody
// writes this one.
var wildcards = strings.NewReplacer("*", symbol.New("any"), "?", "¤")

// opened is a pattern with a symbol for each of its wildcards.
func opened(pattern string) string { return wildcards.Replace(pattern) }

// positive are operators that a request meets by carrying one of their values.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var positive = []string{"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "Bool", "NumericEquals", "DateEquals"}

// meeting is a context that meets conditions. It is not possible to say one for
// operators that compare a value with its opposite or with an order.
func meeting(conditions []authz.Condition) (context authz.Context, possible bool) {
	context = authz.Context{}
	for _, c := range conditions {
		operator := strings.TrimSuffix(c.Operator, "IfExists")
		if _, after, found := strings.Cut(operator, ":"); found {
			operator = after
		}
		if !isPositive(operator) || len(c.Values) == 0 {
			return nil, false
		}
		context[strings.ToLower(c.Key)] = []string{opened(c.Values[0])}
	}
	return context, true
}

func isPositive(operator string) bool {
	for _, known := range positive {
		if strings.EqualFold(known, operator) {
			return true
		}
	}
	return false
}
