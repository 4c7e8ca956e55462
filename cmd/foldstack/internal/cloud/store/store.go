package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/generator/model"
	"golang.org/x/sync/errgroup"
)

// Store is what a project has published: a place in each of its regions.
type Store struct {
	session *cloud.Session
	project *model.Project
	places  []place // in the order of the project's regions
}

// place is the store of one region.
type place struct {
	region string
	*bucket
	*repository
}

// Options are what tests set; the zero value is for everybody else.
type Options struct {
	// PartSize is the size above which an archive is uploaded in parts, and theirs.
	PartSize int64
}

// defaultPartSize is above 5 MiB, which S3 wants of every part but the last.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
const defaultPartSize = 8 << 20

// Of is what a project has published in its tooling account, whose session this is.
func Of(s *cloud.Session, project *model.Project, options Options) *Store {
	account := project.Tooling.Account
	store := &Store{session: s, project: project}
	for _, region := range project.Regions() {
		store.places = append(store.places, place{
			region:     region,
			bucket:     newBucket(s, region, model.AssetBucket(project.Name, account, region), account, cmp.Or(options.PartSize, defaultPartSize)),
			repository: newRepository(s, region, model.ImageRepository(project.Name), account),
		})
	}
	return store
}

// imagePrefix is what the keys of images begin with; behind it comes their tag.
const imagePrefix = "images/"

// ImageKey is the key of an image beside those of archives and templates: where it
// lies in the local store.
func ImageKey(digest string) string { return imagePrefix + digest }

// Stored tells which keys, of archives, templates and images, are there in every
// region. What one region lacks has to be made again, because nobody who builds may
// read what is published.
func (s *Store) Stored(ctx context.Context, keys []string) (map[string]bool, error) {
	missing, err := s.missing(ctx, keys)
	if err != nil {
		return nil, err
	}
	stored := make(map[string]bool, len(keys))
	for _, key := range keys {
		stored[key] = len(missing[key]) == 0
	}
	return stored, nil
}

// missing lists for each key the regions that lack it, in the order of the project.
func (s *Store) missing(ctx context.Context, keys []string) (map[string][]string, error) {
	kinds := byKind(keys)
	found := make([]map[string]bool, len(s.places))
	group, groupCtx := errgroup.WithContext(ctx)
	for i := range s.places {
		found[i] = map[string]bool{}
		var lock sync.Mutex
		for prefix, some := range kinds {
			group.Go(func() error {
				there, err := s.places[i].stored(groupCtx, prefix, some)
				lock.Lock()
				defer lock.Unlock()
				for _, key := range there {
					found[i][key] = true
				}
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return nil, cloud.Interrupted(ctx, err)
	}
	missing := map[string][]string{}
	for i := range s.places {
		for _, some := range kinds {
			for _, key := range some {
				if !found[i][key] {
					missing[key] = append(missing[key], s.places[i].region)
				}
			}
		}
	}
	return missing, nil
}

// byKind sorts keys by what they begin with, each of them once.
func byKind(keys []string) map[string][]string {
	kinds := map[string][]string{}
	for _, key := range keys {
		kinds[prefixOf(key)] = append(kinds[prefixOf(key)], key)
	}
	for _, prefix := range slices.Collect(maps.Keys(kinds)) {
		slices.Sort(kinds[prefix])
		kinds[prefix] = slices.Compact(kinds[prefix])
	}
	return kinds
}

func (p *place) stored(ctx context.Context, prefix string, keys []string) ([]string, error) {
	if prefix != imagePrefix {
		return p.bucket.stored(ctx, prefix, keys)
	}
	tags := make([]string, len(keys))
	for i, key := range keys {
		tags[i] = strings.TrimPrefix(key, imagePrefix)
	}
	there, err := p.repository.stored(ctx, tags)
	for i := range there {
		there[i] = imagePrefix + there[i]
	}
	return there, err
}
