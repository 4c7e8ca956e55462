package stack

import (
	"slices"

	"github.com/awslabs/goformation/v7/cloudformation/iam"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/policy/ceiling"
)

// This file holds what no entry of foldstack.yaml can open. A denial stands only where
// without it something would be allowed: across accounts the policies of key and buckets
// let nobody in but the roles that read there. Where the tooling account is a target, a
// policy of the caller's own would be enough, and its base stacks are in reach.

// toolingIsTarget reports whether deployments share their account with the pipeline.
func (t *target) toolingIsTarget() bool {
	return slices.Contains(t.project.Accounts(), t.project.Tooling.Account)
}

// baseStacks are those that only bootstrap may change, of every environment: one account
// may serve several.
func (t *target) baseStacks() []string {
	p := t.project
	stacks := []string{t.stack(model.TargetStack(p.Name, "*"))}
	if !t.toolingIsTarget() {
		return stacks
	}
	stacks = append(stacks, t.stack(model.PipelineStack(p.Name)), t.stack(model.ToolingStack(p.Name)))
	if len(p.Regions()) > 1 {
		stacks = append(stacks, t.stack(model.RegionStack(p.Name)))
	}
	return stacks
}

// deliveryBuckets are the tooling account's buckets and what is in them, in whichever
// region: what was built, what waits for an approval, and what the next delivery is made of.
func (t *target) deliveryBuckets() []string {
	p := t.project
	names := []func(project, account, region string) string{model.ArtifactBucket, model.AssetBucket}
	if p.Source.Provider == model.S3 && p.Source.Bucket == "" {
		names = append(names, model.SourceBucket)
	}
	var arns []string
	for _, name := range names {
		arns = append(arns, cfn.Sub(partition+"s3:::"+name(p.Name, p.Tooling.Account, "*")))
	}
	return arns
}

// boundary adds the ceiling of every role that a deployment makes.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
func (t *target) boundary() {
	statements := []policy.Statement{ceiling.Always()}
	if own := t.allowed(t.project.Boundary, "boundary"); len(t.project.Boundary) > 0 {
		statements = append(statements, own...)
	} else {
		statements = append(statements, ceiling.Default())
	}
	statements = append(statements, ceiling.Never(t.names.Expand(partition+"iam::"+here+":role{path}*"))...)
	if t.toolingIsTarget() {
		// A function's own policy would be enough to change what waits for an approval.
		statements = append(statements, policy.Statement{
			Effect: policy.Deny, Actions: []string{"s3:*"}, Resources: t.deliveryBuckets(),
		})
	}
	document := policy.New(statements...)
	if size := policy.Size(document); size > policy.MaxManaged && len(t.project.Boundary) > 0 {
		t.problems.Addf("policy-size", t.project.Boundary[0].Place,
			"name whole services with a wildcard, such as `dynamodb:*`, in the place of many single actions",
			"the boundary has %d characters; a managed policy holds %d", size, policy.MaxManaged)
	}
	r := t.template.Add("Boundary", &iam.ManagedPolicy{
		ManagedPolicyName: cfn.Ptr(cfn.Sub(model.BoundaryPolicy(t.project.Name, "${Environment}"))),
		Path:              cfn.Ptr(model.BasePath(t.project.Name)),
		Description:       cfn.Ptr("The most that a role of a deployment may do."),
		PolicyDocument:    document,
	})
	r.Comment = "The boundary of every role that a deployment makes. It grants nothing by itself."
}

// guard denies what no entry of foldstack.yaml can open: the base stacks and what
// stands in them, and a role without the boundary.
func (t *target) guard() []policy.Statement {
	boundary := cfn.Sub(t.names.Boundary())
	statements := []policy.Statement{
		{
			Effect: policy.Deny, // all writes to the base roles and policies, this one among them
			NotActions: []string{
				"iam:Get*",
				"iam:List*",
				"iam:PassRole",
			},
			Resources: []string{cfn.Sub(baseRoles), cfn.Sub(baseRules)},
		},
		{
			Effect:     policy.Deny, // the roles of a base stack are for CloudFormation and the pipeline
			Actions:    []string{"iam:PassRole"},
			Resources:  []string{cfn.Sub(baseRoles)},
			Conditions: []policy.Condition{{Operator: "StringNotEquals", Key: "iam:PassedToService", Values: []string{cloudFormation}}},
		},
		{
			Effect:    policy.Deny,
			Actions:   []string{"iam:DeleteRolePermissionsBoundary"},
			Resources: []string{"*"},
		},
		{
			Effect: policy.Deny, // holds as well where the key is absent: a role without any boundary
			Actions: []string{
				"iam:AttachRolePolicy",
				"iam:CreateRole",
				"iam:PutRolePermissionsBoundary",
				"iam:PutRolePolicy",
			},
			Resources:  []string{"*"},
			Conditions: []policy.Condition{{Operator: "StringNotEquals", Key: "iam:PermissionsBoundary", Values: []string{boundary}}},
		},
		{
			Effect:    policy.Deny,
			Actions:   []string{"cloudformation:*"},
			Resources: t.baseStacks(),
		},
	}
	if !t.toolingIsTarget() {
		return statements
	}
	return append(statements,
		policy.Statement{
			Effect:     policy.Deny,
			NotActions: []string{"s3:GetObject", "s3:GetObjectVersion"},
			Resources:  t.deliveryBuckets(),
		},
		policy.Statement{
			Effect:     policy.Deny,
			NotActions: []string{"kms:Decrypt"},
			Resources:  []string{t.key()},
		},
	)
}
