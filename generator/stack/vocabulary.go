package stack

import (
	"slices"

	"github.com/foldstack/foldstack/generator/event"
)

// Vocabulary lists, sorted, every type that a deployment can hold without a user's
// own resources. The CloudFormation role covers all of it from the start, so that a
// new function or event needs nobody's bootstrap.
func Vocabulary() []string {
	types := slices.Concat(APITypes, FunctionTypes, OrchestrationTypes)
	for _, kind := range event.Kinds() {
		types = append(types, kind.Types...)
	}
	slices.Sort(types)
	return slices.Compact(types)
}
