package proof

import (
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/symbol"
)

// remarks are what people overlook about an answer.
func (a *answer) remarks() []string {
	list := a.question.remarks()
	if len(a.doubtful) > 0 {
		list = append(list, "it depends on "+strings.Join(a.doubtful, ", ")+", which "+[2]string{"is", "are"}[min(len(a.doubtful)-1, 1)]+" not known here")
	}
	return list
}

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
			list = append(list, "no template makes "+symbol.Show(p.Value)+", which "+symbol.Show(s.String())+" names")
		}
	}
	return list
}

func (s *scope) makes(arn string) bool {
	return s.callers[arn] != nil || s.base != nil && s.base.makes(arn)
}

// helpless tells why no policy can help, or "" where one can.
func (q *question) helpless() string {
	switch {
	case q.passedAway():
		return passedAway
	case q.ofAWS():
		return keyOfAWS
	}
	return ""
}

// keyOfAWS: the policy of a key that AWS manages names the principals of the account.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
const keyOfAWS = "no service may use a key that AWS manages for others, and nobody can change its policy: encrypt by a key of your own, whose policy lets the service in"

func (q *question) ofAWS() bool {
	return q.request.Principal.Service != "" && strings.Contains(q.request.Resource, ":alias/aws/")
}

// passedAway is about roles.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
const passedAway = "a role can only be passed in its own account: name one of the account of the caller, or let a role of the other account make the call"

func (q *question) passedAway() bool {
	r := q.request
	return r.Action == "iam:PassRole" && arn.Account(r.Resource) != "" && arn.Account(r.Resource) != callerAccount(r)
}
