package bootstrap_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/bootstrap"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
)

const artifacts = "shop-artifacts-111111111111-eu-central-1"

// newLarge is a world whose tooling stack has a template that is too large for a call,
// although there are few accounts.
func newLarge(t *testing.T, config string) *world {
	t.Helper()
	w := newWorld(t, config)
	w.enlarge(0)
	return w
}

// enlarge lengthens templates by comments.
func (w *world) enlarge(bases ...int) {
	large := *w.result
	large.Bases = slices.Clone(large.Bases)
	for _, i := range bases {
		large.Bases[i].Template = slices.Concat(large.Bases[i].Template, []byte(strings.Repeat("# more\n", stacks.MaxTemplate/7)))
	}
	w.result = &large
}

func TestNinetyAccountsAreBootstrappedFromNothing(t *testing.T) {
	w := newWorld(t, with("environments", many(90)))
	tools := w.result.Bases[0]
	require.Greater(t, len(tools.Template), stacks.MaxTemplate)
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, bootstrap.SeedFirst, plan.Steps[0].Seeding)
	assert.Empty(t, w.there(), "looking changes nothing")
	require.NoError(t, plan.Run(t.Context(), &w.story))
	assert.Len(t, w.there(), 93)
	assert.Equal(t, []string{"begun " + everything[0], "created " + everything[0]}, w.steps[:2])
	assert.Equal(t, string(tools.Template), w.stack(tooling, first, "shop-tooling").Template)
	assert.Len(t, w.Objects(artifacts), 2, "its template and that of the pipeline")

	w.Forget()
	plan, err = w.look(t.Context())
	require.NoError(t, err)
	assert.Empty(t, plan.Pending())
	assert.Equal(t, bootstrap.Unseeded, plan.Steps[0].Seeding)
}

func TestATemplateThatFitsIntoACallNeedsNoSeed(t *testing.T) {
	w := newWorld(t, usual)
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, bootstrap.Unseeded, plan.Steps[0].Seeding)
	require.NoError(t, plan.Run(t.Context(), &w.story))
	assert.Equal(t, "CREATE_COMPLETE", w.stack(tooling, first, "shop-tooling").Status)
	assert.Empty(t, w.Objects(artifacts))
}

// The bucket stays what it is: what lies in it is the template that is read.
func TestTheSeedsBucketIsTheStacksBucket(t *testing.T) {
	w := newLarge(t, usual)
	var ends []string
	w.onEvent = func(_ *bootstrap.Step, e stacks.Event) {
		if e.LogicalID == "ArtifactBucket" && strings.HasSuffix(e.Status, "_COMPLETE") {
			ends = append(ends, e.Status+" "+e.PhysicalID)
		}
	}
	require.NoError(t, w.run(t.Context()))
	require.Greater(t, len(ends), 2, "the stack of the further region has such a bucket, too")
	assert.Equal(t, []string{"CREATE_COMPLETE " + artifacts, "UPDATE_COMPLETE " + artifacts}, ends[:2])
}

// Calls are counted, because each may be the last: the same call is made again and again
// until the bucket is there, and again until the rest is.
func TestBootstrapResumesHoweverFarTheToolingStackHasCome(t *testing.T) {
	for kind, met := range map[string][]bootstrap.Seeding{
		"accounts":  {bootstrap.Unseeded},
		"two steps": {bootstrap.SeedFirst, bootstrap.SeedThere, bootstrap.Unseeded},
	} {
		w := planned(t, worlds[kind])
		calls := 0
		w.onEnd = func(*bootstrap.Step) {
			if calls == 0 {
				calls = len(w.Calls())
			}
		}
		require.NoError(t, w.plan.Run(t.Context(), &w.story))
		after := w.there()
		var seen []bootstrap.Seeding
		for last := range calls {
			for _, fault := range []cloudtest.Fault{cloudtest.Unheard, cloudtest.Unsaid} {
				w := planned(t, worlds[kind])
				ctx, interrupt := context.WithCancel(t.Context())
				w.stopAfter(last, fault, interrupt)
				require.ErrorIs(t, w.plan.Run(ctx, &w.story), context.Canceled, "%s, call %d, %s", kind, last, fault)
				w.Break(nil)
				plan, err := w.look(t.Context())
				require.NoError(t, err, "%s, call %d, %s", kind, last, fault)
				seen = append(seen, plan.Steps[0].Seeding)
				require.NoError(t, plan.Run(t.Context(), &w.story), "%s, call %d, %s", kind, last, fault)
				assert.Equal(t, after, w.there(), "%s, call %d, %s", kind, last, fault)
			}
		}
		slices.Sort(seen)
		assert.ElementsMatch(t, met, slices.Compact(seen), kind)
	}
}

// plannedWorld is one with a plan that nobody has begun to carry out. Its operations take
// several looks.
type plannedWorld struct {
	*world
	plan *bootstrap.Plan
}

func planned(t *testing.T, newWorld func(*testing.T) *world) plannedWorld {
	t.Helper()
	w := newWorld(t)
	w.Looks = 3
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	w.Forget()
	return plannedWorld{w, plan}
}

// stopAfter stops whoever has made some calls, at the next, which goes wrong as the last.
func (w plannedWorld) stopAfter(calls int, last cloudtest.Fault, stop func()) {
	var made atomic.Int32
	w.Break(func(cloudtest.Call) cloudtest.Fault {
		switch n := int(made.Add(1)) - 1; {
		case n < calls:
			return cloudtest.None
		case n == calls:
			stop()
			return last
		}
		return cloudtest.Unheard
	})
}

// seeded is a world in which a run has ended when the seed was there.
func seeded(t *testing.T) *world {
	t.Helper()
	w := newLarge(t, usual)
	w.Refuse("PutObject")
	require.ErrorContains(t, w.run(t.Context()), "s3:PutObject")
	w.Break(nil)
	require.Equal(t, "CREATE_COMPLETE", w.stack(tooling, first, "shop-tooling").Status)
	require.Empty(t, w.stack(tooling, first, "shop-tooling").Outputs)
	return w
}

func TestASeedIsUpdatedToTheWholeStack(t *testing.T) {
	w := seeded(t)
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, append([]string{"update " + everything[0]}, each("create", everything[1:])...), actions(plan))
	assert.Equal(t, bootstrap.SeedThere, plan.Steps[0].Seeding)
	w.Forget()
	require.NoError(t, plan.Run(t.Context(), &w.story))
	assert.Equal(t, []string{"UpdateStack shop-tooling@111111111111/eu-central-1"}, w.operations("UpdateStack"))
	assert.Contains(t, w.steps, "updated "+everything[0])
}

// So is that of a project which has shrunk in the meantime, without the bucket.
func TestASeedIsUpdatedFromTheCallWhereThatTakesTheTemplate(t *testing.T) {
	w := seeded(t)
	w.result = generated(t, usual)
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, bootstrap.SeedThere, plan.Steps[0].Seeding)
	require.NoError(t, plan.Run(t.Context(), &w.story))
	assert.Empty(t, w.Objects(artifacts))
}

func TestASeedHasNoKeyForTargets(t *testing.T) {
	w := seeded(t)
	w.options.Targets = true
	_, err := w.look(t.Context())
	require.ErrorContains(t, err, "the stack shop-tooling in account 111111111111, eu-central-1, is not complete, and has the key of all others")
	assert.Contains(t, cloud.HintOf(err), "without --targets")
}

func TestAnUpdateThatFailsLeavesTheSeed(t *testing.T) {
	w := newLarge(t, usual)
	w.FailResource("shop-tooling", "PipelineRole", "somebody forbids it")
	require.ErrorContains(t, w.run(t.Context()), "ended as UPDATE_ROLLBACK_COMPLETE: PipelineRole (AWS::IAM::Role): somebody forbids it")
	assert.Equal(t, string(w.result.Bases[0].Seed), w.stack(tooling, first, "shop-tooling").Template)
	w.FailResource("shop-tooling", "PipelineRole", "")
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, bootstrap.SeedThere, plan.Steps[0].Seeding)
	require.NoError(t, plan.Run(t.Context(), &w.story), "what the update had made went when it was rolled back")
	assert.Equal(t, "UPDATE_COMPLETE", w.stack(tooling, first, "shop-tooling").Status)
}

func TestASeedWhoseCreationFailedIsMadeAgain(t *testing.T) {
	w := newLarge(t, usual)
	w.FailResource("shop-tooling", "ArtifactBucket", "somebody forbids it")
	require.ErrorContains(t, w.run(t.Context()), "ended as ROLLBACK_COMPLETE: ArtifactBucket (AWS::S3::Bucket): somebody forbids it")
	assert.Empty(t, w.operations("PutObject"))

	w.FailResource("shop-tooling", "ArtifactBucket", "")
	plan, err := w.look(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "replace "+everything[0], actions(plan)[0])
	assert.Equal(t, bootstrap.SeedFirst, plan.Steps[0].Seeding)
	require.NoError(t, plan.Run(t.Context(), &w.story))
}

// What holds nothing gives way to the seed. All else stays as it is, also where it has come
// into its state since the plan was made.
func TestASeedReplacesWhatHoldsNothingAndNothingElse(t *testing.T) {
	for _, status := range []string{"REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"} {
		w := newLarge(t, usual)
		w.SetStatus(tooling, first, "shop-tooling", status, "")
		plan, err := w.look(t.Context())
		require.NoError(t, err, status)
		assert.Equal(t, bootstrap.SeedFirst, plan.Steps[0].Seeding, status)
		require.NoError(t, plan.Run(t.Context(), &w.story), status)
		assert.Equal(t, string(w.result.Bases[0].Template), w.stack(tooling, first, "shop-tooling").Template, status)
	}
	for _, status := range []string{"CREATE_FAILED", "DELETE_FAILED", "ROLLBACK_FAILED"} {
		w := newLarge(t, usual)
		plan, err := w.look(t.Context())
		require.NoError(t, err)
		w.SetStatus(tooling, first, "shop-tooling", status, "")
		stuck := "the stack shop-tooling in account 111111111111, eu-central-1, is in the state " + status + ", which takes no update"
		_, err = w.look(t.Context())
		require.ErrorContains(t, err, stuck)
		w.Forget()
		err = plan.Run(t.Context(), &w.story)
		require.ErrorContains(t, err, stuck)
		assert.Contains(t, cloud.HintOf(err), "aws cloudformation delete-stack --stack-name shop-tooling --region eu-central-1")
		assert.False(t, slices.ContainsFunc(w.Calls(), cloudtest.Call.Writes), status)
	}
}

func TestABucketThatAnEarlierStackKeptIsInTheWayOfASeed(t *testing.T) {
	w := newLarge(t, usual)
	w.AddBucket(first, artifacts)
	err := w.run(t.Context())
	require.ErrorContains(t, err, artifacts+" already exists")
	assert.Contains(t, cloud.HintOf(err), "import it, as docs/bootstrap.md says")
}

// The seed is nothing but a bucket. Whoever deployed it over a stack that somebody else
// has made in the meantime would take away its key and its roles.
func TestAStackThatSomebodyElseHasMadeNeverBecomesItsSeed(t *testing.T) {
	for name, when := range map[string]string{"before the run": "", "while it begins": "CreateStack"} {
		t.Run(name, func(t *testing.T) {
			w := newLarge(t, usual)
			plan, err := w.look(t.Context())
			require.NoError(t, err)
			other := func() {
				w.Break(nil)
				theirs := *w
				theirs.story = story{}
				require.NoError(t, theirs.run(t.Context()))
			}
			if when == "" {
				other()
			}
			w.Break(func(c cloudtest.Call) cloudtest.Fault {
				if c.Operation == when {
					other()
				}
				return cloudtest.None
			})
			require.NoError(t, plan.Run(t.Context(), &w.story))
			assert.Empty(t, w.events, "nothing happens to what they have made")
			for _, s := range plan.Steps {
				assert.NotEqual(t, stacks.Created, s.Outcome, s.Name)
			}
		})
	}
}
