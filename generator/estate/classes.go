package estate

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// Cell is one target: an account and region, and the roots that belong to it.
type Cell struct {
	Account string
	Region  string
	Roots   []Root
}

// Class is a group of cells that differ in nothing but account and region.
type Class struct {
	Roots   []Root // with the symbols of account and region, where there is more than one member
	Members []Cell
}

// The symbols of the account and the region of a class.
var (
	account = symbol.New("account")
	region  = symbol.New("region")
)

// IsPlace reports whether the symbol of that name is the account or the region of a class.
func IsPlace(name string) bool {
	return symbol.Is(account, name) || symbol.Is(region, name)
}

// Classes puts cells together whose roots are equal but for account and region. An
// account or region that a document of the cell names, or one of the others that are
// given, is not like any other and stays as it is; the class is then the narrower. That
// holds of everything that a template is made by. It does not hold of the resources that
// a policy of IAM allows something on: a region in those is for whoever reads policies.
//
// A root of roles and policies, which belong to no region, stays in the one that is given.
// The only member of a class stays as it is altogether, so that people read the real names.
func Classes(cells []Cell, others ...*template.Document) []Class {
	l := literals{words: map[string]bool{}, of: map[*template.Document]*mentions{}}
	for _, c := range cells {
		l.words[c.Account], l.words[c.Region] = true, true
	}
	beyond := make([]*mentions, len(others))
	for n, d := range others {
		beyond[n] = l.in(d)
	}
	var classes []Class
	index := map[string]int{}
	for _, c := range cells {
		roots := l.abstract(c, beyond)
		key := l.key(roots)
		n, ok := index[key]
		if !ok {
			n = len(classes)
			index[key] = n
			classes = append(classes, Class{Roots: roots})
		}
		classes[n].Members = append(classes[n].Members, c)
	}
	for n := range classes {
		if len(classes[n].Members) == 1 {
			classes[n].Roots = classes[n].Members[0].Roots
		}
	}
	return classes
}

// abstract is the roots of a cell with symbols in the place of its account and region.
func (l *literals) abstract(c Cell, beyond []*mentions) []Root {
	all := slices.Clone(beyond)
	for n := range c.Roots {
		all = append(all, l.in(c.Roots[n].Document))
	}
	accounts := func(text string) string { return text }
	if isAccount(c.Account) && !slices.ContainsFunc(all, func(m *mentions) bool { return m.tells(c.Account) }) {
		accounts = func(text string) string { return replaceWord(text, c.Account, account) }
	}
	both := accounts
	if isRegion(c.Region) && !slices.ContainsFunc(all, func(m *mentions) bool { return m.tells(c.Region) }) {
		both = func(text string) string { return replaceWord(accounts(text), c.Region, region) }
	}
	roots := slices.Clone(c.Roots)
	for n := range roots {
		r := &roots[n]
		if r.Partition == "" {
			r.Partition = partitionOf(r.Region)
		}
		symbols := both
		if l.in(r.Document).global {
			symbols = accounts
		}
		r.Account, r.Region, r.Name = symbols(r.Account), symbols(r.Region), symbols(r.Name)
		given := make(map[string]string, len(r.Parameters))
		for name, text := range r.Parameters {
			given[name] = symbols(text)
		}
		r.Parameters = given
	}
	return roots
}

// key is the same for roots that are equal.
func (l *literals) key(roots []Root) string {
	var b strings.Builder
	add := func(text string) {
		b.WriteString(strconv.Itoa(len(text)))
		b.WriteByte(' ')
		b.WriteString(text)
	}
	for n := range roots {
		r := &roots[n]
		add(strconv.Itoa(l.in(r.Document).number))
		add(r.Name)
		add(string(r.Partition))
		add(r.Account)
		add(r.Region)
		add(strconv.Itoa(len(r.Parameters)))
		for _, name := range slices.Sorted(maps.Keys(r.Parameters)) {
			add(name)
			add(r.Parameters[name])
		}
	}
	return b.String()
}
