package endtoend

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfn "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	declared "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

// player is CodePipeline: it runs the pipeline that is deployed, action by action in the
// order of their stages and run orders, each with its role.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
type player struct {
	t         *testing.T
	mock      *mock
	pipeline  *declared.PipelineDeclaration
	role      role // of the pipeline
	build     func(project, source string) (built string)
	artifacts map[string]string // folders, by name
	approved  []string          // what was asked of people
}

// play runs the pipeline once, or again from the start where it has changed itself.
func (p *player) play(name string) {
	p.t.Helper()
	p.read(name)
	p.artifacts = map[string]string{}
	for i := range p.pipeline.Stages {
		stage := &p.pipeline.Stages[i]
		slices.SortStableFunc(stage.Actions, func(a, b declared.ActionDeclaration) int {
			return cmp.Compare(aws.ToInt32(a.RunOrder), aws.ToInt32(b.RunOrder))
		})
		for j := range stage.Actions {
			p.act(&stage.Actions[j])
		}
		if version := p.pipeline.Version; *stage.Name == "Update" {
			if p.read(name); *p.pipeline.Version != *version {
				p.play(name) // RestartExecutionOnUpdate
				return
			}
		}
	}
}

func (p *player) read(name string) {
	client := codepipeline.NewFromConfig(p.mock.administrator(p.t, tooling).config(home))
	answer, err := client.GetPipeline(p.t.Context(), &codepipeline.GetPipelineInput{Name: &name})
	require.NoError(p.t, err)
	p.pipeline = answer.Pipeline
	p.role = p.mock.assume(p.t, *p.pipeline.RoleArn)
}

// act does what one action is configured to do, and nothing that it is not.
func (p *player) act(a *declared.ActionDeclaration) {
	p.t.Helper()
	kind := string(a.ActionTypeId.Category) + " " + *a.ActionTypeId.Provider
	p.t.Logf("%s: %s", *a.Name, kind)
	switch kind {
	case "Source S3":
		p.give(a, p.source(a))
	case "Build CodeBuild":
		p.give(a, p.build(a.Configuration["ProjectName"], p.taken(a)))
	case "Approval Manual":
		p.approved = append(p.approved, a.Configuration["CustomData"])
	case "Deploy CloudFormation":
		p.deploy(a)
	default:
		require.Fail(p.t, "nobody here plays "+kind)
	}
}

// source takes the archive that somebody has uploaded.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
func (p *player) source(a *declared.ActionDeclaration) string {
	bucket, key := a.Configuration["S3Bucket"], a.Configuration["S3ObjectKey"]
	return unpacked(p.t, download(p.t, p.role, home, bucket, key))
}

// give stores what an action made where the next ones look for it: in the artifact
// bucket of every region.
func (p *player) give(a *declared.ActionDeclaration, folder string) {
	require.Len(p.t, a.OutputArtifacts, 1)
	data := packed(p.t, folder)
	name := *a.OutputArtifacts[0].Name
	for region, store := range p.pipeline.ArtifactStores {
		upload(p.t, p.role, region, *store.Location, name+".zip", data)
	}
}

// taken is what an action works on, read with the action's role.
func (p *player) taken(a *declared.ActionDeclaration) string {
	p.t.Helper()
	require.Len(p.t, a.InputArtifacts, 1)
	name, reader, region := *a.InputArtifacts[0].Name, p.role, cmp.Or(aws.ToString(a.Region), home)
	if a.RoleArn != nil {
		reader = p.mock.assume(p.t, *a.RoleArn)
	}
	return unpacked(p.t, download(p.t, reader, region, *p.pipeline.ArtifactStores[region].Location, name+".zip"))
}

// deploy is the action of CloudFormation.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
func (p *player) deploy(a *declared.ActionDeclaration) {
	p.t.Helper()
	actor := p.mock.assume(p.t, *a.RoleArn)
	stacks := deployment{p.t, cloudformation.NewFromConfig(actor.config(cmp.Or(aws.ToString(a.Region), home)))}
	c := a.Configuration
	switch mode := c["ActionMode"]; mode {
	case "CREATE_UPDATE":
		stacks.createOrUpdate(p.request(a))
	case "CHANGE_SET_REPLACE":
		stacks.prepare(p.request(a), c["ChangeSetName"])
	case "CHANGE_SET_EXECUTE":
		stacks.execute(c["StackName"], c["ChangeSetName"])
	default:
		require.Fail(p.t, "nobody here plays "+mode)
	}
}

// request is what an action says of a stack.
func (p *player) request(a *declared.ActionDeclaration) request {
	p.t.Helper()
	folder, c := p.taken(a), a.Configuration
	artifact := *a.InputArtifacts[0].Name + "::"
	read := func(of string) []byte {
		require.True(p.t, strings.HasPrefix(of, artifact), "%s is not of %s", of, artifact)
		data, err := os.ReadFile(filepath.Join(folder, strings.TrimPrefix(of, artifact)))
		require.NoError(p.t, err)
		return data
	}
	r := request{stack: c["StackName"], template: string(read(c["TemplatePath"])), role: aws.String(c["RoleArn"])}
	if c["Capabilities"] != "" {
		for name := range strings.SplitSeq(c["Capabilities"], ",") {
			r.capabilities = append(r.capabilities, cfn.Capability(name))
		}
	}
	if c["TemplateConfiguration"] != "" {
		var with struct{ Parameters, Tags map[string]string }
		require.NoError(p.t, json.Unmarshal(read(c["TemplateConfiguration"]), &with))
		r.parameters, r.tags = parameters(with.Parameters), tags(with.Tags)
	}
	return r
}

// request is what CloudFormation is told of a stack.
type request struct {
	stack, template string
	role            *string
	parameters      []cfn.Parameter
	tags            []cfn.Tag
	capabilities    []cfn.Capability
}

func parameters(values map[string]string) (list []cfn.Parameter) {
	for key, value := range values {
		list = append(list, cfn.Parameter{ParameterKey: &key, ParameterValue: &value})
	}
	return list
}

func tags(values map[string]string) (list []cfn.Tag) {
	for key, value := range values {
		list = append(list, cfn.Tag{Key: &key, Value: &value})
	}
	return list
}

// deployment deploys stacks in one account and region, as one role.
type deployment struct {
	t      *testing.T
	client *cloudformation.Client
}

// describe returns a stack that has resources, or nil.
func (d deployment) describe(name string) *cfn.Stack {
	d.t.Helper()
	answer, err := d.client.DescribeStacks(d.t.Context(), &cloudformation.DescribeStacksInput{StackName: &name})
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() == "ValidationError" {
		return nil
	}
	require.NoError(d.t, err)
	if answer.Stacks[0].StackStatus == cfn.StackStatusReviewInProgress {
		return nil
	}
	return &answer.Stacks[0]
}

func (d deployment) createOrUpdate(r request) {
	d.t.Helper()
	if d.describe(r.stack) == nil {
		_, err := d.client.CreateStack(d.t.Context(), &cloudformation.CreateStackInput{
			StackName: &r.stack, TemplateBody: &r.template, RoleARN: r.role, Parameters: r.parameters, Tags: r.tags, Capabilities: r.capabilities,
		})
		require.NoError(d.t, err)
	} else {
		_, err := d.client.UpdateStack(d.t.Context(), &cloudformation.UpdateStackInput{
			StackName: &r.stack, TemplateBody: &r.template, RoleARN: r.role, Parameters: r.parameters, Tags: r.tags, Capabilities: r.capabilities,
		})
		if err != nil {
			require.ErrorContains(d.t, err, "No updates are to be performed")
		}
	}
	d.complete(r.stack)
}

// prepare replaces the change set.
func (d deployment) prepare(r request, changeSet string) {
	d.t.Helper()
	kind := cfn.ChangeSetTypeUpdate
	if d.describe(r.stack) == nil {
		kind = cfn.ChangeSetTypeCreate
	} else {
		_, err := d.client.DeleteChangeSet(d.t.Context(), &cloudformation.DeleteChangeSetInput{StackName: &r.stack, ChangeSetName: &changeSet})
		require.NoError(d.t, err)
	}
	_, err := d.client.CreateChangeSet(d.t.Context(), &cloudformation.CreateChangeSetInput{
		StackName: &r.stack, ChangeSetName: &changeSet, ChangeSetType: kind, TemplateBody: &r.template, RoleARN: r.role,
		Parameters: r.parameters, Tags: r.tags, Capabilities: r.capabilities,
	})
	require.NoError(d.t, err)
	made, err := d.client.DescribeChangeSet(d.t.Context(), &cloudformation.DescribeChangeSetInput{StackName: &r.stack, ChangeSetName: &changeSet})
	require.NoError(d.t, err)
	require.Equal(d.t, cfn.ChangeSetStatusCreateComplete, made.Status, aws.ToString(made.StatusReason))
}

func (d deployment) execute(stack, changeSet string) {
	d.t.Helper()
	_, err := d.client.ExecuteChangeSet(d.t.Context(), &cloudformation.ExecuteChangeSetInput{StackName: &stack, ChangeSetName: &changeSet})
	require.NoError(d.t, err)
	d.complete(stack)
}

// complete fails the test with CloudFormation's reasons unless a stack is as it should be.
func (d deployment) complete(name string) {
	d.t.Helper()
	stack := d.describe(name)
	require.NotNil(d.t, stack, name)
	if slices.Contains([]cfn.StackStatus{cfn.StackStatusCreateComplete, cfn.StackStatusUpdateComplete}, stack.StackStatus) {
		return
	}
	events, err := d.client.DescribeStackEvents(d.t.Context(), &cloudformation.DescribeStackEventsInput{StackName: &name})
	require.NoError(d.t, err)
	for _, e := range slices.Backward(events.StackEvents) {
		if e.ResourceStatusReason != nil {
			d.t.Logf("%s %s: %s", *e.LogicalResourceId, e.ResourceStatus, *e.ResourceStatusReason)
		}
	}
	require.Fail(d.t, name+" is "+string(stack.StackStatus))
}

func (d deployment) delete(name string) {
	d.t.Helper()
	_, err := d.client.DeleteStack(d.t.Context(), &cloudformation.DeleteStackInput{StackName: &name})
	require.NoError(d.t, err)
	if stack := d.describe(name); stack != nil {
		require.Fail(d.t, name+" is "+string(stack.StackStatus), aws.ToString(stack.StackStatusReason))
	}
}

func upload(t *testing.T, as role, region, bucket, key string, data []byte) {
	t.Helper()
	_, err := objects(as, region).PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(data)})
	require.NoError(t, err)
}

func download(t *testing.T, as role, region, bucket, key string) []byte {
	t.Helper()
	answer, err := objects(as, region).GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	require.NoError(t, err, "s3://%s/%s", bucket, key)
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return data
}

func objects(as role, region string) *s3.Client {
	return s3.NewFromConfig(as.config(region), func(o *s3.Options) { o.UsePathStyle = true })
}

// packed is a folder as an archive.
func packed(t *testing.T, folder string) []byte {
	t.Helper()
	var data bytes.Buffer
	w := zip.NewWriter(&data)
	require.NoError(t, w.AddFS(os.DirFS(folder)))
	require.NoError(t, w.Close())
	return data.Bytes()
}

// unpacked is an archive as a folder.
func unpacked(t *testing.T, data []byte) string {
	t.Helper()
	folder := t.TempDir()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(folder, r))
	return folder
}

// chosen copies the files of a folder that match one of the patterns.
func chosen(t *testing.T, folder string, match func(file string) bool) string {
	t.Helper()
	to := t.TempDir()
	require.NoError(t, filepath.WalkDir(folder, func(file string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		name, err := filepath.Rel(folder, file)
		require.NoError(t, err)
		if d.IsDir() || !match(filepath.ToSlash(name)) {
			return nil
		}
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Join(to, path.Dir(filepath.ToSlash(name))), 0o755))
		return os.WriteFile(filepath.Join(to, name), data, 0o644)
	}))
	return to
}
