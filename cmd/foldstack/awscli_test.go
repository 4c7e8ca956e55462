package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
)

// awsCLI is as much of the AWS CLI as what is printed by bootstrap --print uses. It
// refuses what the real one refuses: options that it has not, a template that is too
// large for a call, capabilities that nobody gave.
//
// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy.html
func awsCLI() {
	if err := runCLI(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "aws:", err)
		os.Exit(255)
	}
}

// cliOptions are those that each command takes.
var cliOptions = map[string][]string{
	"deploy": {
		"region", "stack-name", "template-file", "no-fail-on-empty-changeset", "capabilities", "parameter-overrides", "s3-bucket", "s3-prefix",
	},
	"describe-stacks":        {"region", "stack-name", "query", "output"},
	"create-stack":           {"region", "stack-name", "template-body"},
	"wait":                   {"region", "stack-name"},
	"create-stack-set":       {"region", "stack-set-name", "template-body", "capabilities", "permission-model", "auto-deployment", "parameters", "call-as"},
	"create-stack-instances": {"region", "stack-set-name", "regions", "deployment-targets", "operation-preferences", "call-as"},
}

type cli struct {
	options map[string][]string
	session *cloud.Session
	client  *cloudformation.Client
}

func (c *cli) option(name string) string { return strings.Join(c.options[name], " ") }

func runCLI(ctx context.Context, args []string) error {
	if args[0] == "--profile" {
		for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
			os.Unsetenv(name)
		}
		os.Setenv("AWS_PROFILE", args[1])
		args = args[2:]
	}
	if slices.Equal(args, []string{"sts", "get-caller-identity", "--query", "Account", "--output", "text"}) {
		s, err := cloud.Open(ctx, "us-east-1", cloud.Options{})
		if err == nil {
			fmt.Println(s.Account)
		}
		return err
	}
	if len(args) < 2 || args[0] != "cloudformation" || cliOptions[args[1]] == nil {
		return fmt.Errorf("there is no command %s", strings.Join(args, " "))
	}
	words := args[2:]
	if args[1] == "wait" {
		if len(words) == 0 || words[0] != "stack-create-complete" {
			return errors.New("a state that nobody waits for")
		}
		words = words[1:]
	}
	c := &cli{options: map[string][]string{}}
	last := ""
	for _, word := range words {
		if name, ok := strings.CutPrefix(word, "--"); ok {
			if !slices.Contains(cliOptions[args[1]], name) {
				return fmt.Errorf("unknown option %s", word)
			}
			last, c.options[name] = name, []string{}
			continue
		}
		c.options[last] = append(c.options[last], word)
	}
	var err error
	if c.session, err = cloud.Open(ctx, c.option("region"), cloud.Options{Pause: func(int) time.Duration { return 0 }}); err != nil {
		return err
	}
	c.client = cloudformation.NewFromConfig(c.session.Config(c.option("region")))
	return map[string]func(context.Context) error{
		"deploy": c.deploy, "describe-stacks": c.describeStacks, "create-stack": c.createStack, "wait": c.waitForStack,
		"create-stack-set": c.createStackSet, "create-stack-instances": c.createStackInstances,
	}[args[1]](ctx)
}

func (c *cli) deploy(ctx context.Context) error {
	template, err := os.ReadFile(c.option("template-file"))
	if err != nil {
		return err
	}
	if bytes.Contains(template, []byte("Type: AWS::IAM::")) != (c.option("capabilities") == "CAPABILITY_NAMED_IAM") {
		return errors.New("InsufficientCapabilitiesException")
	}
	d := stacks.Deployment{Name: c.option("stack-name"), Template: template, Parameters: map[string]string{}}
	for _, word := range c.options["parameter-overrides"] {
		name, value, _ := strings.Cut(word, "=")
		d.Parameters[name] = value
	}
	if bucket := c.option("s3-bucket"); bucket != "" {
		d.URL, err = c.upload(ctx, bucket, fmt.Sprintf("%s/%x.template", c.option("s3-prefix"), sha256.Sum256(template)), template)
	} else if len(template) > stacks.MaxTemplate {
		err = errors.New("Templates with a size greater than 51,200 bytes must be deployed via an S3 Bucket")
	}
	if err != nil {
		return err
	}
	_, err = stacks.In(c.session, c.option("region")).Deploy(ctx, d, func(stacks.Event) {})
	return err
}

// upload stores what is not there yet: a template's name is its digest.
//
// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy.html
func (c *cli) upload(ctx context.Context, bucket, key string, data []byte) (url string, err error) {
	client := s3.NewFromConfig(c.session.Config(c.option("region")), func(o *s3.Options) { o.UsePathStyle = true })
	_, err = client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &bucket, Key: &key, Body: bytes.NewReader(data), IfNoneMatch: awssdk.String("*"), ExpectedBucketOwner: &c.session.Account, ChecksumAlgorithm: "SHA256",
	})
	if cloud.IsCode(err, "PreconditionFailed") {
		err = nil
	}
	return "https://s3.amazonaws.com/" + bucket + "/" + key, err
}

func (c *cli) describeStacks(ctx context.Context) error {
	stack, err := stacks.In(c.session, c.option("region")).Stack(ctx, c.option("stack-name"))
	if err != nil || stack == nil {
		return errors.Join(err, errors.New("there is no stack "+c.option("stack-name")))
	}
	if c.options["query"] == nil {
		fmt.Println(stack.ID)
		return nil
	}
	if c.option("query") != "Stacks[0].Outputs[?OutputKey=='KeyId'].OutputValue" || c.option("output") != "text" {
		return errors.New("a query that nobody prints")
	}
	fmt.Println(stack.Outputs["KeyId"])
	return nil
}

// createStack begins a creation, and waitForStack sees to its end.
func (c *cli) createStack(ctx context.Context) error {
	_, err := c.client.CreateStack(ctx, &cloudformation.CreateStackInput{
		StackName: awssdk.String(c.option("stack-name")), TemplateBody: awssdk.String(c.option("template-body")),
	})
	return err
}

// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/wait/stack-create-complete.html
func (c *cli) waitForStack(ctx context.Context) error {
	for {
		stack, err := stacks.In(c.session, c.option("region")).Stack(ctx, c.option("stack-name"))
		switch {
		case err != nil || stack == nil:
			return errors.Join(err, errors.New("Waiter StackCreateComplete failed"))
		case stack.Status == string(types.StackStatusCreateComplete):
			return nil
		case !stack.InProgress():
			return errors.New("Waiter StackCreateComplete failed: " + stack.Status)
		}
	}
}

func (c *cli) createStackSet(ctx context.Context) error {
	template, err := os.ReadFile(strings.TrimPrefix(c.option("template-body"), "file://"))
	if err != nil {
		return err
	}
	var parameters []types.Parameter
	for _, word := range c.options["parameters"] {
		fields := fieldsOf(word)
		parameters = append(parameters, types.Parameter{ParameterKey: awssdk.String(fields["ParameterKey"]), ParameterValue: awssdk.String(fields["ParameterValue"])})
	}
	auto := fieldsOf(c.option("auto-deployment"))
	_, err = c.client.CreateStackSet(ctx, &cloudformation.CreateStackSetInput{
		StackSetName: awssdk.String(c.option("stack-set-name")), TemplateBody: awssdk.String(string(template)), Parameters: parameters,
		Capabilities: []types.Capability{types.Capability(c.option("capabilities"))}, PermissionModel: types.PermissionModels(c.option("permission-model")),
		AutoDeployment: &types.AutoDeployment{Enabled: awssdk.Bool(auto["Enabled"] == "true"), RetainStacksOnAccountRemoval: awssdk.Bool(auto["RetainStacksOnAccountRemoval"] == "true")},
	})
	return err
}

func (c *cli) createStackInstances(ctx context.Context) error {
	targets, name := strings.TrimPrefix(c.option("deployment-targets"), "OrganizationalUnitIds="), c.option("stack-set-name")
	begun, err := c.client.CreateStackInstances(ctx, &cloudformation.CreateStackInstancesInput{
		StackSetName: &name, Regions: c.options["regions"],
		DeploymentTargets: &types.DeploymentTargets{OrganizationalUnitIds: strings.Split(targets, ",")},
	})
	for err == nil { // CloudFormation does the rest by itself
		var o *cloudformation.DescribeStackSetOperationOutput
		o, err = c.client.DescribeStackSetOperation(ctx, &cloudformation.DescribeStackSetOperationInput{StackSetName: &name, OperationId: begun.OperationId})
		if err == nil && o.StackSetOperation.Status == types.StackSetOperationStatusSucceeded {
			return nil
		}
	}
	return err
}

// fieldsOf reads NAME=VALUE,NAME=VALUE.
func fieldsOf(word string) map[string]string {
	fields := map[string]string{}
	for field := range strings.SplitSeq(word, ",") {
		name, value, _ := strings.Cut(field, "=")
		fields[name] = value
	}
	return fields
}
