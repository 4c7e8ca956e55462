package live

import (
	"slices"

	"github.com/foldstack/foldstack/generator/model"
)

// Spot is where stacks of a project may lie: a region of an account.
type Spot struct{ Account, Region string }

// Where says where stacks may lie besides where the configuration has them. Its zero
// value is nowhere else.
type Where struct {
	// Accounts and Regions have left the configuration: every such region is one of every
	// account, and every region of the project is one of every such account.
	Accounts, Regions []string
	// Without are accounts into which nobody looks, such as one that was closed. Of an
	// account with a region, as ACCOUNT/REGION, it is that region alone.
	Without []string
	// Only tells the accounts into which somebody looks; nil is all.
	Only func(account string) bool
}

// Spots are those of the configuration and those beside it.
func Spots(p *model.Project, where Where) []Spot {
	var spots []Spot
	add := func(account, region string) {
		if spot := (Spot{account, region}); !slices.Contains(spots, spot) && where.includes(spot) {
			spots = append(spots, spot)
		}
	}
	for _, region := range p.Regions() {
		add(p.Tooling.Account, region)
	}
	for _, t := range p.Targets() {
		add(t.Account, t.Region)
	}
	for _, account := range where.Accounts {
		for _, region := range p.Regions() {
			add(account, region)
		}
	}
	for _, account := range slices.Concat([]string{p.Tooling.Account}, p.Accounts(), where.Accounts) {
		for _, region := range where.Regions {
			add(account, region)
		}
	}
	return spots
}

func (w Where) includes(s Spot) bool {
	return !w.leavesOut(s.Account) && !slices.Contains(w.Without, s.Account+"/"+s.Region)
}

// leavesOut reports an account into which nobody looks.
func (w Where) leavesOut(account string) bool {
	return slices.Contains(w.Without, account) || w.Only != nil && !w.Only(account)
}
