package generator

import (
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/proof"
)

// advise says of what a role lacks where the project's files give it that: nobody edits
// a generated policy.
func advise(p *model.Project, chains []proof.Chain) {
	functions, base := ":role/foldstack/"+p.Name+"/", ":role"+model.BasePath(p.Name)
	for i := range chains {
		c := &chains[i]
		for j := range c.Asked {
			a := &c.Asked[j]
			if !a.Missing || a.Kind != authz.Identity {
				continue
			}
			switch {
			case strings.Contains(c.Who, functions):
				a.Remedy = "write `- {allow: " + c.Action + ", on: …}` under `permissions` of the function"
			case strings.Contains(c.Who, base) && strings.HasSuffix(c.Who, model.CloudFormationRole("", c.Step.Environment)):
				a.Remedy = "give it a name that begins with " + p.Name + "-" + c.Step.Environment + "-, or write `- {allow: " + c.Action + ", on: …}` under `deployment` in foldstack.yaml"
			}
		}
	}
}
