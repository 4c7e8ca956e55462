package proof

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Explain tells whether a role or a service may do an action on a resource, and why. Who
// calls is an ARN, a role's name or logical id, or the name of a service; so is the
// resource. Where the set has such a demand, the request carries what that does. Of an
// action that knows no resource the resource is "*", and so it is to ask for what is
// allowed on all resources at once.
func (p *Proof) Explain(who, action, resource string) (*Chain, error) {
	if err := definite(action, resource); err != nil {
		return nil, err
	}
	arn, err := p.resourceNamed(resource)
	if err != nil {
		return nil, err
	}
	q, err := p.questionOf(who, action, arn)
	if err != nil {
		return nil, err
	}
	a := q.answer(nil)
	g := group{first: &a, demands: 1, targets: q.targets}
	c := g.chain(nil)
	return &c, nil
}

// definite refuses what is no request: nobody ever calls s3:*, so nobody can.
func definite(action, resource string) error {
	switch {
	case strings.ContainsAny(action, "*?"):
		return fmt.Errorf("the action %s has a wildcard: name one action, such as s3:GetObject", action)
	case resource != "*" && strings.ContainsAny(resource, "*?"):
		return fmt.Errorf("the resource %s has a wildcard: name one resource, or * alone to ask for statements on all resources", resource)
	}
	return nil
}

func (p *Proof) questionOf(who, action, resource string) (*question, error) {
	if isService(who) {
		return p.put(found{scope: p.base}.at(resource), authz.Principal{Service: who, Account: arn.Account(resource)}, action), nil
	}
	f, err := p.callerNamed(who)
	if err != nil {
		return nil, err
	}
	return p.put(f.at(resource), authz.Principal{ARN: f.arn}, action), nil
}

func isService(who string) bool {
	return !strings.HasPrefix(who, "arn:") && strings.Contains(who, ".") && (strings.HasSuffix(who, ".com") || strings.HasSuffix(who, ".com.cn"))
}

// spot is a resource as a request of some estate names it.
type spot struct {
	found
	arn    string // as people write it
	inside string // as the estate knows it; empty where it does not hold the resource
}

func (f found) at(arn string) spot {
	inside, _ := f.abstract(arn)
	return spot{f, arn, inside}
}

// put makes the question that a request is: in the class of the caller where the resource
// lies there, and otherwise in the base. It carries what such a demand does, and
// otherwise no more than that it came by TLS.
func (p *Proof) put(at spot, who authz.Principal, action string) *question {
	request := authz.Request{Principal: who, Action: action, Resource: at.arn, Context: authz.Context{"aws:securetransport": {"true"}}}
	if arn.Account(at.arn) == "aws" { // what AWS hosts for everybody has no policy of its own
		request.Owner = callerAccount(request)
	}
	q := &question{request: request, scope: at.scope}
	if at.member != nil {
		q.targets = []Member{*at.member}
	}
	q.levels = p.set.levelsOf(callerAccount(at.concretely(q.request)))
	if at.member == nil || at.inside != "" {
		q.request.Resource = cmp.Or(at.inside, at.arn)
		q.resolve(at.scope)
		if at.member != nil {
			q = q.byPlace(nil)[0]
		}
	} else {
		q.member, q.request, q.caller = at.member, at.member.request(request), at.scope.callers[who.ARN]
		q.resolve(p.base)
	}
	q.demands = []*demand.Demand{{Request: q.request}}
	if known := p.known(q); known != nil {
		q.request.Context, q.demands = known.request.Context, known.demands[:1]
	}
	return q
}

// concretely is a request with the account of the member in which it is made.
func (f found) concretely(r authz.Request) authz.Request {
	if f.member == nil {
		return r
	}
	return f.member.request(r)
}

// asking is what questions about the same request share.
type asking struct {
	scope                          *scope
	arn, service, action, resource string
}

func (q *question) asking() asking {
	r := q.request
	return asking{q.scope, r.Principal.ARN, r.Principal.Service, strings.ToLower(r.Action), r.Resource}
}

// askings are those of every demand of a question.
func (q *question) askings() []asking {
	if q.family == nil {
		return []asking{q.asking()}
	}
	list := make([]asking, len(q.family.members))
	for i, n := range q.family.members {
		list[i] = q.asking()
		resource, _ := q.family.demand.On(n)
		list[i].resource = q.here(resource)
	}
	return list
}

// known is a question of the proof about the same request, or nil.
func (p *Proof) known(q *question) *question {
	p.byAsking.Do(func() {
		p.questions = make(map[asking]*question, len(p.answers))
		for i := range p.answers {
			o := p.answers[i].question
			for _, key := range o.askings() {
				if _, ok := p.questions[key]; !ok && !o.demands[0].Forbidden {
					p.questions[key] = o
				}
			}
		}
	})
	return p.questions[q.asking()]
}

// Access is who can do something, and by which statements.
type Access struct {
	Who        string   `json:"who"`
	Account    string   `json:"account,omitempty"`
	By         []string `json:"by"`
	Conditions []string `json:"conditions,omitempty"` // under which it holds
}

// WhoCan lists who of all estates may do an action on a resource. What statements ask of a
// request by conditions is taken to be so, and said. The resource may be "*", as Explain
// has it.
func (p *Proof) WhoCan(action, resource string) ([]Access, error) {
	if err := definite(action, resource); err != nil {
		return nil, err
	}
	arn, err := p.resourceNamed(resource)
	if err != nil {
		return nil, err
	}
	list := []Access{}
	seen := map[string]bool{}
	add := func(q *question) {
		if a, ok := q.access(); ok && !seen[a.Who+a.Account] {
			seen[a.Who+a.Account] = true
			list = append(list, a)
		}
	}
	for _, f := range p.everywhere() {
		at := f.at(arn)
		for _, caller := range sortedKeys(f.scope.callers) {
			add(p.put(at, authz.Principal{ARN: caller}, action))
		}
		for _, service := range at.services() {
			add(p.put(at, service, action))
		}
	}
	slices.SortStableFunc(list, func(a, b Access) int { return strings.Compare(a.Who, b.Who) })
	return list, nil
}

// Meant guesses which action was meant by one that no demand calls.
func (p *Proof) Meant(action string) (string, bool) {
	called := map[string]bool{}
	for i := range p.answers {
		called[p.answers[i].question.request.Action] = true
	}
	actions := slices.Sorted(maps.Keys(called))
	if slices.ContainsFunc(actions, func(known string) bool { return strings.EqualFold(known, action) }) {
		return "", false
	}
	return diag.Suggest(action, actions)
}

// services are the services that the policies of a resource name.
func (s spot) services() []authz.Principal {
	owner := s.scope.owner(s.inside)
	if owner == nil {
		return nil
	}
	policies := slices.Concat(s.scope.policies[s.inside], s.scope.policies[owner.ARN])
	if c := s.scope.callers[owner.ARN]; c != nil {
		policies = c.trust
	}
	var list []authz.Principal
	for _, p := range policies {
		for i := range p.Statements {
			for _, who := range p.Statements[i].Principals {
				one := authz.Principal{Service: who.Value, Account: owner.Stack.Account}
				if who.Type == "Service" && !slices.Contains(list, one) {
					list = append(list, one)
				}
			}
		}
	}
	return list
}

// access is what lets the question pass, its conditions taken to be met.
func (q *question) access() (Access, bool) {
	asked := q.caseOf(nil, true)
	fixed := authz.Known(&asked.Request)
	asked.Context = conceded(&asked, fixed)
	d := authz.Evaluate(&asked)
	if d.Verdict != authz.Allowed {
		return Access{}, false
	}
	a := Access{Who: shownCaller(q.named())}
	if q.request.Principal.Service != "" {
		a.Account = symbol.Show(callerAccount(q.request))
	}
	for _, m := range d.By {
		a.By = append(a.By, symbol.Show(asWritten(m.Statement).String()))
		for _, c := range m.Statement.Conditions {
			if _, ok := fixed[strings.ToLower(c.Key)]; !ok {
				a.Conditions = append(a.Conditions, c.Operator+" "+c.Key+" "+some(c.Values))
			}
		}
	}
	return a, true
}

// named is who calls, in the target that is asked about.
func (q *question) named() authz.Principal {
	if len(q.targets) != 1 {
		return q.request.Principal
	}
	return q.targets[0].request(q.request).Principal
}

// conceded is what a request carries, and for every other key the closest that a
// condition asks for which could let it pass.
func conceded(c *authz.Case, fixed authz.Context) authz.Context {
	closest := map[string]string{}
	for _, p := range slices.Concat(c.Identity, c.Resource) {
		for i := range p.Statements {
			s := &p.Statements[i]
			if s.Effect != policy.Allow || !about(s, c.Action) {
				continue
			}
			for _, condition := range s.Conditions {
				key := strings.ToLower(condition.Key)
				if _, ok := fixed[key]; !ok && positive(condition.Operator) && len(condition.Values) > 0 && len(condition.Values[0]) > len(closest[key]) {
					closest[key] = condition.Values[0]
				}
			}
		}
	}
	context := authz.Context{}
	for key, value := range closest {
		context[key] = []string{wildcard.Replace(value)}
	}
	maps.Copy(context, c.Context)
	return context
}

// wildcard makes of a pattern a text that it matches.
var wildcard = strings.NewReplacer("*", "any", "?", "a")
