package handler

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
var stateMachines = []string{local("states", "stateMachine:{name:80}*")}

// Left out: a definition in S3 and a customer managed key.
var stepFunctions = map[string]resource{
	// A state machine without a name is called by its logical id alone.
	"AWS::StepFunctions::StateMachine": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html",
		naming: "StateMachineName",
		grants: []grant{
			{actions: []string{
				"states:CreateStateMachine",
				"states:DeleteStateMachine",
				"states:DescribeStateMachine",
				"states:ListTagsForResource",
				"states:TagResource",
				"states:UntagResource",
				"states:UpdateStateMachine",
			}, on: stateMachines},
			passRole("states.amazonaws.com"),
		},
	},
}
