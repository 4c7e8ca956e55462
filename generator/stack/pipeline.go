package stack

import (
	"fmt"
	"strconv"

	"github.com/awslabs/goformation/v7/cloudformation/codepipeline"
	eventbridge "github.com/awslabs/goformation/v7/cloudformation/events"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// The artifacts of a run.
const (
	sourceArtifact = "Source" // the project as it was committed
	builtArtifact  = "Built"  // its output folder, after everything in it was published
)

// handedOver is how a template is written that CodePipeline hands to CloudFormation: in
// ASCII, for beyond that it spoils what is too large for a call. Templates that
// CloudFormation reads by itself stay legible; it deploys their characters as they are.
//
// https://github.com/aws/aws-cdk/issues/12372
// https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/814
const handedOver = true

// sourceNamespace makes the source action's variables known to the approval.
const sourceNamespace = "Source"

// ChangeSetName is the name of the change set that a prepare action makes and an
// execute action executes: one stack is prepared by one stage only.
const ChangeSetName = "foldstack"

// capabilities are what an orchestration needs acknowledged: its nested stacks make
// roles, a user's stack may name one, and may use a transform.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
const capabilities = "CAPABILITY_NAMED_IAM,CAPABILITY_AUTO_EXPAND"

// Pipeline is the stack of the pipeline: source, update of itself, build, and for
// each environment prepare, approve and execute. It depends on environments,
// accounts, regions and settings, on how many orchestrations there are, and on no
// function. It holds no IAM resource.
func Pipeline(p *model.Project, orchestrations int, problems *diag.Problems) (*cfn.Template, error) {
	if orchestrations < 1 {
		return nil, diag.Bugf("a pipeline for %d orchestrations", orchestrations)
	}
	checkWaves(p, orchestrations, problems)
	t := &cfn.Template{ASCII: handedOver, Header: header(p, p.Place.File), Description: "Pipeline of " + p.Name}
	pipeline := &codepipeline.Pipeline{
		Name:         cfn.Ptr(model.PipelineName(p.Name)),
		PipelineType: cfn.Ptr("V2"),
		// A newer run overtakes one that waits for a stage, so that an approver is
		// asked about the newest and no queue forms behind an approval. PARALLEL would
		// let two runs into one stage, and has no rollback.
		// https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
		ExecutionMode: cfn.Ptr("SUPERSEDED"),
		// The update stage stops the run that it changes; this starts it again.
		RestartExecutionOnUpdate: cfn.Ptr(true),
		RoleArn:                  toolingRoleARN(p, rolePipeline),
		Stages:                   []codepipeline.Pipeline_StageDeclaration{sourceStage(p), updateStage(p), buildStage(p)},
	}
	setStores(pipeline, p)
	for i := range p.Environments {
		e := &p.Environments[i]
		for _, w := range waves(e, orchestrations) {
			pipeline.Stages = append(pipeline.Stages, deployStage(p, e, w, orchestrations))
		}
	}
	t.Add("Pipeline", pipeline)
	addBuild(t, p)
	if p.Source.Provider == model.S3 {
		addSourceRule(t, p)
	}
	addApprovalTopics(t, p)
	addFailureNotice(t, p)
	return t, nil
}

// setStores gives every region with an action its bucket and the full ARN of its
// key; an id alone would be looked up in the account of each action's role.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-create-cross-region.html
func setStores(pipeline *codepipeline.Pipeline, p *model.Project) {
	store := func(region string) *codepipeline.Pipeline_ArtifactStore {
		return &codepipeline.Pipeline_ArtifactStore{
			Type: "S3", Location: model.ArtifactBucket(p.Name, p.Tooling.Account, region),
			EncryptionKey: &codepipeline.Pipeline_EncryptionKey{Type: "KMS", Id: importedKey(p, region)},
		}
	}
	regions := p.Regions()
	if len(regions) == 1 {
		pipeline.ArtifactStore = store(regions[0])
		return
	}
	for _, region := range regions {
		pipeline.ArtifactStores = append(pipeline.ArtifactStores, codepipeline.Pipeline_ArtifactStoreMap{Region: region, ArtifactStore: store(region)})
	}
}

// importedKey is the ARN of the project's key in a region.
func importedKey(p *model.Project, region string) string {
	return cfn.Sub(partition+"kms:"+region+":"+here+":key/${KeyId}",
		cfn.Entry{Key: "KeyId", Value: cfn.ImportValue(model.Export(p.Name, exportKeyID))})
}

func actionType(category, owner, provider string) *codepipeline.Pipeline_ActionTypeId {
	return &codepipeline.Pipeline_ActionTypeId{Category: category, Owner: owner, Provider: provider, Version: "1"}
}

func inputs(artifact string) []codepipeline.Pipeline_InputArtifact {
	return []codepipeline.Pipeline_InputArtifact{{Name: artifact}}
}

// sourceStage takes the project from a connection, which starts a run for each
// push to the branch, or from a bucket, where addSourceRule does.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
func sourceStage(p *model.Project) codepipeline.Pipeline_StageDeclaration {
	action := codepipeline.Pipeline_ActionDeclaration{
		Name: "source", Namespace: cfn.Ptr(sourceNamespace),
		OutputArtifacts: []codepipeline.Pipeline_OutputArtifact{{Name: sourceArtifact}},
	}
	if p.Source.Provider == model.S3 {
		action.ActionTypeId = actionType("Source", "AWS", "S3")
		action.Configuration = cfn.Map{
			{Key: "S3Bucket", Value: sourceBucketName(p)},
			{Key: "S3ObjectKey", Value: p.Source.Key},
			{Key: "PollForSourceChanges", Value: "false"},
		}
	} else {
		connection := p.Source.Connection
		if _, made := providerTypes[p.Source.Provider]; made && connection == "" {
			connection = cfn.ImportValue(model.Export(p.Name, exportConnection))
		}
		action.ActionTypeId = actionType("Source", "AWS", "CodeStarSourceConnection")
		action.Configuration = cfn.Map{
			{Key: "ConnectionArn", Value: connection},
			{Key: "FullRepositoryId", Value: p.Source.Repository},
			{Key: "BranchName", Value: p.Source.Branch},
			{Key: "OutputArtifactFormat", Value: "CODE_ZIP"},
			{Key: "DetectChanges", Value: "true"},
		}
	}
	return stage("Source", action)
}

func stage(name string, actions ...codepipeline.Pipeline_ActionDeclaration) codepipeline.Pipeline_StageDeclaration {
	return codepipeline.Pipeline_StageDeclaration{Name: name, Actions: actions}
}

// sourceBucketName is the bucket in which the source is looked for: the one that was
// given, or the tooling stack's.
func sourceBucketName(p *model.Project) string {
	if p.Source.Bucket != "" {
		return p.Source.Bucket
	}
	return model.SourceBucket(p.Name, p.Tooling.Account, p.Tooling.Region)
}

// updateStage updates this very stack from what was committed, before anything is
// built: it needs nothing that the build makes, so that a broken build cannot keep
// its own repair out.
func updateStage(p *model.Project) codepipeline.Pipeline_StageDeclaration {
	return stage("Update", codepipeline.Pipeline_ActionDeclaration{
		Name: "update", ActionTypeId: actionType("Deploy", "AWS", "CloudFormation"), InputArtifacts: inputs(sourceArtifact),
		RoleArn: cfn.Ptr(toolingRoleARN(p, roleUpdate)),
		Configuration: cfn.Map{
			{Key: "ActionMode", Value: "CREATE_UPDATE"},
			{Key: "StackName", Value: model.PipelineStack(p.Name)},
			{Key: "TemplatePath", Value: sourceArtifact + "::" + sourcePath(p, "pipeline.yaml")},
			{Key: "RoleArn", Value: toolingRoleARN(p, roleCloudFormation)},
		},
	})
}

func buildStage(p *model.Project) codepipeline.Pipeline_StageDeclaration {
	return stage("Build", codepipeline.Pipeline_ActionDeclaration{
		Name: "build", ActionTypeId: actionType("Build", "AWS", "CodeBuild"), InputArtifacts: inputs(sourceArtifact),
		OutputArtifacts: []codepipeline.Pipeline_OutputArtifact{{Name: builtArtifact}},
		Configuration:   cfn.Map{{Key: "ProjectName", Value: cfn.Ref("BuildProject")}},
	})
}

// deployStage prepares every stack of a wave at once, asks if asked for, and then
// executes every prepared change set at once. Run orders may have gaps.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
func deployStage(p *model.Project, e *model.Environment, w wave, orchestrations int) codepipeline.Pipeline_StageDeclaration {
	const prepare, approve, execute = 1, 2, 3
	s := stage(w.stage)
	for _, target := range w.targets {
		for shard := 1; shard <= orchestrations; shard++ {
			s.Actions = append(s.Actions, prepareAction(p, target, shard, prepare))
		}
	}
	if w.approval {
		s.Actions = append(s.Actions, approveAction(p, e, w, approve))
	}
	for _, target := range w.targets {
		for shard := 1; shard <= orchestrations; shard++ {
			s.Actions = append(s.Actions, executeAction(p, target, shard, execute))
		}
	}
	return s
}

// prepareAction makes the change set. The deploy role reads the artifact and makes
// it; the CloudFormation role, of the same account, stays with the change set and
// is what it is executed with.
func prepareAction(p *model.Project, target model.Target, shard, order int) codepipeline.Pipeline_ActionDeclaration {
	action := targetAction(p, target, shard, order, "prepare")
	action.InputArtifacts = inputs(builtArtifact)
	action.Configuration = cfn.Map{
		{Key: "ActionMode", Value: "CHANGE_SET_REPLACE"},
		{Key: "StackName", Value: OrchestrationStack(p, target, shard)},
		{Key: "ChangeSetName", Value: ChangeSetName},
		{Key: "TemplatePath", Value: builtArtifact + "::" + outputPath(p, OrchestrationFile(shard))},
		{Key: "TemplateConfiguration", Value: builtArtifact + "::" + outputPath(p, ConfigurationPath(target))},
		{Key: "Capabilities", Value: capabilities},
		{Key: "RoleArn", Value: baseRole(p, target.Account, model.CloudFormationRole(p.Name, target.Environment))},
	}
	return action
}

// executeAction executes the change set. CloudFormation applies no role here.
func executeAction(p *model.Project, target model.Target, shard, order int) codepipeline.Pipeline_ActionDeclaration {
	action := targetAction(p, target, shard, order, "execute")
	action.Configuration = cfn.Map{
		{Key: "ActionMode", Value: "CHANGE_SET_EXECUTE"},
		{Key: "StackName", Value: OrchestrationStack(p, target, shard)},
		{Key: "ChangeSetName", Value: ChangeSetName},
	}
	return action
}

func targetAction(p *model.Project, target model.Target, shard, order int, verb string) codepipeline.Pipeline_ActionDeclaration {
	name := verb + "-" + target.Account + "-" + target.Region
	if shard > 1 {
		name += "-" + strconv.Itoa(shard)
	}
	return codepipeline.Pipeline_ActionDeclaration{
		Name: name, ActionTypeId: actionType("Deploy", "AWS", "CloudFormation"), RunOrder: &order,
		Region:  cfn.Ptr(target.Region),
		RoleArn: cfn.Ptr(baseRole(p, target.Account, model.DeployRole(p.Name, target.Environment))),
	}
}

// OrchestrationStack is the name of an orchestration's stack in a target.
func OrchestrationStack(p *model.Project, target model.Target, shard int) string {
	return model.OrchestrationStack(p.Name, target.Environment, strconv.Itoa(shard))
}

// OrchestrationFile is the path of an orchestration's template in the output folder.
func OrchestrationFile(shard int) string {
	if shard == 1 {
		return "orchestration.yaml"
	}
	return "orchestration-" + strconv.Itoa(shard) + ".yaml"
}

// approveAction asks people. Where an environment has further stages, they prepare
// after this approval and ask nobody.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ManualApproval.html
func approveAction(p *model.Project, e *model.Environment, w wave, order int) codepipeline.Pipeline_ActionDeclaration {
	revision := "commit #{" + sourceNamespace + ".CommitId} of " + p.Source.Repository
	if p.Source.Provider == model.S3 {
		revision = "version #{" + sourceNamespace + ".VersionId} of " + p.Source.Key
	}
	ready := fmt.Sprintf("The change sets of its targets (%d) are ready; approve to execute them.", len(w.targets))
	if all := len(e.Targets()); all > len(w.targets) {
		ready = fmt.Sprintf("The change sets of %d of its %d targets are ready; approve to execute them and to go on with the others.", len(w.targets), all)
	}
	configuration := cfn.Map{{Key: "CustomData", Value: e.Name + ": " + revision + ". " + ready}}
	if topic := approvalTopic(e); topic != "" {
		configuration = append(configuration, cfn.Entry{Key: "NotificationArn", Value: cfn.Ref(topic)})
	}
	action := codepipeline.Pipeline_ActionDeclaration{
		Name: "approve", ActionTypeId: actionType("Approval", "AWS", "Manual"), RunOrder: &order, Configuration: configuration,
	}
	if e.Approval.Timeout > 0 {
		action.TimeoutInMinutes = cfn.Ptr(e.Approval.Timeout)
	}
	return action
}

// addSourceRule starts the pipeline when the source object is written.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/create-S3-source-events.html
func addSourceRule(t *cfn.Template, p *model.Project) {
	t.Add("SourceRule", &eventbridge.Rule{
		Description: cfn.Ptr("Starts the pipeline " + model.PipelineName(p.Name) + " when its source is uploaded"),
		EventPattern: cfn.Map{
			{Key: "source", Value: []any{"aws.s3"}},
			{Key: "detail-type", Value: []any{"Object Created"}},
			{Key: "detail", Value: cfn.Map{
				{Key: "bucket", Value: cfn.Map{{Key: "name", Value: []any{sourceBucketName(p)}}}},
				{Key: "object", Value: cfn.Map{{Key: "key", Value: []any{p.Source.Key}}}},
			}},
		},
		Targets: []eventbridge.Rule_Target{{Id: "pipeline", Arn: cfn.Sub(partition + "codepipeline:${AWS::Region}:" + here + ":${Pipeline}"), RoleArn: cfn.Ptr(toolingRoleARN(p, roleEvents))}},
	})
}
