package demand

import (
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/symbol"
)

// textAt is the text at a path of keys below a mapping, or "".
func textAt(m cfn.Map, path ...string) string {
	var value any = m
	for _, key := range path {
		inner, _ := value.(cfn.Map)
		value = inner.Get(key)
	}
	text, _ := value.(string)
	return text
}

// mapsAt are the mappings of the list that a mapping has under a key. What is no mapping
// in the list is an empty one, so that the others keep their indices.
func mapsAt(m cfn.Map, key string) []cfn.Map {
	list, _ := m.Get(key).([]any)
	return mapsOf(list)
}

func mapsOf(list []any) []cfn.Map {
	maps := make([]cfn.Map, len(list))
	for i, item := range list {
		maps[i], _ = item.(cfn.Map)
	}
	return maps
}

// mapAt is the mapping that a mapping has under a key, or nil.
func mapAt(m cfn.Map, key string) cfn.Map {
	inner, _ := m.Get(key).(cfn.Map)
	return inner
}

// isTrue reads a boolean as templates hold them: plain or as text.
func isTrue(value any) bool {
	text, _ := value.(string)
	return value == true || strings.EqualFold(text, "true")
}

// oneOrMany are the texts of a list, or the one that stands in its place.
func oneOrMany(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		var texts []string
		for _, item := range v {
			if text, ok := item.(string); ok {
				texts = append(texts, text)
			}
		}
		return texts
	}
	return nil
}

// textsOf are the texts of a tree.
func textsOf(value any) []string {
	switch v := value.(type) {
	case string:
		if strings.HasPrefix(symbol.Show(v), "arn:") {
			return []string{v}
		}
	case []any:
		var texts []string
		for _, item := range v {
			texts = append(texts, textsOf(item)...)
		}
		return texts
	case cfn.Map:
		var texts []string
		for _, entry := range v {
			texts = append(texts, textsOf(entry.Value)...)
		}
		return texts
	}
	return nil
}

// statementsAt are the statements of a policy document, which may be one alone.
func statementsAt(m cfn.Map, property string) []cfn.Map {
	switch s := mapAt(m, property).Get("Statement").(type) {
	case cfn.Map:
		return []cfn.Map{s}
	case []any:
		return mapsOf(s)
	}
	return nil
}
