package live

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

// served are the accounts and regions that have left the configuration and that the
// tooling account still serves, as far as a template names them by which a stack of it was
// deployed. The pipeline updates its own stack and a person the tooling stack, so that
// either may name what the other has forgotten.
func served(p *model.Project, found []*Stack) (accounts, regions []string) {
	for _, s := range found {
		if !s.Ours || s.Place.Account != p.Tooling.Account || s.Kind != Tooling && s.Kind != Pipeline {
			continue
		}
		for _, a := range s.arns() {
			switch {
			case isDeployRole(p.Name, a) && !configured(p, a.Account):
				accounts = append(accounts, a.Account)
			case isKey(p, a) && !slices.Contains(p.Regions(), a.Region):
				regions = append(regions, a.Region)
			}
		}
	}
	return distinct(accounts), distinct(regions)
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// configured reports an account of the configuration.
func configured(p *model.Project, account string) bool {
	return account == p.Tooling.Account || slices.Contains(p.Accounts(), account)
}

// isKey reports the key in one of its regions. The roles of the tooling account and the
// stores of the pipeline's artifacts name it in all that the project has.
func isKey(p *model.Project, a arn.ARN) bool {
	return a.Service == "kms" && a.Account == p.Tooling.Account
}

// isDeployRole reports a deploy role of a target account. The actions of the pipeline and
// the policy of its role name those of all targets; conditions name them in any account.
func isDeployRole(project string, a arn.ARN) bool {
	name, ok := strings.CutPrefix(a.Resource, "role"+model.BasePath(project))
	environment := strings.TrimSuffix(strings.TrimPrefix(name, project+"-"), "-deploy")
	return ok && a.Service == "iam" && a.Account != "*" && name == model.DeployRole(project, environment)
}

// arns are those that the template names by which the stack was deployed, as they are in
// its place. What foldstack did not write there has none that it looks for.
func (s *Stack) arns() []arn.ARN {
	var unsaid diag.Problems
	root := source.Parse(s.Name, []byte(s.Deployed), &unsaid)
	document := template.Written(s.Name, root, len(s.Deployed), &unsaid)
	made := estate.Of([]estate.Root{{Document: document, Name: s.Name, Account: s.Place.Account, Region: s.Place.Region, Parameters: s.Parameters}}, &unsaid)
	var all []arn.ARN
	for _, stack := range made.Stacks {
		for _, r := range stack.Resources {
			eachText(r.Properties, func(text string) {
				if a, ok := arn.Parse(text); ok {
					all = append(all, a)
				}
			})
		}
	}
	return all
}

func eachText(value any, tell func(string)) {
	switch v := value.(type) {
	case string:
		tell(v)
	case []any:
		for _, item := range v {
			eachText(item, tell)
		}
	case cfn.Map:
		for _, e := range v {
			eachText(e.Value, tell)
		}
	}
}
