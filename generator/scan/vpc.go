package scan

import (
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

const (
	subnetsKey        = "subnets"
	securityGroupsKey = "securityGroups"
)

// decodeVPC reads a VPC. Two empty lists take a function out of the one that it would
// have otherwise, as they do in Lambda's own API.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html
func decodeVPC(node *source.Node, problems *diag.Problems) source.Field[model.VPC] {
	if node == nil {
		return source.Field[model.VPC]{}
	}
	o := source.Open(node, "vpc", problems)
	if o.Node != node && node.Kind != source.Null {
		return source.Field[model.VPC]{} // it is no mapping, which was reported
	}
	vpc := model.VPC{
		Node:           o.Node,
		Subnets:        decodeIDs(o, subnetsKey, "subnets: [!Output network.PrivateSubnet]", problems),
		SecurityGroups: decodeIDs(o, securityGroupsKey, "securityGroups: [!Output network.SecurityGroup]", problems),
	}
	o.Done()
	if o.Has(subnetsKey) && o.Has(securityGroupsKey) && (len(vpc.Subnets) == 0) != (len(vpc.SecurityGroups) == 0) {
		problems.Addf("vpc-incomplete", o.Place(), "name at least one of each; two empty lists keep the function out of a VPC",
			"Lambda attaches a function by subnets and security groups, and one of the lists is empty")
	}
	return source.Field[model.VPC]{Value: vpc, Place: o.Place(), Set: true}
}

// decodeIDs are the items of a list, or a single one without a list.
func decodeIDs(o *source.Object, key, example string, problems *diag.Problems) []*source.Node {
	o.Require(key, "write them, such as "+example)
	items := o.List(key)
	if n := o.Value(key); n != nil && n.Kind == source.Null {
		items = []*source.Node{n}
	}
	for _, n := range items {
		if n.Tag == "" && n.Kind != source.Scalar && !isFunction(n) {
			problems.Addf("wrong-kind", n.Place, "write an id, or a CloudFormation tag such as !Output or !Ref that gives one",
				"each item of %s of vpc must be text or a tag, not %s", key, n.Describe())
		}
	}
	return items
}
