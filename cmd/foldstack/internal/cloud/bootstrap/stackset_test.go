package bootstrap_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/bootstrap"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

const (
	management = "999999999999"
	newcomer   = "555555555555"
)

// newOrganization is a world whose target accounts lie in two units.
func newOrganization(t *testing.T, account string) *world {
	t.Helper()
	w := newWorld(t, usual)
	w.SetOrganization(management, tooling)
	w.SetOrganizationalUnit("ou-dev1-11111111", dev)
	w.SetOrganizationalUnit("ou-prod-22222222", prod, prodToo)
	w.options.Sets = bootstrap.Sets{Account: account, Units: map[string][]string{"dev": {"ou-dev1-11111111"}, "prod": {"ou-prod-22222222"}}}
	return w
}

// instances are the stacks that a set made in an account.
func (w *world) instances(account string) []cloudtest.Stack {
	var list []cloudtest.Stack
	for _, s := range w.Stacks(account, first) {
		if strings.HasPrefix(s.Name, "StackSet-") {
			list = append(list, s)
		}
	}
	return list
}

func TestStackSetsMakeTheTargetStacksOfAnOrganization(t *testing.T) {
	for _, account := range []string{management, tooling} {
		w := newOrganization(t, account)
		plan, err := w.look(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []string{
			"create shop-tooling@111111111111/eu-central-1", "create shop-tooling-region@111111111111/us-east-1",
			"create shop-dev-target@" + account + "/eu-central-1", "create shop-prod-target@" + account + "/eu-central-1",
			"create shop-pipeline@111111111111/eu-central-1",
		}, actions(plan))
		require.NoError(t, plan.Run(t.Context(), &w.story))
		key := w.stack(tooling, first, "shop-tooling").Outputs["KeyId"]
		for target, environment := range map[string]string{dev: "dev", prod: "prod", prodToo: "prod"} {
			made := w.instances(target)
			require.Len(t, made, 1, target)
			assert.Equal(t, map[string]string{"Environment": environment, "KeyId": key}, made[0].Parameters)
		}
		assert.Empty(t, w.instances(management))
		assert.Contains(t, w.events, "shop-dev-target@"+account+"/eu-central-1 shop-dev-target CREATE_SUCCEEDED")

		plan, err = w.look(t.Context())
		require.NoError(t, err)
		assert.Empty(t, plan.Pending(), "what is there is not touched")

		w.SetOrganizationalUnit("ou-dev1-11111111", dev, newcomer)
		assert.Len(t, w.instances(newcomer), 1, "new accounts join by themselves")
	}
}

func TestAStaleStackSetIsUpdated(t *testing.T) {
	w := newOrganization(t, management)
	require.NoError(t, w.run(t.Context()))
	w.result = generated(t, usual+"boundary: [{allow: [\"dynamodb:*\"]}]\n")
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Len(t, plan.Pending(), 2)
	require.NoError(t, plan.Run(t.Context(), &w.story))
	assert.Equal(t, string(w.result.Bases[2].Template), w.instances(dev)[0].Template)
	plan, err = w.look(t.Context())
	require.NoError(t, err)
	assert.Empty(t, plan.Pending())
}

func TestStacksOfASetAreLeftToIt(t *testing.T) {
	w := newOrganization(t, management)
	require.NoError(t, w.run(t.Context()))
	w.options.Sets = bootstrap.Sets{}
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Empty(t, plan.Pending())
	w.result = generated(t, usual+"boundary: [{allow: [\"dynamodb:*\"]}]\n")
	_, err = w.look(t.Context())
	require.ErrorContains(t, err, "in account 222222222222, eu-central-1, is of a stack set, and is stale")
}

func TestAccountsThatNoSetReachesAreNamed(t *testing.T) {
	w := newOrganization(t, management)
	w.options.Sets.Units["prod"] = []string{"ou-dev1-11111111"}
	err := w.run(t.Context())
	require.ErrorContains(t, err, "the stack set shop-prod-target has not made its stack in account 333333333333: it is not in ou-dev1-11111111, or is the management account")
	require.ErrorContains(t, err, "account 444444444444")
	assert.Empty(t, w.stack(tooling, first, "shop-pipeline"))
	w.options.Sets.Units["prod"] = []string{"ou-prod-22222222"}
	require.NoError(t, w.run(t.Context()), "the set deploys to the other unit too")
}

func TestAnInstanceThatFailedIsMadeAgain(t *testing.T) {
	w := newOrganization(t, management)
	w.FailResource("", "DeployRole", "somebody forbids it")
	err := w.run(t.Context())
	require.ErrorContains(t, err, "has not made its stack in account 333333333333: OUTDATED")
	w.FailResource("", "DeployRole", "")
	require.NoError(t, w.run(t.Context()))
	assert.Equal(t, "CREATE_COMPLETE", w.instances(prod)[0].Status)
}

// The SDK makes a call again whose answer was lost, with the same id of the operation.
func TestAnOperationWhoseAnswerWasLostIsFollowedHoweverItsIdIsTaken(t *testing.T) {
	for _, operation := range []string{"CreateStackInstances", "UpdateStackSet"} {
		w := newOrganization(t, management)
		w.TokensAreSpent = true
		if operation == "UpdateStackSet" {
			require.NoError(t, w.run(t.Context()))
			w.result = generated(t, usual+"boundary: [{allow: [\"dynamodb:*\"]}]\n")
		}
		lost := w.BreakAt(cloudtest.Call{Service: "cloudformation", Operation: operation, Account: management, Region: first, Key: "shop-dev-target"}, cloudtest.Unsaid, false)
		require.NoError(t, w.run(t.Context()))
		assert.True(t, lost.Load())
	}
}

// Whether an account that is asked as if it were the management account is refused, or told
// that there is no access, is not documented.
func TestADelegateIsFoundWhateverHeIsToldAsIfHeWereTheOrganization(t *testing.T) {
	w := newOrganization(t, tooling)
	w.AnswerMembers()
	_, err := w.look(t.Context())
	require.NoError(t, err)
}

func TestWhoMayNotMakeStackSetsIsToldWhoMay(t *testing.T) {
	w := newOrganization(t, dev)
	_, err := w.look(t.Context())
	require.ErrorContains(t, err, "cloudformation:DescribeOrganizationsAccess on the stack set shop-dev-target of account 222222222222")
	var failure cloud.Failure
	require.ErrorAs(t, err, &failure)
	assert.Contains(t, failure.Hint, "--stackset-account")

	w = newOrganization(t, management)
	w.CloseOrganization()
	_, err = w.look(t.Context())
	require.ErrorContains(t, err, "the organization does not let stack sets into its accounts")
	require.ErrorAs(t, err, &failure)
	assert.Contains(t, failure.Hint, "activate-organizations-access")
}

func TestWhoIsOvertakenByAnotherBootstrapFinishesWithIt(t *testing.T) {
	w := newOrganization(t, management)
	var met atomic.Bool
	w.Break(func(c cloudtest.Call) cloudtest.Fault {
		if c.Operation == "CreateStackSet" && !met.Swap(true) {
			plan, err := w.look(t.Context())
			if assert.NoError(t, err) {
				assert.NoError(t, plan.Run(t.Context(), &story{}), "somebody else's")
			}
		}
		return cloudtest.None
	})
	require.NoError(t, w.run(t.Context()))
	require.True(t, met.Load())
	for _, account := range []string{dev, prod, prodToo} {
		assert.Len(t, w.instances(account), 1, account)
	}
}
