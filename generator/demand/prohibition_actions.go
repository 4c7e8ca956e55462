package demand

// Actions by which a principal gets more than it was given, by what they are done to.
//
// https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
var (
	// These make a role, or give one more. A boundary of the right name keeps them harmless.
	boundedWrites = []string{"iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"}

	roleWrites = []string{
		"iam:AttachRolePolicy", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary",
		"iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole",
	}
	policyWrites = []string{"iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion"}
	userWrites   = []string{
		"iam:AttachUserPolicy", "iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreateUser", "iam:PutUserPolicy", "iam:UpdateLoginProfile",
	}
	groupWrites = []string{"iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:PutGroupPolicy"}
	stackWrites = []string{
		"cloudformation:CreateChangeSet", "cloudformation:DeleteStack", "cloudformation:ExecuteChangeSet", "cloudformation:SetStackPolicy",
		"cloudformation:UpdateStack",
	}
	bucketWrites = []string{"s3:DeleteBucketPolicy", "s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"}
	objectWrites = []string{"s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"}
	keyWrites    = []string{"kms:CreateGrant", "kms:DisableKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"}
	imageWrites  = []string{"ecr:BatchDeleteImage", "ecr:DeleteRepository", "ecr:PutImage", "ecr:PutImageTagMutability", "ecr:SetRepositoryPolicy"}
	imageReads   = []string{"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
)

// identityWrites is every action of IAM that writes, but for passing a role, and what
// stands for the services above an account.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsaccountmanagement.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamidentitycenter.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamidentitycenterdirectory.html
var identityWrites = []string{
	"account:CloseAccount", "account:EnableRegion", "account:PutAlternateContact",
	"iam:AcceptDelegationRequest", "iam:AddClientIDToOpenIDConnectProvider", "iam:AddRoleToInstanceProfile", "iam:AddUserToGroup",
	"iam:AssociateDelegationRequest", "iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:ChangePassword",
	"iam:CreateAccessKey", "iam:CreateAccountAlias", "iam:CreateDelegationRequest", "iam:CreateGroup", "iam:CreateInstanceProfile",
	"iam:CreateLoginProfile", "iam:CreateOpenIDConnectProvider", "iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:CreateRole",
	"iam:CreateSAMLProvider", "iam:CreateServiceLinkedRole", "iam:CreateServiceSpecificCredential", "iam:CreateUser",
	"iam:CreateVirtualMFADevice", "iam:DeactivateMFADevice", "iam:DeleteAccessKey", "iam:DeleteAccountAlias",
	"iam:DeleteAccountPasswordPolicy", "iam:DeleteCloudFrontPublicKey", "iam:DeleteGroup", "iam:DeleteGroupPolicy",
	"iam:DeleteInstanceProfile", "iam:DeleteLoginProfile", "iam:DeleteOpenIDConnectProvider", "iam:DeletePolicy", "iam:DeletePolicyVersion",
	"iam:DeleteRole", "iam:DeleteRolePermissionsBoundary", "iam:DeleteRolePolicy", "iam:DeleteSAMLProvider", "iam:DeleteSSHPublicKey",
	"iam:DeleteServerCertificate", "iam:DeleteServiceLinkedRole", "iam:DeleteServiceSpecificCredential", "iam:DeleteSigningCertificate",
	"iam:DeleteUser", "iam:DeleteUserPermissionsBoundary", "iam:DeleteUserPolicy", "iam:DeleteVirtualMFADevice", "iam:DetachGroupPolicy",
	"iam:DetachRolePolicy", "iam:DetachUserPolicy", "iam:DisableOrganizationsRootCredentialsManagement",
	"iam:DisableOrganizationsRootSessions", "iam:DisableOutboundWebIdentityFederation", "iam:EnableMFADevice",
	"iam:EnableOrganizationsRootCredentialsManagement", "iam:EnableOrganizationsRootSessions", "iam:EnableOutboundWebIdentityFederation",
	"iam:PutAccountProperties", "iam:PutGroupPolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:PutUserPermissionsBoundary",
	"iam:PutUserPolicy", "iam:RejectDelegationRequest", "iam:RemoveClientIDFromOpenIDConnectProvider", "iam:RemoveRoleFromInstanceProfile",
	"iam:RemoveUserFromGroup", "iam:ResetServiceSpecificCredential", "iam:ResyncMFADevice", "iam:SendDelegationToken",
	"iam:SetDefaultPolicyVersion", "iam:SetSTSRegionalEndpointStatus", "iam:SetSecurityTokenServicePreferences", "iam:TagInstanceProfile",
	"iam:TagMFADevice", "iam:TagOpenIDConnectProvider", "iam:TagPolicy", "iam:TagRole", "iam:TagSAMLProvider", "iam:TagServerCertificate",
	"iam:TagUser", "iam:UntagInstanceProfile", "iam:UntagMFADevice", "iam:UntagOpenIDConnectProvider", "iam:UntagPolicy", "iam:UntagRole",
	"iam:UntagSAMLProvider", "iam:UntagServerCertificate", "iam:UntagUser", "iam:UpdateAccessKey", "iam:UpdateAccountEmailAddress",
	"iam:UpdateAccountName", "iam:UpdateAccountPasswordPolicy", "iam:UpdateAssumeRolePolicy", "iam:UpdateCloudFrontPublicKey",
	"iam:UpdateGroup", "iam:UpdateLoginProfile", "iam:UpdateOpenIDConnectProviderThumbprint", "iam:UpdateRole", "iam:UpdateRoleDescription",
	"iam:UpdateSAMLProvider", "iam:UpdateSSHPublicKey", "iam:UpdateServerCertificate", "iam:UpdateServiceSpecificCredential",
	"iam:UpdateSigningCertificate", "iam:UpdateUser", "iam:UploadCloudFrontPublicKey", "iam:UploadSSHPublicKey",
	"iam:UploadServerCertificate", "iam:UploadSigningCertificate",
	"organizations:CloseAccount", "organizations:DetachPolicy", "organizations:LeaveOrganization",
	"sso-directory:AddMemberToGroup", "sso-directory:CreateUser", "sso-directory:UpdatePassword",
	"sso:AttachManagedPolicyToPermissionSet", "sso:CreateAccountAssignment", "sso:PutInlinePolicyToPermissionSet",
}
