package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/teardown"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
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
		s.say("%s in %s, %s, stays: it is of the stack set %s; when all functions are gone, delete the instances of that, and it", set.Name, set.Place.Account, set.Place.Region, set.Set)
	}
	for _, other := range plan.Others {
		s.say("%s in %s, %s, stays: foldstack did not write it", other.Name, other.Place.Account, other.Place.Region)
	}
}

// teardownShow shows how a teardown goes: a log gets a line for every resource of a stack
// that is gone or will not go, a person one line that changes, and either a line for
// everything that is done.
type teardownShow struct {
	session *session
	all     int
	done    atomic.Int64
	at      atomic.Value // what happened last
}

// status is how far it is, in a line.
func (t *teardownShow) status() string {
	at, _ := t.at.Load().(string)
	return strings.TrimSpace(fmt.Sprintf("%d of %d done  %s", t.done.Load(), t.all, at))
}

func (t *teardownShow) tell(e teardown.Event) {
	where := fmt.Sprintf("%s %s in %s, %s", e.What, e.Name, e.Account, e.Region)
	if e.Resource == nil {
		verb := "removed"
		if e.IsKey() {
			verb = "scheduled for deletion"
		}
		t.say("%s: %s, %d of %d", where, verb, t.done.Add(1), t.all)
		return
	}
	r := e.Resource
	t.at.Store(e.Name + ": " + r.LogicalID)
	if strings.HasSuffix(r.Status, "_IN_PROGRESS") || t.session.interactive && !r.Failed() {
		return
	}
	text := fmt.Sprintf("%s: %s %s %s", where, r.Status, r.Type, r.LogicalID)
	if r.Reason != "" {
		text += ": " + r.Reason
	}
	t.say("%s", text)
}

// say prints a line, in the place of the one that changes.
func (t *teardownShow) say(format string, args ...any) {
	if t.session.interactive && !t.session.quiet {
		fmt.Fprintf(t.session.stderr, "\r\x1b[Kfoldstack: %s\n", diag.Visible(fmt.Sprintf(format, args...)))
		return
	}
	t.session.say(format, args...)
}

// The shape of teardown --json. Keys are only ever added to it, and lists are never null.
type (
	teardownReport struct {
		DryRun   bool              `json:"dryRun"`
		Removes  []removal         `json:"removes"` // in order
		Stays    []retained        `json:"stays"`   // what users' templates retain
		Stacks   []stayingStack    `json:"stacks"`  // that stay
		Failures []teardownFailure `json:"failures"`
		Problems json.RawMessage   `json:"problems"` // of the project's files
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
	teardownFailure struct {
		Message string `json:"message"`
		Hint    string `json:"hint"`
	}
)

// teardownJSON prints a plan and what came of it.
func (s *session) teardownJSON(plan *teardown.Plan, f teardownFlags, failed error) error {
	report := teardownReport{DryRun: f.dryRun, Removes: []removal{}, Stays: []retained{}, Stacks: []stayingStack{}, Failures: []teardownFailure{}, Problems: json.RawMessage("[]")}
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
	for _, err := range eachOf(failed) {
		var failure cloud.Failure
		errors.As(err, &failure)
		report.Failures = append(report.Failures, teardownFailure{err.Error(), failure.Hint})
	}
	return s.object(report)
}

// problemsOfTeardown prints a project with problems, of which nothing was looked at.
func (s *session) problemsOfTeardown(result *generator.Result) error {
	problems, err := problemsJSON(result.Problems)
	if err != nil {
		return err
	}
	return s.object(teardownReport{Removes: []removal{}, Stays: []retained{}, Stacks: []stayingStack{}, Failures: []teardownFailure{}, Problems: problems})
}
