package cloudtest

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/template"
)

// maxBody is how many bytes a template may have in a call.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const maxBody = 51200

// wanted is what a call wants a stack to become.
func (a *ask) wanted(before *stack) (state, error) {
	body, err := a.template(before)
	if err != nil {
		return state{}, err
	}
	document, err := read(body)
	if err != nil {
		return state{}, err
	}
	capabilities := a.list("Capabilities", "")
	if err := capable(document, capabilities); err != nil {
		return state{}, err
	}
	given, previous := map[string]string{}, map[string]string{}
	values, keep := a.list("Parameters", ".ParameterValue"), a.list("Parameters", ".UsePreviousValue")
	for i, name := range a.list("Parameters", ".ParameterKey") {
		if i < len(values) {
			given[name] = values[i]
		}
		if i < len(keep) && keep[i] == "true" && before != nil {
			previous[name] = before.parameters[name]
		}
	}
	parameters, err := parameterValues(document, given, previous)
	return state{body: body, document: document, parameters: parameters, capabilities: capabilities}, err
}

func (a *ask) template(before *stack) (string, error) {
	switch body := a.Get("TemplateBody"); {
	case body != "" && a.Get("TemplateURL") != "":
		return "", invalid("Either Template URL or Template Body must be specified, not both.")
	case len(body) > maxBody:
		return "", invalid("1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to %d", maxBody)
	case body != "":
		return body, nil
	case a.Get("TemplateURL") != "":
		return a.server.fetch(a.Get("TemplateURL"))
	case a.Get("UsePreviousTemplate") == "true" && before != nil:
		return before.body, nil
	}
	return "", invalid("Either Template URL or Template Body must be specified.")
}

// namedIAM are the properties by which a template names what IAM holds.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
var namedIAM = []string{"RoleName", "ManagedPolicyName", "UserName", "GroupName", "InstanceProfileName"}

// capable asks for the capabilities that a template needs.
func capable(d *template.Document, given []string) error {
	needed := ""
	for _, e := range d.Resources {
		if !strings.HasPrefix(e.Type(), "AWS::IAM::") {
			continue
		}
		properties, _ := e.Properties().(cfn.Map)
		if slices.ContainsFunc(namedIAM, func(name string) bool { return properties.Get(name) != nil }) {
			needed = "CAPABILITY_NAMED_IAM"
		} else if needed == "" && !slices.Contains(given, "CAPABILITY_NAMED_IAM") {
			needed = "CAPABILITY_IAM"
		}
	}
	if needed == "" || slices.Contains(given, needed) {
		return nil
	}
	return awsError{http.StatusBadRequest, "InsufficientCapabilitiesException", "Requires capabilities : [" + needed + "]"}
}

// parameterValues are those of a template's parameters.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
func parameterValues(d *template.Document, given, previous map[string]string) (map[string]string, error) {
	values, missing := map[string]string{}, []string{}
	for _, e := range d.Parameters {
		definition, _ := e.Value.(cfn.Map)
		value, ok := given[e.Name]
		if !ok {
			value, ok = previous[e.Name]
		}
		if !ok && definition.Get("Default") != nil {
			value, ok = template.Text(definition.Get("Default")), true
		}
		if !ok {
			missing = append(missing, e.Name)
			continue
		}
		if err := allowed(e.Name, value, definition); err != nil {
			return nil, err
		}
		values[e.Name] = value
	}
	if len(missing) > 0 {
		return nil, invalid("Parameters: [%s] must have values", strings.Join(missing, ", "))
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, known := values[name]; !known {
			return nil, invalid("Parameters: [%s] do not exist in the template", name)
		}
	}
	return values, nil
}

func allowed(name, value string, definition cfn.Map) error {
	if pattern := template.Text(definition.Get("AllowedPattern")); pattern != "" && !regexp.MustCompile("^(?:"+pattern+")$").MatchString(value) {
		return invalid("Parameter %s failed to satisfy constraint: must match pattern %s", name, pattern)
	}
	list, limited := definition.Get("AllowedValues").([]any)
	if limited && !slices.ContainsFunc(list, func(v any) bool { return template.Text(v) == value }) {
		return invalid("Parameter '%s' must be one of AllowedValues", name)
	}
	return nil
}

// stackAnswer is what calls answer that begin something.
type stackAnswer struct{ StackId string }

// once makes the call with a token that was made before the same call.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
func (a *ask) once(do func() (any, error)) (any, error) {
	token := a.Get("ClientRequestToken")
	key := strings.Join([]string{a.account, a.region, a.Get("Action"), a.Get("StackName"), token}, "\n")
	if id, made := a.server.formation.tokens[key]; made && token != "" {
		return stackAnswer{id}, nil
	}
	result, err := do()
	if answer, ok := result.(stackAnswer); ok {
		a.server.formation.tokens[key] = answer.StackId
	}
	return result, err
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
func (a *ask) createStack() (any, error) {
	return a.once(func() (any, error) {
		name := a.Get("StackName")
		to, err := a.wanted(nil)
		if err != nil {
			return nil, err
		}
		if a.server.formation.find(a.place, name) != nil {
			return nil, awsError{http.StatusBadRequest, "AlreadyExistsException", fmt.Sprintf("Stack [%s] already exists", name)}
		}
		s := a.server.formation.add(a.place, name, nil)
		s.set(to)
		o := &change{server: a.server, root: s, token: a.Get("ClientRequestToken")}
		o.create(s)
		o.begin(1)
		return stackAnswer{s.id}, nil
	})
}

// updatable are the states that take an update.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
var updatable = []string{"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html
func (a *ask) updateStack() (any, error) {
	return a.once(func() (any, error) {
		s := a.server.formation.find(a.place, a.Get("StackName"))
		if s == nil || s.gone() {
			return nil, invalid("Stack [%s] does not exist", a.Get("StackName"))
		}
		to, err := a.wanted(s)
		if err != nil {
			return nil, err
		}
		if s.busy() || !slices.Contains(updatable, s.status) {
			return nil, invalid("Stack:%s is in %s state and can not be updated.", s.id, s.status)
		}
		if unchanged(s, to) {
			return nil, invalid("No updates are to be performed.")
		}
		o := &change{server: a.server, root: s, token: a.Get("ClientRequestToken")}
		o.update(s, to)
		o.begin(1)
		return stackAnswer{s.id}, nil
	})
}

// unchanged reports an update that would change nothing: comments and descriptions are
// no change.
func unchanged(s *stack, to state) bool {
	return reflect.DeepEqual(s.parameters, to.parameters) && s.document != nil && reflect.DeepEqual(sections(s.document), sections(to.document))
}

// sections are the values of a template.
func sections(d *template.Document) map[string]any {
	all := map[string]any{}
	for section, entries := range map[string][]template.Entry{
		"Mappings": d.Mappings, "Conditions": d.Conditions, "Resources": d.Resources, "Outputs": d.Outputs,
	} {
		for _, e := range entries {
			all[section+"."+e.Name] = e.Value
		}
	}
	return all
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
func (a *ask) deleteStack() (any, error) {
	return a.once(func() (any, error) {
		s := a.server.formation.find(a.place, a.Get("StackName"))
		switch {
		case s == nil || s.gone():
			return nil, nil
		case strings.HasPrefix(s.status, "UPDATE_") && s.busy():
			return nil, invalid("Stack [%s] cannot be deleted while in status %s", s.name, s.status)
		case s.status == "DELETE_IN_PROGRESS":
			return nil, nil
		}
		if err := a.withoutRole(s); err != nil {
			return nil, err
		}
		o := &change{server: a.server, root: s, token: a.Get("ClientRequestToken")}
		o.delete(s)
		o.begin(1)
		return nil, nil
	})
}

// describedStack is a stack as CloudFormation writes it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html
type describedStack struct {
	StackId, StackName string
	StackStatus        string
	StackStatusReason  string      `xml:",omitempty"`
	ParentId           string      `xml:",omitempty"`
	RootId             string      `xml:",omitempty"`
	Parameters         []parameter `xml:"Parameters>member"`
	Capabilities       []string    `xml:"Capabilities>member"`
	Outputs            []output    `xml:"Outputs>member"`
	CreationTime       time.Time
	LastUpdatedTime    *time.Time
	DeletionTime       *time.Time
	Drift              string `xml:"DriftInformation>StackDriftStatus"`
}

type parameter struct{ ParameterKey, ParameterValue string }

func (s *stack) described() describedStack {
	d := describedStack{
		StackId: s.id, StackName: s.name, StackStatus: s.status, StackStatusReason: s.reason,
		Parameters: parameterList(s.parameters), Capabilities: s.capabilities, Outputs: s.outputs,
		CreationTime: s.created, LastUpdatedTime: moment(s.updated), DeletionTime: moment(s.deleted), Drift: "NOT_CHECKED",
	}
	if s.parent != nil {
		d.ParentId, d.RootId = s.parent.id, s.root.id
	}
	return d
}

func parameterList(values map[string]string) []parameter {
	var list []parameter
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list = append(list, parameter{name, values[name]})
	}
	return list
}

// moment is a time that may not have come.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
func (a *ask) describeStacks() (any, error) {
	found := a.server.formation.there(a.place)
	name := a.Get("StackName")
	if name != "" {
		found = nil
		if s := a.server.formation.find(a.place, name); s != nil {
			found = append(found, s)
		}
	}
	for _, s := range found {
		if s.root == s || name != "" {
			s.look()
		}
	}
	// A stack that is deleted has no name any more.
	found = slices.DeleteFunc(found, func(s *stack) bool { return s.gone() && s.id != name })
	if name != "" && len(found) == 0 {
		return nil, invalid("Stack with id %s does not exist", name)
	}
	var answer struct {
		Stacks    []describedStack `xml:"Stacks>member"`
		NextToken string           `xml:",omitempty"`
	}
	found, answer.NextToken = page(found, a.Get("NextToken"), a.server.StackPage)
	for _, s := range found {
		answer.Stacks = append(answer.Stacks, s.described())
	}
	return answer, nil
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html
func (a *ask) describeStackEvents() (any, error) {
	s := a.server.formation.find(a.place, a.Get("StackName"))
	if s == nil {
		return nil, invalid("Stack [%s] does not exist", a.Get("StackName"))
	}
	if !a.Has("NextToken") {
		s.look()
	}
	var answer struct {
		StackEvents []event `xml:"StackEvents>member"`
		NextToken   string  `xml:",omitempty"`
	}
	newest := slices.Clone(s.events)
	slices.Reverse(newest)
	answer.StackEvents, answer.NextToken = page(newest, a.Get("NextToken"), a.server.StackPage)
	return answer, nil
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
func (a *ask) listStackResources() (any, error) {
	s := a.server.formation.find(a.place, a.Get("StackName"))
	if s == nil {
		return nil, invalid("Stack with id %s does not exist", a.Get("StackName"))
	}
	type summary struct {
		LogicalResourceId    string
		PhysicalResourceId   string `xml:",omitempty"`
		ResourceType         string
		LastUpdatedTimestamp time.Time
		ResourceStatus       string
		ResourceStatusReason string `xml:",omitempty"`
		Drift                string `xml:"DriftInformation>StackResourceDriftStatus"`
	}
	last := map[string]event{}
	for _, e := range s.events {
		last[e.LogicalResourceId] = e
	}
	delete(last, s.name)
	var all []summary
	for _, name := range slices.Sorted(maps.Keys(last)) {
		e := last[name]
		if e.ResourceStatus != "DELETE_COMPLETE" && e.ResourceStatus != "DELETE_SKIPPED" || s.gone() {
			all = append(all, summary{name, e.PhysicalResourceId, e.ResourceType, e.Timestamp, e.ResourceStatus, e.ResourceStatusReason, "NOT_CHECKED"})
		}
	}
	var answer struct {
		StackResourceSummaries []summary `xml:"StackResourceSummaries>member"`
		NextToken              string    `xml:",omitempty"`
	}
	answer.StackResourceSummaries, answer.NextToken = page(all, a.Get("NextToken"), a.server.StackPage)
	return answer, nil
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html
func (a *ask) getTemplate() (any, error) {
	s := a.server.formation.find(a.place, a.Get("StackName"))
	if s == nil {
		return nil, invalid("Stack with id %s does not exist", a.Get("StackName"))
	}
	body := s.body
	if a.Has("ChangeSetName") {
		_, c, err := a.changeSetOf()
		if err != nil {
			return nil, err
		}
		body = c.to.body
	}
	return struct{ TemplateBody string }{body}, nil
}
