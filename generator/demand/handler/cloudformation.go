package handler

import (
	"github.com/foldstack/foldstack/generator/symbol"

	"github.com/foldstack/foldstack/generator/arn"
)

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
var cloudFormation = map[string]kind{
	stackType: {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html",
		naming: naming{
			arn: "cloudformation:{region}:{account}:stack/{name}", forms: []string{"{root}-{any}/" + symbol.New("stack id")},
		},
		rows: []row{
			calls(Create, "cloudformation:CreateStack"),
			calls(always, "cloudformation:DescribeStacks"),
			calls(Read, "cloudformation:GetStackPolicy", "cloudformation:GetTemplate"),
			calls(Update, "cloudformation:UpdateStack"),
			// Each update of a nested stack can be rolled back before it ends: "make sure
			// that you have cancel update stack permissions", says the type's page.
			calls(Update, "cloudformation:CancelUpdateStack"),
			// A preview of a root stack that includes what it nests makes sets of the nested
			// stacks too.
			// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html
			calls(Update,
				"cloudformation:CreateChangeSet", "cloudformation:DeleteChangeSet", "cloudformation:DescribeChangeSet", "cloudformation:ExecuteChangeSet",
			).said("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html"),
			calls(Delete, "cloudformation:DeleteStack"),
			// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
			calls(write, "cloudformation:TagResource").when(tagged),
			calls(Update, "cloudformation:UntagResource").when(tagged),
		},
	},
	// A wait condition lives in CloudFormation alone.
	"AWS::CloudFormation::WaitCondition": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitcondition.html",
	},
	"AWS::CloudFormation::WaitConditionHandle": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitconditionhandle.html",
	},
	// A custom resource is a call of a function or a message to a topic.
	customResource: {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html",
		rows: []row{
			calls(write|Delete, "lambda:InvokeFunction").to(token("lambda", functionType)),
			calls(write|Delete, "sns:Publish").to(token("sns", topicType)),
		},
	},
}

const stackType = "AWS::CloudFormation::Stack"

// token is who does the work of a custom resource, where that is of the service.
func token(service, typ string) target {
	return func(s *Subject) []string {
		var arns []string
		for _, named := range that(typ, "ServiceToken")(s) {
			if arn.Service(named) == service {
				arns = append(arns, named)
			}
		}
		return arns
	}
}
