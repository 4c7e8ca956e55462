package cloudtest

import (
	"net/http"
	"slices"
)

// organization says who administers its stack sets. Without a management account
// everybody does.
type organization struct {
	management string
	delegates  []string
	closed     bool // stack sets may not deploy in its accounts
	told       bool // whoever does not administer it is answered, and not refused
}

// SetOrganization names the management account of an organization, and those to which it
// has delegated its stack sets.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-delegated-admin.html
func (s *Server) SetOrganization(management string, delegates ...string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.formation.organization = organization{management: management, delegates: delegates}
}

// AnswerMembers makes that whoever asks about the access to an organization, and does not
// administer it as he says, is told that there is none. What AWS does is not documented.
func (s *Server) AnswerMembers() {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.formation.organization.told = true
}

// CloseOrganization takes back that stack sets may deploy in its accounts.
func (s *Server) CloseOrganization() {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.formation.organization.closed = true
}

// administers refuses whoever is not what the call says.
func (a *ask) administers() error {
	o, delegated := a.server.formation.organization, a.Get("CallAs") == "DELEGATED_ADMIN"
	if o.management == "" || delegated && slices.Contains(o.delegates, a.account) || !delegated && a.account == o.management {
		return nil
	}
	return invalid("You must be the management account or delegated admin account of an organization before operating a SERVICE_MANAGED stack set")
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeOrganizationsAccess.html
func (a *ask) describeOrganizationsAccess() (any, error) {
	err, o := a.administers(), a.server.formation.organization
	type access struct{ Status string }
	switch {
	case err != nil && o.told:
		return access{"DISABLED_PERMANENTLY"}, nil
	case err != nil:
		return nil, awsError{http.StatusBadRequest, "InvalidOperationException", "You must be the management account or a delegated administrator of an organization"}
	case o.closed:
		return access{"DISABLED"}, nil
	}
	return access{"ENABLED"}, nil
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackSetOperations.html
func (a *ask) listStackSetOperations() (any, error) {
	set, err := a.set()
	if err != nil {
		return nil, err
	}
	type summary struct{ OperationId, Action, Status string }
	var newest []summary
	for _, o := range slices.Backward(set.operations) {
		newest = append(newest, summary{o.id, o.action, o.status()})
	}
	return struct {
		Summaries []summary `xml:"Summaries>member"`
	}{newest}, nil
}
