package demand

import (
	"strings"

	"github.com/foldstack/foldstack/generator/demand/handler"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
)

// What the pages on artifacts say.
const (
	serviceRolePage  = "https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html"
	crossAccountPage = "https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html"
	crossRegionPage  = "https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-create-cross-region.html"
	artifactKeyPage  = "https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html"
	bucketKMSPage    = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"
)

// bucket is a bucket as S3 knows it: by what key it encrypts, and what it tells KMS.
type bucket struct {
	partition  model.Partition
	region     string
	account    string
	arn        string
	key        string // as it was given: an ARN, an id or an alias; empty where KMS is not asked
	keyAccount string // in which an id is looked up; empty for that of whoever calls
	bucketKey  bool   // one data key for the whole bucket
	estate     *estate.Estate
}

// bucketNamed is a bucket with what the estate knows of it. Where the estate does not
// hold it, it lies in the account and region in which its name was read.
func bucketNamed(e *estate.Estate, name string, in *estate.Stack) bucket {
	b := bucket{partition: in.Partition, region: in.Region, account: in.Account, estate: e}
	b.arn = arnOf(in.Partition, "s3", "", "", name)
	for _, r := range e.OfType(bucketType) {
		if r.Ref != name {
			continue
		}
		b.region, b.account = r.Stack.Region, r.Stack.Account
		for _, rule := range mapsAt(mapAt(r.Properties, "BucketEncryption"), "ServerSideEncryptionConfiguration") {
			b.key, b.keyAccount = textAt(rule, "ServerSideEncryptionByDefault", "KMSMasterKeyID"), b.account
			b.bucketKey = isTrue(rule.Get("BucketKeyEnabled"))
		}
		break
	}
	return b
}

func (b bucket) itself() thing { return exactly(b.arn).ofOwner(b.account) }

// object is an object whose key the caller is given.
func (b bucket) object(key string) thing { return exactly(b.arn + "/" + key).ofOwner(b.account) }

// objects is an object below a prefix whose key is chosen by somebody else.
func (b bucket) objects(prefix, what string) thing {
	return below(b.arn+"/"+prefix, what).ofOwner(b.account)
}

// get and put are the calls on objects together with those that S3 makes to KMS on
// the caller's behalf.
func (b bucket) get(c caller, why string, on thing, actions ...string) []Demand {
	return append(c.calls(why, on, actions...), b.through(c.from(bucketKMSPage), why, on, "kms:Decrypt")...)
}

func (b bucket) put(c caller, why string, on thing, actions ...string) []Demand {
	return append(c.calls(why, on, actions...), b.through(c.from(bucketKMSPage), why, on, "kms:GenerateDataKey")...)
}

// through is a use of the bucket's key by S3 for a caller.
func (b bucket) through(c caller, why string, on thing, actions ...string) []Demand {
	if b.key == "" {
		return nil
	}
	key := b.keyOf(c).with("kms:calleraccount", c.account).
		// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
		with("kms:encryptioncontext:aws:s3:arn", b.opened(on)).
		with("kms:encryptioncontextkeys", "aws:s3:arn")
	return c.calls(why, throughService(key, c, "s3", b.region, b.partition), actions...)
}

// opened is what the bucket's key is used for when an object is read or written: the bucket
// or the object.
func (b bucket) opened(on thing) string {
	if b.bucketKey {
		return b.arn
	}
	return on.arn
}

// throughService is a key in requests that a service makes for a caller. Where another
// account may use a key, a grant that did not insist on the service would let that
// account decrypt whatever it gets hold of by other ways.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func throughService(key thing, c caller, service, region string, partition model.Partition) thing {
	via := handler.Via(service, region, partition)
	if c.account == accountOf(key.arn, c.account) {
		return key.with("kms:viaservice", via)
	}
	return key.narrowedBy("kms:viaservice", via).upTo("kms:viaservice", service+".*")
}

// directly is a use of the bucket's key that no service makes for the caller.
func (b bucket) directly(c caller, why string, actions ...string) []Demand {
	if b.key == "" {
		return nil
	}
	return c.calls(why, b.keyOf(c).with("kms:calleraccount", c.account), actions...)
}

func (b bucket) keyOf(c caller) thing {
	account := b.keyAccount
	if account == "" {
		account = c.account
	}
	return keyGiven(b.estate, b.key, b.partition, b.region, account)
}

// keyGiven is a key by what it was given as. An alias or an id without an account is
// looked up in an account, where a key of another account is not found. The id names
// the key in all its regions, so that a grant may leave the region open.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
func keyGiven(e *estate.Estate, given string, partition model.Partition, region, account string) thing {
	arn := keyARN(given, partition, region, account)
	if alias := nameOf(arn); strings.HasPrefix(alias, "alias/") {
		for _, r := range e.OfType("AWS::KMS::Alias") {
			if r.Stack.Account == accountOf(arn, account) && r.Stack.Region == region && textAt(r.Properties, "AliasName") == alias {
				arn = keyARN(textAt(r.Properties, "TargetKeyId"), partition, region, r.Stack.Account)
				break
			}
		}
	}
	return exactly(arn).inAnyRegion()
}

func keyARN(given string, partition model.Partition, region, account string) string {
	switch {
	case strings.HasPrefix(given, "arn:"):
		return given
	case strings.HasPrefix(given, "alias/"):
		return arnOf(partition, "kms", region, account, given)
	}
	return arnOf(partition, "kms", region, account, "key/"+given)
}

// useOfKey is what CodePipeline's pages ask for whoever writes artifacts: the set that
// KMS gives the users of a key.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-users-crypto
var useOfKey = append([]string{"kms:DescribeKey"}, cryptography...)

// cryptography are the calls among them that encrypt and decrypt.
var cryptography = []string{
	"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo",
}
