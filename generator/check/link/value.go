package link

import (
	"maps"
	"slices"
	"strconv"

	"github.com/foldstack/foldstack/generator/cfn"
)

// scalar is the text of a literal value as CloudFormation compares it.
func scalar(x any) (string, bool) {
	switch x := x.(type) {
	case string:
		if !cfn.IsIntrinsic(x) {
			return x, true
		}
	case cfn.Plain:
		return string(x), true
	case bool:
		return strconv.FormatBool(x), true
	case int:
		return strconv.Itoa(x), true
	}
	return "", false
}

// function decodes an intrinsic.
func function(x any) (cfn.Intrinsic, bool) {
	if s, ok := x.(string); ok && cfn.IsIntrinsic(s) {
		return cfn.Decode(s)
	}
	return cfn.Intrinsic{}, false
}

// subText is the text of a Fn::Sub and its own variables.
func subText(argument any) (string, cfn.Map) {
	if list, ok := argument.([]any); ok && len(list) == 2 {
		text, _ := scalar(list[0])
		variables, _ := list[1].(cfn.Map)
		return text, variables
	}
	text, _ := scalar(argument)
	return text, nil
}

// at follows keys into a tree.
func at(x any, path ...string) any {
	for _, step := range path {
		m, _ := x.(cfn.Map)
		x = m.Get(step)
	}
	return x
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
