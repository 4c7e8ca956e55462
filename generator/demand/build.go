package demand

import (
	"regexp"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/estate"
)

const (
	codeBuildPage        = actionPages + "CodeBuild.html"
	codeBuildService     = "codebuild.amazonaws.com"
	codeBuildRolePage    = "https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html"
	codeBuildBatchPage   = "https://docs.aws.amazon.com/codebuild/latest/userguide/batch-build.html"
	codeBuildImagePage   = "https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html"
	codeBuildNetworkPage = "https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html#customer-managed-policies-example-create-vpc-network-interface"
	codeBuildReportPage  = "https://docs.aws.amazon.com/codebuild/latest/userguide/test-permissions.html"
	logKeyPage           = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"
)

// runBuild starts a build and asks how it goes; what the build itself does is known
// where the estate has the project.
func runBuild(a *action) []Demand {
	name := a.setting("ProjectName")
	project := exactly(a.local("codebuild", "project/"+name))
	calls := []string{"codebuild:BatchGetBuilds", "codebuild:StartBuild"}
	batch := isTrue(a.configuration.Get("BatchEnabled"))
	if batch {
		calls = []string{"codebuild:BatchGetBuildBatches", "codebuild:StartBuildBatch"}
	}
	demands := a.caller.calls("the project "+name+" builds", project, calls...)
	for _, r := range a.pipeline.estate.OfType(projectType) {
		if r.Ref != name || r.Stack.Account != a.caller.account || r.Stack.Region != a.region {
			continue
		}
		b := &build{action: a, project: r, arn: project.arn, name: name}
		b.caller = a.caller.as(textAt(r.Properties, "ServiceRole")).from(codeBuildRolePage)
		demands = append(demands, b.demands()...)
		if batch {
			demands = append(demands, b.batch()...)
		}
	}
	return demands
}

// build is a build that a pipeline runs.
type build struct {
	action  *action
	project *estate.Resource
	caller  caller // the project's role
	arn     string
	name    string
}

// demands are what CodeBuild does with the project's role. What the commands of the
// build call beside is not known here; of publishing see [Publish].
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
func (b *build) demands() []Demand {
	demands := b.takeRole("CodeBuild takes the role of the project "+b.name, b.caller)
	demands = append(demands, b.logs()...)
	demands = append(demands, b.artifacts()...)
	demands = append(demands, b.clones()...)
	demands = append(demands, b.reports()...)
	demands = append(demands, b.image()...)
	demands = append(demands, b.network()...)
	for _, variable := range mapsAt(mapAt(b.project.Properties, "Environment"), "EnvironmentVariables") {
		demands = append(demands, readVariable(b.caller, b.project.Stack, variable)...)
	}
	return demands
}

// takeRole is the taking of a role by CodeBuild, which is documented to name the project.
func (b *build) takeRole(why string, role caller) []Demand {
	service := role.asService(codeBuildService)
	return service.calls(why, exactly(role.principal.ARN).sentFor(b.arn, b.project.Stack.Account), assumeRole)
}

// batch is what CodeBuild does with the role for batches.
func (b *build) batch() []Demand {
	role := b.caller.as(textAt(b.project.Properties, "BuildBatchConfig", "ServiceRole")).from(codeBuildBatchPage)
	demands := b.takeRole("CodeBuild takes the role for batches of the project "+b.name, role)
	return append(demands, role.calls("the builds of a batch are run", exactly(b.arn), "codebuild:RetryBuild", "codebuild:StartBuild", "codebuild:StopBuild")...)
}

// logs writes the log of the build. A log group that the estate holds need not be made.
func (b *build) logs() []Demand {
	settings := mapAt(mapAt(b.project.Properties, "LogsConfig"), "CloudWatchLogs")
	if textAt(settings, "Status") == "DISABLED" {
		return nil
	}
	name := textAt(settings, "GroupName")
	if name == "" {
		name = "/aws/codebuild/" + b.name // https://docs.aws.amazon.com/codebuild/latest/userguide/change-project-console.html#change-project-console-logs
	}
	s := b.project.Stack
	arn := arnOf(s.Partition, "logs", s.Region, s.Account, "log-group:"+name)
	const why = "the log of the build is written"
	group := logGroup(b.action.pipeline.estate, name, s)
	demands := writeLog(b.caller, why, arn, group == nil)
	if group == nil {
		return demands
	}
	return append(demands, encryptLog(b.caller, b.action.pipeline.estate, group, arn)...)
}

// writeLog is the writing of a log whose streams the writer names.
func writeLog(c caller, why, group string, makes bool) []Demand {
	var demands []Demand
	if makes {
		on := exactly(group)
		on.within = []string{group, group + ":*"}
		demands = c.calls(why, on, "logs:CreateLogGroup")
	}
	stream := below(group+":log-stream:", "name of the log stream")
	stream.within = []string{group + ":*"}
	return append(demands, c.calls(why, stream, "logs:CreateLogStream", "logs:PutLogEvents")...)
}

func logGroup(e *estate.Estate, name string, in *estate.Stack) *estate.Resource {
	for _, r := range e.OfType(logGroupType) {
		if r.Ref == name && r.Stack.Account == in.Account && r.Stack.Region == in.Region {
			return r
		}
	}
	return nil
}

// encryptLog is the use of a log group's key by the service of the region, which any
// log group of any account could bring about: the key has to insist on this one. What
// the page allows beside, to describe the key, carries no encryption context and is
// never allowed by a statement that insists on one.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
func encryptLog(c caller, e *estate.Estate, group *estate.Resource, arn string) []Demand {
	key := textAt(group.Properties, "KmsKeyId")
	if key == "" {
		return nil
	}
	s := group.Stack
	service := c.asService("logs." + s.Region + "." + s.Partition.Suffix()).from(logKeyPage)
	on := keyGiven(e, key, s.Partition, s.Region, s.Account).narrowedBy("kms:encryptioncontext:aws:logs:arn", arn).with("kms:encryptioncontextkeys", "aws:logs:arn")
	return service.calls("the log is encrypted", on, cryptography...)
}

// artifacts reads the inputs and writes the outputs, the latter by the project's own
// key as well.
func (b *build) artifacts() []Demand {
	a := b.action
	s, ok := a.pipeline.store(a.region)
	if !ok {
		return nil
	}
	demands := b.caller.calls("the build finds its artifacts", s.itself(), "s3:GetBucketAcl", "s3:GetBucketLocation")
	for _, name := range a.inputs {
		demands = append(demands, s.get(b.caller, "the build reads the artifact "+name, a.pipeline.artifact(s, name), "s3:GetObject", "s3:GetObjectVersion")...)
	}
	for _, name := range a.outputs {
		demands = append(demands, s.put(b.caller, "the build writes the artifact "+name, a.pipeline.artifact(s, name), "s3:PutObject")...)
	}
	const why = "the build decrypts and encrypts artifacts"
	demands = append(demands, s.directly(b.caller.from(artifactKeyPage), why, useOfKey...)...)
	if own := textAt(b.project.Properties, "EncryptionKey"); own != "" && own != s.key {
		s.key, s.keyAccount = own, b.project.Stack.Account
		demands = append(demands, s.directly(b.caller.from(artifactKeyPage), why, useOfKey...)...)
	}
	return demands
}

// clones takes the source where the artifact is but a reference to it.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/troubleshooting.html#codebuild-role-connections
// https://docs.aws.amazon.com/codepipeline/latest/userguide/troubleshooting.html#codebuild-role-codecommitclone
func (b *build) clones() []Demand {
	var demands []Demand
	for _, name := range b.action.inputs {
		source := b.action.pipeline.made[name]
		if source == nil || source.setting("OutputArtifactFormat") != "CODEBUILD_CLONE_REF" {
			continue
		}
		switch source.kind.provider {
		case "CodeStarSourceConnection":
			demands = append(demands, useConnection(b.caller.from(connectionPage), source.setting("ConnectionArn"), source.setting("FullRepositoryId"))...)
		case "CodeCommit":
			repository := source.setting("RepositoryName")
			demands = append(demands, b.caller.calls("the build clones "+repository, exactly(source.local("codecommit", repository)), "codecommit:GitPull")...)
		}
	}
	return demands
}

// registryImage is an image in a private repository.
//
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
var registryImage = regexp.MustCompile(`^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.]+/([^:@]+)`)

// image pulls the build's own image, by the project's role or by CodeBuild itself.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html
func (b *build) image() []Demand {
	environment := mapAt(b.project.Properties, "Environment")
	match := registryImage.FindStringSubmatch(textAt(environment, "Image"))
	if match == nil {
		return nil
	}
	why := "the image of the build is pulled from " + match[3]
	repository := exactly(arnOf(b.project.Stack.Partition, "ecr", match[2], match[1], "repository/"+match[3]))
	pull := []string{"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
	if textAt(environment, "ImagePullCredentialsType") == "SERVICE_ROLE" {
		role := b.caller.from(codeBuildImagePage)
		return append(role.calls(why, everything(), "ecr:GetAuthorizationToken"), role.calls(why, repository, pull...)...)
	}
	service := b.caller.asService(codeBuildService).from(codeBuildImagePage)
	return service.calls(why, repository.sentFor(b.arn, b.project.Stack.Account), pull...)
}

// network puts the build into a VPC.
func (b *build) network() []Demand {
	vpc := mapAt(b.project.Properties, "VpcConfig")
	if vpc == nil {
		return nil
	}
	const why = "the build is put into the VPC"
	c := b.caller.from(codeBuildNetworkPage)
	s := b.project.Stack
	demands := c.calls(why, everything(), "ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs")
	network := below(arnOf(s.Partition, "ec2", s.Region, s.Account, "network-interface/"), "id of the network interface")
	open := network
	open.within = []string{"*"}
	demands = append(demands, c.calls(why, open, "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface")...)
	for _, id := range oneOrMany(vpc.Get("Subnets")) {
		on := network.narrowedBy("ec2:authorizedservice", codeBuildService).with("ec2:subnet", arnOf(s.Partition, "ec2", s.Region, s.Account, "subnet/"+id))
		demands = append(demands, c.calls(why, on, "ec2:CreateNetworkInterfacePermission")...)
	}
	return demands
}

// readVariable is the reading of a variable of a build that stands elsewhere.
//
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_EnvironmentVariable.html
func readVariable(c caller, in *estate.Stack, variable cfn.Map) []Demand {
	value := textAt(variable, "Value")
	switch textAt(variable, "Type") {
	case "PARAMETER_STORE":
		name := strings.TrimPrefix(value, "/")
		return c.calls("the build reads the parameter "+value, exactly(arnOf(in.Partition, "ssm", in.Region, in.Account, "parameter/"+name)), "ssm:GetParameters")
	case "SECRETS_MANAGER":
		return c.calls("the build reads the secret "+value, secretNamed(value, in), "secretsmanager:GetSecretValue")
	}
	return nil
}

// secretNamed is a secret as a build names it: its ARN or name, and behind colons what
// of it is read. An ARN ends with a random part.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.secrets-manager
func secretNamed(value string, in *estate.Stack) thing {
	if strings.HasPrefix(value, "arn:") {
		return exactly(unqualified(value))
	}
	name, _, _ := strings.Cut(value, ":")
	return below(arnOf(in.Partition, "secretsmanager", in.Region, in.Account, "secret:"+name+"-"), "end of the secret's name")
}
