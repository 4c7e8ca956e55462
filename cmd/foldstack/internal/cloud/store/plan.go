package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// Kind is what an asset is.
type Kind string

// The kinds. Their names are in the order in which they are published.
const (
	Archive  Kind = "archive"
	Image    Kind = "image"
	Template Kind = "template"
)

// Asset is one thing that a deployment reads.
type Asset struct {
	Kind    Kind
	Key     string
	Names   []string // of the functions or the stack that it belongs to
	Size    int64    // bytes; of what is missing somewhere
	Missing []string // the regions that lack it

	content content
	image   v1.Image
}

// Plan is what to publish.
type Plan struct {
	Regions []string
	Assets  []*Asset // that a region lacks, in the order in which they are published
	Stored  int      // how many assets no region lacks

	store    *Store
	progress progress
}

// Plan compares what a project needs with what is published, and finds here what is
// missing there.
func (s *Store) Plan(ctx context.Context, local Local, templates []generator.Asset) (*Plan, error) {
	assets := wanted(s.project, templates)
	keys := make([]string, len(assets))
	for i, a := range assets {
		keys[i] = a.Key
	}
	missing, err := s.missing(ctx, keys)
	if err != nil {
		return nil, err
	}
	plan := &Plan{Regions: s.project.Regions(), store: s}
	var unbuilt []*Asset
	for _, a := range assets {
		if a.Missing = missing[a.Key]; len(a.Missing) == 0 {
			plan.Stored++
			continue
		}
		built, err := a.find(local)
		if err != nil {
			return nil, err
		}
		if !built {
			unbuilt = append(unbuilt, a)
		}
		plan.Assets = append(plan.Assets, a)
	}
	plan.progress.expect(plan.Assets)
	return plan, notBuilt(unbuilt)
}

// wanted lists what a project needs, in the order in which it is published. Functions
// that are made from the same inputs share an asset.
func wanted(project *model.Project, templates []generator.Asset) []*Asset {
	var assets []*Asset
	byKey := map[string]*Asset{}
	for i := range project.Functions {
		f := &project.Functions[i]
		kind, key := Archive, model.ArchiveKey(f.Digest)
		if f.Package == model.Image {
			kind, key = Image, ImageKey(f.Digest)
		}
		if byKey[key] == nil {
			byKey[key] = &Asset{Kind: kind, Key: key}
			assets = append(assets, byKey[key])
		}
		byKey[key].Names = append(byKey[key].Names, f.Name)
	}
	for _, t := range templates {
		assets = append(assets, &Asset{Kind: Template, Key: t.Key, Names: []string{t.Name}, content: inMemory(t.Data)})
	}
	slices.SortStableFunc(assets, func(a, b *Asset) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Names[0], b.Names[0]))
	})
	return assets
}

// find finds here what is missing there.
func (a *Asset) find(local Local) (built bool, err error) {
	switch a.Kind {
	case Archive:
		a.content, built, err = local.archive(a.Key)
		a.Size = a.content.size
		return built, err
	case Image:
		a.image, built, err = local.image(a.Key)
		if built {
			a.Size, err = imageSize(a.image)
		}
		return built, err
	}
	a.Size = a.content.size
	return true, nil
}

// notBuilt says which functions have to be built before.
func notBuilt(assets []*Asset) error {
	if len(assets) == 0 {
		return nil
	}
	var names, regions []string
	for _, a := range assets {
		names = append(names, a.Names...)
		regions = append(regions, a.Missing...)
	}
	slices.Sort(names)
	slices.Sort(regions)
	return cloud.Hinted(
		fmt.Errorf("neither built here nor published in %s: %s", listed(slices.Compact(regions)), listed(names)),
		"run `foldstack build`",
	)
}

// listed is a list for people: five of it, and how many more there are.
func listed(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
