package demand

import (
	"maps"
	"slices"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/symbol"
)

// caller is somebody who calls at one moment of a delivery.
type caller struct {
	principal authz.Principal
	account   string
	step      Step
	cause     diag.Place
	page      string
}

// calls are requests for actions on a thing. Every service of a delivery calls by TLS.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
func (c caller) calls(why string, on thing, actions ...string) []Demand {
	if c.principal == (authz.Principal{}) || on.arn == "" { // a hand-written template may leave out even a role
		return nil
	}
	demands := make([]Demand, 0, len(actions))
	context, narrowed := overTLS(on.context), c.narrowed(on)
	for _, action := range actions {
		demands = append(demands, Demand{
			Request:  authz.Request{Principal: c.principal, Action: action, Resource: on.arn, Owner: on.owner, Context: context},
			Within:   on.within,
			Narrowed: narrowed,
			Leeway:   on.leeway,
			Step:     c.step, Why: why, Cause: c.cause, Page: c.page,
		})
	}
	return demands
}

// byTLS is what every request carries.
var byTLS = authz.Context{secureTransport: {"true"}}

const secureTransport = "aws:securetransport"

// overTLS is the context of a call by TLS, unless it says how the call comes.
func overTLS(context authz.Context) authz.Context {
	if len(context) == 0 {
		return byTLS
	}
	if _, told := context[secureTransport]; told {
		return context
	}
	whole := make(authz.Context, len(byTLS)+len(context))
	maps.Copy(whole, byTLS)
	maps.Copy(whole, context)
	return whole
}

// narrowed are the keys on which a grant for the caller has to insist. A policy of a
// thing in another account that named a role would need the role to be there first, and
// would lose it when it is made again; so it names the account and insists on the role.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
func (c caller) narrowed(on thing) []string {
	owner := on.owner
	if owner == "" {
		owner = accountOf(on.arn, c.account)
	}
	if c.principal.ARN == "" || owner == c.account || slices.Contains(on.narrowed, principalARN) {
		return on.narrowed
	}
	return append([]string{principalARN}, on.narrowed...)
}

const principalARN = "aws:principalarn"

// The calls by which a role is taken, and given to a service.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
const (
	assumeRole = "sts:AssumeRole"
	passRole   = "iam:PassRole"
)

// from is the caller with another page that says what it does.
func (c caller) from(page string) caller {
	c.page = page
	return c
}

// as is somebody else at the same moment: a role.
func (c caller) as(role string) caller {
	c.principal = authz.Principal{ARN: role}
	c.account = accountOf(role, c.account)
	return c
}

// asService is a service that calls at the same moment. It says for whom only where it
// is documented to.
func (c caller) asService(service string) caller {
	c.principal = authz.Principal{Service: service}
	return c
}

// thing is what calls are made on, and what such requests carry.
type thing struct {
	arn      string
	owner    string   // where the ARN does not name the account
	within   []string // see Demand
	context  authz.Context
	narrowed []string // see Demand
	leeway   authz.Context
}

// exactly is one resource, which a grant has to name.
func exactly(arn string) thing { return thing{arn: arn, within: []string{arn}} }

// below is a resource the end of whose name is chosen by somebody else, so that a
// grant has to leave the end open.
func below(prefix, end string) thing {
	return thing{arn: prefix + symbol.New(end), within: []string{prefix + "*"}}
}

// everything is for actions that know no resource.
func everything() thing { return exactly("*") }

// with is the thing in requests that carry a key, over TLS.
func (t thing) with(key string, values ...string) thing {
	context := maps.Clone(overTLS(t.context))
	context[key] = values
	t.context = context
	return t
}

// narrowedBy is the thing in requests that carry a key on which grants have to insist.
func (t thing) narrowedBy(key string, values ...string) thing {
	t.narrowed = append(slices.Clone(t.narrowed), key)
	return t.with(key, values...)
}

// upTo lets conditions of grants hold patterns for a key on which they have to insist.
func (t thing) upTo(key string, patterns ...string) thing {
	leeway := authz.Context{}
	maps.Copy(leeway, t.leeway)
	leeway[key] = patterns
	t.leeway = leeway
	return t
}

// sentFor is a thing in requests that a service makes for one of its resources. A grant
// that does not name the resource would serve everybody who can make the service call.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
func (t thing) sentFor(source, account string) thing {
	return t.narrowedBy("aws:sourcearn", source).with("aws:sourceaccount", account)
}

// ofOwner is a thing whose ARN does not say whose it is.
func (t thing) ofOwner(account string) thing {
	t.owner = account
	return t
}

// inAnyRegion lets grants leave the region open: a role is global, and where its
// permissions name a resource by a name of its own, the same one serves every region.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/introduction.html
func (t thing) inAnyRegion() thing {
	within := make([]string, len(t.within))
	for i, pattern := range t.within {
		within[i] = inRegion(pattern, "*")
	}
	t.within = within
	return t
}
