package cloudtest

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/template"
)

// changeSet is a change that waits for its execution.
type changeSet struct {
	name, id, kind string
	to             state
	status, reason string
	looks          int // until it is ready
}

// changeSetOf is the change set that a call names, with its stack.
func (a *ask) changeSetOf() (*stack, *changeSet, error) {
	for _, s := range a.server.formation.there(a.place) {
		for _, c := range s.changeSets {
			if named := a.Get("ChangeSetName"); c.id == named || c.name == named && (s.name == a.Get("StackName") || s.id == a.Get("StackName")) {
				return s, c, nil
			}
		}
	}
	return nil, nil, awsError{http.StatusNotFound, "ChangeSetNotFound", fmt.Sprintf("ChangeSet [%s] does not exist", a.Get("ChangeSetName"))}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
func (a *ask) createChangeSet() (any, error) {
	s := a.server.formation.find(a.place, a.Get("StackName"))
	kind := a.Get("ChangeSetType")
	fresh := s == nil || s.gone() || s.status == "REVIEW_IN_PROGRESS"
	switch {
	case kind == "CREATE" && !fresh:
		return nil, invalid("Stack [%s] already exists and cannot be created again with the changeSet [%s].", s.name, a.Get("ChangeSetName"))
	case kind != "CREATE" && fresh:
		return nil, invalid("Stack [%s] does not exist", a.Get("StackName"))
	case kind != "CREATE" && (s.busy() || !slices.Contains(updatable, s.status)):
		return nil, invalid("Stack:%s is in %s state and can not be updated.", s.id, s.status)
	}
	to, err := a.wanted(s)
	if err != nil {
		return nil, err
	}
	if s == nil || s.gone() {
		s = a.server.formation.add(a.place, a.Get("StackName"), nil)
		o := &change{server: a.server, root: s}
		o.tellStack(s, "REVIEW_IN_PROGRESS", "User Initiated", nil)
		o.begin(1)
	}
	c := &changeSet{name: a.Get("ChangeSetName"), kind: kind, to: to, status: "CREATE_COMPLETE", looks: min(a.server.Looks, 1)}
	if slices.ContainsFunc(s.changeSets, func(other *changeSet) bool { return other.name == c.name }) {
		return nil, awsError{http.StatusBadRequest, "AlreadyExistsException", fmt.Sprintf("ChangeSet %s cannot be created due to a mismatch with existing attribute", c.name)}
	}
	if kind != "CREATE" && unchanged(s, to) {
		c.status, c.reason = "FAILED", "The submitted information didn't contain changes. Submit different information to create a change set."
	}
	c.id = strings.Replace(s.id, ":stack/"+s.name, ":changeSet/"+c.name, 1)
	s.changeSets = append(s.changeSets, c)
	return struct{ Id, StackId string }{c.id, s.id}, nil
}

// changed is what a change set would do to a resource.
type changed struct {
	Type              string
	Action            string `xml:"ResourceChange>Action"`
	LogicalResourceId string `xml:"ResourceChange>LogicalResourceId"`
	ResourceType      string `xml:"ResourceChange>ResourceType"`
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
func (a *ask) describeChangeSet() (any, error) {
	s, c, err := a.changeSetOf()
	if err != nil {
		return nil, err
	}
	answer := struct {
		ChangeSetId, ChangeSetName, StackId, StackName string
		Status, ExecutionStatus                        string
		StatusReason                                   string    `xml:",omitempty"`
		Changes                                        []changed `xml:"Changes>member"`
	}{ChangeSetId: c.id, ChangeSetName: c.name, StackId: s.id, StackName: s.name, Status: "CREATE_IN_PROGRESS", ExecutionStatus: "UNAVAILABLE"}
	if c.looks > 0 {
		c.looks--
		return answer, nil
	}
	answer.Status, answer.StatusReason, answer.Changes = c.status, c.reason, changes(s.document, c.to.document)
	if c.status == "CREATE_COMPLETE" {
		answer.ExecutionStatus = "AVAILABLE"
	}
	return answer, nil
}

// changes are those between two templates, the first of which may be none.
func changes(before, after *template.Document) []changed {
	var all []changed
	if before == nil {
		before = &template.Document{}
	}
	for _, e := range after.Resources {
		switch old := template.Find(before.Resources, e.Name); {
		case old == nil:
			all = append(all, changed{"Resource", "Add", e.Name, e.Type()})
		case !reflect.DeepEqual(old.Value, e.Value):
			all = append(all, changed{"Resource", "Modify", e.Name, e.Type()})
		}
	}
	for _, e := range before.Resources {
		if template.Find(after.Resources, e.Name) == nil {
			all = append(all, changed{"Resource", "Remove", e.Name, e.Type()})
		}
	}
	return all
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html
func (a *ask) executeChangeSet() (any, error) {
	s, c, err := a.changeSetOf()
	switch {
	case err != nil:
		return nil, err
	case c.status != "CREATE_COMPLETE" || c.looks > 0 || s.busy():
		return nil, awsError{http.StatusBadRequest, "InvalidChangeSetStatus", fmt.Sprintf("ChangeSet [%s] cannot be executed in its current status of [%s]", c.id, c.status)}
	}
	s.changeSets = nil
	o := &change{server: a.server, root: s, token: a.Get("ClientRequestToken")}
	if c.kind == "CREATE" {
		s.set(c.to)
		o.create(s)
	} else {
		o.update(s, c.to)
	}
	o.begin(1)
	return nil, nil
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteChangeSet.html
func (a *ask) deleteChangeSet() (any, error) {
	if s, c, err := a.changeSetOf(); err == nil {
		s.changeSets = slices.DeleteFunc(s.changeSets, func(other *changeSet) bool { return other == c })
	}
	return nil, nil
}
