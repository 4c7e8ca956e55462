package proof

import (
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/symbol"
)

// remarks are what people overlook about a question.
func (q *question) remarks() []string {
	var list []string
	if who := q.request.Principal.ARN; who != "" && q.caller == nil && !strings.HasSuffix(who, ":root") {
		list = append(list, "no template makes "+symbol.Show(who)+", so nothing is known of what it may do")
	}
	if q.caller != nil {
		for _, arn := range q.caller.unknown {
			list = append(list, "the content of "+symbol.Show(arn)+" is not known here")
		}
		if q.caller.unbound != "" {
			list = append(list, "the content of the boundary "+symbol.Show(q.caller.unbound)+" is not known here")
		}
	}
	if q.elsewhere {
		list = append(list, "no template holds "+symbol.Show(q.request.Resource)+", so its own policy is not known here")
	}
	if asked := q.demands[0].Resource; q.member == nil && asked != q.request.Resource {
		list = append(list, symbol.Show(asked)+" is an alias: policies are asked about the key behind it")
	}
	return list
}

// strangers are the roles that a statement names and no template makes.
func (q *question) strangers(s *authz.Statement) []string {
	var list []string
	for _, p := range s.Principals {
		if p.Type == "AWS" && strings.Contains(p.Value, ":role/") && !q.scope.makes(p.Value) {
			list = append(list, "no template makes "+symbol.Show(p.Value)+", which "+s.String()+" names")
		}
	}
	return list
}

func (s *scope) makes(arn string) bool {
	return s.callers[arn] != nil || s.base != nil && s.base.makes(arn)
}

// passedAway is said where no policy can help.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
const passedAway = "a role can only be passed in its own account: name one of the account of the caller, or let a role of the other account make the call"

func (q *question) passedAway() bool {
	r := q.request
	return r.Action == "iam:PassRole" && accountOf(r.Resource) != "" && accountOf(r.Resource) != callerAccount(r)
}
