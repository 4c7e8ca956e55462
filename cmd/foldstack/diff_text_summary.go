package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diff"
)

// summary tells in a line or two what there is to look at.
func (s *session) summary(before, after side, r *diff.Report) {
	if r.Empty() {
		s.say("%s deploys what %s deploys: %s unchanged", after.Name, before.Name, count(r.Unchanged, "function"))
		return
	}
	s.say("%s changed, %d unchanged, between %s and %s", count(len(r.Functions), "function"), r.Unchanged, before.Name, after.Name)
	replaced, refused, lost, widened, narrowed := tally(r)
	var parts []string
	for _, part := range []struct {
		n    int
		text string
	}{{replaced, "replaced"}, {lost, "losing data"}, {refused, "refused by CloudFormation"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.text))
		}
	}
	if len(parts) > 0 {
		s.say("resources: %s", strings.Join(parts, ", "))
	}
	if widened+narrowed > 0 {
		s.say("permissions: %d more, %d less", widened, narrowed)
	}
}

// tally counts what deserves a look, each logical id of a unit once.
func tally(r *diff.Report) (replaced, refused, lost, widened, narrowed int) {
	for _, c := range slices.Concat(r.Functions, r.Stacks) {
		resources := map[string]diff.Resource{}
		grants := map[string]string{}
		for _, p := range c.Places {
			for _, resource := range p.Resources {
				resources[resource.ID] = resource
			}
			for _, g := range p.Grants {
				grants[g.Subject+" "+strings.Join(g.Actions, " ")+string(g.Action)+g.Policy] = grantSign(g)
			}
		}
		for _, resource := range resources {
			replaced += one(resource.Action == diff.Replaced)
			refused += one(resource.Refused != "")
			lost += one(resource.LosesData)
		}
		for _, sign := range grants {
			widened += one(sign == "+")
			narrowed += one(sign == "-")
		}
	}
	return replaced, refused, lost, widened, narrowed
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}
