package proof

import (
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Set is what is to be proved.
type Set struct {
	Base    *estate.Estate // every stack whose account and region are known
	Demands []demand.Demand
	Classes []Class
	Levels  []Level // of the organisation, from its root down; none: nothing is known of one
}

// Class is the targets that differ only in account and region. In its estate these are
// the symbols Account and Region; where its principals reach what the estate does not
// hold, that is looked for in the base.
type Class struct {
	Name    string // of the environment
	Estate  *estate.Estate
	Demands []demand.Demand
	Members []Member
}

// Member is one target of a class.
type Member struct {
	Account string `json:"account"`
	Region  string `json:"region"`
}

// The names of the symbols that stand for a member's account and region.
const (
	Account = "account"
	Region  = "region"
)

// in is a text of the class as it reads in the member. The names of other symbols may
// hold account and region, too.
func (m Member) in(text string) string {
	return symbol.Map(text, func(name string) string {
		switch name {
		case Account:
			return m.Account
		case Region:
			return m.Region
		}
		name = strings.ReplaceAll(name, "<"+Account+">", symbol.Show(m.Account))
		return symbol.New(strings.ReplaceAll(name, "<"+Region+">", m.Region))
	})
}

// Level is one level of an organisation: the policies of its root, of a unit or of an
// account. Each level must allow what an account does.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
type Level struct {
	Accounts []string // none: all
	Policies []*authz.Policy
}
