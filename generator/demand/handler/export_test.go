package handler

import "slices"

// Types lists the types of all tables, sorted.
func Types() []string {
	var types []string
	for _, table := range services {
		for typ := range table {
			types = append(types, typ)
		}
	}
	slices.Sort(types)
	return types
}

// Page is the type's page in the template reference; it is empty of one that is not
// known.
func Page(typ string) string {
	if k, ok := find(typ); ok {
		return k.page
	}
	return ""
}
