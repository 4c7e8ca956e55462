package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/diag"
)

// window is how wide a table of ordinary names is at most, for nothing is cut off.
const window = 100

// writeTables writes tables with an empty line between them, but for those that have a
// head alone.
func writeTables(w io.Writer, tables ...[][]string) error {
	between := ""
	for _, rows := range tables {
		if len(rows) == 1 {
			continue
		}
		if _, err := io.WriteString(w, between); err != nil {
			return fmt.Errorf("printing the tables: %w", err)
		}
		if err := writeTable(w, rows); err != nil {
			return err
		}
		between = "\n"
	}
	return nil
}

// writeTable writes rows whose columns stand below each other, two spaces apart. It
// shows what a terminal would obey.
func writeTable(w io.Writer, rows [][]string) error {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			row[i] = diag.Visible(cell)
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	out := bufio.NewWriter(w)
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
		}
		out.WriteString(strings.TrimRight(line.String(), " "))
		out.WriteByte('\n')
	}
	if err := out.Flush(); err != nil { // it remembers the first failure
		return fmt.Errorf("printing the table: %w", err)
	}
	return nil
}
