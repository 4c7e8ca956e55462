package judge

import (
	"fmt"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
)

// simulation is a case as the simulator takes it.
type simulation struct {
	Request                    request         `json:"request"`
	SessionPolicy              *document       `json:"sessionPolicy,omitempty"`
	IdentityPolicies           []namedDocument `json:"identityPolicies"`
	ServiceControlPolicies     []level         `json:"serviceControlPolicies"`
	ResourceControlPolicies    []level         `json:"resourceControlPolicies"`
	ResourcePolicy             *document       `json:"resourcePolicy,omitempty"`
	PermissionBoundaryPolicies []namedDocument `json:"permissionBoundaryPolicies,omitempty"`
}

type request struct {
	Principal string `json:"principal"`
	Action    string `json:"action"`
	Resource  struct {
		Resource  string `json:"resource"`
		AccountID string `json:"accountId"`
	} `json:"resource"`
	ContextVariables authz.Context `json:"contextVariables"`
}

type level struct {
	OrgIdentifier string          `json:"orgIdentifier"`
	Policies      []namedDocument `json:"policies"`
}

type namedDocument struct {
	Name   string    `json:"name"`
	Policy *document `json:"policy"`
}

// document is a policy document.
type document struct {
	Version   string      `json:"Version,omitempty"`
	Statement []statement `json:"Statement"`
}

type statement struct {
	Effect       string                         `json:"Effect"`
	Principal    any                            `json:"Principal,omitempty"`
	NotPrincipal any                            `json:"NotPrincipal,omitempty"`
	Action       []string                       `json:"Action,omitempty"`
	NotAction    []string                       `json:"NotAction,omitempty"`
	Resource     []string                       `json:"Resource,omitempty"`
	NotResource  []string                       `json:"NotResource,omitempty"`
	Condition    map[string]map[string][]string `json:"Condition,omitempty"`
}

func simulationOf(c *authz.Case) (*simulation, error) {
	s := &simulation{
		IdentityPolicies: namedDocuments(c.Identity), PermissionBoundaryPolicies: namedDocuments(c.Boundary),
		ServiceControlPolicies: []level{}, ResourceControlPolicies: []level{},
	}
	for i, policies := range c.Organization {
		s.ServiceControlPolicies = append(s.ServiceControlPolicies, level{fmt.Sprintf("level-%d", i), namedDocuments(policies)})
	}
	var err error
	if s.SessionPolicy, err = only(c.Session); err != nil {
		return nil, err
	}
	if s.ResourcePolicy, err = joined(c.Resource); err != nil {
		return nil, err
	}
	s.Request.Principal = principalOf(c.Principal)
	s.Request.Action = c.Action
	s.Request.Resource.Resource, s.Request.Resource.AccountID = c.Request.Resource, authz.OwnerOf(&c.Request)
	s.Request.ContextVariables = authz.Known(&c.Request)
	for key, values := range c.Context {
		s.Request.ContextVariables[key] = values
	}
	return s, nil
}

// principalOf is a service, an identity, or the ARN of a role's session.
func principalOf(p authz.Principal) string {
	switch {
	case p.Service != "":
		return p.Service
	case p.Session == "":
		return p.ARN
	}
	account, path, _ := strings.Cut(strings.Replace(p.ARN, ":iam:", ":sts:", 1), ":role/")
	return account + ":assumed-role/" + path[strings.LastIndexByte(path, '/')+1:] + "/" + p.Session
}

// only is the document of at most one policy, which is all that the simulator takes.
func only(policies []*authz.Policy) (*document, error) {
	switch len(policies) {
	case 0:
		return nil, nil
	case 1:
		return documentOf(policies[0]), nil
	}
	return nil, fmt.Errorf("the simulator takes one %s, not %d", policies[0].Kind, len(policies))
}

// joined is one document with the statements of all policies that a resource has, such as
// the permissions of a function.
func joined(policies []*authz.Policy) (*document, error) {
	var one *document
	for _, p := range policies {
		d := documentOf(p)
		switch {
		case one == nil:
			one = d
		case one.Version != d.Version:
			return nil, fmt.Errorf("the simulator takes one %s, not some of version %q and some of %q", p.Kind, one.Version, d.Version)
		default:
			one.Statement = append(one.Statement, d.Statement...)
		}
	}
	return one, nil
}

func namedDocuments(policies []*authz.Policy) []namedDocument {
	all := []namedDocument{}
	for i, p := range policies {
		all = append(all, namedDocument{fmt.Sprintf("%d", i), documentOf(p)})
	}
	return all
}

func documentOf(p *authz.Policy) *document {
	d := &document{Version: p.Version, Statement: []statement{}}
	for i := range p.Statements {
		s := &p.Statements[i]
		d.Statement = append(d.Statement, statement{
			Effect: string(s.Effect), Principal: principalsOf(s.Principals), NotPrincipal: principalsOf(s.NotPrincipals),
			Action: s.Actions, NotAction: s.NotActions, Resource: s.Resources, NotResource: s.NotResources, Condition: conditionsOf(s.Conditions),
		})
	}
	return d
}

func principalsOf(all []authz.Principals) any {
	if len(all) == 0 {
		return nil
	}
	byType := map[string][]string{}
	for _, p := range all {
		if p.Type == "*" {
			return "*"
		}
		byType[p.Type] = append(byType[p.Type], p.Value)
	}
	return byType
}

func conditionsOf(all []authz.Condition) map[string]map[string][]string {
	block := map[string]map[string][]string{}
	for _, c := range all {
		if block[c.Operator] == nil {
			block[c.Operator] = map[string][]string{}
		}
		block[c.Operator][c.Key] = c.Values
	}
	return block
}
