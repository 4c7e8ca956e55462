package link

import "github.com/foldstack/foldstack/generator/diag"

// changeSet is what names one.
type changeSet struct{ account, region, stack, name string }

// The action modes of CloudFormation.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
const (
	modeReplace = "CHANGE_SET_REPLACE"
	modeExecute = "CHANGE_SET_EXECUTE"
)

// needed are the keys of a configuration that each mode needs.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
var needed = map[string][]string{
	modeReplace:          {"StackName", "ChangeSetName", "TemplatePath", "RoleArn"},
	modeExecute:          {"StackName", "ChangeSetName"},
	"CREATE_UPDATE":      {"StackName", "TemplatePath", "RoleArn"},
	"REPLACE_ON_FAILURE": {"StackName", "TemplatePath", "RoleArn"},
	"DELETE_ONLY":        {"StackName", "RoleArn"},
}

func (a *action) deploysStack() bool { return a.category == "Deploy" && a.provider == "CloudFormation" }

// configured is one value of an action's configuration.
func (p *pipeline) configured(a *action, key string) string { return p.text(a.configuration.Get(key)) }

// changeSets checks that a change set is made once and then executed: in the same
// stage, whose lock keeps another run from replacing it and which is rolled back as
// a whole, and with the same role.
func (p *pipeline) changeSets() {
	made, executed := p.prepared(), map[changeSet]bool{}
	for _, a := range p.actions {
		if a.deploysStack() && p.configured(a, "ActionMode") == modeExecute {
			executed[p.changeSet(a)] = true
			p.execution(a, made[p.changeSet(a)])
		}
	}
	for _, a := range p.actions {
		if set := p.changeSet(a); made[set] == a && !executed[set] {
			p.on(a, "Configuration.ChangeSetName", "change-set", "makes a change set of the stack "+set.stack+" that no action executes", "add an action that does, or remove this one")
		}
	}
}

// prepared are the change sets and which action makes each. Every action on a stack
// has to say what its mode needs.
func (p *pipeline) prepared() map[changeSet]*action {
	made := map[changeSet]*action{}
	for _, a := range p.actions {
		if !a.deploysStack() {
			continue
		}
		mode, set := p.configured(a, "ActionMode"), p.changeSet(a)
		for _, key := range needed[mode] {
			if !a.configuration.Has(key) {
				p.on(a, "Configuration", "change-set", "has the mode "+mode+" and no "+key, "add "+key+" to its configuration")
			}
		}
		switch first := made[set]; {
		case mode != modeReplace:
		case first != nil:
			p.on(a, "Configuration.StackName", "change-set", "replaces the change set of the stack "+set.stack+" that "+first.name+" makes", "prepare a stack of an account and a region once")
		default:
			made[set] = a
		}
	}
	return made
}

func (p *pipeline) changeSet(a *action) changeSet {
	return changeSet{p.account(a), a.region, p.configured(a, "StackName"), p.configured(a, "ChangeSetName")}
}

func (p *pipeline) execution(a, from *action) {
	set := p.changeSet(a)
	switch {
	case from == nil:
		p.on(a, "Configuration.ChangeSetName", "change-set", "executes the change set "+diag.Quote(set.name)+" of the stack "+shown(set.stack)+" in account "+set.account+", "+shown(set.region)+", and no action makes that", "name stack, change set, region and role as the action does that makes it")
	case from.stage != a.stage:
		p.on(a, "Configuration.ChangeSetName", "change-set", "executes what "+from.name+" makes in another stage, where another run can replace it", "prepare and execute a change set in one stage")
	case !from.before(a):
		p.on(a, "RunOrder", "change-set", "executes what "+from.name+" has not made by then", "give it a higher RunOrder")
	case from.role != a.role:
		p.on(a, "RoleArn", "change-set", "executes with another role what "+from.name+" makes", "give both the same RoleArn")
	}
}
