package status

import "github.com/foldstack/foldstack/generator/model"

// consoles are the hosts of the console.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-json-format.html
// https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-arns.html
// https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/getting-started-sign-in.html
var consoles = map[model.Partition]string{
	model.Commercial: "console.aws.amazon.com",
	model.China:      "console.amazonaws.cn",
	model.GovCloud:   "console.amazonaws-us-gov.com",
}

// consoleLink is the page of a pipeline, in the form in which CodePipeline itself sends
// it to approvers.
func consoleLink(region, pipeline string) string {
	partition, _ := model.PartitionOf(region) // checked when it was generated
	return "https://" + consoles[partition] + "/codepipeline/home?region=" + region + "#/view/" + pipeline
}
