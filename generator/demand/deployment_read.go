package demand

import (
	"net/url"
	"strings"

	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

const (
	nestedPage = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html"
	codePage   = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html"
	imagePage  = "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html"
)

// reads adds what is taken from elsewhere for a resource: child templates, code, images
// and the key of a log.
func (w *deploying) reads(c caller, r *estate.Resource) {
	switch r.Type {
	case stackType:
		w.childTemplate(c, r)
	case functionType:
		w.code(c, r, "Code")
		w.image(c, r)
	case layerType:
		w.code(c, r, "Content")
	case logGroupType:
		w.add(encryptLog(c, w.Estate, r, r.ARN)...)
	}
}

// childTemplate is read with the deployment's role, and the role is passed on to the
// nested stack; the role itself is asked whether it may.
//
// https://github.com/aws-samples/sample-autonomous-cloud-coding-agents/issues/865
func (w *deploying) childTemplate(c caller, r *estate.Resource) {
	if !w.passes {
		w.passes = true
		w.add(passedToCloudFormation(c.from(stackRolePage), w.Role)...)
	}
	name, key := objectAt(textAt(r.Properties, "TemplateURL"))
	if name == "" {
		return
	}
	c.page = nestedPage
	w.fetch(c, "CloudFormation reads the template of "+r.ID, r.Stack, name, key)
}

// code is the archive of a function or a layer.
func (w *deploying) code(c caller, r *estate.Resource, property string) {
	archive := mapAt(r.Properties, property)
	if name := textAt(archive, "S3Bucket"); name != "" {
		c.page = codePage
		w.fetch(c, "CloudFormation reads the code of "+r.ID, r.Stack, name, textAt(archive, "S3Key"))
	}
}

// fetch is the reading of an object. Every asset lies in one folder under the digest of
// what it is made of, so that a grant has to leave the name open and can name the folder.
func (w *deploying) fetch(c caller, why string, in *estate.Stack, name, key string) {
	b := w.store(name, in)
	on := b.object(key)
	on.within = []string{w.generalised(b.arn) + "/" + folder(key) + "*"}
	w.add(c.calls(why, on, "s3:GetObject", "s3:GetObjectVersion")...)
	if opened := b.opened(on); !w.opened[opened] {
		w.opened[opened] = true
		w.add(b.through(c.from(bucketKMSPage), why, on, "kms:Decrypt")...)
	}
}

func folder(key string) string { return key[:symbol.LastIndexAny(key, "/")+1] }

// store is a bucket by its name, which may hold the region that the stack's symbol
// stands for: then that of some region tells for all, as their keys have one id.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
func (w *deploying) store(name string, in *estate.Stack) bucket {
	if b := bucketNamed(w.Estate, name, in); b.key != "" || w.Stores == nil {
		return b
	}
	for _, r := range w.Stores.OfType(bucketType) {
		if strings.ReplaceAll(name, in.Region, r.Stack.Region) != r.Ref {
			continue
		}
		b := bucketNamed(w.Stores, r.Ref, in)
		b.arn, b.region = arnOf(in.Partition, "s3", "", "", name), in.Region
		if strings.HasPrefix(b.key, "arn:") {
			b.key = inRegion(b.key, in.Region)
		}
		return b
	}
	return bucketNamed(w.Estate, name, in)
}

// objectAt are bucket and key of an object by its URL, in either style.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
func objectAt(address string) (bucket, key string) {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return "", ""
	}
	rest, _, _ = strings.Cut(rest, "?")
	host, path, ok := strings.Cut(rest, "/")
	if !ok {
		return "", ""
	}
	if unescaped, err := url.PathUnescape(path); err == nil {
		path = unescaped
	}
	if strings.HasPrefix(host, "s3.") || strings.HasPrefix(host, "s3-") {
		bucket, key, _ = strings.Cut(path, "/")
		return bucket, key
	}
	for _, separator := range []string{".s3.", ".s3-"} {
		if name, _, found := strings.Cut(host, separator); found {
			return name, path
		}
	}
	return "", ""
}

// image is the pull of a function's image, by the role, and by Lambda for the function,
// for which the repository has to say so in the same account, too.
//
// https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
// https://repost.aws/knowledge-center/lambda-ecr-image
func (w *deploying) image(c caller, r *estate.Resource) {
	arn := repositoryOf(textAt(r.Properties, "Code", "ImageUri"), r.Stack)
	if arn == "" {
		return
	}
	c.page = imagePage
	on := thing{arn: arn, within: []string{w.generalised(anyRegion(arn))}}
	w.add(c.calls("CloudFormation reads the image of "+r.ID, on, "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")...)
	pulled := on.narrowedBy("aws:sourcearn", r.ARN).upTo("aws:sourcearn", w.functions())
	w.add(c.asService(lambdaService).calls("Lambda pulls the image of "+r.ID, pulled, "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")...)
}

// repositoryOf is the ARN of the repository of an image,
// <account>.dkr.ecr.<region>.<suffix>/<name>:<tag> or …@<digest>.
//
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
func repositoryOf(image string, in *estate.Stack) string {
	host, name, ok := strings.Cut(image, "/")
	account, place, found := strings.Cut(host, ".dkr.ecr.")
	if !ok || !found {
		return ""
	}
	name, _, _ = strings.Cut(name, "@")
	if at := strings.LastIndexByte(name, ':'); at >= 0 {
		name = name[:at]
	}
	region := strings.TrimSuffix(place, "."+in.Partition.Suffix())
	return arnOf(in.Partition, "ecr", region, account, "repository/"+name)
}
