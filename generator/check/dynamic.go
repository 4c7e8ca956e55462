package check

import (
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// secureString begins a dynamic reference to a secure string of Parameter Store,
// which CloudFormation replaces in few properties. A function has none of them.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html#template-parameters-dynamic-patterns-resources
const secureString = "{{resolve:ssm-secure:"

// SecureStrings reports environment variables and VPCs for which CloudFormation would
// have to read a secure string. One in a text without a tag was reported when it was read.
func SecureStrings(p *model.Project, problems *diag.Problems) {
	for i := range p.Functions {
		for _, v := range writtenVariables(&p.Functions[i]) {
			if holdsSecureString(v.Value) {
				problems.Addf("dynamic-reference", v.Value.Place,
					"give the function the parameter's name, allow ssm:GetParameter on it, and let it read the value when it runs",
					"CloudFormation replaces no ssm-secure reference in a function's environment, and %s has one", v.Name)
			}
		}
		for _, vpc := range p.Functions[i].VPCs() {
			for _, n := range vpc.Value.IDs() {
				if holdsSecureString(n) {
					problems.Addf("dynamic-reference", n.Place, "keep the id, which is no secret, in a parameter of type String, and write {{resolve:ssm:…}}",
						"CloudFormation replaces no ssm-secure reference in a function's VPC")
				}
			}
		}
	}
}

func holdsSecureString(n *source.Node) bool {
	plain := n.Tag == "" && n.Kind == source.Scalar
	return !plain && holds(n, secureString)
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
