package authz_test

import (
	"maps"
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

// readings are reviewed by hand.
var readings = []reading{
	{
		"the root user of an account may do no more than its policies allow",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html",
		func(c *authz.Case) *authz.Case {
			read := *c
			read.Context = authz.Known(&c.Request)
			for key, values := range c.Context {
				read.Context[key] = values
			}
			read.Context["aws:username"] = nil
			read.Principal.ARN = strings.Replace(c.Principal.ARN, ":root", ":user/root", 1)
			return &read
		},
	},
	{
		"NotPrincipal leaves out an account's users and roles where it names the account or them",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
		func(c *authz.Case) *authz.Case {
			return rewritten(c, func(s *authz.Statement) {
				if s.Effect != policy.Deny || len(s.NotPrincipals) == 0 {
					return
				}
				alone := authz.Statement{Effect: policy.Allow, Principals: s.NotPrincipals, Actions: []string{"*"}}
				if alone.Matches(&c.Request) {
					s.NotPrincipals = []authz.Principals{{Type: "*", Value: "*"}}
				}
			})
		},
	},
	{
		"what is allowed to everybody but some is allowed to a session whatever its boundary says",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html#specifying-notprincipal-allow",
		func(c *authz.Case) *authz.Case {
			return rewritten(c, func(s *authz.Statement) {
				if s.Effect != policy.Deny && len(s.NotPrincipals) > 0 && c.Principal.Session != "" && s.Matches(&c.Request) {
					s.Principals, s.NotPrincipals = []authz.Principals{{Type: "*", Value: "*"}}, nil
				}
			})
		},
	},
	{
		"a session policy limits what a resource grants to everybody or to the session",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles",
		func(c *authz.Case) *authz.Case {
			if len(c.Session) == 0 || allowedBy(c.Session, &c.Request) {
				return c
			}
			read := rewritten(c, func(s *authz.Statement) {
				if s.Effect != policy.Deny {
					s.Actions, s.NotActions = []string{"none:None"}, nil
				}
			})
			return read
		},
	},
	{
		"ForAnyValue is not met by an absent key, whatever IfExists says",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists",
		func(c *authz.Case) *authz.Case {
			return rewritten(c, func(s *authz.Statement) {
				for i := range s.Conditions {
					if strings.HasPrefix(s.Conditions[i].Operator, "ForAnyValue:") {
						s.Conditions[i].Operator = strings.TrimSuffix(s.Conditions[i].Operator, "IfExists")
					}
				}
			})
		},
	},
	{
		"a key with a set of no members is there",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
		func(c *authz.Case) *authz.Case {
			read := rewritten(c, func(s *authz.Statement) {
				for i := range s.Conditions {
					values, there := c.Context[strings.ToLower(s.Conditions[i].Key)]
					if s.Conditions[i].Operator == "Null" && there && strings.Join(values, "") == "" {
						s.Conditions[i].Key = "aws:PrincipalIsAWSService"
					}
				}
			})
			return read
		},
	},
	{
		"a negated ForAllValues is not met by a set of no members",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
		func(c *authz.Case) *authz.Case {
			return rewritten(c, func(s *authz.Statement) {
				for i := range s.Conditions {
					o := &s.Conditions[i]
					values, there := c.Context[strings.ToLower(o.Key)]
					if strings.HasPrefix(o.Operator, "ForAllValues:StringNot") && there && len(values) == 0 {
						*o = never
					}
				}
			})
		},
	},
	{
		"an empty text is a member of a set",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
		func(c *authz.Case) *authz.Case {
			const visible = "(empty)"
			read := rewritten(c, func(s *authz.Statement) {
				for i := range s.Conditions {
					if strings.Contains(s.Conditions[i].Operator, "String") {
						s.Conditions[i].Values = replaced(s.Conditions[i].Values, "", visible)
					}
				}
			})
			read.Context = maps.Clone(c.Context)
			for key, values := range c.Context {
				read.Context[key] = replaced(values, "", visible)
			}
			return read
		},
	},
	{
		"an IPv6 address is none of those that NotIpAddress has beside an IPv4 one",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress",
		func(c *authz.Case) *authz.Case {
			return rewritten(c, func(s *authz.Statement) {
				for i := range s.Conditions {
					o := &s.Conditions[i]
					if strings.Contains(o.Operator, "NotIpAddress") && otherFamily(c.Context[strings.ToLower(o.Key)], o.Values) {
						*o = never
					}
				}
			})
		},
	},
	{
		"the network 0.0.0.0/0 holds no address",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress",
		func(c *authz.Case) *authz.Case {
			return rewritten(c, func(s *authz.Statement) {
				for i := range s.Conditions {
					s.Conditions[i].Values = replaced(s.Conditions[i].Values, "0.0.0.0/0", "255.255.255.255/32")
				}
			})
		},
	},
	{
		"a negated operator is not met by a variable without a value",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value",
		func(c *authz.Case) *authz.Case {
			return rewritten(c, func(s *authz.Statement) {
				for i := range s.Conditions {
					o := &s.Conditions[i]
					if strings.Contains(o.Operator, "StringNot") && slices.ContainsFunc(o.Values, func(v string) bool { return unbound(v, &c.Request) }) {
						*o = never
					}
				}
			})
		},
	},
	{
		"NotResource with a variable without a value is about nothing",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value",
		func(c *authz.Case) *authz.Case {
			return rewritten(c, func(s *authz.Statement) {
				if slices.ContainsFunc(s.NotResources, func(v string) bool { return unbound(v, &c.Request) }) {
					s.NotResources = []string{"*"}
				}
			})
		},
	},
	{
		"${*} stands for an asterisk in patterns only",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars",
		func(c *authz.Case) *authz.Case {
			return rewritten(c, func(s *authz.Statement) {
				for i := range s.Conditions {
					if !strings.Contains(s.Conditions[i].Operator, "Like") {
						s.Conditions[i].Values = replaced(s.Conditions[i].Values, "a${*}", "never")
					}
				}
			})
		},
	},
	{
		"an ARN operator takes the colon of a variable for one of the ARN's",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN",
		func(c *authz.Case) *authz.Case {
			return rewritten(c, func(s *authz.Statement) {
				for i := range s.Conditions {
					o := &s.Conditions[i]
					for j, value := range o.Values {
						if strings.Contains(o.Operator, "Arn") && strings.Contains(value, "${") {
							o.Values = replaced(o.Values, o.Values[j], "arn:aws:none:::none")
						}
					}
				}
			})
		},
	},
	{
		"variables stand in a policy of the older version as well",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html",
		func(c *authz.Case) *authz.Case {
			return remade(c, func(p *authz.Policy) *authz.Policy {
				return authz.New(p.Kind, p.Name, policy.Version, p.Statements, p.Source)
			})
		},
	},
	{
		"a wildcard in the type of a resource, which the guide does not allow, stands for nothing",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html#arns-paths",
		func(c *authz.Case) *authz.Case {
			return rewritten(c, func(s *authz.Statement) {
				s.Resources, s.NotResources = withoutWildTypes(s.Resources), withoutWildTypes(s.NotResources)
			})
		},
	},
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
