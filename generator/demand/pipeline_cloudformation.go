package demand

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

const (
	cloudFormationPage    = actionPages + "CloudFormation.html"
	cloudFormationActions = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html"
	cloudFormationService = "cloudformation.amazonaws.com"
)

// mode is what an action does in one ActionMode.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html#action-reference-CloudFormation-config
type mode struct {
	withRole   []string // carry the role that is passed
	changeSet  []string // are about the change set; creating one carries the role too
	stack      []string
	validates  bool
	passesRole bool
	deploys    bool // changes the stack
}

var modes = map[string]mode{
	"CHANGE_SET_REPLACE": {
		changeSet:  []string{createChangeSet, "cloudformation:DeleteChangeSet", "cloudformation:DescribeChangeSet"},
		stack:      []string{"cloudformation:DescribeStacks"},
		passesRole: true,
	},
	"CHANGE_SET_EXECUTE": {
		changeSet: []string{"cloudformation:DescribeChangeSet", "cloudformation:ExecuteChangeSet"},
		stack:     []string{"cloudformation:DescribeStackEvents", "cloudformation:DescribeStacks"},
		deploys:   true,
	},
	"CREATE_UPDATE": {
		withRole: []string{"cloudformation:CreateStack", "cloudformation:UpdateStack"},
		stack: []string{
			"cloudformation:DescribeStackEvents", "cloudformation:DescribeStackResources", "cloudformation:DescribeStacks",
			"cloudformation:GetTemplate",
		},
		validates: true, passesRole: true, deploys: true,
	},
	"REPLACE_ON_FAILURE": {
		withRole: []string{"cloudformation:CreateStack", "cloudformation:DeleteStack", "cloudformation:UpdateStack"},
		stack: []string{
			"cloudformation:DescribeStackEvents", "cloudformation:DescribeStackResources", "cloudformation:DescribeStacks",
			"cloudformation:GetTemplate",
		},
		validates: true, passesRole: true, deploys: true,
	},
	"DELETE_ONLY": {
		withRole:   []string{"cloudformation:DeleteStack"},
		stack:      []string{"cloudformation:DescribeStackEvents", "cloudformation:DescribeStacks"},
		passesRole: true, deploys: true,
	},
}

const createChangeSet = "cloudformation:CreateChangeSet"

func deployStack(a *action) []Demand {
	m := modes[a.setting("ActionMode")]
	demands := a.stackCalls(a.setting("StackName"), a.stackNamed(a.setting("StackName")))
	if m.validates {
		demands = append(demands, a.caller.calls("the template is read", everything(), "cloudformation:ValidateTemplate")...)
	}
	if role := a.setting("RoleArn"); m.passesRole && role != "" {
		demands = append(demands, passedToCloudFormation(a.caller, role)...)
		service := a.caller.asService(cloudFormationService).from(stackRolePage)
		demands = append(demands, assumedByService(service, "CloudFormation takes the role", role, "aws:sourceaccount", []string{a.stackNamed(a.setting("StackName")).arn})...)
	}
	return demands
}

// passedToCloudFormation is the passing of a role. Whoever could pass it to another
// service, such as one that runs code, would have all of its permissions.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
func passedToCloudFormation(c caller, role string) []Demand {
	return c.calls("the role is passed to CloudFormation", exactly(role).narrowedBy("iam:passedtoservice", cloudFormationService), passRole)
}

// stackNamed is a stack of the action's account and region. Behind its name stands an
// id that CloudFormation chooses.
func (a *action) stackNamed(name string) thing {
	return below(a.local("cloudformation", "stack/"+name+"/"), "id of the stack "+name).inAnyRegion()
}

// stackCalls are the calls of the action that are about a stack.
func (a *action) stackCalls(name string, stack thing) []Demand {
	m := modes[a.setting("ActionMode")]
	demands := a.caller.calls("the stack "+name+" is changed", a.carrying(stack), m.withRole...)
	demands = append(demands, a.changeSetCalls(m, stack, name)...)
	demands = append(demands, a.caller.calls("the stack "+name+" is watched", stack, m.stack...)...)
	return append(demands, a.configurationCalls(m, stack, name)...)
}

// carrying is a stack in requests with which the role comes. A stack that was made
// without it would be changed by the caller's own permissions ever after.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
func (a *action) carrying(stack thing) thing {
	if role := a.setting("RoleArn"); role != "" {
		stack = stack.narrowedBy("cloudformation:rolearn", role)
	}
	if a.setting("TemplatePath") == "" {
		return stack
	}
	// CodePipeline hands over a signed address of the template in the artifact.
	return stack.with("cloudformation:templateurl", symbol.New("signed address of "+a.setting("TemplatePath")))
}

// changeSetCalls are about the change set of the action's name. A grant for every
// change set would let one be executed that nobody has approved.
func (a *action) changeSetCalls(m mode, stack thing, name string) []Demand {
	var demands []Demand
	for _, call := range m.changeSet {
		on := stack
		if call == createChangeSet {
			on = a.carrying(stack)
		}
		on = on.narrowedBy("cloudformation:changesetname", a.setting("ChangeSetName"))
		demands = append(demands, a.caller.calls("the change set "+a.setting("ChangeSetName")+" of the stack "+name, on, call)...)
	}
	return demands
}

// configurationCalls are those that the template configuration brings: tags, and a
// policy for the stack. A configuration that is not known may have tags.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html
func (a *action) configurationCalls(m mode, stack thing, name string) []Demand {
	if !m.passesRole || a.setting("TemplateConfiguration") == "" {
		return nil
	}
	var demands []Demand
	if a.tags() {
		why := "the stack " + name + " gets its tags"
		tags := []string{"cloudformation:TagResource", "cloudformation:UntagResource"}
		demands = a.caller.from(cloudFormationActions).calls(why, stack, tags...)
		if len(m.changeSet) > 0 {
			set := a.setting("ChangeSetName")
			on := below(a.local("cloudformation", "changeSet/"+set+"/"), "id of the change set "+set).inAnyRegion()
			demands = append(demands, a.caller.from(cloudFormationActions).calls(why, on, tags...)...)
		}
	}
	if configuration, known := a.readConfiguration(); known && len(configuration.StackPolicy) > 0 {
		demands = append(demands, a.caller.calls("the stack "+name+" gets its policy", stack, "cloudformation:GetStackPolicy", "cloudformation:SetStackPolicy")...)
	}
	return demands
}

// tags reports whether the action may give its stack tags, which only the template
// configuration does.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html
func (a *action) tags() bool {
	if a.setting("TemplateConfiguration") == "" {
		return false
	}
	configuration, known := a.readConfiguration()
	return !known || len(configuration.Tags) > 0
}

type configurationFile struct {
	Tags        map[string]string
	StackPolicy json.RawMessage
}

// readConfiguration is the template configuration where it is a file of the output.
func (a *action) readConfiguration() (configuration configurationFile, known bool) {
	_, name, _ := strings.Cut(a.setting("TemplateConfiguration"), "::")
	document := a.pipeline.resource.Stack.Document
	if document == nil {
		return configurationFile{}, false
	}
	file := document.Files[name]
	if file == nil {
		file = document.Files[strings.TrimPrefix(path.Clean(name), document.Folder+"/")]
	}
	if file == nil || json.Unmarshal(file, &configuration) != nil {
		return configurationFile{}, false
	}
	return configuration, true
}

// Further are the calls by which the pipelines of an estate would deploy a further stack
// beside each that they do. name gives the name of that stack and a pattern of the names
// of all that may follow it, or nothing where none will. A project whose functions
// outgrow a stack is continued in the next, for which no role may have to be changed.
func Further(e *estate.Estate, name func(stack string) (further, pattern string)) []Demand {
	var demands []Demand
	for _, p := range pipelinesOf(e) {
		for _, a := range p.actions {
			if a.kind.provider != "CloudFormation" {
				continue
			}
			further, pattern := name(a.setting("StackName"))
			if further == "" {
				continue
			}
			stack := a.stackNamed(further)
			stack.within = a.stackNamed(pattern).within
			a.caller.page = cloudFormationPage
			demands = append(demands, a.stackCalls(further, stack)...)
		}
	}
	return demands
}

// Deployed is a stack that a pipeline deploys.
type Deployed struct {
	Stack   string // its name
	Account string
	Region  string
	Role    string // with which CloudFormation makes the stack's resources; empty where none is passed
	Tagged  bool   // the pipeline gives the stack tags, or may do so
	Step    Step   // where the stack is changed
}

// Deployments are the stacks that the pipelines of an estate deploy, in the order of
// the actions that change them. The role that executes a change set is the one that
// it was made with.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html#action-reference-CloudFormation-config
func Deployments(e *estate.Estate) []Deployed {
	var deployments []Deployed
	for _, p := range pipelinesOf(e) {
		for i, a := range p.actions {
			m := modes[a.setting("ActionMode")]
			if a.kind.provider != "CloudFormation" || !m.deploys {
				continue
			}
			d := Deployed{Stack: a.setting("StackName"), Account: a.caller.account, Region: a.region, Step: a.caller.step}
			maker := a
			if !m.passesRole {
				maker = p.preparation(p.actions[:i], a)
			}
			if maker != nil {
				d.Role, d.Tagged = maker.setting("RoleArn"), maker.tags()
			}
			deployments = append(deployments, d)
		}
	}
	return deployments
}

// preparation is the action that makes the change set that another executes: the last
// one before it, in the order in which they run.
func (p *pipeline) preparation(before []*action, execute *action) *action {
	for _, a := range slices.Backward(append(slices.Clone(before), p.sameStage(execute)...)) {
		if slices.Contains(modes[a.setting("ActionMode")].changeSet, createChangeSet) && a.setting("StackName") == execute.setting("StackName") &&
			a.setting("ChangeSetName") == execute.setting("ChangeSetName") && a.caller.account == execute.caller.account && a.region == execute.region {
			return a
		}
	}
	return nil
}

// sameStage are the actions of a stage, which may be written in any order.
func (p *pipeline) sameStage(of *action) []*action {
	var same []*action
	for _, a := range p.actions {
		if a.caller.step.Stage == of.caller.step.Stage {
			same = append(same, a)
		}
	}
	return same
}
