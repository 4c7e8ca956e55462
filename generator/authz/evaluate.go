package authz

import (
	"slices"
	"sync"
)

// Evaluate answers a case.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
func Evaluate(c *Case) Decision {
	read := calls.Get().(*call)
	defer calls.Put(read)
	e := evaluation{Case: c, call: read.of(&c.Request)}
	e.call.bounded = len(c.Boundary) > 0
	if denied, ok := e.denied(); ok {
		return Decision{Verdict: ExplicitDeny, By: []Match{denied}}
	}
	e.decide()
	if len(e.missing) > 0 {
		return Decision{Verdict: ImplicitDeny, Missing: e.missing}
	}
	return Decision{Verdict: Allowed, By: e.by}
}

// calls are used again: a proof asks very many questions.
var calls = sync.Pool{New: func() any { return new(call) }}

// evaluation is a case on its way to a decision.
type evaluation struct {
	*Case
	call    *call
	by      []Match
	missing []Kind
}

// denied is the first statement that denies. A service is asked by nothing but the
// resource: the other policies are those of an identity, which it is not.
func (e *evaluation) denied() (Match, bool) {
	if e.call.caller.identity != service {
		for _, level := range e.Organization {
			if m, ok := e.deniedBy(level); ok {
				return m, true
			}
		}
		for _, policies := range [...][]*Policy{e.Boundary, e.Session, e.Identity} {
			if m, ok := e.deniedBy(policies); ok {
				return m, true
			}
		}
	}
	return e.deniedBy(e.Case.Resource)
}

func (e *evaluation) deniedBy(policies []*Policy) (Match, bool) {
	for _, p := range policies {
		if s := p.read().deny.first(e.call); s != nil {
			return Match{Kind: p.Kind, Statement: s}, true
		}
	}
	return Match{}, false
}

// decide gathers what allows the request, or what would have had to.
func (e *evaluation) decide() {
	granted, naming := e.grantedByResource()
	if e.call.caller.identity == service {
		e.need(granted != nil, e.resourceKind(), granted)
		return
	}
	e.needOrganization()
	if e.call.caller.account != e.call.owner {
		e.need(granted != nil, e.resourceKind(), granted)
		e.needIdentity()
		return
	}
	guarded := e.call.assumes() || e.call.unlocks()
	switch {
	case guarded && granted == nil:
		e.need(false, e.resourceKind(), nil)
		e.needIdentity()
	case guarded && naming == byAccount:
		e.need(true, e.resourceKind(), granted)
		e.needIdentity()
	case naming < byName || !guarded && e.identityAllows():
		e.needIdentity()
	default:
		e.need(true, e.resourceKind(), granted)
		if naming == byName {
			e.needLimits()
		}
	}
}

func (e *evaluation) need(ok bool, kind Kind, s *Statement) {
	switch {
	case ok && s != nil:
		e.by = append(e.by, Match{Kind: kind, Statement: s})
	case !ok && !slices.Contains(e.missing, kind):
		e.missing = append(e.missing, kind)
	}
}

// needOrganization asks each level, of which none may be silent.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
func (e *evaluation) needOrganization() {
	for _, level := range e.Organization {
		s := e.allowedBy(level)
		e.need(s != nil, Organization, s)
	}
}

// needIdentity asks what limits and what grants on the side of the caller. An account's
// root user may do everything there.
func (e *evaluation) needIdentity() {
	if e.call.caller.identity == root {
		return
	}
	s := e.allowedBy(e.Identity)
	e.need(s != nil, Identity, s)
	e.needLimits()
}

// needLimits asks boundary and session policies.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
func (e *evaluation) needLimits() {
	for _, limit := range [...]struct {
		kind     Kind
		policies []*Policy
	}{{Boundary, e.Boundary}, {Session, e.Session}} {
		if len(limit.policies) > 0 {
			s := e.allowedBy(limit.policies)
			e.need(s != nil, limit.kind, s)
		}
	}
}

// identityAllows reports whether the caller's side is enough by itself.
func (e *evaluation) identityAllows() bool {
	alone := evaluation{Case: e.Case, call: e.call}
	alone.needIdentity()
	return len(alone.missing) == 0
}

func (e *evaluation) allowedBy(policies []*Policy) *Statement {
	for _, p := range policies {
		if s := p.read().allow.first(e.call); s != nil {
			return s
		}
	}
	return nil
}

// grantedByResource is the statement of the resource's policies that names the caller
// most closely.
func (e *evaluation) grantedByResource() (*Statement, naming) {
	var granted *Statement
	best := unnamed
	for _, p := range e.Case.Resource {
		for s := range p.read().allow.matching(e.call) {
			if n := s.names(e.call); n > best {
				granted, best = s.Statement, n
			}
		}
	}
	return granted, best
}

func (e *evaluation) resourceKind() Kind {
	if e.call.assumes() {
		return Trust
	}
	return Resource
}
