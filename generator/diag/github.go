package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// WriteGitHub writes problems as workflow commands, one line each, which a GitHub
// Actions run shows as annotations of the lines they speak of:
//
//	::error file=functions/orders/function.yaml,line=3,col=9,title=wrong-value::memory of …
//
// Files are written as they stand in the places, and GitHub wants them relative to
// the repository's root: see [Below]. The hint and the notes follow the text on
// lines of their own. GitHub shows ten annotations of a step and logs all.
//
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
func WriteGitHub(w io.Writer, problems []Problem) error {
	out := bufio.NewWriter(w)
	for _, p := range problems {
		fmt.Fprintf(out, "::error %s::%s\n", githubProperties(p), githubData.Replace(githubMessage(p)))
	}
	return out.Flush() // it remembers the first failure
}

// The escapes of a command's message and of its properties are those of the
// runner's own toolkit.
//
// https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubProperties(p Problem) string {
	var list []string
	add := func(name, value string) {
		list = append(list, name+"="+githubProperty.Replace(Visible(value)))
	}
	if p.Place.File != "" {
		add("file", p.Place.File)
	}
	if p.Place.Line > 0 {
		add("line", fmt.Sprint(p.Place.Line))
	}
	if p.Place.Line > 0 && p.Place.Column > 0 {
		add("col", fmt.Sprint(p.Place.Column))
	}
	if p.Rule != "" {
		add("title", p.Rule)
	}
	return strings.Join(list, ",")
}

func githubMessage(p Problem) string {
	lines := []string{indented(p.Text, "")}
	if p.Hint != "" {
		lines = append(lines, "hint: "+indented(p.Hint, ""))
	}
	for _, n := range p.Notes {
		note := indented(n.Text, "")
		if !n.Place.IsZero() {
			note = Visible(n.Place.String()) + ": " + note
		}
		lines = append(lines, "note: "+note)
	}
	return strings.Join(lines, "\n")
}

// Below is problems whose files are named from a folder above: dir is the folder,
// seen from there, in which their places begin. It returns problems themselves
// where the two are one.
func Below(dir string, problems []Problem) []Problem {
	if dir == "" || dir == "." {
		return problems
	}
	under := func(p Place) Place {
		if p.File != "" {
			p.File = dir + "/" + p.File
		}
		return p
	}
	moved := make([]Problem, len(problems))
	for i, p := range problems {
		p.Place = under(p.Place)
		notes := p.Notes
		p.Notes = nil
		for _, n := range notes {
			p.Notes = append(p.Notes, Note{Place: under(n.Place), Text: n.Text})
		}
		moved[i] = p
	}
	return moved
}
