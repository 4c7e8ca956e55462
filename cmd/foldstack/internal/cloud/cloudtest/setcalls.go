package cloudtest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// setCalls are those of stack sets.
var setCalls = map[string]answer{
	"CreateStackSet":            (*ask).createStackSet,
	"UpdateStackSet":            (*ask).updateStackSet,
	"DeleteStackSet":            (*ask).deleteStackSet,
	"DescribeStackSet":          (*ask).describeStackSet,
	"CreateStackInstances":      (*ask).createStackInstances,
	"DeleteStackInstances":      (*ask).deleteStackInstances,
	"ListStackInstances":        (*ask).listStackInstances,
	"DescribeStackSetOperation": (*ask).describeStackSetOperation,

	"DescribeOrganizationsAccess": (*ask).describeOrganizationsAccess,
	"ListStackSetOperations":      (*ask).listStackSetOperations,
}

func (a *ask) set() (*stackSet, error) {
	if err := a.administers(); err != nil {
		return nil, err
	}
	for _, set := range a.server.formation.sets {
		if named := a.Get("StackSetName"); set.place == a.place && (set.name == named || set.id == named) {
			return set, nil
		}
	}
	return nil, awsError{http.StatusNotFound, "StackSetNotFoundException", fmt.Sprintf("StackSet %s not found", a.Get("StackSetName"))}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html
func (a *ask) createStackSet() (any, error) {
	name := a.Get("StackSetName")
	token := strings.Join([]string{a.account, a.region, "CreateStackSet", name, a.Get("ClientRequestToken")}, "\n")
	if id := a.server.formation.tokens[token]; id != "" && a.Get("ClientRequestToken") != "" {
		return struct{ StackSetId string }{id}, nil
	}
	if _, err := a.set(); err == nil {
		return nil, awsError{http.StatusConflict, "NameAlreadyExistsException", "A stack set with the name " + name + " already exists"}
	}
	set := &stackSet{place: a.place, name: name, id: name + ":" + uuid(a.account, a.region, name, strconv.Itoa(len(a.server.formation.sets))), units: map[string]bool{}}
	if err := a.describe(set); err != nil {
		return nil, err
	}
	a.server.formation.sets = append(a.server.formation.sets, set)
	a.server.formation.tokens[token] = set.id
	return struct{ StackSetId string }{set.id}, nil
}

// describe gives a set what a call says of it. Parameters may be left to the instances.
func (a *ask) describe(set *stackSet) error {
	to, err := a.wantedOfSet(set)
	if err != nil {
		return err
	}
	set.to, set.description = to, a.Get("Description")
	if model := a.Get("PermissionModel"); model != "" || set.model == "" {
		set.model = model
	}
	if a.Has("AutoDeployment.Enabled") {
		set.automatic = a.Get("AutoDeployment.Enabled") == "true"
	}
	return nil
}

func (a *ask) wantedOfSet(set *stackSet) (state, error) {
	before := &stack{body: set.to.body, parameters: set.to.parameters}
	body, err := a.template(before)
	if err != nil {
		return state{}, err
	}
	document, err := read(body)
	if err != nil {
		return state{}, err
	}
	to := state{body: body, document: document, capabilities: a.list("Capabilities", ""), parameters: map[string]string{}}
	values := a.list("Parameters", ".ParameterValue")
	for i, name := range a.list("Parameters", ".ParameterKey") {
		to.parameters[name] = values[i]
	}
	return to, capable(document, to.capabilities)
}

// operate begins an operation, of which a set has one at a time. The operation's id
// makes a repeated call the same call.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html
func (a *ask) operate(action string, begin func(*stackSet, *setOperation) error) (any, error) {
	type operationAnswer struct{ OperationId string }
	set, err := a.set()
	if err != nil {
		return nil, err
	}
	id := a.Get("OperationId")
	for _, o := range set.operations {
		if o.id == id && a.server.TokensAreSpent {
			return nil, awsError{http.StatusConflict, "OperationIdAlreadyExistsException", "The operation ID " + id + " already exists"}
		}
		if o.id == id {
			return operationAnswer{id}, nil
		}
		if o.status() == "RUNNING" {
			return nil, awsError{http.StatusConflict, "OperationInProgressException", "Another Operation on StackSet " + set.id + " is in progress"}
		}
	}
	if id == "" {
		id = uuid(set.id, strconv.Itoa(len(set.operations)))
	}
	o := &setOperation{id: id, action: action}
	if err := begin(set, o); err != nil {
		return nil, err
	}
	set.operations = append(set.operations, o)
	if a.server.Looks == 0 {
		o.look()
	}
	return operationAnswer{id}, nil
}

// look lets the next part of the work on every instance come to light.
func (o *setOperation) look() {
	for _, w := range o.work {
		if w.change != nil {
			w.change.root.look()
		}
		if w.finished() {
			w.finish()
		}
	}
}

// do adds the work on an instance, unless too many have failed before.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html
func (a *ask) do(o *setOperation, i *instance, begin func() *work) {
	tolerated, _ := strconv.Atoi(a.Get("OperationPreferences.FailureToleranceCount"))
	if a.Get("OperationPreferences.FailureTolerancePercentage") == "100" {
		tolerated = len(o.work)
	}
	failed := 0
	for _, w := range o.work {
		if w.failure != "" {
			failed++
		}
	}
	if failed > tolerated {
		i.detailed, i.reason = "CANCELLED", "Cancelled since failure tolerance has exceeded"
		return
	}
	o.work = append(o.work, begin())
}

// target is where an instance shall be, and because of which unit.
type target struct {
	place
	unit string
}

// targets are the places that a call names.
func (a *ask) targets(set *stackSet) ([]target, error) {
	accounts, units := a.list("Accounts", ""), a.list("DeploymentTargets.OrganizationalUnitIds", "")
	filter := a.list("DeploymentTargets.Accounts", "")
	if set.model == "SERVICE_MANAGED" && (len(accounts) > 0 || len(units) == 0) {
		return nil, invalid("StackSets with SERVICE_MANAGED permission model can only have OrganizationalUnit as target")
	}
	var all []target
	for _, region := range a.list("Regions", "") {
		for _, account := range accounts {
			all = append(all, target{place{account, region}, ""})
		}
		for _, unit := range units {
			for _, account := range a.server.formation.units[unit] {
				switch a.Get("DeploymentTargets.AccountFilterType") {
				case "INTERSECTION":
					if !slices.Contains(filter, account) {
						continue
					}
				case "DIFFERENCE":
					if slices.Contains(filter, account) {
						continue
					}
				}
				all = append(all, target{place{account, region}, unit})
			}
		}
	}
	return all, nil
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html
func (a *ask) createStackInstances() (any, error) {
	return a.operate("CREATE", func(set *stackSet, o *setOperation) error {
		targets, err := a.targets(set)
		if err != nil {
			return err
		}
		overrides := map[string]string{}
		values := a.list("ParameterOverrides", ".ParameterValue")
		for i, name := range a.list("ParameterOverrides", ".ParameterKey") {
			overrides[name] = values[i]
		}
		for _, unit := range a.list("DeploymentTargets.OrganizationalUnitIds", "") {
			set.units[unit] = true
		}
		set.regions = append(set.regions, a.list("Regions", "")...)
		for _, t := range targets {
			i := set.instance(t.place)
			if i == nil {
				i = set.add(t.place, t.unit, nil)
			}
			i.overrides = overrides
			a.do(o, i, func() *work { return a.server.deploy(set, i) })
		}
		return nil
	})
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStackSet.html
func (a *ask) updateStackSet() (any, error) {
	return a.operate("UPDATE", func(set *stackSet, o *setOperation) error {
		if err := a.describe(set); err != nil {
			return err
		}
		for _, i := range set.instances {
			a.do(o, i, func() *work { return a.server.deploy(set, i) })
		}
		return nil
	})
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStackInstances.html
func (a *ask) deleteStackInstances() (any, error) {
	return a.operate("DELETE", func(set *stackSet, o *setOperation) error {
		targets, err := a.targets(set)
		if err != nil {
			return err
		}
		for _, unit := range a.list("DeploymentTargets.OrganizationalUnitIds", "") {
			delete(set.units, unit)
		}
		for _, t := range targets {
			if i := set.instance(t.place); i != nil {
				a.do(o, i, func() *work { return a.server.withdraw(set, i, a.Get("RetainStacks") == "true") })
			}
		}
		return nil
	})
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStackSet.html
func (a *ask) deleteStackSet() (any, error) {
	set, err := a.set()
	switch {
	case err != nil:
		return nil, nil // it is deleted
	case len(set.instances) > 0:
		return nil, awsError{http.StatusConflict, "StackSetNotEmptyException", "StackSet is not empty"}
	}
	a.server.formation.sets = slices.DeleteFunc(a.server.formation.sets, func(other *stackSet) bool { return other == set })
	return nil, nil
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackSet.html
func (a *ask) describeStackSet() (any, error) {
	set, err := a.set()
	if err != nil {
		return nil, err
	}
	return struct {
		StackSetName  string      `xml:"StackSet>StackSetName"`
		StackSetId    string      `xml:"StackSet>StackSetId"`
		Description   string      `xml:"StackSet>Description,omitempty"`
		Status        string      `xml:"StackSet>Status"`
		Model         string      `xml:"StackSet>PermissionModel,omitempty"`
		TemplateBody  string      `xml:"StackSet>TemplateBody"`
		Automatic     bool        `xml:"StackSet>AutoDeployment>Enabled"`
		Units         []string    `xml:"StackSet>OrganizationalUnitIds>member"`
		Regions       []string    `xml:"StackSet>Regions>member"`
		Capabilities  []string    `xml:"StackSet>Capabilities>member"`
		SetParameters []parameter `xml:"StackSet>Parameters>member"`
	}{
		set.name, set.id, set.description, "ACTIVE", set.model, told(set.to.body), set.automatic,
		slices.Sorted(maps.Keys(set.units)), set.regions, set.to.capabilities, parameterList(set.to.parameters),
	}, nil
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackInstances.html
func (a *ask) listStackInstances() (any, error) {
	set, err := a.set()
	if err != nil {
		return nil, err
	}
	type summary struct {
		StackSetId, Account, Region string
		OrganizationalUnitId        string `xml:",omitempty"`
		StackId                     string `xml:",omitempty"`
		Status                      string
		StatusReason                string `xml:",omitempty"`
		Detailed                    string `xml:"StackInstanceStatus>DetailedStatus"`
	}
	var all []summary
	for _, i := range set.instances {
		if account := a.Get("StackInstanceAccount"); account != "" && account != i.account {
			continue
		}
		if region := a.Get("StackInstanceRegion"); region != "" && region != i.region {
			continue
		}
		one := summary{set.id, i.account, i.region, i.unit, "", i.status, i.reason, i.detailed}
		if i.stack != nil {
			one.StackId = i.stack.id
		}
		all = append(all, one)
	}
	var answer struct {
		Summaries []summary `xml:"Summaries>member"`
		NextToken string    `xml:",omitempty"`
	}
	answer.Summaries, answer.NextToken = page(all, a.Get("NextToken"), a.server.StackPage)
	return answer, nil
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackSetOperation.html
func (a *ask) describeStackSetOperation() (any, error) {
	set, err := a.set()
	if err != nil {
		return nil, err
	}
	for _, o := range set.operations {
		if o.id == a.Get("OperationId") {
			o.look()
			return struct {
				OperationId string `xml:"StackSetOperation>OperationId"`
				StackSetId  string `xml:"StackSetOperation>StackSetId"`
				Action      string `xml:"StackSetOperation>Action"`
				Status      string `xml:"StackSetOperation>Status"`
			}{o.id, set.id, o.action, o.status()}, nil
		}
	}
	return nil, awsError{http.StatusNotFound, "OperationNotFoundException", "The operation " + a.Get("OperationId") + " does not exist"}
}
