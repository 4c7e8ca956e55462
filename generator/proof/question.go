package proof

import (
	"slices"
	"strings"
	"sync"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// question is demands as they are put to the policies. One of a class holds for all its
// members; one that reaches out of the class is put for each member.
type question struct {
	demands []*demand.Demand // that make this request; seldom more than one
	parts   []*bundle        // where one request stands for several that differ
	family  *family          // where one request stands for those of a family
	request authz.Request
	member  *Member  // of one that reaches out of its class, or is asked region by region
	targets []Member // for which the answer holds; none in the base
	scope   *scope
	levels  [][]*authz.Policy // of the organisation, that hold for the caller

	caller    *caller          // nil of a service, and of a principal that no template makes
	identity  []*authz.Policy  // and the others, as they were gathered
	resource  []*authz.Policy  //
	owner     *estate.Resource // nil of a resource that no template makes
	elsewhere bool             // the resource has a policy that nobody here knows
	within    bool             // the resource's policies are those of the class, too
}

// scope is an estate with what was gathered of it, and of what it can reach beyond.
type scope struct {
	*register
	base          *scope               // nil of the base itself
	organizations []organization       // of a class
	local         localities           // of a class
	lineups       map[string][]*lineup // of families, by the first resource
	lifts         sync.Map             // *authz.Policy by liftKey
}

func newScope(set *Set, c *Class, base *scope) *scope {
	s := &scope{register: gather(c.Estate), base: base, organizations: set.organizations(c.Members), lineups: map[string][]*lineup{}}
	s.local = s.localities(c.Members)
	return s
}

// organization is the levels that hold for some members of a class.
type organization struct {
	levels  [][]*authz.Policy
	members []Member
}

// ask makes the questions of the base: every demand is one.
func (s *scope) ask(demands []demand.Demand, levels func(account string) [][]*authz.Policy) []*question {
	var list []*question
	for i := range demands {
		d := &demands[i]
		q := s.question(d, d.Request)
		q.levels = levels(callerAccount(d.Request))
		list = append(list, &q)
	}
	return list
}

// question is a request as it is put to the policies of the scope.
func (s *scope) question(d *demand.Demand, request authz.Request) question {
	q := question{demands: []*demand.Demand{d}, request: request, scope: s}
	q.resolve(s)
	return q
}

func callerAccount(r authz.Request) string {
	if r.Principal.Account != "" {
		return r.Principal.Account
	}
	return arn.Account(r.Principal.ARN)
}

// resolve finds who has a say: the caller's policies here or in the base, the resource's
// in g.
func (q *question) resolve(g *scope) {
	q.request.Resource = g.behindAlias(q.request)
	q.owner = g.owner(q.request.Resource)
	q.resource = g.policiesOf(q.request, q.owner)
	if q.owner != nil && q.request.Owner == "" {
		q.request.Owner = q.owner.Stack.Account
	}
	q.elsewhere = q.owner == nil && q.foreign()
	for s := g; s != nil && q.caller == nil; s = s.base {
		q.caller = s.callers[q.request.Principal.ARN]
	}
	if q.caller != nil {
		q.identity = q.caller.identity
	}
}

// foreign reports whether the answer hangs on a policy of the resource that no template
// of the estates holds: it lies in another account, or is a key, or it is a service that
// calls, which has no policies of its own.
func (q *question) foreign() bool {
	r := q.request
	if r.Principal.Service != "" {
		return !q.ofAWS()
	}
	other := r.Owner
	if other == "" {
		other = arn.Account(r.Resource)
	}
	return other != "" && other != callerAccount(r) || guarded(r.Resource) && (arn.Service(r.Resource) == "kms" && strings.Contains(r.Resource, ":key/") || taking[r.Action])
}

// behindAlias is the key that an alias stands for. Where a key is used by an alias,
// policies are asked about the key and never about the alias; only who makes or changes
// an alias is asked about that.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
func (g *register) behindAlias(r authz.Request) string {
	if !strings.HasPrefix(r.Action, "kms:") || strings.HasSuffix(r.Action, "Alias") || !strings.Contains(r.Resource, ":alias/") {
		return r.Resource
	}
	if key := g.owner(r.Resource); key != nil && key.ARN != "" {
		return key.ARN
	}
	return r.Resource
}

// askClass makes the questions of a class: those that stay in its estate once for each
// organisation that its members are in, those that reach out once for each member.
func (s *scope) askClass(c *Class) []*question {
	var list []*question
	var out bundles
	for i := range c.Demands {
		list = s.put(list, &c.Demands[i], c, &out)
	}
	for _, b := range out.merged() {
		for _, o := range s.organizations {
			for i := range o.members {
				list = append(list, s.lift(b, &o.members[i], o.levels))
			}
		}
	}
	return list
}

// forMembers adds a question that stays in the class, once for each organisation that its
// members are in.
func (q question) forMembers(list []*question) []*question {
	for _, o := range q.scope.organizations {
		one := q
		one.targets, one.levels = o.members, o.levels
		list = one.byPlace(list)
	}
	return list
}

// reachesOut reports whether a resource that the class does not hold has to be named for
// each member: the base holds it.
func (s *scope) reachesOut(resource string, c *Class) bool {
	return len(c.Members) > 0 && s.base.owner(c.Members[0].in(resource)) != nil
}

// lift puts a request as a member of the class makes it.
func (s *scope) lift(b *bundle, m *Member, levels [][]*authz.Policy) *question {
	q := &question{demands: b.demands, parts: b.parts, request: m.request(b.request), member: m, targets: []Member{*m}, scope: s, levels: levels}
	q.caller = s.callers[b.request.Principal.ARN]
	q.resolve(s.base)
	return q
}

// request is a request of the class as the member makes it.
func (m Member) request(r authz.Request) authz.Request {
	r.Resource, r.Owner = m.in(r.Resource), m.in(r.Owner)
	r.Principal = authz.Principal{
		ARN: m.in(r.Principal.ARN), Session: m.in(r.Principal.Session), Service: r.Principal.Service, Account: m.in(r.Principal.Account),
	}
	if r.Context != nil {
		context := make(authz.Context, len(r.Context))
		for key, values := range r.Context {
			context[key] = m.all(values)
		}
		r.Context = context
	}
	return r
}

func (m Member) all(texts []string) []string {
	if !slices.ContainsFunc(texts, symbol.In) {
		return texts
	}
	list := make([]string, len(texts))
	for i, t := range texts {
		list[i] = m.in(t)
	}
	return list
}
