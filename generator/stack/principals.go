package stack

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
)

// accounts is the target accounts as a principal: each account's id stands for its
// root, as its ARN would. A condition on aws:PrincipalArn narrows it to roles.
// Roles named as principals would have to exist first, and would be lost when made
// again.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
func accounts(p *model.Project) policy.Principal { return policy.Principal{AWS: p.Accounts()} }

// byRoles holds for requests of these roles. The key's value is the role's ARN
// with its path, also in a session of the role.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
func byRoles(arns []string) policy.Condition {
	return policy.Condition{Operator: "ArnLike", Key: "aws:PrincipalArn", Values: arns}
}

// deployRoles are the deploy roles of all environments in whichever account: the
// principal beside it names the accounts.
func deployRoles(p *model.Project) []string { return rolesOf(p, model.DeployRole) }

func cloudFormationRoles(p *model.Project) []string { return rolesOf(p, model.CloudFormationRole) }

func targetRoles(p *model.Project) []string {
	return rolesOf(p, model.DeployRole, model.CloudFormationRole)
}

func rolesOf(p *model.Project, names ...func(project, environment string) string) []string {
	var arns []string
	for _, e := range p.Environments {
		for _, name := range names {
			arns = append(arns, baseRole(p, "*", name(p.Name, e.Name)))
		}
	}
	return arns
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
			if !cfn.IsIntrinsic(principal) && principal != "*" {
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
