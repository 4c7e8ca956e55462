package cloudtest

import (
	"fmt"
	"net/url"
	"strings"
)

// Propose gives a stack a change set that would deploy a template. It makes a stack under
// review where there is none.
func (s *Server) Propose(account, region, name, status, body string) {
	p := place{account, region}
	if !s.hasStack(p, name) {
		s.SetStatus(account, region, name, "REVIEW_IN_PROGRESS", "")
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	there := s.formation.find(p, name)
	id := fmt.Sprintf("%s/changeSet/%d", there.id, len(there.changeSets))
	there.changeSets = append(there.changeSets, &changeSet{name: "foldstack", id: id, to: state{body: body}, status: status})
}

func (s *Server) hasStack(p place, name string) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.formation.find(p, name) != nil
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListChangeSets.html
func (a *ask) listChangeSets() (any, error) {
	s := a.server.formation.find(a.place, a.Get("StackName"))
	if s == nil || s.gone() {
		return nil, invalid("Stack [%s] does not exist", a.Get("StackName"))
	}
	type summary struct{ ChangeSetId, StackName, Status string }
	var answer struct {
		Summaries []summary `xml:"Summaries>member"`
	}
	for _, set := range s.changeSets {
		answer.Summaries = append(answer.Summaries, summary{set.id, s.name, set.status})
	}
	return answer, nil
}

// Release makes a stack, or updates it, as the pipeline does: with a role, by which
// CloudFormation will delete it again. It returns when that is done.
func (s *Server) Release(account, region, name, body, role string, parameters map[string]string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	input := url.Values{"StackName": {name}, "TemplateBody": {body}, "RoleARN": {role}, "Capabilities.member.1": {"CAPABILITY_NAMED_IAM"}}
	for i, p := range parameterList(parameters) {
		member := fmt.Sprintf("Parameters.member.%d.", i+1)
		input.Set(member+"ParameterKey", p.ParameterKey)
		input.Set(member+"ParameterValue", p.ParameterValue)
	}
	a := &ask{place{account, region}, input, s}
	handle := a.createStack
	there := s.formation.find(a.place, name)
	if there != nil {
		handle = a.updateStack
	}
	if _, err := handle(); err != nil {
		return err
	}
	there = s.formation.find(a.place, name)
	there.reveal(len(there.pending))
	if there.role = role; !strings.HasSuffix(there.status, "_COMPLETE") || strings.Contains(there.status, "ROLLBACK") {
		return fmt.Errorf("%s: %s", there.status, there.reason)
	}
	return nil
}

// withoutRole says that a stack cannot be deleted because its role is gone.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
func (a *ask) withoutRole(s *stack) error {
	name := s.role[strings.LastIndex(s.role, "/")+1:]
	if name == "" || a.server.formation.names[territory("AWS::IAM::Role", s.place)+" "+name] != "" {
		return nil
	}
	return invalid("Role %s is invalid or cannot be assumed", s.role)
}

// RemoveRole removes a role of an account as somebody does by hand.
func (s *Server) RemoveRole(account, name string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	delete(s.formation.names, territory("AWS::IAM::Role", place{account: account})+" "+name)
}
