package quota

import (
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/template"
)

// least is the number of characters that a value is certain to have as text,
// whatever its references become.
func least(tree any) int {
	text, ok := tree.(string)
	if !ok || !cfn.IsIntrinsic(text) {
		return utf8.RuneCountInString(template.Text(tree))
	}
	i, _ := cfn.Decode(text)
	list, _ := i.Argument.([]any)
	switch {
	case i.Name == "Fn::Sub" && len(list) == 2:
		return fixed(template.Text(list[0]))
	case i.Name == "Fn::Sub":
		return fixed(template.Text(i.Argument))
	case i.Name == "Fn::If" && len(list) == 3:
		return min(least(list[1]), least(list[2]))
	case i.Name == "Fn::Join" && len(list) == 2:
		return joined(least(list[0]), list[1])
	}
	return 0
}

// fixed counts what Sub leaves as it is. ${! is written for ${.
func fixed(text string) int {
	n := 0
	for {
		before, rest, found := strings.Cut(text, "${")
		n += utf8.RuneCountInString(before)
		name, after, closed := strings.Cut(rest, "}")
		switch {
		case !found:
			return n
		case !closed:
			return n + utf8.RuneCountInString(rest)
		case strings.HasPrefix(name, "!"):
			n += utf8.RuneCountInString("${" + name[1:] + "}")
		}
		text = after
	}
}

// joined counts a separator only between texts that are there for certain.
func joined(separator int, values any) int {
	n, there := 0, 0
	for _, v := range items(values) {
		if characters := least(v); characters > 0 {
			n += characters
			there++
		}
	}
	return n + max(0, there-1)*separator
}

// characters is what a document is certain to have as JSON without white space. One
// that a user wrote as text, where white space may stand, is not measured.
func characters(document any) int {
	m, ok := document.(cfn.Map)
	if !ok {
		return 0
	}
	return policy.Least(m)
}
