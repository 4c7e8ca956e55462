package handler

import "github.com/foldstack/foldstack/generator/policy"

// everything is the resource of actions for which IAM knows no narrower one.
var everything = []string{"*"}

// Roles and policies that a deployment makes have generated names under the path
// of their project and environment, so the path alone narrows them, whatever
// CloudFormation cuts from the name.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
var (
	roles    = []string{global("iam", "role{path}*")}
	policies = []string{global("iam", "policy{path}*")}
)

// bounded is the condition under which a role may be given permissions: it
// carries our boundary, or is being given it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
var bounded = []policy.Condition{{Operator: "StringEquals", Key: "iam:PermissionsBoundary", Values: []string{"{boundary}"}}}

// passRole lets CloudFormation hand a deployment's own role to one service.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
func passRole(services ...string) grant {
	return grant{
		actions: []string{"iam:PassRole"},
		on:      roles,
		when:    []policy.Condition{{Operator: "StringEquals", Key: "iam:PassedToService", Values: services}},
	}
}

// serviceLinkedRole lets CloudFormation make the role that a service makes for
// itself.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
func serviceLinkedRole(service string) grant {
	return grant{
		actions: []string{"iam:CreateServiceLinkedRole"},
		on:      []string{global("iam", "role/aws-service-role/"+service+"/*")},
		when:    []policy.Condition{{Operator: "StringEquals", Key: "iam:AWSServiceName", Values: []string{service}}},
	}
}

// What gives a role permissions asks for the boundary; what reads it, takes
// permissions away or changes who may assume it is narrowed by the path, under
// which no role can be without the boundary. iam:DeleteRolePermissionsBoundary is
// left out: nobody takes the boundary off.
var (
	widenRole = []string{
		"iam:AttachRolePolicy",
		"iam:CreateRole",
		"iam:PutRolePermissionsBoundary",
		"iam:PutRolePolicy",
	}
	keepRole = []string{
		"iam:DeleteRole",
		"iam:DeleteRolePolicy",
		"iam:DetachRolePolicy",
		"iam:GetRole",
		"iam:GetRolePolicy",
		"iam:ListAttachedRolePolicies",
		"iam:ListRolePolicies",
		"iam:ListRoleTags",
		"iam:TagRole",
		"iam:UntagRole",
		"iam:UpdateAssumeRolePolicy",
		"iam:UpdateRole",
		"iam:UpdateRoleDescription",
	}
)

// inline policies go to roles only: a deployment has no users and no groups.
var inlinePolicy = []grant{
	{actions: []string{"iam:PutRolePolicy"}, on: roles, when: bounded},
	{actions: []string{"iam:DeleteRolePolicy", "iam:GetRolePolicy"}, on: roles},
}

var iam = map[string]resource{
	"AWS::IAM::Role": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html",
		grants: []grant{
			{actions: widenRole, on: roles, when: bounded},
			{actions: keepRole, on: roles},
		},
	},
	"AWS::IAM::Policy": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html",
		grants: inlinePolicy,
	},
	"AWS::IAM::RolePolicy": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-rolepolicy.html",
		grants: inlinePolicy,
	},
	"AWS::IAM::ManagedPolicy": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html",
		grants: []grant{
			{actions: []string{
				"iam:CreatePolicy",
				"iam:CreatePolicyVersion",
				"iam:DeletePolicy",
				"iam:DeletePolicyVersion",
				"iam:GetPolicy",
				"iam:GetPolicyVersion",
				"iam:ListEntitiesForPolicy",
				"iam:ListPolicyVersions",
			}, on: policies},
			{actions: []string{"iam:AttachRolePolicy"}, on: roles, when: bounded},
			{actions: []string{"iam:DetachRolePolicy"}, on: roles},
		},
	},
}
