package symbol

import "strings"

const (
	begin = '\x01'
	end   = '\x02'
)

// New is the symbol of that name. The name is what people are shown.
func New(name string) string { return string(begin) + name + string(end) }

// Is reports whether a text is the symbol of that name.
func Is(text, name string) bool {
	return len(text) == len(name)+2 && text[0] == begin && text[len(text)-1] == end && text[1:len(text)-1] == name
}

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

// Map is the text with every symbol replaced by what f makes of its name.
func Map(text string, f func(name string) string) string {
	return rewrite(text, func(symbol string) string { return f(symbol[1 : len(symbol)-1]) }, same)
}

// Around is the text with what stands between its symbols replaced by what f makes of
// it.
func Around(text string, f func(literal string) string) string { return rewrite(text, same, f) }

func same(text string) string { return text }

// rewrite is the text made anew of its symbols and of what stands between them.
func rewrite(text string, symbol, literal func(piece string) string) string {
	if text == "" {
		return ""
	}
	if !In(text) {
		return literal(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	for text != "" {
		n, piece := Width(text), symbol
		if n == 0 {
			piece = literal
			n = strings.IndexByte(text[1:], begin) + 1 // a lone begin is text
			if n == 0 {
				n = len(text)
			}
		}
		b.WriteString(piece(text[:n]))
		text = text[n:]
	}
	return b.String()
}

// IndexByte is where a character first stands that is in no symbol, or -1.
func IndexByte(text string, character byte) int {
	for from := 0; ; {
		at := strings.IndexByte(text[from:], character)
		if at < 0 {
			return -1
		}
		symbol := strings.IndexByte(text[from:from+at], begin)
		if symbol < 0 {
			return from + at
		}
		from += symbol
		from += max(Width(text[from:]), 1)
	}
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
