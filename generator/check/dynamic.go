package check

import (
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// secureString begins a dynamic reference to a secure string of Parameter Store,
// which CloudFormation replaces in few properties. A function's environment is none
// of them.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html#template-parameters-dynamic-patterns-resources
const secureString = "{{resolve:ssm-secure:"

// SecureStrings reports environment variables for which CloudFormation would have to
// read a secure string. One in a text without a tag was reported when it was read.
func SecureStrings(p *model.Project, problems *diag.Problems) {
	for i := range p.Functions {
		for _, v := range writtenVariables(&p.Functions[i]) {
			if plain := v.Value.Tag == "" && v.Value.Kind == source.Scalar; !plain && holds(v.Value, secureString) {
				problems.Addf("dynamic-reference", v.Value.Place,
					"give the function the parameter's name, allow ssm:GetParameter on it, and let it read the value when it runs",
					"CloudFormation replaces no ssm-secure reference in a function's environment, and %s has one", v.Name)
			}
		}
	}
}

func holds(n *source.Node, text string) bool {
	if strings.Contains(n.Text, text) {
		return true
	}
	for _, item := range n.Items {
		if holds(item, text) {
			return true
		}
	}
	for _, pair := range n.Pairs {
		if holds(pair.Value, text) {
			return true
		}
	}
	return false
}
