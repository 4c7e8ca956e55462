package policy

// Document is an IAM policy document. Texts may be encoded intrinsics.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type Document struct {
	Version    string      `json:"Version"`
	Statements []Statement `json:"Statement"`
}

// Statement is one statement of a policy.
type Statement struct {
	Sid          string      `json:"Sid,omitempty"`
	Effect       Effect      `json:"Effect"`
	Principal    Principal   `json:"Principal,omitempty"`
	NotPrincipal Principal   `json:"NotPrincipal,omitempty"`
	Actions      []string    `json:"Action,omitempty"`
	NotActions   []string    `json:"NotAction,omitempty"`
	Resources    []string    `json:"Resource,omitempty"`
	NotResources []string    `json:"NotResource,omitempty"`
	Conditions   []Condition `json:"Condition,omitempty"` // rendered as operator: {key: values}
}

// Effect is Allow or Deny; empty means Allow.
type Effect string

// The two effects.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// Principal is who a statement of a resource or trust policy is about.
type Principal struct {
	AWS      []string // account roots, roles, or "*"
	Services []string // service principals, such as lambda.amazonaws.com
}

// Condition is one operator and key with its values.
type Condition struct {
	Operator string // such as "StringEquals"
	Key      string // such as "aws:SourceAccount"
	Values   []string
}
