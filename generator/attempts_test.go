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
// can be taken out of it, and every way in which a grant can be opened. What denials
// except is tried in denials_test.go.

// attempt is one change to one statement of a document, in all places where it stands.
type attempt struct {
	document  *proof.Document
	statement string // its Sid or its number
	index     int
	allows    bool
	what      string // is changed, for people
	change    change
	part      func(s *authz.Statement) // leaves in a statement what the change takes out
}

// change is made to a statement. It has no outcome in a place where the statement lacks
// what is to be changed.
type change func(s *authz.Statement) outcome

type outcome int // of a change

const (
	unchanged outcome = iota
	changed
	gone
)

func (a *attempt) String() string {
	return fmt.Sprintf("%s, statement %s: %s", a.document, a.statement, a.what)
}

// on makes the change and tells what is found. taken is what it takes out, as statements
// that have nothing else in them, one for each place.
func (a *attempt) on(p *proof.Proof) (found proof.Findings, taken []authz.Statement) {
	found = p.With(a.document, func(statements []authz.Statement) []authz.Statement {
		if a.index >= len(statements) {
			return statements
		}
		s := &statements[a.index]
		part := copyOf(s)
		end := a.change(s)
		if end != unchanged && a.part != nil {
			a.part(&part)
			taken = append(taken, part)
		}
		if end == gone {
			return slices.Delete(statements, a.index, a.index+1)
		}
		return statements
	})
	return found, taken
}

func copyOf(s *authz.Statement) authz.Statement {
	c := *s
	for _, list := range []*[]string{&c.Actions, &c.NotActions, &c.Resources, &c.NotResources} {
		*list = slices.Clone(*list)
	}
	c.Principals, c.Conditions = slices.Clone(c.Principals), slices.Clone(c.Conditions)
	for i := range c.Conditions {
		c.Conditions[i].Values = slices.Clone(c.Conditions[i].Values)
	}
	return c
}

// shape is the statements of a document. One that reads otherwise from place to place is
// taken from the place where it has most parts.
func shape(p *proof.Proof, d *proof.Document) []authz.Statement {
	var all []authz.Statement
	p.With(d, func(statements []authz.Statement) []authz.Statement {
		for i := range statements {
			s := &statements[i]
			switch {
			case i == len(all):
				all = append(all, copyOf(s))
			case parts(s) > parts(&all[i]):
				all[i] = copyOf(s)
			}
		}
		return statements
	})
	return all
}

func parts(s *authz.Statement) int {
	n := len(s.Actions) + len(s.NotActions) + len(s.Resources) + len(s.NotResources) + len(s.Principals)
	for _, c := range s.Conditions {
		n += len(c.Values)
	}
	return n
}

// attempts gathers changes to one statement.
type attempts struct {
	document  *proof.Document
	statement *authz.Statement
	index     int
	list      []attempt
}

func (all *attempts) add(what string, change change, part func(*authz.Statement)) {
	s := all.statement
	name := s.Sid
	if name == "" {
		name = fmt.Sprint(all.index + 1)
	}
	all.list = append(all.list, attempt{
		document: all.document, statement: name, index: all.index, allows: s.Effect == policy.Allow, what: symbol.Show(what), change: change, part: part,
	})
}

// here adds a change that is made where the statement has the parts that it has here.
func (all *attempts) here(what string, do, part func(*authz.Statement)) {
	n := parts(all.statement)
	all.add(what, func(s *authz.Statement) outcome {
		if parts(s) != n {
			return unchanged
		}
		do(s)
		return changed
	}, part)
}

// attemptsOn are the changes to all documents of a proof.
func attemptsOn(p *proof.Proof, changes func(*attempts)) []attempt {
	var list []attempt
	for _, d := range p.Documents() {
		if d.Written {
			continue // what users wrote is theirs
		}
		for i, s := range shape(p, d) {
			all := attempts{document: d, statement: &s, index: i}
			changes(&all)
			list = append(list, all.list...)
		}
	}
	return list
}

// removals is everything that can be taken out of a statement and leaves less of it: the
// whole, and each part that is not the last of its kind.
func removals(all *attempts) {
	s := all.statement
	all.add("all of it", func(*authz.Statement) outcome { return gone }, func(*authz.Statement) {})
	takeOut(all, func(s *authz.Statement) *[]string { return &s.Actions }, asItIs)
	takeOut(all, func(s *authz.Statement) *[]string { return &s.Resources }, asItIs)
	takeOut(all, func(s *authz.Statement) *[]authz.Principals { return &s.Principals }, func(p authz.Principals) string { return p.Value })
	for c := range s.Conditions {
		takeOut(all, func(s *authz.Statement) *[]string { return &s.Conditions[c].Values }, asItIs)
	}
}

// takeOut removes each item of a list of the statement.
func takeOut[T any](all *attempts, of func(*authz.Statement) *[]T, show func(T) string) {
	items := *of(all.statement)
	if len(items) < 2 {
		return
	}
	for n, item := range items {
		all.here(show(item), func(s *authz.Statement) {
			list := of(s)
			*list = slices.Delete(*list, n, n+1)
		}, func(s *authz.Statement) {
			list := of(s)
			*list = (*list)[n : n+1]
		})
	}
}

func asItIs(text string) string { return text }

// openings are the ways in which a grant can be opened.
func openings(all *attempts) {
	if all.statement.Effect != policy.Allow {
		return
	}
	all.openResources()
	all.openPrincipals()
	all.openConditions()
}

func (all *attempts) open(what string, possible bool, do func(s *authz.Statement)) {
	if possible {
		all.here(what, do, nil)
	}
}

// openResources: what a resource's own policy says of resources is that resource, but for
// a bucket, where it is the bucket or what lies in it.
func (all *attempts) openResources() {
	for n, r := range all.statement.Resources {
		itself := all.document.Kind.OfResource() && !strings.Contains(r, ":s3:::")
		for _, wide := range wider(r) {
			all.open(r+" becomes "+wide, !itself, func(s *authz.Statement) { s.Resources[n] = wide })
		}
	}
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

// openPrincipals: where a condition names a role with its account, everybody is that role.
func (all *attempts) openPrincipals() {
	s := all.statement
	pinned := slices.ContainsFunc(s.Conditions, func(c authz.Condition) bool {
		return strings.EqualFold(c.Key, "aws:PrincipalArn") && !slices.ContainsFunc(c.Values, func(v string) bool { return strings.Contains(v, "*") })
	})
	for n, who := range s.Principals {
		all.open(who.Value+" becomes *", who.Value != "*" && !pinned, func(s *authz.Statement) {
			s.Principals[n] = authz.Principals{Type: "*", Value: "*"}
		})
	}
	all.open("another account beside", len(s.Principals) > 0 && !pinned, func(s *authz.Statement) {
		s.Principals = append(s.Principals, authz.Principals{Type: "AWS", Value: anotherAccount})
	})
}

const anotherAccount = "999999999999"

// openConditions takes each condition away, and lets each value be any.
func (all *attempts) openConditions() {
	for c, condition := range all.statement.Conditions {
		all.open("without "+condition.Operator+" "+condition.Key, true, func(s *authz.Statement) {
			s.Conditions = slices.Delete(s.Conditions, c, c+1)
		})
		operator, anything := likeThe(condition.Operator)
		for v, value := range condition.Values {
			all.open(condition.Key+" "+value+" becomes "+anything, operator != "" && value != anything, func(s *authz.Statement) {
				s.Conditions[c].Operator, s.Conditions[c].Values[v] = operator, anything
			})
		}
	}
}

// likeThe is the operator that compares as another does and knows wildcards, with what
// lets everything pass; empty of one that compares no texts.
func likeThe(operator string) (like, anything string) {
	bare, exists := strings.CutSuffix(operator, "IfExists")
	suffix := map[bool]string{true: "IfExists"}[exists]
	switch bare {
	case "StringEquals", "StringLike":
		return "StringLike" + suffix, "*"
	case "ArnEquals", "ArnLike":
		return "ArnLike" + suffix, "arn:*:*:*:*:*"
	}
	return "", ""
}
