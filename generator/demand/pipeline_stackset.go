package demand

import "regexp"

const (
	stackSetPage      = actionPages + "StackSets.html"
	stackSetRolesPage = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html"
)

// The roles of self-managed stack sets where none is named.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html
const (
	stackSetAdministration = "AWSCloudFormationStackSetAdministrationRole"
	stackSetExecution      = "AWSCloudFormationStackSetExecutionRole"
)

func deployStackSet(a *action) []Demand {
	demands := a.caller.calls("the stack set "+a.setting("StackSetName")+" is changed", a.stackSet(),
		"cloudformation:CreateStackInstances", "cloudformation:CreateStackSet", "cloudformation:DescribeStackSet",
		"cloudformation:DescribeStackSetOperation", "cloudformation:ListStackInstances", "cloudformation:UpdateStackSet")
	demands = append(demands, a.delegated()...)
	if a.setting("PermissionModel") == "SERVICE_MANAGED" {
		return demands
	}
	administration := a.setting("AdministrationRoleArn")
	if administration == "" {
		administration = arnOf(a.pipeline.resource.Stack.Partition, "iam", "", a.caller.account, "role/"+stackSetAdministration)
	}
	demands = append(demands, passedToCloudFormation(a.caller, administration)...)
	service := a.caller.asService(cloudFormationService).from(stackSetRolesPage)
	demands = append(demands, assumedByService(service, "CloudFormation takes the role of the stack set", administration, "aws:sourceaccount", []string{a.stackSet().arn})...)
	return append(demands, a.executionRoles(administration)...)
}

func deployStackInstances(a *action) []Demand {
	demands := a.caller.calls("instances of the stack set "+a.setting("StackSetName")+" are made", a.stackSet(),
		"cloudformation:CreateStackInstances", "cloudformation:DescribeStackSetOperation")
	return append(demands, a.delegated()...)
}

func (a *action) stackSet() thing {
	name := a.setting("StackSetName")
	return below(a.local("cloudformation", "stackset/"+name+":"), "id of the stack set "+name)
}

// delegated is asked of whoever acts for an organization.
func (a *action) delegated() []Demand {
	if a.setting("CallAs") != "DELEGATED_ADMIN" {
		return nil
	}
	return a.caller.calls("CloudFormation looks who administers the organization", everything(), "organizations:ListDelegatedAdministrators")
}

var accountID = regexp.MustCompile(`\b[0-9]{12}\b`)

// executionRoles are taken in the accounts that the configuration itself names; a file
// in an artifact, or an organizational unit, may name more.
func (a *action) executionRoles(administration string) []Demand {
	name := a.setting("ExecutionRoleName")
	if name == "" {
		name = stackSetExecution
	}
	var demands []Demand
	for _, account := range accountID.FindAllString(a.setting("DeploymentTargets"), -1) {
		on := exactly(arnOf(a.pipeline.resource.Stack.Partition, "iam", "", account, "role/"+name))
		on.narrowed = []string{principalARN}
		demands = append(demands, a.caller.as(administration).from(stackSetRolesPage).calls("the stack set is deployed to "+account, on, assumeRole)...)
	}
	return demands
}
