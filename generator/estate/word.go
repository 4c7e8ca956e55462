package estate

import (
	"strings"

	"github.com/foldstack/foldstack/generator/symbol"
)

// isAccount reports whether a text is the id of an account.
//
// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
func isAccount(text string) bool {
	return len(text) == 12 && strings.Trim(text, "0123456789") == ""
}

// isRegion reports whether a text has the form of a region's name, such as eu-west-1.
//
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
func isRegion(text string) bool {
	return strings.Contains(text, "-") && isDigit(text[len(text)-1]) && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// replaceWord puts a symbol in the place of a word, wherever that stands by itself and
// not within another symbol.
func replaceWord(text, word, with string) string {
	if !strings.Contains(text, word) {
		return text
	}
	var b strings.Builder
	for n := 0; n < len(text); {
		width := symbol.Width(text[n:])
		switch {
		case width > 0:
			b.WriteString(text[n : n+width])
		case strings.HasPrefix(text[n:], word) && !isName(before(text, n)) && !isName(after(text, n+len(word))):
			b.WriteString(with)
			width = len(word)
		default:
			b.WriteByte(text[n])
			width = 1
		}
		n += width
	}
	return b.String()
}

func isName(c byte) bool { return isLetter(c) || isDigit(c) }

// before and after are the characters beside a place in a text; 0 at its ends.
func before(s string, n int) byte {
	if n == 0 {
		return 0
	}
	return s[n-1]
}

func after(s string, n int) byte {
	if n == len(s) {
		return 0
	}
	return s[n]
}

func inWord(c byte) bool   { return c >= 'a' && c <= 'z' || isDigit(c) || c == '-' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }
func isWild(c byte) bool   { return c == '*' || c == '?' }
