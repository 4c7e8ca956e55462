package proof

import (
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/estate"
)

// documents are the policy documents of a set, in the order in which they were met.
type documents struct {
	list  []*Document
	byKey map[string]*Document
}

// keep makes a policy one of the estate and tells where it stands.
func (g *register) keep(p *authz.Policy, s *source) {
	p.Source = s
	g.kept = append(g.kept, p)
}

// add makes a policy that was kept one of the set: it tells its document.
func (all *documents) add(p *authz.Policy) {
	s := sourceOf(p)
	template := s.resource.Stack.Document.Path
	key := template + "\x00" + s.resource.ID + "\x00" + strings.Join(s.path, "\x00")
	d := all.byKey[key]
	if d == nil {
		d = &Document{Template: template, Resource: s.resource.ID, Path: s.path, Kind: p.Kind, Written: s.resource.Entry.Written()}
		all.byKey[key] = d
		all.list = append(all.list, d)
	}
	if p.Kind == authz.Boundary {
		d.Kind = authz.Boundary
	}
	d.policies = append(d.policies, p)
	s.document = d
}

// parsed is a policy of a template. What nobody can understand in it is left out, and said.
func (g *register) parsed(p *authz.Policy, errs []error) *authz.Policy {
	s := sourceOf(p)
	if s.resource.Type == restAPI {
		p = ofAPI(p, s)
	}
	g.keep(p, s)
	g.unreadable(s.resource, s.path, p.Name, errs)
	return p
}

// ofAPI is the policy of an API with the ARNs that API Gateway makes of execute-api:/….
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
func ofAPI(p *authz.Policy, s *source) *authz.Policy {
	statements := copied(p.Statements)
	for i := range statements {
		for _, list := range [][]string{statements[i].Resources, statements[i].NotResources} {
			for n, r := range list {
				if short, ok := strings.CutPrefix(r, "execute-api:/"); ok {
					list[n] = callsOf(s.resource) + "/" + short
				}
			}
		}
	}
	return authz.New(p.Kind, p.Name, p.Version, statements, s)
}

func (g *register) unreadable(r *estate.Resource, path []string, name string, errs []error) {
	for _, err := range errs {
		g.unread = append(g.unread, Note{Place: r.At(path...), Text: "in the " + name + ": " + err.Error()})
	}
}
