package generator

import (
	"cmp"
	"slices"

	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/stack"
)

// Asset is a nested template as a deployment reads it from the asset bucket.
type Asset struct {
	Key  string // names its bytes
	Name string // of the function or stack that it deploys; of several with the same bytes the first
	Data []byte
}

// publishedAssets are the nested templates, each of its keys once, by key.
func publishedAssets(nested []*stack.Child) []Asset {
	list := make([]Asset, len(nested))
	for i, child := range nested {
		list[i] = Asset{Key: model.TemplateKey(child.Digest()), Name: child.Name, Data: child.Data}
	}
	slices.SortFunc(list, func(a, b Asset) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Name, b.Name)) })
	return slices.CompactFunc(list, func(a, b Asset) bool { return a.Key == b.Key })
}
