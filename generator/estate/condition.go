package estate

import (
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// verdict is the outcome of a condition. What depends on a value that only the
// deployment can tell may hold; it is then taken to hold: a resource that may exist
// exists, and Fn::If gives what it gives where the condition holds. An estate so has
// rather too much in it, and what it needs is rather granted than missed.
//
// A symbol that is an id or a generated name is different from every literal, and so
// is the symbol of an account or a region: comparing them has an outcome.
type verdict byte

const (
	no verdict = iota
	maybe
	yes
)

// holds reports whether a condition holds; that without a name does.
func (i *instance) holds(name string) verdict {
	if name == "" {
		return yes
	}
	n, ok := i.sections.conditions[name]
	if !ok {
		return maybe
	}
	e := &i.Document.Conditions[n]
	return i.conditions[n].get(func() verdict {
		return i.judge(e.Value)
	}, func() verdict {
		i.circle("the condition", e)
		return maybe
	})
}

// judge is the outcome of a condition function.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
func (i *instance) judge(x any) verdict {
	s, _ := x.(string)
	call, _ := cfn.Decode(s)
	items, _ := call.Argument.([]any)
	switch {
	case call.Name == "Condition":
		return i.holds(template.Text(call.Argument))
	case call.Name == "Fn::Equals" && len(items) == 2:
		return i.equals(items[0], items[1])
	case call.Name == "Fn::Not" && len(items) == 1:
		return yes - i.judge(items[0])
	case call.Name == "Fn::And" && len(items) > 0:
		least := yes
		for _, item := range items {
			least = min(least, i.judge(item))
		}
		return least
	case call.Name == "Fn::Or" && len(items) > 0:
		most := no
		for _, item := range items {
			most = max(most, i.judge(item))
		}
		return most
	}
	return maybe // no condition at all
}

func (i *instance) equals(a, b any) verdict {
	left, right := i.text(a), i.text(b)
	switch {
	case left == right:
		return yes
	case open(left) || open(right):
		return maybe
	}
	return no
}

// mark ends the name of a symbol that can stand for any value, even for one that
// somebody wrote elsewhere: a setting that Systems Manager stores, an answer of a
// custom resource.
const mark = "?"

// open reports whether a text holds such a symbol.
func open(text string) bool { return strings.Contains(text, closing) }

var closing = strings.TrimPrefix(symbol.New(mark), symbol.New("")[:1])

// unknown is the symbol of something of the stack of which nothing is known.
func (i *instance) unknown(name string) string { return symbol.New(symbol.Show(i.below(name)) + mark) }

// stored is the symbol of a dynamic reference, the same throughout an account and
// region.
func (i *instance) stored(reference string) string {
	return symbol.New(symbol.Show(reference+" in "+i.Account+" "+i.Region) + mark)
}
