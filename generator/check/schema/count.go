package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
)

// count checks how many items a list has, and whether they repeat. An item that a
// condition removes is counted on the side that does no harm.
func (c *checker) count(n *node, list []any) {
	if n.MinItems != nil || n.MaxItems != nil {
		least, most := c.bounds(list)
		switch {
		case n.MinItems != nil && most < *n.MinItems:
			c.report("out-of-range", "", c.subject()+" has "+counted(most, "item")+", and the least is "+strconv.Itoa(*n.MinItems))
		case n.MaxItems != nil && least > *n.MaxItems:
			c.report("out-of-range", "", c.subject()+" has "+counted(least, "item")+", and the most is "+strconv.Itoa(*n.MaxItems))
		case n.MinItems != nil && least < *n.MinItems, n.MaxItems != nil && most > *n.MaxItems:
			c.unknown = true
		}
	}
	if n.Unique || n.MaxUniqueItems != nil {
		c.repetition(n, list)
	}
	if len(n.UniqueKeys) > 0 {
		c.repeatedKeys(n.UniqueKeys, list)
	}
}

// bounds is how many items a list has at least and at most.
func (c *checker) bounds(list []any) (least, most int) {
	for _, item := range list {
		a, b := c.itemBounds(item)
		least += a
		most += b
	}
	return least, most
}

func (c *checker) itemBounds(item any) (least, most int) {
	if item == any(cfn.NoValue) {
		return 0, 0
	}
	argument, ok := ifArgument(item)
	if !ok {
		return 1, 1
	}
	condition, then, otherwise, ok := branches(argument)
	if !ok {
		return 0, 1
	}
	if holds, known := c.known(condition); known {
		if holds {
			return c.itemBounds(then)
		}
		return c.itemBounds(otherwise)
	}
	a, b := c.itemBounds(then)
	x, y := c.itemBounds(otherwise)
	return min(a, x), max(b, y)
}

func (c *checker) repetition(n *node, list []any) {
	seen := make(map[string]bool, len(list))
	for i, item := range list {
		if _, conditional := ifArgument(item); conditional || item == any(cfn.NoValue) {
			continue
		}
		key := string(canonical(nil, item))
		if seen[key] && n.Unique {
			c.push(strconv.Itoa(i))
			c.report("repeated-item", "leave it out", c.subject()+" stands in the list already")
			c.pop()
		}
		seen[key] = true
	}
	if n.MaxUniqueItems != nil && len(seen) > *n.MaxUniqueItems {
		c.report("out-of-range", "", c.subject()+" has "+counted(len(seen), "different item")+", and the most is "+strconv.Itoa(*n.MaxUniqueItems))
	}
}

// repeatedKeys reports an item that is equal to another one in the properties by
// which items are told apart.
func (c *checker) repeatedKeys(keys []string, list []any) {
	seen := map[string]bool{}
	for i, item := range list {
		m, _ := item.(cfn.Map)
		var id []byte
		for _, key := range keys {
			v := m.Get(key)
			if v == nil {
				id = nil
				break
			}
			id = canonical(id, v)
		}
		if id == nil {
			continue
		}
		if seen[string(id)] {
			c.push(strconv.Itoa(i))
			c.report("repeated-item", "give each item another "+sentence(keys, "and"), c.subject()+" has the same "+sentence(keys, "and")+" as another one")
			c.pop()
		}
		seen[string(id)] = true
	}
}

// canonical appends a form in which equal values are equal, whatever the order of
// their keys and however a scalar is written.
func canonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case []any:
		b = append(b, '[')
		for _, item := range v {
			b = append(canonical(b, item), ',')
		}
		return append(b, ']')
	case cfn.Map:
		entries := slices.Clone(v)
		slices.SortFunc(entries, func(x, y cfn.Entry) int { return strings.Compare(x.Key, y.Key) })
		b = append(b, '{')
		for _, e := range entries {
			b = append(strconv.AppendQuote(b, e.Key), ':')
			b = append(canonical(b, e.Value), ',')
		}
		return append(b, '}')
	}
	s, ok := literal(v)
	if !ok {
		return append(b, '?')
	}
	return strconv.AppendQuote(b, s)
}
