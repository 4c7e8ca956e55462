package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
)

// Finding is one thing that is wrong with a resource.
type Finding struct {
	// Path leads from the resource's entry to what is wrong: keys, and indexes of
	// lists. What stands in a function is below its full name: "Fn::If", "1". The
	// path ends at a key that must not be there, and above one that is missing.
	Path []string

	Rule string // id in kebab-case
	Text string // what is wrong
	Hint string // what to do
}

// Locate is the place of a path in the entry as its author wrote it. A key that
// must not be there is placed itself, any other end of a path at its value. Where
// the path leaves what was written, it is the last place on the way.
func Locate(entry *source.Node, path []string) diag.Place {
	if entry == nil {
		return diag.Place{}
	}
	node, place := entry, entry.Place
	for i, step := range path {
		next, key := descend(node, step)
		if next == nil {
			break
		}
		node, place = next, next.Place
		if last := i == len(path)-1; key != nil && (last || next.Place.IsZero()) {
			place = key.Place
		}
	}
	return place
}

// descend is the value one step below a node, and its key where it has one. A
// function's name is no step where the node has its tag.
func descend(n *source.Node, step string) (value, key *source.Node) {
	for _, p := range n.Pairs {
		if p.Key.Text == step {
			return p.Value, p.Key
		}
	}
	if n.Tag != "" && n.Tag == "!"+strings.TrimPrefix(step, "Fn::") {
		return n, nil
	}
	if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Items) {
		return n.Items[i], nil
	}
	return nil, nil
}

// subject names what a path leads to: the last name in it, and the item's number
// where it leads to one.
func subject(path []string) string {
	item := ""
	for i := len(path) - 1; i >= 0; i-- {
		switch step := path[i]; {
		case strings.HasPrefix(step, "Fn::"):
			item = "" // the number was that of an operand
		case isIndex(step):
			if item == "" {
				item = step
			}
		case item != "":
			n, _ := strconv.Atoi(item)
			return "item " + strconv.Itoa(n+1) + " of " + step
		default:
			return step
		}
	}
	return "the resource"
}

func isIndex(step string) bool {
	return step != "" && strings.Trim(step, "0123456789") == ""
}

// names is the dotted path of a property without functions and indexes.
func names(path []string) string {
	var parts []string
	for i, step := range path {
		if i == 0 && step == "Properties" || isIndex(step) || strings.HasPrefix(step, "Fn::") {
			continue
		}
		parts = append(parts, step)
	}
	return strings.Join(parts, ".")
}

// quote shows a text in a message, cut where it is long.
func quote(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "…"
	}
	return strconv.Quote(s)
}

// oneOf lists names for a sentence.
func sentence(names []string, word string) string {
	switch len(names) {
	case 0:
		return "nothing"
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + word + " " + names[len(names)-1]
}

// some lists at most a few of the names.
func some(names []string) string {
	const most = 8
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) + " more"
}

// near lists up to three candidates that are close to a word, the closest first.
func near(word string, candidates []string) []string {
	var found []string
	rest := slices.Clone(candidates)
	for len(found) < 3 {
		best, ok := diag.Suggest(word, rest)
		if !ok {
			break
		}
		found = append(found, best)
		rest = slices.DeleteFunc(rest, func(c string) bool { return c == best })
	}
	return found
}

// page is where AWS describes a type.
func page(typ string) string {
	parts := strings.Split(strings.ToLower(typ), "::")
	if len(parts) != 3 || parts[0] != "aws" {
		return "see the provider's documentation"
	}
	return "see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-" + parts[1] + "-" + parts[2] + ".html"
}
