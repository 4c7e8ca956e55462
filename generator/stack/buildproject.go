package stack

import (
	"github.com/awslabs/goformation/v7/cloudformation/codebuild"
	"github.com/awslabs/goformation/v7/cloudformation/logs"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
)

const (
	buildLogDays       = 365 // https://docs.aws.amazon.com/controltower/latest/controlreference/cloudwatch-rules.html
	buildQueuedMinutes = 480 // the longest: new accounts run one build at a time
)

// addBuild adds the project that builds and publishes.
func addBuild(t *cfn.Template, p *model.Project) {
	t.Add("BuildLog", &logs.LogGroup{
		LogGroupName: cfn.Ptr(buildLogGroup(p)), RetentionInDays: cfn.Ptr(buildLogDays), KmsKeyId: cfn.Ptr(importedKey(p, p.Tooling.Region)),
	})
	t.Add("BuildProject", &codebuild.Project{
		Name:          cfn.Ptr(model.BuildProject(p.Name)),
		Description:   cfn.Ptr("Builds and publishes the functions of " + p.Name),
		ServiceRole:   toolingRoleARN(p, roleBuild),
		EncryptionKey: cfn.Ptr(importedKey(p, p.Tooling.Region)),
		Source:        &codebuild.Project_Source{Type: "CODEPIPELINE", BuildSpec: cfn.Ptr(sourcePath(p, BuildspecPath))},
		Artifacts:     &codebuild.Project_Artifacts{Type: "CODEPIPELINE"},
		Environment: &codebuild.Project_Environment{
			Type: p.Build.Type, ComputeType: p.Build.ComputeType, Image: p.Build.Image, PrivilegedMode: cfn.Ptr(p.Build.Privileged),
		},
		TimeoutInMinutes:       cfn.Ptr(p.Build.Timeout),
		QueuedTimeoutInMinutes: cfn.Ptr(buildQueuedMinutes),
		LogsConfig: &codebuild.Project_LogsConfig{CloudWatchLogs: &codebuild.Project_CloudWatchLogsConfig{
			Status: "ENABLED", GroupName: cfn.Ptr(cfn.Ref("BuildLog")),
		}},
	})
}
