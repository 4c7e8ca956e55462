package proof

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/estate"
)

// at is what lies below properties at a path of keys.
func at(properties cfn.Map, path ...string) any {
	var value any = properties
	for _, key := range path {
		m, _ := value.(cfn.Map)
		value = m.Get(key)
	}
	return value
}

// text is a text property, and "" for anything else.
func text(r *estate.Resource, path ...string) string {
	s, _ := at(r.Properties, path...).(string)
	return s
}

// texts are the texts of a list, or the only one.
func texts(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, item := range v {
			if s, ok := item.(string); ok {
				list = append(list, s)
			}
		}
		return list
	}
	return nil
}
