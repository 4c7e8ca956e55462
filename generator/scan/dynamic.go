package scan

import (
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
)

// dynamicReference begins what CloudFormation replaces in any text of a property.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
const dynamicReference = "{{resolve:"

// checkDynamic reports dynamic references in texts of foldstack.yaml and
// function.yaml. Text there is text: a value that should be replaced says so by a
// CloudFormation tag. resources.yaml and templates are CloudFormation's own.
func checkDynamic(n *source.Node, problems *diag.Problems) {
	if n == nil || n.Tag != "" || isFunction(n) {
		return
	}
	if n.Kind == source.Scalar && strings.Contains(n.Text, dynamicReference) {
		problems.Addf("dynamic-reference", n.Place, dynamicHint(n.Text), "CloudFormation would replace %s in this text", dynamicReference+"…}}")
	}
	for _, item := range n.Items {
		checkDynamic(item, problems)
	}
	for _, pair := range n.Pairs {
		checkDynamic(pair.Key, problems)
		checkDynamic(pair.Value, problems)
	}
}

// isFunction reports whether a mapping is the long form of a tag.
func isFunction(n *source.Node) bool {
	return n.Kind == source.Mapping && len(n.Pairs) == 1 && strings.HasPrefix(n.Pairs[0].Key.Text, "Fn::")
}

// dynamicHint tells how to get at what the reference names. A secret that
// CloudFormation puts into a function's configuration stands there in plain text.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
func dynamicHint(text string) string {
	const start = dynamicReference
	if strings.Contains(text, start+"secretsmanager:") || strings.Contains(text, start+"ssm-secure:") {
		return "let the function read the secret when it runs: give it the secret's name or ARN and allow secretsmanager:GetSecretValue or ssm:GetParameter on it"
	}
	return "write the text in quotes and !Sub in front of it if CloudFormation shall replace it"
}
