package generator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/symbol"
)

// This file lists the changes that can be made to a policy document: everything that
// can be taken out of it, and every way in which it can be opened.

// attempt is one change to one statement of a document, in all places where it stands.
type attempt struct {
	document *proof.Document
	what     string // for people
	allows   bool   // the statement does
	index    int    // of the statement

	change func(s *authz.Statement) (changed, gone bool)
	part   func(s *authz.Statement) // leaves in a statement what is taken out of it
}

// tried makes the change and tells what is found. parts is what was taken out, as a
// statement for each place.
func (a *attempt) tried(p *proof.Proof) (found proof.Findings, parts []authz.Statement) {
	found = p.With(a.document, func(statements []authz.Statement) []authz.Statement {
		if a.index >= len(statements) {
			return statements
		}
		s := &statements[a.index]
		taken := clone(*s)
		changed, gone := a.change(s)
		if changed || gone {
			a.part(&taken)
			parts = append(parts, taken)
		}
		if gone {
			return slices.Delete(statements, a.index, a.index+1)
		}
		return statements
	})
	return found, parts
}

func clone(s authz.Statement) authz.Statement {
	s.Actions, s.Resources, s.Principals = slices.Clone(s.Actions), slices.Clone(s.Resources), slices.Clone(s.Principals)
	s.NotActions, s.NotResources = slices.Clone(s.NotActions), slices.Clone(s.NotResources)
	s.Conditions = slices.Clone(s.Conditions)
	for i := range s.Conditions {
		s.Conditions[i].Values = slices.Clone(s.Conditions[i].Values)
	}
	return s
}

// shape is the statements of a document. One that reads otherwise from place to place is
// taken from the place where it has most parts.
func shape(p *proof.Proof, d *proof.Document) []authz.Statement {
	var all []authz.Statement
	p.With(d, func(statements []authz.Statement) []authz.Statement {
		for i, s := range statements {
			switch {
			case i == len(all):
				all = append(all, clone(s))
			case size(&s) > size(&all[i]):
				all[i] = clone(s)
			}
		}
		return statements
	})
	return all
}

func size(s *authz.Statement) int {
	n := len(s.Actions) + len(s.NotActions) + len(s.Resources) + len(s.NotResources) + len(s.Principals)
	for _, c := range s.Conditions {
		n += len(c.Values)
	}
	return n
}

// list is one of the lists of a statement.
type list[T any] struct {
	of  func(s *authz.Statement) *[]T
	say func(T) string
}

func same(text string) string { return text }

var (
	actionsIn    = list[string]{func(s *authz.Statement) *[]string { return &s.Actions }, same}
	resourcesIn  = list[string]{func(s *authz.Statement) *[]string { return &s.Resources }, same}
	exceptionsIn = list[string]{func(s *authz.Statement) *[]string { return &s.NotActions }, same}
	principalsIn = list[authz.Principals]{func(s *authz.Statement) *[]authz.Principals { return &s.Principals }, func(p authz.Principals) string { return p.Value }}
)

// valuesIn are the values of one of the conditions of a statement.
func valuesIn(condition int) list[string] {
	return list[string]{func(s *authz.Statement) *[]string {
		if condition >= len(s.Conditions) {
			return new([]string)
		}
		return &s.Conditions[condition].Values
	}, same}
}

// removals is everything that can be taken out of a document and leaves a document. What
// is the last of its kind is the statement.
func removals(p *proof.Proof, d *proof.Document) []attempt {
	var all []attempt
	for i, s := range shape(p, d) {
		all = append(all, attempt{
			document: d, what: fmt.Sprintf("%s: statement %s", d, nameIn(&s, i)), allows: s.Effect == policy.Allow, index: i,
			change: func(*authz.Statement) (bool, bool) { return true, true },
			part:   func(*authz.Statement) {},
		})
		all = append(all, actionsIn.removals(d, &s, i)...)
		all = append(all, resourcesIn.removals(d, &s, i)...)
		all = append(all, principalsIn.removals(d, &s, i)...)
		all = append(all, exceptionsIn.removals(d, &s, i)...)
		for c := range s.Conditions {
			all = append(all, valuesIn(c).removals(d, &s, i)...)
		}
	}
	return all
}

func (l list[T]) removals(d *proof.Document, s *authz.Statement, index int) []attempt {
	items := *l.of(s)
	if len(items) < 2 {
		return nil
	}
	var all []attempt
	for n, item := range items {
		all = append(all, attempt{
			document: d, what: fmt.Sprintf("%s: statement %s: %s", d, nameIn(s, index), symbol.Show(l.say(item))), allows: s.Effect == policy.Allow, index: index,
			change: func(s *authz.Statement) (changed, gone bool) {
				list := l.of(s)
				if n >= len(*list) {
					return false, false
				}
				*list = slices.Delete(*list, n, n+1)
				return true, len(*list) == 0
			},
			part: func(s *authz.Statement) {
				list := l.of(s)
				*list = (*list)[n : n+1]
			},
		})
	}
	return all
}

// openings are the ways in which a document can be opened.
func openings(p *proof.Proof, d *proof.Document) []attempt {
	var all []attempt
	for i, s := range shape(p, d) {
		open := func(how string, change func(s *authz.Statement) bool) {
			all = append(all, attempt{
				document: d, what: fmt.Sprintf("%s: statement %s: %s", d, nameIn(&s, i), how), allows: s.Effect == policy.Allow, index: i,
				change: func(s *authz.Statement) (bool, bool) { return change(s), false },
				part:   func(*authz.Statement) {},
			})
		}
		for n, r := range s.Resources {
			for _, wide := range wider(r) {
				open(symbol.Show(r)+" becomes "+symbol.Show(wide), func(s *authz.Statement) bool { return put(s.Resources, n, wide) })
			}
		}
		for n, who := range s.Principals {
			if who.Value != "*" {
				open(symbol.Show(who.Value)+" becomes *", func(s *authz.Statement) bool {
					return put(s.Principals, n, authz.Principals{Type: "*", Value: "*"})
				})
			}
		}
		if len(s.Principals) > 0 {
			open("another account beside", func(s *authz.Statement) bool {
				s.Principals = append(s.Principals, authz.Principals{Type: "AWS", Value: anotherAccount})
				return true
			})
		}
		for n, c := range s.Conditions {
			open("without "+c.Operator+" "+c.Key, func(s *authz.Statement) bool {
				if n >= len(s.Conditions) {
					return false
				}
				s.Conditions = slices.Delete(s.Conditions, n, n+1)
				return true
			})
			for v, value := range c.Values {
				if operator := likeThe(c.Operator); operator != "" && value != "*" {
					open(c.Key+" "+symbol.Show(value)+" becomes *", func(s *authz.Statement) bool {
						if n >= len(s.Conditions) {
							return false
						}
						s.Conditions[n].Operator = operator
						return put(s.Conditions[n].Values, v, "*")
					})
				}
			}
		}
	}
	return all
}

const anotherAccount = "999999999999"

func put[T any](list []T, n int, item T) bool {
	if n >= len(list) {
		return false
	}
	list[n] = item
	return true
}

// wider are a resource's wider forms: everything, and everything beside it.
func wider(resource string) []string {
	if resource == "*" {
		return nil
	}
	all := []string{"*"}
	if at := strings.LastIndexAny(resource, "/:"); resource[at+1:] != "*" {
		all = append(all, resource[:at+1]+"*")
	}
	return all
}

// likeThe is the operator that compares as another does, and knows wildcards; empty of
// one that compares no texts.
func likeThe(operator string) string {
	for exact, like := range map[string]string{"StringEquals": "StringLike", "StringLike": "StringLike", "ArnEquals": "ArnLike", "ArnLike": "ArnLike"} {
		if rest, ok := strings.CutPrefix(operator, exact); ok && (rest == "" || rest == "IfExists") {
			return like + rest
		}
	}
	return ""
}

func nameIn(s *authz.Statement, index int) string {
	if s.Sid != "" {
		return s.Sid
	}
	return fmt.Sprint(index + 1)
}
