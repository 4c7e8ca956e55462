package check

import (
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy/ceiling"
)

// Boundary reports permissions of functions that the permissions boundary of
// their roles takes away again: they would be deployed and denied.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
func Boundary(p *model.Project, problems *diag.Problems) {
	for _, fn := range p.Functions {
		networkBoundary(p, &fn, problems)
		for _, permission := range fn.Permissions {
			for _, action := range permission.Allow {
				if !ceiling.Outside(p.Boundary, action.Value) {
					continue
				}
				problems.Add(diag.Problem{
					Rule:  "outside-boundary",
					Place: action.Place,
					Text:  action.Value + " lies outside of the boundary of the project's roles, so that " + fn.Name + " could not use it",
					Hint:  boundaryHint(p, action.Value),
					Notes: boundaryNote(p),
				})
			}
		}
	}
}

// networkBoundary reports each VPC to which Lambda could not attach the function.
func networkBoundary(p *model.Project, fn *model.Function, problems *diag.Problems) {
	for _, vpc := range fn.VPCs() {
		if !vpc.Value.Attached() {
			continue
		}
		if lacking := lackingForNetwork(p); len(lacking) > 0 {
			problems.Add(diag.Problem{
				Rule:  "outside-boundary",
				Place: vpc.Place,
				Text:  "what Lambda does to attach a function to this VPC lies outside of the boundary of the project's roles",
				Hint:  "add " + strings.Join(lacking, ", ") + " under `boundary:` in " + p.Place.File,
				Notes: boundaryNote(p),
			})
		}
	}
}

// lackingForNetwork are the actions on network interfaces that the boundary does not open.
func lackingForNetwork(p *model.Project) []string {
	var lacking []string
	for _, action := range model.NetworkActions {
		if ceiling.Outside(p.Boundary, action) {
			lacking = append(lacking, action)
		}
	}
	return lacking
}

func boundaryHint(p *model.Project, action string) string {
	switch {
	case ceiling.Forbidden(action):
		return "no function may change identities, the organisation or the account; name the single actions that only read"
	case len(p.Boundary) == 0:
		return "write `boundary:` in " + p.Place.File + " with everything that functions may do, such as `- allow: [dynamodb:*, " + action + "]`; it takes the place of the standard boundary"
	}
	return "add it under `boundary:` in " + p.Place.File + ", or name single actions in the place of a wildcard"
}

func boundaryNote(p *model.Project) []diag.Note {
	if len(p.Boundary) == 0 {
		return nil
	}
	return []diag.Note{{Place: p.Boundary[0].Place, Text: "the boundary"}}
}
