package main

import (
	"fmt"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// baseRow is a base stack as people are told of it: one for all accounts of an
// environment.
type baseRow struct {
	generator.Base
	where string
}

// baseRows lists the base stacks in the order in which they are deployed.
func baseRows(p *model.Project) []baseRow {
	var rows []baseRow
	for _, b := range generator.BaseStacks(p) {
		last := len(rows) - 1
		if b.Environment != "" && rows[last].Environment == b.Environment {
			n := len(p.Environment(b.Environment).Accounts)
			rows[last].where = fmt.Sprintf("each of the %d accounts of %s, %s", n, b.Environment, b.Region)
			continue
		}
		rows = append(rows, baseRow{b, "account " + b.Account + ", " + b.Region})
	}
	return rows
}
