package proof

import (
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/diag"
)

// Report adds what is wrong to problems: demands that are not granted, and requests that
// must be refused and are not.
func (p *Proof) Report(problems *diag.Problems) {
	for _, same := range together(p.Unmet, sameCall) {
		problems.Add(same.problem(same[0].missing(), "that it may not make either"))
	}
	for _, same := range together(p.Breached, sameSource) {
		problems.Add(same.problem(same[0].forbidden(), "that must be refused"))
	}
}

// chains are some that have one cause.
type chains []*Chain

// together puts chains together of which a key is the same, in the order of the first.
func together(list []Chain, key func(*Chain) string) []chains {
	var all []chains
	at := map[string]int{}
	for i := range list {
		c := &list[i]
		n, ok := at[key(c)]
		if !ok {
			n = len(all)
			at[key(c)] = n
			all = append(all, nil)
		}
		all[n] = append(all[n], c)
	}
	return all
}

// sameCall is what calls share that differ in their action only: who makes them on what,
// and what would have to allow them.
func sameCall(c *Chain) string {
	key := []string{c.Who, c.Resource, c.Cause.String(), string(c.Verdict)}
	for _, a := range c.Asked {
		if a.Missing || a.Decides && c.Verdict == authz.ExplicitDeny {
			key = append(key, string(a.Kind))
		}
	}
	return strings.Join(key, "\x00")
}

// sameSource is what requests share that one statement lets the same caller make: what
// lets pass too much lets many pass.
func sameSource(c *Chain) string {
	key := []string{c.Who}
	for _, a := range c.Asked {
		if a.Decides && a.Nearest != nil {
			key = append(key, a.Nearest.Template, a.Nearest.Statement)
		}
	}
	return strings.Join(key, "\x00")
}

// problem is that of the first, which names the actions of the others.
func (list chains) problem(first diag.Problem, which string) diag.Problem {
	var actions []string
	for _, c := range list[1:] {
		if !slices.Contains(actions, c.Action) {
			actions = append(actions, c.Action)
		}
	}
	if len(actions) == 0 {
		return first
	}
	n := len(list) - 1
	first.Text += fmt.Sprintf("; and %d more %s %s: %s", n, plural(n, "call"), which, strings.Join(actions[:min(len(actions), shownActions)], ", "))
	if len(actions) > shownActions {
		first.Text += ", …"
	}
	return first
}

// shownActions is the number of actions that a problem names beside the first.
const shownActions = 8

// ReportSurplus adds the grants that nothing needs, of the documents that are chosen.
func (p *Proof) ReportSurplus(problems *diag.Problems, chosen func(d *Document) bool) {
	for _, s := range p.Surplus {
		if chosen(s.Document) {
			problems.Add(s.problem())
		}
	}
}

// ReportUnproved adds the demands that hang on what no template holds.
func (p *Proof) ReportUnproved(problems *diag.Problems) {
	for i := range p.Unproved {
		problems.Add(p.Unproved[i].unproved())
	}
}

// Sentence is the chain in one: who may or may not do what on which resource.
func (c *Chain) Sentence() string {
	may := "may not"
	if c.Verdict == authz.Allowed {
		may = "may"
	}
	return fmt.Sprintf("%s %s %s on %s", c.Who, may, c.Action, c.Resource)
}

// more tells how often the same is wrong beside the first time.
func (c *Chain) more() string {
	if n := len(c.Targets) - 1; n > 0 {
		return fmt.Sprintf(", and in %d more %s", n, plural(n, "target"))
	}
	if n := c.Demands - 1; n > 0 {
		return fmt.Sprintf(", and %d more %s end like it", n, plural(n, "demand"))
	}
	return ""
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// place is what the problem points at: what the user wrote that asks for the call, and
// otherwise the statement that came nearest.
func (c *Chain) place() diag.Place {
	if !c.Cause.IsZero() {
		return c.Cause
	}
	for _, a := range c.Asked {
		if c.blames(a) && !a.Nearest.Place.IsZero() {
			return a.Nearest.Place
		}
	}
	return diag.Place{}
}

// blames reports whether a statement has to do with what is wrong: one that would allow
// a call has not, where another is missing.
func (c *Chain) blames(a Asked) bool {
	return a.Nearest != nil && (a.Missing || c.Verdict != authz.ImplicitDeny)
}

func (c *Chain) missing() diag.Problem {
	return diag.Problem{
		Rule: "permission-missing", Place: c.place(), Text: c.Why + ": " + c.Sentence() + c.more(), Hint: c.remedy(), Notes: c.notes(),
	}
}

func (c *Chain) unproved() diag.Problem {
	return diag.Problem{
		Rule: "permission-unproved", Place: c.place(), Text: c.Why + ": whether " + c.Who + " may " + c.Action + " on " + c.Resource + " cannot be proved" + c.more(),
		Hint: strings.Join(c.Remarks, "; "), Notes: c.notes(),
	}
}

func (c *Chain) forbidden() diag.Problem {
	p := diag.Problem{Rule: "permission-forbidden", Place: c.place(), Text: c.Sentence() + ": " + c.Why + c.more(), Hint: c.narrowing(), Notes: c.notes()}
	for _, a := range c.Asked {
		if a.Nearest != nil && a.Decides && !a.Nearest.Place.IsZero() {
			p.Place = a.Nearest.Place
			break
		}
	}
	return p
}

// narrowing is what to do about a call that must be refused and is not.
func (c *Chain) narrowing() string {
	var list []string
	for _, a := range c.Asked {
		if n := a.Nearest; n != nil && a.Decides && n.Template != "" {
			list = append(list, n.Statement+" ("+n.Template+")")
		}
	}
	if len(list) == 0 {
		return "deny it where it is allowed"
	}
	return "narrow " + strings.Join(list, " or ") + ", or deny the call there"
}

// remedy is what to add where, or what to narrow where something denies.
func (c *Chain) remedy() string {
	var list []string
	for _, a := range c.Asked {
		switch {
		case a.Remedy != "":
			list = append(list, a.Remedy)
		case a.Decides && c.Verdict == authz.ExplicitDeny && a.Nearest != nil:
			list = append(list, "narrow "+a.Nearest.Statement+", which denies it")
		}
	}
	list = append(list, c.Remarks...)
	if c.Page != "" {
		list = append(list, "see "+c.Page)
	}
	return strings.Join(list, "; ")
}

// notes are the policies that were asked, each with the reason for its answer.
func (c *Chain) notes() []diag.Note {
	var list []diag.Note
	for _, a := range c.Asked {
		if n := a.Nearest; c.blames(a) && n.Template != "" {
			list = append(list, diag.Note{Place: n.Place, Text: n.sentence(a, c.Verdict)})
		}
	}
	return list
}

func (n *Near) sentence(a Asked, v authz.Verdict) string {
	text := n.Statement
	if n.Template != "" {
		text += " (" + n.Template + ")"
	}
	switch {
	case a.Missing:
		text += " came nearest, but " + strings.Join(n.Because, ", and ")
	case v == authz.ExplicitDeny:
		text += " denies it: " + strings.Join(n.Because, ", and ")
	default:
		text += " allows it"
	}
	return text
}

func (s *Surplus) problem() diag.Problem {
	return diag.Problem{
		Rule: "permission-surplus", Place: s.Place, Text: s.Statement + " (" + s.Document.Template + ", " + s.Document.Resource + "): " + s.Text, Hint: s.Hint,
	}
}
