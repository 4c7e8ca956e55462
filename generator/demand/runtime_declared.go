package demand

import (
	"regexp"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Declared are the requests that users say will be made with the roles of a stack: every
// declared action on every declared resource; without resources, on all. They must pass
// the role's boundary as well, and no grant for them may be wider than the declaration.
//
// An asterisk of a declaration becomes a symbol of the request, so that only a grant
// that leaves the same place open allows it.
func Declared(s *estate.Stack) []Demand {
	var demands []Demand
	for _, d := range s.Declared {
		c := caller{
			principal: authz.Principal{ARN: d.Role.ARN}, account: s.Account,
			step: atRunTime(s.Name), cause: d.Place, page: executionRolePage,
		}
		resources := d.Resources
		if len(resources) == 0 {
			resources = []string{"*"}
		}
		for _, resource := range resources {
			on := declared(resource)
			for _, action := range d.Actions {
				demands = append(demands, everyOf(action, c.calls(s.Name+" is declared to call "+action, on, opened(action)))...)
			}
		}
	}
	return demands
}

// everyOf lets a boundary hold a part of the actions that a pattern declares.
func everyOf(pattern string, demands []Demand) []Demand {
	if opened(pattern) != pattern {
		for i := range demands {
			demands[i].Opened = []authz.Kind{authz.Boundary}
		}
	}
	return demands
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
