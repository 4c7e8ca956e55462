package authz

// Request is one call as AWS sees it. Texts may hold symbols.
type Request struct {
	Principal Principal
	Action    string // such as "s3:GetObject"
	Resource  string // an ARN, or "*" where the action knows no resource
	Owner     string // the account that owns the resource; where empty, that of the ARN, and else the principal's
	Context   Context
}

// Principal is who calls.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
type Principal struct {
	ARN     string // of a role, a user or an account's root; empty of a service
	Session string // of a role: the name of its session; "" is as good as any
	Service string // of a service that calls by itself, such as "events.amazonaws.com"
	Account string // of a service: the account for which it calls, for the keys that say so; else that of the ARN
}

// Context is what a request carries beside, by lower-case key. A key that is not there
// is absent; a list of no values is a set without members.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
type Context map[string][]string

// Case is a request with all policies that have a say in it. Organization holds one list
// of policies per level, from the root to the account.
type Case struct {
	Request
	Organization [][]*Policy
	Boundary     []*Policy // none: no boundary; a role has at most one
	Session      []*Policy
	Identity     []*Policy
	Resource     []*Policy // the resource's own policy: a key's, a bucket's; of sts:AssumeRole the trust policy
}

// Verdict is how an evaluation ends.
type Verdict string

// The verdicts.
const (
	Allowed      Verdict = "allowed"
	ExplicitDeny Verdict = "denied by a statement"
	ImplicitDeny Verdict = "allowed by no statement"
)

// Decision is a verdict and what it rests on.
type Decision struct {
	Verdict Verdict
	By      []Match // what allows it: one per policy kind that had to; or the statement that denies it
	Missing []Kind  // of an implicit deny: what would have had to allow it
}

// Match is a statement that a request matches.
type Match struct {
	Kind      Kind
	Statement *Statement
}
