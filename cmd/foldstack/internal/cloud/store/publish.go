package store

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"golang.org/x/sync/errgroup"
)

// assetsAtOnce is how many assets are on their way at once.
const assetsAtOnce = 8

// Publish uploads what is missing: archives and images first, and templates when all
// of those are everywhere. It ends at the first failure; what has arrived stays, and
// another Plan leaves it out.
func (p *Plan) Publish(ctx context.Context) error {
	code := func(a *Asset) bool { return a.Kind != Template }
	if err := p.upload(ctx, code); err != nil {
		return cloud.Interrupted(ctx, err)
	}
	return cloud.Interrupted(ctx, p.upload(ctx, func(a *Asset) bool { return !code(a) }))
}

// upload uploads the assets that are chosen.
func (p *Plan) upload(ctx context.Context, chosen func(*Asset) bool) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(assetsAtOnce)
	for _, asset := range p.Assets {
		if !chosen(asset) {
			continue
		}
		for _, region := range asset.Missing {
			group.Go(func() error {
				if err := ctx.Err(); err != nil {
					return err
				}
				return p.uploadTo(ctx, region, asset)
			})
		}
	}
	return group.Wait()
}

func (p *Plan) uploadTo(ctx context.Context, region string, a *Asset) error {
	i := slices.IndexFunc(p.store.places, func(place place) bool { return place.region == region })
	place := &p.store.places[i]
	if a.Kind == Image {
		if err := place.push(ctx, strings.TrimPrefix(a.Key, imagePrefix), a.image); err != nil {
			return err
		}
		p.progress.finish(a.Size)
		return nil
	}
	var arrived atomic.Int64
	err := place.put(ctx, a.Key, a.content, func(n int64) {
		arrived.Add(n)
		p.progress.done.Add(n)
	})
	if err != nil {
		return err
	}
	p.progress.finish(a.Size - arrived.Load()) // whoever uploaded it, and however often
	return nil
}

// Progress is how far an upload is.
type Progress struct {
	Uploads, AllUploads int
	Bytes, AllBytes     int64
}

// Progress may be asked for while Publish runs.
func (p *Plan) Progress() Progress {
	all := p.progress.bytes
	return Progress{int(p.progress.finished.Load()), p.progress.uploads, min(p.progress.done.Load(), all), all}
}

type progress struct {
	uploads  int
	bytes    int64
	finished atomic.Int64
	done     atomic.Int64 // bytes
}

func (p *progress) expect(assets []*Asset) {
	for _, a := range assets {
		p.uploads += len(a.Missing)
		p.bytes += a.Size * int64(len(a.Missing))
	}
}

func (p *progress) finish(rest int64) {
	p.done.Add(rest)
	p.finished.Add(1)
}
