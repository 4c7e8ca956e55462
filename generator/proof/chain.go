package proof

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Chain is a demand whose answer is not what it should be, with what led to the answer.
// What is wrong in the same way in many targets, or for many resources of a kind, is one
// chain; what it shows is the first of them.
type Chain struct {
	Step     demand.Step
	Who      string
	Action   string
	Resource string
	Why      string // what happens
	Cause    diag.Place
	Page     string
	Verdict  authz.Verdict
	Asked    []Asked
	Remarks  []string // what a reader should know beside
	Demands  int      // how many end like this one, with it
	Targets  []Member // where; none where the answer has nothing to do with a target
}

// Asked is what the policies of one kind said.
type Asked struct {
	Kind     authz.Kind
	Policies []string // by name; empty where there is none
	Decides  bool     // what allows or denies stands here
	Missing  bool     // one of them would have had to allow
	Nearest  *Near    // the statement that decides, or came nearest
	Add      string   // what would be enough, where one is missing: a statement
	Remedy   string   // the same in a sentence
}

// Near is a statement, where it stands, and what of it the request is not.
type Near struct {
	Statement string
	Template  string     // the template and the resource that hold it
	Place     diag.Place // the line that caused it
	Because   []string
}

// groups puts together what is wrong in the same way.
type groups struct {
	general *strings.Replacer
	list    []*group
	byKey   map[string]*group
}

// group is answers that make one chain.
type group struct {
	first   *answer
	demands int
	targets []Member
}

// explain makes the chains of all answers that are not as they should be.
func (p *Proof) explain() {
	p.Unmet, p.Breached, p.Unproved = p.chains(p.answers, nil)
}

func (p *Proof) chains(answers []answer, changed changes) (unmetOnes, breachedOnes, unprovedOnes []Chain) {
	g := groups{general: p.set.generalizer(), byKey: map[string]*group{}}
	for i := range answers {
		if answers[i].outcome != met {
			g.add(&answers[i])
		}
	}
	for _, group := range g.list {
		c := group.chain(changed)
		switch group.first.outcome {
		case unmet:
			unmetOnes = append(unmetOnes, c)
		case breached:
			breachedOnes = append(breachedOnes, c)
		case unproved:
			unprovedOnes = append(unprovedOnes, c)
		}
	}
	return unmetOnes, breachedOnes, unprovedOnes
}

func (g *groups) add(a *answer) {
	key := g.key(a)
	found := g.byKey[key]
	if found == nil {
		found = &group{first: a}
		g.byKey[key] = found
		g.list = append(g.list, found)
	}
	found.demands += a.size()
	for _, m := range a.places() {
		if !slices.Contains(found.targets, m) {
			found.targets = append(found.targets, m)
		}
	}
}

// key is what answers share that are wrong in the same way: step, caller, action, kind of
// resource, and the documents that were asked.
func (g *groups) key(a *answer) string {
	d := a.demands[0]
	parts := []string{
		strconv.Itoa(int(a.outcome)), d.Step.Environment, d.Step.Stage, g.general.Replace(d.Principal.ARN), d.Principal.Service, d.Action,
		kindOf(a.request.Resource), string(a.decision.Verdict),
	}
	for _, kind := range a.decision.Missing {
		parts = append(parts, string(kind))
	}
	for _, m := range a.decision.By {
		parts = append(parts, nameOf(asWritten(m.Statement)))
	}
	parts = append(parts, a.doubtful...)
	a.each(func(p *authz.Policy) {
		if s := sourceOf(p); s != nil {
			parts = append(parts, s.document.String())
		}
	})
	return strings.Join(parts, "\x00")
}

// places are the targets that an answer is about. One of the base is about the account
// that asks, in the region of what it asks for.
func (q *question) places() []Member {
	if q.targets != nil {
		return q.targets
	}
	m := Member{Account: callerAccount(q.request), Region: arn.Region(q.request.Resource)}
	if m.Account == "" || symbol.In(m.Account) || symbol.In(m.Region) {
		return nil
	}
	return []Member{m}
}

// generalizer takes accounts and regions out of texts in which many targets differ: those
// in which a template is deployed more than once.
func (s *Set) generalizer() *strings.Replacer {
	var pairs []string
	seen := map[string]bool{}
	add := func(text, name string) {
		if text != "" && !seen[text] && !symbol.In(text) {
			seen[text] = true
			pairs = append(pairs, text, symbol.New(name))
		}
	}
	if s.Base != nil {
		times := map[string]int{}
		for _, stack := range s.Base.Stacks {
			times[stack.Document.Path]++
		}
		for _, stack := range s.Base.Stacks {
			if times[stack.Document.Path] > 1 {
				add(stack.Account, Account)
				add(stack.Region, Region)
			}
		}
	}
	return strings.NewReplacer(pairs...)
}

// kindOf is the kind of resource that an ARN names: its service and type.
func kindOf(text string) string {
	a, ok := arn.Parse(text)
	switch {
	case !ok:
		return text
	case a.Service == "s3" && strings.Contains(a.Resource, "/"):
		return "s3:object"
	case a.Service == "s3", a.Service == "sqs", a.Service == "sns":
		return a.Service
	}
	kind := a.Resource
	if at := strings.IndexAny(kind, "/:"); at >= 0 {
		kind = kind[:at]
	}
	return a.Service + ":" + kind
}

// chain tells what happened to the first of a group.
func (g *group) chain(changed changes) Chain {
	a, d := g.first, g.first.demands[0]
	asked := a.caseOf(changed, true)
	x := authz.Explain(&asked)
	c := Chain{
		Step: d.Step, Who: shownCaller(a.request.Principal), Action: symbol.Show(d.Action), Resource: symbol.Show(a.request.Resource),
		Why: symbol.Show(d.Why), Cause: d.Cause, Page: d.Page, Verdict: x.Decision.Verdict, Demands: g.demands, Targets: g.targets,
		Remarks: a.remarks(),
	}
	slices.SortFunc(c.Targets, compareMembers)
	for i := range x.Asked {
		c.Asked = append(c.Asked, askedOf(&x.Asked[i], x.Decision.Verdict, &asked.Request))
		if near := x.Asked[i].Nearest; near != nil {
			c.Remarks = append(c.Remarks, a.strangers(near.Statement)...)
		}
	}
	if why := a.helpless(); why != "" {
		c.Remarks = []string{why}
		for i := range c.Asked {
			c.Asked[i].Add, c.Asked[i].Remedy = "", ""
		}
	}
	return c
}

func shownCaller(p authz.Principal) string {
	if p.Service != "" {
		return p.Service
	}
	return symbol.Show(p.ARN)
}

func askedOf(a *authz.Asked, v authz.Verdict, r *authz.Request) Asked {
	said := Asked{Kind: a.Kind, Missing: a.Missing, Decides: a.By != nil, Remedy: remedyOf(a, r)}
	for _, p := range a.Policies {
		said.Policies = append(said.Policies, symbol.Show(p.Name))
	}
	switch {
	case a.By != nil:
		said.Nearest = nearOf(a.By, v == authz.ExplicitDeny)
	case a.Missing:
		if a.Nearest != nil {
			said.Nearest = nearOf(a.Nearest, false)
		}
		if a.Add != nil {
			said.Add = strings.TrimRight(symbol.Show(a.Add.String()), "\n")
		}
	}
	return said
}

func nearOf(r *authz.Report, denies bool) *Near {
	s := asWritten(r.Statement)
	n := &Near{Statement: symbol.Show(s.String()), Place: placeOf(s)}
	if at := sourceOf(s.Policy); at != nil {
		n.Template = at.document.Template + ", " + at.document.Resource
	}
	for _, part := range r.Parts {
		if part.Met == denies {
			n.Because = append(n.Because, part.Why)
		}
	}
	return n
}

func compareMembers(a, b Member) int {
	if n := strings.Compare(a.Account, b.Account); n != 0 {
		return n
	}
	return strings.Compare(a.Region, b.Region)
}
