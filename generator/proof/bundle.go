package proof

import (
	"maps"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/symbol"
)

// bundle is demands of a class that nothing beyond it can tell apart, so that they make
// one request of each member. Where some do differ, but perhaps not to the policies that
// are asked, the request has a symbol for that, and parts are the requests as they are.
type bundle struct {
	request authz.Request
	demands []*demand.Demand
	parts   []*bundle
}

// bundles are those of a class, in the order of their first demands.
type bundles struct {
	list  []*bundle
	byKey map[string]*bundle
}

// varying is the key in which the requests of a service differ that asks on behalf of
// this function and that.
const varying = "aws:sourcearn"

// An asset is called by the SHA-256 of its content, in 64 digits; asset stands for that.
const digestLength = 64

var asset = symbol.New("digest")

func withoutDigest(text string) string {
	if len(text) < digestLength {
		return text
	}
	run := 0
	for i := range len(text) {
		if c := text[i]; '0' > c || c > '9' && 'a' > c || c > 'f' {
			run = 0
			continue
		}
		if run++; run == digestLength {
			return text[:i+1-digestLength] + asset + withoutDigest(text[i+1:])
		}
	}
	return text
}

func (b *bundles) add(d *demand.Demand) {
	r := d.Request
	r.Resource = withoutDigest(r.Resource)
	key := keyOf(r, d, "")
	found := b.byKey[key]
	if found == nil {
		if b.byKey == nil {
			b.byKey = map[string]*bundle{}
		}
		found = &bundle{request: r}
		b.byKey[key] = found
		b.list = append(b.list, found)
	}
	found.demands = append(found.demands, d)
}

// keyOf is what equal requests share, without what they say of one key.
func keyOf(r authz.Request, d *demand.Demand, except string) string {
	var b strings.Builder
	b.Grow(512)
	write := func(texts ...string) {
		for _, t := range texts {
			b.WriteString(withoutDigest(t))
			b.WriteByte(0)
		}
		b.WriteByte('\n')
	}
	write(r.Principal.ARN, r.Principal.Session, r.Principal.Service, r.Principal.Account, r.Action, r.Resource, r.Owner)
	for _, key := range slices.Sorted(maps.Keys(r.Context)) {
		write(key)
		if key != except {
			write(r.Context[key]...)
		}
	}
	write(d.Narrowed...)
	write(d.Within...)
	for _, kind := range d.Opened {
		write(string(kind))
	}
	write(d.Step.Environment, d.Step.Stage)
	if d.Forbidden {
		write("forbidden")
	}
	if d.Spare {
		write("spare")
	}
	return b.String()
}

// merged puts together what differs in one key. What must be refused stays apart: that
// one request in the place of many is not allowed does not tell that none of them is.
func (b *bundles) merged() []*bundle {
	var list []*bundle
	byKey := map[string]*bundle{}
	for _, one := range b.list {
		first := one.demands[0]
		if first.Forbidden || len(one.request.Context[varying]) != 1 {
			list = append(list, one)
			continue
		}
		key := keyOf(one.request, first, varying)
		into := byKey[key]
		if into == nil {
			into = &bundle{request: one.request}
			byKey[key] = into
			list = append(list, into)
		}
		into.demands = append(into.demands, one.demands...)
		into.parts = append(into.parts, one)
	}
	for _, one := range list {
		if len(one.parts) == 1 {
			one.parts = nil
		}
		if len(one.parts) > 0 {
			one.request.Context = maps.Clone(one.request.Context)
			one.request.Context[varying] = []string{anyOf(one.parts)}
		}
	}
	return list
}

// anyOf is a text with what all begin and end with, and between them a symbol for the
// rest.
func anyOf(parts []*bundle) string {
	whole := pieces(parts[0].request.Context[varying][0])
	begin, end, shortest := len(whole), len(whole), len(whole)
	for _, p := range parts[1:] {
		other := pieces(p.request.Context[varying][0])
		shortest = min(shortest, len(other))
		begin = min(begin, shared(whole, other))
		slices.Reverse(other)
		back := slices.Clone(whole)
		slices.Reverse(back)
		end = min(end, shared(back, other))
	}
	end = min(end, shortest-begin)
	return strings.Join(whole[:begin], "") + symbol.New("any") + strings.Join(whole[len(whole)-end:], "")
}

func shared(a, b []string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// pieces are the characters and symbols of a text.
func pieces(text string) []string {
	var list []string
	for text != "" {
		n := max(symbol.Width(text), 1)
		list = append(list, text[:n])
		text = text[n:]
	}
	return list
}

// tellsApart reports whether a policy could deny one of the requests that a symbol stands
// for, which it would not deny the symbol.
func tellsApart(policies []*authz.Policy) bool {
	for _, p := range policies {
		for i := range p.Statements {
			s := &p.Statements[i]
			if s.Effect == "Deny" && slices.ContainsFunc(s.Conditions, func(c authz.Condition) bool { return strings.EqualFold(c.Key, varying) }) {
				return true
			}
		}
	}
	return false
}
