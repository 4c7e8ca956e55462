package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/status"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/diff"
)

// statusText prints what was found for people: the pipeline, what it stands on, the
// targets, and what of it is not as it should be.
func (s *session) statusText(found *status.Status, findings []status.Finding) error {
	if _, err := fmt.Fprintln(s.stdout, pipelineText(&found.Pipeline)); err != nil {
		return fmt.Errorf("printing the pipeline: %w", err)
	}
	if err := writeTables(s.stdout, stageRows(&found.Pipeline), baseStackRows(found), targetRows(found)); err != nil {
		return err
	}
	return s.statusFindings(findings)
}

// pipelineText is the pipeline in a few lines.
func pipelineText(p *status.Pipeline) string {
	lines := []string{fmt.Sprintf("pipeline %s in %s %s: %s", p.Name, p.Account, p.Region, p.Word())}
	if run := p.Latest; run != nil {
		line := "run " + run.ID
		if run.Commit != "" {
			line += " of " + run.Short()
		}
		if run.Summary != "" {
			line += " (" + run.Summary + ")"
		}
		lines = append(lines, line+", begun "+moment(run.Started))
	}
	if p.There {
		lines = append(lines, p.Link)
	}
	for i := range lines {
		lines[i] = diag.Visible(lines[i])
	}
	return strings.Join(lines, "\n  ") + "\n"
}

func stageRows(p *status.Pipeline) [][]string {
	rows := [][]string{{"STAGE", "STATUS", "COMMIT", "SINCE"}}
	for i := range p.Stages {
		stage := &p.Stages[i]
		rows = append(rows, []string{stage.Name, stage.Word(), commitOf(stage.Run), moment(stage.Since)})
	}
	return rows
}

func baseStackRows(found *status.Status) [][]string {
	rows := [][]string{{"BASE STACK", "ACCOUNT", "REGION", "STATUS", "VERSION"}}
	for i := range found.Bases {
		b := &found.Bases[i]
		rows = append(rows, []string{b.Name, b.Account, b.Region, stackStatus(&b.Stack), baseVersion(b)})
	}
	return rows
}

func baseVersion(b *status.Base) string {
	switch {
	case !b.Compared:
		return "-"
	case b.Stale:
		return "stale"
	}
	return "current"
}

// targetRows names the stacks only where a target has several.
func targetRows(found *status.Status) [][]string {
	rows := [][]string{{"TARGET", "ACCOUNT", "REGION", "STATUS", "COMMIT", "CHANGED", "DRIFT"}}
	named := slices.ContainsFunc(found.Targets, func(t status.Target) bool { return t.Further() })
	if named {
		rows[0] = append(rows[0], "STACK")
	}
	for i := range found.Targets {
		t := &found.Targets[i]
		row := []string{t.Environment, t.Account, t.Region, stackStatus(&t.Stack), commitOf(t.Run), moment(t.Changed), driftOf(t.Drift)}
		if named {
			row = append(row, t.Name)
		}
		rows = append(rows, row)
	}
	return rows
}

func stackStatus(s *status.Stack) string {
	switch {
	case s.Status != "":
		return s.Status
	case s.Err != nil:
		return "not readable"
	}
	return "not there"
}

// driftOf counts what a deployment of this folder would do, by the signs of diff.
func driftOf(d *status.Drift) string {
	if d == nil {
		return "-"
	}
	var parts []string
	for _, part := range []struct {
		action diff.Action
		names  []string
	}{{diff.Changed, d.Different}, {diff.Added, d.Missing}, {diff.Removed, d.Extra}} {
		if len(part.names) > 0 {
			parts = append(parts, fmt.Sprintf("%s%d", signs[part.action], len(part.names)))
		}
	}
	return cmp.Or(strings.Join(parts, " "), "none")
}

func commitOf(run *status.Run) string {
	if run == nil {
		return "-"
	}
	return orDash(run.Short())
}

// moment is a time in UTC, as the logs of AWS have it but for the seconds: the same today
// and tomorrow.
func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02T15:04Z")
}

// statusFindings prints what is not as it should be, and what to do about it.
func (s *session) statusFindings(findings []status.Finding) error {
	for _, f := range findings {
		lines := []string{painted(s.paint, red, diag.Visible(places(f.Where))) + ": " + diag.Visible(f.Text)}
		for _, line := range []string{f.Hint, f.Link} {
			if line != "" {
				lines = append(lines, diag.Visible(line))
			}
		}
		if _, err := fmt.Fprintf(s.stdout, "\n%s\n", strings.Join(lines, "\n  ")); err != nil {
			return fmt.Errorf("printing the findings: %w", err)
		}
	}
	return nil
}

// shownFindings are findings for people: what could not be looked at comes last, and as
// one where it differs in accounts and regions alone.
func shownFindings(all []status.Finding) []status.Finding {
	var list, unread []status.Finding
	var statements [][]string
	for _, f := range all {
		if f.Kind != status.Unread {
			list = append(list, f)
			continue
		}
		unread, statements = append(unread, f), append(statements, []string{f.Text, f.Hint})
	}
	for _, a := range merged(statements) {
		one := status.Finding{Kind: status.Unread, Text: a.texts[0], Hint: a.texts[1]}
		for _, i := range a.of {
			one.Where = append(one.Where, unread[i].Where...)
		}
		list = append(list, one)
	}
	return list
}

// placesShown are the places of a finding that a person reads.
const placesShown = 6

// places is where something was found: the first, where they are many, for the tables
// name them all.
func places(where []string) string {
	if further := len(where) - placesShown + 1; further > 1 {
		where = append(slices.Clone(where[:placesShown-1]), fmt.Sprintf("and %d more", further))
	}
	return strings.Join(where, "; ")
}

// The shape of status --json. Keys are only ever added to it, and lists are never null.
// A text that is not known is empty; an object that is not there is null.
type (
	statusListing struct {
		Project  string           `json:"project"`
		Pipeline *pipelineListing `json:"pipeline"` // null where nothing was looked at
		Bases    []baseListing    `json:"bases"`
		Targets  []targetListing  `json:"targets"`
		Findings []findingListing `json:"findings"`
		Failures []listedFailure  `json:"failures"` // that ended it
		Problems listedProblems   `json:"problems"`
	}
	pipelineListing struct {
		Name    string         `json:"name"`
		Account string         `json:"account"`
		Region  string         `json:"region"`
		There   bool           `json:"there"`
		State   string         `json:"state"` // in words
		Link    string         `json:"link"`
		Run     *runListing    `json:"run"` // the latest
		Stages  []stageListing `json:"stages"`
		Error   *listedFailure `json:"error"`
	}
	runListing struct {
		ID      string `json:"id"`
		Status  string `json:"status"` // as CodePipeline writes it
		Commit  string `json:"commit"`
		Summary string `json:"summary"`
		Started string `json:"started"`
		Changed string `json:"changed"`
	}
	stageListing struct {
		Name    string          `json:"name"`
		Status  string          `json:"status"` // as CodePipeline writes it
		Run     string          `json:"run"`
		Commit  string          `json:"commit"`
		Since   string          `json:"since"`
		Next    string          `json:"next"`    // run that waits at the door
		Closed  string          `json:"closed"`  // who closed the door, and why
		Actions []actionListing `json:"actions"` // that are in progress or failed
	}
	actionListing struct {
		Name     string `json:"name"`
		Provider string `json:"provider"`
		Status   string `json:"status"`
		Changed  string `json:"changed"`
		By       string `json:"by"`
		Message  string `json:"message"`
		Link     string `json:"link"`
	}
	stackListing struct {
		Environment string         `json:"environment"`
		Account     string         `json:"account"`
		Region      string         `json:"region"`
		Stack       string         `json:"stack"`
		Status      string         `json:"status"` // as CloudFormation writes it
		Changed     string         `json:"changed"`
		Cause       *causeListing  `json:"cause"` // what failed first in the last operation
		Error       *listedFailure `json:"error"`
	}
	causeListing struct {
		Stack    string `json:"stack"`
		Resource string `json:"resource"`
		Type     string `json:"type"`
		Status   string `json:"status"`
		Reason   string `json:"reason"`
		Time     string `json:"time"`
	}
	baseListing struct {
		stackListing
		Compared bool `json:"compared"` // with this folder
		Stale    bool `json:"stale"`
	}
	targetListing struct {
		stackListing
		Run       string   `json:"run"` // that deployed it last
		Commit    string   `json:"commit"`
		Compared  bool     `json:"compared"` // with this folder
		Same      int      `json:"same"`
		Different []string `json:"different"`
		Missing   []string `json:"missing"`
		Extra     []string `json:"extra"`
	}
	findingListing struct {
		Kind  status.Kind `json:"kind"` // unread, missing, stale, failed, rejected, stopped, left or drifted
		Where []string    `json:"where"`
		Text  string      `json:"text"`
		Hint  string      `json:"hint"`
		Link  string      `json:"link"`
	}
)

// statusListingOf is what was found or, where nothing was looked at, why.
func statusListingOf(found *status.Status, findings []status.Finding, result *generator.Result, failed error) statusListing {
	l := statusListing{
		Bases: []baseListing{}, Targets: []targetListing{}, Findings: []findingListing{},
		Failures: listedFailures(failed), Problems: result.Problems,
	}
	if found == nil {
		return l
	}
	l.Project, l.Pipeline = result.Project.Name, listedPipeline(&found.Pipeline)
	for i := range found.Bases {
		l.Bases = append(l.Bases, baseListing{listedStack(&found.Bases[i].Stack), found.Bases[i].Compared, found.Bases[i].Stale})
	}
	for i := range found.Targets {
		l.Targets = append(l.Targets, listedTarget(&found.Targets[i]))
	}
	for _, f := range findings {
		l.Findings = append(l.Findings, findingListing(f))
	}
	return l
}

func listedPipeline(p *status.Pipeline) *pipelineListing {
	l := &pipelineListing{
		Name: p.Name, Account: p.Account, Region: p.Region, There: p.There, State: p.Word(), Link: p.Link,
		Run: listedRun(p.Latest), Stages: []stageListing{}, Error: listedError(p.Err),
	}
	for i := range p.Stages {
		stage := &p.Stages[i]
		listed := stageListing{Name: stage.Name, Status: stage.Status, Since: stamp(stage.Since), Closed: stage.Closed, Actions: []actionListing{}}
		listed.Run, listed.Commit = ofRun(stage.Run)
		listed.Next, _ = ofRun(stage.Next)
		for _, a := range stage.Actions {
			listed.Actions = append(listed.Actions, actionListing{a.Name, a.Provider, a.Status, stamp(a.Changed), a.By, a.Message, a.Link})
		}
		l.Stages = append(l.Stages, listed)
	}
	return l
}

func listedRun(run *status.Run) *runListing {
	if run == nil {
		return nil
	}
	return &runListing{run.ID, run.Status, run.Commit, run.Summary, stamp(run.Started), stamp(run.Changed)}
}

func ofRun(run *status.Run) (id, commit string) {
	if run == nil {
		return "", ""
	}
	return run.ID, run.Commit
}

func listedStack(s *status.Stack) stackListing {
	l := stackListing{
		Environment: s.Environment, Account: s.Account, Region: s.Region, Stack: s.Name, Status: s.Status,
		Changed: stamp(s.Changed), Error: listedError(s.Err),
	}
	if c := s.Cause; c != nil {
		l.Cause = &causeListing{c.Stack, c.LogicalID, c.Type, c.Status, c.Reason, stamp(c.Time)}
	}
	return l
}

func listedTarget(t *status.Target) targetListing {
	l := targetListing{stackListing: listedStack(&t.Stack), Different: []string{}, Missing: []string{}, Extra: []string{}}
	l.Run, l.Commit = ofRun(t.Run)
	if d := t.Drift; d != nil {
		l.Compared, l.Same = true, d.Same
		l.Different, l.Missing, l.Extra = append(l.Different, d.Different...), append(l.Missing, d.Missing...), append(l.Extra, d.Extra...)
	}
	return l
}

func listedError(err error) *listedFailure {
	if err == nil {
		return nil
	}
	return &listedFailure{err.Error(), hintOf(err)}
}

// stamp is a time for programs.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
