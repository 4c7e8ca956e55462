package quota

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/template"
)

// Limits that an account can have raised, at their highest: what a user wrote may
// count on that, what foldstack makes may not.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const (
	raisedTrust    = 4096 // characters of a trust policy
	raisedAttached = 20   // managed policies of a role
)

// Limits of resource policies, in bytes.
const (
	maxFunctionPolicy = 20480 // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	maxSecretPolicy   = 20480 // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
)

const shorten = "name whole groups with a wildcard in the place of many single actions or resources, or divide it"

// size measures a policy document; white space does not count.
func (c *checker) size(place diag.Place, document any, limit int, what string, args ...any) {
	n := characters(document)
	c.atMost("policy-size", place, n, limit, shorten, what+" has %d characters", append(args, n)...)
}

// grants are the policies of a role.
type grants struct{ inline, attached int }

// given are the policies that resources of the template give to a role of it, by the
// role's logical id as Ref.
func given(resources []template.Entry) map[string]grants {
	byRole := map[string]grants{}
	for i := range resources {
		properties := resources[i].Properties()
		more, roles := grants{inline: characters(field(properties, "PolicyDocument"))}, field(properties, "Roles")
		if conditional(&resources[i]) {
			continue
		}
		switch resources[i].Type() {
		case "AWS::IAM::Policy":
		case "AWS::IAM::RolePolicy":
			roles = field(properties, "RoleName")
		case "AWS::IAM::ManagedPolicy":
			more = grants{attached: 1}
		default:
			continue
		}
		for _, role := range items(roles) {
			if ref, ok := role.(string); ok {
				before := byRole[ref]
				byRole[ref] = grants{before.inline + more.inline, before.attached + more.attached}
			}
		}
	}
	return byRole
}

// role measures a role's own policies together with those that other resources of
// the template give it.
func (c *checker) role(e *template.Entry) {
	properties, all := e.Properties(), c.given[cfn.Ref(e.Name)]
	all.attached += certain(items(field(properties, "ManagedPolicyArns")))
	for _, p := range items(field(properties, "Policies")) {
		all.inline += characters(field(p, "PolicyDocument"))
	}
	c.atMost("policy-size", e.At("Properties", "Policies"), all.inline, policy.MaxInline,
		"put a part into managed policies", "the inline policies of the role %s have %d characters", e.Name, all.inline)
	trust, attached := policy.MaxTrust, policy.MaxAttached
	if e.Written() {
		trust, attached = raisedTrust, raisedAttached
	}
	c.atMost("policy-size", e.At("Properties", "ManagedPolicyArns"), all.attached, attached, "put several into one", "the role %s has %d managed policies", e.Name, all.attached)
	c.size(e.At("Properties", "AssumeRolePolicyDocument"), field(properties, "AssumeRolePolicyDocument"), trust, "the trust policy of the role %s", e.Name)
}

func (c *checker) managedPolicy(e *template.Entry) {
	c.size(e.At("Properties", "PolicyDocument"), field(e.Properties(), "PolicyDocument"), policy.MaxManaged, "the managed policy %s", e.Name)
}

func (c *checker) key(e *template.Entry) {
	c.size(e.At("Properties", "KeyPolicy"), field(e.Properties(), "KeyPolicy"), policy.MaxKey, "the policy of the key %s", e.Name)
}

func (c *checker) bucketPolicy(e *template.Entry) {
	c.size(e.At("Properties", "PolicyDocument"), field(e.Properties(), "PolicyDocument"), policy.MaxBucket, "the bucket policy %s", e.Name)
}

func (c *checker) repository(e *template.Entry) {
	c.size(e.At("Properties", "RepositoryPolicyText"), field(e.Properties(), "RepositoryPolicyText"), policy.MaxRepository, "the policy of the repository %s", e.Name)
}

func (c *checker) secretPolicy(e *template.Entry) {
	c.size(e.At("Properties", "ResourcePolicy"), field(e.Properties(), "ResourcePolicy"), maxSecretPolicy, "the policy %s of a secret", e.Name)
}

// permissions adds up what callers of a function are allowed: Lambda keeps one
// policy for each function and each of its aliases, and writes a statement for each
// permission.
//
// https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
func (c *checker) permissions() {
	sizes, counts := map[string]int{}, map[string]int{}
	for i := range c.document.Resources {
		e := &c.document.Resources[i]
		if e.Type() != "AWS::Lambda::Permission" || conditional(e) {
			continue
		}
		function, _ := field(e.Properties(), "FunctionName").(string)
		before := sizes[function]
		if before == 0 {
			before = policy.Least(cfn.Map{{Key: "Version", Value: policy.Version}, {Key: "Id", Value: "default"}, {Key: "Statement", Value: []any{}}})
		}
		sizes[function] = before + policy.Least(statement(e.Properties()))
		counts[function]++
		if function != "" && before <= maxFunctionPolicy {
			c.atMost("policy-size", e.Place, sizes[function], maxFunctionPolicy,
				"let one permission stand for several callers: one route such as /{proxy+} in the place of many, one topic or bucket, or divide the function",
				"the resource policy of the function has %d bytes or more with its %d permissions up to here", sizes[function], counts[function])
		}
	}
}

// statement is the least that Lambda writes for a permission. Its Sid is made by
// CloudFormation, of the stack's name and the logical id.
func statement(permission any) cfn.Map {
	principal := field(permission, "Principal")
	m := cfn.Map{
		{Key: "Sid", Value: ""},
		{Key: "Effect", Value: "Allow"},
		{Key: "Principal", Value: cfn.Map{{Key: "Service", Value: principal}}},
		{Key: "Action", Value: field(permission, "Action")},
		{Key: "Resource", Value: cfn.GetAtt("Function", "Arn")},
	}
	if source := field(permission, "SourceArn"); source != nil {
		m = append(m, cfn.Entry{Key: "Condition", Value: cfn.Map{{Key: "ArnLike", Value: cfn.Map{{Key: "AWS:SourceArn", Value: source}}}}})
	}
	return m
}
