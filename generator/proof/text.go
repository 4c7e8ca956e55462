package proof

import (
	"fmt"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
)

// String is the proof for people: each environment with its steps, what is not as it
// should be, and what carries load.
func (p *Proof) String() string {
	var b strings.Builder
	environment := "\x00"
	for _, s := range p.Steps {
		if s.Environment != environment {
			environment = s.Environment
			fmt.Fprintf(&b, "%s\n", titleOf(environment))
		}
		fmt.Fprintf(&b, "  %-14s %s\n", s.Stage, s.ending())
	}
	for title, list := range p.parts() {
		for i := range list {
			fmt.Fprintf(&b, "\n%s: %s", title, list[i].String())
		}
	}
	b.WriteString("\n" + p.Load.String())
	for _, k := range p.Kept {
		fmt.Fprintf(&b, "%s stays in %s (%s, %s): %s (%s)\n", k.What, k.Statement, k.Document.Template, k.Document.Resource, k.Why, k.Page)
	}
	for _, s := range p.Surplus {
		fmt.Fprintf(&b, "too much: %s (%s, %s): %s; %s\n", s.Statement, s.Document.Template, s.Document.Resource, s.Text, s.Hint)
	}
	for _, n := range p.Notes {
		fmt.Fprintf(&b, "note: %s: %s\n", n.Place, n.Text)
	}
	return b.String()
}

// parts are the chains by what is wrong with them.
func (p *Proof) parts() func(yield func(string, []Chain) bool) {
	return func(yield func(string, []Chain) bool) {
		_ = yield("not granted", p.Unmet) && yield("not refused", p.Breached) && yield("not proved", p.Unproved)
	}
}

func titleOf(environment string) string {
	if environment == "" {
		return "delivery"
	}
	return environment
}

// ending is how the demands of a step ended.
func (s *Step) ending() string {
	demands := fmt.Sprintf("%7d %s", s.Demands, plural(s.Demands, "demand"))
	if s.Refused == s.Demands {
		return fmt.Sprintf("%7d %s, all refused", s.Demands, plural(s.Demands, "request"))
	}
	if s.Met == s.Demands {
		return demands + ", all met"
	}
	if s.Unmet > 0 {
		demands += fmt.Sprintf(", %d not met", s.Unmet)
	}
	if s.Unproved > 0 {
		demands += fmt.Sprintf(", %d not proved", s.Unproved)
	}
	return demands
}

// String is how much of the policies carries load.
func (l *Load) String() string {
	return fmt.Sprintf("%s grants carry load: %s statements, %s actions, %s resources, %s principals, %s values of conditions; %s denies\n",
		l.Grants, l.Statements, l.Actions, l.Resources, l.Principals, l.Conditions, l.Denies)
}

func (c Count) String() string { return fmt.Sprintf("%d of %d", c.Carry, c.Of) }

// String is the chain for people, from who calls to what to add.
func (c *Chain) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s\n", c.Sentence(), c.more())
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %-9s %s\n", name, text)
		}
	}
	line("because", c.Why)
	line("for", c.Cause.String())
	line("in", c.shownTargets())
	for i := range c.Asked {
		c.Asked[i].write(&b, c.Verdict)
	}
	for _, r := range c.Remarks {
		line("mind", r)
	}
	line("see", c.Page)
	return b.String()
}

func (c *Chain) shownTargets() string {
	var list []string
	for _, m := range c.Targets {
		list = append(list, strings.TrimSpace(m.Account+" "+m.Region))
	}
	return some(list)
}

func (a *Asked) write(b *strings.Builder, v authz.Verdict) {
	switch {
	case a.Decides:
		word := "allows it"
		if v == authz.ExplicitDeny {
			word = "denies it"
		}
		fmt.Fprintf(b, "  %s: %s %s\n", a.Kind, a.Nearest.shown(), word)
		if v == authz.ExplicitDeny {
			a.Nearest.writeReasons(b)
		}
	case a.Missing:
		a.writeMissing(b)
	}
}

func (a *Asked) writeMissing(b *strings.Builder) {
	switch len(a.Policies) {
	case 0:
		fmt.Fprintf(b, "  %s: there is none\n", a.Kind)
	case 1:
		fmt.Fprintf(b, "  %s: %s does not allow it\n", a.Kind, a.Policies[0])
	default:
		fmt.Fprintf(b, "  %s: none of %s allows it\n", a.Kind, some(a.Policies))
	}
	if a.Nearest != nil {
		fmt.Fprintf(b, "    nearest is %s\n", a.Nearest.shown())
		a.Nearest.writeReasons(b)
	}
	if a.Remedy != "" {
		fmt.Fprintf(b, "    %s\n", a.Remedy)
	}
}

func (n *Near) shown() string {
	if n.Template == "" {
		return n.Statement
	}
	return n.Statement + " (" + n.Template + ")"
}

func (n *Near) writeReasons(b *strings.Builder) {
	for _, why := range n.Because {
		fmt.Fprintf(b, "      %s\n", why)
	}
}

// String is an access in a line.
func (a *Access) String() string {
	text := a.Who
	if a.Account != "" {
		text += " for " + a.Account
	}
	text += " by " + strings.Join(a.By, " and ")
	if len(a.Conditions) > 0 {
		text += ", where " + strings.Join(a.Conditions, " and ")
	}
	return text
}

// String is the effective policy on one page.
func (e *Effective) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", e.Role, e.Template)
	for _, part := range []struct {
		title   string
		clauses []Clause
	}{{"may be taken by", e.Trust}, {"may", e.Allow}, {"may not, by its own policies", e.Deny}, {"may not, by its boundary", e.Boundary}} {
		if len(part.clauses) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s\n", part.title)
		for i := range part.clauses {
			part.clauses[i].write(&b)
		}
	}
	if len(e.Cut) > 0 {
		fmt.Fprintf(&b, "\nthe boundary takes away\n  %s\n", strings.Join(e.Cut, ", "))
	}
	for _, arn := range e.Unknown {
		fmt.Fprintf(&b, "\nthe content of %s is not known here\n", arn)
	}
	return b.String()
}

func (c *Clause) write(b *strings.Builder) {
	first := true
	line := func(word string, list []string) {
		if len(list) == 0 {
			return
		}
		mark := "   "
		if first {
			mark, first = "  -", false
		}
		fmt.Fprintf(b, "%s %s%s\n", mark, word, strings.Join(list, ", "))
	}
	line("", c.Who)
	line("", c.Actions)
	line("everything but ", c.AllBut)
	line("on ", c.Resources)
	line("outside of ", c.Outside)
	line("where ", c.Conditions)
	line("from ", []string{c.From})
}
