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
	for i := range chains {
		c := &chains[i]
		environment := c.Step.Environment
		ofFunction := strings.Contains(c.Who, ":role"+model.FunctionPath(p.Name, environment))
		ofCloudFormation := strings.HasSuffix(c.Who, ":role"+model.BasePath(p.Name)+model.CloudFormationRole(p.Name, environment))
		for j := range c.Asked {
			a := &c.Asked[j]
			if !a.Missing || a.Kind != authz.Identity {
				continue
			}
			switch {
			case ofFunction:
				a.Remedy = "write `- {allow: " + c.Action + ", on: …}` under `permissions` of the function"
			case ofCloudFormation:
				a.Remedy = "give it a name that begins with " + p.Name + "-" + environment + "-, or write `- {allow: " + c.Action + ", on: …}` under `deployment` in foldstack.yaml"
			}
		}
	}
}
