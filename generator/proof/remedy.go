package proof

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/symbol"
)

// remedyOf is in a sentence what would let a request pass, as far as policies of one kind
// go: the word that the nearest statement lacks, or a statement of its own.
func remedyOf(a *authz.Asked, r *authz.Request) string {
	if a.Add == nil {
		return ""
	}
	if a.Nearest != nil {
		if missed := a.Nearest.Missed(); len(missed) == 1 {
			if text := extended(a, missed[0].Name, r); text != "" {
				return text
			}
		}
	}
	where := "add a policy that allows "
	if a.Add.Policy != nil {
		where = "let the " + a.Add.Policy.Name + " allow "
	}
	return symbol.Show(where + granted(&a.Add.Statement))
}

// extended is what a statement lacks that misses a request by one of its parts.
func extended(a *authz.Asked, part string, r *authz.Request) string {
	s := asWritten(a.Nearest.Statement)
	where := symbol.Show(s.String())
	switch {
	case part == "action" && a.Add.Extend != nil:
		return "add " + r.Action + " to the actions of " + where
	case part == "resource" && len(s.Resources) > 0:
		return "add " + symbol.Show(r.Resource) + " to the resources of " + where
	case part != "principal" || len(s.Principals) == 0:
		return ""
	case r.Principal.Service != "":
		return "add " + r.Principal.Service + " to the principals of " + where
	case slices.ContainsFunc(s.Conditions, func(c authz.Condition) bool { return strings.EqualFold(c.Key, principalKey) }):
		return "add the account " + symbol.Show(callerAccount(*r)) + " to the principals of " + where
	}
	return ""
}

// granted is a statement that allows something, as a clause.
func granted(s *policy.Statement) string {
	clause := strings.Join(s.Actions, ", ")
	if len(s.Resources) > 0 {
		clause += " on " + strings.Join(s.Resources, ", ")
	}
	if who := slices.Concat(s.Principal.AWS, s.Principal.Services); len(who) > 0 {
		clause += " to " + strings.Join(who, ", ")
	}
	for i, c := range s.Conditions {
		clause += [2]string{" where ", " and "}[min(i, 1)] + c.Key + " is " + strings.Join(c.Values, " or ")
	}
	return clause
}
