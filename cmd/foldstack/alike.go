package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
)

// alike are statements that differ in accounts and regions alone, told as one.
type alike struct {
	texts  []string // ACCOUNT and REGION stand for what differs
	names  []string // of these, those that occur; none where nothing differs
	places []string // what the names stand for, a place for each statement
	of     []int    // which statements these are
}

// merged are statements with those that are alike told as one, in the order of their
// first. A statement is one or more texts.
func merged(statements [][]string) []alike {
	var forms []string
	groups := map[string][]int{}
	for i, texts := range statements {
		form, _ := formOf(texts)
		if groups[form] == nil {
			forms = append(forms, form)
		}
		groups[form] = append(groups[form], i)
	}
	var list []alike
	for _, form := range forms {
		list = append(list, merge(statements, groups[form]))
	}
	return list
}

// placeName is an account or a region in a text.
var placeName = regexp.MustCompile(`\b(?:[0-9]{12}|` + strings.Join(model.KnownRegions(), "|") + `)\b`)

// kindOf is the name of a place's kind.
func kindOf(place string) string {
	if accountID.MatchString(place) {
		return "ACCOUNT"
	}
	return "REGION"
}

// formOf is what statements that are alike have in common, and the places that one names,
// each once. Which of them are the same is part of the form.
func formOf(texts []string) (form string, values []string) {
	form = placeName.ReplaceAllStringFunc(strings.Join(texts, "\x00"), func(value string) string {
		if !slices.Contains(values, value) {
			values = append(values, value)
		}
		return fmt.Sprintf("\x00%s%d\x00", kindOf(value), slices.Index(values, value))
	})
	return form, values
}

// merge tells statements of one form as one.
func merge(statements [][]string, of []int) alike {
	a := alike{of: of, places: make([]string, len(of))}
	values := make([][]string, len(of))
	for i, n := range of {
		_, values[i] = formOf(statements[n])
	}
	names := map[string]string{}
	for position, first := range values[0] {
		if !slices.ContainsFunc(values, func(v []string) bool { return v[position] != first }) {
			continue
		}
		names[first] = a.name(kindOf(first))
		for i := range values {
			a.places[i] = strings.TrimLeft(a.places[i]+" "+values[i][position], " ")
		}
	}
	for _, text := range statements[of[0]] {
		a.texts = append(a.texts, placeName.ReplaceAllStringFunc(text, func(value string) string {
			if name := names[value]; name != "" {
				return name
			}
			return value
		}))
	}
	return a
}

// name is a new name for places of a kind.
func (a *alike) name(kind string) string {
	name := kind
	for n := 2; slices.Contains(a.names, name); n++ {
		name = fmt.Sprintf("%s%d", kind, n)
	}
	a.names = append(a.names, name)
	return name
}

// where says what the names stand for, and is empty where nothing differs.
func (a *alike) where() string {
	if len(a.names) == 0 {
		return ""
	}
	return "where " + strings.Join(a.names, " ") + " is " + strings.Join(a.places, ", ")
}
