package live

import (
	"slices"

	"github.com/foldstack/foldstack/generator/model"
)

// Spot is where stacks of a project may lie: a region of an account.
type Spot struct{ Account, Region string }

// Spots are those of the configuration, and further ones, that somebody names because
// they have left it: every further region is one of every account, and every region of
// the project is one of every further account.
func Spots(p *model.Project, accounts, regions []string) []Spot {
	var spots []Spot
	add := func(account, region string) {
		if spot := (Spot{account, region}); !slices.Contains(spots, spot) {
			spots = append(spots, spot)
		}
	}
	for _, region := range p.Regions() {
		add(p.Tooling.Account, region)
	}
	for _, t := range p.Targets() {
		add(t.Account, t.Region)
	}
	for _, account := range accounts {
		for _, region := range p.Regions() {
			add(account, region)
		}
	}
	for _, account := range append(append([]string{p.Tooling.Account}, p.Accounts()...), accounts...) {
		for _, region := range regions {
			add(account, region)
		}
	}
	return spots
}
