package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/bootstrap"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator"
)

// watched is a session with a person who types.
func watched(typed string) (*session, *bytes.Buffer) {
	var talk bytes.Buffer
	return &session{stdin: strings.NewReader(typed), stderr: &talk, interactive: true, answers: true}, &talk
}

func TestOnlyAYesIsAYes(t *testing.T) {
	for typed, want := range map[string]bool{"y\n": true, "YES\n": true, " yes \n": true, "y": true, "\n": false, "n\n": false, "yep\n": false} {
		s, talk := watched(typed)
		yes, err := s.confirm(t.Context(), "deploy?")
		require.NoError(t, err)
		assert.Equal(t, want, yes, "%q", typed)
		assert.Equal(t, "foldstack: deploy? [y/N] ", talk.String())
	}
	s, _ := watched("")
	_, err := s.confirm(t.Context(), "deploy?")
	require.ErrorIs(t, err, errNobody)
	s, _ = watched("y\n")
	s.answers = false
	_, err = s.confirm(t.Context(), "deploy?")
	require.ErrorIs(t, err, errNobody)
}

func TestABootstrapThatNobodyWantsDeploysNothing(t *testing.T) {
	plan := &bootstrap.Plan{Steps: []*bootstrap.Step{{Action: bootstrap.Create}, {Action: bootstrap.Keep}}}
	s, talk := watched("no\n")
	require.Equal(t, told(exitProblems), s.agree(t.Context(), plan, bootstrapFlags{}))
	assert.Equal(t, "foldstack: deploy 1 stack in 1 account? [y/N] foldstack: nothing was deployed\n", talk.String())
	s, _ = watched("y\n")
	require.NoError(t, s.agree(t.Context(), plan, bootstrapFlags{}))
}

func TestWhoIsAskedMayInterrupt(t *testing.T) {
	s, _ := watched("")
	s.stdin, _ = io.Pipe()
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	require.EqualError(t, s.agree(ctx, &bootstrap.Plan{}, bootstrapFlags{}), "interrupted; nothing was deployed")
}

// A person sees one line that changes, and a line for every stack that has ended.
func TestAPersonSeesHowABootstrapGoes(t *testing.T) {
	s, talk := watched("")
	first := &bootstrap.Step{Base: generator.Base{Name: "shop-tooling", Account: "111111111111", Region: "eu-central-1"}}
	second := &bootstrap.Step{Base: generator.Base{Name: "shop-dev-target", Account: "222222222222", Region: "eu-central-1"}}
	show := bootstrapShow{&stackShow{session: s, all: 2, noun: "stack", at: map[string]string{}}}
	assert.Equal(t, "0 of 2 stacks done", show.status())
	show.Begun(first)
	show.Begun(second)
	show.Event(first, stacks.Event{LogicalID: "Key", Status: "CREATE_IN_PROGRESS"})
	assert.Equal(t, "0 of 2 stacks done: shop-tooling in 111111111111, eu-central-1, Key, and 1 more", show.status())
	assert.Empty(t, talk.String())
	show.Event(second, stacks.Event{LogicalID: "DeployRole", Type: "AWS::IAM::Role", Status: "CREATE_FAILED", Reason: "no"})
	second.Err = errors.New("no")
	show.Ended(second)
	assert.Equal(t, "foldstack: shop-dev-target in 222222222222, eu-central-1: CREATE_FAILED AWS::IAM::Role DeployRole: no\n"+
		"foldstack: shop-dev-target in 222222222222, eu-central-1: failed, 1 of 2\n", talk.String())
	assert.Equal(t, "1 of 2 stacks done: shop-tooling in 111111111111, eu-central-1, Key", show.status())
}

// Nothing has failed where somebody interrupts: CloudFormation goes on.
func TestWhatIsInterruptedHasNotFailed(t *testing.T) {
	s, talk := watched("")
	step := &bootstrap.Step{Base: generator.Base{Name: "shop-tooling", Account: "111111111111", Region: "eu-central-1"}, Err: context.Canceled}
	show := bootstrapShow{&stackShow{session: s, all: 2, noun: "stack", at: map[string]string{}}}
	show.Begun(step)
	show.Ended(step)
	assert.Equal(t, "foldstack: shop-tooling in 111111111111, eu-central-1: interrupted\n", talk.String())
	assert.Equal(t, "0 of 2 stacks done", show.status())
}
