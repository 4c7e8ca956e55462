package proof

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
)

// doubt is what would be if every condition that somebody wrote on a key of which nothing
// is known here, such as the id of an organisation or a tag, came out in favour of a
// request. What foldstack generates gets no benefit of it: that rests on keys which
// demands carry.
type doubt struct {
	request *authz.Request
	known   authz.Context
	keys    []string // on which it depends, as written
}

// inDoubt are the keys on which it depends whether an unmet question is met; none where
// it is unmet whatever they are.
func (q *question) inDoubt(asked *authz.Case) []string {
	d := doubt{request: &asked.Request, known: authz.Known(&asked.Request)}
	favoured := *asked
	favoured.Organization = make([][]*authz.Policy, len(asked.Organization))
	for i, level := range asked.Organization {
		favoured.Organization[i] = d.each(level, func(*authz.Policy) bool { return true })
	}
	favoured.Boundary = d.each(asked.Boundary, written)
	favoured.Identity = d.each(asked.Identity, written)
	favoured.Resource = d.each(asked.Resource, written)
	if len(d.keys) == 0 || q.outcomeOf(authz.Evaluate(&favoured)) == unmet {
		return nil
	}
	slices.SortFunc(d.keys, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return slices.CompactFunc(d.keys, strings.EqualFold)
}

// written reports whether a user wrote a policy.
func written(p *authz.Policy) bool {
	if from, ok := p.Source.(*lifted); ok {
		p = from.policy
	}
	s := sourceOf(p)
	return s != nil && s.resource.Entry.Written()
}

func (d *doubt) each(list []*authz.Policy, benefits func(p *authz.Policy) bool) []*authz.Policy {
	favouring := make([]*authz.Policy, len(list))
	for i, p := range list {
		favouring[i] = p
		if benefits(p) {
			favouring[i] = d.policy(p)
		}
	}
	return favouring
}

// policy is a policy without the conditions and the denials that stand against the
// request for no other reason than a key of which nothing is known.
func (d *doubt) policy(p *authz.Policy) *authz.Policy {
	var list []authz.Statement
	doubtful := false
	for i := range p.Statements {
		s := &p.Statements[i]
		rest, keys := d.without(s)
		denies := s.Effect == policy.Deny
		if len(keys) == 0 || s.Matches(d.request) != denies || !rest.Matches(d.request) {
			list = append(list, *s)
			continue
		}
		doubtful = true
		d.keys = append(d.keys, keys...)
		if !denies {
			list = append(list, rest)
		}
	}
	if !doubtful {
		return p
	}
	return authz.New(p.Kind, p.Name, p.Version, list, p.Source)
}

// without is a statement without its conditions on keys of which nothing is known, and
// the keys.
func (d *doubt) without(s *authz.Statement) (authz.Statement, []string) {
	certain, doubtful := split(s.Conditions, func(c authz.Condition) bool { return d.knows(strings.ToLower(c.Key)) })
	var keys []string
	for _, c := range doubtful {
		keys = append(keys, c.Key)
	}
	rest := *s
	rest.Conditions = certain
	return rest, keys
}

// knows reports whether it is known what a request says of a key, be it nothing.
func (d *doubt) knows(key string) bool {
	_, carried := d.request.Context[key]
	_, follows := d.known[key]
	return carried || follows || ofCaller[key]
}

// ofCaller are the keys of which the caller alone tells whether a request has them.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
var ofCaller = map[string]bool{
	"aws:principalaccount": true, "aws:principalarn": true, "aws:principalisawsservice": true, "aws:principalservicename": true,
	"aws:principaltype": true, "aws:username": true,
}
