package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// finding is one thing that is wrong with an entry of a template.
type finding struct {
	// path leads from the entry to what is wrong: keys, and indexes of lists. What
	// stands in a function is below its full name: "Fn::If", "1".
	path []string
	key  bool // the key at the end of the path is meant, not its value

	rule string
	text string // what is wrong
	hint string // what to do
}

// problem is the finding at the line of the user who wrote it, or who asked for the
// resource.
func (f finding) problem(e template.Entry) diag.Problem {
	steps := slices.DeleteFunc(slices.Clone(f.path), isFunction)
	place := e.At(steps...)
	if f.key {
		place = e.Key(steps...)
	}
	return diag.Problem{Rule: f.rule, Place: place, Text: f.text, Hint: f.hint}
}

func isFunction(step string) bool { return step == "Ref" || strings.HasPrefix(step, "Fn::") }

// report says what is wrong with the value at the path.
func (c *checker) report(rule, hint, text string) {
	c.add(finding{rule: rule, hint: hint, text: text})
}

// reportKey says that the key at the end of the path must not be there, or what is
// missing below it.
func (c *checker) reportKey(rule, hint, text string) {
	c.add(finding{rule: rule, hint: hint, text: text, key: true})
}

func (c *checker) add(f finding) {
	if c.onTrial() {
		return
	}
	if f.hint == "" {
		f.hint = page(c.typ.name)
	}
	f.path = slices.Clone(c.path)
	c.found = append(c.found, f)
}

// onTrial counts a fault where only the verdict is asked for, and reports whether
// that is so. Who has to look for words asks before.
func (c *checker) onTrial() bool {
	if c.trials == 0 {
		return false
	}
	c.faults++
	return true
}

// unique is what was found without repetition: two schemas may say the same.
func (c *checker) unique() []finding {
	if len(c.found) < 2 {
		return c.found
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(c.found, func(f finding) bool {
		key := strings.Join(f.path, "\x00") + "\x00"
		if f.rule == "wrong-type" { // the layers of a schema may name more and fewer types
			key += f.rule
		} else {
			key += f.text
		}
		if seen[key] {
			return true
		}
		seen[key] = true
		return false
	})
}

// subject names what the path leads to: the last name in it, and the item's number
// where it leads to one.
func (c *checker) subject() string {
	item := ""
	for i := len(c.path) - 1; i >= 0; i-- {
		switch step := c.path[i]; {
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
	return c.label()
}

func isIndex(step string) bool {
	return step != "" && strings.Trim(step, "0123456789") == ""
}

// dotted is the path of a property without functions and indexes.
func dotted(path []string) string {
	var parts []string
	for i, step := range path {
		if i == 0 && step == "Properties" || isIndex(step) || isFunction(step) {
			continue
		}
		parts = append(parts, step)
	}
	return strings.Join(parts, ".")
}

// sentence lists names with a word before the last.
func sentence(names []string, word string) string {
	switch len(names) {
	case 0:
		return "nothing"
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + word + " " + names[len(names)-1]
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

// page is where to read about a type; a section's is its name.
func page(typ string) string {
	parts := strings.Split(strings.ToLower(typ), "::")
	switch {
	case strings.HasPrefix(typ, "https://"):
		return "see " + typ
	case typ == custom:
		return "see the provider's documentation"
	}
	return "see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-" + parts[1] + "-" + parts[2] + ".html"
}
