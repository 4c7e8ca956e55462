package store

import (
	"context"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
)

// Bucket is one of the tooling account's as a whole.
type Bucket struct{ *bucket }

// BucketOf is a bucket in a region of the account that a session is of.
func BucketOf(s *cloud.Session, region, name string) Bucket {
	return Bucket{newBucket(s, region, name, s.Account, defaultPartSize)}
}

// Name is the bucket's.
func (b Bucket) Name() string { return b.name }

// There tells whether the bucket exists and is of this account.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
func (b Bucket) There(ctx context.Context) (bool, error) {
	_, err := b.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &b.name, ExpectedBucketOwner: &b.owner})
	if missing(err) {
		return false, nil
	}
	return err == nil, cloud.Interrupted(ctx, b.explain(err, "s3:ListBucket", ""))
}

// missing reports the answer about a bucket that there is not. An answer to HEAD has no
// text but its status.
func missing(err error) bool {
	return cloud.IsCode(err, "NotFound") || cloud.IsCode(err, "NoSuchBucket")
}

// Empty removes all versions of all objects, and the parts of uploads that nobody has
// completed. A bucket that there is not is empty.
func (b Bucket) Empty(ctx context.Context) error {
	var gone atomic.Int64
	err := b.eachVersion(ctx, "", func(page *s3.ListObjectVersionsOutput) error {
		var versions []types.ObjectIdentifier
		for i := range page.Versions {
			versions = append(versions, types.ObjectIdentifier{Key: page.Versions[i].Key, VersionId: page.Versions[i].VersionId})
		}
		for i := range page.DeleteMarkers {
			versions = append(versions, types.ObjectIdentifier{Key: page.DeleteMarkers[i].Key, VersionId: page.DeleteMarkers[i].VersionId})
		}
		return b.removeVersions(ctx, versions, &gone)
	})
	if err == nil {
		err = b.abortUploads(ctx)
	}
	if missing(err) {
		return nil
	}
	return cloud.Interrupted(ctx, err)
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
func (b Bucket) abortUploads(ctx context.Context) error {
	pages := s3.NewListMultipartUploadsPaginator(b.client, &s3.ListMultipartUploadsInput{Bucket: &b.name, ExpectedBucketOwner: &b.owner})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return b.explain(err, "s3:ListBucketMultipartUploads", "")
		}
		for i := range page.Uploads {
			_, err := b.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
				Bucket: &b.name, ExpectedBucketOwner: &b.owner, Key: page.Uploads[i].Key, UploadId: page.Uploads[i].UploadId,
			})
			if err != nil && !cloud.IsCode(err, "NoSuchUpload") {
				return b.explain(err, "s3:AbortMultipartUpload", aws.ToString(page.Uploads[i].Key))
			}
		}
	}
	return nil
}

// Remove empties the bucket and removes it. One that there is not is removed.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
func (b Bucket) Remove(ctx context.Context) error {
	if err := b.Empty(ctx); err != nil {
		return err
	}
	_, err := b.client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: &b.name, ExpectedBucketOwner: &b.owner})
	if missing(err) {
		return nil
	}
	return cloud.Interrupted(ctx, b.explain(err, "s3:DeleteBucket", ""))
}

// Repository is the image repository of a region as a whole.
type Repository struct{ *repository }

// RepositoryOf is a repository in a region of the account that a session is of.
func RepositoryOf(s *cloud.Session, region, name string) Repository {
	return Repository{newRepository(s, region, name, s.Account)}
}

// Name is the repository's.
func (r Repository) Name() string { return r.name }

// There tells whether the repository exists.
//
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html
func (r Repository) There(ctx context.Context) (bool, error) {
	_, err := r.client.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{RegistryId: &r.account, RepositoryNames: []string{r.name}})
	if cloud.IsCode(err, "RepositoryNotFoundException") {
		return false, nil
	}
	return err == nil, cloud.Interrupted(ctx, r.explain(err, "ecr:DescribeRepositories", ""))
}

// Remove removes the repository with its images. One that there is not is removed.
//
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html
func (r Repository) Remove(ctx context.Context) error {
	_, err := r.client.DeleteRepository(ctx, &ecr.DeleteRepositoryInput{RegistryId: &r.account, RepositoryName: &r.name, Force: true})
	if cloud.IsCode(err, "RepositoryNotFoundException") {
		return nil
	}
	return cloud.Interrupted(ctx, r.explain(err, "ecr:DeleteRepository", ""))
}
