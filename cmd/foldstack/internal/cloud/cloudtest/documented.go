package cloudtest

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// Documented are the permissions that the table of a page's chapter lists, sorted.
func Documented(page, chapter string) ([]string, error) {
	text, err := os.ReadFile(page)
	if err != nil {
		return nil, fmt.Errorf("reading the page: %w", err)
	}
	_, rest, found := strings.Cut(string(text), "\n## "+chapter+"\n")
	if !found {
		return nil, fmt.Errorf("%s has no chapter %q", page, chapter)
	}
	rest, _, _ = strings.Cut(rest, "\n## ")
	var listed []string
	for _, m := range permission.FindAllStringSubmatch(rest, -1) {
		listed = append(listed, m[1])
	}
	slices.Sort(listed)
	return listed, nil
}

var permission = regexp.MustCompile("(?m)^\\| `([a-z0-9]+:[A-Za-z]+)`")
