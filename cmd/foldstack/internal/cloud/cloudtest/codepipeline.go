package cloudtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Pipeline is the history of a pipeline: what CodePipeline answers is made from it.
type Pipeline struct {
	Name   string
	Stages []string
	Runs   []PipelineRun // the oldest first
	Doors  map[string]PipelineDoor
}

// PipelineRun is an execution of a pipeline.
type PipelineRun struct {
	ID, Status      string
	Commit, Summary string            // none where it has not got its source
	Actions         []PipelineAction  // in their order
	Stages          map[string]string // statuses that do not follow from the actions
}

// PipelineAction is an execution of an action. Its role is of an account, and what a
// deployment does to which stack is in its configuration.
type PipelineAction struct {
	Stage, Name, Provider, Status string
	Account, Region, Stack, Mode  string
	By, Summary                   string
	Error, Link                   string
	Waited                        time.Duration // besides the minute that it takes
}

// PipelineDoor is the way into a stage.
type PipelineDoor struct {
	Run                 string // that waits there, or empty
	ClosedBy, ClosedFor string // who has closed it and why, or empty
}

// AddPipeline makes a pipeline, or gives it another history.
func (s *Server) AddPipeline(account, region string, p Pipeline) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.pipelines == nil {
		s.pipelines = map[string]*Pipeline{}
	}
	s.pipelines[strings.Join([]string{account, region, p.Name}, "/")] = &p
}

// pipelinePage is how much one call lists at most.
const pipelinePage = 100

// codepipeline answers CodePipeline's calls.
//
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_Operations.html
func (s *Server) codepipeline(signed signature, r *http.Request) reply {
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	call := Call{Service: signed.service, Operation: name, Account: signed.account, Region: signed.region}
	fault := s.arrived(call)
	body, whole := receive(r, fault)
	if !whole {
		return reply{none: true}
	}
	return s.faulty(call, fault, func() reply {
		var asked struct {
			Name         string `json:"name"`
			PipelineName string `json:"pipelineName"`
			NextToken    string `json:"nextToken"`
		}
		if err := json.Unmarshal(body, &asked); err != nil {
			return object(http.StatusBadRequest, map[string]string{"__type": "SerializationException", "message": err.Error()})
		}
		s.lock.Lock()
		defer s.lock.Unlock()
		p := s.pipelines[strings.Join([]string{signed.account, signed.region, asked.Name + asked.PipelineName}, "/")]
		answer := pipelineAnswers[name]
		switch {
		case answer == nil:
			return object(http.StatusBadRequest, map[string]string{"__type": "UnknownOperationException"})
		case p == nil:
			return object(http.StatusBadRequest, map[string]string{
				"__type":  "PipelineNotFoundException",
				"message": fmt.Sprintf("Account '%s' does not have a pipeline with name '%s'", signed.account, asked.Name+asked.PipelineName),
			})
		}
		from, _ := strconv.Atoi(asked.NextToken)
		return object(http.StatusOK, answer(p, from))
	})
}

var pipelineAnswers = map[string]func(p *Pipeline, from int) any{
	"GetPipelineState":       func(p *Pipeline, _ int) any { return p.state() },
	"ListPipelineExecutions": func(p *Pipeline, from int) any { return paged("pipelineExecutionSummaries", p.runs(), from) },
	"ListActionExecutions":   func(p *Pipeline, from int) any { return paged("actionExecutionDetails", p.actions(), from) },
}

// paged is a page of a list, and where the next one begins.
func paged(key string, list []any, from int) any {
	end := min(from+pipelinePage, len(list))
	answer := map[string]any{key: list[from:end]}
	if end < len(list) {
		answer["nextToken"] = strconv.Itoa(end)
	}
	return answer
}

// minute is when an action of a run changed last: runs begin an hour after the other,
// and each of their actions takes a minute, unless it waits.
func minute(run, action int) int64 {
	return time.Date(2026, time.March, 1, 8+run, action, 0, 0, time.UTC).Unix()
}

func (a PipelineAction) waited() int64 { return int64(a.Waited / time.Second) }

// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineExecutionSummary.html
func (p *Pipeline) runs() []any {
	list := []any{}
	for i, run := range p.Runs {
		summary := map[string]any{
			"pipelineExecutionId": run.ID, "status": run.Status, "executionMode": "SUPERSEDED",
			"startTime": minute(i, 0), "lastUpdateTime": minute(i, len(run.Actions)),
		}
		if run.Commit != "" {
			summary["sourceRevisions"] = []any{map[string]any{"actionName": "source", "revisionId": run.Commit, "revisionSummary": run.Summary}}
		}
		list = append(list, summary)
	}
	slices.Reverse(list)
	return list
}

// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionExecutionDetail.html
func (p *Pipeline) actions() []any {
	list := []any{}
	for i, run := range p.Runs {
		for j, a := range run.Actions {
			input := map[string]any{
				"actionTypeId": map[string]any{"category": categories[a.Provider], "owner": "AWS", "provider": a.Provider, "version": "1"},
				"region":       a.Region,
			}
			if a.Stack != "" {
				input["configuration"] = map[string]any{"ActionMode": a.Mode, "StackName": a.Stack}
				input["roleArn"] = "arn:aws:iam::" + a.Account + ":role/deploy"
			}
			list = append(list, map[string]any{
				"pipelineExecutionId": run.ID, "actionExecutionId": executionID(run, j), "pipelineVersion": 1,
				"stageName": a.Stage, "actionName": a.Name, "status": a.Status,
				"startTime": minute(i, j), "lastUpdateTime": minute(i, j+1) + a.waited(), "input": input,
				"output": map[string]any{"executionResult": a.result()},
			})
		}
	}
	slices.Reverse(list)
	return list
}

// categories are those of the providers.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-valid-providers.html
var categories = map[string]string{"CodeStarSourceConnection": "Source", "CloudFormation": "Deploy", "CodeBuild": "Build", "Manual": "Approval"}

func executionID(run PipelineRun, action int) string { return fmt.Sprintf("%s-%d", run.ID, action) }

// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionExecutionResult.html
func (a PipelineAction) result() map[string]any {
	result := map[string]any{}
	if a.Link != "" {
		result["externalExecutionUrl"] = a.Link
	}
	if a.Error != "" {
		result["errorDetails"] = map[string]any{"code": "JobFailed", "message": a.Error}
	}
	return result
}

// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StageState.html
func (p *Pipeline) state() any {
	stages := []any{}
	for _, name := range p.Stages {
		door := p.Doors[name]
		stage := map[string]any{
			"stageName":              name,
			"inboundTransitionState": map[string]any{"enabled": door.ClosedBy == "", "lastChangedBy": door.ClosedBy, "disabledReason": door.ClosedFor},
			"actionStates":           p.actionStates(name),
		}
		if door.Run != "" {
			stage["inboundExecution"] = map[string]any{"pipelineExecutionId": door.Run, "status": "InProgress"}
		}
		for i := len(p.Runs) - 1; i >= 0; i-- {
			if status := p.Runs[i].in(name); status != "" {
				stage["latestExecution"] = map[string]any{"pipelineExecutionId": p.Runs[i].ID, "status": status}
				break
			}
		}
		stages = append(stages, stage)
	}
	return map[string]any{"pipelineName": p.Name, "pipelineVersion": 1, "stageStates": stages}
}

// in is the status of a run in a stage, and empty where it has not been.
func (r PipelineRun) in(stage string) string {
	if status := r.Stages[stage]; status != "" {
		return status
	}
	status := ""
	for _, a := range r.Actions {
		switch {
		case a.Stage != stage:
		case a.Status == "Failed", status == "":
			status = a.Status
		case a.Status == "InProgress" && status != "Failed":
			status = a.Status
		}
	}
	return status
}

// actionStates are the last executions of a stage's actions, in whichever run. It knows
// who answered an approval; the history of actions is not documented to.
//
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionExecution.html
func (p *Pipeline) actionStates(stage string) []any {
	states, seen := []any{}, map[string]bool{}
	for i := len(p.Runs) - 1; i >= 0; i-- {
		for j, a := range p.Runs[i].Actions {
			if a.Stage != stage || seen[a.Name] {
				continue
			}
			seen[a.Name] = true
			latest := a.result()
			latest["actionExecutionId"], latest["status"] = executionID(p.Runs[i], j), a.Status
			latest["lastStatusChange"], latest["lastUpdatedBy"], latest["summary"] = minute(i, j+1)+a.waited(), a.By, a.Summary
			states = append(states, map[string]any{"actionName": a.Name, "latestExecution": latest})
		}
	}
	return states
}
