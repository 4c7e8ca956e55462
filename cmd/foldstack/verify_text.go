package main

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/proof"
)

// showProof prints a proof for people: what each step asked, what is wrong, and how much
// of what is granted is needed.
func (s *session) showProof(result *generator.Result, verbose bool) error {
	p := result.Proof
	if err := writeTable(s.stdout, stepRows(p)); err != nil {
		return err
	}
	problems := &diag.Problems{}
	for _, problem := range result.Problems {
		problems.Add(problem)
	}
	p.ReportUnproved(problems)
	p.ReportSurplus(problems, func(*proof.Document) bool { return true })
	if err := s.problems(problems.Listed(), result.Sources); err != nil {
		return err
	}
	if verbose {
		if err := s.showKept(p); err != nil {
			return err
		}
	}
	s.notes(p.Notes)
	s.say("%s", loadOf(p))
	if n := len(p.Kept); n > 0 && !verbose {
		s.say("%s, each with its reason: foldstack verify --verbose lists them", count(n, "wildcard")+" stay"+third(n))
	}
	return nil
}

// notes tell what a reader should know of a proof.
func (s *session) notes(notes []proof.Note) {
	for _, n := range notes {
		s.say("note: %s: %s", n.Place, n.Text)
	}
}

// third is the ending of a verb that one of a thing needs.
func third(n int) string {
	if n == 1 {
		return "s"
	}
	return ""
}

func stepRows(p *proof.Proof) [][]string {
	rows := [][]string{{"ENVIRONMENT", "STEP", "CALLS", "RESULT"}}
	for _, step := range p.Steps {
		rows = append(rows, []string{orDash(step.Environment), step.Stage, strconv.Itoa(step.Demands), outcome(step)})
	}
	return rows
}

func outcome(step proof.Step) string {
	wrong, right := "not allowed", "all allowed"
	if step.Forbidden == step.Demands {
		wrong, right = "not refused", "all refused"
	}
	var parts []string
	if step.Unmet > 0 {
		parts = append(parts, fmt.Sprintf("%d %s", step.Unmet, wrong))
	}
	if step.Unproved > 0 {
		parts = append(parts, fmt.Sprintf("%d not known here", step.Unproved))
	}
	if len(parts) == 0 {
		return right
	}
	return strings.Join(parts, ", ")
}

// loadOf says how much of what is granted is needed.
func loadOf(p *proof.Proof) string {
	l := p.Load
	return fmt.Sprintf("%d of %d grants carry load, and %d of %d denials", l.Grants.Carry, l.Grants.Of, l.Denies.Carry, l.Denies.Of)
}

func (s *session) showKept(p *proof.Proof) error {
	out := bufio.NewWriter(s.stdout)
	for _, k := range p.Kept {
		fmt.Fprintf(out, "\n%s in %s, %s:\n  %s\n  %s\n", diag.Visible(k.What), diag.Visible(k.Document.String()), diag.Visible(k.Statement), k.Why, k.Page)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("printing the wildcards: %w", err)
	}
	return nil
}

// showChain prints the answer to one question, policy by policy.
func (s *session) showChain(c *proof.Chain) error {
	out := bufio.NewWriter(s.stdout)
	color := red
	if c.Verdict == authz.Allowed {
		color = green
	}
	fmt.Fprintf(out, "%s: %s\n", painted(s.paint, color, string(c.Verdict)), diag.Visible(c.Sentence()))
	if c.Why != "" {
		fmt.Fprintf(out, "  %s\n", diag.Visible(c.Why))
	}
	for _, a := range c.Asked {
		writeAsked(out, a, c.Verdict)
	}
	for _, remark := range c.Remarks {
		fmt.Fprintf(out, "\n%s\n", diag.Visible(remark))
	}
	if c.Page != "" {
		fmt.Fprintf(out, "\n%s\n", c.Page)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("printing the answer: %w", err)
	}
	return nil
}

func writeAsked(out *bufio.Writer, a proof.Asked, v authz.Verdict) {
	said := "does not deny it"
	switch {
	case a.Missing:
		said = "does not allow it"
	case a.Decides && v == authz.ExplicitDeny:
		said = "denies it"
	case a.Decides:
		said = "allows it"
	case v == authz.ImplicitDeny:
		said = "does not allow it, and need not"
	}
	policies := "there is none"
	if len(a.Policies) > 0 {
		policies = strings.Join(a.Policies, ", ")
	}
	fmt.Fprintf(out, "\n%s: %s\n  %s\n", a.Kind, said, diag.Visible(policies))
	if n := a.Nearest; n != nil {
		where := n.Template
		if !n.Place.IsZero() {
			where += ", from " + n.Place.String()
		}
		fmt.Fprintf(out, "  %s (%s)\n", diag.Visible(n.Statement), diag.Visible(where))
		for _, because := range n.Because {
			fmt.Fprintf(out, "    %s\n", diag.Visible(because))
		}
	}
	for line := range strings.Lines(a.Add) {
		fmt.Fprintf(out, "  %s\n", diag.Visible(strings.TrimSuffix(line, "\n")))
	}
}

func (s *session) showAccess(list []proof.Access, question string) error {
	rows := [][]string{{"WHO", "BY", "WHERE"}}
	for _, a := range list {
		rows = append(rows, []string{strings.TrimSpace(a.Who + " " + a.Account), strings.Join(a.By, "; "), orDash(strings.Join(a.Conditions, "; "))})
	}
	if err := writeTable(s.stdout, rows); err != nil {
		return err
	}
	s.say("%s can %s", plainCount(len(list), "principal"), question)
	return nil
}

// plainCount is a count in which none is said as a word.
func plainCount(n int, noun string) string {
	if n == 0 {
		return "no " + noun
	}
	return count(n, noun)
}

// showPolicy prints the effective policy of a role.
func (s *session) showPolicy(e *proof.Effective) error {
	out := bufio.NewWriter(s.stdout)
	fmt.Fprintf(out, "%s\n  %s\n", diag.Visible(e.Role), diag.Visible(e.Template))
	for _, section := range []struct {
		title string
		list  []proof.Clause
	}{{"may be assumed by", e.Trust}, {"may", e.Allow}, {"may not", e.Deny}, {"may never, by its boundary", e.Boundary}} {
		if len(section.list) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n%s\n", painted(s.paint, cyan, section.title))
		for _, c := range section.list {
			writeClause(out, c)
		}
	}
	writeList(out, "cut off by its boundary", e.Cut)
	writeList(out, "not known here", e.Unknown)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("printing the policy: %w", err)
	}
	return nil
}

func writeList(out *bufio.Writer, title string, list []string) {
	if len(list) > 0 {
		fmt.Fprintf(out, "\n%s\n", title)
	}
	for _, text := range list {
		fmt.Fprintf(out, "  %s\n", diag.Visible(text))
	}
}

func writeClause(out *bufio.Writer, c proof.Clause) {
	for i, part := range []struct {
		word string
		list []string
	}{{"", c.Who}, {"", c.Actions}, {"all but ", c.AllBut}, {"on ", c.Resources}, {"on all but ", c.Outside}, {"where ", c.Conditions}} {
		for _, text := range part.list {
			indent := "    "
			if i < 3 {
				indent = "  "
			}
			fmt.Fprintf(out, "%s%s%s\n", indent, part.word, diag.Visible(text))
		}
	}
}
