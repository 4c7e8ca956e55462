package stack

import (
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// actionsPerStack is the prepare and the execute action of one stack. They stand
// in one stage, because its lock keeps another run from replacing the change set
// in between, and because a rolled-back stage has to prepare again.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
const actionsPerStack = 2

// wave is the targets that one stage deploys together.
type wave struct {
	stage    string
	approval bool // somebody is asked between prepare and execute
	targets  []model.Target
}

// waves divides an environment's targets, in their order, among as few stages as
// hold them. Only the first stage asks for approval.
func waves(e *model.Environment, orchestrations int) []wave {
	var list []wave
	for targets := e.Targets(); len(targets) > 0; {
		w := wave{stage: stageName(e.Name, len(list)+1), approval: e.Approval != nil && len(list) == 0}
		room := model.MaxStageActions
		if w.approval {
			room--
		}
		n := min(max(room/(actionsPerStack*orchestrations), 1), len(targets))
		w.targets, targets = targets[:n], targets[n:]
		list = append(list, w)
	}
	return list
}

// stageName is the environment's name, with a number from the second stage on. A
// dot is no part of an environment's name, so that "prod.2" is no environment.
func stageName(environment string, number int) string {
	if number == 1 {
		return environment
	}
	return environment + "." + strconv.Itoa(number)
}

// StageEnvironment is the environment that a stage deploys; the name of a stage that
// deploys none is not that of an environment.
func StageEnvironment(stage string) string {
	environment, _, _ := strings.Cut(stage, ".")
	return environment
}

// checkWaves reports environments that do not fit a pipeline.
func checkWaves(p *model.Project, orchestrations int, problems *diag.Problems) {
	for i := range p.Environments {
		e := &p.Environments[i]
		actions := actionsPerStack * orchestrations
		if e.Approval != nil {
			actions++
		}
		if actions > model.MaxStageActions {
			problems.Addf("pipeline-size", e.Place, "divide the functions among several projects",
				"one target of %s takes %d actions for %d orchestrations, and all of them belong in one stage, which holds %d", e.Name, actions, orchestrations, model.MaxStageActions)
		}
	}
}
