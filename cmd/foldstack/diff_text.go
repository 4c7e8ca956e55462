package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

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

func (d *diffPrinter) section(title string, lines []diffLine) {
	if len(lines) > 0 {
		d.begin("", title)
		d.lines("  ", lines)
	}
}
