package stack

import (
	"github.com/awslabs/goformation/v7/cloudformation/s3"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
)

// Seed is what the tooling stack is made of first where its template is too large for a
// call: the bucket into which that is put, to update the stack from there. It holds
// nothing that grows with the project.
//
// The bucket is that of [Tooling] but for the key, which is not there yet: S3's own
// encrypts until then. Another default encryption is no interruption.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-bucketencryption.html
func Seed(p *model.Project) *cfn.Template {
	t := &cfn.Template{
		Header:      header(p, p.Place.File),
		Description: "The bucket that the template of this stack is put into, which is too large for a call",
	}
	addArtifactBucket(t, p).BucketEncryption = &s3.Bucket_BucketEncryption{ServerSideEncryptionConfiguration: []s3.Bucket_ServerSideEncryptionRule{{
		ServerSideEncryptionByDefault: &s3.Bucket_ServerSideEncryptionByDefault{SSEAlgorithm: "AES256"},
	}}}
	return t
}
