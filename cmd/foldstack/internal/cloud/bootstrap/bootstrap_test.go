package bootstrap_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/bootstrap"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator"
)

// everything are the steps of a first bootstrap of the usual project.
var everything = []string{
	"shop-tooling@111111111111/eu-central-1",
	"shop-tooling-region@111111111111/us-east-1",
	"shop-dev-target@222222222222/eu-central-1",
	"shop-prod-target@333333333333/eu-central-1",
	"shop-prod-target@444444444444/eu-central-1",
	"shop-pipeline@111111111111/eu-central-1",
}

func each(word string, names []string) []string {
	var list []string
	for _, name := range names {
		list = append(list, word+" "+name)
	}
	return list
}

func TestACleanAWSIsBootstrappedInOrder(t *testing.T) {
	w := newWorld(t, usual)
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, each("create", everything), actions(plan))
	assert.Empty(t, w.there(), "looking changes nothing")
	require.NoError(t, plan.Run(t.Context(), &w.story))

	at := func(line string) int { return slices.Index(w.steps, line) }
	last := len(w.steps) - 1
	assert.Equal(t, []string{"begun " + everything[0], "created " + everything[0]}, w.steps[:2])
	assert.Equal(t, []string{"begun " + everything[5], "created " + everything[5]}, w.steps[last-1:])
	for _, name := range everything[1:5] {
		assert.Positive(t, at("created "+name), name)
	}
	key := w.stack(tooling, first, "shop-tooling").Outputs[generator.BaseKey]
	require.NotEmpty(t, key)
	assert.Equal(t, map[string]string{"KeyId": key}, w.stack(tooling, second, "shop-tooling-region").Parameters)
	assert.Equal(t, map[string]string{"KeyId": key, "Environment": "prod"}, w.stack(prodToo, first, "shop-prod-target").Parameters)
	assert.Contains(t, w.events, "shop-dev-target@222222222222/eu-central-1 DeployRole CREATE_COMPLETE")
}

func TestWhatIsThereIsNotTouched(t *testing.T) {
	w := newWorld(t, usual)
	require.NoError(t, w.run(t.Context()))
	before := w.there()
	w.Forget()
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, append(each("keep", everything[:5]), "leave "+everything[5]), actions(plan))
	assert.Empty(t, plan.Pending())
	require.NoError(t, plan.Run(t.Context(), &w.story))
	assert.Equal(t, before, w.there())
	assert.Empty(t, w.operations("Update"))
	assert.Empty(t, w.operations("Create"))
}

func TestRegionsAndTargetsAreDeployedAtTheSameTime(t *testing.T) {
	w := newWorld(t, usual)
	w.Looks = 3
	require.NoError(t, w.run(t.Context()))
	ended := slices.IndexFunc(w.steps[2:], func(s string) bool { return strings.HasPrefix(s, "created") })
	assert.Equal(t, 4, ended, "all of them are begun before the first ends: %v", w.steps)
}

func TestWhatFailsLeavesWhatIsBesideItAndKeepsWhatIsBehindIt(t *testing.T) {
	w := newWorld(t, usual)
	w.FailResource("shop-dev-target", "DeployRole", "the quota is reached: LimitExceeded")
	w.FailResource("333333333333/shop-prod-target", "DeployRole", "somebody forbids it")
	err := w.run(t.Context())
	failures := apart(err)
	require.Len(t, failures, 2)
	assert.ErrorContains(t, failures[0], "the stack shop-dev-target in account 222222222222, eu-central-1, ended as ROLLBACK_COMPLETE: DeployRole (AWS::IAM::Role): the quota is reached")
	assert.ErrorContains(t, failures[1], "somebody forbids it")
	assert.Contains(t, w.steps, "created shop-prod-target@444444444444/eu-central-1")
	assert.Empty(t, w.stack(tooling, first, "shop-pipeline"))

	w.FailResource("shop-dev-target", "DeployRole", "")
	w.FailResource("333333333333/shop-prod-target", "DeployRole", "")
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"replace " + everything[2], "replace " + everything[3], "create " + everything[5]}, pending(plan))
	require.NoError(t, plan.Run(t.Context(), &w.story))
	assert.Equal(t, "CREATE_COMPLETE", w.stack(dev, first, "shop-dev-target").Status)
}

func TestAToolingStackWhoseCreationFailedIsMadeAgain(t *testing.T) {
	w := newWorld(t, usual)
	w.FailResource("shop-tooling", "PipelineRole", "no")
	require.Error(t, w.run(t.Context()))
	assert.Equal(t, "ROLLBACK_COMPLETE", w.stack(tooling, first, "shop-tooling").Status)
	w.FailResource("shop-tooling", "PipelineRole", "")
	require.NoError(t, w.run(t.Context()), "its buckets went when it was rolled back")
	assert.Equal(t, "CREATE_COMPLETE", w.stack(tooling, first, "shop-pipeline").Status)
}

func TestWhatAnEarlierStackKeptIsNamed(t *testing.T) {
	w := newWorld(t, usual)
	w.AddBucket(first, "shop-artifacts-111111111111-eu-central-1")
	err := w.run(t.Context())
	require.ErrorContains(t, err, "shop-artifacts-111111111111-eu-central-1 already exists")
	var failure cloud.Failure
	require.ErrorAs(t, err, &failure)
	assert.Contains(t, failure.Hint, "import it, as docs/bootstrap.md says")
}

func TestEverythingThatIsInTheWayIsToldAtOnce(t *testing.T) {
	w := newWorld(t, usual)
	w.SetRegion(tooling, second, "DISABLED")
	w.SetRegion(prod, second, "DISABLING")
	w.SetRegion(prodToo, second, "ENABLING")
	w.SetRegion(dev, second, "DISABLED") // dev has no target there
	w.SetRegion(prod, first, "ENABLED_BY_DEFAULT")
	_, err := w.look(t.Context())
	var told []string
	for _, f := range apart(err) {
		var failure cloud.Failure
		require.ErrorAs(t, f, &failure)
		told = append(told, f.Error()+" -> "+failure.Hint)
	}
	assert.Equal(t, []string{
		"the region us-east-1 is not enabled in account 111111111111 -> with credentials of that account: `aws account enable-region --region-name us-east-1`",
		"the region us-east-1 is not enabled in account 333333333333 -> with credentials of that account: `aws account enable-region --region-name us-east-1`",
		"the region us-east-1 is still being enabled in account 444444444444 -> that takes minutes to hours: run it again when `aws account get-region-opt-status --region-name us-east-1` says ENABLED",
	}, told)
	assert.Empty(t, w.operations("Create"))
}

func TestEveryAccountThatCannotBeEnteredIsNamed(t *testing.T) {
	w := newWorld(t, usual)
	w.doors = cloud.Doors{}
	_, err := w.look(t.Context())
	require.ErrorContains(t, err, "nothing says how to get into account 222222222222")
	require.ErrorContains(t, err, "nothing says how to get into account 444444444444")
	assert.Empty(t, w.operations("Describe"))

	w.SignIn(dev)
	_, err = w.look(t.Context())
	require.ErrorContains(t, err, "the credentials are of account 222222222222")
	require.ErrorContains(t, err, "into account 111111111111")
}

func TestAConnectionIsAwaitedBeforeThePipelineIsMade(t *testing.T) {
	w := newWorld(t, usual)
	w.SetConnections("PENDING")
	w.onWait = func() {
		assert.Empty(t, w.stack(tooling, first, "shop-pipeline"))
		w.SetConnections("AVAILABLE")
	}
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Nil(t, plan.Connection, "there is none yet")
	require.NoError(t, plan.Run(t.Context(), &w.story))
	assert.Equal(t, []string{"https://console.aws.amazon.com/codesuite/settings/connections?region=eu-central-1"}, w.waiting)
	assert.Equal(t, "CREATE_COMPLETE", w.stack(tooling, first, "shop-pipeline").Status)
}

func TestWhoDoesNotWaitIsToldWhatIsLeft(t *testing.T) {
	w := newWorld(t, usual)
	w.SetConnections("PENDING")
	w.options.NoWait = true
	var pending bootstrap.PendingError
	require.ErrorAs(t, w.run(t.Context()), &pending)
	assert.Equal(t, "PENDING", pending.Status)
	assert.Empty(t, w.waiting)
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "PENDING", plan.Connection.Status)
	assert.Len(t, plan.Pending(), 1)
}

func TestWaitingCanBeInterrupted(t *testing.T) {
	w := newWorld(t, usual)
	w.SetConnections("PENDING")
	ctx, interrupt := context.WithCancel(t.Context())
	w.onWait = interrupt
	require.ErrorIs(t, w.run(ctx), context.Canceled)
}

func TestAPipelineWithoutAConnectionOfItsOwnWaitsForNobody(t *testing.T) {
	for _, source := range []string{"{provider: s3}", "{provider: github, repository: acme/shop, connection: \"arn:aws:codeconnections:eu-central-1:111111111111:connection/0a1b2c3d-0000-1111-2222-333344445555\"}"} {
		w := newWorld(t, with("source", source))
		w.SetConnections("PENDING")
		require.NoError(t, w.run(t.Context()), source)
		assert.Empty(t, w.operations("GetConnection"), source)
	}
}

func TestOnlyWhatIsStaleIsDeployed(t *testing.T) {
	w := newWorld(t, usual)
	require.NoError(t, w.run(t.Context()))
	w.Forget()
	w.result = generated(t, usual+"boundary: [{allow: [\"dynamodb:*\"]}]\n")
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"update " + everything[2], "update " + everything[3], "update " + everything[4]}, pending(plan))
	require.NoError(t, plan.Run(t.Context(), &w.story))
	assert.Len(t, w.operations("UpdateStack"), 3)
	plan, err = w.look(t.Context())
	require.NoError(t, err)
	assert.Empty(t, plan.Pending())
}

func TestAnotherKeyMakesStaleWhatHasIt(t *testing.T) {
	w := newWorld(t, usual)
	other := map[string]string{"Environment": "dev", "KeyId": "mrk-" + strings.Repeat("0", 32)}
	deploy(t, w, dev, stacks.Deployment{Name: "shop-dev-target", Template: w.result.Bases[2].Template, Parameters: other})
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "update", string(plan.Steps[2].Action))
	require.NoError(t, plan.Run(t.Context(), &w.story))
	assert.Equal(t, w.stack(tooling, first, "shop-tooling").Outputs["KeyId"], w.stack(dev, first, "shop-dev-target").Parameters["KeyId"])
	deploy(t, w, dev, stacks.Deployment{Name: "shop-dev-target", Template: w.result.Bases[2].Template, Parameters: other})
	plan, err = w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"update " + everything[2]}, pending(plan))
}

func TestTargetsCanBeChosen(t *testing.T) {
	for _, test := range []struct {
		options bootstrap.Options
		want    []string
	}{
		{bootstrap.Options{Targets: true}, everything[2:5]},
		{bootstrap.Options{Only: []string{"dev"}}, everything[2:3]},
		{bootstrap.Options{Only: []string{prodToo}}, everything[4:5]},
		{bootstrap.Options{Only: []string{"dev", prod}}, everything[2:4]},
	} {
		w := newWorld(t, usual)
		w.options = test.options
		_, err := w.look(t.Context())
		require.ErrorContains(t, err, "the stack shop-tooling in account 111111111111, eu-central-1, is not there")
		w.options = bootstrap.Options{}
		require.NoError(t, w.run(t.Context()))
		w.options = test.options
		w.result = generated(t, usual+"boundary: [{allow: [\"dynamodb:*\"]}]\n")
		plan, err := w.look(t.Context())
		require.NoError(t, err)
		assert.Equal(t, each("update", test.want), actions(plan))
	}
	w := newWorld(t, usual)
	w.options.Only = []string{"prd"}
	_, err := w.look(t.Context())
	require.ErrorContains(t, err, "no target account has a stack")
}

func TestStatesOfThePipelineStack(t *testing.T) {
	for _, test := range []struct{ status, want string }{
		{"CREATE_COMPLETE", "leave"},
		{"UPDATE_COMPLETE", "leave"},
		{"UPDATE_IN_PROGRESS", "leave"},
		{"UPDATE_ROLLBACK_COMPLETE", "leave"},
		{"ROLLBACK_COMPLETE", "replace"},
		{"CREATE_IN_PROGRESS", "follow"},
		{"DELETE_IN_PROGRESS", "follow"},
		{"REVIEW_IN_PROGRESS", "create"},
		{"UPDATE_ROLLBACK_FAILED", ""},
		{"DELETE_FAILED", ""},
	} {
		w := newWorld(t, usual)
		require.NoError(t, w.run(t.Context()))
		w.SetStatus(tooling, first, "shop-pipeline", test.status, "")
		plan, err := w.look(t.Context())
		if test.want == "" {
			require.ErrorContains(t, err, "is in the state "+test.status)
			continue
		}
		require.NoError(t, err, test.status)
		assert.Equal(t, test.want, string(plan.Steps[5].Action), test.status)
	}
}

// A connection that the tooling stack made is an export that the pipeline uses.
func TestAConnectionGivesWayToAnotherSource(t *testing.T) {
	w := newWorld(t, usual)
	require.NoError(t, w.run(t.Context()))
	w.result = generated(t, with("source", "{provider: s3}"))
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"update shop-pipeline@111111111111/eu-central-1", "update shop-tooling@111111111111/eu-central-1"}, pending(plan))
	w.steps = nil
	require.NoError(t, plan.Run(t.Context(), &w.story))
	assert.Equal(t, []string{"updated " + everything[5], "begun " + everything[0]}, w.steps[1:3])
	assert.Empty(t, w.stack(tooling, first, "shop-tooling").Outputs["ConnectionArn"])
	plan, err = w.look(t.Context())
	require.NoError(t, err)
	assert.Empty(t, plan.Pending())
}

// The template of such a pipeline is too large for a call.
func TestFiftyAccountsAreBootstrapped(t *testing.T) {
	w := newWorld(t, with("environments", many(50)))
	require.NoError(t, w.run(t.Context()))
	assert.Len(t, w.there(), 53)
	assert.Greater(t, len(w.stack(tooling, first, "shop-pipeline").Template), stacks.MaxTemplate)
	assert.Len(t, w.Objects("shop-artifacts-111111111111-eu-central-1"), 1)
	w.Forget()
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Empty(t, plan.Pending())
	calls := 1 + 50 + 51 + 51 + 54 // who it is, roles and who they are, regions, stacks and the key
	assert.LessOrEqual(t, len(w.Calls()), calls)
}

func TestATemplateThatIsTooLargeForATargetIsRefused(t *testing.T) {
	w := newWorld(t, usual)
	w.enlarge(0, 1, 2, 5)
	_, err := w.look(t.Context())
	require.ErrorContains(t, err, "out/target.yaml has ")
	assert.Len(t, apart(err), 1, "the tooling account reads its bucket")
}

// Accounts elsewhere have all regions of their partition.
func TestChinaIsNotAskedForItsRegions(t *testing.T) {
	config := strings.NewReplacer("eu-central-1", "cn-north-1", "us-east-1", "cn-northwest-1", "{provider: github, repository: acme/shop}", "{provider: s3}").Replace(usual)
	w := newWorld(t, config)
	require.NoError(t, w.run(t.Context()))
	assert.Empty(t, w.operations("ListRegions"))
	assert.Len(t, w.there(), 6)
}

// apart are the errors that were joined to one.
func apart(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var list []error
	for _, one := range joined.Unwrap() {
		list = append(list, apart(one)...)
	}
	return list
}

// pending are the steps of a plan in which something is done.
func pending(p *bootstrap.Plan) []string {
	return actions(&bootstrap.Plan{Steps: p.Pending()})
}

// with is the usual project with another value of a key.
func with(key, value string) string {
	lines := strings.SplitAfter(usual, "\n")
	if key == "environments" {
		return strings.Join(lines[:3], "") + key + ": " + value + "\n"
	}
	for i, line := range lines {
		if strings.HasPrefix(line, key+":") {
			lines[i] = key + ": " + value + "\n"
		}
	}
	return strings.Join(lines, "")
}

// deploy deploys a stack as somebody else would.
func deploy(t *testing.T, w *world, account string, d stacks.Deployment) {
	t.Helper()
	session, err := cloud.Enter(first, "aws", w.doors, cloud.Options{Backoff: now, Pause: now}).Session(t.Context(), account)
	require.NoError(t, err)
	_, err = stacks.In(session, first).Deploy(t.Context(), d, func(stacks.Event) {})
	require.NoError(t, err)
}
