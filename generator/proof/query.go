package proof

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Explain tells whether a role or a service may do an action on a resource, and why. Who
// calls is an ARN, a role's name or logical id, or the name of a service; so is the
// resource. Where the set has such a demand, the request carries what that does.
func (p *Proof) Explain(who, action, resource string) (*Chain, error) {
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

func (p *Proof) questionOf(who, action, arn string) (*question, error) {
	if isService(who) {
		return p.put(found{scope: p.base}, authz.Principal{Service: who, Account: accountOf(arn)}, action, arn), nil
	}
	f, err := p.callerNamed(who)
	if err != nil {
		return nil, err
	}
	return p.put(f, authz.Principal{ARN: f.arn}, action, arn), nil
}

func isService(who string) bool {
	return !strings.HasPrefix(who, "arn:") && strings.Contains(who, ".") && (strings.HasSuffix(who, ".com") || strings.HasSuffix(who, ".com.cn"))
}

// put makes the question that a request is: in the class of the caller where the resource
// lies there, and otherwise in the base. It carries what such a demand does, and
// otherwise no more than that it came by TLS.
func (p *Proof) put(f found, who authz.Principal, action, arn string) *question {
	request := authz.Request{Principal: who, Action: action, Resource: arn, Context: authz.Context{"aws:securetransport": {"true"}}}
	q := &question{request: request, scope: f.scope}
	if inside, ok := f.abstract(arn); ok || f.member == nil || f.scope == p.base {
		if ok {
			q.request.Resource = inside
		}
		if f.member != nil {
			q.targets = []Member{*f.member}
		}
		q.resolve(f.scope)
	} else {
		q.member, q.targets = f.member, []Member{*f.member}
		q.request = f.member.request(request)
		q.caller = f.scope.callers[who.ARN]
		q.resolve(p.base)
	}
	account := callerAccount(q.request)
	for n := range f.scope.levels {
		if f.member == nil && sameLevels(f.scope.levels[n].levels, p.set.levelsOf(account)) || f.member != nil && slices.Contains(f.scope.levels[n].members, *f.member) {
			q.levels = n
		}
	}
	q.demands = []*demand.Demand{{Request: q.request}}
	if known := p.asks(q); known != nil {
		q.request.Context, q.demands = known.request.Context, known.demands[:1]
	}
	return q
}

// asks is a question of the proof about the same request.
func (p *Proof) asks(q *question) *question {
	for i := range p.answers {
		o := p.answers[i].question
		if o.scope == q.scope && !o.demands[0].Forbidden && strings.EqualFold(o.request.Action, q.request.Action) && o.request.Resource == q.request.Resource &&
			o.request.Principal.ARN == q.request.Principal.ARN && o.request.Principal.Service == q.request.Principal.Service {
			return o
		}
	}
	return nil
}

// Access is who can do something, and by which statements.
type Access struct {
	Who        string   `json:"who"`
	Account    string   `json:"account,omitempty"`
	By         []string `json:"by"`
	Conditions []string `json:"conditions,omitempty"` // under which it holds
}

// WhoCan lists who of all estates may do an action on a resource. What statements ask of a
// request by conditions is taken to be so, and said.
func (p *Proof) WhoCan(action, resource string) ([]Access, error) {
	arn, err := p.resourceNamed(resource)
	if err != nil {
		return nil, err
	}
	var list []Access
	seen := map[string]bool{}
	add := func(q *question) {
		if a, ok := q.access(); ok && !seen[a.Who+a.Account] {
			seen[a.Who+a.Account] = true
			list = append(list, a)
		}
	}
	for _, f := range p.everywhere() {
		for _, caller := range sortedKeys(f.scope.callers) {
			add(p.put(f, authz.Principal{ARN: caller}, action, arn))
		}
		for _, service := range p.services(f, arn) {
			add(p.put(f, service, action, arn))
		}
	}
	slices.SortStableFunc(list, func(a, b Access) int { return strings.Compare(a.Who, b.Who) })
	return list, nil
}

// services are the services that the policies of a resource name.
func (p *Proof) services(f found, arn string) []authz.Principal {
	inside, ok := f.abstract(arn)
	if !ok {
		return nil
	}
	owner := f.scope.owner(inside)
	if owner == nil {
		return nil
	}
	var list []authz.Principal
	kinds := slices.Concat(f.scope.policies[inside], f.scope.policies[owner.ARN])
	if c := f.scope.callers[owner.ARN]; c != nil {
		kinds = c.trust
	}
	for _, policy := range kinds {
		for i := range policy.Statements {
			for _, who := range policy.Statements[i].Principals {
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
	conceded := conceding(&asked)
	d := authz.Evaluate(&asked)
	if d.Verdict != authz.Allowed {
		return Access{}, false
	}
	a := Access{Who: shownCaller(q.request.Principal)}
	if q.request.Principal.Service != "" {
		a.Account = symbol.Show(callerAccount(q.request))
	}
	if q.member != nil || len(q.targets) == 1 {
		a.Who = symbol.Show(q.targets[0].in(q.request.Principal.ARN))
		if q.request.Principal.Service != "" {
			a.Who = q.request.Principal.Service
		}
	}
	for _, m := range d.By {
		s := asWritten(m.Statement)
		a.By = append(a.By, symbol.Show(s.String()))
		for _, c := range m.Statement.Conditions {
			if conceded[strings.ToLower(c.Key)] {
				a.Conditions = append(a.Conditions, c.Operator+" "+c.Key+" "+some(c.Values))
			}
		}
	}
	return a, true
}

// conceding gives a request what the conditions of statements ask for that could let it
// pass, where it does not carry the key.
func conceding(c *authz.Case) map[string]bool {
	conceded := map[string]bool{}
	context := authz.Context{}
	for key, values := range c.Context {
		context[key] = values
	}
	known := authz.Known(&c.Request)
	for _, list := range [][]*authz.Policy{c.Identity, c.Resource} {
		for _, p := range list {
			for i := range p.Statements {
				s := &p.Statements[i]
				if s.Effect != policy.Allow || !about(s, c.Action) {
					continue
				}
				for _, condition := range s.Conditions {
					key := strings.ToLower(condition.Key)
					_, carried := context[key]
					_, fixed := known[key]
					if !carried && !fixed && positive(condition.Operator) && len(condition.Values) > 0 {
						context[key], conceded[key] = []string{wildcard.Replace(condition.Values[0])}, true
					}
				}
			}
		}
	}
	c.Context = context
	return conceded
}

// wildcard makes of a pattern a text that it matches.
var wildcard = strings.NewReplacer("*", "any", "?", "a")
