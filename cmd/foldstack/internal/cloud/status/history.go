package status

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/stack"
)

// history asks CodePipeline about one pipeline.
type history struct {
	name, region string
	session      *cloud.Session
	client       *codepipeline.Client
}

func (h *history) explain(ctx context.Context, err error, action string) error {
	return cloud.Interrupted(ctx, h.session.Explain(err, cloud.Call{Action: action, Region: h.region, Resource: "the pipeline " + h.name}))
}

// state is that of every stage, and nil where there is no pipeline.
//
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipelineState.html
func (h *history) state(ctx context.Context) ([]types.StageState, error) {
	answer, err := h.client.GetPipelineState(ctx, &codepipeline.GetPipelineStateInput{Name: &h.name})
	switch {
	case cloud.IsCode(err, "PipelineNotFoundException"):
		return nil, nil
	case err != nil:
		return nil, h.explain(ctx, err, "codepipeline:GetPipelineState")
	}
	return answer.StageStates, nil
}

// stageOf is a stage as CodePipeline describes it.
func stageOf(s *types.StageState, runs map[string]*Run) Stage {
	stage := Stage{Name: aws.ToString(s.StageName)}
	if latest := s.LatestExecution; latest != nil {
		stage.Run, stage.Status = runOr(runs, aws.ToString(latest.PipelineExecutionId)), string(latest.Status)
	}
	for i := range s.ActionStates {
		if e := s.ActionStates[i].LatestExecution; e != nil && e.LastStatusChange != nil && e.LastStatusChange.After(stage.Since) {
			stage.Since = *e.LastStatusChange
		}
	}
	if in := s.InboundExecution; in != nil {
		stage.Next = runOr(runs, aws.ToString(in.PipelineExecutionId))
	}
	if door := s.InboundTransitionState; door != nil && !door.Enabled {
		stage.Closed = "closed by " + cmp.Or(aws.ToString(door.LastChangedBy), "somebody")
		if reason := aws.ToString(door.DisabledReason); reason != "" {
			stage.Closed += ": " + reason
		}
	}
	return stage
}

// runs are the latest hundred, the newest first.
//
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListPipelineExecutions.html
func (h *history) runs(ctx context.Context) ([]*Run, error) {
	answer, err := h.client.ListPipelineExecutions(ctx, &codepipeline.ListPipelineExecutionsInput{PipelineName: &h.name})
	if err != nil {
		return nil, h.explain(ctx, err, "codepipeline:ListPipelineExecutions")
	}
	runs := make([]*Run, len(answer.PipelineExecutionSummaries))
	for i := range answer.PipelineExecutionSummaries {
		runs[i] = runOf(&answer.PipelineExecutionSummaries[i])
	}
	slices.SortStableFunc(runs, func(a, b *Run) int { return b.Started.Compare(a.Started) })
	return runs, nil
}

func runOf(e *types.PipelineExecutionSummary) *Run {
	run := &Run{
		ID: aws.ToString(e.PipelineExecutionId), Status: string(e.Status),
		Started: aws.ToTime(e.StartTime), Changed: aws.ToTime(e.LastUpdateTime),
	}
	if len(e.SourceRevisions) > 0 { // a run that has not reached its end of Source has none
		run.Commit, run.Summary = aws.ToString(e.SourceRevisions[0].RevisionId), message(aws.ToString(e.SourceRevisions[0].RevisionSummary))
	}
	return run
}

// message is the first line of a commit's message. A connection puts the message into
// an object.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
func message(summary string) string {
	var object struct{ CommitMessage string }
	if json.Unmarshal([]byte(summary), &object) == nil && object.CommitMessage != "" {
		summary = object.CommitMessage
	}
	line, _, _ := strings.Cut(summary, "\n")
	return strings.TrimSpace(line)
}

// historyPages are as many pages of a hundred actions as are read, however long nobody
// has deployed a target.
const historyPages = 10

// actions are the newest, back to where all those of some runs have come and each stack
// was deployed once.
//
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListActionExecutions.html
func (h *history) actions(ctx context.Context, runs map[string]bool, stacks []place) ([]Action, error) {
	var list []Action
	pages := codepipeline.NewListActionExecutionsPaginator(h.client, &codepipeline.ListActionExecutionsInput{PipelineName: &h.name})
	for n := 0; pages.HasMorePages() && n < historyPages && !enough(list, runs, stacks); n++ {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, h.explain(ctx, err, "codepipeline:ListActionExecutions")
		}
		for i := range page.ActionExecutionDetails {
			list = append(list, actionOf(&page.ActionExecutionDetails[i]))
		}
	}
	slices.SortStableFunc(list, func(a, b Action) int { return b.started.Compare(a.started) })
	return list, nil
}

// enough reports a history that begins before each of some runs reached its second
// stage, and in which each stack was deployed once.
func enough(list []Action, runs map[string]bool, stacks []place) bool {
	begun, deployed := map[string]bool{}, map[place]bool{}
	for _, a := range list {
		if a.stage == firstStage {
			begun[a.run] = true
		}
		if a.mode == executeMode && a.Status == string(types.ActionExecutionStatusSucceeded) {
			deployed[a.stack] = true
		}
	}
	for run := range runs {
		if !begun[run] {
			return false
		}
	}
	return !slices.ContainsFunc(stacks, func(p place) bool { return !deployed[p] })
}

const (
	firstStage  = "Source"
	executeMode = "CHANGE_SET_EXECUTE"
)

// actionOf is an action as CodePipeline describes it. A deployment's account is that of
// its role.
func actionOf(d *types.ActionExecutionDetail) Action {
	a := Action{
		Name: aws.ToString(d.ActionName), Status: string(d.Status), Changed: aws.ToTime(d.LastUpdateTime), By: aws.ToString(d.UpdatedBy),
		started: aws.ToTime(d.StartTime), id: aws.ToString(d.ActionExecutionId), stage: aws.ToString(d.StageName), run: aws.ToString(d.PipelineExecutionId),
	}
	if in := d.Input; in != nil {
		if in.ActionTypeId != nil {
			a.Provider = aws.ToString(in.ActionTypeId.Provider)
		}
		role, _ := arn.Parse(aws.ToString(in.RoleArn))
		a.stack = place{role.AccountID, aws.ToString(in.Region), in.Configuration["StackName"]}
		a.mode = in.Configuration["ActionMode"]
	}
	if out := d.Output; out != nil && out.ExecutionResult != nil {
		a.Link, a.Message = aws.ToString(out.ExecutionResult.ExternalExecutionUrl), aws.ToString(out.ExecutionResult.ExternalExecutionSummary)
		if e := out.ExecutionResult.ErrorDetails; e != nil {
			a.failure = aws.ToString(e.Message)
			a.Message = cmp.Or(a.failure, a.Message)
		}
	}
	return a
}

// complete adds to actions what only the state of the pipeline tells: who answered an
// approval, and in which words.
//
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionExecution.html
func complete(actions []Action, state []types.StageState) {
	executions := map[string]*types.ActionExecution{}
	for i := range state {
		for j := range state[i].ActionStates {
			if e := state[i].ActionStates[j].LatestExecution; e != nil && e.ActionExecutionId != nil {
				executions[*e.ActionExecutionId] = e
			}
		}
	}
	for i := range actions {
		a := &actions[i]
		e := executions[a.id]
		if e == nil {
			continue
		}
		a.By, a.Link = cmp.Or(a.By, aws.ToString(e.LastUpdatedBy)), cmp.Or(a.Link, aws.ToString(e.ExternalExecutionUrl))
		if e.ErrorDetails != nil {
			a.failure = cmp.Or(a.failure, aws.ToString(e.ErrorDetails.Message))
		}
		if a.Approval() {
			a.Message = cmp.Or(aws.ToString(e.Summary), a.Message)
		} else {
			a.Message = cmp.Or(a.Message, a.failure)
		}
	}
}

// settle takes from an approval that nobody answered whose name and words stand there: an
// open one has both already. An approval fails where somebody rejects it, and where its
// time is over.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-approve-or-reject.html
func (s *Subject) settle(actions []Action) {
	for i := range actions {
		a := &actions[i]
		if !a.Approval() || a.Status == string(types.ActionExecutionStatusSucceeded) {
			continue
		}
		ended := a.Status == string(types.ActionExecutionStatusFailed)
		a.overdue = ended && a.Changed.Sub(a.started) >= s.approvalTime(a.stage)
		switch answered := ended && !a.overdue && a.failure == ""; {
		case !answered && ended:
			a.By, a.Message = "", a.failure
		case !answered:
			a.By = ""
		case a.Message == "Rejected by "+a.By: // as the console has it of who gives no reason
			a.Message = ""
		}
	}
}

// approvalTime is how long an approval of a stage waits.
func (s *Subject) approvalTime(stageName string) time.Duration {
	minutes := model.DefaultApprovalTimeout
	if e := s.Project.Environment(stack.StageEnvironment(stageName)); e != nil && e.Approval != nil {
		minutes = cmp.Or(e.Approval.Timeout, minutes)
	}
	return time.Duration(minutes) * time.Minute
}
