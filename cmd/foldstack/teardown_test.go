package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/teardown"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// shop is a project whose file lies above.
func shop() subject {
	return subject{&generator.Result{Project: &model.Project{Name: "shop"}}, "../foldstack.yaml"}
}

// A no is the same to every command that asks.
func TestOnlyTheNameOfTheProjectIsAYes(t *testing.T) {
	plan := &teardown.Plan{Steps: []*teardown.Step{{}, {}}}
	for answer, says := range map[string]string{
		"shop\n":   "",
		" shop \n": "",
		"yes\n":    `nothing was removed: "yes" is not the name of the project`,
		"Shop\n":   `nothing was removed: "Shop" is not the name of the project`,
		"\n":       `nothing was removed: "" is not the name of the project`,
	} {
		s, talk := watched(answer)
		err := s.agreeToRemove(t.Context(), plan, shop(), teardownFlags{})
		assert.Contains(t, talk.String(), "foldstack: nothing undoes 2 steps on the project shop of ../foldstack.yaml; to do it, type its name: ")
		if says == "" {
			require.NoError(t, err)
		} else {
			require.Equal(t, told(exitProblems), err)
			assert.Contains(t, talk.String(), "foldstack: error: "+says+"\nfoldstack: hint: its name is shop\n")
		}
	}
	s, _ := watched("")
	require.EqualError(t, s.agreeToRemove(t.Context(), plan, shop(), teardownFlags{}), "nothing was removed: there is nobody to ask")
}

func TestAPersonSeesALineThatChangesAndALogEveryEvent(t *testing.T) {
	step := &teardown.Step{Done: true, What: "functions", Name: "shop-dev", Account: "222222222222", Region: "eu-central-1"}
	events := []teardown.Event{
		{Step: step, Resource: &stacks.Event{LogicalID: "Hello", Type: "AWS::CloudFormation::Stack", Status: "DELETE_IN_PROGRESS"}},
		{Step: step, Resource: &stacks.Event{LogicalID: "Hello", Type: "AWS::CloudFormation::Stack", Status: "DELETE_COMPLETE"}},
		{Step: step, Resource: &stacks.Event{LogicalID: "Orders", Type: "AWS::CloudFormation::Stack", Status: "DELETE_FAILED", Reason: "held"}},
		{Step: step},
	}
	told := func(interactive bool) (string, string) {
		var stderr bytes.Buffer
		show := &stackShow{session: &session{stderr: &stderr, interactive: interactive}, all: 2, noun: "step", at: map[string]string{}}
		for _, e := range events {
			show.removal(e)
		}
		return stderr.String(), show.status()
	}
	const where = "foldstack: functions shop-dev in 222222222222, eu-central-1: "
	log, status := told(false)
	assert.Equal(t, where+"DELETE_IN_PROGRESS AWS::CloudFormation::Stack Hello\n"+where+"DELETE_COMPLETE AWS::CloudFormation::Stack Hello\n"+
		where+"DELETE_FAILED AWS::CloudFormation::Stack Orders: held\n"+where+"removed, 1 of 2\n", log)
	assert.Equal(t, "1 of 2 steps done", status)
	seen, _ := told(true)
	assert.Equal(t, where+"DELETE_FAILED AWS::CloudFormation::Stack Orders: held\n"+where+"removed, 1 of 2\n", seen)
}

func TestAPlanThatCannotBePrintedIsNotCarriedOut(t *testing.T) {
	s := &session{stdout: broken{}, stderr: &bytes.Buffer{}}
	plan := &teardown.Plan{Steps: []*teardown.Step{{}}}
	assert.Error(t, s.removeAll(t.Context(), plan, shop(), teardownFlags{confirm: "shop"}))
}

// Whoever is asked sees what it is about, however quiet it shall be. A program that reads
// JSON is nobody, and gets the plan.
func TestNobodyIsAskedAboutWhatWasNotShown(t *testing.T) {
	plan := &teardown.Plan{Steps: []*teardown.Step{{What: "functions", Name: "shop-dev"}}}
	asked := func(f teardownFlags) (stdout, stderr string) {
		s, talk := watched("no\n")
		var shown bytes.Buffer
		s.stdout, s.quiet = &shown, true
		require.Error(t, s.removeAll(t.Context(), plan, shop(), f))
		return shown.String(), talk.String()
	}
	stdout, stderr := asked(teardownFlags{})
	assert.Contains(t, stdout, "shop-dev")
	assert.Contains(t, stderr, "nothing undoes 1 step")
	_, stderr = asked(teardownFlags{removalFlags: removalFlags{json: true}})
	assert.Empty(t, stderr, "a program that reads JSON is asked nothing")
}
