package demand

import (
	"maps"
	"slices"
)

// RunningTypes are the types of resources that call others or are called.
func RunningTypes() []string { return slices.Sorted(maps.Keys(runs)) }

// SourceServices are the services that functions read from.
func SourceServices() []string { return slices.Sorted(maps.Keys(sources)) }

// IdentityWrites is every action by which an identity could get out of its boundary.
func IdentityWrites() []string { return identityWrites }
