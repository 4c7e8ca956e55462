package survey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// check holds what the file says of a stack against its template and against the others.
func (r *reader) check() {
	r.unique()
	for i := range r.survey.Stacks {
		s := &r.survey.Stacks[i]
		if s.Document == nil {
			continue
		}
		for _, p := range s.Parameters {
			r.allowed(s, p)
		}
		r.given(s)
		if chain := r.circle(s, nil); chain != nil {
			r.Problems.Addf("estate-circle", s.Place, "give one of them its value as a text", "outputs are handed round in a circle: %s", strings.Join(chain, " takes one of "))
		}
	}
}

// spot is where there is one stack of a name.
type spot struct{ name, account, region string }

// unique checks that no two stacks have one name in one place; CloudFormation would
// update the one to the other.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
func (r *reader) unique() {
	taken := map[spot]*Stack{}
	for i := range r.survey.Stacks {
		s := &r.survey.Stacks[i]
		if at, first := s.claim(taken); first != nil {
			r.Problems.Add(diag.Problem{
				Rule:  "estate-duplicate-stack",
				Place: s.Place,
				Text:  fmt.Sprintf("there is a stack %s in account %s, %s, already", at.name, at.account, at.region),
				Hint:  "give one of the two another name, and write each account and region once",
				Notes: []diag.Note{{Place: first.Place, Text: "the other one"}},
			})
		}
	}
}

// claim takes the spots of a stack, up to the first that was taken before.
func (s *Stack) claim(taken map[spot]*Stack) (spot, *Stack) {
	for _, account := range s.Accounts {
		for _, region := range s.Regions {
			at := spot{s.Name, account, region}
			if first := taken[at]; first != nil {
				return at, first
			}
			taken[at] = s
		}
	}
	return spot{}, nil
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

// given checks that a stack is given every parameter of its template that has no default.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
func (r *reader) given(s *Stack) {
	for i := range s.Document.Parameters {
		p := &s.Document.Parameters[i]
		m, _ := p.Value.(cfn.Map)
		if m.Has("Default") || slices.ContainsFunc(s.Parameters, func(given Parameter) bool { return given.Name == p.Name }) {
			continue
		}
		r.Problems.Add(diag.Problem{
			Rule:  "missing-parameter",
			Place: s.Place,
			Text:  fmt.Sprintf("%s is not given the parameter %s of %s, which has no default", s.Key, p.Name, s.Document.Path),
			Hint:  "write it under `parameters:` of the stack",
			Notes: []diag.Note{{Place: p.Place, Text: "the parameter"}},
		})
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
