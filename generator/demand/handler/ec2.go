package handler

import "github.com/foldstack/foldstack/generator/symbol"

// EC2's lists know no resource.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
var ec2 = map[string]kind{
	securityGroupType: {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html",
		naming: naming{arn: "ec2:{region}:{account}:security-group/{name}", forms: []string{"{any}"}},
		rows: []row{
			// A group is made in its VPC, or in that which every account has.
			calls(Create, "ec2:CreateSecurityGroup").to(what(itself, network)),
			calls(always, "ec2:DescribeSecurityGroups").to(anything),
			calls(Delete, "ec2:DescribeInstances").to(anything),
			// A new group lets everything out, which the handler takes away where egress is said.
			calls(write, "ec2:AuthorizeSecurityGroupEgress").to(what(itself, rules)).when(set("SecurityGroupEgress")),
			calls(write, "ec2:RevokeSecurityGroupEgress").when(set("SecurityGroupEgress")),
			calls(Update, "ec2:UpdateSecurityGroupRuleDescriptionsEgress").when(set("SecurityGroupEgress")),
			calls(write, "ec2:AuthorizeSecurityGroupIngress").to(what(itself, rules)).when(set("SecurityGroupIngress")),
			calls(Update, "ec2:RevokeSecurityGroupIngress", "ec2:UpdateSecurityGroupRuleDescriptionsIngress").when(set("SecurityGroupIngress")),
			calls(write, "ec2:CreateTags").when(tagged),
			calls(Update, "ec2:DeleteTags").when(tagged),
			calls(Delete, "ec2:DeleteSecurityGroup"),
		},
	},
	"AWS::EC2::SecurityGroupIngress": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupingress.html",
		rows: []row{
			calls(always, "ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups").to(anything),
			calls(Create, "ec2:AuthorizeSecurityGroupIngress").to(what(ruled, rules)),
			calls(Update, "ec2:UpdateSecurityGroupRuleDescriptionsIngress").to(ruled).when(set("Description")),
			calls(Delete, "ec2:RevokeSecurityGroupIngress").to(ruled),
		},
	},
	"AWS::EC2::SecurityGroupEgress": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupegress.html",
		rows: []row{
			calls(always, "ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups").to(anything),
			calls(Create, "ec2:AuthorizeSecurityGroupEgress").to(what(ruled, rules)),
			calls(Update, "ec2:UpdateSecurityGroupRuleDescriptionsEgress").to(ruled).when(set("Description")),
			calls(Delete, "ec2:RevokeSecurityGroupEgress").to(ruled),
		},
	},
}

const securityGroupType = "AWS::EC2::SecurityGroup"

func network(s *Subject) []string {
	vpc := s.text("VpcId")
	if vpc == "" {
		vpc = symbol.New("vpc")
	}
	return []string{s.fill("ec2:{region}:{account}:vpc/{name}", vpc)}
}

func rules(s *Subject) []string {
	return []string{s.fill("ec2:{region}:{account}:security-group-rule/{name}", symbol.New("rule"))}
}

// ruled is the group that a rule of its own belongs to.
func ruled(s *Subject) []string {
	if arns := that(securityGroupType, "GroupId")(s); len(arns) > 0 {
		return arns
	}
	return []string{s.fill("ec2:{region}:{account}:security-group/{name}", symbol.New("group"))}
}
