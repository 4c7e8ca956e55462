package stack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/awslabs/goformation/v7/cloudformation/iam"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/event"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/policy/ceiling"
	"github.com/foldstack/foldstack/generator/policy/handler"
	"github.com/foldstack/foldstack/generator/source"
)

// cloudFormation is the service that a deployment's role is passed to.
const cloudFormation = "cloudformation.amazonaws.com"

// cloudFormationRoleID is the logical id of the role that is passed to CloudFormation.
const cloudFormationRoleID = "CloudFormationRole"

// Target is the base stack of one environment in a target account: the role that
// the pipeline assumes, the role that CloudFormation gets, and the boundary of every
// role that a deployment makes. One template serves every environment by its
// parameter; it is deployed in the environment's first region, because IAM is
// global. It depends on accounts, regions, environments, settings and the types of
// users' own resources, never on the list of functions.
func Target(project *model.Project, problems *diag.Problems) (*cfn.Template, error) {
	t := &target{project: project, problems: problems, names: namesOf(project)}
	t.template = &cfn.Template{
		Header:      header(project, project.Place.File),
		Description: "Roles of " + project.Name + " in a target account, and their boundary",
		Parameters: []cfn.Parameter{
			{Name: environmentParameter, Description: "The environment that the account serves", AllowedValues: t.names.Environments},
			{Name: KeyParameter, Description: "The output KeyId of the stack " + model.ToolingStack(project.Name), AllowedPattern: "mrk-[0-9a-f]{32}"},
		},
	}
	if mapping, ok := t.names.Mapping(); ok {
		t.template.Mappings = append(t.template.Mappings, mapping)
	}
	t.boundary()
	t.cloudFormationRole(t.permissions())
	t.deployRole()
	if err := addDigest(t.template); err != nil {
		return nil, err
	}
	return t.template, nil
}

// namesOf are the names that the roles of a target are narrowed to.
func namesOf(p *model.Project) handler.Names {
	n := handler.Names{Project: p.Name}
	for _, e := range p.Environments {
		n.Environments = append(n.Environments, e.Name)
	}
	return n
}

// target is one run of Target.
type target struct {
	project  *model.Project
	problems *diag.Problems
	names    handler.Names
	template *cfn.Template
}

// The ARNs of a target, as text for Fn::Sub.
const (
	partition = "arn:${AWS::Partition}:"
	here      = "${AWS::AccountId}"
	baseRoles = partition + "iam::" + here + ":role/foldstack-base/*"
	baseRules = partition + "iam::" + here + ":policy/foldstack-base/*"
)

// root is the environment's root stack; further orchestrations and nested stacks
// are named behind it.
func (t *target) root() string { return t.project.Name + "-${Environment}" }

// rootStacks are the stacks that the deploy role prepares and executes. They are
// two patterns and not <root>*, which would hold "production" for "prod".
func (t *target) rootStacks() []string {
	return []string{t.stack(t.root()), t.stack(t.root() + "-*")}
}

func (t *target) stack(name string) string {
	return cfn.Sub(partition + "cloudformation:*:" + here + ":stack/" + name + "/*")
}

// key is the project's key in whichever region: a multi-region key has one id.
func (t *target) key() string {
	return cfn.Sub(partition + "kms:*:" + t.project.Tooling.Account + ":key/${KeyId}")
}

// buckets are the tooling account's buckets of one purpose, region by region, each for
// the environments that have the region.
func (t *target) buckets(name func(project, account, region string) string, suffix string) []string {
	var arns []string
	for _, region := range regionsOf(t.project.Targets()) {
		arn := cfn.Sub(partition + "s3:::" + name(t.project.Name, t.project.Tooling.Account, region) + suffix)
		arns = append(arns, t.where(region, arn))
	}
	return arns
}

// where is a text for the environments that have a region, and nothing for others.
func (t *target) where(region, text string) string {
	targets := slices.DeleteFunc(t.project.Targets(), func(target model.Target) bool { return target.Region != region })
	environments := environmentsOf(targets)
	if len(environments) == len(t.project.Environments) {
		return text
	}
	name := "Has"
	for word := range strings.SplitSeq(region, "-") {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return under(t.template, cfn.Condition{Name: name, Expr: anyOf(cfn.Ref(environmentParameter), environments)}, text)
}

// permissions are what CloudFormation may do for a deployment.
func (t *target) permissions() []policy.Statement {
	statements, _ := handler.For(Vocabulary(), userTypes(t.project, t.problems), t.names)
	statements = append(statements, t.macros()...)
	statements = append(statements, t.reads()...)
	for _, d := range t.declared() {
		statements = append(statements, d.Statement)
	}
	return statements
}

// DeclaredOfTarget are the permissions that users wrote under `deployment:` for the role
// of CloudFormation. What is wrong with them is reported where the stack is built.
func DeclaredOfTarget(project *model.Project) []Declared {
	t := &target{project: project, problems: &diag.Problems{}}
	return t.declared()
}

func (t *target) declared() []Declared {
	var list []Declared
	for _, a := range t.project.Deployment {
		for _, s := range t.allowed([]model.Allowance{a}, "deployment") {
			list = append(list, Declared{cloudFormationRoleID, s, a.Place})
		}
	}
	return list
}

// reads are what the handlers take from the tooling account: child templates,
// archives and images.
func (t *target) reads() []policy.Statement {
	return []policy.Statement{
		// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
		{
			Actions:   []string{"s3:GetObject", "s3:GetObjectVersion"},
			Resources: append(t.buckets(model.AssetBucket, "/functions/*"), t.buckets(model.AssetBucket, "/templates/*")...),
		},
		{
			Actions:   []string{"kms:Decrypt"},
			Resources: []string{t.key()},
			// Only what S3 hands over: its name in the key is s3, a region and a suffix that
			// is not documented for China.
			// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
			Conditions: []policy.Condition{{Operator: "StringLike", Key: "kms:ViaService", Values: []string{"s3.*"}}},
		},
		// https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
		{
			Actions: []string{"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"},
			Resources: []string{cfn.Sub(partition + "ecr:*:" + t.project.Tooling.Account +
				":repository/" + model.ImageRepository(t.project.Name))},
		},
	}
}

// cloudFormationRole adds the role that is passed to CloudFormation, with its
// permissions in as many managed policies as they need.
func (t *target) cloudFormationRole(statements []policy.Statement) {
	var arns []string
	name := model.CloudFormationRole(t.project.Name, "${Environment}")
	for i, document := range policy.Split(statements, policy.MaxManaged) {
		number := strconv.Itoa(i + 1)
		r := t.template.Add("CloudFormationPermissions"+number, &iam.ManagedPolicy{
			ManagedPolicyName: cfn.Ptr(cfn.Sub(name + "-" + number)),
			Path:              cfn.Ptr(model.BasePath(t.project.Name)),
			Description:       cfn.Ptr("What CloudFormation may do for a deployment, part " + number + "."),
			PolicyDocument:    document,
		})
		arns = append(arns, cfn.Ref(r.ID))
		if size := policy.Size(document); size > policy.MaxManaged {
			t.problems.Addf("policy-size", t.deploymentPlace(), "split the entry",
				"an entry of deployment has %d characters as a policy; a managed policy holds %d", size, policy.MaxManaged)
		}
	}
	if len(arns) > policy.MaxAttached {
		t.problems.Addf("policy-size", t.deploymentPlace(),
			"name whole groups of actions with a wildcard, such as `rds:Describe*`, in the place of many single ones",
			"what CloudFormation may do needs %d managed policies; a role holds %d", len(arns), policy.MaxAttached)
	}
	r := t.template.Add(cloudFormationRoleID, &iam.Role{
		RoleName:                 cfn.Ptr(cfn.Sub(name)),
		Path:                     cfn.Ptr(model.BasePath(t.project.Name)),
		Description:              cfn.Ptr("CloudFormation deploys the environment's stacks with it."),
		AssumeRolePolicyDocument: trustService(cloudFormation, "StringEqualsIfExists", "aws:SourceAccount", cfn.AccountID),
		ManagedPolicyArns:        arns,
		Policies:                 []iam.Role_Policy{{PolicyName: "guard", PolicyDocument: policy.New(t.guard()...)}},
	})
	r.Comment = "Passed to CloudFormation by the deploy role."
}

func (t *target) deploymentPlace() diag.Place {
	if len(t.project.Deployment) > 0 {
		return t.project.Deployment[0].Place
	}
	return t.project.Place
}

// deployRole adds the role that the pipeline assumes.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html
func (t *target) deployRole() {
	tooling := partition + "iam::" + t.project.Tooling.Account + ":"
	pipeline := "role" + model.BasePath(t.project.Name) + model.ToolingRole(t.project.Name, rolePipeline)
	r := t.template.Add("DeployRole", &iam.Role{
		RoleName:    cfn.Ptr(cfn.Sub(model.DeployRole(t.project.Name, "${Environment}"))),
		Path:        cfn.Ptr(model.BasePath(t.project.Name)),
		Description: cfn.Ptr("The pipeline prepares and executes the environment's change sets with it."),
		// The account and a condition, and not the role itself, so that either
		// may be made, deleted and made again before the other.
		AssumeRolePolicyDocument: policy.New(policy.Statement{
			Effect:     policy.Allow,
			Principal:  policy.Principal{AWS: []string{cfn.Sub(tooling + "root")}},
			Actions:    []string{"sts:AssumeRole"},
			Conditions: []policy.Condition{{Operator: "ArnEquals", Key: "aws:PrincipalArn", Values: []string{cfn.Sub(tooling + pipeline)}}},
		}),
		Policies: []iam.Role_Policy{
			{PolicyName: "change-sets", PolicyDocument: policy.New(t.changeSets()...)},
			{PolicyName: "artifacts", PolicyDocument: policy.New(t.artifacts()...)},
		},
	})
	r.Comment = "Assumed by the pipeline's role in the tooling account."
}

// changeSets are what the pipeline's two actions on a target do.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
func (t *target) changeSets() []policy.Statement {
	role := cfn.Sub(t.names.Role())
	ours := policy.Condition{Operator: "StringEqualsIfExists", Key: "cloudformation:ChangeSetName", Values: []string{ChangeSetName}}
	return []policy.Statement{
		{
			// A set without our role would be executed with this one.
			Actions:    []string{"cloudformation:CreateChangeSet"},
			Resources:  t.rootStacks(),
			Conditions: []policy.Condition{{Operator: "ArnEquals", Key: "cloudformation:RoleArn", Values: []string{role}}, ours},
		},
		{
			Actions: []string{
				"cloudformation:DeleteChangeSet",
				"cloudformation:DescribeChangeSet",
				"cloudformation:ExecuteChangeSet",
			},
			Resources:  t.rootStacks(),
			Conditions: []policy.Condition{ours},
		},
		{
			Actions:   []string{"cloudformation:DescribeStackEvents", "cloudformation:DescribeStacks"},
			Resources: t.rootStacks(),
		},
		// The stack's tags come with its set, and either can be what is tagged.
		// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
		{
			Actions: []string{"cloudformation:TagResource", "cloudformation:UntagResource"},
			Resources: append(t.rootStacks(),
				cfn.Sub(partition+"cloudformation:*:"+here+":changeSet/"+ChangeSetName+"/*")),
		},
		passToCloudFormation(role),
		// The name of the stack of this role begins as an orchestration's does. Those of the
		// tooling begin with no environment, because none may be called so.
		{
			Effect:    policy.Deny,
			Actions:   []string{"cloudformation:*"},
			Resources: []string{t.stack(model.TargetStack(t.project.Name, "${Environment}"))},
		},
	}
}

// artifacts are the root template and its parameters, which the prepare action
// reads from its region's artifact bucket.
func (t *target) artifacts() []policy.Statement {
	return []policy.Statement{
		{
			Actions:   []string{"s3:GetObject", "s3:GetObjectVersion"},
			Resources: t.buckets(model.ArtifactBucket, "/*"),
		},
		{
			Actions:   []string{"s3:ListBucket"},
			Resources: t.buckets(model.ArtifactBucket, ""),
		},
		{
			Actions:   []string{"kms:Decrypt"},
			Resources: []string{t.key()},
			// Only what S3 hands over.
			// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
			Conditions: []policy.Condition{{Operator: "StringLike", Key: "kms:ViaService", Values: []string{"s3.*"}}},
		},
		{
			Actions:   []string{"kms:DescribeKey"},
			Resources: []string{t.key()},
		},
	}
}

// allowed turns entries of `boundary:` or `deployment:` into statements.
func (t *target) allowed(list []model.Allowance, key string) []policy.Statement {
	var statements []policy.Statement
	for _, a := range list {
		s := policy.Statement{Effect: policy.Allow, Resources: []string{"*"}}
		for _, action := range a.Allow {
			s.Actions = append(s.Actions, action.Value)
			if key == "deployment" && a.On == nil && ceiling.Covered([]model.Allowance{{Allow: []source.Field[string]{action}}}, "iam:PassRole") {
				t.problems.Addf("bare-pass-role", action.Place, "name the roles under `on:`",
					"%s on every role would let a deployment take any role of the account", action.Value)
			}
		}
		if a.On != nil {
			s.Resources = nil
			for _, n := range a.On {
				if arn, ok := t.resource(n, key); ok {
					s.Resources = append(s.Resources, arn)
				}
			}
		}
		if len(s.Actions) > 0 && len(s.Resources) > 0 {
			statements = append(statements, s)
		}
	}
	return statements
}

// resource is an ARN under `on:`. The target stack knows its own parameters and
// nothing of a deployment's resources.
func (t *target) resource(n *source.Node, key string) (string, bool) {
	if n.Tag == event.OutputTag {
		t.problems.Addf("unknown-reference", n.Place, "write the ARN, with * for what is not known",
			"%s is made before any other stack, so that an output cannot stand under %s", "out/target.yaml", key)
		return "", false
	}
	value := cfn.FromNode(n, nil, t.problems)
	for _, r := range cfn.References(value) {
		if !strings.HasPrefix(r.ID, "AWS::") && r.ID != "Environment" {
			t.problems.Addf("unknown-reference", n.Place, "write the ARN; !Sub knows ${Environment} and ${AWS::…} here",
				"%s under %s is not known in the target stack", r.ID, key)
			return "", false
		}
	}
	switch v := value.(type) {
	case string:
		return v, true
	case cfn.Plain:
		return string(v), true
	}
	t.problems.Addf("single-value", n.Place, "write an ARN, or one tag such as !Sub",
		"a single value is needed under on, not %s", n.Kind)
	return "", false
}
