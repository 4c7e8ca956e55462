package store

import (
	"cmp"
	"context"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"golang.org/x/sync/errgroup"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/generator/model"
)

// Stored is an asset as it lies in the regions.
type Stored struct {
	Kind    Kind
	Key     string
	Size    int64     // bytes in one region, with all versions
	Regions []string  // that have it, in the order of the project
	Newest  time.Time // when it was last written in any of them

	visible  string                              // a region in which it can be read, or none
	versions map[string][]types.ObjectIdentifier // by region; none of an image
}

// Hidden reports an object of which every region has old versions only, because somebody
// removed it without them.
func (s *Stored) Hidden() bool { return s.visible == "" }

// Digest is what the asset is named by.
func (s *Stored) Digest() string { return digests.FindString(s.Key) }

var (
	digests = regexp.MustCompile(`[0-9a-f]{64}`)
	ours    = regexp.MustCompile(`^(functions/[0-9a-f]{64}\.zip|templates/[0-9a-f]{64}\.yaml|images/[0-9a-f]{64})$`)
)

// Digests are those that a text holds, each as often as it is there.
func Digests(text string) []string { return digests.FindAllString(text, -1) }

// Inventory lists every asset that any region has, by key. What others put beside the
// assets is none.
func (s *Store) Inventory(ctx context.Context) ([]*Stored, error) {
	lists := make([][]*Stored, 3*len(s.places))
	group, groupCtx := errgroup.WithContext(ctx)
	for i := range s.places {
		for j, list := range []func(context.Context) ([]*Stored, error){
			func(ctx context.Context) ([]*Stored, error) {
				return s.places[i].versions(ctx, Archive, model.ArchivePrefix)
			},
			func(ctx context.Context) ([]*Stored, error) {
				return s.places[i].versions(ctx, Template, model.TemplatePrefix)
			},
			s.places[i].images,
		} {
			group.Go(func() (err error) {
				lists[3*i+j], err = list(groupCtx)
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return nil, cloud.Interrupted(ctx, err)
	}
	return merged(slices.Concat(lists...)), nil
}

// merged makes one asset of those that several regions have under one key.
func merged(all []*Stored) []*Stored {
	byKey := map[string]*Stored{}
	for _, a := range all {
		first := byKey[a.Key]
		if first == nil {
			byKey[a.Key] = a
			continue
		}
		first.Regions = append(first.Regions, a.Regions...)
		first.Size = max(first.Size, a.Size)
		first.visible = cmp.Or(first.visible, a.visible)
		if a.Newest.After(first.Newest) {
			first.Newest = a.Newest
		}
		maps.Copy(first.versions, a.versions)
	}
	return slices.SortedFunc(maps.Values(byKey), func(a, b *Stored) int { return cmp.Compare(a.Key, b.Key) })
}

// versions are the assets below a prefix. Delete markers, which hide an object that
// somebody removed without its versions, belong to them.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
func (b *bucket) versions(ctx context.Context, kind Kind, prefix string) ([]*Stored, error) {
	found := map[string]*Stored{}
	add := func(key, version *string, size int64, written *time.Time, visible *bool) {
		if !ours.MatchString(aws.ToString(key)) {
			return
		}
		a := found[*key]
		if a == nil {
			a = &Stored{Kind: kind, Key: *key, Regions: []string{b.region}, versions: map[string][]types.ObjectIdentifier{}}
			found[*key] = a
		}
		a.Size += size
		if aws.ToBool(visible) {
			a.visible = b.region
		}
		if when := aws.ToTime(written); when.After(a.Newest) {
			a.Newest = when
		}
		a.versions[b.region] = append(a.versions[b.region], types.ObjectIdentifier{Key: key, VersionId: version})
	}
	err := b.eachVersion(ctx, prefix, func(page *s3.ListObjectVersionsOutput) error {
		for i := range page.Versions {
			v := &page.Versions[i]
			add(v.Key, v.VersionId, aws.ToInt64(v.Size), v.LastModified, v.IsLatest)
		}
		for i := range page.DeleteMarkers {
			m := &page.DeleteMarkers[i]
			add(m.Key, m.VersionId, 0, m.LastModified, nil)
		}
		return nil
	})
	return slices.Collect(maps.Values(found)), err
}

// eachVersion visits the pages of all versions below a prefix.
func (b *bucket) eachVersion(ctx context.Context, prefix string, visit func(*s3.ListObjectVersionsOutput) error) error {
	pages := s3.NewListObjectVersionsPaginator(b.client, &s3.ListObjectVersionsInput{Bucket: &b.name, ExpectedBucketOwner: &b.owner, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return b.explain(err, "s3:ListBucketVersions", "")
		}
		if err := visit(page); err != nil {
			return err
		}
	}
	return nil
}

// images are those with a tag that is a digest, each tag by itself.
//
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
func (r *repository) images(ctx context.Context) ([]*Stored, error) {
	var found []*Stored
	pages := ecr.NewDescribeImagesPaginator(r.client, &ecr.DescribeImagesInput{
		RegistryId: &r.account, RepositoryName: &r.name, Filter: &ecrtypes.DescribeImagesFilter{TagStatus: ecrtypes.TagStatusTagged},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, r.explain(err, "ecr:DescribeImages", "")
		}
		for i := range page.ImageDetails {
			image := &page.ImageDetails[i]
			for _, tag := range image.ImageTags {
				if key := ImageKey(tag); ours.MatchString(key) {
					found = append(found, &Stored{
						Kind: Image, Key: key, Size: aws.ToInt64(image.ImageSizeInBytes),
						Regions: []string{r.region}, Newest: aws.ToTime(image.ImagePushedAt), visible: r.region,
					})
				}
			}
		}
	}
	return found, nil
}

// Text is what a template that is not hidden says. Its bytes are the same in every region
// that has it.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
func (s *Store) Text(ctx context.Context, a *Stored) (string, error) {
	i := slices.IndexFunc(s.places, func(p place) bool { return p.region == a.visible })
	b := s.places[i].bucket
	answer, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, ExpectedBucketOwner: &b.owner, Key: &a.Key})
	if err != nil {
		return "", cloud.Interrupted(ctx, b.explain(err, "s3:GetObject", a.Key))
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", cloud.Interrupted(ctx, b.explain(err, "s3:GetObject", a.Key))
	}
	return string(text), nil
}

// Remove removes assets from every region: templates first, so that whoever finds a
// template finds the code that it names. Of an object it removes the versions that
// Inventory has seen, and no other: one that somebody has published since then stays.
// It counts what is gone, in regions.
func (s *Store) Remove(ctx context.Context, assets []*Stored, gone *atomic.Int64) error {
	isTemplate := func(a *Stored) bool { return a.Kind == Template }
	if err := s.remove(ctx, assets, isTemplate, gone); err != nil {
		return cloud.Interrupted(ctx, err)
	}
	return cloud.Interrupted(ctx, s.remove(ctx, assets, func(a *Stored) bool { return !isTemplate(a) }, gone))
}

func (s *Store) remove(ctx context.Context, assets []*Stored, chosen func(*Stored) bool, gone *atomic.Int64) error {
	group, ctx := errgroup.WithContext(ctx)
	for i := range s.places {
		place := &s.places[i]
		var tags []string
		var versions []types.ObjectIdentifier
		for _, a := range assets {
			switch {
			case !chosen(a) || !slices.Contains(a.Regions, place.region):
			case a.Kind == Image:
				tags = append(tags, strings.TrimPrefix(a.Key, imagePrefix))
			default:
				versions = append(versions, a.versions[place.region]...)
			}
		}
		group.Go(func() error { return place.removeTags(ctx, tags, gone) })
		group.Go(func() error { return place.removeVersions(ctx, versions, gone) })
	}
	return group.Wait()
}

// versionsPerCall is how many one call removes.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
const versionsPerCall = 1000

// removeVersions removes versions for good. One that is gone already is no failure.
func (b *bucket) removeVersions(ctx context.Context, versions []types.ObjectIdentifier, gone *atomic.Int64) error {
	for some := range slices.Chunk(versions, versionsPerCall) {
		answer, err := b.client.DeleteObjects(ctx, &s3.DeleteObjectsInput{
			Bucket: &b.name, ExpectedBucketOwner: &b.owner, Delete: &types.Delete{Objects: some, Quiet: aws.Bool(true)},
		})
		if err != nil {
			return b.explain(err, "s3:DeleteObjectVersion", "")
		}
		if len(answer.Errors) > 0 {
			first := &answer.Errors[0]
			said := &smithy.GenericAPIError{Code: aws.ToString(first.Code), Message: aws.ToString(first.Message)}
			return b.explain(said, "s3:DeleteObjectVersion", aws.ToString(first.Key))
		}
		gone.Add(int64(len(some)))
	}
	return nil
}

// removeTags removes tags, and an image with the last of its tags. One that is gone
// already is no failure.
//
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
func (r *repository) removeTags(ctx context.Context, tags []string, gone *atomic.Int64) error {
	for some := range slices.Chunk(tags, tagsPerCall) {
		ids := make([]ecrtypes.ImageIdentifier, len(some))
		for i := range some {
			ids[i].ImageTag = &some[i]
		}
		answer, err := r.client.BatchDeleteImage(ctx, &ecr.BatchDeleteImageInput{RegistryId: &r.account, RepositoryName: &r.name, ImageIds: ids})
		if err != nil {
			return r.explain(err, "ecr:BatchDeleteImage", "")
		}
		for _, failure := range answer.Failures {
			if failure.FailureCode != ecrtypes.ImageFailureCodeImageNotFound {
				return r.explain(refusal(failure), "ecr:BatchDeleteImage", "")
			}
		}
		gone.Add(int64(len(some)))
	}
	return nil
}
