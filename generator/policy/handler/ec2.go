package handler

import "slices"

// A security group's ARN holds an id that EC2 chooses; making one is authorised
// on the group and on its VPC.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
var (
	securityGroups = []string{local("ec2", "security-group/*")}
	networks       = []string{local("ec2", "security-group/*"), local("ec2", "vpc/*")}
	groupsAndRules = []string{local("ec2", "security-group/*"), local("ec2", "security-group-rule/*")}

	egressRules = []string{
		"ec2:AuthorizeSecurityGroupEgress",
		"ec2:RevokeSecurityGroupEgress",
		"ec2:UpdateSecurityGroupRuleDescriptionsEgress",
	}
	ingressRules = []string{
		"ec2:AuthorizeSecurityGroupIngress",
		"ec2:RevokeSecurityGroupIngress",
		"ec2:UpdateSecurityGroupRuleDescriptionsIngress",
	}
)

// ruleGrants is what a rule needs that is a resource of its own.
func ruleGrants(actions []string) []grant {
	return []grant{
		{actions: actions, on: groupsAndRules},
		{actions: []string{"ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups"}, on: everything},
	}
}

var ec2 = map[string]resource{
	"AWS::EC2::SecurityGroup": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html",
		grants: []grant{
			{actions: []string{"ec2:CreateSecurityGroup"}, on: networks},
			{actions: []string{
				"ec2:CreateTags",
				"ec2:DeleteSecurityGroup",
				"ec2:DeleteTags",
			}, on: securityGroups},
			{actions: slices.Concat(egressRules, ingressRules), on: groupsAndRules},
			// IAM knows no resource for EC2's lists.
			{actions: []string{"ec2:DescribeInstances", "ec2:DescribeSecurityGroups"}, on: everything},
		},
	},
	"AWS::EC2::SecurityGroupIngress": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupingress.html",
		grants: ruleGrants(ingressRules),
	},
	"AWS::EC2::SecurityGroupEgress": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupegress.html",
		grants: ruleGrants(egressRules),
	},
}
