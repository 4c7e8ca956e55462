package schema

import (
	"slices"
	"strings"
)

// Replacement is what becomes of a resource when one of its properties changes.
type Replacement string

// The ways to change a resource.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
const (
	InPlace  Replacement = ""         // it stays the resource that it is
	Maybe    Replacement = "maybe"    // that depends on the values
	Replaced Replacement = "replaced" // a new one is made, and the old one deleted
)

// ReplacementOf is what becomes of a resource of a type when the property at a path
// changes, in which the index of a list is any text. Of a type that the data does not
// know it is InPlace.
//
// https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
func ReplacementOf(typ string, path []string) Replacement {
	t := schemaOf(typ)
	switch {
	case t == nil:
		return InPlace
	case covers(t.CreateOnly, path):
		return Replaced
	case covers(t.Conditional, path):
		return Maybe
	}
	return InPlace
}

// covers reports whether one of the pointers leads to the path, to something above it
// or to something below.
func covers(pointers []string, path []string) bool {
	return slices.ContainsFunc(pointers, func(pointer string) bool {
		steps := strings.Split(strings.TrimPrefix(pointer, "/properties/"), "/")
		for i := range min(len(steps), len(path)) {
			if steps[i] != "*" && steps[i] != path[i] {
				return false
			}
		}
		return true
	})
}

// DeletesFirst reports whether a resource of a type that is replaced is deleted before the
// new one is made, which can then have its name.
func DeletesFirst(typ string) bool {
	t := schemaOf(typ)
	return t != nil && t.Strategy == "delete_then_create"
}

// Stateful reports whether resources of a type hold data that goes with them.
func Stateful(typ string) bool {
	t := schemaOf(typ)
	return t != nil && t.Stateful
}
