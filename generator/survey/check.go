package survey

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/template"
)

// check holds what the file says of a stack against its template.
func (r *reader) check() {
	for i := range r.survey.Stacks {
		s := &r.survey.Stacks[i]
		if s.Document == nil {
			continue
		}
		for _, p := range s.Parameters {
			r.allowed(s, p)
		}
		if chain := r.circle(s, nil); chain != nil {
			r.Problems.Addf("estate-circle", s.Place, "give one of them its value as a text", "outputs are handed round in a circle: %s", strings.Join(chain, " takes one of "))
		}
	}
}

// allowed checks that a parameter's template allows the value.
func (r *reader) allowed(s *Stack, p Parameter) {
	definition := template.Find(s.Document.Parameters, p.Name)
	if definition == nil { // reported where it was read
		return
	}
	m, _ := definition.Value.(cfn.Map)
	var allowed []string
	items, _ := m.Get("AllowedValues").([]any)
	for _, item := range items {
		allowed = append(allowed, template.Text(item))
	}
	if p.Stack == "" && len(allowed) > 0 && !slices.Contains(allowed, p.Value) {
		r.Problems.Addf("estate-parameter", p.Place, "it allows "+strings.Join(allowed, ", "), "the parameter %s of %s does not allow %q", p.Name, s.Document.Path, p.Value)
	}
}

// circle is the way from a stack by the outputs that it takes back to itself; only the
// first of the stacks in it, as the file has them, is told of it.
func (r *reader) circle(from *Stack, way []*Stack) []string {
	at := from
	if len(way) > 0 {
		at = way[len(way)-1]
	}
	for _, p := range at.Parameters {
		i := slices.IndexFunc(r.survey.Stacks, func(s Stack) bool { return p.Stack != "" && s.Key == p.Stack })
		if i < 0 {
			continue
		}
		next := &r.survey.Stacks[i]
		if next == from {
			chain := []string{from.Key}
			for _, s := range way {
				chain = append(chain, s.Key)
			}
			return append(chain, from.Key)
		}
		first := slices.IndexFunc(r.survey.Stacks, func(s Stack) bool { return s.Key == from.Key })
		if i < first || slices.Contains(way, next) {
			continue
		}
		if chain := r.circle(from, append(slices.Clone(way), next)); chain != nil {
			return chain
		}
	}
	return nil
}
