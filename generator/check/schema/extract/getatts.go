package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// getatts is what cfn-lint knows about attributes that the schemas do not tell:
// the types of which every property is one, and further properties by type. It
// stands in Python, as literals.
type getatts struct {
	all   map[string]bool
	extra map[string][]string
}

var (
	quoted  = regexp.MustCompile(`"([^"]+)"`)
	entries = regexp.MustCompile(`"([^"]+)":\s*\[([^\]]*)\]`)
)

func readGetatts(file string) (getatts, error) {
	g := getatts{all: map[string]bool{}, extra: map[string][]string{}}
	text, err := os.ReadFile(file)
	if err != nil {
		return g, fmt.Errorf("reading cfn-lint's attributes: %w", err)
	}
	list, ok := literal(string(text), "\n_all_property_types = [", "\n]")
	if !ok {
		return g, fmt.Errorf("%s has no _all_property_types", file)
	}
	for _, match := range quoted.FindAllStringSubmatch(list, -1) {
		g.all[match[1]] = true
	}
	table, ok := literal(string(text), "\n_exceptions = {", "\n}")
	if !ok {
		return g, fmt.Errorf("%s has no _exceptions", file)
	}
	for _, entry := range entries.FindAllStringSubmatch(table, -1) {
		for _, match := range quoted.FindAllStringSubmatch(entry[2], -1) {
			g.extra[entry[1]] = append(g.extra[entry[1]], match[1])
		}
	}
	if len(g.all) < 30 || len(g.extra) < 30 {
		return g, fmt.Errorf("%s: only %d and %d entries were understood", file, len(g.all), len(g.extra))
	}
	return g, nil
}

func literal(text, begin, end string) (string, bool) {
	_, rest, found := strings.Cut(text, begin)
	if !found {
		return "", false
	}
	inside, _, found := strings.Cut(rest, end)
	return inside, found
}
