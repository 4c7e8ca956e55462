package authz

import "github.com/foldstack/foldstack/generator/policy"

// Kind is the part that a policy plays in an evaluation.
type Kind string

// The kinds.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#access_policy-types
const (
	Identity     Kind = "identity policy"
	Boundary     Kind = "permissions boundary"
	Session      Kind = "session policy"
	Resource     Kind = "resource policy"
	Trust        Kind = "trust policy"
	Organization Kind = "service control policy"
)

// OfResource reports whether a policy of this kind is attached to a resource and says
// itself whom it is about.
func (k Kind) OfResource() bool { return k == Resource || k == Trust }

// Policy is one policy document. [Parse] and [New] make policies that are quick to
// evaluate; a changed copy wants to be made by New again.
type Policy struct {
	Kind       Kind
	Name       string // how people find it, such as "policy deploy of the role acme-dev-deploy"
	Version    string // of the policy language; the older one, which is meant where none is given, knows no variables
	Statements []Statement
	Source     any // what the caller knows the policy by

	compiled *compiledPolicy
}

// New makes a policy of statements. It numbers them and makes them its own.
func New(kind Kind, name, version string, statements []Statement, source any) *Policy {
	p := &Policy{Kind: kind, Name: name, Version: version, Statements: append([]Statement(nil), statements...), Source: source}
	for i := range p.Statements {
		p.Statements[i].Policy, p.Statements[i].Index = p, i
	}
	p.compiled = compilePolicy(p)
	return p
}

// variables reports whether ${…} means anything in the policy.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
func (p *Policy) variables() bool { return p != nil && p.Version == policy.Version }

// Statement is one statement, in the order and with the index that the document gives
// it. Lists that a document may write as one text are lists here.
type Statement struct {
	Policy *Policy
	Index  int
	Sid    string
	Effect policy.Effect

	Principals    []Principals // none of an identity policy
	NotPrincipals []Principals
	Actions       []string // patterns as written
	NotActions    []string
	Resources     []string // patterns as written; policy variables stay in them
	NotResources  []string
	Conditions    []Condition
}

// Principals is one entry of Principal or NotPrincipal.
type Principals struct {
	Type  string // "AWS", "Service", "Federated" or "CanonicalUser"; "*" of a bare asterisk
	Value string // "*", an account id, an ARN, the name of a service
}

// Condition is one operator and key with its values, all as written.
type Condition struct {
	Operator string // such as "ForAnyValue:StringLikeIfExists"
	Key      string
	Values   []string
}
