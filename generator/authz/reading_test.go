package authz_test

import (
	"regexp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
)

// reading is a place where the judge understands policies otherwise than AWS documents
// them, or than this package takes what AWS leaves open. It makes of a case one that says
// in so many words what the judge understood, so that nothing but this is explained by it.
type reading struct {
	name string
	page string // what AWS says
	as   func(c *authz.Case) *authz.Case
}

// wildType is the pattern of an ARN that has a wildcard before the resource's id.
var wildType = regexp.MustCompile(`^arn:([^:]*:){4}[^/:]*[*?][^/:]*[/:]`)

func withoutWildTypes(resources []string) []string {
	resources = slices.Clone(resources)
	for i, resource := range resources {
		if wildType.MatchString(resource) {
			resources[i] = "nothing"
		}
	}
	return resources
}

// never is a condition that no request meets.
var never = authz.Condition{Operator: "Null", Key: "aws:PrincipalIsAWSService", Values: []string{"true"}}

// rewritten is a case whose statements are changed.
func rewritten(c *authz.Case, change func(*authz.Statement)) *authz.Case {
	return remade(c, func(p *authz.Policy) *authz.Policy {
		statements := slices.Clone(p.Statements)
		for i := range statements {
			statements[i].Conditions = slices.Clone(statements[i].Conditions)
			change(&statements[i])
		}
		return authz.New(p.Kind, p.Name, p.Version, statements, p.Source)
	})
}

// reconditioned is a case whose conditions are changed.
func reconditioned(c *authz.Case, change func(*authz.Condition)) *authz.Case {
	return rewritten(c, func(s *authz.Statement) {
		for i := range s.Conditions {
			change(&s.Conditions[i])
		}
	})
}

// remade is a case with other policies.
func remade(c *authz.Case, change func(*authz.Policy) *authz.Policy) *authz.Case {
	of := func(policies []*authz.Policy) []*authz.Policy {
		var all []*authz.Policy
		for _, p := range policies {
			all = append(all, change(p))
		}
		return all
	}
	made := *c
	made.Boundary, made.Session, made.Identity, made.Resource = of(c.Boundary), of(c.Session), of(c.Identity), of(c.Resource)
	made.Organization = nil
	for _, level := range c.Organization {
		made.Organization = append(made.Organization, of(level))
	}
	return &made
}

func allowedBy(policies []*authz.Policy, r *authz.Request) bool {
	for _, p := range policies {
		for i := range p.Statements {
			if s := &p.Statements[i]; s.Effect == policy.Allow && s.Matches(r) {
				return true
			}
		}
	}
	return false
}

// explained are the readings, as few as possible, by which a case comes out as the judge
// says.
func explained(c *authz.Case, verdict authz.Verdict) []reading {
	for n := 1; n <= 3; n++ {
		if found := together(c, verdict, readings, n); found != nil {
			return found
		}
	}
	return nil
}

func together(c *authz.Case, verdict authz.Verdict, from []reading, n int) []reading {
	for i, r := range from {
		read := r.as(c)
		if n == 1 && authz.Evaluate(read).Verdict == verdict {
			return []reading{r}
		}
		if n > 1 {
			if rest := together(read, verdict, from[i+1:], n-1); rest != nil {
				return append([]reading{r}, rest...)
			}
		}
	}
	return nil
}

func replaced(all []string, old, with string) []string {
	all = slices.Clone(all)
	for i, text := range all {
		if text == old {
			all[i] = with
		}
	}
	return all
}

func otherFamily(values, networks []string) bool {
	six := func(text string) bool { return strings.Count(text, ":") > 1 }
	return len(values) == 1 && slices.ContainsFunc(networks, func(network string) bool { return six(network) != six(values[0]) })
}

// reference is a variable without a default value.
var reference = regexp.MustCompile(`\$\{([^*?$,}]+)\}`)

// unbound reports whether a text has a variable that the request has no value for.
func unbound(text string, r *authz.Request) bool {
	known := authz.Known(r)
	for _, match := range reference.FindAllStringSubmatch(text, -1) {
		key := strings.ToLower(match[1])
		if len(known[key]) != 1 && len(r.Context[key]) != 1 {
			return true
		}
	}
	return false
}
