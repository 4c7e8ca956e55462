package stack

import (
	"github.com/awslabs/goformation/v7/cloudformation/kms"
	"github.com/awslabs/goformation/v7/cloudformation/policies"
	"github.com/awslabs/goformation/v7/cloudformation/s3"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
)

// What the tooling account holds in every region is the same: the project's key,
// a bucket for CodePipeline's artifacts, a bucket for assets and a repository.

// How long things are kept, in days.
const (
	// An artifact outlives the longest approval (60 days) by far, so that a stage can
	// be rolled back to it.
	// https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
	artifactDays   = 180
	noncurrentDays = 30
	uploadDays     = 1
)

// kept marks a resource that outlives its stack, except where the operation fails
// that makes it: then it is removed, so that the next try finds its place free.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
func kept(r *cfn.Resource) *cfn.Resource {
	r.DeletionPolicy = policies.DeletionPolicy("RetainExceptOnCreate")
	r.UpdateReplacePolicy = "Retain"
	return r
}

// addStorage adds everything that hangs on the key, whose logical id is Key.
func addStorage(t *cfn.Template, p *model.Project, who *readers, problems *diag.Problems) {
	t.Add("KeyAlias", &kms.Alias{AliasName: model.KeyAlias(p.Name), TargetKeyId: cfn.Ref("Key")})

	addArtifactBucket(t, p)
	addBucketPolicy(t, p, "ArtifactBucket", problems, deployRolesRead(who)...)

	// CloudFormation rolls a stack back to the old key of an archive or template,
	// so what is current must not expire.
	addBucket(t, "AssetBucket", model.AssetBucket(p.Name, here, regionHere), "Assets never expire: CloudFormation reads the old ones when it rolls back.")
	addBucketPolicy(t, p, "AssetBucket", problems, append(targetsRead(who), writtenOnce("AssetBucket"))...)
	addRepository(t, p, who, problems)
}

func addArtifactBucket(t *cfn.Template, p *model.Project) *s3.Bucket {
	return addBucket(t, "ArtifactBucket", model.ArtifactBucket(p.Name, here, regionHere), "Artifacts expire; a rollback of a stage needs them until then.",
		s3.Bucket_Rule{Id: cfn.Ptr("expire"), Status: "Enabled", ExpirationInDays: cfn.Ptr(artifactDays)})
}

// deployRolesRead lets the deploy roles list the artifacts of their region and read
// them; CodePipeline chooses their keys. It is one statement, although S3 lists buckets
// and reads objects, because the accounts are most of a policy and would stand in it
// twice.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
func deployRolesRead(who *readers) []policy.Statement {
	return who.let(who.deployRoles(), policy.Statement{
		Sid:       "DeployRolesRead",
		Actions:   []string{"s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"},
		Resources: []string{cfn.GetAtt("ArtifactBucket", "Arn"), cfn.Sub("${ArtifactBucket.Arn}/*")},
	})
}

// targetsRead lets CloudFormation read child templates and archives with the stack's
// role.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
func targetsRead(who *readers) []policy.Statement {
	return who.let(who.cloudFormationRoles(), policy.Statement{
		Sid:     "TargetsRead",
		Actions: []string{"s3:GetObject", "s3:GetObjectVersion"},
		// An asset's name is the digest of its inputs.
		Resources: []string{cfn.Sub("${AssetBucket.Arn}/functions/*"), cfn.Sub("${AssetBucket.Arn}/templates/*")},
	})
}

// addBucket adds a private, versioned, encrypted bucket. Old versions and
// unfinished uploads expire; rules say what else does.
func addBucket(t *cfn.Template, id, name, comment string, rules ...s3.Bucket_Rule) *s3.Bucket {
	bucket := &s3.Bucket{
		BucketName: cfn.Ptr(cfn.Sub(name)),
		BucketEncryption: &s3.Bucket_BucketEncryption{ServerSideEncryptionConfiguration: []s3.Bucket_ServerSideEncryptionRule{{
			BucketKeyEnabled: cfn.Ptr(true),
			ServerSideEncryptionByDefault: &s3.Bucket_ServerSideEncryptionByDefault{
				SSEAlgorithm: "aws:kms", KMSMasterKeyID: cfn.Ptr(cfn.GetAtt("Key", "Arn")),
			},
		}}},
		OwnershipControls: &s3.Bucket_OwnershipControls{Rules: []s3.Bucket_OwnershipControlsRule{{ObjectOwnership: cfn.Ptr("BucketOwnerEnforced")}}},
		PublicAccessBlockConfiguration: &s3.Bucket_PublicAccessBlockConfiguration{
			BlockPublicAcls: cfn.Ptr(true), BlockPublicPolicy: cfn.Ptr(true), IgnorePublicAcls: cfn.Ptr(true), RestrictPublicBuckets: cfn.Ptr(true),
		},
		VersioningConfiguration: &s3.Bucket_VersioningConfiguration{Status: "Enabled"},
		LifecycleConfiguration: &s3.Bucket_LifecycleConfiguration{Rules: append(rules, s3.Bucket_Rule{
			Id: cfn.Ptr("tidy"), Status: "Enabled",
			AbortIncompleteMultipartUpload: &s3.Bucket_AbortIncompleteMultipartUpload{DaysAfterInitiation: uploadDays},
			NoncurrentVersionExpiration:    &s3.Bucket_NoncurrentVersionExpiration{NoncurrentDays: noncurrentDays},
		})},
	}
	kept(t.Add(id, bucket)).Comment = comment
	return bucket
}

// addBucketPolicy adds the statements and refuses what does not come by TLS. That
// statement joins its second resource, because rules of Control Tower know it so.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
// https://docs.aws.amazon.com/controltower/latest/controlreference/s3-rules.html
func addBucketPolicy(t *cfn.Template, p *model.Project, bucket string, problems *diag.Problems, statements ...policy.Statement) {
	doc := policy.New(append(statements, policy.Statement{
		Sid: "OnlyByTLS", Effect: policy.Deny, Principal: policy.Principal{AWS: []string{"*"}},
		Actions:    []string{"s3:*"},
		Resources:  []string{cfn.GetAtt(bucket, "Arn"), cfn.Join("", cfn.GetAtt(bucket, "Arn"), "/*")},
		Conditions: []policy.Condition{{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"false"}}},
	})...)
	fits(p, "the policy of the bucket "+bucket, resourcePolicySize(doc), policy.MaxBucket, problems)
	t.Add(bucket+"Policy", &s3.BucketPolicy{Bucket: cfn.Ref(bucket), PolicyDocument: doc})
}

// writtenOnce refuses to put an object over another. An asset is named by its
// digest; were it replaced between approval and deployment, something else than
// was approved would be deployed. The parts of a multipart upload cannot carry the
// header and are no creation yet.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
func writtenOnce(bucket string) policy.Statement {
	return policy.Statement{
		Sid: "WrittenOnce", Effect: policy.Deny, Principal: policy.Principal{AWS: []string{"*"}},
		Actions:   []string{"s3:PutObject"},
		Resources: []string{cfn.Sub("${" + bucket + ".Arn}/*")},
		Conditions: []policy.Condition{
			{Operator: "Null", Key: "s3:if-none-match", Values: []string{"true"}},
			{Operator: "Bool", Key: "s3:ObjectCreationOperation", Values: []string{"true"}},
		},
	}
}

// regionHere is the region of a stack, for the inside of Sub.
const regionHere = "${AWS::Region}"
