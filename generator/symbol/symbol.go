package symbol

import "strings"

const (
	begin = '\x01'
	end   = '\x02'
)

// New is the symbol of that name. The name is what people are shown.
func New(name string) string { return string(begin) + name + string(end) }

// In reports whether a text holds a symbol.
func In(text string) bool { return strings.IndexByte(text, begin) >= 0 }

// Width is the number of bytes of the symbol that the text begins with, and 0 where
// it begins with anything else.
func Width(text string) int {
	if text == "" || text[0] != begin {
		return 0
	}
	return strings.IndexByte(text, end) + 1
}

// Show is the text as people read it: a symbol's name in angle brackets.
func Show(text string) string {
	if !In(text) {
		return text
	}
	return shown.Replace(text)
}

var shown = strings.NewReplacer(string(begin), "<", string(end), ">")

// Replace is the text with the symbols of some names in the place of others, or of
// literal texts: values lists names and what takes the place of each.
func Replace(text string, values ...string) string {
	if !In(text) {
		return text
	}
	pairs := make([]string, len(values))
	for i := range values {
		pairs[i] = values[i]
		if i%2 == 0 {
			pairs[i] = New(values[i])
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Map is the text with every symbol replaced by what f makes of its name.
func Map(text string, f func(name string) string) string {
	if !In(text) {
		return text
	}
	var b strings.Builder
	for text != "" {
		if n := Width(text); n > 0 {
			b.WriteString(f(text[1 : n-1]))
			text = text[n:]
			continue
		}
		next := strings.IndexByte(text[1:], begin) + 1 // a lone begin is text
		if next == 0 {
			next = len(text)
		}
		b.WriteString(text[:next])
		text = text[next:]
	}
	return b.String()
}

// Around is the text with what stands between its symbols replaced by what f makes of
// it.
func Around(text string, f func(literal string) string) string {
	var b strings.Builder
	for text != "" {
		if n := Width(text); n > 0 {
			b.WriteString(text[:n])
			text = text[n:]
			continue
		}
		next := strings.IndexByte(text[1:], begin) + 1 // a lone begin is text
		if next == 0 {
			next = len(text)
		}
		b.WriteString(f(text[:next]))
		text = text[next:]
	}
	return b.String()
}

// LastIndexAny is where the last of some characters stands that is in no symbol, or -1.
func LastIndexAny(text, characters string) int {
	last := -1
	for at := 0; at < len(text); {
		if n := Width(text[at:]); n > 0 {
			at += n
			continue
		}
		if strings.IndexByte(characters, text[at]) >= 0 {
			last = at
		}
		at++
	}
	return last
}
