package model

import (
	"slices"

	"github.com/foldstack/foldstack/generator/source"
)

// VPC is the network that a function is attached to. One without subnets and security
// groups says that the function is attached to none.
//
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
type VPC struct {
	Node           *source.Node // as it was written
	Subnets        []*source.Node
	SecurityGroups []*source.Node
}

// Attached reports whether the function is in the VPC at all.
func (v VPC) Attached() bool { return len(v.Subnets) > 0 }

// IDs are the subnets and then the security groups: texts and CloudFormation tags.
func (v VPC) IDs() []*source.Node { return slices.Concat(v.Subnets, v.SecurityGroups) }

// VPCs are those of the function's own settings and of single environments, as far as
// they are written.
func (f *Function) VPCs() []source.Field[VPC] {
	var list []source.Field[VPC]
	add := func(s Settings) {
		if s.VPC.Set {
			list = append(list, s.VPC)
		}
	}
	add(f.Settings)
	for _, o := range f.Overrides {
		add(o.Settings)
	}
	return list
}

// NetworkActions is what Lambda does with a function's execution role to attach the
// function to its VPC.
//
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html
var NetworkActions = []string{
	"ec2:AssignPrivateIpAddresses",
	"ec2:CreateNetworkInterface",
	"ec2:DeleteNetworkInterface",
	"ec2:DescribeNetworkInterfaces",
	"ec2:DescribeSubnets",
	"ec2:UnassignPrivateIpAddresses",
}
