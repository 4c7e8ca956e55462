package diag

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// excerptWidth is the number of columns of a source line that are shown; a
// longer line is cut around the problem.
const excerptWidth = 100

// The styles of the text printer, as ANSI escape sequences.
const (
	styleReset = "\x1b[0m"
	styleBold  = "\x1b[1m"
	styleDim   = "\x1b[2m"
	styleRed   = "\x1b[31m"
	styleCyan  = "\x1b[36m"
)

// WriteText writes problems for a person to read, in the given order:
//
//	functions/orders/function.yaml:3:9: memory is a whole number from 128 to 10240, not "64" [wrong-value]
//	    3 | memory: 64
//	      |         ^
//	    hint: the unit is MB
//
// The excerpt comes from sources and is left out where they do not hold the
// file. Where a secret stands in a line, the line ends before it. color adds ANSI
// colours and changes nothing else. The error is w's.
func WriteText(w io.Writer, problems []Problem, sources *Sources, color bool) error {
	t := &textPrinter{w: bufio.NewWriter(w), sources: sources, color: color, secrets: secrets(problems)}
	for i, p := range problems {
		if i > 0 {
			t.line("")
		}
		t.problem(p)
	}
	return t.w.Flush()
}

// textPrinter leaves errors to its writer, which remembers the first.
type textPrinter struct {
	w       *bufio.Writer
	sources *Sources
	color   bool
	secrets map[Place]int // the column of the first secret of a line; 0 for the whole line
}

// secrets finds the lines that hold secrets; a key is a place without its column.
func secrets(problems []Problem) map[Place]int {
	columns := map[Place]int{}
	for _, p := range problems {
		if !p.Secret {
			continue
		}
		line := Place{File: p.Place.File, Line: p.Place.Line}
		if first, known := columns[line]; !known || p.Place.Column < first {
			columns[line] = p.Place.Column
		}
	}
	return columns
}

func (t *textPrinter) problem(p Problem) {
	text := indented(p.Text, "    ")
	if p.Rule != "" {
		text += " " + t.style(styleDim, "["+Visible(p.Rule)+"]")
	}
	t.line(t.place(p.Place) + text)
	t.excerpt(p.Place, "    ")
	if p.Hint != "" {
		t.line("    " + t.style(styleCyan, "hint:") + " " + indented(p.Hint, "          "))
	}
	for _, n := range p.Notes {
		t.line("    note: " + t.place(n.Place) + indented(n.Text, "          "))
		t.excerpt(n.Place, "        ")
	}
}

// place is "file:line:column: ", or nothing for an unknown place.
func (t *textPrinter) place(p Place) string {
	if p.IsZero() {
		return ""
	}
	return t.style(styleBold, Visible(p.String())+":") + " "
}

// excerpt shows the line at p behind its number, and a caret below the column.
func (t *textPrinter) excerpt(p Place, indent string) {
	line, ok := t.sources.Line(p.File, p.Line)
	if !ok {
		return
	}
	shown := cells(line)
	if first, secret := t.secrets[Place{File: p.File, Line: p.Line}]; secret {
		shown = append(shown[:min(max(first-1, 0), len(shown))], cell{text: "…", width: 1})
		p.Column = min(p.Column, len(shown))
	}
	text, caret := cut(shown, p.Column-1)
	number := strconv.Itoa(p.Line)
	t.line(strings.TrimRight(indent+t.style(styleDim, number+" |")+" "+text, " "))
	if p.Column > 0 {
		gutter := t.style(styleDim, strings.Repeat(" ", len(number))+" |")
		t.line(indent + gutter + " " + strings.Repeat(" ", caret) + t.style(styleRed, "^"))
	}
}

func (t *textPrinter) line(s string) { fmt.Fprintln(t.w, s) }

func (t *textPrinter) style(style, s string) string {
	if !t.color {
		return s
	}
	return style + s + styleReset
}

// indented shows text that may have several lines; those after the first begin
// with indent.
func indented(text, indent string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i := range lines {
		lines[i] = Visible(lines[i])
	}
	return strings.Join(lines, "\n"+indent)
}

// cut joins the cells that fit into an excerpt and returns the caret's column,
// counted from 0, below the cell at index focus. A focus outside the line, which
// the end of a file may be, points behind its last cell.
func cut(line []cell, focus int) (text string, caret int) {
	focus = min(max(focus, 0), len(line))
	from, to, width := 0, len(line), 0
	for _, c := range line {
		width += c.width
	}
	if width > excerptWidth {
		from, to = window(line, focus)
	}
	var b strings.Builder
	if from > 0 {
		b.WriteString("…")
		caret++
	}
	for i, c := range line[from:to] {
		if from+i < focus {
			caret += c.width
		}
		b.WriteString(c.text)
	}
	if to < len(line) {
		b.WriteString("…")
	}
	return b.String(), caret
}

// window chooses the cells around focus that fit into an excerpt, about two
// thirds of them before it, since what is wrong mostly follows from what stands
// there.
func window(line []cell, focus int) (from, to int) {
	from, width := focus, 0
	for from > 0 && width+line[from-1].width <= excerptWidth*2/3 {
		from--
		width += line[from].width
	}
	to = focus
	for to < len(line) && width+line[to].width <= excerptWidth {
		width += line[to].width
		to++
	}
	for from > 0 && width+line[from-1].width <= excerptWidth {
		from--
		width += line[from].width
	}
	// A combining rune belongs to the rune before it.
	for to < len(line) && line[to].width == 0 {
		to++
	}
	for from > 0 && from < focus && line[from].width == 0 {
		from++
	}
	return from, to
}
