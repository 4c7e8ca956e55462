package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/bootstrap"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/status"
	"github.com/foldstack/foldstack/generator"
)

func TestColumnsStandBelowEachOther(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, writeTable(&b, [][]string{{"NAME", "WHAT"}, {"größe", "x", "more"}, {"a", ""}}))
	assert.Equal(t, "NAME   WHAT\ngröße  x     more\na\n", b.String())
}

func TestATableWithAHeadAloneIsLeftOut(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, writeTables(&b, [][]string{{"NAME"}}, [][]string{{"WHAT"}, {"x"}}, [][]string{{"WHO"}}, [][]string{{"WHY"}, {"y"}}))
	assert.Equal(t, "WHAT\nx\n\nWHY\ny\n", b.String())
}

// fits reports what is wider than a window that people have.
func fits(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSpace(line)), window, line)
	}
}

func TestThePlanOfABootstrapFitsAWindowAndNamesEveryAccount(t *testing.T) {
	step := func(phase int, name, account string, types []string) *bootstrap.Step {
		return &bootstrap.Step{
			Base:  generator.Base{Name: name, Account: account, Region: "ap-southeast-2", Types: types},
			Phase: phase, Action: bootstrap.Create, Caller: "arn:aws:sts::" + account + ":assumed-role/OrganizationAccountAccessRole/foldstack",
		}
	}
	tooling := []string{"AWS::S3::Bucket", "AWS::IAM::Role", "AWS::KMS::Key", "AWS::ECR::Repository", "AWS::CodeConnections::Connection"}
	plan := &bootstrap.Plan{Steps: []*bootstrap.Step{step(1, "acme-shop-tooling-region", "111111111111", tooling)}}
	var accounts []string
	for i := range 40 {
		account := fmt.Sprintf("%012d", 222222222222+i)
		accounts = append(accounts, account)
		plan.Steps = append(plan.Steps, step(2, "acme-shop-prod-target", account, []string{"AWS::IAM::Role"}))
	}
	for _, step := range plan.Steps[30:] {
		step.Caller = "arn:aws:iam::" + step.Account + ":user/ada"
	}
	var b bytes.Buffer
	require.NoError(t, (&session{stdout: &b}).showBootstrap(plan))
	fits(t, b.String())
	for _, account := range accounts {
		assert.Equal(t, 2, strings.Count(b.String(), account), "where something is done, and as whom")
	}
	assert.Equal(t, 1, strings.Count(b.String(), "1 IAM\n"), "what forty stacks hold is said once")
}

func TestAStatusFitsAWindow(t *testing.T) {
	found := &status.Status{}
	at := func(environment, name string) status.Stack {
		return status.Stack{
			Name: name, Environment: environment, Account: "333333333333", Region: "ap-southeast-2",
			Status: "UPDATE_ROLLBACK_COMPLETE", Changed: time.Date(2026, 1, 1, 0, 0, 23, 0, time.UTC),
		}
	}
	found.Bases = append(found.Bases, status.Base{Stack: at("", "acme-shop-tooling-region"), Compared: true})
	found.Targets = append(found.Targets, status.Target{
		Stack: at("staging", "acme-shop-staging"), Run: &status.Run{Commit: "45c48cce2e2d"}, Drift: &status.Drift{Different: []string{"a", "b"}, Extra: []string{"c"}},
	})
	var b bytes.Buffer
	require.NoError(t, (&session{stdout: &b}).statusText(found, nil))
	fits(t, b.String())
	assert.Contains(t, b.String(), "staging  333333333333  ap-southeast-2  UPDATE_ROLLBACK_COMPLETE  45c48cc  2026-01-01T00:00Z  ~2 -1\n")
}
