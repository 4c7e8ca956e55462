package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"golang.org/x/sync/errgroup"
)

// onlyNew makes a write fail where the key is there already. The bucket's policy
// refuses every write without it.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
const onlyNew = "*"

// content is what is uploaded.
type content struct {
	size int64
	open func() (opened, error)
}

type opened interface {
	io.ReaderAt
	io.Closer
}

// put stores content under a key, or finds that somebody has done so. It tells sent of
// bytes that have arrived, of some of them twice where an upload begins again.
func (b *bucket) put(ctx context.Context, key string, c content, sent func(int64)) error {
	file, err := c.open()
	if err != nil {
		return err
	}
	defer file.Close()
	body := io.NewSectionReader(file, 0, c.size)
	if c.size <= b.partSize {
		err = b.putWhole(ctx, key, body, sent)
	} else {
		err = b.putParts(ctx, key, body, sent)
	}
	if cloud.IsCode(err, "PreconditionFailed") {
		return nil
	}
	return b.explain(err, "s3:PutObject", key)
}

// putWhole uploads by one call.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
func (b *bucket) putWhole(ctx context.Context, key string, body *io.SectionReader, sent func(int64)) error {
	sum, err := checksum(body)
	if err != nil {
		return fmt.Errorf("reading what goes to %s: %w", key, err)
	}
	answer, err := b.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &b.name, ExpectedBucketOwner: &b.owner, Key: &key,
		Body: body, ContentLength: aws.Int64(body.Size()), ChecksumSHA256: &sum,
		IfNoneMatch: aws.String(onlyNew),
	}, b.patiently)
	if err != nil {
		return err
	}
	sent(body.Size())
	return agrees(key, sum, answer.ChecksumSHA256)
}

// patiently gives a call the time that a body takes.
func (b *bucket) patiently(o *s3.Options) { o.HTTPClient = b.session.Uploads() }

// restarts is how often an upload in parts is begun again.
const restarts = 3

// putParts uploads by parts, and begins again where S3 has lost or dropped them: after
// a simultaneous write of the key it says to.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
func (b *bucket) putParts(ctx context.Context, key string, body *io.SectionReader, sent func(int64)) error {
	for attempt := 1; ; attempt++ {
		err := b.tryParts(ctx, key, body, sent)
		if attempt == restarts || !cloud.IsCode(err, "NoSuchUpload") && !cloud.IsCode(err, "ConditionalRequestConflict") {
			return err
		}
		// The answer to a completion that was repeated says nothing of the first one.
		if done, listErr := b.has(ctx, key); done || listErr != nil {
			return listErr
		}
	}
}

func (b *bucket) tryParts(ctx context.Context, key string, body *io.SectionReader, sent func(int64)) (err error) {
	upload, err := b.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: &b.name, ExpectedBucketOwner: &b.owner, Key: &key,
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumType: types.ChecksumTypeComposite,
	})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			b.abort(ctx, key, upload.UploadId)
		}
	}()
	parts, err := b.parts(ctx, key, upload.UploadId, body, sent)
	if err != nil {
		return err
	}
	answer, err := b.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &b.name, ExpectedBucketOwner: &b.owner, Key: &key, UploadId: upload.UploadId,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		MpuObjectSize:   aws.Int64(body.Size()), ChecksumType: types.ChecksumTypeComposite,
		IfNoneMatch: aws.String(onlyNew),
	}, b.patiently)
	if err != nil {
		return err
	}
	return agrees(key, composite(parts), answer.ChecksumSHA256)
}

// partsAtOnce is how many parts of one object are on their way at once.
const partsAtOnce = 4

func (b *bucket) parts(ctx context.Context, key string, id *string, body *io.SectionReader, sent func(int64)) ([]types.CompletedPart, error) {
	size := b.partSize
	parts := make([]types.CompletedPart, (body.Size()+size-1)/size)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(partsAtOnce)
	for i := range parts {
		offset := int64(i) * size
		part := io.NewSectionReader(body, offset, min(size, body.Size()-offset))
		group.Go(func() (err error) {
			parts[i], err = b.part(ctx, key, id, int32(i+1), part)
			if err == nil {
				sent(part.Size())
			}
			return err
		})
	}
	return parts, group.Wait()
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
func (b *bucket) part(ctx context.Context, key string, id *string, number int32, body *io.SectionReader) (types.CompletedPart, error) {
	sum, err := checksum(body)
	if err != nil {
		return types.CompletedPart{}, fmt.Errorf("reading what goes to %s: %w", key, err)
	}
	answer, err := b.client.UploadPart(ctx, &s3.UploadPartInput{
		Bucket: &b.name, ExpectedBucketOwner: &b.owner, Key: &key, UploadId: id, PartNumber: &number,
		Body: body, ContentLength: aws.Int64(body.Size()), ChecksumSHA256: &sum,
	}, b.patiently)
	if err != nil {
		return types.CompletedPart{}, err
	}
	return types.CompletedPart{ETag: answer.ETag, PartNumber: &number, ChecksumSHA256: &sum}, agrees(key, sum, answer.ChecksumSHA256)
}

// abortTime is how long somebody who interrupts waits for tidiness.
const abortTime = 5 * time.Second

// abort gives back the room of parts that nobody will complete. Who may not do that
// leaves it to the bucket's rule, which does so a day later.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
func (b *bucket) abort(ctx context.Context, key string, id *string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortTime)
	defer cancel()
	_, _ = b.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
		Bucket: &b.name, ExpectedBucketOwner: &b.owner, Key: &key, UploadId: id,
	})
}

// checksum is the SHA-256 of a body as S3 writes it.
func checksum(body *io.SectionReader) (string, error) {
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(body, 0, body.Size())); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(hash.Sum(nil)), nil
}

// composite is the checksum of an object of parts: that of their checksums. S3 writes
// their number behind it.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
func composite(parts []types.CompletedPart) string {
	hash := sha256.New()
	for _, p := range parts {
		sum, _ := base64.StdEncoding.DecodeString(*p.ChecksumSHA256) // checksum encoded it
		hash.Write(sum)
	}
	return base64.StdEncoding.EncodeToString(hash.Sum(nil))
}

// agrees fails where S3 says that it has stored other bytes than were sent. A server
// that stands in for S3 may say nothing.
func agrees(key, sent string, stored *string) error {
	if stored == nil {
		return nil
	}
	if sum, _, _ := strings.Cut(*stored, "-"); sum == sent {
		return nil
	}
	return cloud.Hinted(
		fmt.Errorf("S3 stored %s with the SHA-256 %s, and %s was sent", key, *stored, sent),
		"something between here and S3 changes what passes; look at that object, remove it, and publish again",
	)
}
