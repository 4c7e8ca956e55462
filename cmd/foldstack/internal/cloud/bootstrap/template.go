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
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// large reports a template that has to lie in S3.
func (s *Step) large() bool { return len(s.Template) > stacks.MaxTemplate }

// fits fails where a template is too large for a call and cannot lie in the artifact
// bucket, which nobody of another account may read.
func (p *Plan) fits(s *Step) error {
	if !s.large() || s.Account == p.project.Tooling.Account {
		return nil
	}
	return cloud.Hinted(
		fmt.Errorf("%s has %d bytes; of a template that does not lie in S3, CloudFormation takes %d", s.File, len(s.Template), stacks.MaxTemplate),
		"put it into a bucket that account "+s.Account+" reads and deploy it from there: `aws cloudformation deploy --s3-bucket`, as `foldstack bootstrap --print` shows it",
	)
}

// Seeding is what there is to say about the seed of a stack: see [generator.Base].
type Seeding string

// What there is to say.
const (
	Unseeded  Seeding = ""      // nothing: the stack needs none, or is there as a whole
	SeedFirst Seeding = "first" // the stack is made of it, and updated from the bucket that it has
	SeedThere Seeding = "there" // the stack is not more than that: a run was interrupted
)

func (s *Step) seeding() Seeding {
	creates := s.Action == Create || s.Action == Replace
	switch {
	case s.Seed == nil:
		return Unseeded
	case creates && s.large():
		return SeedFirst
	case s.Action == Update && s.there.Outputs[generator.BaseDigest] == "":
		return SeedThere
	}
	return Unseeded
}

// deposit puts a template that is too large for a call where CloudFormation reads it. Of
// the stack that makes that bucket it begins with the seed, where there is none; a stack
// that is there never becomes its seed again, whoever else is at work on it.
func (p *Plan) deposit(ctx context.Context, s *Step, tell func(stacks.Event)) (url string, begun bool, err error) {
	if !s.large() {
		return "", false, nil
	}
	if s.Seed != nil {
		session, err := p.accounts.Session(ctx, s.Account)
		if err != nil {
			return "", false, err
		}
		begun, err = stacks.In(session, s.Region).Begin(ctx, stacks.Deployment{Name: s.Name, Template: s.Seed}, tell)
		if err != nil {
			return "", false, err
		}
	}
	url, err = p.upload(ctx, s.Template)
	return url, begun, err
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
