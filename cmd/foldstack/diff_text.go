package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/diff"
	"github.com/foldstack/foldstack/generator/model"
)

// diffText prints a report for people: a block for each unit, and in it the environments
// in which the same becomes of it.
func (s *session) diffText(before, after side, report *diff.Report) error {
	d := &diffPrinter{session: s, before: before.result.Project, after: after.result.Project}
	for _, c := range slices.Concat(report.Functions, report.Stacks) {
		d.change(c)
	}
	d.targets(report.Targets)
	d.stages(report.Stages)
	d.deploys(report.BaseStacks)
	if _, err := s.stdout.Write(d.text.Bytes()); err != nil {
		return fmt.Errorf("printing the difference: %w", err)
	}
	s.summary(before, after, report)
	return nil
}

// diffPrinter writes blocks.
type diffPrinter struct {
	session       *session
	before, after *model.Project
	text          bytes.Buffer
}

// diffLine is a line of a block: a sign, what it is about, and what becomes of it.
type diffLine struct{ sign, subject, text string }

// signs are those of the actions, with their colours.
var (
	signs      = map[diff.Action]string{diff.Added: "+", diff.Removed: "-", diff.Changed: "~", diff.Replaced: "!"}
	signColors = map[string]string{"+": green, "-": red, "~": yellow, "!": red}
)

func (d *diffPrinter) painted(sign, text string) string {
	return painted(d.session.paint, signColors[sign], text)
}

// begin begins a block.
func (d *diffPrinter) begin(sign, title string) {
	if d.text.Len() > 0 {
		d.text.WriteByte('\n')
	}
	fmt.Fprintln(&d.text, d.painted(sign, strings.TrimLeft(sign+" "+diag.Visible(title), " ")))
}

func (d *diffPrinter) lines(indent string, lines []diffLine) {
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(diag.Visible(l.subject)))
	}
	previous := ""
	for _, l := range lines {
		subject, text := diag.Visible(l.subject), diag.Visible(l.text)
		if key := l.sign + subject; key == previous {
			subject = ""
		} else {
			previous = key
		}
		padded := subject + strings.Repeat(" ", width-utf8.RuneCountInString(subject)+2)
		fmt.Fprintln(&d.text, strings.TrimRight(indent+d.painted(l.sign, l.sign)+" "+padded+text, " "))
	}
}

// change prints what becomes of a unit.
func (d *diffPrinter) change(c diff.Change) {
	d.begin(signs[c.Action], unitTitle(c))
	if len(c.Places) == 0 {
		fmt.Fprintln(&d.text, "  only in targets that come or go")
	}
	type group struct {
		where []string
		lines []diffLine
	}
	var groups []*group
	for _, p := range c.Places {
		lines := placeLines(p)
		i := slices.IndexFunc(groups, func(g *group) bool { return slices.Equal(g.lines, lines) })
		if i < 0 {
			i = len(groups)
			groups = append(groups, &group{lines: lines})
		}
		groups[i].where = append(groups[i].where, d.where(p))
	}
	for _, g := range groups {
		fmt.Fprintln(&d.text, "  "+diag.Visible(strings.Join(g.where, ", ")))
		d.lines("    ", g.lines)
	}
}

func unitTitle(c diff.Change) string {
	switch c.Kind {
	case diff.Function, diff.API, diff.Base:
		return c.Name
	case diff.UserStack, diff.Orchestration:
	}
	return string(c.Kind) + " " + c.Name
}

// where is the environment of a place, and its targets where they are not all.
func (d *diffPrinter) where(p diff.Place) string {
	var targets []string
	for _, t := range p.Targets {
		targets = append(targets, t.Account+" "+t.Region)
	}
	list := diag.Some(targets)
	if p.Environment == "" {
		return "account " + list
	}
	if e := d.after.Environment(p.Environment); e != nil && (len(p.Targets) < d.kept(e)) && !isBase(p, e) {
		return p.Environment + " (" + list + ")"
	}
	return p.Environment
}

// kept is how many targets of an environment both sides have.
func (d *diffPrinter) kept(e *model.Environment) int {
	n := 0
	before := d.before.Targets()
	for _, t := range e.Targets() {
		n += one(slices.Contains(before, t))
	}
	return n
}

// isBase reports whether a place is every account of an environment, each in the region
// of the base stacks.
func isBase(p diff.Place, e *model.Environment) bool {
	return len(p.Targets) == len(e.Accounts) && !slices.ContainsFunc(p.Targets, func(t diff.Target) bool { return t.Region != e.Regions[0].Value })
}

func placeLines(p diff.Place) []diffLine {
	var lines []diffLine
	if p.Code != nil {
		lines = append(lines, diffLine{"~", "code", shortDigest(p.Code.Before) + " → " + shortDigest(p.Code.After)})
	}
	for _, r := range p.Resources {
		lines = append(lines, resourceLines(r, p)...)
	}
	for _, g := range p.Grants {
		lines = append(lines, diffLine{grantSign(g), g.Subject, grantText(g)})
	}
	if len(lines) > 0 {
		return lines
	}
	switch {
	case p.Action == diff.Added:
		return []diffLine{{"+", "stack", "is new"}}
	case p.Action == diff.Removed:
		return []diffLine{{"-", "stack", "is deployed no longer; what is there stays"}}
	case p.Version:
		return []diffLine{{"~", "version", "a new one of the same: another environment changes"}}
	}
	return nil
}

func shortDigest(digest *string) string {
	const shown = 12
	if digest == nil {
		return "nothing"
	}
	return (*digest)[:min(shown, len(*digest))]
}

// resourceLines are the lines of one resource: its properties, and what they mean for it.
func resourceLines(r diff.Resource, p diff.Place) []diffLine {
	var lines []diffLine
	add := func(text string) { lines = append(lines, diffLine{signs[r.Action], r.ID, text}) }
	if r.Action == diff.Added || r.Action == diff.Removed {
		text := r.Type
		if r.Name != "" && !strings.Contains(r.Name, "…") {
			text += " " + r.Name
		}
		if r.LosesData {
			text += ": its data is lost"
		}
		add(text)
		return lines
	}
	for _, property := range r.Properties {
		if text := propertyText(property, r, p); text != "" {
			add(text)
		}
	}
	switch {
	case r.Refused == diff.Named:
		add("CloudFormation refuses to replace what keeps its name, " + r.Name + ": give it another, or another logical id")
	case r.Refused == diff.Retyped:
		add("CloudFormation refuses another type under the same logical id: give it another")
	case r.Action == diff.Replaced && r.LosesData:
		add("is replaced, and its data is lost")
	case r.Action == diff.Replaced:
		add("is replaced")
	case r.Maybe && r.LosesData:
		add("may be replaced, and then its data is lost: the values decide")
	case r.Maybe:
		add("may be replaced: the values decide")
	}
	return lines
}

func propertyText(property diff.Property, r diff.Resource, p diff.Place) string {
	switch {
	case property.Policy && len(p.Grants) > 0:
		return ""
	case property.Policy:
		return property.Path + ": written otherwise, and grants the same"
	case property.Follows != "":
		return property.Path + ": follows " + property.Follows
	}
	text := property.Path + ": " + valuesText(property.Values)
	if property.Replaces && len(r.Properties) > 1 {
		text += " (replaces it)"
	}
	return text
}

// valuesText is what was and what will be. What is too long to be shown is added or
// removed.
func valuesText(v diff.Values) string {
	switch {
	case v.Before == nil && v.After != nil && utf8.RuneCountInString(*v.After) > maxValue:
		return "is added"
	case v.After == nil && v.Before != nil && utf8.RuneCountInString(*v.Before) > maxValue:
		return "is removed"
	}
	return valueOf(v.Before) + " → " + valueOf(v.After)
}

// maxValue is how many characters of a value stand in a line.
const maxValue = 72

// valueOf is a value that fits into a line.
func valueOf(value *string) string {
	if value == nil {
		return "nothing"
	}
	if runes := []rune(*value); len(runes) > maxValue {
		return string(runes[:maxValue-1]) + "…"
	}
	if *value == "" {
		return `""`
	}
	return *value
}

// grantSign is + where more is allowed and - where less is.
func grantSign(g diff.Grant) string {
	switch {
	case g.Widens:
		return "+"
	case g.Action == diff.Added && g.Effect == "Allow", g.Action == diff.Removed && g.Effect != "Allow":
		return "~" // something else allows it, too
	}
	return "-"
}

func grantText(g diff.Grant) string {
	if g.Policy != "" {
		return map[diff.Action]string{diff.Added: "has the policy ", diff.Removed: "has no longer the policy "}[g.Action] + g.Policy
	}
	verb := map[bool]string{true: "may", false: "may not"}[g.Effect == "Allow"]
	if g.Action == diff.Removed {
		verb = map[bool]string{true: "may no longer", false: "is no longer denied"}[g.Effect == "Allow"]
	}
	text := verb + " " + some(g.Actions)
	if len(g.Principals) > 0 {
		text = some(g.Principals) + " " + text
	}
	if len(g.Resources) > 0 {
		text += " on " + some(g.Resources)
	}
	if g.Condition != "" {
		text += " if " + g.Condition
	}
	return text
}

// some are the first few of a list that may be long.
func some(list []string) string {
	const most = 6
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most-1], ", "), len(list)-most+1)
}

func (d *diffPrinter) targets(t diff.Targets) {
	var lines []diffLine
	for _, target := range t.Added {
		lines = append(lines, diffLine{"+", target.Environment + " " + target.Account + " " + target.Region, "everything is created there"})
	}
	for _, target := range t.Removed {
		lines = append(lines, diffLine{"-", target.Environment + " " + target.Account + " " + target.Region, "is deployed to no longer; what is there stays"})
	}
	d.section("targets", lines)
}

func (d *diffPrinter) stages(st diff.Stages) {
	var lines []diffLine
	for _, stage := range st.Added {
		lines = append(lines, diffLine{"+", stage, ""})
	}
	for _, stage := range st.Removed {
		lines = append(lines, diffLine{"-", stage, ""})
	}
	d.section("stages of the pipeline", lines)
}

// deploys names the base stacks that a person has to deploy, and where.
func (d *diffPrinter) deploys(list []diff.Deploy) {
	var lines []diffLine
	for _, b := range list {
		text := b.Template + " in account " + b.Account + ", " + b.Region
		switch {
		case b.Action == diff.Removed:
			text += ": nothing uses it any more"
		case b.Action == diff.Changed && d.updatesItself(b.Stack):
			text += ": the pipeline updates it by itself"
		}
		lines = append(lines, diffLine{signs[b.Action], b.Stack, text})
	}
	d.section("base stacks to deploy", lines)
}

func (d *diffPrinter) updatesItself(name string) bool {
	return slices.ContainsFunc(generator.BaseStacks(d.after), func(b generator.Base) bool { return b.Name == name && b.UpdatesItself })
}

func (d *diffPrinter) section(title string, lines []diffLine) {
	if len(lines) > 0 {
		d.begin("", title)
		d.lines("  ", lines)
	}
}

// summary tells in a line or two what there is to look at.
func (s *session) summary(before, after side, r *diff.Report) {
	if r.Empty() {
		s.say("%s deploys what %s deploys: %s unchanged", after.Name, before.Name, count(r.Unchanged, "function"))
		return
	}
	s.say("%s changed, %d unchanged, between %s and %s", count(len(r.Functions), "function"), r.Unchanged, before.Name, after.Name)
	replaced, refused, lost, widened, narrowed := tally(r)
	var parts []string
	for _, part := range []struct {
		n    int
		text string
	}{{replaced, "replaced"}, {lost, "losing data"}, {refused, "refused by CloudFormation"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.text))
		}
	}
	if len(parts) > 0 {
		s.say("resources: %s", strings.Join(parts, ", "))
	}
	if widened+narrowed > 0 {
		s.say("permissions: %d more, %d less", widened, narrowed)
	}
}

// tally counts what deserves a look, each logical id of a unit once.
func tally(r *diff.Report) (replaced, refused, lost, widened, narrowed int) {
	for _, c := range slices.Concat(r.Functions, r.Stacks) {
		resources := map[string]diff.Resource{}
		grants := map[string]string{}
		for _, p := range c.Places {
			for _, resource := range p.Resources {
				resources[resource.ID] = resource
			}
			for _, g := range p.Grants {
				grants[g.Subject+" "+strings.Join(g.Actions, " ")+string(g.Action)+g.Policy] = grantSign(g)
			}
		}
		for _, resource := range resources {
			replaced += one(resource.Action == diff.Replaced)
			refused += one(resource.Refused != "")
			lost += one(resource.LosesData)
		}
		for _, sign := range grants {
			widened += one(sign == "+")
			narrowed += one(sign == "-")
		}
	}
	return replaced, refused, lost, widened, narrowed
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}
