package demand

import (
	"slices"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Prohibitions are the requests in an estate that must be refused, whoever would like
// them to be allowed.
//
// base is the estate in which the delivery itself stands: pipelines, their roles, keys
// and buckets; without a pipeline there is none. Where it is the estate that is asked about, what comes out are the ways in
// which the roles of a delivery could become more than they are, and in which others
// could get at what it stands on. Of every estate they are the ways out of a permissions
// boundary, and what must not reach its buckets, queues and topics. Beside the delivery,
// policies that users wrote are their business: a request that one of them may refuse or
// let pass is Spare.
//
// A role under a boundary may be permitted anything, and foldstack.yaml may open more to
// the role of CloudFormation. Such requests have the policies that decide about that in
// Opened: what refuses them must be something else.
//
// https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/
func Prohibitions(e, base *estate.Estate) []Demand {
	p := &prohibited{delivery: deliveryOf(base)}
	if e == base {
		p.widening()
		p.tooling()
		p.crossing()
		p.intrusion()
	}
	p.escape(e)
	p.plaintext(e, func(policy *estate.Resource) bool { return e != base && policy.Entry.Written() })
	return p.demands
}

// prohibited gathers what must be refused.
type prohibited struct {
	*delivery
	demands []Demand
}

// Policies that are taken to allow everything. See [Demand].
var (
	asWritten  []authz.Kind
	anyPolicy  = []authz.Kind{authz.Identity}
	anyCeiling = []authz.Kind{authz.Identity, authz.Boundary}
)

// refuse adds requests that must be refused though some policies allow everything.
func (p *prohibited) refuse(c caller, opened []authz.Kind, why string, on thing, actions ...string) {
	for _, d := range c.calls(why, on, actions...) {
		d.Within, d.Narrowed, d.Forbidden, d.Opened = nil, nil, true, opened
		p.demands = added(p.demands, &d)
	}
}

// never is somebody who must not do something.
func never(principal authz.Principal, account string, cause *estate.Resource, page string) caller {
	who := principal.Service
	if principal.ARN != "" {
		who = symbol.Show(nameOf(principal.ARN))
	}
	return caller{principal: principal, account: account, step: Step{Stage: "Never", Action: who}, cause: cause.At(), page: page}
}

// neverRole is a role of an estate that must not do something.
func neverRole(role *estate.Resource, page string) caller {
	return never(authz.Principal{ARN: role.ARN}, role.Stack.Account, role, page)
}

// Roles that nobody has made. They hold for every other, because a symbol is like
// nothing that a policy names.
const (
	foreignAccount = "another account"
	foreignRole    = "another role"
)

// stranger is any other role of an account.
func stranger(partition model.Partition, account string) authz.Principal {
	return authz.Principal{ARN: roleIn(partition, account, symbol.New(foreignRole))}
}

func roleIn(partition model.Partition, account, name string) string {
	return arnOf(partition, "iam", "", account, "role/"+name)
}

// servicesOf are the services that may assume a role, and whether anybody else may.
func servicesOf(role *estate.Resource) (services []string, others bool) {
	for _, s := range statementsAt(role.Properties, "AssumeRolePolicyDocument") {
		principal := mapAt(s, "Principal")
		services = append(services, oneOrMany(principal.Get("Service"))...)
		others = others || principal.Has("AWS")
	}
	return services, others
}

// assumedBy reports whether a service may assume a role.
func assumedBy(role *estate.Resource, service string) bool {
	services, _ := servicesOf(role)
	return slices.Contains(services, service)
}

// bounded is the boundary of a role, or "".
func bounded(role *estate.Resource) string { return textAt(role.Properties, "PermissionsBoundary") }
