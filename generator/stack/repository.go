package stack

import (
	"fmt"

	"github.com/awslabs/goformation/v7/cloudformation/ecr"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
)

// untaggedDays is how long an image without a tag is kept.
const untaggedDays = 14

// addRepository adds the repository of the functions' images. Two principals pull
// from it: the role that creates a function, and Lambda itself, later, when it
// optimises the image again.
//
// https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
func addRepository(t *cfn.Template, p *model.Project, who *readers, problems *diag.Problems) {
	doc := pullPolicy(who, who.functions(func(t model.Target) string { return t.Account }))
	if policy.Size(doc) > policy.MaxRepository {
		// So many accounts do not fit. Any account's functions of this name may then
		// have Lambda pull, but only the accounts above can create one from the image.
		doc = pullPolicy(who, who.functions(func(model.Target) string { return "*" }))
	}
	fits(p, "the policy of the image repository", policy.Size(doc), policy.MaxRepository, problems)
	images := &ecr.Repository{
		RepositoryName:             cfn.Ptr(model.ImageRepository(p.Name)),
		ImageTagMutability:         cfn.Ptr("IMMUTABLE"),
		ImageScanningConfiguration: &ecr.Repository_ImageScanningConfiguration{ScanOnPush: cfn.Ptr(true)},
		EncryptionConfiguration:    &ecr.Repository_EncryptionConfiguration{EncryptionType: "KMS", KmsKey: cfn.Ptr(cfn.GetAtt("Key", "Arn"))},
		LifecyclePolicy:            &ecr.Repository_LifecyclePolicy{LifecyclePolicyText: cfn.Ptr(untaggedExpire)},
	}
	if len(doc.Statements) > 0 {
		images.RepositoryPolicyText = doc
	}
	kept(t.Add("Images", images)).Comment = "A tag is the digest of an image's inputs and never moves."
}

func pullPolicy(who *readers, functions []string) policy.Document {
	pull := []string{"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
	statements := who.let(who.cloudFormationRoles(), policy.Statement{Sid: "TargetsPull", Actions: pull})
	if len(functions) > 0 {
		statements = append(statements, policy.Statement{
			Sid: "LambdaPulls", Principal: policy.Principal{Services: []string{"lambda.amazonaws.com"}}, Actions: pull,
			Conditions: []policy.Condition{{Operator: "ArnLike", Key: "aws:SourceArn", Values: functions}},
		})
	}
	return policy.New(statements...)
}

// untaggedExpire removes what no tag names any more; a tagged image may be running.
//
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
var untaggedExpire = fmt.Sprintf(`{"rules":[{"rulePriority":1,"description":"Layers of pushes that were not finished","selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":%d},"action":{"type":"expire"}}]}`, untaggedDays)
