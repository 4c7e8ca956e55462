package generator

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
)

// escalation is a way in which a role could become more than it is.
type escalation struct {
	what   string
	action string
	on     string        // a pattern of what it is tried on
	with   authz.Context // what has to come with it, as patterns
	opened bool          // it is tried with everything permitted that users can permit
}

// The places of what a delivery stands on.
const (
	baseRoles  = "arn:*:iam::*:role/foldstack-base/*"
	basePolicy = "arn:*:iam::*:policy/foldstack-base/*"
	anyRole    = "arn:*:iam::*:role/*"
	anyUser    = "arn:*:iam::*:user/*"
	anyKey     = "arn:*:kms:*:*:key/*"
	baseStack  = "arn:*:cloudformation:*:*:stack/*-target/*"
	anyStack   = "arn:*:cloudformation:*:*:stack/*"
	assets     = "arn:*:s3:::*-assets-*/*"
)

// approves is what people do, where the project asks them.
const approves = "codepipeline:PutApprovalResult"

var (
	withoutBoundary = authz.Context{"iam:permissionsboundary": nil}
	freeBoundary    = authz.Context{"iam:permissionsboundary": {"*:policy/AdministratorAccess"}}
	ownBoundary     = authz.Context{"iam:permissionsboundary": {"*-boundary"}}
	toLambda        = authz.Context{"iam:passedtoservice": {"lambda.amazonaws.com"}}
	toStacks        = authz.Context{"iam:passedtoservice": {"cloudformation.amazonaws.com"}}
)

// escalations by the role that could try them. They are known from lists of such paths,
// with those that a delivery has of its own.
//
// https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/
var escalations = map[string][]escalation{
	"the role of CloudFormation": {
		{"attaches a policy to a role of the delivery", "iam:AttachRolePolicy", baseRoles, ownBoundary, true},
		{"writes a policy of a role of the delivery", "iam:PutRolePolicy", baseRoles, ownBoundary, true},
		{"makes a role without a boundary", "iam:CreateRole", anyRole, withoutBoundary, true},
		{"makes a role with a boundary that is none", "iam:CreateRole", anyRole, freeBoundary, true},
		{"attaches a policy to a role without a boundary", "iam:AttachRolePolicy", anyRole, withoutBoundary, true},
		{"writes a policy of a role without a boundary", "iam:PutRolePolicy", anyRole, withoutBoundary, true},
		{"takes the boundary off a role", "iam:DeleteRolePermissionsBoundary", anyRole, nil, true},
		{"gives a role a boundary that is none", "iam:PutRolePermissionsBoundary", anyRole, freeBoundary, true},
		{"changes the boundary itself", "iam:CreatePolicyVersion", basePolicy, nil, true},
		{"goes back to an older boundary", "iam:SetDefaultPolicyVersion", basePolicy, nil, true},
		{"passes itself to code", "iam:PassRole", baseRoles, toLambda, true},
		{"passes another role", "iam:PassRole", baseRoles, toStacks, false},
		{"passes a role of somebody else", "iam:PassRole", anyRole, toLambda, false},
		{"lets others take a role of the delivery", "iam:UpdateAssumeRolePolicy", baseRoles, nil, true},
		{"makes a user", "iam:CreateUser", anyUser, nil, false},
		{"makes an access key", "iam:CreateAccessKey", anyUser, nil, false},
		{"opens the key", "kms:PutKeyPolicy", anyKey, nil, true},
		{"gives the key away", "kms:CreateGrant", anyKey, nil, true},
		{"changes the base stack", "cloudformation:UpdateStack", baseStack, nil, true},
		{"prepares a change of the base stack", "cloudformation:CreateChangeSet", baseStack, nil, true},
		{"executes a change of the base stack", "cloudformation:ExecuteChangeSet", baseStack, nil, true},
		{"deletes the base stack", "cloudformation:DeleteStack", baseStack, nil, true},
		{"takes a role of the delivery", "sts:AssumeRole", baseRoles, nil, false},
		{"changes what was built", "s3:PutObject", assets, nil, true},
	},
	"the deploy role": {
		{"attaches a policy to a role of the delivery", "iam:AttachRolePolicy", baseRoles, nil, false},
		{"changes the boundary itself", "iam:CreatePolicyVersion", basePolicy, nil, false},
		{"gives a role of the delivery another boundary", "iam:PutRolePermissionsBoundary", baseRoles, nil, false},
		{"lets others take a role of the delivery", "iam:UpdateAssumeRolePolicy", baseRoles, nil, false},
		{"passes a role of the delivery to code", "iam:PassRole", baseRoles, toLambda, false},
		{"passes another role", "iam:PassRole", baseRoles, toStacks, false},
		{"passes a role of somebody else", "iam:PassRole", anyRole, toLambda, false},
		{"makes an access key", "iam:CreateAccessKey", anyUser, nil, false},
		{"opens the key", "kms:PutKeyPolicy", anyKey, nil, false},
		{"changes the base stack", "cloudformation:UpdateStack", baseStack, nil, false},
		{"prepares a change of the base stack", "cloudformation:CreateChangeSet", baseStack, nil, false},
		{"takes a role of the delivery", "sts:AssumeRole", baseRoles, nil, false},
		{"deploys without the role of CloudFormation", "cloudformation:CreateChangeSet", anyStack, authz.Context{"cloudformation:rolearn": nil}, false},
		{"changes what was built", "s3:PutObject", assets, nil, false},
	},
	"the pipeline's role": {
		{"attaches a policy to a role of the delivery", "iam:AttachRolePolicy", baseRoles, nil, false},
		{"writes a policy of a role of the delivery", "iam:PutRolePolicy", baseRoles, nil, false},
		{"lets others take a role of the delivery", "iam:UpdateAssumeRolePolicy", baseRoles, nil, false},
		{"makes an access key", "iam:CreateAccessKey", anyUser, nil, false},
		{"takes a role that is none of an action", "sts:AssumeRole", baseRoles, nil, false},
		{"takes a role of somebody else", "sts:AssumeRole", anyRole, nil, false},
		{"changes itself", "codepipeline:UpdatePipeline", "arn:*:codepipeline:*", nil, false},
		{"approves", approves, "arn:*:codepipeline:*", nil, false},
		{"changes what the build runs", "codebuild:UpdateProject", "arn:*:codebuild:*", nil, false},
		{"changes a base stack", "cloudformation:UpdateStack", anyStack, nil, false},
		{"gives the key away", "kms:CreateGrant", anyKey, nil, true},
	},
	"the build's role": {
		{"attaches a policy to a role of the delivery", "iam:AttachRolePolicy", baseRoles, nil, false},
		{"writes a policy of a role of the delivery", "iam:PutRolePolicy", baseRoles, nil, false},
		{"lets others take a role of the delivery", "iam:UpdateAssumeRolePolicy", baseRoles, nil, false},
		{"makes an access key", "iam:CreateAccessKey", anyUser, nil, false},
		{"takes a role of the delivery", "sts:AssumeRole", baseRoles, nil, false},
		{"passes a role of the delivery to code", "iam:PassRole", baseRoles, toLambda, false},
		{"opens the key", "kms:PutKeyPolicy", anyKey, nil, false},
		{"gives the key away", "kms:CreateGrant", anyKey, nil, true},
		{"changes what was built", "s3:PutObject", assets, nil, true},
		{"deletes what was built", "s3:DeleteObject", assets, nil, false},
		{"moves the tag of an image", "ecr:PutImageTagMutability", "arn:*:ecr:*", nil, false},
		{"changes the pipeline", "codepipeline:UpdatePipeline", "arn:*:codepipeline:*", nil, false},
		{"approves", approves, "arn:*:codepipeline:*", nil, false},
		{"changes what the build runs", "codebuild:UpdateProject", "arn:*:codebuild:*", nil, false},
		{"changes a base stack", "cloudformation:UpdateStack", anyStack, nil, false},
	},
	"a function's role": {
		{"attaches a policy to a role", "iam:AttachRolePolicy", "*", nil, true},
		{"makes a role", "iam:CreateRole", "*", nil, true},
		{"takes the boundary off a role", "iam:DeleteRolePermissionsBoundary", "*", nil, true},
		{"gives a role another boundary", "iam:PutRolePermissionsBoundary", "*", nil, true},
		{"changes the boundary itself", "iam:CreatePolicyVersion", "*", nil, true},
		{"lets others take a role", "iam:UpdateAssumeRolePolicy", "*", nil, true},
		{"makes an access key", "iam:CreateAccessKey", "*", nil, true},
		{"passes a role of the delivery", "iam:PassRole", baseRoles, toLambda, true},
		{"passes a role of somebody else", "iam:PassRole", anyRole, toLambda, true},
		{"takes a role of the delivery", "sts:AssumeRole", baseRoles, nil, true},
		{"opens the key", "kms:PutKeyPolicy", anyKey, nil, true},
		{"changes the base stack", "cloudformation:UpdateStack", baseStack, nil, true},
		{"prepares a change of the base stack", "cloudformation:CreateChangeSet", baseStack, nil, true},
		{"changes what was built", "s3:PutObject", assets, nil, true},
	},
}

// escalationProjects are those whose base stacks differ.
var escalationProjects = append([]struct{ name, root string }{
	{"china", golden("china")}, {"fifty-accounts", golden("fifty-accounts")}, {"one-function", golden("one-function")},
}, provedProjects...)

func TestTheRolesCannotWidenThemselves(t *testing.T) {
	for _, project := range escalationProjects {
		t.Run(project.name, func(t *testing.T) {
			t.Parallel()
			p := provedAt(t, project.root)
			assert.Empty(t, sentences(p.proof.Breached))
			tried := p.forbidden()
			for who, roles := range p.rolesByKind(tried) {
				require.NotEmpty(t, roles, who)
				for _, role := range roles {
					for _, e := range escalations[who] {
						if e.action == approves && !p.asksPeople() {
							continue
						}
						assert.True(t, slices.ContainsFunc(tried[role], e.is), "nobody asks whether %s %s: %s on %s", symbol.Show(role), e.what, e.action, e.on)
					}
				}
			}
		})
	}
}

func (p *proved) asksPeople() bool {
	return slices.ContainsFunc(p.project.Environments, func(e model.Environment) bool { return e.Approval != nil })
}

// forbidden are the requests that must be refused, by who makes them.
func (p *proved) forbidden() map[string][]*demand.Demand {
	by := map[string][]*demand.Demand{}
	for _, d := range p.demands() {
		if d.Forbidden {
			by[d.Principal.ARN] = append(by[d.Principal.ARN], d)
		}
	}
	return by
}

// rolesByKind are the roles of a project. Of the functions under one boundary one stands
// for all, which may be permitted anything.
func (p *proved) rolesByKind(tried map[string][]*demand.Demand) map[string][]string {
	project := p.project
	partition, _ := model.PartitionOf(project.Tooling.Region)
	base := func(account, name string) string {
		return "arn:" + string(partition) + ":iam::" + account + ":role" + model.BasePath(project.Name) + name
	}
	by := map[string][]string{
		"the pipeline's role": {base(project.Tooling.Account, model.ToolingRole(project.Name, "pipeline"))},
		"the build's role":    {base(project.Tooling.Account, model.ToolingRole(project.Name, "build"))},
	}
	for i := range project.Environments {
		e := &project.Environments[i]
		for _, account := range e.Accounts {
			by["the role of CloudFormation"] = append(by["the role of CloudFormation"], base(account.Value, model.CloudFormationRole(project.Name, e.Name)))
			by["the deploy role"] = append(by["the deploy role"], base(account.Value, model.DeployRole(project.Name, e.Name)))
		}
		for arn := range tried {
			if strings.Contains(arn, ":role"+model.FunctionPath(project.Name, e.Name)) {
				by["a function's role"] = append(by["a function's role"], arn)
			}
		}
	}
	return by
}

// is reports whether a demand asks about the path.
func (e *escalation) is(d *demand.Demand) bool {
	if d.Action != e.action || !authz.Matches(e.on, symbol.Show(d.Resource)) || e.opened && !slices.Contains(d.Opened, authz.Identity) {
		return false
	}
	for key, patterns := range e.with {
		values, present := d.Context[key]
		if present != (patterns != nil) || !slices.EqualFunc(patterns, values, authz.Matches) {
			return false
		}
	}
	return true
}
