package stack

import (
	"strconv"
	"strings"

	"github.com/awslabs/goformation/v7/cloudformation/iam"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
)

// The roles of the tooling account; see model.ToolingRole.
const (
	rolePipeline       = "pipeline"       // CodePipeline's own
	roleUpdate         = "update"         // of the action that updates the pipeline stack
	roleCloudFormation = "cloudformation" // with which CloudFormation updates it
	roleBuild          = "build"          // of the build project
	roleEvents         = "events"         // starts the pipeline when its source bucket changes
)

// addToolingRoles adds every role of the tooling account. The pipeline stack holds
// none, so that the pipeline cannot widen itself.
func addToolingRoles(t *cfn.Template, p *model.Project, problems *diag.Problems) {
	// CodeBuild documents the key that it sends. The others' pages do not say whether
	// they send theirs, so that it counts where it is sent; nor whether CodePipeline
	// would send the pipeline's ARN or that of a stage or an action in it.
	roles := []toolingRole{
		{"PipelineRole", rolePipeline, "CodePipeline", trustService("codepipeline.amazonaws.com", "ArnLikeIfExists", "aws:SourceArn", pipelineARN(p), pipelineParts(p)), pipelineStatements(p)},
		{"UpdateRole", roleUpdate, "the pipeline, to update itself", trustPipeline(p), updateStatements(p)},
		{"CloudFormationRole", roleCloudFormation, "CloudFormation, for the stack " + model.PipelineStack(p.Name), trustService(cloudFormation, "StringEqualsIfExists", "aws:SourceAccount", cfn.AccountID), cloudFormationStatements(p)},
		{"BuildRole", roleBuild, "the project " + model.BuildProject(p.Name), trustService("codebuild.amazonaws.com", "ArnEquals", "aws:SourceArn", buildProjectARN(p)), buildStatements(p)},
	}
	if p.Source.Provider == model.S3 {
		roles = append(roles, toolingRole{"EventsRole", roleEvents, "EventBridge, to start the pipeline", trustService("events.amazonaws.com", "StringEqualsIfExists", "aws:SourceAccount", cfn.AccountID), []policy.Statement{
			{Actions: []string{"codepipeline:StartPipelineExecution"}, Resources: []string{pipelineARN(p)}},
		}})
	}
	for _, r := range roles {
		r.add(t, p, problems)
	}
}

type toolingRole struct {
	id, purpose, user string
	trust             policy.Document
	statements        []policy.Statement
}

// add puts the role's statements in one inline policy where they fit, and into
// managed policies where they do not.
func (r toolingRole) add(t *cfn.Template, p *model.Project, problems *diag.Problems) {
	role := &iam.Role{
		RoleName:                 cfn.Ptr(model.ToolingRole(p.Name, r.purpose)),
		Path:                     cfn.Ptr(model.BasePath(p.Name)),
		Description:              cfn.Ptr("Assumed by " + r.user),
		AssumeRolePolicyDocument: r.trust,
	}
	if doc := policy.New(r.statements...); policy.Size(doc) <= policy.MaxInline {
		role.Policies = []iam.Role_Policy{{PolicyName: r.purpose, PolicyDocument: doc}}
		t.Add(r.id, role)
		return
	}
	documents := policy.Split(policy.Merge(r.statements), policy.MaxManaged)
	if len(documents) > policy.MaxAttached {
		problems.Addf("policy-size", p.At("environments"), "divide the accounts among several projects",
			"the role %s would need %d managed policies for %d accounts; a role holds %d", *role.RoleName, len(documents), len(p.Accounts()), policy.MaxAttached)
	}
	for i, doc := range documents {
		id := r.id + "Policy" + strconv.Itoa(i+1)
		t.Add(id, &iam.ManagedPolicy{
			ManagedPolicyName: cfn.Ptr(*role.RoleName + "-" + strconv.Itoa(i+1)),
			Path:              cfn.Ptr(model.BasePath(p.Name)),
			PolicyDocument:    doc,
		})
		role.ManagedPolicyArns = append(role.ManagedPolicyArns, cfn.Ref(id))
	}
	t.Add(r.id, role)
}

// trustService lets a service assume a role on behalf of what the key names: this
// account, or resources of it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func trustService(service, operator, key string, values ...string) policy.Document {
	return policy.Trust([]policy.Condition{{Operator: operator, Key: key, Values: values}}, service)
}

// trustPipeline lets the pipeline's role assume a role of its own account.
func trustPipeline(p *model.Project) policy.Document {
	return policy.New(policy.Statement{
		Principal: policy.Principal{AWS: []string{cfn.Sub(partition + "iam::" + here + ":root")}},
		Actions:   []string{"sts:AssumeRole"},
		Conditions: []policy.Condition{{
			Operator: "ArnEquals", Key: "aws:PrincipalArn",
			Values: []string{toolingRoleARN(p, rolePipeline)},
		}},
	})
}

// pipelineStatements is what CodePipeline does itself; deploying is for the roles
// that it assumes.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
func pipelineStatements(p *model.Project) []policy.Statement {
	statements := []policy.Statement{
		{Actions: []string{"codebuild:BatchGetBuilds", "codebuild:StartBuild"}, Resources: []string{buildProjectARN(p)}},
		{Actions: []string{"sts:AssumeRole"}, Resources: assumedByPipeline(p)},
	}
	for _, region := range p.Regions() {
		bucket := bucketARN(model.ArtifactBucket(p.Name, here, region))
		statements = append(statements,
			policy.Statement{Actions: []string{"s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"}, Resources: []string{bucket("")}},
			// CodePipeline chooses the keys of artifacts.
			policy.Statement{Actions: []string{"s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl"}, Resources: []string{bucket("/*")}},
			policy.Statement{Actions: keyWriters, Resources: []string{regionalKey(region)}},
		)
	}
	if topics := approvalTopics(p); len(topics) > 0 {
		statements = append(statements, policy.Statement{Actions: []string{"sns:Publish"}, Resources: topics})
	}
	return append(statements, sourceStatements(p)...)
}

// sourceStatements is what the source action needs.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
func sourceStatements(p *model.Project) []policy.Statement {
	if p.Source.Provider != model.S3 {
		return []policy.Statement{{
			Actions:   []string{connectionService + ":UseConnection", oldConnectionService + ":UseConnection"},
			Resources: connection(p),
		}}
	}
	bucket := bucketARN(sourceBucket(p))
	return []policy.Statement{
		{Actions: []string{"s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"}, Resources: []string{bucket("")}},
		{Actions: []string{"s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"}, Resources: []string{bucket("/" + cfn.Literal(p.Source.Key))}},
		// An object's tags go with it into the artifact, whose key CodePipeline chooses.
		// https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
		{Actions: []string{"s3:PutObjectTagging"}, Resources: []string{cfn.Sub("${ArtifactBucket.Arn}/*")}},
	}
}

// The two names of the service that holds connections. Either is the prefix of
// actions and the service of ARNs, and CodePipeline's own policies name a
// connection by both.
//
// https://docs.aws.amazon.com/dtconsole/latest/userguide/security-iam.html
const (
	connectionService    = "codeconnections"
	oldConnectionService = "codestar-connections"
)

// connection is the ARNs of the given connection, or of the one that the tooling
// stack makes; none where none can be made, which was reported.
func connection(p *model.Project) []string {
	given := p.Source.Connection
	switch {
	case strings.Contains(given, ":"+connectionService+":"):
		return []string{given, strings.Replace(given, connectionService, oldConnectionService, 1)}
	case given != "":
		return []string{given, strings.Replace(given, oldConnectionService, connectionService, 1)}
	case providerTypes[p.Source.Provider] == "":
		return nil
	}
	made := cfn.Ref("Connection")
	return []string{made, cfn.Sub(partition+oldConnectionService+":${AWS::Region}:"+here+":connection/${Id}",
		cfn.Entry{Key: "Id", Value: cfn.Select(1, cfn.Split("/", made))})}
}

// assumedByPipeline lists every role that the pipeline assumes: an action in
// another account runs as that account's deploy role.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html
func assumedByPipeline(p *model.Project) []string {
	arns := []string{toolingRoleARN(p, roleUpdate)}
	for _, e := range p.Environments {
		for _, account := range e.Accounts {
			arns = append(arns, baseRole(p, account.Value, model.DeployRole(p.Name, e.Name)))
		}
	}
	return arns
}

// updateStatements is the action that updates the pipeline stack.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
func updateStatements(p *model.Project) []policy.Statement {
	// Behind the name stands an id that CloudFormation chooses.
	pipelineStack := cfn.Sub(partition + "cloudformation:${AWS::Region}:" + here + ":stack/" + model.PipelineStack(p.Name) + "/*")
	return []policy.Statement{
		{
			// A stack that was changed without that role would keep this one, or none.
			// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
			Actions:    []string{"cloudformation:CreateStack", "cloudformation:UpdateStack"},
			Resources:  []string{pipelineStack},
			Conditions: []policy.Condition{{Operator: "ArnEquals", Key: "cloudformation:RoleArn", Values: []string{toolingRoleARN(p, roleCloudFormation)}}},
		},
		{
			Actions: []string{
				"cloudformation:DescribeStackEvents", "cloudformation:DescribeStackResources", "cloudformation:DescribeStacks",
				"cloudformation:GetTemplate",
			},
			Resources: []string{pipelineStack},
		},
		// IAM knows no resource for ValidateTemplate.
		// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
		{Actions: []string{"cloudformation:ValidateTemplate"}, Resources: []string{"*"}},
		passToCloudFormation(toolingRoleARN(p, roleCloudFormation)),
		// CodePipeline chooses the keys of artifacts.
		{Actions: []string{"s3:GetObject", "s3:GetObjectVersion"}, Resources: []string{cfn.Sub("${ArtifactBucket.Arn}/*")}},
		{Actions: []string{"s3:ListBucket"}, Resources: []string{cfn.GetAtt("ArtifactBucket", "Arn")}},
		{Actions: []string{"kms:Decrypt", "kms:DescribeKey"}, Resources: []string{cfn.GetAtt("Key", "Arn")}},
	}
}

// passRole lets somebody hand one role to one service.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
func passRole(p *model.Project, purpose, service string) policy.Statement {
	return policy.Statement{
		Actions:    []string{"iam:PassRole"},
		Resources:  []string{toolingRoleARN(p, purpose)},
		Conditions: []policy.Condition{{Operator: "StringEquals", Key: "iam:PassedToService", Values: []string{service}}},
	}
}

// passToCloudFormation lets an action of the pipeline hand a role to CloudFormation,
// which alone can assume it. The action's documentation lets the service count only
// where it is named.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
func passToCloudFormation(role string) policy.Statement {
	return policy.Statement{
		Actions:    []string{"iam:PassRole"},
		Resources:  []string{role},
		Conditions: []policy.Condition{{Operator: "StringEqualsIfExists", Key: "iam:PassedToService", Values: []string{cloudFormation}}},
	}
}

// toolingRoleARN is the ARN of a role of the tooling account, in the tooling account.
func toolingRoleARN(p *model.Project, purpose string) string {
	return baseRole(p, here, model.ToolingRole(p.Name, purpose))
}

func pipelineARN(p *model.Project) string {
	return cfn.Sub(partition + "codepipeline:${AWS::Region}:" + here + ":" + model.PipelineName(p.Name))
}

// pipelineParts is the ARNs of the pipeline's stages and their actions.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html
func pipelineParts(p *model.Project) string {
	return cfn.Sub(partition + "codepipeline:${AWS::Region}:" + here + ":" + model.PipelineName(p.Name) + "/*")
}

func buildProjectARN(p *model.Project) string {
	return cfn.Sub(partition + "codebuild:${AWS::Region}:" + here + ":project/" + model.BuildProject(p.Name))
}

// buildLogGroup is the log group of the build project, which CodeBuild expects
// under this name.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/change-project-console.html#change-project-console-logs
func buildLogGroup(p *model.Project) string { return "/aws/codebuild/" + model.BuildProject(p.Name) }

func buildLogsText(p *model.Project) string {
	return partition + "logs:${AWS::Region}:" + here + ":log-group:" + buildLogGroup(p)
}

func buildLogs(p *model.Project) string { return cfn.Sub(buildLogsText(p)) }

// pipelineTopics are the topics of the pipeline stack whose logical ids begin alike.
// CloudFormation chooses their names: the stack's, the id and a random end.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
func pipelineTopics(p *model.Project, beginning string) string {
	return cfn.Sub(partition + "sns:${AWS::Region}:" + here + ":" + model.PipelineStack(p.Name) + "-" + beginning + "*")
}

// approvalTopics are the topics by which approvers are told.
func approvalTopics(p *model.Project) []string {
	var topics []string
	for i := range p.Environments {
		if id := approvalTopic(&p.Environments[i]); id != "" {
			topics = append(topics, pipelineTopics(p, id+"-"))
		}
	}
	return topics
}

// regionalKey is the ARN of the project's key in a region: its id is the same in all.
func regionalKey(region string) string {
	return cfn.Sub(partition + "kms:" + region + ":" + here + ":key/${Key}")
}

// sourceBucket is the text of the source bucket's name for the inside of Sub.
func sourceBucket(p *model.Project) string {
	if p.Source.Bucket != "" {
		return cfn.Literal(p.Source.Bucket)
	}
	return model.SourceBucket(p.Name, here, regionHere)
}

// bucketARN makes ARNs of a bucket, and of its objects with a suffix.
func bucketARN(name string) func(suffix string) string {
	return func(suffix string) string { return cfn.Sub(partition + "s3:::" + name + suffix) }
}
