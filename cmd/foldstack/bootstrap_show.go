package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/bootstrap"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator"
)

// doing says of a step what is done, in the words of a table.
var doing = map[bootstrap.Action]string{
	bootstrap.Create:  "create",
	bootstrap.Replace: "create again",
	bootstrap.Update:  "update",
	bootstrap.Follow:  "finish",
	bootstrap.Keep:    "is up to date",
	bootstrap.Leave:   "updates itself",
}

// showBootstrap prints what is to be done, in its order, what that makes, and as whom.
func (s *session) showBootstrap(plan *bootstrap.Plan) error {
	if err := writeTables(s.stdout, stepTable(plan), contentTable(plan), callerTable(plan)); err != nil {
		return err
	}
	for _, step := range plan.Steps {
		if step.Seeding != bootstrap.Unseeded {
			s.say("%s", seeding(step))
		}
	}
	if c := plan.Connection; c != nil && !c.Available() {
		s.say("%s", unauthorised(c))
	}
	return nil
}

func stepTable(plan *bootstrap.Plan) [][]string {
	rows := [][]string{{"", "STACK", "ACCOUNT", "REGION", "ACTION"}}
	for _, step := range plan.Steps {
		rows = append(rows, []string{strconv.Itoa(step.Phase), step.Name, step.Account, step.Region, doing[step.Action]})
	}
	return rows
}

// contentTable is what the stacks that are made hold: those of one name the same.
func contentTable(plan *bootstrap.Plan) [][]string {
	rows := [][]string{{"STACK", "RESOURCES"}}
	for _, step := range plan.Steps {
		makes := step.Action == bootstrap.Create || step.Action == bootstrap.Replace || step.Seeding == bootstrap.SeedThere
		if makes && !slices.ContainsFunc(rows, func(row []string) bool { return row[0] == step.Name }) {
			rows = append(rows, []string{step.Name, contents(step)})
		}
	}
	return rows
}

// callerTable is who works in which accounts.
func callerTable(plan *bootstrap.Plan) [][]string {
	var callers []string
	longest := 0
	accounts := map[string][]string{}
	for _, step := range plan.Pending() {
		caller := identity(step.Caller)
		if accounts[caller] == nil {
			callers, longest = append(callers, caller), max(longest, len(caller))
		}
		if !slices.Contains(accounts[caller], step.Account) {
			accounts[caller] = append(accounts[caller], step.Account)
		}
	}
	room := max(1, (window-longest)/len("  123456789012")) // accounts in a row
	rows := [][]string{{"AS", "IN"}}
	for _, caller := range callers {
		for some := range slices.Chunk(accounts[caller], room) {
			rows = append(rows, []string{caller, strings.Join(some, ", ")})
		}
	}
	return rows
}

// seeding says what comes first of a stack that is made in two steps, or came.
func seeding(step *bootstrap.Step) string {
	if step.Seeding == bootstrap.SeedThere {
		return fmt.Sprintf("%s is there in part, as a run leaves it that was interrupted: now comes the rest", step.Name)
	}
	return fmt.Sprintf("%s is made in two steps: %s has %d bytes, and CloudFormation takes %d that do not lie in S3. First comes its artifact bucket, then the rest from there",
		step.Name, step.File, len(step.Template), stacks.MaxTemplate)
}

// unauthorised says what somebody has to do about a connection.
func unauthorised(c *bootstrap.Connection) string {
	return fmt.Sprintf("the connection %s is %s: authorise it at %s", c.ARN, c.Status, c.URL)
}

// identity is the end of an ARN: the accounts stand beside it.
func identity(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	return parts[len(parts)-1]
}

// contents is how many resources of which services a stack has, the most first.
func contents(step *bootstrap.Step) string {
	var parts []string
	for _, service := range servicesOf(step) {
		parts = append(parts, fmt.Sprintf("%d %s", service.Resources, service.Name))
	}
	text := strings.Join(parts, ", ")
	if len(step.Units) > 0 {
		text += ", in every account of " + strings.Join(step.Units, ", ")
	}
	return text
}

// service is how many resources a stack has of one.
type service struct {
	Name      string `json:"service"`
	Resources int    `json:"resources"`
}

func servicesOf(step *bootstrap.Step) []service {
	list := []service{}
	for _, t := range step.Types {
		name := strings.Split(t+"::", "::")[1]
		i := slices.IndexFunc(list, func(s service) bool { return s.Name == name })
		if i < 0 {
			i, list = len(list), append(list, service{Name: name})
		}
		list[i].Resources++
	}
	slices.SortStableFunc(list, func(a, b service) int { return b.Resources - a.Resources })
	return list
}

// deploy carries a plan out and shows how it goes.
func (s *session) deploy(ctx context.Context, plan *bootstrap.Plan) error {
	show, done := s.showStacks(len(plan.Pending()), "stack")
	defer done()
	return plan.Run(ctx, bootstrapShow{show})
}

// bootstrapShow shows how a bootstrap goes.
type bootstrapShow struct{ *stackShow }

func where(step *bootstrap.Step) string {
	return fmt.Sprintf("%s in %s, %s", step.Name, step.Account, step.Region)
}

// Begun tells that work on a stack begins.
func (b bootstrapShow) Begun(step *bootstrap.Step) { b.begin(where(step)) }

// Event tells of an event.
func (b bootstrapShow) Event(step *bootstrap.Step, e stacks.Event) { b.event(where(step), e) }

// Ended tells that work on a stack has ended.
func (b bootstrapShow) Ended(step *bootstrap.Step) { b.end(where(step), outcomeOf(step)) }

// Waiting asks for what only a person can do.
func (b bootstrapShow) Waiting(c *bootstrap.Connection) {
	b.session.say("%s", unauthorised(c))
	b.session.say("waiting for that; Ctrl-C ends it, and the same command goes on later")
}

// outcomeOf is what came of a step, or empty.
func outcomeOf(step *bootstrap.Step) string {
	switch {
	case errors.Is(step.Err, context.Canceled):
		return interrupted
	case step.Err != nil:
		return "failed"
	}
	return string(step.Outcome)
}

// The shape of bootstrap --json. Keys are only ever added to it, and lists are never null.
type (
	bootstrapReport struct {
		DryRun     bool                 `json:"dryRun"`
		Stacks     []bootstrapStack     `json:"stacks"`     // in their order
		Connection *bootstrapConnection `json:"connection"` // that the pipeline needs, or null
		Failures   []listedFailure      `json:"failures"`
		Problems   listedProblems       `json:"problems"` // of the project's files
	}
	bootstrapStack struct {
		Name        string    `json:"name"`
		Account     string    `json:"account"`
		Region      string    `json:"region"`
		Environment string    `json:"environment"` // of a target stack, or empty
		Template    string    `json:"template"`
		Phase       int       `json:"phase"`  // counts from one: those of the same are deployed at the same time
		Units       []string  `json:"units"`  // organizational units of a stack set
		Action      string    `json:"action"` // create, replace, update, follow, keep or leave
		Seed        string    `json:"seed"`   // of a stack that is made in two steps: first, or there after a run that was interrupted; or empty
		Status      string    `json:"status"` // that it had, or empty
		As          string    `json:"as"`
		Services    []service `json:"services"`
		Outcome     string    `json:"outcome"` // created, updated, unchanged, failed, interrupted, or empty
	}
	bootstrapConnection struct {
		ARN    string `json:"arn"`
		Status string `json:"status"`
		URL    string `json:"url"`
	}
)

// bootstrapReportOf is a plan and what came of it.
func bootstrapReportOf(plan *bootstrap.Plan, f bootstrapFlags, result *generator.Result, failed error) bootstrapReport {
	report := bootstrapReport{DryRun: f.dryRun, Stacks: []bootstrapStack{}, Failures: listedFailures(failed), Problems: result.Problems}
	for _, step := range plan.Steps {
		report.Stacks = append(report.Stacks, bootstrapStack{
			step.Name, step.Account, step.Region, step.Environment, step.File, step.Phase, append([]string{}, step.Units...),
			string(step.Action), string(step.Seeding), step.Status, step.Caller, servicesOf(step), outcomeOf(step),
		})
	}
	if c := plan.Connection; c != nil {
		report.Connection = &bootstrapConnection{c.ARN, c.Status, c.URL}
	}
	return report
}
