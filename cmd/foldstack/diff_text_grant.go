package main

import (
	"fmt"
	"strings"

	"github.com/foldstack/foldstack/generator/diff"
)

// grantSign is + where more is allowed and - where less is.
func grantSign(g diff.Grant) string {
	switch {
	case g.Widens:
		return "+"
	case g.Action == diff.Added && g.Effect == "Allow", g.Action == diff.Removed && g.Effect != "Allow":
		return "~" // something else allows it, too
	}
	return "-"
}

func grantText(g diff.Grant) string {
	if g.Policy != "" {
		return map[diff.Action]string{diff.Added: "has the policy ", diff.Removed: "has no longer the policy "}[g.Action] + g.Policy
	}
	verb := map[bool]string{true: "may", false: "may not"}[g.Effect == "Allow"]
	if g.Action == diff.Removed {
		verb = map[bool]string{true: "may no longer", false: "is no longer denied"}[g.Effect == "Allow"]
	}
	text := verb + " " + some(g.Actions)
	if len(g.Principals) > 0 {
		text = some(g.Principals) + " " + text
	}
	if len(g.Resources) > 0 {
		text += " on " + some(g.Resources)
	}
	if g.Condition != "" {
		text += " if " + g.Condition
	}
	return text
}

// some are the first few of a list that may be long.
func some(list []string) string {
	const most = 6
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most-1], ", "), len(list)-most+1)
}
