package schema

import (
	"slices"
	"strconv"
)

// verdict is what a trial comes to.
type verdict int

const (
	no verdict = iota
	maybe
	yes
)

// trial holds a value against a schema without reporting anything.
func (c *checker) trial(n *node, v any) (result verdict, faults int) {
	before, unknown := c.faults, c.unknown
	c.trials++
	c.faults, c.unknown = 0, false
	c.value(n, v)
	c.trials--
	faults = c.faults
	switch {
	case c.faults > 0:
		result = no
	case c.unknown || c.budget < 0:
		result = maybe
	default:
		result = yes
	}
	c.faults, c.unknown = before, unknown
	return result, faults
}

// anyOf checks that a value fits one of the schemas at least.
func (c *checker) anyOf(n *node, v any) {
	best, fewest := 0, -1
	open := false
	for i, part := range n.AnyOf {
		result, faults := c.trial(part, v)
		switch {
		case result == yes:
			return
		case result == maybe:
			open = true
		case fewest < 0 || faults < fewest:
			best, fewest = i, faults
		}
	}
	if open {
		c.unknown = true
		return
	}
	c.none(n.AnyOf, best, v)
}

// oneOf checks that a value fits exactly one of the schemas.
func (c *checker) oneOf(n *node, v any) {
	best, fewest := 0, -1
	open := false
	var fits []int
	for i, part := range n.OneOf {
		result, faults := c.trial(part, v)
		switch {
		case result == yes:
			fits = append(fits, i)
		case result == maybe:
			open = true
		case fewest < 0 || faults < fewest:
			best, fewest = i, faults
		}
	}
	switch {
	case len(fits) > 1:
		c.several(n.OneOf, fits)
	case open:
		c.unknown = true
	case len(fits) == 0:
		c.none(n.OneOf, best, v)
	}
}

// none reports a value that fits no schema of a choice: as what the choice is
// between, where that is names, and otherwise as what is wrong with the closest.
func (c *checker) none(parts []*node, best int, v any) {
	if c.onTrial() {
		return
	}
	if names, ok := choices(parts); ok {
		c.reportKey("missing-property", "add one of them", c.owner()+" requires one of "+sentence(names, "and"))
		return
	}
	before := len(c.found)
	c.value(parts[best], v)
	if len(parts) > 1 {
		for i := before; i < len(c.found); i++ {
			c.found[i].hint += "; this is the closest of " + strconv.Itoa(len(parts)) + " forms that are allowed"
		}
	}
}

// several reports a value that fits more than one schema.
func (c *checker) several(parts []*node, fits []int) {
	var together []string
	chosen := make([]*node, len(fits))
	for i, fit := range fits {
		chosen[i] = parts[fit]
		together = append(together, chosen[i].Required...)
	}
	if names, ok := choices(chosen); ok {
		c.reportKey("excluded-property", "leave all but one of them out", c.owner()+" takes only one of "+sentence(names, "and"))
		return
	}
	c.reportKey("excluded-property", "leave one of them out", c.owner()+" cannot have "+sentence(together, "and")+" together")
}

// choices are the names that schemas require, where they do nothing else.
func choices(parts []*node) ([]string, bool) {
	var names []string
	for _, part := range parts {
		if len(part.Required) != 1 || len(part.Properties) > 0 || part.target != nil || len(part.OneOf)+len(part.AnyOf)+len(part.AllOf) > 0 {
			return nil, false
		}
		if !slices.Contains(names, part.Required[0]) {
			names = append(names, part.Required[0])
		}
	}
	return names, len(names) > 1
}

// not checks that a value does not fit a schema.
func (c *checker) not(n *node, v any) {
	switch result, _ := c.trial(n.Not, v); result {
	case yes:
		names := n.Not.Required
		if len(names) > 0 {
			c.reportKey("excluded-property", "leave one of them out", c.owner()+" cannot have "+sentence(names, "and")+" here")
			return
		}
		c.report("value-not-allowed", "", c.subject()+" has a form that is not allowed here")
	case maybe:
		c.unknown = true
	}
}

// ifThen checks what follows from whether a value fits a schema.
func (c *checker) ifThen(n *node, v any) {
	switch result, _ := c.trial(n.If, v); result {
	case yes:
		c.value(n.Then, v)
	case no:
		c.value(n.Else, v)
	case maybe:
		c.unknown = true
	}
}
