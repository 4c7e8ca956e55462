package handler

import (
	"strings"

	"github.com/foldstack/foldstack/generator/symbol"
)

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodeconnections.html
var codeSuite = map[string]kind{
	"AWS::CodePipeline::Pipeline": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codepipeline-pipeline.html",
		naming: naming{arn: "codepipeline:{region}:{account}:{name}"},
		rows: []row{
			calls(Create, "codepipeline:CreatePipeline"),
			calls(always, "codepipeline:GetPipeline"),
			calls(Create|Read|Update, "codepipeline:GetPipelineState"),
			calls(Read, "codepipeline:ListTagsForResource"),
			calls(Update, "codepipeline:UpdatePipeline"),
			calls(Update, "codepipeline:StartPipelineExecution").when(set("RestartExecutionOnUpdate")),
			calls(write, "codepipeline:DisableStageTransition").to(stages).when(set("DisableInboundStageTransitions")),
			calls(Update, "codepipeline:EnableStageTransition").to(stages).when(set("DisableInboundStageTransitions")),
			calls(write, "codepipeline:TagResource").when(tagged),
			calls(Update, "codepipeline:UntagResource").when(tagged),
			calls(Delete, "codepipeline:DeletePipeline"),
			calls(write, "iam:GetRole").to(that(roleType, "RoleArn")),
			passes(write, "codepipeline.amazonaws.com", "RoleArn"),
			// The service was renamed: policies hold both prefixes.
			// https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html
			calls(write, "codestar-connections:PassConnection").to(connections).when(set(connectionPath)).
				key("codestar-connections:passedtoservice", constant("codepipeline.amazonaws.com")).
				narrowed("codestar-connections:passedtoservice"),
			calls(write, "codeconnections:PassConnection").to(connections).when(set(connectionPath)).
				key("codeconnections:passedtoservice", constant("codepipeline.amazonaws.com")).
				narrowed("codeconnections:passedtoservice").
				said("https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html"),
		},
	},
	// The schema of a build project lists no handlers.
	//
	// https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-permissions-reference.html
	"AWS::CodeBuild::Project": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codebuild-project.html",
		naming: naming{arn: "codebuild:{region}:{account}:project/{name}"},
		rows: []row{
			calls(Create, "codebuild:CreateProject"),
			calls(Read|Update|Delete, "codebuild:BatchGetProjects"),
			calls(Update, "codebuild:UpdateProject"),
			calls(Delete, "codebuild:DeleteProject"),
			calls(write, "codebuild:CreateWebhook").when(set("Triggers.Webhook")),
			calls(Update, "codebuild:UpdateWebhook", "codebuild:DeleteWebhook").when(set("Triggers.Webhook")),
			passes(write, "codebuild.amazonaws.com", "ServiceRole"),
		},
	},
	"AWS::CodeConnections::Connection": connection(
		"codeconnections", "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codeconnections-connection.html",
	),
	"AWS::CodeStarConnections::Connection": connection(
		"codestar-connections", "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codestarconnections-connection.html",
	),
}

func connection(service, page string) kind {
	return kind{
		page:   page,
		naming: naming{arn: service + ":{region}:{account}:connection/{name}", forms: []string{"{any}"}},
		rows: []row{
			calls(Create, service+":CreateConnection").to(anything),
			calls(Read, service+":GetConnection"),
			calls(Read|Update, service+":ListTagsForResource"),
			calls(write, service+":TagResource").when(tagged),
			calls(Update, service+":UntagResource").when(tagged),
			calls(Delete, service+":DeleteConnection"),
		},
	}
}

// stages are those of a pipeline into which nothing may come.
func stages(s *Subject) []string {
	names := s.texts("DisableInboundStageTransitions.StageName")
	if len(names) == 0 {
		names = []string{symbol.New("stage")}
	}
	arns := make([]string, len(names))
	for i, name := range names {
		arns[i] = s.own() + "/" + name
	}
	return arns
}

const connectionPath = "Stages.Actions.Configuration.ConnectionArn"

// connections are those that a pipeline's sources use, by either name of the service.
func connections(s *Subject) []string {
	arns := s.texts(connectionPath)
	if len(arns) == 0 {
		arns = []string{s.fill("codeconnections:{region}:{account}:connection/{name}", symbol.New("connection"))}
	}
	var all []string
	for _, arn := range arns {
		if _, rest, ok := strings.Cut(arn, ":codeconnections:"); ok {
			all = append(all, arn, s.fill("codestar-connections:{name}", rest))
		} else {
			all = append(all, arn)
		}
	}
	return all
}
