package policy

import (
	"cmp"
	"slices"
	"strconv"
)

// Merge folds statements that differ only in their actions or only in their
// resources, and returns them in a stable order. What is allowed and denied stays
// the same. The arguments are not changed.
//
// Only Actions and Resources are folded: a NotAction or NotResource of two lists
// would exclude more than each of them did.
func Merge(statements []Statement) []Statement {
	merged := make([]Statement, len(statements))
	for i, s := range statements {
		merged[i] = normal(s)
	}
	for {
		n := len(merged)
		merged = fold(merged, sameButActions, func(s *Statement) *[]string { return &s.Actions })
		merged = fold(merged, sameButResources, func(s *Statement) *[]string { return &s.Resources })
		if len(merged) == n {
			break
		}
	}
	slices.SortFunc(merged, compare)
	return merged
}

// normal is a statement with an effect and every list sorted, without repetition.
func normal(s Statement) Statement {
	s.Effect = cmp.Or(s.Effect, Allow)
	for _, list := range []*[]string{
		&s.Principal.AWS, &s.Principal.Services, &s.NotPrincipal.AWS, &s.NotPrincipal.Services,
		&s.Actions, &s.NotActions, &s.Resources, &s.NotResources,
	} {
		*list = set(*list)
	}
	conditions := make([]Condition, len(s.Conditions))
	for i, c := range s.Conditions {
		conditions[i] = Condition{c.Operator, c.Key, set(c.Values)}
	}
	slices.SortFunc(conditions, compareConditions)
	s.Conditions = slices.CompactFunc(conditions, func(a, b Condition) bool { return compareConditions(a, b) == 0 })
	return s
}

func set(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// fold unites the lists of the statements that have the same key. An empty key
// keeps a statement apart.
func fold(statements []Statement, key func(s *Statement) string, list func(s *Statement) *[]string) []Statement {
	if len(statements) < 2 {
		return statements
	}
	at := make(map[string]int, len(statements))
	folded := statements[:0]
	for i := range statements {
		k := key(&statements[i])
		if j, ok := at[k]; ok && k != "" {
			l := list(&folded[j])
			*l = set(append(slices.Clone(*l), *list(&statements[i])...))
			continue
		}
		at[k] = len(folded)
		folded = append(folded, statements[i])
	}
	return folded
}

func sameButActions(s *Statement) string {
	if len(s.Actions) == 0 {
		return ""
	}
	return identity(s, nil, s.Resources)
}

func sameButResources(s *Statement) string {
	if len(s.Resources) == 0 {
		return ""
	}
	return identity(s, s.Actions, nil)
}

// identity is everything that must be equal, each text with its length.
func identity(s *Statement, actions, resources []string) string {
	b := make([]byte, 0, 256)
	text := func(t string) {
		b = strconv.AppendInt(b, int64(len(t)), 10)
		b = append(append(b, ':'), t...)
	}
	texts := func(list []string) {
		b = strconv.AppendInt(b, int64(len(list)), 10)
		b = append(b, '#')
		for _, t := range list {
			text(t)
		}
	}
	text(s.Sid)
	text(string(s.Effect))
	for _, list := range [][]string{
		s.Principal.AWS, s.Principal.Services, s.NotPrincipal.AWS, s.NotPrincipal.Services,
		actions, s.NotActions, resources, s.NotResources,
	} {
		texts(list)
	}
	for _, c := range s.Conditions {
		text(c.Operator)
		text(c.Key)
		texts(c.Values)
	}
	return string(b)
}

// compare is a total order on normal statements: what allows before what denies,
// then by actions, which is how a reader looks for one.
func compare(a, b Statement) int {
	return cmp.Or(
		cmp.Compare(a.Effect, b.Effect),
		slices.Compare(a.Actions, b.Actions),
		slices.Compare(a.NotActions, b.NotActions),
		slices.Compare(a.Resources, b.Resources),
		slices.Compare(a.NotResources, b.NotResources),
		slices.Compare(a.Principal.AWS, b.Principal.AWS),
		slices.Compare(a.Principal.Services, b.Principal.Services),
		slices.Compare(a.NotPrincipal.AWS, b.NotPrincipal.AWS),
		slices.Compare(a.NotPrincipal.Services, b.NotPrincipal.Services),
		slices.CompareFunc(a.Conditions, b.Conditions, compareConditions),
		cmp.Compare(a.Sid, b.Sid),
	)
}

func compareConditions(a, b Condition) int {
	return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Key, b.Key), slices.Compare(a.Values, b.Values))
}
