package diag

import (
	"strconv"
	"strings"
)

// Quote shows a text in a message, cut where it is long.
func Quote(s string) string {
	const most = 80
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "…"
	}
	return strconv.Quote(s)
}

// Some lists names in a message, of many the first and how many there are more.
func Some(names []string) string {
	const most = 8
	switch {
	case len(names) == 0:
		return "none"
	case len(names) <= most:
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) + " more"
}
