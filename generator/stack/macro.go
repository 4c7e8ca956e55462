package stack

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/policy/ceiling"
)

// invokeFunction is what CloudFormation does with a macro's function.
const invokeFunction = "lambda:InvokeFunction"

// userMacros lists the macros of users' templates, each once.
func userMacros(p *model.Project) []cfn.Macro {
	var all []cfn.Macro
	for i := range p.Functions {
		if r := p.Functions[i].Resources; r != nil {
			all = append(all, cfn.Macros(r.Root)...)
		}
	}
	for i := range p.Stacks {
		all = append(all, cfn.Macros(p.Stacks[i].Template)...)
	}
	slices.SortStableFunc(all, func(a, b cfn.Macro) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(all, func(a, b cfn.Macro) bool { return a.Name == b.Name })
}

// macros let CloudFormation apply the macros of AWS's own that users' templates have. Those
// of users call functions that nobody here knows, with the same role.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-overview.html
func (t *target) macros() []policy.Statement {
	var hosted []string
	for _, m := range userMacros(t.project) {
		if name, ok := strings.CutPrefix(m.Name, "AWS::"); ok {
			hosted = append(hosted, cfn.Sub(partition+"cloudformation:*:aws:transform/"+name))
			continue
		}
		if !ceiling.Covered(t.project.Deployment, invokeFunction) {
			t.problems.Addf("macro-permissions", m.Node.Place,
				"write `- {allow: "+invokeFunction+", on: !Sub \"arn:${AWS::Partition}:lambda:*:${AWS::AccountId}:function:…\"}` under `deployment:` in "+t.project.Place.File+", with the function's name",
				"CloudFormation calls the function of the macro %s with the role of the deployment, and nothing lets it", m.Name)
		}
	}
	if len(hosted) == 0 {
		return nil
	}
	return []policy.Statement{{Actions: []string{"cloudformation:CreateChangeSet"}, Resources: hosted}}
}
