package demand

import (
	"cmp"

	"github.com/foldstack/foldstack/generator/estate"
)

// StackSets are the calls by which the stack sets of an estate deploy their instances
// with roles of one's own: CloudFormation takes the administration role, that takes the
// execution role of each account, and with it everything in the instance is made. Where
// the organization manages the permissions, AWS's own roles do it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html
func StackSets(e *estate.Estate) []Demand {
	var demands []Demand
	for _, set := range e.OfType("AWS::CloudFormation::StackSet") {
		if textAt(set.Properties, "PermissionModel") != "SERVICE_MANAGED" {
			c := setCaller(set)
			demands = append(demands, assumedByService(c.asService(cloudFormationService), "CloudFormation takes the role of the stack set "+set.ID, administrationOf(set), "aws:sourceaccount", []string{set.ARN})...)
		}
	}
	taken := map[string]bool{}
	for _, s := range e.Stacks {
		if s.Set == nil || textAt(s.Set.Properties, "PermissionModel") == "SERVICE_MANAGED" {
			continue
		}
		execution := roleIn(s.Partition, s.Account, cmp.Or(textAt(s.Set.Properties, "ExecutionRoleName"), stackSetExecution))
		if !taken[execution] {
			taken[execution] = true
			on := exactly(execution)
			on.narrowed = []string{principalARN}
			demands = append(demands, setCaller(s.Set).as(administrationOf(s.Set)).calls("the stack set "+s.Set.ID+" is deployed", on, assumeRole)...)
		}
		demands = append(demands, Stack(StackOf{
			Estate: e, Stack: s, Role: execution, Stores: e, Untagged: !s.Set.Properties.Has("Tags"), Step: setCaller(s.Set).step,
		})...)
	}
	return demands
}

func setCaller(set *estate.Resource) caller {
	return caller{account: set.Stack.Account, step: Step{Stage: "Stack sets", Action: set.ID}, cause: set.At(), page: stackSetRolesPage}
}

func administrationOf(set *estate.Resource) string {
	named := textAt(set.Properties, "AdministrationRoleARN")
	return cmp.Or(named, roleIn(set.Stack.Partition, set.Stack.Account, stackSetAdministration))
}
