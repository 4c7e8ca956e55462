package demand

import "strings"

// provider is what is known of one kind of action: what its page says, whether its role
// reads inputs and writes outputs, and the calls that it makes beside.
type provider struct {
	page          string
	reads, writes bool
	calls         func(*action) []Demand
}

const (
	actionPages    = "https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-"
	connectionPage = actionPages + "CodestarConnectionSource.html"
)

// providers are the kinds of actions whose calls are known.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference.html
var providers = map[kind]provider{
	{"Source", "AWS", "CodeStarSourceConnection"}: {connectionPage, false, true, fromConnection},
	{"Source", "AWS", "CodeCommit"}:               {actionPages + "CodeCommit.html", false, true, fromCodeCommit},
	{"Source", "AWS", "S3"}:                       {actionPages + "S3.html", false, true, fromBucket},
	{"Source", "AWS", "ECR"}:                      {actionPages + "ECR.html", false, true, fromRepository},

	// The project's role reads and writes the artifacts of a build.
	{"Build", "AWS", "CodeBuild"}:          {codeBuildPage, false, false, runBuild},
	{"Test", "AWS", "CodeBuild"}:           {codeBuildPage, false, false, runBuild},
	{"Build", "AWS", "ECRBuildAndPublish"}: {actionPages + "ECRBuildAndPublish.html", true, false, buildImage},
	{"Compute", "AWS", "Commands"}:         {actionPages + "Commands.html", true, true, runCommands},

	{"Deploy", "AWS", "CloudFormation"}:               {cloudFormationPage, true, true, deployStack},
	{"Deploy", "AWS", "CloudFormationStackSet"}:       {stackSetPage, true, false, deployStackSet},
	{"Deploy", "AWS", "CloudFormationStackInstances"}: {stackSetPage, true, false, deployStackInstances},
	{"Deploy", "AWS", "S3"}:                           {actionPages + "S3Deploy.html", true, false, toBucket},
	{"Deploy", "AWS", "Lambda"}:                       {actionPages + "LambdaDeploy.html", true, false, toFunction},
	{"Deploy", "AWS", "CodeDeploy"}:                   {actionPages + "CodeDeploy.html", true, false, toFleet},

	{"Invoke", "AWS", "Lambda"}:        {actionPages + "Lambda.html", true, true, invokeFunction},
	{"Invoke", "AWS", "StepFunctions"}: {actionPages + "StepFunctions.html", true, true, invokeStateMachine},
	{"Invoke", "AWS", "CodePipeline"}:  {actionPages + "PipelineInvoke.html", false, false, invokePipeline},
	{"Approval", "AWS", "Manual"}:      {actionPages + "ManualApproval.html", false, false, askApprovers},
}

// connectionPrefixes are the two names of the service that holds connections. The page
// of the action wants the permission under both, whichever the ARN has; which of them
// a request's ARN has is not said.
//
// https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html
var connectionPrefixes = []string{"codeconnections", "codestar-connections"}

func fromConnection(a *action) []Demand {
	return useConnection(a.caller, a.setting("ConnectionArn"), a.setting("FullRepositoryId"))
}

func useConnection(c caller, connection, repository string) []Demand {
	var demands []Demand
	for _, service := range connectionPrefixes {
		on := exactly(connectionNamed(connection, service))
		for _, prefix := range connectionPrefixes {
			// https://docs.aws.amazon.com/dtconsole/latest/userguide/security-iam.html#permissions-reference-connections-access
			demands = append(demands, c.calls("the source is taken from "+repository, on.with(prefix+":fullrepositoryid", repository), prefix+":UseConnection")...)
		}
	}
	return demands
}

func connectionNamed(arn, service string) string {
	for _, prefix := range connectionPrefixes {
		arn = strings.Replace(arn, ":"+prefix+":", ":"+service+":", 1)
	}
	return arn
}

func fromCodeCommit(a *action) []Demand {
	return a.caller.calls("the source is taken from the repository "+a.setting("RepositoryName"), exactly(a.local("codecommit", a.setting("RepositoryName"))),
		"codecommit:CancelUploadArchive", "codecommit:GetBranch", "codecommit:GetCommit", "codecommit:GetRepository",
		"codecommit:GetUploadArchiveStatus", "codecommit:UploadArchive")
}

// fromBucket reads an object and its tags, which go with it into the artifact.
func fromBucket(a *action) []Demand {
	source := bucketNamed(a.pipeline.estate, a.setting("S3Bucket"), a.stack())
	why := "the source is taken from the bucket " + a.setting("S3Bucket")
	object := source.object(a.setting("S3ObjectKey"))
	if isTrue(a.configuration.Get("AllowOverrideForS3ObjectKey")) {
		object.within = []string{source.arn + "/*"}
	}
	demands := a.caller.calls(why, source.itself(), "s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning")
	demands = append(demands, source.get(a.caller, why, object, "s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging", "s3:GetObjectVersionTagging")...)
	if s, ok := a.pipeline.store(a.region); ok {
		for _, name := range a.outputs {
			demands = append(demands, a.caller.from(serviceRolePage).calls(why, a.pipeline.artifact(s, name), "s3:PutObjectTagging")...)
		}
	}
	return demands
}

func fromRepository(a *action) []Demand {
	return a.caller.calls("the source is the image "+a.setting("RepositoryName"), exactly(a.local("ecr", "repository/"+a.setting("RepositoryName"))), "ecr:DescribeImages")
}

func buildImage(a *action) []Demand {
	why := "the image is pushed to " + a.setting("ECRRepositoryName")
	demands := a.caller.calls(why, exactly(a.local("ecr", "repository/"+a.setting("ECRRepositoryName"))),
		"ecr:BatchCheckLayerAvailability", "ecr:CompleteLayerUpload", "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload",
		"ecr:PutImage", "ecr:UploadLayerPart")
	registry := exactly(a.local("ecr", "repository/"+a.setting("ECRRepositoryName")))
	registry.within = []string{"*"}
	demands = append(demands, a.caller.calls(why, registry, "ecr:DescribeRepositories")...)
	demands = append(demands, a.caller.calls(why, everything(), "ecr:GetAuthorizationToken")...)
	return append(demands, a.logs()...)
}

// runCommands runs with the role's own permissions: what the commands call beside is
// not known here.
func runCommands(a *action) []Demand {
	demands := a.logs()
	for _, variable := range mapsAt(a.declared, "EnvironmentVariables") {
		demands = append(demands, readVariable(a.caller, a.stack(), variable)...)
	}
	return demands
}

// logs is the log that CodePipeline keeps of commands that it runs itself.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Commands.html#action-reference-Commands-policy
func (a *action) logs() []Demand {
	group := a.local("logs", "log-group:/aws/codepipeline/"+a.pipeline.name)
	return writeLog(a.caller, "the log of the commands is written", group, true)
}

func toBucket(a *action) []Demand {
	target := bucketNamed(a.pipeline.estate, a.setting("BucketName"), a.stack())
	if key := a.setting("KMSEncryptionKeyARN"); key != "" {
		target.key, target.keyAccount = key, ""
	}
	why := "files are put into the bucket " + a.setting("BucketName")
	demands := a.caller.calls(why, target.itself(), "s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning")
	file := target.objects("", "name of the file")
	demands = append(demands, target.put(a.caller, why, file, "s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectVersionAcl")...)
	return append(demands, target.through(a.caller.from(multipartPage), why, file, "kms:Decrypt")...)
}

func toFunction(a *action) []Demand {
	name := a.setting("FunctionName")
	why := "the function " + name + " gets the code"
	function := exactly(a.local("lambda", "function:"+name))
	demands := a.caller.calls(why, function, "lambda:GetFunctionConfiguration", "lambda:PublishVersion", "lambda:UpdateFunctionCode")
	alias := exactly(a.local("lambda", "function:"+name+":"+a.setting("FunctionAlias")))
	alias.within = []string{function.arn + ":*"}
	demands = append(demands, a.caller.calls(why, alias, "lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias")...)
	for _, alarm := range strings.FieldsFunc(a.setting("Alarms"), func(r rune) bool { return r == ',' || r == ' ' }) {
		demands = append(demands, a.caller.calls("the alarm "+alarm+" stops the deployment", exactly(a.local("cloudwatch", "alarm:"+alarm)), "cloudwatch:DescribeAlarms")...)
	}
	return append(demands, a.logs()...)
}

func toFleet(a *action) []Demand {
	application, group := a.setting("ApplicationName"), a.setting("DeploymentGroupName")
	why := "CodeDeploy deploys " + application
	demands := a.caller.calls(why, exactly(a.local("codedeploy", "application:"+application)),
		"codedeploy:GetApplication", "codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision")
	demands = append(demands, a.caller.calls(why, exactly(a.local("codedeploy", "deploymentgroup:"+application+"/"+group)),
		"codedeploy:CreateDeployment", "codedeploy:GetDeployment", "codedeploy:GetDeploymentGroup", "codedeploy:ListDeployments")...)
	demands = append(demands, a.caller.calls(why, exactly(a.local("codedeploy", "application:"+application)), "codedeploy:ListDeploymentGroups")...)
	demands = append(demands, a.caller.calls(why, below(a.local("codedeploy", "deploymentconfig:"), "configuration of "+group), "codedeploy:GetDeploymentConfig")...)
	return append(demands, a.caller.calls(why, everything(), "codedeploy:ListDeploymentConfigs")...)
}

func invokeFunction(a *action) []Demand {
	why := "the function " + a.setting("FunctionName") + " is invoked"
	demands := a.caller.calls(why, exactly(a.local("lambda", "function:"+a.setting("FunctionName"))), "lambda:InvokeFunction")
	return append(demands, a.caller.calls(why, everything(), "lambda:ListFunctions")...)
}

func invokeStateMachine(a *action) []Demand {
	machine := a.setting("StateMachineArn")
	name := machine[strings.LastIndex(machine, ":")+1:]
	why := "the state machine " + name + " is run"
	demands := a.caller.calls(why, exactly(machine), "states:DescribeStateMachine", "states:StartExecution")
	return append(demands, a.caller.calls(why, below(a.local("states", "execution:"+name+":"), "execution of "+name), "states:DescribeExecution")...)
}

func invokePipeline(a *action) []Demand {
	name := a.setting("PipelineName")
	return a.caller.calls("the pipeline "+name+" is started", exactly(a.local("codepipeline", name)), "codepipeline:StartPipelineExecution")
}
