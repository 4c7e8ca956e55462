package stack

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
)

// ownOutputs can be taken of every function: `!Output orders.Arn`.
var ownOutputs = []cfn.Output{
	{Name: "Arn", Description: "The ARN of the alias live, which is what to call", Value: cfn.Ref(aliasID)},
	{Name: "FunctionArn", Description: "The ARN of the function without alias", Value: cfn.GetAtt(functionID, "Arn")},
	{Name: "LogGroupArn", Description: "The ARN of the function's log group", Value: cfn.GetAtt(logGroupID, "Arn")},
	{Name: "LogGroupName", Description: "The name of the function's log group", Value: cfn.Ref(logGroupID)},
	{Name: "Name", Description: "The name of the function", Value: cfn.Ref(functionID)},
	{Name: "RoleArn", Description: "The ARN of the execution role", Value: cfn.GetAtt(roleID, "Arn")},
	{Name: "RoleName", Description: "The name of the execution role", Value: cfn.Ref(roleID)},
}

// functionOutputs names everything that others can take of a function, sorted.
func functionOutputs(fn *model.Function) []string {
	var names []string
	for _, o := range ownOutputs {
		names = append(names, o.Name)
	}
	for _, e := range events(fn) {
		names = append(names, e.Outputs()...)
	}
	if fn.Resources != nil {
		names = append(names, keys(fn.Resources.Root, "Outputs")...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// addOutputs declares the outputs of ours that somebody takes. Those that the
// user declared in resources.yaml are merged as they are.
func (b *builder) addOutputs() {
	self := b.links.nodes[b.function.Name]
	if self == nil {
		return // the name is taken, which was reported
	}
	offered := slices.Concat(ownOutputs, b.context.Offered)
	slices.SortFunc(offered, func(x, y cfn.Output) int { return strings.Compare(x.Name, y.Name) })
	for _, o := range offered {
		if self.taken[o.Name] {
			b.template.Outputs = append(b.template.Outputs, o)
		}
	}
}
