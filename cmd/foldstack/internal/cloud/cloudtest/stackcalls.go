package cloudtest

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/template"
)

// stackAnswer is what calls answer that begin something.
type stackAnswer struct{ StackId string }

// once makes the call with a token that was made before the same call.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
func (a *ask) once(do func() (any, error)) (any, error) {
	token := a.Get("ClientRequestToken")
	key := strings.Join([]string{a.account, a.region, a.Get("Action"), a.Get("StackName"), token}, "\n")
	switch id, made := a.server.formation.tokens[key]; {
	case !made || token == "":
	case a.server.TokensAreSpent:
		return nil, awsError{http.StatusBadRequest, "TokenAlreadyExistsException", "The client request token " + token + " has already been used for this stack."}
	case id == "": // the call has no answer
		return nil, nil
	default:
		return stackAnswer{id}, nil
	}
	result, err := do()
	if err == nil {
		answer, _ := result.(stackAnswer)
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
		s.detach()
		o := &change{server: a.server, root: s, token: a.Get("ClientRequestToken")}
		o.delete(s)
		o.begin(1)
		return nil, nil
	})
}

// detach makes a stack that was nested one that is worked on by itself.
func (s *stack) detach() { s.ticks, s.root = s.root.ticks, s }

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
		Parameters: parameterList(s.parameters), Capabilities: s.capabilities, Outputs: toldOutputs(s.outputs),
		CreationTime: s.created, LastUpdatedTime: moment(s.updated), DeletionTime: moment(s.deleted), Drift: "NOT_CHECKED",
	}
	if s.parent != nil {
		d.ParentId, d.RootId = s.parent.id, s.parent.root.id
	}
	return d
}

func parameterList(values map[string]string) []parameter {
	var list []parameter
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list = append(list, parameter{name, told(values[name])})
	}
	return list
}

func toldOutputs(outputs []output) []output {
	list := slices.Clone(outputs)
	for i := range list {
		list[i].OutputValue = told(list[i].OutputValue)
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
		if !s.let(e) || s.gone() {
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

// let reports the last event of a resource that is no longer the stack's: it is deleted or
// stays, or an update has given up deleting it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
func (s *stack) let(e event) bool {
	switch e.ResourceStatus {
	case "DELETE_COMPLETE", "DELETE_SKIPPED":
		return true
	case "DELETE_FAILED":
		return strings.HasPrefix(s.status, "UPDATE_")
	}
	return false
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
	return struct{ TemplateBody string }{told(body)}, nil
}

// told is a text as CloudFormation gives it back: what is not ASCII is lost.
//
// https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1220
// https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/814
func told(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return '?'
		}
		return r
	}, text)
}
