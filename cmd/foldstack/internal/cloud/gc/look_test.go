package gc_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/gc"
	"github.com/foldstack/foldstack/generator/model"
)

var strict = gc.Rules{Newest: 0, Age: day}

func ago(days int) time.Time { return today.Add(-time.Duration(days) * day) }

func TestWhatNothingNeedsIsRemovedFromEveryRegion(t *testing.T) {
	w := newWorld(t)
	old := w.publish("orders", "old code", "", ago(200))
	picture := w.publish("picture", "image of old", "", ago(200))
	current := w.publish("orders", "code", "", ago(100))
	require.NoError(t, w.deploy(w.project.Targets()[0], current))
	plan, err := w.look(t.Context(), strict)
	require.NoError(t, err)
	var lines []string
	for _, a := range plan.Unused {
		lines = append(lines, fmt.Sprintf("%s %s %v %d", a.Kind, a.Name, a.Regions, int(today.Sub(a.Newest)/day)))
	}
	assert.Equal(t, []string{
		"archive orders [eu-central-1 us-east-1] 200",
		"image picture [eu-central-1 us-east-1] 200",
		"template orders [eu-central-1 us-east-1] 200",
		"template picture [eu-central-1 us-east-1] 200",
	}, lines)
	assert.Equal(t, gc.Kept{Used: 2}, plan.Kept)
	w.holds(t, slices.Concat(old.assets(), picture.assets(), current.assets())...)

	require.NoError(t, plan.Remove(t.Context()))
	w.holds(t, current.assets()...)
	assert.Equal(t, int64(8), plan.Gone())
	assert.Equal(t, 2, w.server.Versions(bucket(first)), "no versions are left behind")
	plan, err = w.look(t.Context(), strict)
	require.NoError(t, err)
	assert.Empty(t, plan.Unused)
}

func TestTheTreeTheYoungAndTheNewestOfEachFunctionAreKeptWithTheCodeThatTheyName(t *testing.T) {
	w := newWorld(t)
	shared := w.publish("orders", "shared code", "a", ago(300)) // old code in younger templates
	var orders []*version
	for i := range 5 {
		orders = append(orders, w.publish("orders", fmt.Sprint("code ", i), "", ago(200-i)))
	}
	refunds := w.publish("refunds", "refunds", "", ago(250))
	young := w.publish("orders", "shared code", "b", ago(5))
	tree := w.publish("api", "api", "", ago(400))
	w.work(tree)
	require.NoError(t, w.collect(t.Context(), gc.Rules{Newest: 2, Age: 60 * day}))
	w.holds(t, slices.Concat(tree.assets(), young.assets(), orders[4].assets(), orders[3].assets(), refunds.assets())...)
	assert.NotContains(t, w.there(first), shared.template)
	assert.Contains(t, w.there(first), shared.code)
}

func TestWhatHasReachedTheAgeIsRemovedAndWhatIsASecondYoungerIsKept(t *testing.T) {
	w := newWorld(t)
	of := func(age time.Duration, code string) *version { return w.publish("orders", code, "", today.Add(-age)) }
	const age = 60 * day
	young := of(age-time.Second, "young code")
	of(age, "old code")
	youngPicture := of(age-time.Second, "image of young")
	of(age, "image of old")
	plan, err := w.look(t.Context(), gc.Rules{Newest: 0, Age: age})
	require.NoError(t, err)
	assert.Equal(t, gc.Kept{Young: 4}, plan.Kept)
	require.NoError(t, plan.Remove(t.Context()))
	w.holds(t, slices.Concat(young.assets(), youngPicture.assets())...)
}

func TestEachTemplateIsReadOnceAndNoneThatTheWorkingTreeHolds(t *testing.T) {
	w := newWorld(t)
	current := w.publish("orders", "current", "", ago(100))
	w.publish("orders", "old", "", ago(200))
	for _, target := range w.project.Targets() {
		require.NoError(t, w.deploy(target, current))
	}
	w.work(current)
	_, err := w.look(t.Context(), strict)
	require.NoError(t, err)
	reads := 0
	for _, c := range w.server.Calls() {
		if c.Operation == "GetObject" {
			reads++
		}
	}
	assert.Equal(t, 1, reads)
}

func TestAStackThatWasRolledBackKeepsWhatItWentBackTo(t *testing.T) {
	w := newWorld(t)
	before := w.publish("orders", "before", "", ago(200))
	after := w.publish("orders", "after", "", ago(100))
	target := w.project.Targets()[2]
	require.NoError(t, w.deploy(target, before))
	w.server.FailResource("shop-prod", "Orders/Function", "no")
	require.Error(t, w.deploy(target, after))
	require.Equal(t, "UPDATE_ROLLBACK_COMPLETE", w.server.Stacks(target.Account, target.Region)[0].Status)
	require.NoError(t, w.collect(t.Context(), strict))
	w.holds(t, before.assets()...)
}

func TestWhatWaitsForAnApprovalIsKept(t *testing.T) {
	w := newWorld(t)
	current := w.publish("orders", "current", "", ago(200))
	waiting := w.publish("orders", "waiting", "", ago(100))
	refused := w.publish("orders", "refused", "", ago(100))
	unmade := w.publish("orders", "unmade", "", ago(100))
	require.NoError(t, w.deploy(w.project.Targets()[1], current))
	w.server.Propose(prod, first, "shop-prod", "CREATE_COMPLETE", orchestration(waiting))
	w.server.Propose(prod, first, "shop-prod", "FAILED", orchestration(refused))
	w.server.Propose(prod, second, "shop-prod", "CREATE_COMPLETE", orchestration(unmade))
	require.NoError(t, w.collect(t.Context(), strict))
	w.holds(t, slices.Concat(current.assets(), waiting.assets(), unmade.assets())...)
}

func TestNothingIsRemovedWhereWhatIsNeededIsNotKnown(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(w *world, current *version)
		says  string
	}{
		"an account that cannot be entered": {func(w *world, _ *version) {
			w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
				if c.Operation == "AssumeRole" && c.Key == "arn:aws:iam::"+prod+":role/reader" {
					return cloudtest.Refuse
				}
				return cloudtest.None
			})
		}, "sts:AssumeRole on arn:aws:iam::333333333333:role/reader"},
		"a region in which calls are throttled to the end": {func(w *world, _ *version) {
			w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
				if c.Operation == "DescribeStacks" && c.Account == prod && c.Region == second {
					return cloudtest.Throttle
				}
				return cloudtest.None
			})
		}, "cloudformation:DescribeStacks on the stack * in us-east-1"},
		"a deployment at work": {func(w *world, _ *version) {
			w.server.SetStatus(prod, first, "shop-prod", "UPDATE_IN_PROGRESS", "")
		}, "the stack shop-prod in account 333333333333, eu-central-1, is in the state UPDATE_IN_PROGRESS"},
		"a rollback that is stuck": {func(w *world, _ *version) {
			w.server.SetStatus(prod, first, "shop-prod", "UPDATE_ROLLBACK_FAILED", "")
		}, "is in the state UPDATE_ROLLBACK_FAILED"},
		"a template in use that is gone": {func(w *world, current *version) {
			for _, region := range w.project.Regions() {
				w.server.Hide(bucket(region), current.template)
			}
		}, "a stack uses templates/"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.publish("orders", "old", "", ago(200))
			current := w.publish("orders", "current", "", ago(100))
			require.NoError(t, w.deploy(w.project.Targets()[1], current))
			c.spoil(w, current)
			before := w.there(first)
			require.ErrorContains(t, w.collect(t.Context(), strict), c.says)
			assert.Equal(t, before, w.there(first))
		})
	}
}

// left is an account that the configuration does not have, and that a deployed stack of
// the tooling account still names.
const left = "444444444444"

const serving = `# shop: generated by foldstack from foldstack.yaml. Do not edit: change that and generate again.
Resources:
  PipelineRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: pipeline
          PolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Resource: !Sub 'arn:${AWS::Partition}:iam::444444444444:role/foldstack-base/shop/shop-dev-deploy'}]}
`

func TestWhatAnAccountUsesThatLeftAndIsStillServedIsKept(t *testing.T) {
	w := newWorld(t)
	old := w.publish("orders", "old", "", ago(200))
	require.NoError(t, w.server.Release(tooling, first, "shop-tooling", serving, "", nil))
	require.NoError(t, w.deploy(model.Target{Environment: "dev", Account: left, Region: first}, old))
	require.NoError(t, w.collect(t.Context(), strict))
	w.holds(t, old.assets()...)
}

func TestTheStacksOfAnotherProjectStopNobody(t *testing.T) {
	w := newWorld(t)
	old := w.publish("orders", "old", "", ago(200))
	foreign := "# shop-eu: generated by foldstack from foldstack.yaml. Do not edit: change that and generate again.\n" +
		"Description: " + old.template + "\nResources: {A: {Type: 'AWS::CloudFormation::WaitConditionHandle'}}\n"
	require.NoError(t, w.server.Release(prod, first, "shop-eu-tooling", foreign, "", nil))
	w.server.SetStatus(prod, first, "shop-eu-tooling", "UPDATE_FAILED", "")
	require.NoError(t, w.collect(t.Context(), strict))
	w.holds(t)
}

func TestWhatSomebodyRemovedByHandOrPutBesideTheAssetsIsNoTrouble(t *testing.T) {
	w := newWorld(t)
	hidden := w.publish("orders", "hidden", "", ago(200))
	w.server.Hide(bucket(first), hidden.template)
	w.server.Put(bucket(first), "functions/README", []byte("ours"))
	w.server.Put(bucket(first), "notes.txt", []byte("ours"))
	require.NoError(t, w.collect(t.Context(), gc.Rules{Newest: 0, Age: 0}))
	assert.Equal(t, []string{"functions/README", "notes.txt"}, w.there(first))
	assert.Equal(t, 2, w.server.Versions(bucket(first)))
	assert.Empty(t, w.there(second))
}

// Whatever was published, deployed, rolled back and proposed in whichever order, what is
// needed stays and all else goes.
func TestNoHistoryLosesWhatItNeeds(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			w := newWorld(t)
			w.server.PageSize = 1 + random.IntN(5)
			needed := w.live(t, random)
			rules := gc.Rules{Newest: random.IntN(4), Age: time.Duration(1+random.IntN(90)) * day}
			require.NoError(t, w.collect(t.Context(), rules))
			w.holds(t, w.expected(needed, rules)...)
		})
	}
}

// live lives through a random history and returns the versions that are in use at its
// end, by their templates.
func (w *world) live(t *testing.T, random *rand.Rand) map[string]bool {
	deployed, proposed := map[model.Target][]*version{}, map[string]bool{}
	for step := range 12 + random.IntN(12) {
		code := fmt.Sprintf("code %d", random.IntN(6))
		if random.IntN(4) == 0 {
			code = "image " + code
		}
		w.publish([]string{"orders", "refunds", "api"}[random.IntN(3)], code, fmt.Sprint("setting ", random.IntN(3)), ago(300-10*step).Add(time.Duration(step)))
		target := w.project.Targets()[random.IntN(3)]
		chosen := w.someOf(random)
		switch random.IntN(4) {
		case 0, 1:
			if random.IntN(2) == 0 {
				w.server.FailResource("shop-"+target.Environment, model.LogicalID(chosen[0].function)+"/Function", "no")
			}
			// A stack whose creation failed is there, names what it was to have, and takes no update.
			if w.deploy(target, chosen...) == nil || deployed[target] == nil {
				deployed[target] = chosen
			}
			w.server.FailResource("shop-"+target.Environment, model.LogicalID(chosen[0].function)+"/Function", "")
		case 2:
			if deployed[target] == nil {
				continue
			}
			w.server.Propose(target.Account, target.Region, "shop-"+target.Environment, "CREATE_COMPLETE", orchestration(chosen...))
			for _, v := range chosen {
				proposed[v.template] = true
			}
		}
	}
	tree := w.someOf(random)
	w.work(tree...)
	for _, list := range deployed {
		tree = append(tree, list...)
	}
	for _, v := range tree {
		proposed[v.template] = true
	}
	return proposed
}

// someOf is a random version of some functions.
func (w *world) someOf(random *rand.Rand) []*version {
	chosen := []*version{w.versions[random.IntN(len(w.versions))]}
	for _, v := range w.versions {
		if random.IntN(3) == 0 && !slices.ContainsFunc(chosen, func(c *version) bool { return c.function == v.function }) {
			chosen = append(chosen, v)
		}
	}
	return chosen
}

// expected are the keys that have to be there, and no others: worked out version by
// version, without reading any template.
func (w *world) expected(needed map[string]bool, rules gc.Rules) []string {
	isYoung := func(when time.Time) bool { return today.Sub(when) < rules.Age }
	newestFirst := slices.Clone(w.versions)
	slices.SortStableFunc(newestFirst, func(a, b *version) int { return b.written.Compare(a.written) })
	var keys []string
	unused := map[string]int{}
	for _, v := range newestFirst {
		if isYoung(v.codeWritten) {
			keys = append(keys, v.code)
		}
		if needed[v.template] || isYoung(v.written) {
			keys = append(keys, v.assets()...)
		} else if unused[v.function]++; unused[v.function] <= rules.Newest {
			keys = append(keys, v.assets()...)
		}
	}
	return keys
}
