package demand

import (
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
)

// PublishTargets is where a build puts what it made.
type PublishTargets struct {
	Partition model.Partition
	Account   string
	Places    []PublishPlace
}

// PublishPlace is where it goes in one region.
type PublishPlace struct {
	Region     string
	Bucket     string   // its name
	Prefixes   []string // with which the keys of objects begin, such as "functions/"
	Large      string   // the prefix of what may be uploaded in parts
	Key        string   // the ARN of the key by which the bucket encrypts; empty without one
	Repository string   // of images, its name; empty without one
}

const (
	putPage         = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html"
	listPage        = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html"
	multipartPage   = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions"
	conditionalPage = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html"
	pushPage        = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html"
)

// Publish lists the calls by which a role puts archives and templates into buckets and
// images into repositories, which no template tells: it lists what is there, puts what
// is missing and never puts one object over another.
func Publish(e *estate.Estate, role string, targets PublishTargets, step Step) []Demand {
	c := caller{account: targets.Account, step: step, page: listPage}.as(role)
	if r := e.ByARN(role); r != nil {
		c.cause = r.At()
	}
	var demands []Demand
	for _, place := range targets.Places {
		b := bucketNamed(e, place.Bucket, &estate.Stack{Partition: targets.Partition, Account: targets.Account, Region: place.Region})
		if place.Key != "" {
			b.key, b.keyAccount = place.Key, ""
		}
		for _, prefix := range place.Prefixes {
			listed := b.itself().narrowedBy("s3:prefix", prefix)
			demands = append(demands, c.calls("publishing lists what "+place.Bucket+" has below "+prefix, listed, "s3:ListBucket")...)
			demands = append(demands, b.publish(c, prefix)...)
		}
		if place.Large != "" {
			demands = append(demands, b.publishInParts(c, place.Large)...)
		}
		if place.Repository != "" {
			repository := arnOf(targets.Partition, "ecr", place.Region, targets.Account, "repository/"+place.Repository)
			demands = append(demands, push(c, repository)...)
		}
	}
	return demands
}

// publish puts an object that is not there yet. What makes the object carries the header
// If-None-Match.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
func (b bucket) publish(c caller, prefix string) []Demand {
	creation := b.objects(prefix, "digest").with("s3:if-none-match", "*").with("s3:objectcreationoperation", "true")
	return b.put(c.from(putPage), "publishing puts an object below "+prefix, creation, "s3:PutObject")
}

// publishInParts uploads an object in parts, and takes back what it has uploaded where it
// cannot finish. Beginning, and the parts, make no object yet; a part is encrypted by the
// data key of its upload, which S3 has to decrypt.
func (b bucket) publishInParts(c caller, prefix string) []Demand {
	object := b.objects(prefix, "digest")
	why := "publishing uploads the parts of an object below " + prefix
	demands := c.from(conditionalPage).calls(why, object.with("s3:objectcreationoperation", "false"), "s3:PutObject")
	demands = append(demands, c.from(multipartPage).calls("publishing gives an upload below "+prefix+" up", object, "s3:AbortMultipartUpload")...)
	return append(demands, b.through(c.from(multipartPage), why, object, "kms:Decrypt", "kms:GenerateDataKey")...)
}

// push looks which images are there and puts the others. The repository itself may use
// its key, by a grant that it got when it was made.
//
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
func push(c caller, repository string) []Demand {
	c.page = pushPage
	why := "publishing pushes images to " + nameOf(repository)
	demands := c.calls(why, everything(), "ecr:GetAuthorizationToken")
	return append(demands, c.calls(why, exactly(repository),
		"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload",
		"ecr:PutImage", "ecr:UploadLayerPart")...)
}
