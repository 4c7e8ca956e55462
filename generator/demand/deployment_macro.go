package demand

import (
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/estate"
)

const (
	macroPage       = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html"
	macroInvokePage = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-overview.html"
	macroType       = "AWS::CloudFormation::Macro"
)

// macros adds what is called to rewrite a template. CloudFormation does that as the role
// that it was passed: with those that AWS hosts it makes a change set, and of one's own it
// calls the function. That is known where a template makes the macro.
func (w *deploying) macros(stack *estate.Stack) {
	for _, m := range stack.Document.Macros {
		c, why := w.caller(m.Node.Place), "CloudFormation applies the macro "+m.Name
		if hosted, ok := strings.CutPrefix(m.Name, "AWS::"); ok {
			arn := arnOf(stack.Partition, "cloudformation", stack.Region, "aws", "transform/"+hosted)
			// It is everybody's, so that the role's own policies decide.
			on := thing{arn: arn, owner: c.account, within: []string{anyRegion(arn)}}
			w.add(c.from(macroPage).calls(why, on, createChangeSet)...)
			continue
		}
		if function := w.macroFunction(m, stack); function != "" {
			on := thing{arn: function, within: []string{w.generalised(anyRegion(function))}}
			w.add(c.from(macroInvokePage).calls(why, on, "lambda:InvokeFunction")...)
		}
	}
}

// macroFunction is the ARN of the function of a macro that is there for a stack, or "".
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-macro.html
func (w *deploying) macroFunction(m cfn.Macro, in *estate.Stack) string {
	for _, r := range w.Estate.OfType(macroType) {
		if r.Stack.Account == in.Account && r.Stack.Region == in.Region && textAt(r.Properties, "Name") == m.Name {
			if function := textAt(r.Properties, "FunctionName"); serviceOf(function) == "lambda" {
				return unqualified(function)
			}
		}
	}
	return ""
}
