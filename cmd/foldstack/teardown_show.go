package main

import (
	"fmt"
	"strings"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/teardown"
	"github.com/foldstack/foldstack/generator"
)

// showTeardown prints what would be removed, in order, and what users' templates retain.
func (s *session) showTeardown(plan *teardown.Plan) error {
	if len(plan.Steps) > 0 {
		rows := [][]string{{"REMOVES", "NAME", "ACCOUNT", "REGION", "STATE"}}
		for _, step := range plan.Steps {
			rows = append(rows, []string{step.What, step.Name, step.Account, step.Region, stateOf(step)})
		}
		if err := writeTable(s.stdout, rows); err != nil {
			return err
		}
	}
	if len(plan.Kept) == 0 {
		return nil
	}
	if len(plan.Steps) > 0 {
		fmt.Fprintln(s.stdout)
	}
	rows := [][]string{{"STAYS", "NAME", "ACCOUNT", "REGION", "OF"}}
	for _, r := range plan.Kept {
		rows = append(rows, []string{r.Type, r.ID, r.Account, r.Region, r.Stack})
	}
	return writeTable(s.stdout, rows)
}

func stateOf(step *teardown.Step) string {
	words := []string{}
	if step.Status != "" {
		words = append(words, step.Status)
	}
	if step.Left {
		words = append(words, "left foldstack.yaml")
	}
	return strings.Join(words, ", ")
}

// stays tells of stacks that are not removed, and why.
func (s *session) stays(plan *teardown.Plan) {
	for _, n := range plan.Needed {
		s.say("%s in %s, %s, stays: %s in %s needs its roles", n.Target.Name, n.Target.Place.Account, n.Target.Place.Region, n.By.Name, n.By.Place.Region)
	}
	for _, set := range plan.Sets {
		s.say("%s in %s, %s, stays: it is of the stack set %s; when all functions are gone, delete the instances of that, and it", set.Name, set.Place.Account, set.Place.Region, set.Set())
	}
	for _, other := range plan.Others {
		s.say("%s in %s, %s, stays: nothing says that foldstack made it", other.Name, other.Place.Account, other.Place.Region)
	}
}

// removal tells what happens to a step.
func (w *stackShow) removal(e teardown.Event) {
	what := fmt.Sprintf("%s %s in %s, %s", e.What, e.Name, e.Account, e.Region)
	switch {
	case e.Resource != nil:
		w.event(what, *e.Resource)
	case !e.Done:
		w.end(what, "failed")
	case e.IsKey():
		w.end(what, "scheduled for deletion")
	default:
		w.end(what, "removed")
	}
}

// The shape of teardown --json. Keys are only ever added to it, and lists are never null.
type (
	teardownReport struct {
		DryRun   bool            `json:"dryRun"`
		Removes  []removal       `json:"removes"` // in order
		Stays    []retained      `json:"stays"`   // what users' templates retain
		Stacks   []stayingStack  `json:"stacks"`  // that stay
		Failures []listedFailure `json:"failures"`
		Problems listedProblems  `json:"problems"`
	}
	removal struct {
		Kind    string `json:"kind"`
		Name    string `json:"name"`
		Account string `json:"account"`
		Region  string `json:"region"`
		Status  string `json:"status"` // of a stack, or empty
		Left    bool   `json:"left"`   // it left the configuration
		Removed bool   `json:"removed"`
	}
	retained struct {
		Type    string `json:"type"`
		Name    string `json:"name"`
		Account string `json:"account"`
		Region  string `json:"region"`
		Stack   string `json:"stack"`
	}
	stayingStack struct {
		Name    string `json:"name"`
		Account string `json:"account"`
		Region  string `json:"region"`
		Why     string `json:"why"` // needed, stack-set or not-ours
	}
)

// teardownReportOf is a plan and what came of it.
func teardownReportOf(plan *teardown.Plan, f teardownFlags, result *generator.Result, failed error) teardownReport {
	report := teardownReport{
		DryRun: f.dryRun, Removes: []removal{}, Stays: []retained{}, Stacks: []stayingStack{},
		Failures: listedFailures(failed), Problems: result.Problems,
	}
	for _, step := range plan.Steps {
		report.Removes = append(report.Removes, removal{step.What, step.Name, step.Account, step.Region, step.Status, step.Left, step.Done})
	}
	for _, r := range plan.Kept {
		report.Stays = append(report.Stays, retained{r.Type, r.ID, r.Account, r.Region, r.Stack})
	}
	for _, n := range plan.Needed {
		report.Stacks = append(report.Stacks, stayingStack{n.Target.Name, n.Target.Place.Account, n.Target.Place.Region, "needed"})
	}
	for _, set := range plan.Sets {
		report.Stacks = append(report.Stacks, stayingStack{set.Name, set.Place.Account, set.Place.Region, "stack-set"})
	}
	for _, other := range plan.Others {
		report.Stacks = append(report.Stacks, stayingStack{other.Name, other.Place.Account, other.Place.Region, "not-ours"})
	}
	return report
}
