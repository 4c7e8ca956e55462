package main

import (
	"fmt"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// baseRow is a base stack as people are told of it: one for all accounts of an
// environment, where it is in all of them.
type baseRow struct {
	generator.Base
	where string
}

// baseRows lists base stacks of a project in their order.
func baseRows(p *model.Project, bases []generator.Base) []baseRow {
	var rows []baseRow
	for _, b := range bases {
		all := everywhere(p, bases, b)
		switch {
		case all < 2:
			rows = append(rows, baseRow{b, "account " + b.Account + ", " + b.Region})
		case b.Account == p.Environment(b.Environment).Accounts[0].Value:
			rows = append(rows, baseRow{b, fmt.Sprintf("each of the %d accounts of %s, %s", all, b.Environment, b.Region)})
		}
	}
	return rows
}

// everywhere is the number of accounts of a stack's environment, where it is among the
// stacks in each of them, and otherwise zero.
func everywhere(p *model.Project, bases []generator.Base, b generator.Base) int {
	if b.Environment == "" {
		return 0
	}
	n := 0
	for _, other := range bases {
		if other.Environment == b.Environment {
			n++
		}
	}
	if n < len(p.Environment(b.Environment).Accounts) {
		return 0
	}
	return n
}
