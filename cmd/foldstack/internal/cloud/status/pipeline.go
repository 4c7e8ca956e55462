package status

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

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
	failure        string // what CodePipeline says of an error
	overdue        bool   // an approval that nobody answered in time
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

// consoleLink is the page of a pipeline, in the form in which CodePipeline itself sends
// it to approvers.
func consoleLink(region, pipeline string) string {
	partition, _ := model.PartitionOf(region) // checked when it was generated
	return "https://" + partition.Console() + "/codepipeline/home?region=" + region + "#/view/" + pipeline
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
	complete(actions, state)
	subject.settle(actions)
	p.assign(actions, byID)
	return nil
}

// places are those of the stacks that are asked about.
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

// assign puts every action where it belongs: the newest of a name into its stage, if it
// is not done, and the newest execution of a change set to its stack.
func (p *Pipeline) assign(actions []Action, runs map[string]*Run) {
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
