package authz

import (
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Report is a statement held against a request, part by part.
type Report struct {
	Statement *Statement
	Parts     []Part
}

// Part is one part of a statement.
type Part struct {
	Name string // "principal", "action", "resource", "condition"
	Met  bool
	Open bool   // it would take the value of a symbol to decide
	Why  string // in words, with symbols as people read them
}

// Matches reports whether every part is met.
func (r *Report) Matches() bool { return len(r.Missed()) == 0 }

// Missed are the parts that are not met.
func (r *Report) Missed() []Part {
	var missed []Part
	for _, p := range r.Parts {
		if !p.Met {
			missed = append(missed, p)
		}
	}
	return missed
}

// distance orders reports: another action is farther than any other part.
func (r *Report) distance() int {
	d := 0
	for _, p := range r.Missed() {
		d += 1 << 8
		if p.Name == "action" {
			d += 1 << 24
		}
	}
	// Of statements that miss as much, the one is meant that says more of what it meets.
	return d + 1<<8 - 1 - min(len(r.Parts)-len(r.Missed()), 1<<8-1)
}

// matches reports whether nothing is missed.
func (r *Report) matches() bool { return len(r.Missed()) == 0 }

// Report holds a statement against a request.
func (s *Statement) Report(r *Request) Report { return reportOf(s.compiled(), newCall(r)) }

func reportOf(s *compiledStatement, c *call) Report {
	r := Report{Statement: s.Statement}
	if len(s.principals)+len(s.notPrincipals) > 0 {
		r.Parts = append(r.Parts, s.principalPart(c))
	}
	r.Parts = append(r.Parts, s.actionPart(c))
	if len(s.resources)+len(s.notResources) > 0 {
		r.Parts = append(r.Parts, s.resourcePart(c))
	}
	for i := range s.conditions {
		r.Parts = append(r.Parts, s.conditions[i].part(c))
	}
	return r
}

func (s *compiledStatement) principalPart(c *call) Part {
	who := symbol.Show(c.caller.Service + c.caller.ARN)
	p := Part{Name: "principal", Met: s.names(c) != unnamed}
	if len(s.notPrincipals) > 0 {
		p.Why = fmt.Sprintf("its NotPrincipal %s %s %s", shownPrincipals(s.NotPrincipals), verb(!p.Met, "leaves out", "does not leave out"), who)
		if !p.Met && c.bounded {
			p.Why += ", which has a permissions boundary"
		}
		return p
	}
	p.Why = fmt.Sprintf("its principal %s %s %s", shownPrincipals(s.Principals), verb(p.Met, "is", "is not"), who)
	if !p.Met {
		p.Why += s.goneOrElsewhere(c)
	}
	return p
}

// goneOrElsewhere tells what surprises people about principals.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
func (s *compiledStatement) goneOrElsewhere(c *call) string {
	for _, p := range s.Principals {
		if strings.HasPrefix(p.Value, "AROA") || strings.HasPrefix(p.Value, "AIDA") {
			return "; " + p.Value + " is the id of a role or user that was deleted, and one made again under its name is another"
		}
	}
	for _, n := range s.principals {
		if n.sort == anAccount && c.caller.identity != service {
			return fmt.Sprintf(" of the account %s", symbol.Show(c.caller.account))
		}
	}
	return ""
}

func (s *compiledStatement) actionPart(c *call) Part {
	p := Part{Name: "action", Met: s.matchesAction(c)}
	if len(s.NotActions) > 0 {
		p.Why = fmt.Sprintf("its NotAction %s %s %s", some(s.NotActions), verb(!p.Met, "includes", "does not include"), c.Action)
		return p
	}
	p.Why = fmt.Sprintf("its action %s %s %s", some(s.Actions), verb(p.Met, "includes", "is not"), c.Action)
	if n := len(s.Actions); n > 1 && !p.Met {
		p.Why = fmt.Sprintf("none of its %d actions is %s", n, c.Action)
	}
	return p
}

func (s *compiledStatement) resourcePart(c *call) Part {
	p := Part{Name: "resource", Met: s.matchesResource(c)}
	resource := symbol.Show(c.Resource)
	if len(s.NotResources) > 0 {
		p.Why = fmt.Sprintf("its NotResource %s %s %s", some(s.NotResources), verb(!p.Met, "includes", "does not include"), resource)
		return p
	}
	if p.Met {
		p.Why = fmt.Sprintf("its resource %s includes %s", some(s.Resources), resource)
		return p
	}
	alike := mostAlike(s.Resources, c.Resource)
	p.Why = fmt.Sprintf("its resource %s is not %s", symbol.Show(alike), resource)
	if n := len(s.Resources); n > 1 {
		p.Why = fmt.Sprintf("none of its %d resources is %s; %s is the most alike", n, resource, symbol.Show(alike))
	}
	p.Why += s.unlike(alike, c)
	return p
}

// unlike tells what surprises people about resources.
func (s *compiledStatement) unlike(alike string, c *call) string {
	a, _ := arn.Parse(alike)
	switch {
	// https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
	case a.Service == "kms" && strings.HasPrefix(a.Resource, "alias/") && isKey(c.target):
		return "; in a policy an alias does not stand for its key"
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html
	case a.Service == "s3" && c.target.Service == "s3" && strings.HasPrefix(c.target.Resource, a.Resource+"/"):
		return "; a bucket does not include its objects"
	}
	for i := range s.resources {
		p := &s.resources[i]
		if p.written != alike {
			continue
		}
		if _, ok := p.bind(c); !ok {
			return "; the request has no value for its variable"
		}
		if strings.Contains(a.Region+a.Account, "${") {
			return "; a variable may stand behind the fifth colon only"
		}
	}
	return ""
}

func (c *condition) part(r *call) Part {
	o := c.holds(r)
	values, present := r.values(c.key)
	has := "none"
	if present {
		has = some(values)
	}
	return Part{
		Name: "condition", Met: o == met, Open: o == open,
		Why: fmt.Sprintf("its condition %s %s is %s, the request has %s%s", c.written.Operator, c.written.Key, some(c.written.Values), has, c.openness(o, values)),
	}
}

// openness tells why a comparison could not be made.
func (c *condition) openness(o outcome, values []string) string {
	switch {
	case o != open:
		return ""
	case c.quantifier == single && len(values) > 1:
		return ": several values need ForAnyValue or ForAllValues"
	case slices.ContainsFunc(values, symbol.In) || slices.ContainsFunc(c.written.Values, symbol.In):
		return ", and only a deployment tells"
	default:
		return ", which cannot be compared"
	}
}

func verb(met bool, yes, no string) string {
	if met {
		return yes
	}
	return no
}

// few is how many texts of a list are worth reading.
const few = 3

func some(texts []string) string {
	shown := make([]string, 0, few)
	for _, text := range texts[:min(len(texts), few)] {
		if text == "" {
			text = `""`
		}
		shown = append(shown, symbol.Show(text))
	}
	list := strings.Join(shown, ", ")
	if more := len(texts) - few; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}

func shownPrincipals(all []Principals) string {
	texts := make([]string, len(all))
	for i, p := range all {
		texts[i] = p.Value
	}
	return some(texts)
}

// mostAlike is the pattern that agrees longest with a text.
func mostAlike(patterns []string, text string) string {
	best, longest := "", -1
	for _, p := range patterns {
		n := 0
		for n < len(p) && n < len(text) && p[n] == text[n] {
			n++
		}
		if n > longest {
			best, longest = p, n
		}
	}
	return best
}
