package authz

import (
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/symbol"
)

// identity is the sort of caller that IAM tells apart.
type identity uint8

const (
	someone identity = iota // of whom no policy can know the name
	service
	root
	user
	role
)

// caller is a principal, read once.
type caller struct {
	Principal
	identity identity
	account  string
	name     string // of a user or role, without its path
}

func callerOf(p Principal) caller {
	c := caller{Principal: p, account: p.Account}
	if p.Service != "" {
		c.identity = service
		return c
	}
	a, ok := arn.Parse(p.ARN)
	if !ok {
		return c
	}
	c.account = a.Account
	switch {
	case a.Resource == "root":
		c.identity = root
	case strings.HasPrefix(a.Resource, "user/"):
		c.identity = user
	case strings.HasPrefix(a.Resource, "role/"):
		c.identity = role
	}
	c.name = a.Resource[strings.LastIndexByte(a.Resource, '/')+1:]
	return c
}

// naming is how closely a Principal element names a caller. It decides what else has
// to allow a request within an account.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
type naming uint8

const (
	unnamed   naming = iota
	byAccount        // the account's own policies decide
	byName           // boundary and session policies limit what is granted to a role
	directly         // nothing but a deny limits what is granted to a user, a session or everybody
)

// namedSort is what an entry of a Principal element names.
type namedSort uint8

const (
	nobody namedSort = iota // an id of a role or user that is gone, or a sort of principal that no request here has
	everybody
	anAccount
	anIdentity
	aSession
	aService
)

// named is an entry of a Principal element, read once.
type named struct {
	sort    namedSort
	text    string // the ARN, the service; of an account and a session the account
	role    string // of a session
	session string
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func readNamed(p Principals) named {
	switch p.Type {
	case "*":
		return named{sort: everybody}
	case "Service":
		return named{sort: aService, text: p.Value}
	case "AWS":
		return readNamedAWS(p.Value)
	default:
		return named{}
	}
}

func readNamedAWS(text string) named {
	if text == "*" {
		return named{sort: everybody}
	}
	a, ok := arn.Parse(text)
	switch {
	case !ok && isAccount(text):
		return named{sort: anAccount, text: text}
	case !ok:
		return named{}
	case a.Service == "iam" && a.Resource == "root":
		return named{sort: anAccount, text: a.Account}
	case a.Service == "sts" && strings.HasPrefix(a.Resource, "assumed-role/"):
		role, session, _ := strings.Cut(strings.TrimPrefix(a.Resource, "assumed-role/"), "/")
		return named{sort: aSession, text: a.Account, role: role, session: session}
	default:
		return named{sort: anIdentity, text: text}
	}
}

// isAccount reports whether a text is an account id or the symbol of one.
func isAccount(text string) bool {
	if n := symbol.Width(text); n > 0 {
		return n == len(text)
	}
	return len(text) == 12 && strings.Trim(text, "0123456789") == ""
}

func (n *named) names(c *caller) naming {
	switch {
	case n.sort == everybody:
		return directly
	case n.sort == aService && c.identity == service:
		if n.text == c.Service || n.text == "*" {
			return directly
		}
	case n.sort == anAccount && c.identity != service && n.text == c.account:
		if c.identity == root {
			return directly
		}
		return byAccount
	case n.sort == anIdentity && c.ARN != "" && n.text == c.ARN:
		if c.identity == role {
			return byName
		}
		return directly
	case n.sort == aSession && c.identity == role && c.Session != "" &&
		n.text == c.account && n.role == c.name && n.session == c.Session:
		return directly
	}
	return unnamed
}

func closest(entries []named, c *caller) naming {
	best := unnamed
	for i := range entries {
		best = max(best, entries[i].names(c))
	}
	return best
}

// excepted reports whether NotPrincipal leaves a caller out. What allows everybody but
// the named leaves out all that they could mean. What denies everybody but the named
// leaves out a user or role only where its account is named as well, and nobody who
// has a permissions boundary.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
func excepted(entries []named, c *call, effect policy.Effect) bool {
	if effect != policy.Deny || c.caller.identity == service {
		return closest(entries, &c.caller) != unnamed
	}
	if c.bounded {
		return false
	}
	account, itself := c.caller.identity == root, false
	for i := range entries {
		switch e := &entries[i]; e.sort {
		case everybody:
			return true
		case anAccount:
			account = account || e.names(&c.caller) != unnamed
			itself = itself || e.names(&c.caller) == directly
		case anIdentity:
			itself = itself || e.names(&c.caller) != unnamed
		}
	}
	return account && itself
}
