package estate

import "github.com/foldstack/foldstack/generator/diag"

// Declared is a permission that a user wrote for a role, without intrinsics.
type Declared struct {
	Role      *Resource
	Actions   []string
	Resources []string
	Place     diag.Place
}

// declared are the permissions that users wrote for roles that exist in this place.
func (i *instance) declared() []Declared {
	var list []Declared
	for _, d := range i.Document.Declared {
		n, ok := i.sections.resources[d.Role]
		if !ok || i.resource(n) == nil {
			continue
		}
		resolved := Declared{Role: i.resource(n), Actions: d.Actions, Place: d.Place}
		for _, r := range d.Resources {
			resolved.Resources = append(resolved.Resources, i.text(r))
		}
		list = append(list, resolved)
	}
	return list
}
