package scan

import (
	"strconv"
	"strings"
)

// goDirectives are the lines of a go.mod or go.work that say where packages lie.
//
// https://go.dev/ref/mod#go-mod-file
// https://go.dev/ref/mod#workspaces
type goDirectives struct {
	module  string
	uses    []string    // folders of go.work
	replace []goReplace // by folders only
}

type goReplace struct {
	module string
	dir    string
	line   int
}

// parseGoDirectives reads what it understands and leaves the rest to Go.
func parseGoDirectives(data []byte) goDirectives {
	var d goDirectives
	block := "" // the verb of the block that is open
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		words := goWords(line)
		switch {
		case len(words) == 0:
			continue
		case block != "" && words[0] == ")":
			block = ""
			continue
		case block != "":
			words = append([]string{block}, words...)
		case len(words) == 2 && words[1] == "(":
			block = words[0]
			continue
		}
		d.add(words, n)
	}
	return d
}

func (d *goDirectives) add(words []string, line int) {
	switch {
	case words[0] == "module" && len(words) == 2:
		d.module = words[1]
	case words[0] == "use" && len(words) == 2:
		d.uses = append(d.uses, words[1])
	case words[0] == "replace":
		for i, w := range words {
			// Only a folder stands alone behind the arrow and begins with a dot or a slash.
			if w == "=>" && i >= 2 && len(words) == i+2 && isGoPath(words[i+1]) {
				d.replace = append(d.replace, goReplace{words[1], words[i+1], line})
			}
		}
	}
}

func isGoPath(s string) bool {
	return s == "." || s == ".." || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../") || strings.HasPrefix(s, "/") || len(s) > 1 && s[1] == ':'
}

// goWords are the words of a line: quoted, or up to a space or a bracket.
func goWords(line string) []string {
	var words []string
	for {
		line = strings.TrimLeft(line, " \t\r\n")
		if line == "" || strings.HasPrefix(line, "//") {
			return words
		}
		word := line[:1]
		switch {
		case line[0] == '"' || line[0] == '`':
			quoted, err := strconv.QuotedPrefix(line)
			if err != nil {
				return words
			}
			word, line = quoted, line[len(quoted):]
			word, _ = strconv.Unquote(word)
		case line[0] == '(' || line[0] == ')':
			line = line[1:]
		default:
			end := strings.IndexAny(line, " \t\r\n()")
			if end < 0 {
				end = len(line)
			}
			if i := strings.Index(line[:end], "//"); i > 0 {
				end = i
			}
			word, line = line[:end], line[end:]
		}
		words = append(words, word)
	}
}
