package demand

import "github.com/foldstack/foldstack/generator/estate"

// GeneratedProperties are the properties that the vocabulary takes the generated stacks
// to set, by type.
func GeneratedProperties() map[string][]string {
	f := &fiction{VocabularyOf: &VocabularyOf{}, deploying: newDeploying(&StackOf{Stack: &estate.Stack{}}, nil)}
	all := map[string][]string{}
	for typ, made := range generated {
		for _, properties := range made.set(f) {
			for _, entry := range properties {
				all[typ] = append(all[typ], entry.Key)
			}
		}
	}
	return all
}
