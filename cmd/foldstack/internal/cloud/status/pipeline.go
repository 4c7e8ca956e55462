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
)

// Pipeline is the pipeline and its latest run.
type Pipeline struct {
	Name, Account, Region string
	Link                  string // to the console

	There  bool
	Latest *Run    // nil where it never ran
	Stages []Stage // in their order
	Err    error   // why it could not be read

	deployed map[place]*Run // which run executed the last change set of a stack
}

// Run is an execution of the pipeline.
type Run struct {
	ID      string
	Status  string // as CodePipeline writes it
	Commit  string // or version of the source object
	Summary string // first line of the commit's message
	Started time.Time
	Changed time.Time
}

// Short is the commit as people name it.
func (r *Run) Short() string { return r.Commit[:min(len(r.Commit), 7)] }

// Stage is a stage, the run that was in it last, and the one that waits at its door.
type Stage struct {
	Name    string
	Run     *Run   // nil where none was there
	Status  string // of that run in this stage, as CodePipeline writes it
	Since   time.Time
	Actions []Action // that are in progress or failed, of that run
	Next    *Run     // nil where none waits
	Closed  string   // who closed the door and why; empty where it is open
}

// Action is what a run did or does in a stage.
type Action struct {
	Name     string
	Provider string // Manual, CodeBuild, CloudFormation
	Status   string // as CodePipeline writes it
	Changed  time.Time
	By       string // ARN of who approved or rejected
	Message  string // of an error, or a person's own words
	Link     string // to where it can be looked at

	started        time.Time
	id, stage, run string
	stack          place // that a CloudFormation action works on
	mode           string
}

// pipeline reads the pipeline.
func (r *Reading) pipeline(ctx context.Context) Pipeline {
	project := r.subject.Project
	p := Pipeline{
		Name: model.PipelineName(project.Name), Account: project.Tooling.Account, Region: project.Tooling.Region,
		Link: consoleLink(project.Tooling.Region, model.PipelineName(project.Name)),
	}
	session, err := r.accounts.Session(ctx, p.Account)
	if err != nil {
		p.Err = err
		return p
	}
	client := &history{
		name: p.Name, region: p.Region, session: session,
		client: codepipeline.NewFromConfig(session.Config(p.Region)),
	}
	p.Err = p.read(ctx, client, r.subject)
	return p
}

// read fills a pipeline in. It takes three calls where every target was deployed not
// long ago.
func (p *Pipeline) read(ctx context.Context, h *history, subject *Subject) error {
	state, err := h.state(ctx)
	if err != nil || state == nil {
		return err
	}
	p.There = true
	runs, err := h.runs(ctx)
	if err != nil || len(runs) == 0 {
		return err
	}
	p.Latest = runs[0]
	byID := make(map[string]*Run, len(runs))
	for _, run := range runs {
		byID[run.ID] = run
	}
	open := map[string]bool{} // runs whose actions are wanted
	for i := range state {
		stage := stageOf(&state[i], byID)
		if stage.Run != nil && stage.Status != string(types.StageExecutionStatusSucceeded) {
			open[stage.Run.ID] = true
		}
		p.Stages = append(p.Stages, stage)
	}
	actions, err := h.actions(ctx, open, subject.places())
	if err != nil {
		return err
	}
	known(actions, state)
	p.place(actions, byID)
	return nil
}

// place puts every action where it belongs: the newest of a name into its stage, if it
// is not done, and the newest execution of a change set to its stack.
func (p *Pipeline) place(actions []Action, runs map[string]*Run) {
	p.deployed = map[place]*Run{}
	seen := map[string]bool{}
	for _, a := range actions {
		if a.mode == executeMode && a.Status == string(types.ActionExecutionStatusSucceeded) && p.deployed[a.stack] == nil {
			p.deployed[a.stack] = runOr(runs, a.run)
		}
		i := slices.IndexFunc(p.Stages, func(s Stage) bool { return s.Name == a.stage })
		key := a.stage + "/" + a.Name
		if i < 0 || seen[key] || p.Stages[i].Run == nil || p.Stages[i].Run.ID != a.run {
			continue
		}
		seen[key] = true
		if a.Status == string(types.ActionExecutionStatusInProgress) || a.Status == string(types.ActionExecutionStatusFailed) {
			p.Stages[i].Actions = append(p.Stages[i].Actions, a)
		}
	}
	for i := range p.Stages {
		slices.SortFunc(p.Stages[i].Actions, func(a, b Action) int { return cmp.Compare(a.Name, b.Name) })
	}
}

// runOr is a run, of which only the id is known where it is older than those that were
// listed.
func runOr(runs map[string]*Run, id string) *Run {
	if id == "" {
		return nil
	}
	if run := runs[id]; run != nil {
		return run
	}
	return &Run{ID: id}
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

// Approval reports an action that asks people.
func (a Action) Approval() bool { return a.Provider == "Manual" }

// Running reports an action that is not done.
func (a Action) Running() bool { return a.Status == string(types.ActionExecutionStatusInProgress) }

// Word says in a word or two how it is with the run in the stage.
func (s *Stage) Word() string {
	switch {
	case s.Run == nil:
		return "not reached"
	case s.Asks():
		return "waits for approval"
	}
	return word(s.Status)
}

// Asks reports a stage that waits for somebody's approval.
func (s *Stage) Asks() bool {
	return slices.ContainsFunc(s.Actions, func(a Action) bool { return a.Running() && a.Approval() })
}

// word is a status of CodePipeline in words.
func word(status string) string {
	if status == string(types.PipelineExecutionStatusInProgress) {
		return "running"
	}
	return strings.ToLower(status)
}

// Word says in a few words how it is with the latest run, and where it stands.
func (p *Pipeline) Word() string {
	switch {
	case p.Err != nil:
		return "not readable"
	case !p.There:
		return "not there"
	case p.Latest == nil:
		return "never run"
	}
	if p.Latest.Status == string(types.PipelineExecutionStatusSucceeded) {
		return word(p.Latest.Status)
	}
	for i := len(p.Stages) - 1; i >= 0; i-- {
		s := &p.Stages[i]
		switch {
		case s.Next != nil && s.Next.ID == p.Latest.ID && s.Closed != "":
			return "waits before " + s.Name + ", which is " + s.Closed
		case s.Next != nil && s.Next.ID == p.Latest.ID && s.Run != nil:
			return "waits before " + s.Name + " for run " + s.Run.ID
		case s.Run != nil && s.Run.ID == p.Latest.ID && s.Status != string(types.StageExecutionStatusSucceeded):
			return s.Word() + " in " + s.Name
		}
	}
	return word(p.Latest.Status)
}

// Running reports a run that goes on by itself or by an approval.
func (p *Pipeline) Running() bool {
	return p.Latest != nil && (p.Latest.Status == string(types.PipelineExecutionStatusInProgress) || p.Latest.Status == string(types.PipelineExecutionStatusStopping))
}

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

func (s *Subject) places() []place {
	var list []place
	for _, t := range s.Targets {
		for n := range s.orchestrations {
			target := s.targetOf(t, n+1)
			list = append(list, target.place())
		}
	}
	return list
}

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
			a.Message = cmp.Or(aws.ToString(e.Message), a.Message)
		}
	}
	return a
}

// known adds to actions what only the state of the pipeline tells: who answered an
// approval, and in which words.
//
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionExecution.html
func known(actions []Action, state []types.StageState) {
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
		if a.Approval() {
			a.Message = cmp.Or(aws.ToString(e.Summary), a.Message)
		} else if e.ErrorDetails != nil {
			a.Message = cmp.Or(a.Message, aws.ToString(e.ErrorDetails.Message))
		}
	}
}
