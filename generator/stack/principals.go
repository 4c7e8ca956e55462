package stack

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
)

// byRoles holds for requests of these roles. The key's value is the role's ARN
// with its path, also in a session of the role.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
func byRoles(arns []string) policy.Condition {
	return policy.Condition{Operator: "ArnLike", Key: "aws:PrincipalArn", Values: arns}
}

// baseRole is the ARN of a role that bootstrap makes.
func baseRole(p *model.Project, account, name string) string {
	return cfn.Sub(partition + "iam::" + account + ":role" + model.BasePath(p.Name) + name)
}

// rootLength is what an account's id grows by when S3 or KMS writes it as the ARN
// of the account's root.
const rootLength = len("arn:aws-us-gov:iam:::root")

// resourcePolicySize is the size of a policy with its accounts written as ARNs.
func resourcePolicySize(doc policy.Document) int {
	size := policy.Size(doc)
	for _, s := range doc.Statements {
		for _, principal := range s.Principal.AWS {
			if i, ok := cfn.Decode(principal); principal != "*" && (!ok || i.Name == "Fn::If") {
				size += rootLength
			}
		}
	}
	return size
}

// fits reports a policy that grew past its limit. Accounts and environments are
// all that makes one grow.
func fits(p *model.Project, what string, size, limit int, problems *diag.Problems) {
	if size > limit {
		problems.Addf("policy-size", p.At("environments"), "divide the accounts among several projects",
			"%s would have %d characters for %d accounts and %d environments; the limit is %d", what, size, len(p.Accounts()), len(p.Environments), limit)
	}
}
