package bootstrap

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator/model"
)

// fits fails where a template is too large for a call and cannot lie in the artifact
// bucket: the tooling stack makes that, and nobody of another account may read it.
func (p *Plan) fits(s *Step) error {
	if len(s.Template) <= stacks.MaxTemplate || s.Account == p.project.Tooling.Account && (s.NeedsKey || s.UpdatesItself || p.key != "") {
		return nil
	}
	return cloud.Hinted(
		fmt.Errorf("%s has %d bytes; of a template that does not lie in S3, CloudFormation takes %d", s.File, len(s.Template), stacks.MaxTemplate),
		"put it into a bucket that account "+s.Account+" reads and deploy it from there: `aws cloudformation deploy --s3-bucket`, as `foldstack bootstrap --print` shows it",
	)
}

// Prefix is what the keys of templates in the artifact bucket begin with.
const Prefix = "bootstrap"

// upload puts a template into the artifact bucket, where it expires: a stack needs its
// template once. Its name is its digest, so that what is there already is the same.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
func (p *Plan) upload(ctx context.Context, template []byte) (url string, err error) {
	tooling := p.project.Tooling
	session, err := p.accounts.Session(ctx, tooling.Account)
	if err != nil {
		return "", err
	}
	client := s3.NewFromConfig(session.Config(tooling.Region), func(o *s3.Options) {
		o.UsePathStyle = o.BaseEndpoint != nil // of a server that stands in for S3
	})
	sum := sha256.Sum256(template)
	bucket, key := model.ArtifactBucket(p.project.Name, tooling.Account, tooling.Region), Prefix+"/"+hex.EncodeToString(sum[:])+".yaml"
	_, err = client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &bucket, Key: &key, Body: bytes.NewReader(template), ExpectedBucketOwner: &tooling.Account, IfNoneMatch: aws.String("*"),
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum[:])),
	})
	if err != nil && !cloud.IsCode(err, "PreconditionFailed") {
		return "", session.Explain(err, cloud.Call{Action: "s3:PutObject", Region: tooling.Region, Resource: "s3://" + bucket + "/" + key})
	}
	partition, _ := model.PartitionOf(tooling.Region)
	return fmt.Sprintf("https://%s.s3.%s.%s/%s", bucket, tooling.Region, partition.Suffix(), key), nil
}
