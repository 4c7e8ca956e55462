package source

import (
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml/scanner"
	"github.com/goccy/go-yaml/token"
)

// scan cuts text into tokens. It stops at what the scanner does not understand;
// an invalid token is then the last one. So is what makes the scanner panic.
func scan(text string) (tokens []*token.Token) {
	defer func() {
		if r := recover(); r != nil {
			tokens = append(tokens, token.Invalid(fmt.Sprintf("the YAML scanner cannot read this file: %v", r), "", &token.Position{}))
		}
	}()
	text, shield := shieldColons(text)
	var s scanner.Scanner
	s.Init(text)
	for {
		found, err := s.Scan()
		if err == io.EOF {
			break
		}
		tokens = append(tokens, found...)
		if err != nil {
			break
		}
	}
	if shield != "" {
		for _, tk := range tokens {
			tk.Value = strings.ReplaceAll(tk.Value, shield, ":")
		}
	}
	return tokens
}

// shieldColons replaces each colon that is part of a text, as in a:b, by a
// character that text does not hold, and returns that; the scanner would take
// such a colon for the end of a key wherever a { is open. It is part of a text
// unless a blank or bracket follows it, or it follows a quote or bracket.
//
// https://yaml.org/spec/1.2.2/#rule-ns-plain-char
func shieldColons(text string) (shielded, shield string) {
	var b strings.Builder
	done := 0
	for i := 0; i < len(text); i++ {
		n := strings.IndexByte(text[i:], ':')
		if n < 0 {
			break
		}
		i += n
		if i+1 == len(text) || strings.IndexByte(" \t\n,[]{}", text[i+1]) >= 0 || i > 0 && strings.IndexByte("\"']}", text[i-1]) >= 0 {
			continue
		}
		if shield == "" {
			r := '\uE000' // the private use area begins here
			for strings.ContainsRune(text, r) {
				r++
			}
			shield = string(r)
			b.Grow(len(text) + 64)
		}
		b.WriteString(text[done:i])
		b.WriteString(shield)
		done = i + 1
	}
	if shield == "" {
		return text, ""
	}
	b.WriteString(text[done:])
	return b.String(), shield
}
