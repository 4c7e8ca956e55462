package endtoend

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfn "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	declared "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/stretchr/testify/require"
)

// player is CodePipeline: it runs the pipeline that is deployed, action by action in the
// order of their stages and run orders, each with its role.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
type player struct {
	t        *testing.T
	mock     *mock
	build    func(project, source string) (built string, err error)
	approves bool // whoever is asked
	pipeline *declared.PipelineDeclaration
	role     role // of the pipeline
	run      run
	done     []string // the actions of all runs, by name
}

// run is what the pipeline remembers of one.
type run struct {
	Status  declared.PipelineExecutionStatus
	Actions []declared.ActionExecutionDetail
}

// play runs the pipeline once, or again from its start where it has changed itself. It
// ends with the first action that fails.
func (p *player) play(name string) error {
	p.t.Helper()
	p.read(name)
	p.run = run{}
	version := *p.pipeline.Version
	for _, stage := range p.pipeline.Stages {
		slices.SortStableFunc(stage.Actions, func(a, b declared.ActionDeclaration) int {
			return cmp.Compare(aws.ToInt32(a.RunOrder), aws.ToInt32(b.RunOrder))
		})
		for i := range stage.Actions {
			err := p.act(&stage.Actions[i])
			p.note(&stage, &stage.Actions[i], err)
			if err != nil {
				p.over(declared.PipelineExecutionStatusFailed)
				return fmt.Errorf("%s: %w", *stage.Actions[i].Name, err)
			}
		}
		if p.read(name); *p.pipeline.Version != version {
			p.over(declared.PipelineExecutionStatusCancelled)
			return p.play(name) // RestartExecutionOnUpdate
		}
	}
	p.over(declared.PipelineExecutionStatusSucceeded)
	return nil
}

// note writes down what an action came to.
func (p *player) note(stage *declared.StageDeclaration, a *declared.ActionDeclaration, err error) {
	p.done = append(p.done, *a.Name)
	noted := declared.ActionExecutionDetail{
		StageName: stage.Name, ActionName: a.Name, Status: declared.ActionExecutionStatusSucceeded,
		Input: &declared.ActionExecutionInput{
			ActionTypeId: a.ActionTypeId, Configuration: a.Configuration, RoleArn: a.RoleArn, Region: aws.String(cmp.Or(aws.ToString(a.Region), home)),
		},
	}
	if err != nil {
		noted.Status = declared.ActionExecutionStatusFailed
		noted.Output = &declared.ActionExecutionOutput{ExecutionResult: &declared.ActionExecutionResult{
			ErrorDetails: &declared.ErrorDetails{Message: aws.String(err.Error())},
		}}
	}
	p.run.Actions = append(p.run.Actions, noted)
}

func (p *player) over(status declared.PipelineExecutionStatus) {
	p.run.Status = status
	p.mock.remember(p.t, p.run)
}

func (p *player) read(name string) {
	client := codepipeline.NewFromConfig(p.mock.administrator(p.t, tooling).config(home))
	answer, err := client.GetPipeline(p.t.Context(), &codepipeline.GetPipelineInput{Name: &name})
	require.NoError(p.t, err)
	p.pipeline = answer.Pipeline
	p.role = p.mock.assume(p.t, *p.pipeline.RoleArn)
}

// act does what one action is configured to do, and nothing that it is not.
func (p *player) act(a *declared.ActionDeclaration) error {
	p.t.Helper()
	switch kind := string(a.ActionTypeId.Category) + " " + *a.ActionTypeId.Provider; kind {
	case "Source S3":
		p.give(a, p.source(a))
	case "Build CodeBuild":
		built, err := p.build(a.Configuration["ProjectName"], p.taken(a))
		if err != nil {
			return err
		}
		p.give(a, built)
	case "Approval Manual":
		if !p.approves {
			return errors.New("rejected")
		}
	case "Deploy CloudFormation":
		return p.deploy(a)
	default:
		require.Fail(p.t, "nobody here plays "+kind)
	}
	return nil
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
func (p *player) deploy(a *declared.ActionDeclaration) error {
	p.t.Helper()
	actor := p.mock.assume(p.t, *a.RoleArn)
	stacks := deployment{p.t, cloudformation.NewFromConfig(actor.config(cmp.Or(aws.ToString(a.Region), home)))}
	c := a.Configuration
	switch mode := c["ActionMode"]; mode {
	case "CREATE_UPDATE":
		return stacks.createOrUpdate(p.request(a))
	case "CHANGE_SET_REPLACE":
		stacks.prepare(p.request(a), c["ChangeSetName"])
	case "CHANGE_SET_EXECUTE":
		return stacks.execute(c["StackName"], c["ChangeSetName"])
	default:
		require.Fail(p.t, "nobody here plays "+mode)
	}
	return nil
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
