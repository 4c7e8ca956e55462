package demand

import (
	"slices"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Alike is what one more request has of its own that is otherwise like another. What is
// called has many calls, and a reason holds for several of them: they share both.
type Alike struct {
	*Called
	*Reason
}

// Called is a resource, and the widest that a grant for it may name.
type Called struct {
	Resource string
	Within   []string
}

// Reason tells what a call is made for.
type Reason struct {
	Why   string
	Cause diag.Place
	Page  string
}

// Each are the demands that a demand stands for: itself, and one for each that is alike.
func (d *Demand) Each() []Demand {
	list := make([]Demand, 1+len(d.Alike))
	for i := range list {
		list[i] = d.Nth(i)
	}
	return list
}

// Nth is one of the demands that a demand stands for. The first is itself.
func (d *Demand) Nth(n int) Demand {
	one := *d
	one.Family, one.Alike = "", nil
	if n > 0 {
		a := &d.Alike[n-1]
		one.Resource, one.Within, one.Why, one.Cause, one.Page = a.Resource, a.Within, a.Why, a.Cause, a.Page
	}
	return one
}

// On is the resource of one of the demands that a demand stands for, and the widest that a
// grant for it may name.
func (d *Demand) On(n int) (resource string, within []string) {
	if n == 0 {
		return d.Resource, d.Within
	}
	return d.Alike[n-1].Resource, d.Alike[n-1].Within
}

// families puts the calls of one role together that are alike.
type families struct {
	sites    map[string]*site
	last     *site          // that was asked for
	patterns map[string]int // numbers them
	alike    map[likeness]*kindred
}

// likeness is what calls share that are alike.
type likeness struct {
	action, context string
	pattern         int
}

// kindred is calls that are alike: a family for each sort of grants that they ask for.
type kindred struct{ families []family }

// family is those of which grants are asked the same.
type family struct {
	narrowed []string
	spare    bool
	at       int // where the demand is
}

// site is a resource that is called, with the pattern of those that are called like it;
// without one it is like no other.
type site struct {
	Called
	pattern string
	number  int // of the pattern
	calls   []call
}

// call is that a site was called like others.
type call struct {
	alike *kindred
	spare bool
}

// has reports whether a site was called so already. What is spare for one thing may be
// needed for another.
func (s *site) has(k *kindred, spare bool) bool {
	for _, c := range s.calls {
		if c.alike == k && (spare || !c.spare) {
			return true
		}
	}
	if s.calls == nil {
		s.calls = make([]call, 0, 8)
	}
	s.calls = append(s.calls, call{k, spare})
	return false
}

// newFamilies makes room for the sites of so many resources, of which each is called.
func newFamilies(resources int) *families {
	return &families{sites: make(map[string]*site, resources), patterns: map[string]int{}, alike: map[likeness]*kindred{}}
}

// numberOf is the number of a pattern; a new one gets the next.
func (f *families) numberOf(pattern string) int {
	n, ok := f.patterns[pattern]
	if !ok {
		n = len(f.patterns)
		f.patterns[pattern] = n
	}
	return n
}

func (f *families) alikeOf(l likeness) *kindred {
	k := f.alike[l]
	if k == nil {
		k = &kindred{}
		f.alike[l] = k
	}
	return k
}

func (w *deploying) site(arn string) *site {
	if last := w.families.last; last != nil && last.Resource == arn { // a resource has many calls
		return last
	}
	s := w.families.sites[arn]
	if s == nil {
		s = &site{Called: Called{arn, []string{w.within(arn)}}, pattern: w.familyOf(arn)}
		s.number = w.families.numberOf(s.pattern)
		w.families.sites[arn] = s
	}
	w.families.last = s
	return s
}

// familyOf is the pattern of the resources that differ from one in a name: in what only
// the deployment can tell, or in what follows the beginning that makes no difference. What
// names another account, or none, is by itself.
func (w *deploying) familyOf(arn string) string {
	if w.Together == "" || accountOf(arn, "") != w.Stack.Account {
		return ""
	}
	pattern := beginning(symbol.Map(arn, func(name string) string {
		switch {
		case symbol.Is(w.Stack.Account, name):
			return w.Stack.Account
		case symbol.Is(w.Stack.Region, name):
			return w.Stack.Region
		}
		return "*"
	}), w.Together)
	if pattern == arn {
		return ""
	}
	return pattern
}

// join makes a call on a site one of its family, and reports false where it has none.
func (w *deploying) join(c caller, s *site, on thing, action string, why *Reason, spare bool) bool {
	if s.pattern == "" || c.principal.ARN != w.Role {
		return false
	}
	k := w.families.alikeOf(likeness{action, signature(on.context), s.number})
	if s.has(k, spare) {
		return true
	}
	for _, f := range k.families {
		if f.spare == spare && slices.Equal(f.narrowed, on.narrowed) {
			w.demands[f.at].Alike = append(w.demands[f.at].Alike, Alike{s.called(on.within), why})
			return true
		}
	}
	k.families = append(k.families, family{on.narrowed, spare, len(w.demands)})
	for _, d := range c.calls(why.Why, on, action) {
		d.Family, d.Spare = s.pattern, spare
		w.demands = added(w.demands, &d)
	}
	return true
}

// called is the site, where that is what grants for a call may name at most.
func (s *site) called(within []string) *Called {
	if slices.Equal(within, s.Within) {
		return &s.Called
	}
	return &Called{s.Resource, within}
}

// joined makes a demand one of its family, as join does.
func (w *deploying) joined(d *Demand) bool {
	s := w.site(d.Resource)
	if s.pattern == "" || d.Owner != "" {
		return false
	}
	c := caller{principal: d.Principal, account: accountOf(w.Role, w.Stack.Account), step: d.Step, cause: d.Cause, page: d.Page}
	on := thing{arn: d.Resource, within: d.Within, context: d.Context, narrowed: d.Narrowed, leeway: d.Leeway}
	return w.join(c, s, on, d.Action, &Reason{d.Why, d.Cause, d.Page}, d.Spare)
}
