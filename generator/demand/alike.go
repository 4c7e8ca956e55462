package demand

import (
	"maps"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Alike is what one more request has of its own that is otherwise like another.
type Alike struct {
	Resource string
	Within   []string
	Why      string
	Cause    diag.Place
	Page     string
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
	patterns map[string]int   // numbers them
	kinds    map[likeness]int // numbers them
	byKey    map[family]int   // where the demands are
}

// likeness is what calls share that are alike.
type likeness struct {
	action, context string
	pattern         int
}

// family is calls that are alike, of which grants are asked the same.
type family struct {
	kind     int
	narrowed string
	spare    bool
}

// site is a resource that is called, with the pattern of those that are called like it;
// without one it is like no other.
type site struct {
	arn, pattern string
	number       int // of the pattern
	within       []string
	called       []call
}

// call is a kind of calls of which a site had one.
type call struct {
	kind  int
	spare bool
}

// has reports whether a site was called so already. What is spare for one thing may be
// needed for another.
func (s *site) has(kind int, spare bool) bool {
	for _, c := range s.called {
		if c.kind == kind && (spare || !c.spare) {
			return true
		}
	}
	s.called = append(s.called, call{kind, spare})
	return false
}

func newFamilies() *families {
	return &families{sites: map[string]*site{}, patterns: map[string]int{}, kinds: map[likeness]int{}, byKey: map[family]int{}}
}

func (w *deploying) site(arn string) *site {
	s := w.families.sites[arn]
	if s == nil {
		s = &site{arn: arn, pattern: w.familyOf(arn), within: []string{w.within(arn)}}
		s.number = numberOf(w.families.patterns, s.pattern)
		w.families.sites[arn] = s
	}
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
		if text := symbol.New(name); text == w.Stack.Account || text == w.Stack.Region {
			return text
		}
		return "*"
	}), w.Together)
	if pattern == arn {
		return ""
	}
	return pattern
}

// join makes a call on a site one of its family, and reports false where it has none.
func (w *deploying) join(c caller, s *site, on thing, action, why string, spare bool) bool {
	if s.pattern == "" || c.principal.ARN != w.Role {
		return false
	}
	f := w.families
	k := numberOf(f.kinds, likeness{action, signature(on.context), s.number})
	if s.has(k, spare) {
		return true
	}
	key := family{k, strings.Join(on.narrowed, " "), spare}
	at, ok := f.byKey[key]
	if !ok {
		f.byKey[key] = len(w.demands)
		w.demands = append(w.demands, c.calls(why, on, action)...)
		w.demands[len(w.demands)-1].Family, w.demands[len(w.demands)-1].Spare = s.pattern, spare
		return true
	}
	w.demands[at].Alike = append(w.demands[at].Alike, Alike{s.arn, on.within, why, c.cause, c.page})
	return true
}

// numberOf is the number of a key; a new one gets the next.
func numberOf[K comparable](numbers map[K]int, key K) int {
	n, ok := numbers[key]
	if !ok {
		n = len(numbers)
		numbers[key] = n
	}
	return n
}

// joined makes a demand one of its family, as join does.
func (w *deploying) joined(d *Demand) bool {
	if d.Owner != "" {
		return false
	}
	c := caller{principal: d.Principal, account: accountOf(w.Role, w.Stack.Account), step: d.Step, cause: d.Cause, page: d.Page}
	on := thing{arn: d.Resource, within: d.Within, context: d.Context, narrowed: d.Narrowed, leeway: d.Leeway}
	return w.join(c, w.site(d.Resource), on, d.Action, d.Why, d.Spare)
}

// signature is the same for equal contexts, whether or not they say that calls come by TLS.
func signature(c authz.Context) string {
	if len(c) == 0 {
		return ""
	}
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(c)) {
		if key == "aws:securetransport" {
			continue
		}
		b.WriteString(key)
		for _, value := range c[key] {
			b.WriteByte(0)
			b.WriteString(value)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
