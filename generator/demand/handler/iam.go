package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
var iam = map[string]kind{
	roleType: {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html",
		naming: naming{arn: "iam::{account}:role{name}", forms: []string{"{path}{any}"}},
		rows: []row{
			bounded(calls(Create, "iam:CreateRole")),
			calls(Create|Read|Delete, "iam:GetRole"),
			calls(Read|Delete, "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"),
			calls(Update, "iam:UpdateAssumeRolePolicy"),
			calls(Delete, "iam:DeleteRole"),
			calls(write|Delete, "iam:TagRole", "iam:UntagRole").when(tagged),
			calls(Update, "iam:ListRoleTags").when(tagged),
			calls(Update, "iam:UpdateRole", "iam:UpdateRoleDescription").surely(set("Description", "MaxSessionDuration")),
			bounded(calls(write, "iam:PutRolePolicy")).when(set("Policies")),
			calls(Create|Read, "iam:GetRolePolicy").when(set("Policies")),
			known(calls(gone, "iam:DeleteRolePolicy")).when(set("Policies")),
			attached(bounded(calls(write, "iam:AttachRolePolicy"))).when(set("ManagedPolicyArns")),
			attached(known(calls(gone, "iam:DetachRolePolicy"))).when(set("ManagedPolicyArns")),
			bounded(calls(Update, "iam:PutRolePermissionsBoundary")).when(set("PermissionsBoundary")),
		},
	},
	"AWS::IAM::Policy": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html",
		rows: []row{
			bounded(calls(write, "iam:PutRolePolicy")).to(that(roleType, "Roles")).when(set("Roles")),
			calls(Create, "iam:GetRolePolicy").to(that(roleType, "Roles")).when(set("Roles")),
			known(calls(gone, "iam:DeleteRolePolicy")).to(that(roleType, "Roles")).when(set("Roles")),
			calls(write, "iam:PutUserPolicy").to(that(userType, "Users")).when(set("Users")),
			calls(Create, "iam:GetUserPolicy").to(that(userType, "Users")).when(set("Users")),
			calls(gone, "iam:DeleteUserPolicy").to(that(userType, "Users")).when(set("Users")),
			calls(write, "iam:PutGroupPolicy").to(that(groupType, "Groups")).when(set("Groups")),
			calls(Create, "iam:GetGroupPolicy").to(that(groupType, "Groups")).when(set("Groups")),
			calls(gone, "iam:DeleteGroupPolicy").to(that(groupType, "Groups")).when(set("Groups")),
		},
	},
	"AWS::IAM::RolePolicy": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-rolepolicy.html",
		rows: []row{
			bounded(calls(write, "iam:PutRolePolicy")).to(that(roleType, "RoleName")),
			calls(always, "iam:GetRolePolicy").to(that(roleType, "RoleName")),
			known(calls(Delete, "iam:DeleteRolePolicy")).to(that(roleType, "RoleName")),
		},
	},
	"AWS::IAM::ManagedPolicy": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html",
		naming: naming{arn: "iam::{account}:policy{name}", forms: []string{"{path}{any}"}},
		rows: []row{
			calls(Create, "iam:CreatePolicy"),
			calls(Read|Update|Delete, "iam:GetPolicy"),
			calls(Read, "iam:GetPolicyVersion"),
			calls(Read|Delete, "iam:ListEntitiesForPolicy"),
			calls(Update, "iam:CreatePolicyVersion"),
			calls(gone, "iam:DeletePolicyVersion", "iam:ListPolicyVersions"),
			calls(Delete, "iam:DeletePolicy"),
			attaching(bounded(calls(write, "iam:AttachRolePolicy"))).to(that(roleType, "Roles")).when(set("Roles")),
			attaching(known(calls(gone, "iam:DetachRolePolicy"))).to(that(roleType, "Roles")).when(set("Roles")),
			attaching(calls(write, "iam:AttachUserPolicy")).to(that(userType, "Users")).when(set("Users")),
			attaching(calls(gone, "iam:DetachUserPolicy")).to(that(userType, "Users")).when(set("Users")),
			attaching(calls(write, "iam:AttachGroupPolicy")).to(that(groupType, "Groups")).when(set("Groups")),
			attaching(calls(gone, "iam:DetachGroupPolicy")).to(that(groupType, "Groups")).when(set("Groups")),
		},
	},
}

const (
	userType  = "AWS::IAM::User"
	groupType = "AWS::IAM::Group"
)

// elsewhere are the ARNs of types of which no table knows what makes them.
var elsewhere = map[string]naming{
	userType:  {arn: "iam::{account}:user/{name}"},
	groupType: {arn: "iam::{account}:group/{name}"},
}

// known gives a row the boundary that the role has, or is being given. bounded asks in
// addition that a grant tells by it, because what gives a role permissions could
// otherwise give it any.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
func known(r row) row { return r.each("iam:permissionsboundary", boundaryOf) }

func bounded(r row) row { return known(r).narrowed("iam:permissionsboundary") }

// boundaryOf is the boundary of a role, as far as a template tells.
func boundaryOf(s *Subject, on string) []string {
	if s.Type == roleType {
		return s.texts("PermissionsBoundary")
	}
	if s.Find == nil {
		return nil
	}
	if role := s.Find(roleType, on); role != nil {
		return (&Subject{Resource: role}).texts("PermissionsBoundary")
	}
	return nil
}

// attached gives a row of a role the policies that it has, one call each.
func attached(r row) row {
	r.per, r.values = "iam:policyarn", func(s *Subject) []string { return s.texts("ManagedPolicyArns") }
	return r
}

// attaching gives a row of a policy the policy itself.
func attaching(r row) row {
	r.per, r.values = "iam:policyarn", itself
	return r
}
