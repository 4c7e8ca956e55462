package store

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"golang.org/x/sync/errgroup"
)

// bucket is the asset bucket of one region.
type bucket struct {
	session  *cloud.Session
	client   *s3.Client
	region   string
	name     string
	owner    string // the account that it must belong to
	partSize int64
}

func newBucket(s *cloud.Session, region, name, owner string, partSize int64) *bucket {
	client := s3.NewFromConfig(s.Config(region), func(o *s3.Options) {
		// A server that stands in for S3 has no host name for every bucket.
		o.UsePathStyle = o.BaseEndpoint != nil
	})
	return &bucket{session: s, client: client, region: region, name: name, owner: owner, partSize: partSize}
}

// maxLanes is how many parts of a long list are read side by side.
const maxLanes = 8

// stored tells which of the keys below one prefix are in the bucket. The keys are
// sorted and each is there once.
func (b *bucket) stored(ctx context.Context, prefix string, keys []string) ([]string, error) {
	found, rest, err := b.page(ctx, prefix, keys)
	if err != nil || len(rest) == 0 {
		return found, err
	}
	// The names are digests and so lie evenly: the first page tells how many pages are to
	// come. Every lane may end with a page that is read for little.
	pages := len(rest) / (len(keys) - len(rest))
	lanes := split(rest, min(max(pages/2, 1), maxLanes))
	parts := make([][]string, len(lanes))
	group, ctx := errgroup.WithContext(ctx)
	for i, lane := range lanes {
		group.Go(func() error {
			for len(lane) > 0 {
				some, left, err := b.page(ctx, prefix, lane)
				if err != nil {
					return err
				}
				parts[i], lane = append(parts[i], some...), left
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return append(found, slices.Concat(parts...)...), nil
}

// split cuts a list into n parts of almost one size.
func split(keys []string, n int) [][]string {
	parts := make([][]string, n)
	for i := range parts {
		parts[i] = keys[len(keys)*i/n : len(keys)*(i+1)/n]
	}
	return parts
}

// page asks for one page of the list, which begins at the first of the keys, and
// returns those on it and those behind it.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
func (b *bucket) page(ctx context.Context, prefix string, keys []string) (found, rest []string, err error) {
	page, err := b.client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{
		Bucket: &b.name, ExpectedBucketOwner: &b.owner, Prefix: &prefix,
		StartAfter: aws.String(before(keys[0])),
	})
	if err != nil {
		return nil, nil, b.explain(err, "s3:ListBucket", "")
	}
	stored := make(map[string]bool, len(page.Contents))
	last := keys[0]
	for i := range page.Contents {
		last = aws.ToString(page.Contents[i].Key)
		stored[last] = true
	}
	end := len(keys)
	if aws.ToBool(page.IsTruncated) {
		end, _ = slices.BinarySearch(keys, last+"\x00")
		end = max(end, 1) // whatever a server answers, the list gets shorter
	}
	for _, key := range keys[:end] {
		if stored[key] {
			found = append(found, key)
		}
	}
	return found, keys[end:], nil
}

// before is a text behind which key comes next, among keys that are as long.
func before(key string) string { return key[:len(key)-1] }

// has tells whether a single key is there.
func (b *bucket) has(ctx context.Context, key string) (bool, error) {
	found, _, err := b.page(ctx, prefixOf(key), []string{key})
	return len(found) > 0, err
}

// prefixOf is the part of a key that tells the kind of asset.
func prefixOf(key string) string { return key[:strings.IndexByte(key, '/')+1] }

func (b *bucket) explain(err error, action, key string) error {
	resource := "the bucket " + b.name
	if key != "" {
		resource = "s3://" + b.name + "/" + key
	}
	return b.session.Explain(err, cloud.Call{Action: action, Region: b.region, Resource: resource, Hints: hintsOf(action)})
}
