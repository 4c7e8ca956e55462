package proof

import (
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// documents are the policy documents of a set, in the order in which they were met.
type documents struct {
	list  []*Document
	byKey map[string]*Document
}

// keep makes a policy one of the set: it tells its document and where it stands.
func (g *register) keep(p *authz.Policy, s *source) {
	p.Source = s
	template := s.resource.Stack.Document.Path
	key := template + "\x00" + s.resource.ID + "\x00" + strings.Join(s.path, "\x00")
	d := g.documents.byKey[key]
	if d == nil {
		d = &Document{Template: template, Resource: s.resource.ID, Path: s.path, Kind: p.Kind, Written: s.resource.Entry.Written()}
		g.documents.byKey[key] = d
		g.documents.list = append(g.documents.list, d)
	}
	d.policies = append(d.policies, p)
	s.document = d
}

// parse reads a document that stands in a template. What nobody can understand in it is
// left out, and said.
func (g *register) parse(document any, kind authz.Kind, name string, s *source) *authz.Policy {
	p, errs := authz.Parse(kind, name, document, s)
	g.keep(p, s)
	g.unreadable(s.resource, s.path, name, errs)
	return p
}

func (g *register) unreadable(r *estate.Resource, path []string, name string, errs []error) {
	for _, err := range errs {
		g.unread = append(g.unread, Note{Place: r.At(path...), Text: "in the " + name + ": " + err.Error()})
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func hasSymbol(text string) bool { return symbol.In(text) }
