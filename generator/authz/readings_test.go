package authz_test

import (
	"maps"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
)

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
			return rewritten(c, func(s *authz.Statement) {
				if s.Effect != policy.Deny {
					s.Actions, s.NotActions = []string{"none:None"}, nil
				}
			})
		},
	},
	{
		"ForAnyValue is not met by an absent key, whatever IfExists says",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists",
		func(c *authz.Case) *authz.Case {
			return reconditioned(c, func(o *authz.Condition) {
				if strings.HasPrefix(o.Operator, "ForAnyValue:") {
					o.Operator = strings.TrimSuffix(o.Operator, "IfExists")
				}
			})
		},
	},
	{
		"a key with a set of no members is there",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
		func(c *authz.Case) *authz.Case {
			return reconditioned(c, func(o *authz.Condition) {
				values, there := c.Context[strings.ToLower(o.Key)]
				if o.Operator == "Null" && there && strings.Join(values, "") == "" {
					o.Key = "aws:PrincipalIsAWSService"
				}
			})
		},
	},
	{
		"a negated ForAllValues is not met by a set of no members",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
		func(c *authz.Case) *authz.Case {
			return reconditioned(c, func(o *authz.Condition) {
				values, there := c.Context[strings.ToLower(o.Key)]
				if strings.HasPrefix(o.Operator, "ForAllValues:StringNot") && there && len(values) == 0 {
					*o = never
				}
			})
		},
	},
	{
		"an empty text is a member of a set",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
		func(c *authz.Case) *authz.Case {
			const visible = "(empty)"
			read := reconditioned(c, func(o *authz.Condition) {
				if strings.Contains(o.Operator, "String") {
					o.Values = replaced(o.Values, "", visible)
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
			return reconditioned(c, func(o *authz.Condition) {
				if strings.Contains(o.Operator, "NotIpAddress") && otherFamily(c.Context[strings.ToLower(o.Key)], o.Values) {
					*o = never
				}
			})
		},
	},
	{
		"the network 0.0.0.0/0 holds no address",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress",
		func(c *authz.Case) *authz.Case {
			return reconditioned(c, func(o *authz.Condition) {
				o.Values = replaced(o.Values, "0.0.0.0/0", "255.255.255.255/32")
			})
		},
	},
	{
		"a negated operator is not met by a variable without a value",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value",
		func(c *authz.Case) *authz.Case {
			return reconditioned(c, func(o *authz.Condition) {
				if strings.Contains(o.Operator, "StringNot") && slices.ContainsFunc(o.Values, func(v string) bool { return unbound(v, &c.Request) }) {
					*o = never
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
			return reconditioned(c, func(o *authz.Condition) {
				if !strings.Contains(o.Operator, "Like") {
					o.Values = replaced(o.Values, "a${*}", "never")
				}
			})
		},
	},
	{
		"an ARN operator takes the colon of a variable for one of the ARN's",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN",
		func(c *authz.Case) *authz.Case {
			return reconditioned(c, func(o *authz.Condition) {
				for j, value := range o.Values {
					if strings.Contains(o.Operator, "Arn") && strings.Contains(value, "${") {
						o.Values = replaced(o.Values, o.Values[j], "arn:aws:none:::none")
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
