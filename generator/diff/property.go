package diff

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
)

// difference is where two trees differ: what stands there on either side, nil where
// nothing does. At a policy the values are the policies.
type difference struct {
	path          []step
	before, after any
	policy        bool
}

// step leads to a property, or to an item of a list by its name or number.
type step struct {
	name string
	item bool
}

// differences are the places where two trees differ, as deep as both go.
func differences(before, after any) []difference {
	var d differ
	d.compare(before, after)
	return d.found
}

type differ struct {
	path  []step
	found []difference
}

func (d *differ) at(s step, before, after any) {
	d.path = append(d.path, s)
	d.compare(before, after)
	d.path = d.path[:len(d.path)-1]
}

func (d *differ) report(before, after any, policy bool) {
	d.found = append(d.found, difference{slices.Clone(d.path), before, after, policy})
}

func (d *differ) compare(before, after any) {
	if equal(before, after) {
		return
	}
	if isPolicy(before) || isPolicy(after) {
		if !sameGrants(before, after) {
			d.report(before, after, true)
		}
		return
	}
	if isEmpty(before) || isEmpty(after) {
		d.report(before, after, false)
		return
	}
	b, isMap := before.(cfn.Map)
	a, areMaps := after.(cfn.Map)
	if isMap && (areMaps || after == nil) || areMaps && before == nil {
		d.maps(b, a)
		return
	}
	bs, isList := before.([]any)
	as, areLists := after.([]any)
	if isList && (areLists || after == nil) || areLists && before == nil {
		d.lists(bs, as)
		return
	}
	d.report(before, after, false)
}

// isEmpty reports a mapping or a list of nothing, which is something else than none.
func isEmpty(x any) bool {
	switch x := x.(type) {
	case cfn.Map:
		return len(x) == 0
	case []any:
		return len(x) == 0
	}
	return false
}

func (d *differ) maps(before, after cfn.Map) {
	for _, e := range after {
		d.at(step{name: e.Key}, before.Get(e.Key), e.Value)
	}
	for _, e := range before {
		if !after.Has(e.Key) {
			d.at(step{name: e.Key}, e.Value, nil)
		}
	}
}

// lists compares items that have names by those, others by their place between what the
// lists begin and end with in common.
func (d *differ) lists(before, after []any) {
	found := len(d.found)
	if key := keyOf(before, after); key != "" {
		d.keyed(key, before, after)
	} else {
		d.placed(before, after)
	}
	if len(d.found) == found && len(policies(before))+len(policies(after)) == 0 { // the order differs
		d.report(before, after, false)
	}
}

// keys are the properties by which items of a list are told apart.
var keys = []string{"Name", "Key", "Id", "PolicyName", "AttributeName", "ContainerName", "Region"}

// keyOf is the property that names every item of two lists, each another one; or "".
func keyOf(lists ...[]any) string {
	return first(keys, func(key string) bool {
		return !slices.ContainsFunc(lists, func(list []any) bool {
			seen := map[string]bool{}
			return slices.ContainsFunc(list, func(item any) bool {
				name := named(item, key)
				again := name == "" || seen[name]
				seen[name] = true
				return again
			})
		})
	})
}

func first(list []string, is func(string) bool) string {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i]
	}
	return ""
}

func named(item any, key string) string {
	m, _ := item.(cfn.Map)
	name, _ := scalar(m.Get(key))
	return name
}

func (d *differ) keyed(key string, before, after []any) {
	find := func(list []any, name string) any {
		for _, item := range list {
			if named(item, key) == name {
				return item
			}
		}
		return nil
	}
	for _, item := range after {
		name := named(item, key)
		d.item(key, name, find(before, name), item)
	}
	for _, item := range before {
		if name := named(item, key); find(after, name) == nil {
			d.item(key, name, item, nil)
		}
	}
}

// item compares two items of one name, which needs no telling twice.
func (d *differ) item(key, name string, before, after any) {
	if before == nil || after == nil {
		before, after = without(key, before), without(key, after)
	}
	d.whole(step{name, true}, before, after)
}

// without is a mapping without one of its keys, where it has others.
func without(key string, item any) any {
	m, _ := item.(cfn.Map)
	if rest := slices.DeleteFunc(slices.Clone(m), func(e cfn.Entry) bool { return e.Key == key }); len(rest) > 0 {
		return rest
	}
	return item
}

// whole compares two items of lists. One that comes or goes is told as a whole, but for
// the policies in it.
func (d *differ) whole(s step, before, after any) {
	if (before == nil) == (after == nil) || len(policies(before))+len(policies(after)) > 0 {
		d.at(s, before, after)
		return
	}
	d.path = append(d.path, s)
	d.report(before, after, false)
	d.path = d.path[:len(d.path)-1]
}

func (d *differ) placed(before, after []any) {
	head := 0
	for head < len(before) && head < len(after) && equal(before[head], after[head]) {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head && equal(before[len(before)-1-tail], after[len(after)-1-tail]) {
		tail++
	}
	before, after = before[head:len(before)-tail], after[head:len(after)-tail]
	for i := range max(len(before), len(after)) {
		d.whole(step{strconv.Itoa(head + i), true}, itemOf(before, i), itemOf(after, i))
	}
}

func itemOf(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return nil
}

// isPolicy reports whether a tree is a policy document.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
func isPolicy(x any) bool {
	m, _ := x.(cfn.Map)
	switch m.Get("Statement").(type) {
	case []any, cfn.Map:
		return true
	}
	return false
}

// equal reports whether two trees are the same. The order of keys does not count.
func equal(a, b any) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case cfn.Map:
		b, ok := b.(cfn.Map)
		if !ok || len(a) != len(b) {
			return false
		}
		for i, e := range a {
			other := b[i]
			if other.Key != e.Key {
				if !b.Has(e.Key) {
					return false
				}
				other.Value = b.Get(e.Key)
			}
			if !equal(e.Value, other.Value) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equal)
	}
	text, ok := scalar(a)
	other, too := scalar(b)
	return ok && too && text == other
}

// names are the steps of a path, as schemas know them.
func names(path []step) []string {
	list := make([]string, len(path))
	for i, s := range path {
		list[i] = s.name
	}
	return list
}

// pathText is a path for people: Environment.Variables.LEVEL, Stages[prod].Actions[0].
func pathText(path []step) string {
	var b strings.Builder
	for i, s := range path {
		switch {
		case s.item:
			b.WriteString("[" + shown(s.name) + "]")
		case i > 0:
			b.WriteString("." + s.name)
		default:
			b.WriteString(s.name)
		}
	}
	return b.String()
}
