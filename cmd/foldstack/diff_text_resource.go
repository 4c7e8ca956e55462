package main

import (
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/diff"
)

// resourceLines are the lines of one resource: its properties, and what they mean for it.
func resourceLines(r diff.Resource, p diff.Place) []diffLine {
	var lines []diffLine
	add := func(text string) { lines = append(lines, diffLine{signs[r.Action], r.ID, text}) }
	if r.Action == diff.Added || r.Action == diff.Removed {
		text := r.Type
		if r.Name != "" && !strings.Contains(r.Name, "…") {
			text += " " + r.Name
		}
		if r.LosesData {
			text += ": its data is lost"
		}
		add(text)
		return lines
	}
	for _, property := range r.Properties {
		if text := propertyText(property, r, p); text != "" {
			add(text)
		}
	}
	switch {
	case r.Refused == diff.Named:
		add("CloudFormation refuses to replace what keeps its name, " + r.Name + ": give it another, or another logical id")
	case r.Refused == diff.Retyped:
		add("CloudFormation refuses another type under the same logical id: give it another")
	case r.Action == diff.Replaced && r.LosesData:
		add("is replaced, and its data is lost")
	case r.Action == diff.Replaced:
		add("is replaced")
	case r.Maybe && r.LosesData:
		add("may be replaced, and then its data is lost: the values decide")
	case r.Maybe:
		add("may be replaced: the values decide")
	}
	return lines
}

func propertyText(property diff.Property, r diff.Resource, p diff.Place) string {
	switch {
	case property.Policy && len(p.Grants) > 0:
		return ""
	case property.Policy:
		return property.Path + ": written otherwise, and grants the same"
	case property.Follows != "":
		return property.Path + ": follows " + property.Follows
	}
	text := property.Path + ": " + valuesText(property.Values)
	if property.Replaces && len(r.Properties) > 1 {
		text += " (replaces it)"
	}
	return text
}

// valuesText is what was and what will be. What is too long to be shown is added or
// removed.
func valuesText(v diff.Values) string {
	switch {
	case v.Before == nil && v.After != nil && utf8.RuneCountInString(*v.After) > maxValue:
		return "is added"
	case v.After == nil && v.Before != nil && utf8.RuneCountInString(*v.Before) > maxValue:
		return "is removed"
	}
	return valueOf(v.Before) + " → " + valueOf(v.After)
}

// maxValue is how many characters of a value stand in a line.
const maxValue = 72

// valueOf is a value that fits into a line.
func valueOf(value *string) string {
	if value == nil {
		return "nothing"
	}
	if runes := []rune(*value); len(runes) > maxValue {
		return string(runes[:maxValue-1]) + "…"
	}
	if *value == "" {
		return `""`
	}
	return *value
}
