package status

import (
	"fmt"
	"slices"
	"strings"

	cfn "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/stack"
)

// Finding is something that is not as it should be.
type Finding struct {
	Kind  Kind
	Where []string
	Text  string
	Hint  string // what to do
	Link  string // to where more of it is written, or empty
}

// Kind is what a finding is about.
type Kind string

// The kinds.
const (
	Unread   Kind = "unread"   // it could not be looked at
	Missing  Kind = "missing"  // it was never deployed
	Stale    Kind = "stale"    // it was made from another template
	Failed   Kind = "failed"   // a run or a stack
	Rejected Kind = "rejected" // somebody did not want it
	Stopped  Kind = "stopped"  // somebody did not want it to go on
	Left     Kind = "left"     // it belongs to no stack any more, and could not be deleted
	Drifted  Kind = "drifted"  // it has other functions than this folder
)

const bootstrap = "run `foldstack bootstrap`: it deploys what is missing or stale, and nothing else"

// CLI is how somebody calls the AWS CLI with credentials of an account.
type CLI func(account string) string

// Findings are what is not as it should be, from the pipeline to the targets. What is
// the same in several places is said once.
func (s *Status) Findings(cli CLI) []Finding {
	f := &findings{cli: cli}
	s.addPipeline(f)
	for i := range s.Bases {
		s.addBase(f, &s.Bases[i])
	}
	for i := range s.Targets {
		s.addTarget(f, &s.Targets[i])
	}
	return f.list
}

type findings struct {
	list []Finding
	cli  CLI
}

func (f *findings) add(kind Kind, where, text, hint, link string) {
	for i := range f.list {
		if g := &f.list[i]; g.Kind == kind && g.Text == text && g.Hint == hint && g.Link == link {
			g.Where = append(g.Where, where)
			return
		}
	}
	f.list = append(f.list, Finding{kind, []string{where}, text, hint, link})
}

// command is one of the AWS CLI.
func (f *findings) command(account, region, words string) string {
	return "`" + f.cli(account) + " " + words + " --region " + region + "`"
}

func (f *findings) unread(where string, err error) {
	f.add(Unread, where, err.Error(), cloud.HintOf(err), "")
}

func (s *Status) addPipeline(f *findings) {
	p := &s.Pipeline
	where := "the pipeline " + p.Name
	switch {
	case p.Err != nil:
		f.unread(where, p.Err)
	case !p.There && s.pipelineStack().There():
		f.add(Missing, where, "somebody has deleted it, and its stack is still there", "delete the stack "+s.pipelineStack().Name+", and "+bootstrap, "")
	case p.There && p.Latest == nil:
		f.add(Missing, where, "it has never run", s.deploy(), p.Link)
	}
	for i := range p.Stages {
		stage := &p.Stages[i]
		if s.asked(stage.Name) {
			s.addStage(f, stage)
		}
	}
}

// pipelineStack is the base stack that makes the pipeline.
func (s *Status) pipelineStack() *Stack {
	for i := range s.Bases {
		if s.Bases[i].Name == model.PipelineStack(s.subject.Project.Name) {
			return &s.Bases[i].Stack
		}
	}
	return &Stack{}
}

// asked reports a stage of an environment that is asked about, or of none.
func (s *Status) asked(name string) bool {
	environment := stack.StageEnvironment(name)
	return s.subject.Project.Environment(environment) == nil ||
		slices.ContainsFunc(s.subject.Targets, func(t model.Target) bool { return t.Environment == environment })
}

func (s *Status) addStage(f *findings, stage *Stage) {
	where := "the stage " + stage.Name
	switch types.StageExecutionStatus(stage.Status) {
	case types.StageExecutionStatusFailed:
	case types.StageExecutionStatusStopped, types.StageExecutionStatusCancelled:
		f.add(Stopped, where, "run "+stage.Run.ID+" was "+word(stage.Status), s.restart(f), s.Pipeline.Link)
		return
	default:
		return
	}
	failed := slices.DeleteFunc(slices.Clone(stage.Actions), Action.Running)
	for _, a := range failed {
		s.addAction(f, stage, a)
	}
	if len(failed) == 0 {
		f.add(Failed, where, "run "+stage.Run.ID+" failed", s.retry(f, stage), s.Pipeline.Link)
	}
}

func (s *Status) addAction(f *findings, stage *Stage, a Action) {
	where := "the stage " + stage.Name + ", action " + a.Name
	said := func(text string) string { return strings.TrimSuffix(text+": "+a.Message, ": ") }
	switch {
	case a.Approval() && a.By != "":
		f.add(Rejected, where, said("rejected by "+a.By), s.retry(f, stage), a.Link)
	case a.overdue:
		f.add(Rejected, where, said("nobody answered in time"), s.retry(f, stage), a.Link)
	case a.Approval():
		f.add(Rejected, where, said("it was not approved"), s.retry(f, stage), a.Link)
	case a.Provider == "CodeBuild":
		f.add(Failed, where, said("it failed"), "read its log; `foldstack generate --locked && foldstack build` does here what it does there", a.Link)
	case a.Provider != "CloudFormation", strings.Contains(a.Message, "ChangeSetNotFound"):
		f.add(Failed, where, said("it failed"), s.retry(f, stage), a.Link)
	case s.explained(a.stack): // the stack tells more
	default:
		f.add(Failed, where, said("it failed"), stacks.Advice(stacks.Event{Reason: a.Message}), a.Link)
	}
}

// retry lets the failed actions of a stage run again; of an environment's, all actions: a
// change set that was executed, or over which another was, is gone. They may only begin
// when none of them is at work.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-retry.html
// https://github.com/aws/aws-cdk/issues/11995
func (s *Status) retry(f *findings, stage *Stage) string {
	mode, how := types.StageRetryModeFailedActions, "let it run again"
	if s.subject.Project.Environment(stack.StageEnvironment(stage.Name)) != nil {
		mode, how = types.StageRetryModeAllActions, "let the whole stage run again"
		if slices.ContainsFunc(stage.Actions, Action.Running) {
			how += ", once none of its actions is running"
		}
	}
	return "push a change, or " + how + ": " + f.command(s.Pipeline.Account, s.Pipeline.Region, fmt.Sprintf(
		"codepipeline retry-stage-execution --pipeline-name %s --stage-name %s --pipeline-execution-id %s --retry-mode %s",
		s.Pipeline.Name, stage.Name, stage.Run.ID, mode,
	))
}

// restart begins another run.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-rerun-manually.html
func (s *Status) restart(f *findings) string {
	return "push a change, or start it anew: " + f.command(s.Pipeline.Account, s.Pipeline.Region, "codepipeline start-pipeline-execution --name "+s.Pipeline.Name)
}

// link is what the action that failed to deploy a stack points at, or empty.
func (s *Status) link(stack *Stack) string {
	for i := range s.Pipeline.Stages {
		for _, a := range s.Pipeline.Stages[i].Actions {
			if !a.Running() && a.stack == stack.place() {
				return a.Link
			}
		}
	}
	return ""
}

// explained reports a stack of which it is known what failed in it.
func (s *Status) explained(p place) bool {
	return slices.ContainsFunc(s.stacks(), func(stack *Stack) bool {
		return stack.Cause != nil && stack.place() == p
	})
}

func (s *Status) addBase(f *findings, b *Base) {
	where := "the stack " + b.Name + " in " + b.Account + " " + b.Region
	switch {
	case f.addStack(where, &b.Stack, s.link(&b.Stack), ""):
	case !b.There():
		f.add(Missing, where, "it is not there", bootstrap, "")
	case b.Stale:
		f.add(Stale, where, "it was made from another template than this folder has", bootstrap, "")
	}
}

func (s *Status) addTarget(f *findings, t *Target) {
	where := t.Environment + " " + t.Account + " " + t.Region
	if t.Further() {
		where += " " + t.Name
	}
	switch {
	case f.addStack(where, &t.Stack, s.link(&t.Stack), f.unmade(&t.Stack)):
	case !t.There():
		f.add(Missing, where, "nothing is deployed there", s.deploy(), "")
	case t.Drift != nil && !t.Drift.None():
		f.add(Drifted, where, t.Drift.String(), s.catchUp(t), "")
	}
}

// unmade is what else has to be done about a stack of a target whose creation was rolled
// back: no change set can be made of it. Of a base stack bootstrap does that.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func (f *findings) unmade(s *Stack) string {
	if s.Status != string(cfn.StackStatusRollbackComplete) {
		return ""
	}
	return "; before the next run delete the stack there, which holds nothing and takes no update: " + f.command(s.Account, s.Region, "cloudformation delete-stack --stack-name "+s.Name)
}

// addStack adds what is wrong with a stack of any kind and what to do about it, and
// reports whether anything is wrong.
func (f *findings) addStack(where string, s *Stack, link, further string) bool {
	for i := range s.Left {
		f.addLeft(where, &s.Left[i])
	}
	switch {
	case s.Err != nil:
		f.unread(where, s.Err)
	case s.Cause != nil:
		text := fmt.Sprintf("%s: %s (%s) in %s: %s", s.Status, s.Cause.LogicalID, s.Cause.Type, s.Cause.Stack, s.Cause.Reason)
		f.add(Failed, where, text, stacks.Advice(*s.Cause)+further, link)
	case s.Failed():
		f.add(Failed, where, strings.TrimSuffix(s.Status+": "+s.reason, ": "), stacks.Advice(stacks.Event{Reason: s.reason})+further, link)
	default:
		return false
	}
	return true
}

// addLeft adds what an update left behind. No later update knows of it.
func (f *findings) addLeft(where string, e *stacks.Event) {
	removal := "delete it by hand"
	if e.Nests() {
		removal = "`foldstack teardown --orphans` removes it"
	}
	f.add(Left, where, fmt.Sprintf("an update took %s (%s) out of the stack and could not delete it: %s", e.Name(), e.Type, e.Reason),
		"mend what the reason names; then "+removal, "")
}

// deploy says how what is in this folder gets into a target.
func (s *Status) deploy() string {
	switch {
	case s.Pipeline.Err == nil && !s.Pipeline.There:
		return "run `foldstack bootstrap`: it makes the pipeline, which then deploys"
	case s.Pipeline.Running():
		return "a run is under way: `foldstack status --watch` follows it"
	case s.subject.Project.Source.Provider == model.S3:
		return "`foldstack generate`, and upload the project to its source bucket"
	}
	return "`foldstack generate`, commit and push"
}

// catchUp says what to do about a target that differs from this folder.
func (s *Status) catchUp(t *Target) string {
	if s.Pipeline.Running() || t.Run == nil || t.Run.Commit == "" || s.subject.Project.Source.Provider == model.S3 {
		return s.deploy()
	}
	return "`foldstack diff " + t.Run.Short() + "` shows what a push would change"
}

// String says what differs.
func (d *Drift) String() string {
	var parts []string
	say := func(names []string, one, several string) {
		switch len(names) {
		case 0:
		case 1:
			parts = append(parts, names[0]+" "+one)
		default:
			parts = append(parts, strings.Join(names, ", ")+" "+several)
		}
	}
	say(d.Different, "is another version than here", "are other versions than here")
	say(d.Missing, "is not deployed", "are not deployed")
	say(d.Extra, "is deployed and not here", "are deployed and not here")
	return strings.Join(parts, "; ")
}
