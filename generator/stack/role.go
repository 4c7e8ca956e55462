package stack

import (
	"strconv"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"

	"github.com/awslabs/goformation/v7/cloudformation/iam"
)

// lambdaService assumes the execution role.
const lambdaService = "lambda.amazonaws.com"

// addRole adds the execution role; setPolicy fills in what it may do when the
// events have said so.
//
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
func (b *builder) addRole() (*cfn.Resource, *iam.Role) {
	role := &iam.Role{
		Path:                     cfn.Ptr(b.context.RolePath),
		PermissionsBoundary:      cfn.Ptr(b.context.Boundary),
		AssumeRolePolicyDocument: policy.Trust(nil, lambdaService),
	}
	return b.add(roleID, role), role
}

// setPolicy puts what the role may do into one inline policy where it fits, and
// into managed policies where it does not.
func (b *builder) setPolicy(r *cfn.Resource, role *iam.Role) {
	statements := b.statements()
	if document := policy.New(statements...); policy.Size(document) <= policy.MaxInline {
		role.Policies = []iam.Role_Policy{{PolicyName: "function", PolicyDocument: document}}
		b.placePermissions(r, document, "Properties", "Policies", "0", "PolicyDocument")
		return
	}
	documents := policy.Split(statements, policy.MaxManaged)
	b.checkPolicies(documents)
	for i, document := range documents {
		number := strconv.Itoa(i + 1)
		id := roleID + "Policy" + number
		managed := b.add(id, &iam.ManagedPolicy{
			Path:           cfn.Ptr(b.context.RolePath),
			Description:    cfn.Ptr("What the function " + b.function.Name + " may do, part " + number),
			PolicyDocument: document,
		})
		b.placePermissions(managed, document, "Properties", "PolicyDocument")
		role.ManagedPolicyArns = append(role.ManagedPolicyArns, cfn.Ref(id))
	}
}

// checkPolicies reports what no number of managed policies can hold.
func (b *builder) checkPolicies(documents []policy.Document) {
	const hint = "name whole groups with a wildcard, such as `s3:Get*` or one ARN that ends in *, in the place of many, or split the function"
	for _, document := range documents {
		if size := policy.Size(document); size > policy.MaxManaged {
			b.problems.Addf("policy-size", b.function.Place, hint,
				"a single permission of %s has %d characters as a policy; a managed policy holds %d", b.function.Name, size, policy.MaxManaged)
		}
	}
	if n := len(documents); n > policy.MaxAttached {
		b.problems.Addf("policy-size", b.function.Place, hint,
			"the permissions of %s need %d managed policies of %d characters; a role holds %d", b.function.Name, n, policy.MaxManaged, policy.MaxAttached)
	}
}

// statements are what the function may do: write its log, be traced, be attached
// to its VPC, what its events ask for and what the user allows.
func (b *builder) statements() []policy.Statement {
	statements := []policy.Statement{{
		Actions:   []string{"logs:CreateLogStream", "logs:PutLogEvents"},
		Resources: []string{cfn.GetAtt(logGroupID, "Arn")},
	}}
	for _, c := range tracingSetting.values(b.function, b.environments) {
		if c.value == 1 {
			// A wildcard, because X-Ray's actions know no type of resource.
			// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
			statements = append(statements, policy.Statement{
				Actions:   []string{"xray:PutTelemetryRecords", "xray:PutTraceSegments"},
				Resources: []string{"*"},
			})
			break
		}
	}
	if inVPC(b.function, b.environments) {
		// A wildcard, because nobody knows the interfaces before Lambda makes them, describing
		// them works on all resources only, and without the right to delete each of them a
		// function may not reach its VPC.
		// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
		statements = append(statements, policy.Statement{Actions: model.NetworkActions, Resources: []string{"*"}})
	}
	statements = append(statements, b.context.Statements...)
	for _, allowance := range b.function.Permissions {
		s := b.statement(allowance)
		statements = append(statements, s)
		b.declared = append(b.declared, Declared{roleID, s, allowance.Place})
	}
	return statements
}

// statement is what a user allows the function. Without `on` it is about every
// resource, which is what IAM asks for where an action knows no narrower one.
func (b *builder) statement(a model.Allowance) policy.Statement {
	s := policy.Statement{}
	for _, action := range a.Allow {
		s.Actions = append(s.Actions, action.Value)
	}
	for _, n := range a.On {
		text := b.context.Text(n)
		b.granted[text] = n
		s.Resources = append(s.Resources, text)
	}
	if len(a.On) == 0 {
		s.Resources = []string{"*"}
	}
	return s
}
