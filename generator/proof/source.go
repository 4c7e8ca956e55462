package proof

import (
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
)

// Document is one policy document as a template writes it. A template that is deployed
// in many places, or belongs to a class, makes many policies of it.
type Document struct {
	Template string     // path of the template
	Resource string     // logical id of the resource that holds it
	Path     []string   // below the resource's properties
	Kind     authz.Kind // of the policies
	Written  bool       // a user wrote the resource, not foldstack

	policies []*authz.Policy // one per place, base first
}

// String is how people find the document.
func (d *Document) String() string {
	return d.Template + ": " + d.Resource + "." + strings.Join(d.Path, ".")
}

// source is where a policy stands; it is the Source of every policy that was gathered.
type source struct {
	resource *estate.Resource
	path     []string // of the document, below the properties
	list     bool     // Statement is a list, so that a statement has an index
	whole    bool     // what stands there is a statement, or a text: nothing in it has a line of its own
	document *Document
}

// sourceOf is where a policy was gathered; nil of one that stands in no template.
func sourceOf(p *authz.Policy) *source {
	s, _ := p.Source.(*source)
	return s
}

// placeOf is the line that caused a statement, or something in it.
func placeOf(s *authz.Statement, inside ...string) diag.Place {
	at := sourceOf(s.Policy)
	if at == nil {
		return diag.Place{}
	}
	path := append([]string(nil), at.path...)
	if !at.whole {
		path = append(path, "Statement")
	}
	if at.list {
		path = append(path, strconv.Itoa(s.Index))
	}
	return at.resource.At(append(path, inside...)...)
}

// nameOf is how people find a statement in its policy.
func nameOf(s *authz.Statement) string {
	if s.Sid != "" {
		return "the statement " + s.Sid
	}
	return "statement " + strconv.Itoa(s.Index+1)
}
