package proof

import (
	"slices"

	"github.com/foldstack/foldstack/generator/authz"
)

// organizations puts together the members for which the same policies of the
// organisation hold. A class without members has one that nothing is known of.
func (s *Set) organizations(members []Member) []organization {
	var list []organization
	for _, m := range members {
		levels := s.levelsOf(m.Account)
		n := slices.IndexFunc(list, func(o organization) bool { return sameLevels(o.levels, levels) })
		if n < 0 {
			n, list = len(list), append(list, organization{levels: levels})
		}
		list[n].members = append(list[n].members, m)
	}
	if list == nil {
		list = []organization{{levels: s.levelsOf("")}}
	}
	return list
}

func sameLevels(a, b [][]*authz.Policy) bool {
	return slices.EqualFunc(a, b, slices.Equal[[]*authz.Policy])
}

// levelsOf are the policies of the organisation that hold for an account, level by level.
func (s *Set) levelsOf(account string) [][]*authz.Policy {
	var levels [][]*authz.Policy
	for _, l := range s.Levels {
		if len(l.Accounts) == 0 || slices.Contains(l.Accounts, account) {
			levels = append(levels, l.Policies)
		}
	}
	return levels
}
