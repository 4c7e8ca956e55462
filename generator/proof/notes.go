package proof

import (
	"maps"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/symbol"
)

// notes gathers what a reader should know although no demand hangs on it.
func (p *Proof) notes() {
	for _, s := range append([]*scope{p.base}, p.classes...) {
		p.Notes = append(p.Notes, s.unread...)
		p.Notes = append(p.Notes, s.unknownPolicies()...)
	}
	for _, d := range p.documents.list {
		p.Notes = append(p.Notes, p.rolesByARN(d)...)
	}
	p.Notes = once(p.Notes)
}

// once is a list without repetition: a template that is deployed twice is noted once.
func once(notes []Note) []Note {
	seen := map[Note]bool{}
	return slices.DeleteFunc(notes, func(n Note) bool {
		again := seen[n]
		seen[n] = true
		return again
	})
}

// unknownPolicies names the policies of callers whose content is not known here.
func (g *register) unknownPolicies() []Note {
	var list []Note
	for _, arn := range slices.Sorted(maps.Keys(g.callers)) {
		c := g.callers[arn]
		for _, managed := range c.unknown {
			list = append(list, Note{
				Place: c.resource.At("ManagedPolicyArns"),
				Text:  "the content of " + symbol.Show(managed) + " is not known here, so that " + callerName(c.resource) + " may do more than what was proved",
			})
		}
		if c.unbound != "" {
			list = append(list, Note{
				Place: c.resource.At("PermissionsBoundary"),
				Text:  "the content of the boundary " + symbol.Show(c.unbound) + " is not known here, so that nothing of what " + callerName(c.resource) + " does can be proved",
			})
		}
	}
	return list
}

// rolesByARN are the roles that a resource's policy names as principals. AWS keeps the id
// of the role and not its ARN: it refuses the policy where the role does not exist yet,
// and a role that is deleted and made again is another.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
func (p *Proof) rolesByARN(d *Document) []Note {
	if !d.Kind.OfResource() {
		return nil
	}
	var list []Note
	for i := range d.policies[0].Statements {
		s := &d.policies[0].Statements[i]
		for _, who := range s.Principals {
			if who.Type == "AWS" && strings.Contains(who.Value, ":role/") {
				list = append(list, p.roleByARN(s, who.Value))
			}
		}
	}
	return list
}

func (p *Proof) roleByARN(s *authz.Statement, arn string) Note {
	n := Note{
		Place: placeOf(s, "Principal"),
		Hint:  "name the account, and the role in a condition on aws:PrincipalArn: that holds before the role exists, and after it was made again",
		Text:  nameOf(s) + " of " + s.Policy.Name + " names the role " + symbol.Show(arn) + " as its principal: AWS keeps the role's id instead, and once the role is deleted and made again it is shut out",
	}
	here := sourceOf(s.Policy).resource.Stack
	switch made := p.caller(arn); {
	case made == nil:
		n.Text = nameOf(s) + " of " + s.Policy.Name + " names the role " + symbol.Show(arn) + ", which no template makes: AWS refuses the policy unless the role exists"
	case root(made.resource.Stack) != root(here):
		n.Text += "; it also has to exist before, and the stack " + symbol.Show(root(made.resource.Stack).Name) + " makes it"
	}
	return n
}
